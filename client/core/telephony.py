"""What the desk and the engine say to each other. `client.sip.protocol` carries these over the wire, one a line.

Orders go from the desk to the engine, reports come back. Both are plain values: strings, numbers, booleans, and tuples
of such values or of other values of this module.
"""

from dataclasses import dataclass, field
from enum import StrEnum


class RegistrationState(StrEnum):
    """Where the desk stands with the edge."""

    UNREGISTERED = "unregistered"
    REGISTERING = "registering"
    REGISTERED = "registered"
    FAILED = "failed"


class LineFault(StrEnum):
    """Why the desk is not registered."""

    NONE = "none"
    UNREACHABLE = "unreachable"
    """No edge answers."""
    PIN_MISMATCH = "pin-mismatch"
    """An edge answered with a key that the manifest does not list."""
    CERTIFICATE = "certificate"
    """The edge's certificate is expired, for another host, or from another authority."""
    CREDENTIALS = "credentials"
    """The edge refused user name or password."""
    REFUSED = "refused"
    """The edge answered with another refusal."""


class CallEnd(StrEnum):
    """Why a call is over."""

    LOCAL = "local"
    REMOTE = "remote"
    CANCELLED = "cancelled"
    """The caller gave up before we answered."""
    REJECTED = "rejected"
    NOT_SECURE = "not-secure"
    """The other side would not speak SRTP, so the call was refused."""
    FAILED = "failed"
    ENGINE_LOST = "engine-lost"


class SoundFault(StrEnum):
    """What is wrong with the sound devices."""

    NO_MICROPHONE = "no-microphone"
    NO_SPEAKER = "no-speaker"


@dataclass(frozen=True)
class EdgeAddress:
    """One edge: its name for people is the manifest's; here only what the engine needs."""

    host: str
    port: int
    pins: tuple[str, ...]


# --- Orders: desk to engine -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Configure:
    """The first order: everything about the line but the credentials.

    `capture` and `playback` name sound devices; an empty string means the system's default device.
    """

    domain: str
    edges: tuple[EdgeAddress, ...]
    ca_pem: str
    codecs: tuple[str, ...]
    register_seconds: int
    capture: str = ""
    playback: str = ""


@dataclass(frozen=True)
class Register:
    """Register with ephemeral credentials, or again with fresh ones."""

    address_of_record: str
    username: str
    realm: str
    password: str = field(repr=False)


@dataclass(frozen=True)
class Unregister:
    """Leave the edge."""


@dataclass(frozen=True)
class AnswerCall:
    """Answer a ringing call."""

    call: int


@dataclass(frozen=True)
class RejectCall:
    """Refuse a ringing call with a SIP status (RFC 3261): 486 busy, 480 not available, 603 declined."""

    call: int
    status: int


@dataclass(frozen=True)
class HangUp:
    """End a call."""

    call: int


@dataclass(frozen=True)
class SetMute:
    """Stop or resume sending the microphone."""

    call: int
    muted: bool


@dataclass(frozen=True)
class SetHold:
    """Hold or resume by re-INVITE (RFC 3264, section 8.4)."""

    call: int
    held: bool


@dataclass(frozen=True)
class Shutdown:
    """End all calls, leave the edge, and exit."""


Order = Configure | Register | Unregister | AnswerCall | RejectCall | HangUp | SetMute | SetHold | Shutdown


# --- Reports: engine to desk ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class EngineStarted:
    """The engine is up and its media core is fit for us."""

    pid: int
    core_version: str
    tls: str
    codecs: tuple[str, ...]


@dataclass(frozen=True)
class EngineUnfit:
    """The media core lacks what we must have (TLS 1.2 or newer, SRTP); the desk refuses it."""

    reason: str


@dataclass(frozen=True)
class EngineStopped:
    """The engine process is gone. The supervisor reports this; `again_in` is seconds until the next start."""

    exit_status: int
    again_in: float


@dataclass(frozen=True)
class RegistrationChanged:
    """The line came up or went down; `status` is the SIP status, 0 where there was none."""

    state: RegistrationState
    edge: str = ""
    fault: LineFault = LineFault.NONE
    status: int = 0


@dataclass(frozen=True)
class CallIncoming:
    """A call rings; `ref` is the server's reference for it, empty where the edge could not ask the server."""

    call: int
    ref: str


@dataclass(frozen=True)
class CallConfirmed:
    """The call is answered at both ends."""

    call: int


@dataclass(frozen=True)
class CallMedia:
    """Sound flows, or stopped flowing. `srtp` is the crypto suite's name (RFC 4568, RFC 7714)."""

    call: int
    active: bool
    held_locally: bool
    held_remotely: bool
    codec: str = ""
    srtp: str = ""


@dataclass(frozen=True)
class CallQuality:
    """About once a second in a call. Loss in percent of the last interval, jitter and round trip in milliseconds."""

    call: int
    loss_percent: float
    jitter_ms: float
    round_trip_ms: float


@dataclass(frozen=True)
class CallEnded:
    """The call is over."""

    call: int
    end: CallEnd
    status: int = 0


@dataclass(frozen=True)
class SoundChanged:
    """The sound devices in use, and what is wrong with them."""

    capture: str
    playback: str
    faults: tuple[SoundFault, ...] = ()


Report = (
    EngineStarted
    | EngineUnfit
    | EngineStopped
    | RegistrationChanged
    | CallIncoming
    | CallConfirmed
    | CallMedia
    | CallQuality
    | CallEnded
    | SoundChanged
)
