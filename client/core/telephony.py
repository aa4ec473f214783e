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
    LOST = "lost"
    """Nothing was heard of the other side for too long, so the engine gave the call up."""
    ENGINE_LOST = "engine-lost"


class SoundFault(StrEnum):
    """What is wrong with the sound devices."""

    NO_MICROPHONE = "no-microphone"
    NO_SPEAKER = "no-speaker"


class SoundNews(StrEnum):
    """What happened to the sound devices, when it was not the agent's doing."""

    NONE = "none"
    LOST = "lost"
    """The device in use is gone; the next best one has taken over."""
    RETURNED = "returned"
    """The chosen device is there again and in use."""


class Tone(StrEnum):
    """Tones for the agent's ear alone."""

    WARNING = "warning"
    """A call is about to be answered without the agent's doing."""
    WAITING = "waiting"
    """A second call waits."""


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

    `capture`, `playback`, `ring` and `ear` are those of `ChooseSound`. `stun` and `turn` are servers as HOST:PORT; TURN
    uses the credentials of `Register`. Both are used only with `ice`.
    """

    domain: str
    edges: tuple[EdgeAddress, ...]
    ca_pem: str
    codecs: tuple[str, ...]
    register_seconds: int
    capture: str = ""
    playback: str = ""
    ring: str = ""
    ear: str = "both"
    noise_suppression: bool = False
    gain_control: bool = False
    real_time_text: bool = False
    message_waiting: bool = False
    ice: bool = False
    stun: tuple[str, ...] = ()
    turn: str = ""


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
    """Refuse a ringing call with a SIP status (RFC 3261): 486 busy, 480 not available, 603 declined.

    A call that is no longer ringing is left alone.
    """

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
class MakeCall:
    """Call a user part at the line's domain: a dial token, or a service of the edge.

    The engine answers with `CallOutgoing`, which carries the same `request`. What is no user part of the permitted
    form (letters, digits, and any of -_.~*#+) is never sent: the call ends at once with status 400.
    """

    request: int
    target: str = field(repr=False)


@dataclass(frozen=True)
class SendDigits:
    """Send digits (0-9, A-D, * and #) as telephone events (RFC 4733), or by INFO where the other side knows no such."""

    call: int
    digits: str = field(repr=False)


@dataclass(frozen=True)
class TransferCall:
    """Blind transfer (RFC 3515): send the other side on to a user part, as in `MakeCall`."""

    call: int
    target: str = field(repr=False)


@dataclass(frozen=True)
class TransferToCall:
    """Attended transfer (RFC 3891): connect the other sides of two calls with each other."""

    call: int
    other: int


@dataclass(frozen=True)
class SetConference:
    """Let these calls hear each other, and no others; each call that is not held also hears the agent."""

    calls: tuple[int, ...]


@dataclass(frozen=True)
class PlayTone:
    """Play a tone to the agent, while a call is there. Nobody else hears it."""

    tone: Tone


@dataclass(frozen=True)
class SendText:
    """Send real-time text (T.140): any characters as they are typed; U+0008 takes the last one back."""

    call: int
    text: str = field(repr=False)


@dataclass(frozen=True)
class ChooseSound:
    """Change to other sound devices, also during a call; an empty string is the system's default device.

    `ring` is where calls ring; an empty string is the device that speech uses. `ear` is where the caller is heard:
    both, left or right; the other one is a screen reader's.
    """

    capture: str
    playback: str
    ring: str = ""
    ear: str = "both"


@dataclass(frozen=True)
class MeasureSound:
    """Begin or stop `SoundLevel` reports. While they are wanted the devices are open, also without a call."""

    wanted: bool


@dataclass(frozen=True)
class NetworkChanged:
    """The machine's address or interface changed, or it slept: register anew, and renew the calls' media."""


@dataclass(frozen=True)
class Shutdown:
    """End all calls, leave the edge, and exit."""


Order = (
    Configure
    | Register
    | Unregister
    | AnswerCall
    | RejectCall
    | HangUp
    | SetMute
    | SetHold
    | MakeCall
    | SendDigits
    | TransferCall
    | TransferToCall
    | SetConference
    | PlayTone
    | SendText
    | ChooseSound
    | MeasureSound
    | NetworkChanged
    | Shutdown
)


# --- Reports: engine to desk ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class EngineStarted:
    """The engine is up and its media core is fit for us. Everything else that it has to tell follows.

    `calls` are those that it has already, because an earlier desk, or this one before it lost the connection, left them
    to it; `adopted` says that an earlier desk started it.
    """

    pid: int
    core_version: str
    tls: str
    codecs: tuple[str, ...]
    adopted: bool = False
    calls: tuple[int, ...] = ()


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
class EdgeNotPinned:
    """Who answered as this edge proved to hold another key than the pinned ones, and was sent nothing."""

    host: str
    port: int
    seen: str
    """The key's pin."""


@dataclass(frozen=True)
class CallIncoming:
    """A call rings; `ref` is the server's reference for it, empty where the edge could not ask the server."""

    call: int
    ref: str


@dataclass(frozen=True)
class CallOutgoing:
    """A call that was asked for is on its way; `request` is that of the order."""

    call: int
    request: int


@dataclass(frozen=True)
class CallRinging:
    """It rings at the other side. With early media that side's own sound is heard, else a ringing tone of ours."""

    call: int
    early_media: bool = False


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
    text: bool = False
    """Whether real-time text can be sent."""


@dataclass(frozen=True)
class CallQuality:
    """About once a second in a call: loss in percent of the last interval, times in milliseconds.

    `sent_...` is what the other side told of our sound by RTCP (RFC 3550), which is some seconds old; `buffer_ms` is
    how long sound waits in our jitter buffer on average.
    """

    call: int
    loss_percent: float
    jitter_ms: float
    round_trip_ms: float
    sent_loss_percent: float = 0.0
    sent_jitter_ms: float = 0.0
    buffer_ms: float = 0.0
    codec: str = ""


@dataclass(frozen=True)
class CallSilent:
    """No packet has come from the other side for some seconds, or packets come again."""

    call: int
    silent: bool


@dataclass(frozen=True)
class CallDigit:
    """The other side pressed a key."""

    call: int
    digit: str = field(repr=False)


@dataclass(frozen=True)
class CallTransfer:
    """How a transfer of ours goes on: the SIP status of the new call; the call ends by itself after a final 200."""

    call: int
    status: int
    final: bool


@dataclass(frozen=True)
class TextReceived:
    """Real-time text of the other side; U+0008 takes its last character back, U+2028 is a new line (T.140)."""

    call: int
    text: str = field(repr=False)


@dataclass(frozen=True)
class ConferenceChanged:
    """The calls that now hear each other."""

    calls: tuple[int, ...]


@dataclass(frozen=True)
class MessagesWaiting:
    """How many voice messages wait for the agent (RFC 3842)."""

    new: int
    old: int


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
    news: SoundNews = SoundNews.NONE
    ring: str = ""


@dataclass(frozen=True)
class SoundLevel:
    """How loud microphone and speaker are, some ten times a second: 0 (silence) to 1 (full scale), as PJSIP's meter."""

    capture: float
    playback: float


@dataclass(frozen=True)
class SoundDevices:
    """The names of the sound devices that there are."""

    capture: tuple[str, ...]
    playback: tuple[str, ...]


Report = (
    EngineStarted
    | EngineUnfit
    | EngineStopped
    | RegistrationChanged
    | EdgeNotPinned
    | CallIncoming
    | CallOutgoing
    | CallRinging
    | CallConfirmed
    | CallMedia
    | CallQuality
    | CallSilent
    | CallDigit
    | CallTransfer
    | TextReceived
    | ConferenceChanged
    | MessagesWaiting
    | CallEnded
    | SoundChanged
    | SoundDevices
    | SoundLevel
)
