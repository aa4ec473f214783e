"""Which digits make a mobile, an identity card, a bank card or another telephone number, by their own checks."""

import re

import phonenumbers
from stdnum import luhn
from stdnum.cn import ric

_MOBILE = re.compile(r"(?:(?:00)?86|0)?1[3-9][0-9]{9}")
_FIXED = re.compile(r"(?:(?:00)?86)?0?(?:10|2[0-9]|[3-9][0-9]{2})[2-8][0-9]{6,7}")
_ID_SHAPE = re.compile(
    r"[1-9][0-9]{5}(?:18|19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])[0-9]{3}[0-9X]"
    r"|[1-8][0-9]{5}[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])[0-9]{3}"
)
_REGIONS = ("CN", "HK", "TW", "MO", "SG", "US", "GB")

LONGEST_CARD = 19


def is_mobile(digits: str) -> bool:
    """Whether this is a mainland mobile, with or without the country's code."""
    return _MOBILE.fullmatch(digits) is not None


def is_fixed(digits: str) -> bool:
    """Whether this is a mainland fixed number with its area's code, and with 0 or the country's code before that."""
    return digits.startswith(("0", "86")) and _FIXED.fullmatch(digits) is not None


def is_id_card(number: str) -> bool:
    """Whether this is a resident identity card's number (GB 11643-1999) with a right check character."""
    return len(number) == 18 and _ID_SHAPE.fullmatch(number) is not None and ric.calc_check_digit(number) == number[-1]


def is_like_id_card(number: str) -> bool:
    """Whether this looks like an identity card's number with a slip in it, or like one of 15 digits."""
    return _ID_SHAPE.fullmatch(number) is not None


def is_card(digits: str) -> bool:
    """Whether this can be a payment card's number (ISO/IEC 7812-1)."""
    return 13 <= len(digits) <= LONGEST_CARD and digits[0] not in "01" and luhn.is_valid(digits)


def is_telephone(digits: str, *, international: bool) -> bool:
    """Whether some country that we know callers from has such a number; any country if it is an international one."""
    if not 7 <= len(digits) <= 15:
        return False
    for region in (None,) if international else _REGIONS:
        try:
            number = phonenumbers.parse(f"+{digits}" if international else digits, region)
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_valid_number(number):
            return True
    return False
