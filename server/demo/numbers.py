"""Numbers that look right and belong to nobody: identity cards, bank cards, mobiles."""

import random
from datetime import date, timedelta

# Ranges that card schemes and payment services publish for tests; no such card is ever issued.
_TEST_RANGES = ("411111", "424242", "555555", "510510", "620000", "622588")
_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ID_CHECKS = "10X98765432"
_REGIONS = ("110105", "310104", "440305", "330106", "320102", "510107", "420106", "500103")
_MOBILE_PREFIXES = ("130", "135", "138", "139", "150", "158", "177", "186", "189", "199")


def luhn_digit(body: str) -> str:
    """Return the check digit of ISO/IEC 7812-1."""
    total = 0
    for position, digit in enumerate(reversed(body)):
        value = int(digit) * (2 if position % 2 == 0 else 1)
        total += value - 9 if value > 9 else value
    return str(-total % 10)


def card_number(chance: random.Random) -> str:
    """Return a 16-digit card number with a right check digit."""
    body = chance.choice(_TEST_RANGES) + "".join(chance.choices("0123456789", k=9))
    return body + luhn_digit(body)


def id_check(body: str) -> str:
    """Return the check character of GB 11643 (ISO 7064, MOD 11-2)."""
    return _ID_CHECKS[sum(int(digit) * weight for digit, weight in zip(body, _ID_WEIGHTS, strict=True)) % 11]


def id_card(chance: random.Random) -> str:
    """Return a resident identity card's number with a right check character."""
    born = date(1950, 1, 1) + timedelta(days=chance.randrange(20_000))
    body = f"{chance.choice(_REGIONS)}{born:%Y%m%d}{chance.randrange(1000):03d}"
    return body + id_check(body)


def mobile(chance: random.Random) -> str:
    """Return a mainland mobile number in E.164."""
    return f"+86{chance.choice(_MOBILE_PREFIXES)}{chance.randrange(100_000_000):08d}"
