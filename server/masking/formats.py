"""Masks: what is left of a value when its reader may know only that it is there, or recognise it.

Every mask takes any text, never raises, and fails closed: a value that does not look as it should is covered
altogether. Except for identifiers of a fixed length, where the length says nothing, the number of stars does not tell
how long a value is. Full-width forms, spaces and hyphens are read as what they stand for. A policy chooses a mask by
its name.
"""

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType

from stdnum import luhn

from server.masking.folding import fold
from server.masking.kinds import Kind
from server.masking.regions import CITY, PROVINCE

STAR = "*"
COVERED = STAR * 3

_EXTENSION = re.compile(r"(?:x|ext|extension|转|分机)(?=[0-9]{1,6}$)", re.IGNORECASE)
_BETWEEN_DIGITS = re.compile(r"[\s().\-/·]")

# A domain of one's own names its owner; these name nobody.
_PUBLIC_MAIL = frozenset(
    {"163.com", "126.com", "qq.com", "sina.com", "sohu.com", "139.com", "189.cn", "foxmail.com", "aliyun.com",
     "gmail.com", "outlook.com", "hotmail.com", "yahoo.com", "icloud.com", "example.com", "example.org", "example.net"}
)  # fmt: skip


def _compact(value: str) -> str:
    return _BETWEEN_DIGITS.sub("", fold(value).text)


def name(value: str) -> str:
    """Keep the first character of the family name, or the first letter: 张*, J*."""
    first = fold(value).text.strip()[:1]
    return first + STAR if first.isalpha() else COVERED


def phone(value: str) -> str:
    """Keep three and four digits of a mainland mobile (138****5678), the last four of other numbers."""
    digits = _EXTENSION.split(_compact(value), maxsplit=1)[0]
    mobile = re.fullmatch(r"(?:\+?86|0086)?(1[3-9]\d)\d{4}(\d{4})", digits, re.ASCII)
    if mobile:
        return f"{mobile[1]}****{mobile[2]}"
    return f"****{digits[-4:]}" if re.fullmatch(r"\+?\d{8,17}", digits, re.ASCII) else COVERED


def id_card(value: str) -> str:
    """Keep the first and the last character of a resident identity card's number (GB 11643), old ones of 15 too."""
    number = _compact(value).upper()
    if not re.fullmatch(r"\d{17}[\dX]|\d{15}", number, re.ASCII):
        return COVERED
    return number[0] + STAR * (len(number) - 2) + number[-1]


def passport(value: str) -> str:
    """Keep the first and the last character of a passport or travel permit: E*******8."""
    number = _compact(value).upper()
    return number[0] + STAR * 7 + number[-1] if re.fullmatch(r"[A-Z0-9]{6,12}", number, re.ASCII) else COVERED


def card_number(value: str) -> str:
    """Keep the first six and the last four digits, the most that PCI DSS 4.0.1 (3.4.1) lets be shown.

    Of digits that fail the check (Luhn, ISO/IEC 7812-1) only the last four: they may be no card, and some other number
    may begin with those six.
    """
    digits = _compact(value)
    if not re.fullmatch(r"\d{13,19}", digits, re.ASCII):
        return COVERED
    kept = digits[:6] if luhn.is_valid(digits) else STAR * 6
    return kept + STAR * (len(digits) - 10) + digits[-4:]


def account(value: str) -> str:
    """Keep the last four characters of an account of eight or more, and an IBAN's country: ****1234, DE****3000."""
    number = _compact(value).upper()
    if iban := re.fullmatch(r"([A-Z]{2})\d{2}[A-Z0-9]{11,30}", number, re.ASCII):
        return f"{iban[1]}****{number[-4:]}"
    return f"****{number[-4:]}" if re.fullmatch(r"[A-Z0-9]{8,64}", number, re.ASCII) else COVERED


def plate(value: str) -> str:
    """Keep the authority of a Chinese licence plate (沪A*****); cover any other."""
    found = re.match(r"([\u4e00-\u9fff][A-Z])[A-Z0-9\u4e00-\u9fff]{5,6}$", _compact(value).upper())
    return f"{found[1]}*****" if found else COVERED


def birth_date(_value: str) -> str:
    """Keep nothing of a date of birth: a year and a branch are enough to find somebody by."""
    return "****-**-**"


def address(value: str) -> str:
    """Keep province and city of a Chinese address; cover any other."""
    text = fold(value).text.strip()
    province = PROVINCE.match(text)
    if province is None:
        return COVERED
    kept = province[0]
    # 北京市 and its like are province and city in one.
    if not kept.endswith("市") and (city := CITY.match(text, province.end())) is not None:
        kept += city[0]
    return kept + COVERED


def email(value: str) -> str:
    """Keep the first character, and the domain if it is a public one: z***@163.com."""
    local, at, domain = fold(value).text.strip().rpartition("@")
    local, domain = local.strip(), domain.strip().lower()
    if not at or not local or not (local[0].isascii() and local[0].isalnum()):
        return COVERED
    return f"{local[0]}***@{domain if domain in _PUBLIC_MAIL else COVERED}"


def amount(_value: str) -> str:
    """Keep the currency; even the number of digits says how rich somebody is."""
    return "￥ **,***"


def covered(_value: str) -> str:
    """Keep nothing."""
    return COVERED


MASKS: Mapping[str, Callable[[str], str]] = MappingProxyType(
    {
        Kind.NAME.value: name,
        Kind.PHONE.value: phone,
        Kind.ID_CARD.value: id_card,
        Kind.PASSPORT.value: passport,
        Kind.BANK_CARD.value: card_number,
        Kind.ACCOUNT.value: account,
        Kind.EMAIL.value: email,
        Kind.ADDRESS.value: address,
        Kind.PLATE.value: plate,
        Kind.BIRTH_DATE.value: birth_date,
        Kind.SECRET.value: covered,
        "amount": amount,
    }
)
"""The masks by the names that the policy uses."""
