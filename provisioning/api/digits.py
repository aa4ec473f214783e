"""Sealed digits."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from provisioning.api.common import Body, CallRef

DIGITS_ID = r"^d_[A-Za-z0-9_-]{16,40}$"
DigitsId = Annotated[str, Field(pattern=DIGITS_ID)]


class DigitsKind(StrEnum):
    """What the customer keys in."""

    CARD = "card"
    """A card number, then its expiry (MMYY), then its security code."""


class DigitsStage(StrEnum):
    """What the customer is keying now, or how it ended."""

    NUMBER = "number"
    EXPIRY = "expiry"
    CODE = "code"
    CHECKING = "checking"
    """The payment service has them."""
    ACCEPTED = "accepted"
    DECLINED = "declined"
    CANCELLED = "cancelled"
    FAILED = "failed"


class DigitsRequest(Body):
    """POST /calls/{ref}/digits: let the customer key something that nobody here may hear or see."""

    kind: DigitsKind = DigitsKind.CARD
    amount: str = Field(default="", pattern=r"^([0-9]{1,9}(\.[0-9]{2})?)?$")
    currency: str = Field(default="CNY", pattern=r"^[A-Z]{3}$")


class DigitsView(Body):
    """How far it is; all that a desk ever learns."""

    digits: DigitsId
    ref: CallRef
    stage: DigitsStage
    received: int = Field(default=0, ge=0, le=30)
    expected: int = Field(default=0, ge=0, le=30)
    """0 while the length is not known yet."""
    valid: bool | None = None
    """Whether what was keyed last passed its check: length and Luhn, a month that is not over, three or four digits."""
    outcome: str = Field(default="", pattern=r"^[a-z-]{0,40}$")
    """What the payment service or the failure was, as a slug."""
