"""Trust levels, data classes and work types. How posture becomes trust is in `provisioning.posture`.

The words are those of the architecture page. Both ends use them: the server decides, the desk shows what was decided.
"""

from enum import IntEnum, StrEnum

from pydantic import BaseModel, ConfigDict


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


class TrustDecision(BaseModel):
    """A level with the reasons that kept it from being higher, as slugs that the desk can put into words."""

    model_config = ConfigDict(frozen=True)

    level: TrustLevel
    reasons: tuple[str, ...] = ()
