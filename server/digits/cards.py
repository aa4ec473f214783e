"""Which lengths a card's number may have, and whether expiry and security code can be right.

Lengths by the number's first digits (ISO/IEC 7812 issuer ranges as the schemes publish them). What the table does not
know is held to the standard's own limits: 12 to 19 digits.
"""

from dataclasses import dataclass
from datetime import date

from stdnum import luhn

LONGEST_NUMBER = 19
LONGEST_CODE = 4
EXPIRY_LENGTH = 4
_YEARS_AHEAD = 20
"""No card is issued for longer; a year beyond that was keyed wrongly."""


@dataclass(frozen=True)
class Scheme:
    """What a scheme's cards look like."""

    name: str
    prefixes: tuple[tuple[int, int], ...]
    """Ranges of first digits; both ends of a range have the same number of digits."""
    lengths: tuple[int, ...]
    code: int = 3


_OTHER = Scheme("other", (), tuple(range(12, LONGEST_NUMBER + 1)))
_SCHEMES = (
    Scheme("amex", ((34, 34), (37, 37)), (15,), code=4),
    Scheme("diners", ((300, 305), (309, 309), (36, 36), (38, 39)), (14, 15, 16, 17, 18, 19)),
    Scheme("jcb", ((3528, 3589),), (16, 17, 18, 19)),
    Scheme("visa", ((4, 4),), (13, 16, 19)),
    Scheme("mastercard", ((51, 55), (2221, 2720)), (16,)),
    Scheme("unionpay", ((62, 62), (81, 81)), (16, 17, 18, 19)),
)


def scheme_of(number: str) -> Scheme:
    """Return the scheme that a number, or the beginning of one, belongs to."""
    for scheme in _SCHEMES:
        for low, high in scheme.prefixes:
            width = len(str(low))
            if len(number) >= width and low <= int(number[:width]) <= high:
                return scheme
    return _OTHER


def expected_length(number: str) -> int:
    """Return how many digits are to come in all, as far as the first ones tell; 0 while they tell nothing.

    Of the lengths that a scheme has, it is the usual one until more digits come: 16 for Visa, which also has 13 and 19.
    """
    scheme = scheme_of(number)
    if scheme is _OTHER:
        return 0
    usual = 16 if 16 in scheme.lengths else scheme.lengths[0]
    if len(number) <= usual:
        return usual
    return next((length for length in scheme.lengths if length >= len(number)), scheme.lengths[-1])


def number_is_valid(number: str) -> bool:
    """Whether the length is one of the scheme's, and the check digit is right (Luhn)."""
    return len(number) in scheme_of(number).lengths and luhn.is_valid(number)


def expiry_is_valid(expiry: str, today: date) -> bool:
    """Whether MMYY is a month that is not over on `today`, and not absurdly far ahead."""
    if len(expiry) != EXPIRY_LENGTH:
        return False
    month, year = int(expiry[:2]), 2000 + int(expiry[2:])
    return 1 <= month <= 12 and (today.year, today.month) <= (year, month) and year <= today.year + _YEARS_AHEAD
