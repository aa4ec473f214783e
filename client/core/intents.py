"""What the core wants done. `client.app` does it; orders for the engine are `client.core.telephony`'s own."""

from dataclasses import dataclass, field

from client.core.agent import AgentState
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
    | Order
)
