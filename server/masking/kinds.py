"""The kinds of value that are masked, and where one of them stands in a text."""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """A kind of value. Each has a mask of the same name in `formats.MASKS`."""

    NAME = "name"
    PHONE = "phone"
    ID_CARD = "id-card"
    PASSPORT = "passport"
    BANK_CARD = "card-number"
    ACCOUNT = "account"
    EMAIL = "email"
    ADDRESS = "address"
    PLATE = "plate"
    BIRTH_DATE = "birth-date"
    SECRET = "covered"  # noqa: S105
    """Passwords, one-time codes, card verification values: nothing of them is ever left (JR/T 0171-2020, C3)."""


@dataclass(frozen=True, slots=True)
class Span:
    """A value of one kind, from `start` to before `end`, counted in characters of the text."""

    kind: Kind
    start: int
    end: int
