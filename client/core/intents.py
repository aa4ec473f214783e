"""What the core wants done. `client.app` does it; orders for the engine are `client.core.telephony`'s own."""

from dataclasses import dataclass, field

from client.core.agent import AgentState
from client.core.events import AutoAnswerDue, CheckTick, RevealDue
from client.core.quality_watch import QualitySummary
from client.core.telephony import Order


@dataclass(frozen=True)
class Enrol:
    """Turn this PC into a device."""

    server: str
    code: str = field(repr=False)


@dataclass(frozen=True)
class SignIn:
    """Open a session."""

    name: str
    password: str = field(repr=False)
    totp: str = field(repr=False)


@dataclass(frozen=True)
class SignOut:
    """Close the session and leave the edge."""


@dataclass(frozen=True)
class StartTelephone:
    """Start the engine and register."""


@dataclass(frozen=True)
class RenewLine:
    """Fetch fresh SIP credentials and register with them."""


@dataclass(frozen=True)
class FetchCard:
    """Ask the server for the customer of a call."""

    ref: str


@dataclass(frozen=True)
class KeepDraft:
    """Seal the note as it is, so that a crash loses nothing."""

    ref: str
    notes: str = field(repr=False)
    code: str


@dataclass(frozen=True)
class SaveWrapUp:
    """Seal the finished note, then send it, now or when the server is back."""

    ref: str
    notes: str = field(repr=False)
    code: str


@dataclass(frozen=True)
class TellPresence:
    """Tell the server what the agent does."""

    state: AgentState
    since: float
    ref: str = ""


@dataclass(frozen=True)
class TellCall:
    """Tell the server that a call was answered or is over."""

    ref: str
    answered: bool
    at: float


@dataclass(frozen=True)
class FetchHistory:
    """Ask the server for this agent's calls."""


@dataclass(frozen=True)
class FetchDirectory:
    """Ask the server whom this person may call."""


@dataclass(frozen=True)
class FetchDialToken:
    """Ask the server for a token: for an entry of the directory, the customer of an earlier call, or a number."""

    request: int
    entry: str = ""
    call: str = ""
    number: str = field(default="", repr=False)


@dataclass(frozen=True)
class AskReveal:
    """Ask the server for a reveal lease; what answers it carries `request` too."""

    ref: str
    name: str
    reason: str = ""
    typed_reason: str = field(default="", repr=False)
    request: int = 0


@dataclass(frozen=True)
class EndReveal:
    """Wipe the value from the safe, and tell the server why. `reason` as `provisioning.api.LeaseEnd`."""

    ref: str
    lease: str
    reason: str
    shown_seconds: float = 0.0


@dataclass(frozen=True)
class TellShown:
    """Tell the server that the value is on the screen."""

    lease: str
    at: float


@dataclass(frozen=True)
class SpeakReveal:
    """Read the value aloud on the private sound device, and nowhere else; `ear` is both, left or right."""

    lease: str
    device: str
    ear: str


@dataclass(frozen=True)
class DecideApproval:
    """Tell the server what the supervisor decided."""

    lease: str
    approved: bool


@dataclass(frozen=True)
class AskDigits:
    """Ask the server to let the customer key in a card."""

    ref: str
    amount: str = ""


@dataclass(frozen=True)
class CancelDigits:
    """Stop it; the customer's tones reach the call again."""

    ref: str
    digits: str


@dataclass(frozen=True)
class KeepQuality:
    """Keep how a call sounded, and send it, now or when the server is back."""

    ref: str
    record: QualitySummary


@dataclass(frozen=True)
class KeepSound:
    """Keep the choice of sound devices for the next start."""

    capture: str
    playback: str
    ring: str
    ear: str


@dataclass(frozen=True)
class Later:
    """Bring this event back after so many seconds."""

    seconds: float
    event: AutoAnswerDue | CheckTick | RevealDue


Intent = (
    Enrol
    | SignIn
    | SignOut
    | StartTelephone
    | RenewLine
    | FetchCard
    | KeepDraft
    | SaveWrapUp
    | TellPresence
    | TellCall
    | FetchHistory
    | FetchDirectory
    | FetchDialToken
    | AskReveal
    | EndReveal
    | TellShown
    | SpeakReveal
    | DecideApproval
    | AskDigits
    | CancelDigits
    | KeepQuality
    | KeepSound
    | Later
    | Order
)
