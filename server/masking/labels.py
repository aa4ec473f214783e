"""Words before a value that say what it is: 电话, card number, 验证码. They decide where the digits alone do not."""

import re
from enum import StrEnum


class Label(StrEnum):
    """What the words before a value call it."""

    PHONE = "phone"
    ID_CARD = "id"
    PASSPORT = "passport"
    CARD = "card"
    ACCOUNT = "account"
    PLATE = "plate"
    BIRTH = "birth"
    SECRET = "secret"  # noqa: S105
    REFERENCE = "reference"
    """A number of ours and not of the customer's: an order, a ticket, a version."""


_WORDS = {
    Label.SECRET: (
        r"验证码|校验码|动态码|短信码|动态口令|密码|口令|安全码|后三码|\bcvv2?\b|\bcvc2?\b|\bpin\b|\botp\b|passwords?|passcode"
        r"|(?:verification|security|one[- ]time|access|sms) code"
    ),
    Label.REFERENCE: (
        r"订单|工单|流水|单号|编号|批次|合同|快递|运单|票号|参考号|案件|型号|序列号|版本|热线|邮编|邮政编码"
        r"|\b(?:order|ticket|case|ref|reference|tracking|invoice|batch|version|build|sku|model|serial|hotline|zip|cve)\b"
    ),
    Label.PHONE: (
        r"电话|手机|座机|固话|联系方式|致电|拨打|回拨|来电|传真|打给|打到|whats ?app"
        r"|\b(?:phone|tel|telephone|mobile|cell|call(?:ed|ing)?(?: back)?|dial|ring|reach|fax|landline)\b"
    ),
    Label.ID_CARD: r"身份证|证件号|证件|居民证|\b(?:id|identity|ssn|social security|national insurance)\b",
    Label.PASSPORT: r"护照|通行证|回乡证|台胞证|\b(?:passport|travel document|permit)\b",
    Label.CARD: r"卡号|银行卡|信用卡|借记卡|储蓄卡|贷记卡|尾号|\b(?:(?:credit|debit|bank) card|card)\b",
    Label.ACCOUNT: (
        r"账号|帐号|账户|帐户|户号|客户号|存折"
        r"|\b(?:account|acct|a/c|iban|customer (?:no|number|id)|sort code)\b"
    ),
    Label.PLATE: r"车牌|牌照|\b(?:licen[cs]e plate|number plate|plate|registration|reg)\b",
    Label.BIRTH: r"出生|生日|生于|\b(?:born|birth ?day|birth|dob|d\.o\.b)\b",
}
_ANY = re.compile("|".join(f"(?P<{label.value}>{words})" for label, words in _WORDS.items()), re.IGNORECASE)
# Said of all kinds of number, so it counts only where nothing else is said.
_SOME_NUMBER = re.compile(r"号码是|\bnumber is\b", re.IGNORECASE)
_REACH = 26
# These are near what they name; words and numbers after the next comma are not called so.
_NEAR = frozenset({Label.PLATE, Label.SECRET, Label.BIRTH})
_CLAUSE_END = re.compile(r"[,、;]")
# The next sentence speaks of something else.
_SENTENCE_END = re.compile(r"[。!?;]|(?<![Nn]o)(?<![Nn]r)(?<![Nn]um)\.\s")


def label_before(text: str, start: int) -> Label | None:
    """Return what the words shortly before `start` of a folded text call the value there; the nearest one decides."""
    before = text[max(0, start - _REACH) : start]
    found = None
    for match in _ANY.finditer(before):
        found = match
    if found is None:
        return Label.PHONE if _SOME_NUMBER.search(before) else None
    if found.lastgroup is None or _SENTENCE_END.search(before, found.end()):
        return None
    label = Label(found.lastgroup)
    return None if label in _NEAR and _CLAUSE_END.search(before, found.end()) else label
