"""Masks: what is left of a value when its reader may know only that it is there, or recognise it.

Every mask fails closed: a value that does not look as it should is covered altogether. Except for identifiers of a
fixed length, where the length says nothing, the number of stars does not tell how long the value is.
"""

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType

STAR = "*"
_COVERED = STAR * 3

_PROVINCE = re.compile(
    "(?:北京市|上海市|天津市|重庆市|内蒙古自治区|广西壮族自治区|西藏自治区|宁夏回族自治区|新疆维吾尔自治区"
    "|香港特别行政区|澳门特别行政区"
    "|(?:河北|山西|辽宁|吉林|黑龙江|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|广东|海南|四川|贵州|云南|陕西|甘肃|青海|台湾)省)"
)
# After a province only; the first such ending, so that a street that is named after a city is never included.
_CITY = re.compile("[\u4e00-\u9fff]{2,7}?(?:市|自治州|盟|地区)")

# A domain of one's own names its owner; these name nobody.
_PUBLIC_MAIL = frozenset(
    {"163.com", "126.com", "qq.com", "sina.com", "sohu.com", "139.com", "189.cn", "foxmail.com", "aliyun.com",
     "gmail.com", "outlook.com", "hotmail.com", "yahoo.com", "icloud.com", "example.com", "example.org", "example.net"}
)  # fmt: skip


def name(value: str) -> str:
    """Keep the first character of the family name, or the first letter: 张*, J*."""
    first = value.strip()[:1]
    return first + STAR if first.isalpha() else _COVERED


def phone(value: str) -> str:
    """Keep three and four digits of a mainland mobile (138****5678), the last four of other numbers."""
    digits = re.sub(r"[\s().-]", "", value)
    mobile = re.fullmatch(r"(?:\+?86)?(1[3-9]\d)\d{4}(\d{4})", digits, re.ASCII)
    if mobile:
        return f"{mobile[1]}****{mobile[2]}"
    if re.fullmatch(r"\+?\d{8,15}", digits, re.ASCII):
        return f"****{digits[-4:]}"
    return _COVERED


def id_card(value: str) -> str:
    """Keep the first and the last character of a resident identity card's number (GB 11643)."""
    if not re.fullmatch(r"\d{17}[\dXx]", value.strip(), re.ASCII):
        return _COVERED
    number = value.strip()
    return number[0] + STAR * 16 + number[-1]


def card_number(value: str) -> str:
    """Keep the first six and the last four digits, the most that PCI DSS 4.0.1 (3.4.1) lets be shown."""
    digits = re.sub(r"[\s-]", "", value)
    if not re.fullmatch(r"\d{13,19}", digits, re.ASCII):
        return _COVERED
    return digits[:6] + STAR * (len(digits) - 10) + digits[-4:]


def address(value: str) -> str:
    """Keep province and city of a Chinese address; cover any other."""
    province = _PROVINCE.match(value.strip())
    if province is None:
        return _COVERED
    kept = province[0]
    # 北京市 and its like are province and city in one.
    if not kept.endswith("市") and (city := _CITY.match(value.strip(), province.end())) is not None:
        kept += city[0]
    return kept + _COVERED


def email(value: str) -> str:
    """Keep the first character, and the domain if it is a public one: z***@163.com."""
    local, at, domain = value.strip().rpartition("@")
    if not at or not local or not (local[0].isascii() and local[0].isalnum()):
        return _COVERED
    return f"{local[0]}***@{domain.lower() if domain.lower() in _PUBLIC_MAIL else _COVERED}"


def amount(_value: str) -> str:
    """Keep the currency; even the number of digits says how rich somebody is."""
    return "￥ **,***"


def covered(_value: str) -> str:
    """Keep nothing."""
    return _COVERED


MASKS: Mapping[str, Callable[[str], str]] = MappingProxyType(
    {
        "name": name,
        "phone": phone,
        "id-card": id_card,
        "card-number": card_number,
        "address": address,
        "email": email,
        "amount": amount,
        "covered": covered,
    }
)
"""The masks by the names that the policy uses."""
