"""What all bodies share: names, problems, roles."""

import re
from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field

PROBLEM_PREFIX = "urn:hearthline:problem:"
NAME = r"^[a-z0-9][a-z0-9._-]{0,39}$"
CALL_REF = r"^c_[A-Za-z0-9_-]{8,40}$"
Name = Annotated[str, Field(pattern=NAME)]
DIAL_TOKEN = r"^t_[A-Za-z0-9_-]{22,40}$"  # noqa: S105
CallRef = Annotated[str, Field(pattern=CALL_REF)]
DialToken = Annotated[str, Field(pattern=DIAL_TOKEN)]
LINE = r"^[^\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]*$"
"""One line of text as people write it: without what would act on a terminal, end a line, or turn its order around."""
_CONTROLS = re.compile(r"[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]")


def _printable(text: str) -> str:
    return _CONTROLS.sub("\N{REPLACEMENT CHARACTER}", text)


def _in_utc(moment: datetime) -> datetime:
    try:
        return moment.astimezone(UTC)
    except OverflowError as error:
        raise ValueError("no such moment in UTC") from error


Prose = Annotated[str, AfterValidator(_printable)]
"""Lines of text. A control character, which no database and no screen wants, is replaced and not refused: who wrote the
text may be offline by then, and it would be lost."""
Moment = Annotated[AwareDatetime, AfterValidator(_in_utc)]
"""A moment with its time zone; without one it would mean something else on every machine."""


class ProblemType(StrEnum):
    """Every way in which the server can refuse; the desk has words for each, in both languages."""

    ENROLMENT_CODE_UNKNOWN = "enrolment-code-unknown"
    ENROLMENT_CODE_USED = "enrolment-code-used"
    ENROLMENT_CODE_EXPIRED = "enrolment-code-expired"
    ENROLMENT_PROOF_WRONG = "enrolment-proof-wrong"
    CSR_REFUSED = "csr-refused"
    CERTIFICATE_REQUIRED = "certificate-required"
    CERTIFICATE_EXPIRED = "certificate-expired"
    DEVICE_REVOKED = "device-revoked"
    SIGN_IN_WRONG = "sign-in-wrong"
    SIGN_IN_TOO_OFTEN = "sign-in-too-often"
    SESSION_REQUIRED = "session-required"
    TOKEN_NOT_BOUND = "token-not-bound"  # noqa: S105
    FORBIDDEN = "forbidden"
    NOT_FOUND = "not-found"
    CONFLICT = "conflict"
    TOO_MANY_REQUESTS = "too-many-requests"
    BODY_TOO_LARGE = "body-too-large"
    INVALID_REQUEST = "invalid-request"
    UNAVAILABLE = "unavailable"
    INTERNAL = "internal"
    DEVICE_PROOF_WRONG = "device-proof-wrong"
    HARDWARE_NOT_PROVEN = "hardware-not-proven"
    """The device's key is not known to be in hardware, and what was asked needs that."""
    TRUST_TOO_LOW = "trust-too-low"
    REVEAL_REFUSED = "reveal-refused"
    """This field can't be revealed now: not in this call, this work, or to this person."""
    REVEAL_TOO_OFTEN = "reveal-too-often"
    REVEAL_RUNNING = "reveal-running"
    """Another field is revealed, or waits for approval; one at a time."""
    DIGITS_RUNNING = "digits-running"
    DIGITS_UNAVAILABLE = "digits-unavailable"
    """Nothing can be keyed sealed: there is no edge that can seal a call, or nobody who takes a card."""


class Role(StrEnum):
    """What a person is here to do."""

    AGENT = "agent"
    SUPERVISOR = "supervisor"


class Presence(StrEnum):
    """What an agent is doing, as everybody else sees it."""

    OFFLINE = "offline"
    NOT_READY = "not-ready"
    READY = "ready"
    RINGING = "ringing"
    ON_CALL = "on-call"
    WRAP_UP = "wrap-up"


class Visibility(StrEnum):
    """How a field reached the desk. What is not visible is not in the card at all."""

    MASKED = "masked"
    REVEALABLE = "revealable"
    """Masked, and the desk may ask for a reveal lease."""
    CLEAR = "clear"


class Body(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Problem(BaseModel):
    """A problem detail (RFC 9457). `detail` never quotes what was sent."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    type: str
    title: str
    status: int
    detail: str = ""
    retry_after: int | None = None

    @property
    def problem_type(self) -> ProblemType:
        """The type without its prefix; 'internal' for a type that this version does not know."""
        slug = self.type.removeprefix(PROBLEM_PREFIX)
        return next((known for known in ProblemType if known == slug), ProblemType.INTERNAL)
