"""Reveal leases."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated

from pydantic import Field, model_validator

from provisioning.api.common import Body, CallRef, Moment

LEASE_ID = r"^l_[A-Za-z0-9_-]{16,40}$"
LeaseId = Annotated[str, Field(pattern=LEASE_ID)]


class LeaseAsk(Body):
    """What the device signs (`device_proof`, purpose `lease`): a field of a call's customer, to a key of its own."""

    ref: CallRef
    field: str = Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,39}$")
    key: str = Field(pattern=r"^[A-Za-z0-9_-]{40,2400}$")
    """The public key (HPKE, RFC 9180) that the device made for this lease alone, unpadded base64url."""
    asked_at: Moment


class LeaseRequest(Body):
    """POST /calls/{ref}/leases: reveal one field. The reason is one of the policy's, or typed."""

    ask: str = Field(max_length=8192)
    """A `LeaseAsk`, signed."""
    reason: str = Field(default="", pattern=r"^([a-z0-9][a-z0-9_-]{0,39})?$")
    typed_reason: str = Field(default="", max_length=200, repr=False)

    @model_validator(mode="after")
    def _one(self) -> "LeaseRequest":
        if bool(self.reason) == bool(self.typed_reason.strip()):
            raise ValueError("give a reason of the list or a typed one, and not both")
        return self


class LeaseState(StrEnum):
    """How far a lease is."""

    WAITING = "waiting"
    """A supervisor must agree first."""
    GRANTED = "granted"
    REFUSED = "refused"
    ENDED = "ended"


class LeaseEnd(StrEnum):
    """Why a lease is over."""

    EXPIRED = "expired"
    HIDDEN = "hidden"
    """The agent hid it."""
    CALL_LEFT = "call-left"
    FOCUS_LOST = "focus-lost"
    LOCKED = "locked"
    TRUST_LOST = "trust-lost"
    CONNECTION_LOST = "connection-lost"
    SESSION_ENDED = "session-ended"
    NOT_APPROVED = "not-approved"
    NOT_SHOWN = "not-shown"
    """The desk could not open or show it."""


class LeaseView(Body):
    """The answer to a request, and what GET /calls/{ref}/leases/{lease} says."""

    lease: LeaseId
    ref: CallRef
    field: str
    state: LeaseState
    seconds: int = Field(ge=1, le=300)
    """For how long the value may be shown, counted from when it is."""
    expires_at: datetime
    """When the lease ends at the latest; for one that waits, when nobody can agree any more."""
    sealed: str = Field(default="", max_length=8192, repr=False)
    """The value, sealed to the lease's key, with the lease, the call and the field as associated data; once granted."""


class LeaseEndRequest(Body):
    """DELETE is not enough: PUT /calls/{ref}/leases/{lease}/end says why it is over. Idempotent."""

    reason: LeaseEnd
    shown_seconds: float = Field(default=0, ge=0, le=600)


class LeaseDecision(Body):
    """PUT /leases/{lease}/decision, by a supervisor of the agent's team."""

    approved: bool
