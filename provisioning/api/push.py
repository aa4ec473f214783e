"""The WebSocket, /desk: what either side says by itself."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field, TypeAdapter

from provisioning.api.calls import CustomerCard
from provisioning.api.common import Body, CallRef, Moment, Name, Presence
from provisioning.api.digits import DigitsView
from provisioning.api.leases import LeaseEnd, LeaseId, LeaseView
from provisioning.trust import TrustDecision


class CallOffered(Body):
    """Server to desk: a call is on its way, and this is who it is. Again whenever more or less of them may be seen."""

    type: Literal["call.offered"] = "call.offered"
    card: CustomerCard


class SessionEnded(Body):
    """Server to desk: sign in again."""

    type: Literal["session.ended"] = "session.ended"
    reason: Literal["signed-out", "expired", "signed-in-elsewhere", "device-revoked", "person-disabled"]


class ManifestChanged(Body):
    """Server to desk: a newer manifest waits."""

    type: Literal["manifest.changed"] = "manifest.changed"
    version: int


class TrustChanged(Body):
    """Server to desk: this desk is trusted more or less from now on. What it may no longer show, it hides at once."""

    type: Literal["trust.changed"] = "trust.changed"
    trust: TrustDecision


class LeaseChanged(Body):
    """Server to the agent's desk: a lease that waited was decided, or one is over."""

    type: Literal["lease.changed"] = "lease.changed"
    lease: LeaseView
    reason: LeaseEnd | None = None


class ApprovalAsked(Body):
    """Server to the supervisors of a team: an agent asks to reveal a field. No value, and no customer, is in it."""

    type: Literal["approval.asked"] = "approval.asked"
    lease: LeaseId
    agent: Name
    display_name: str
    field: str
    reason: str
    """The id of the policy's reason, or empty."""
    typed_reason: str = Field(default="", repr=False)
    ref: CallRef
    expires_at: datetime


class ApprovalGone(Body):
    """Server to the supervisors of a team: it was decided, or it is too late."""

    type: Literal["approval.gone"] = "approval.gone"
    lease: LeaseId


class DigitsChanged(Body):
    """Server to the agent's desk: the customer keyed something, or it is over."""

    type: Literal["digits.changed"] = "digits.changed"
    digits: DigitsView


class AgentView(Body):
    """An agent as a supervisor sees them."""

    name: Name
    display_name: str
    team: str
    presence: Presence
    since: datetime
    call_ref: CallRef | None = None
    trust: int | None = None


class WallChanged(Body):
    """Server to a supervisor's desk: these agents of their teams changed; the first message has all of them."""

    type: Literal["wall.changed"] = "wall.changed"
    agents: tuple[AgentView, ...]


class PresenceChanged(Body):
    """Desk to server: what the agent does now."""

    type: Literal["presence.changed"] = "presence.changed"
    presence: Presence
    since: Moment
    call_ref: CallRef | None = None


class LeaseShown(Body):
    """Desk to server: the value is on the screen from this moment."""

    type: Literal["lease.shown"] = "lease.shown"
    lease: LeaseId
    at: Moment
    recording_at: float | None = Field(default=None, ge=0)
    """Seconds into the session's recording, where there is one."""


class CallProgress(Body):
    """Desk to server: how far a call is."""

    type: Literal["call.progress"] = "call.progress"
    ref: CallRef
    state: Literal["answered", "ended"]
    at: Moment


FromServer = Annotated[
    CallOffered
    | SessionEnded
    | ManifestChanged
    | WallChanged
    | TrustChanged
    | LeaseChanged
    | ApprovalAsked
    | ApprovalGone
    | DigitsChanged,
    Field(discriminator="type"),
]
FromDesk = Annotated[PresenceChanged | CallProgress | LeaseShown, Field(discriminator="type")]
from_server: TypeAdapter[FromServer] = TypeAdapter(FromServer)
from_desk: TypeAdapter[FromDesk] = TypeAdapter(FromDesk)

CLOSE_SESSION_ENDED = 4401
"""WebSocket close code: sign in again."""
CLOSE_DEVICE_REVOKED = 4403
"""WebSocket close code: this device is no longer one of ours."""
CLOSE_REPLACED = 4409
"""WebSocket close code: the same session opened another socket."""
