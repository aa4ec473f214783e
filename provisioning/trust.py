"""Trust levels, data classes and work types, and how posture becomes trust.

The words are those of the architecture page. Both ends use them: the server decides, the desk shows what was decided.
"""

from enum import IntEnum, StrEnum
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class TrustLevel(IntEnum):
    """What a desk has proven about itself; a higher level may see more."""

    T0 = 0
    """No customer data."""
    T1 = 1
    """Masked data only."""
    T2 = 2
    """Masked data, revealable by lease."""
    T3 = 3
    """As T2, on a key that hardware holds."""


class DataClass(StrEnum):
    """Sensitivity of a field, as in JR/T 0171-2020."""

    C1 = "C1"
    """Internal, such as the opening date or the branch."""
    C2 = "C2"
    """Identifying or financial, such as a name, a phone number or a balance."""
    C3 = "C3"
    """Secrets: passwords, one-time codes, CVV, biometrics. They never leave the server."""


class WorkType(StrEnum):
    """The kind of work an agent does; each allows its own data classes."""

    CONSULTATION = "consultation"
    MARKETING = "marketing"
    SERVICE = "service"
    COLLECTIONS = "collections"
    DISPUTE = "dispute"


class Posture(BaseModel):
    """What a device reports of itself at sign-in. A report proves nothing alone: it can only lower trust."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    os: str = Field(max_length=40)
    os_version: str = Field(max_length=120)
    display: Literal["windows", "macos", "wayland", "x11", "offscreen", "unknown"]
    capture_protection: Literal["none", "requested", "verified"]
    """'verified' only when the operating system, read back, says that every window is excluded from capture."""
    key_storage: Literal["os-key-store", "hardware"]


class TrustDecision(BaseModel):
    """A level with the reasons that kept it from being higher, as slugs that the desk can put into words."""

    model_config = ConfigDict(frozen=True)

    level: TrustLevel
    reasons: tuple[str, ...] = ()


def decide_trust(posture: Posture | None) -> TrustDecision:
    """Compute the trust level from a posture report; without a report there is no trust."""
    if posture is None:
        return TrustDecision(level=TrustLevel.T0, reasons=("no-posture",))
    if posture.capture_protection != "verified":
        return TrustDecision(level=TrustLevel.T1, reasons=("screen-capture-possible",))
    if posture.key_storage != "hardware":
        return TrustDecision(level=TrustLevel.T2, reasons=("key-not-in-hardware",))
    return TrustDecision(level=TrustLevel.T3)
