"""What happens to the desk, apart from what the engine reports (`client.core.telephony`).

Three sources: the person (commands and forms), the server (through the link), and this PC (vault, clock).
"""

from dataclasses import dataclass, field

from client.core.snapshot import (
    ApprovalSnapshot,
    CardSnapshot,
    DigitsSnapshot,
    DirectoryEntrySnapshot,
    HistorySnapshot,
    PersonSnapshot,
    RevealReasonSnapshot,
    ScreenDefaults,
    ScreenPolicy,
    ScriptSnapshot,
    WallAgentSnapshot,
    Words,
    WrapUpCodeSnapshot,
)
from client.core.telephony import Report

# --- The person -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Invoked:
    """A command of the registry. `panel` names the panel with the focus, for the digits: 'script' or 'codes'."""

    command: str
    panel: str = ""


@dataclass(frozen=True)
class EnrolSubmitted:
    """The enrolment form: a server address and a code, or a whole hearthline:// link in `code`."""

    server: str
    code: str = field(repr=False)


@dataclass(frozen=True)
class SignInSubmitted:
    """The sign-in form."""

    name: str
    password: str = field(repr=False)
    totp: str = field(repr=False)


@dataclass(frozen=True)
class NotesEdited:
    """The agent typed in the note about a call; without `ref`, in the one that is on the screen."""

    notes: str = field(repr=False)
    ref: str = ""


@dataclass(frozen=True)
class CodeChosen:
    """The agent chose a wrap-up code by pointer."""

    code: str


@dataclass(frozen=True)
class AnswerChosen:
    """The agent chose an answer of the script by pointer; `answer` counts from 0."""

    answer: int


@dataclass(frozen=True)
class SheetClosed:
    """The person closed what lay over the screen."""


@dataclass(frozen=True)
class DialSubmitted:
    """The person chose whom to call, consult or transfer to: an entry of the directory, or a number that they typed."""

    entry: str = ""
    number: str = field(default="", repr=False)


@dataclass(frozen=True)
class CallBack:
    """The person wants to call the customer of an earlier call."""

    ref: str


@dataclass(frozen=True)
class CallChosen:
    """The person chose one of several calls by pointer."""

    ref: str


@dataclass(frozen=True)
class DigitsPressed:
    """The person pressed keys of the keypad: 0 to 9, * and #."""

    digits: str = field(repr=False)


@dataclass(frozen=True)
class TextTyped:
    """The person wrote in the call: characters as they are typed; U+0008 takes the last back, U+2028 is a new line."""

    text: str = field(repr=False)


@dataclass(frozen=True)
class SoundChosen:
    """The person chose sound devices by name (empty: the system's), and the ear for the caller (both, left, right)."""

    capture: str
    playback: str
    ring: str
    ear: str = "both"


@dataclass(frozen=True)
class CheckStarted:
    """The person wants to hear themselves from the edge, and the network measured."""


@dataclass(frozen=True)
class RevealSubmitted:
    """The person wants one field of the card in clear, for a reason of the list or one that they typed."""

    name: str
    reason: str = ""
    typed_reason: str = field(default="", repr=False)


@dataclass(frozen=True)
class ApprovalDecided:
    """A supervisor decided about an agent's reveal."""

    lease: str
    approved: bool


@dataclass(frozen=True)
class DigitsAsked:
    """The person lets the customer key in a card; `amount` as 12.50, empty where the payment service knows it."""

    amount: str = ""


@dataclass(frozen=True)
class WindowFocus:
    """The desk's window has the focus, or no longer; `locked` when the PC's screen is."""

    focused: bool
    locked: bool = False


# --- The device and the server ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class DeviceMissing:
    """This PC is not enrolled."""


@dataclass(frozen=True)
class DeviceReady:
    """This PC is enrolled, and this is what its manifest says."""

    organisation: str
    codes: tuple[WrapUpCodeSnapshot, ...]
    edges: tuple[tuple[str, Words], ...]
    """'host:port' and name of each edge."""
    defaults: ScreenDefaults | None = None
    auto_answer_seconds: float | None = None
    second_call_waits: bool = True
    reveal_reasons: tuple[RevealReasonSnapshot, ...] = ()
    may_type_reason: bool = False
    screen: ScreenPolicy = field(default_factory=ScreenPolicy)


@dataclass(frozen=True)
class DirectoryArrived:
    """Whom this person may call, and whether they may type numbers."""

    entries: tuple[DirectoryEntrySnapshot, ...]
    numbers: bool


@dataclass(frozen=True)
class DialGranted:
    """The server gave a token for a request; `ref` is the new call's, empty where no customer is called."""

    request: int
    token: str = field(repr=False)
    ref: str = ""


@dataclass(frozen=True)
class DialRefused:
    """The server gave none; `code` is the problem to show."""

    request: int
    code: str


@dataclass(frozen=True)
class SoundRemembered:
    """What this person chose on this PC the last time."""

    capture: str
    playback: str
    ring: str
    ear: str = "both"


@dataclass(frozen=True)
class PrivateVoiceFound:
    """This PC can read a value to the agent on the device on which they hear the customer."""


@dataclass(frozen=True)
class AutoAnswerDue:
    """The time after the warning tone is over."""

    call: int


@dataclass(frozen=True)
class CheckTick:
    """A second of the check is over; `request` tells which check."""

    request: int


@dataclass(frozen=True)
class SignedIn:
    """The server accepted the person."""

    person: PersonSnapshot
    supervisor: bool
    trust: int
    trust_reasons: tuple[str, ...]


@dataclass(frozen=True)
class SignedOut:
    """The session is over; `code` is the problem to show, empty where the person asked for it."""

    code: str = ""


@dataclass(frozen=True)
class LinkChanged:
    """The connection to the server came up or went down."""

    connected: bool


@dataclass(frozen=True)
class CardArrived:
    """The customer of a call, masked by the server."""

    ref: str
    card: CardSnapshot
    script: ScriptSnapshot | None
    trust: int
    trust_reasons: tuple[str, ...]


@dataclass(frozen=True)
class TrustChanged:
    """The server trusts this desk more or less from now on."""

    trust: int
    trust_reasons: tuple[str, ...]


@dataclass(frozen=True)
class RevealAnswered:
    """The server answered a request, or decided one that waited: `stage` is waiting or shown.

    When it is shown, the value is in the safe under `lease`, and may be painted for `seconds`. `request` tells which
    request it answers.
    """

    lease: str
    name: str
    shown: bool
    seconds: int
    expires_at: float
    request: int = 0


@dataclass(frozen=True)
class RevealRefused:
    """The server, or this PC, gives no lease; `code` is the problem to show."""

    name: str
    code: str
    request: int = 0


@dataclass(frozen=True)
class RevealEnded:
    """A lease is over: its time is up, or the server says so. `reason` as `provisioning.api.LeaseEnd`."""

    lease: str
    reason: str


@dataclass(frozen=True)
class RevealDue:
    """The time for which a field may be in clear is over."""

    lease: str


@dataclass(frozen=True)
class ApprovalArrived:
    """On a supervisor's desk: an agent asks."""

    approval: ApprovalSnapshot


@dataclass(frozen=True)
class ApprovalGone:
    """On a supervisor's desk: it was decided, or it is too late."""

    lease: str


@dataclass(frozen=True)
class DigitsArrived:
    """How far the customer is with keying; for the call of `ref`."""

    ref: str
    digits: str
    view: DigitsSnapshot


@dataclass(frozen=True)
class DigitsRefused:
    """The server can't let the customer key anything now; `code` is the problem to show."""

    code: str


@dataclass(frozen=True)
class WrapUpKept:
    """A wrap-up is sealed on this PC and will be sent; nothing can lose it now."""

    ref: str


@dataclass(frozen=True)
class OutboxChanged:
    """How many sealed wrap-ups wait for the server, and for which calls."""

    refs: tuple[str, ...]


@dataclass(frozen=True)
class DraftFound:
    """A note that was being written when the desk last ended."""

    ref: str
    notes: str = field(repr=False)
    code: str


@dataclass(frozen=True)
class HistoryArrived:
    """This agent's calls, newest first."""

    calls: tuple[HistorySnapshot, ...]


@dataclass(frozen=True)
class WallArrived:
    """These agents of the supervisor's teams changed."""

    agents: tuple[WallAgentSnapshot, ...]


@dataclass(frozen=True)
class Failed:
    """Something went wrong; `code` is one of `client.core.problems.PROBLEMS`."""

    code: str


@dataclass(frozen=True)
class Mended:
    """What went wrong is well again; the problem is taken off the screen if it is still there."""

    code: str


Event = (
    Invoked
    | EnrolSubmitted
    | SignInSubmitted
    | NotesEdited
    | CodeChosen
    | AnswerChosen
    | SheetClosed
    | DialSubmitted
    | CallBack
    | CallChosen
    | DigitsPressed
    | TextTyped
    | SoundChosen
    | CheckStarted
    | RevealSubmitted
    | ApprovalDecided
    | DigitsAsked
    | WindowFocus
    | TrustChanged
    | RevealAnswered
    | RevealRefused
    | RevealEnded
    | RevealDue
    | ApprovalArrived
    | ApprovalGone
    | DigitsArrived
    | DigitsRefused
    | DirectoryArrived
    | DialGranted
    | DialRefused
    | SoundRemembered
    | PrivateVoiceFound
    | AutoAnswerDue
    | CheckTick
    | DeviceMissing
    | DeviceReady
    | SignedIn
    | SignedOut
    | LinkChanged
    | CardArrived
    | WrapUpKept
    | OutboxChanged
    | DraftFound
    | HistoryArrived
    | WallArrived
    | Failed
    | Mended
    | Report
)
