"""What desk, edge, command line and server say to each other: bodies, push messages, and the names of problems.

Every answer that is not a success is a problem detail (RFC 9457) whose type is one of `ProblemType`.
"""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, model_validator

from provisioning.manifest import LocalText
from provisioning.trust import DataClass, Posture, TrustDecision, WorkType

PROBLEM_PREFIX = "urn:hearthline:problem:"
NAME = r"^[a-z0-9][a-z0-9._-]{0,39}$"
CALL_REF = r"^c_[A-Za-z0-9_-]{8,40}$"
Name = Annotated[str, Field(pattern=NAME)]
DIAL_TOKEN = r"^t_[A-Za-z0-9_-]{22,40}$"  # noqa: S105
CallRef = Annotated[str, Field(pattern=CALL_REF)]
DialToken = Annotated[str, Field(pattern=DIAL_TOKEN)]


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
    CLEAR = "clear"


class _Body(BaseModel):
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


# --- Enrolment and devices -------------------------------------------------------------------------------------------

Base64 = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,86}$")]
"""Unpadded base64url of a nonce or a proof."""


class EnrolHello(_Body):
    """POST /enrolment/hello: which code the device holds, and its nonce."""

    code_id: str = Field(pattern=r"^[0-9A-HJKMNP-TV-Z]{4}$")
    device_nonce: Base64


class EnrolHelloReply(_Body):
    """The server's nonce, and its proof that it knows the code and owns the TLS key."""

    server_nonce: Base64
    proof: Base64


class EnrolRedeem(_Body):
    """POST /enrolment/redeem: the device's proof and its certificate request."""

    code_id: str = Field(pattern=r"^[0-9A-HJKMNP-TV-Z]{4}$")
    server_nonce: Base64
    proof: Base64
    csr_pem: str = Field(max_length=4096)
    device_name: str = Field(min_length=1, max_length=80)


class EnrolRedeemReply(_Body):
    """A device's identity, and the manifest with the key that signs it."""

    device_id: str
    certificate_pem: str
    ca_pem: str
    manifest: str
    signing_keys: tuple[str, ...]


class RenewRequest(_Body):
    """POST /devices/renew: a new request under the current certificate."""

    csr_pem: str = Field(max_length=4096)


class RenewReply(_Body):
    """The next certificate."""

    certificate_pem: str


class ManifestReply(_Body):
    """GET /manifest: the newest signed manifest."""

    manifest: str


# --- Signing in -------------------------------------------------------------------------------------------------------


class SignInRequest(_Body):
    """POST /session."""

    name: Name
    password: str = Field(min_length=1, max_length=256, repr=False)
    totp: str = Field(pattern=r"^\d{6}$", repr=False)
    posture: Posture


class PersonView(_Body):
    """Who is signed in."""

    name: Name
    display_name: str
    role: Role
    team: str
    work_type: WorkType


class SignInReply(_Body):
    """An access token bound to the device's certificate (RFC 8705), and what the desk was found to be."""

    token: str = Field(repr=False)
    expires_at: datetime
    person: PersonView
    trust: TrustDecision


class SipCredentialsReply(_Body):
    """POST /sip/credentials: ephemeral digest credentials for the edge."""

    username: str
    password: str = Field(repr=False)
    realm: str
    address_of_record: str
    expires_at: datetime


# --- Calls and customers ----------------------------------------------------------------------------------------------


class CardField(_Body):
    """One field as this desk may show it. `value` is already masked where it has to be."""

    name: str
    data_class: DataClass
    visibility: Visibility
    value: str = Field(repr=False)


class Contact(_Body):
    """An earlier contact with the customer, in words that name nobody."""

    at: datetime
    channel: Literal["phone", "text", "branch", "mail"]
    summary: LocalText


class ScriptAnswer(_Body):
    """What the customer may answer, and the step it leads to."""

    label: LocalText
    goto: int = Field(ge=0)


class ScriptStep(_Body):
    """One step of a guided conversation."""

    title: LocalText
    say: LocalText
    answers: tuple[ScriptAnswer, ...] = ()


class Script(_Body):
    """A guided conversation; step 0 is the first."""

    title: LocalText
    steps: tuple[ScriptStep, ...] = Field(min_length=1)


class CustomerCard(_Body):
    """GET /calls/{ref}/customer: the customer of a call, masked by policy, or nobody we know."""

    ref: CallRef
    customer_token: str | None
    """A stable pseudonym; None when the caller is not a known customer."""
    work_type: WorkType
    trust: TrustDecision
    fields: tuple[CardField, ...] = ()
    contacts: tuple[Contact, ...] = ()
    script: Script | None = None


class WrapUpRequest(_Body):
    """PUT /calls/{ref}/wrap-up: idempotent, so that a desk may send it again after a lost answer."""

    code: str = Field(pattern=r"^[a-z0-9-]{1,40}$")
    notes: str = Field(max_length=8000, repr=False)
    written_at: datetime


class HistoryCall(_Body):
    """One finished or running call of this agent."""

    ref: CallRef
    offered_at: datetime
    answered_at: datetime | None
    ended_at: datetime | None
    wrap_up_code: str | None
    customer_label: str
    """The customer's masked name, or an empty string."""
    direction: Literal["incoming", "outgoing"] = "incoming"


class HistoryReply(_Body):
    """GET /calls: the newest first."""

    calls: tuple[HistoryCall, ...]


class DirectoryEntry(_Body):
    """Somebody or something that an agent may call or transfer to."""

    id: Name
    kind: Literal["colleague", "queue", "service"]
    label: LocalText


class DirectoryReply(_Body):
    """GET /directory: whom this person may call, in the order of the organisation's file, then colleagues by name."""

    entries: tuple[DirectoryEntry, ...]
    numbers: bool
    """Whether this person may also type a number."""


class DialRequest(_Body):
    """POST /dial-tokens: what the desk would call. Exactly one of the three is given."""

    entry: Name | None = None
    """An entry of the directory."""
    call: CallRef | None = None
    """The customer of a call of this person's own, whom they may still see or whose call they may still return."""
    number: str | None = Field(default=None, pattern=r"^\+?[0-9]{2,20}$", repr=False)
    """A number that the agent typed, where the policy allows it."""

    @model_validator(mode="after")
    def _one(self) -> "DialRequest":
        if sum(choice is not None for choice in (self.entry, self.call, self.number)) != 1:
            raise ValueError("give exactly one of entry, call and number")
        return self


class DialReply(_Body):
    """A token that works once, for this person, and not for long."""

    token: DialToken = Field(repr=False)
    ref: CallRef | None
    """The new call's reference; None where no customer is called, so that nothing needs a wrap-up."""
    expires_at: datetime


class EdgeDialRequest(_Body):
    """POST /edge/dial, from the edge: what does this token stand for? The token is spent by asking."""

    token: DialToken = Field(repr=False)
    agent: Name
    call_id: str = Field(min_length=1, max_length=256)
    purpose: Literal["call", "transfer"]


class EdgeDialReply(_Body):
    """The user part to send to the trunk, and whose number to show there."""

    target: str = Field(pattern=r"^\+?[A-Za-z0-9*#._-]{1,64}$", repr=False)
    caller: str = Field(default="", pattern=r"^\+?[0-9]{0,20}$")
    """The number to show to who is called; empty for the trunk's own choice."""
    ref: CallRef | None


class QualityRecord(_Body):
    """PUT /calls/{ref}/quality: how one call sounded. Idempotent.

    Times in milliseconds, losses in percent, scores as MOS (G.107, 1 to 4.5); `sent_` is what the other side reported.
    """

    # Infinity would pass every bound below that has no upper end, and then nothing could be counted with it.
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    codec: str = Field(max_length=40)
    srtp: str = Field(max_length=40)
    seconds: float = Field(ge=0)
    mos_mean: float = Field(ge=1, le=4.5)
    mos_worst: float = Field(ge=1, le=4.5)
    loss_mean: float = Field(ge=0, le=100)
    loss_worst: float = Field(ge=0, le=100)
    jitter_mean: float = Field(ge=0)
    jitter_worst: float = Field(ge=0)
    round_trip_mean: float = Field(ge=0)
    round_trip_worst: float = Field(ge=0)
    sent_loss_mean: float = Field(ge=0, le=100)
    sent_loss_worst: float = Field(ge=0, le=100)
    ended: str = Field(pattern=r"^[a-z-]{1,40}$")
    """How the call ended, in the words of the engine's report: local, remote, lost and so on."""


class QualityFinding(StrEnum):
    """What was wrong with a call's sound."""

    SCORE = "score"
    LOSS = "loss"
    SENT_LOSS = "sent-loss"
    JITTER = "jitter"
    DELAY = "delay"
    CUT_OFF = "cut-off"


class QualityReply(_Body):
    """GET /calls/{ref}/quality, for supervisors of the agent's team: how a call sounded, and what was wrong with it."""

    ref: CallRef
    agent: Name
    reported_at: datetime
    verdict: Literal["good", "fair", "poor"]
    findings: tuple[QualityFinding, ...]
    """Empty for a call that nobody needs to look at."""
    record: QualityRecord


class EdgeCallRequest(_Body):
    """POST /edge/calls, from the edge: somebody calls an agent."""

    call_id: str = Field(min_length=1, max_length=256)
    agent: Name
    caller: str = Field(max_length=128, repr=False)


class EdgeCallReply(_Body):
    """The reference that stands for the caller from here on."""

    ref: CallRef


class EdgeCallEnded(_Body):
    """POST /edge/calls/{ref}/ended, from the edge."""

    reason: Literal["bye-customer", "bye-agent", "cancel", "failed"]
    code: int = Field(default=0, ge=0, le=699)


# --- The WebSocket, /desk ---------------------------------------------------------------------------------------------


class CallOffered(_Body):
    """Server to desk: a call is on its way, and this is who it is."""

    type: Literal["call.offered"] = "call.offered"
    card: CustomerCard


class SessionEnded(_Body):
    """Server to desk: sign in again."""

    type: Literal["session.ended"] = "session.ended"
    reason: Literal["signed-out", "expired", "signed-in-elsewhere", "device-revoked", "person-disabled"]


class ManifestChanged(_Body):
    """Server to desk: a newer manifest waits."""

    type: Literal["manifest.changed"] = "manifest.changed"
    version: int


class AgentView(_Body):
    """An agent as a supervisor sees them."""

    name: Name
    display_name: str
    team: str
    presence: Presence
    since: datetime
    call_ref: CallRef | None = None
    trust: int | None = None


class WallChanged(_Body):
    """Server to a supervisor's desk: these agents of their teams changed; the first message has all of them."""

    type: Literal["wall.changed"] = "wall.changed"
    agents: tuple[AgentView, ...]


class PresenceChanged(_Body):
    """Desk to server: what the agent does now."""

    type: Literal["presence.changed"] = "presence.changed"
    presence: Presence
    since: datetime
    call_ref: CallRef | None = None


class CallProgress(_Body):
    """Desk to server: how far a call is."""

    type: Literal["call.progress"] = "call.progress"
    ref: CallRef
    state: Literal["answered", "ended"]
    at: datetime


FromServer = Annotated[CallOffered | SessionEnded | ManifestChanged | WallChanged, Field(discriminator="type")]
FromDesk = Annotated[PresenceChanged | CallProgress, Field(discriminator="type")]
from_server: TypeAdapter[FromServer] = TypeAdapter(FromServer)
from_desk: TypeAdapter[FromDesk] = TypeAdapter(FromDesk)

CLOSE_SESSION_ENDED = 4401
"""WebSocket close code: sign in again."""
CLOSE_DEVICE_REVOKED = 4403
"""WebSocket close code: this device is no longer one of ours."""
CLOSE_REPLACED = 4409
"""WebSocket close code: the same session opened another socket."""


# --- IT's command line ------------------------------------------------------------------------------------------------


class NewPerson(_Body):
    """POST /admin/people. The password and the TOTP secret are shown once and kept only as a hash and sealed."""

    name: Name
    display_name: str = Field(min_length=1, max_length=80)
    role: Role
    team: Name
    work_type: WorkType = WorkType.SERVICE


class NewPersonReply(_Body):
    """First credentials of a person."""

    name: Name
    password: str = Field(repr=False)
    totp_uri: str = Field(repr=False)


class NewEnrolmentCode(_Body):
    """POST /admin/enrolment-codes."""

    minutes: int = Field(default=60, ge=1, le=7 * 24 * 60)
    note: str = Field(default="", max_length=120)


class NewEnrolmentCodeReply(_Body):
    """A code, shown once."""

    code: str = Field(repr=False)
    link: str = Field(repr=False)
    expires_at: datetime


class DeviceView(_Body):
    """A device as IT sees it."""

    id: str
    name: str
    enrolled_at: datetime
    certificate_expires_at: datetime
    revoked_at: datetime | None


class DevicesReply(_Body):
    """GET /admin/devices."""

    devices: tuple[DeviceView, ...]
