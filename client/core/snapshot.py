"""What the screen shows, as plain frozen values. The core makes a new `DeskSnapshot` after every event.

Times are seconds since the epoch (UTC). Nothing here is clear customer data: values arrive masked from the server.
"""

from dataclasses import dataclass, field
from enum import StrEnum

from client.core.agent import AgentState
from client.core.calls import CallState
from client.core.problems import Problem
from client.core.telephony import RegistrationState, SoundFault


class Screen(StrEnum):
    """Which screen the desk is on."""

    STARTING = "starting"
    ENROL = "enrol"
    SIGN_IN = "sign-in"
    AGENT = "agent"
    SUPERVISOR = "supervisor"


@dataclass(frozen=True)
class Words:
    """A text that came from the organisation in both languages."""

    en: str
    zh: str


@dataclass(frozen=True)
class PersonSnapshot:
    """Who is signed in."""

    name: str
    display_name: str
    team: str
    work_type: str


@dataclass(frozen=True)
class CallSnapshot:
    """The call on the screen."""

    ref: str
    state: CallState
    since: float
    """When it entered the phase that the agent counts: ringing, then talking."""
    muted: bool = False
    held: bool = False
    secure: str = ""
    """The SRTP suite, empty until media flows."""
    codec: str = ""
    loss_percent: float | None = None
    round_trip_ms: float | None = None


@dataclass(frozen=True)
class CardFieldSnapshot:
    """One field of the customer's card. `name` is a stable key such as 'id-card'; the screen has the label."""

    name: str
    data_class: str
    masked: bool
    value: str = field(repr=False)


@dataclass(frozen=True)
class ContactSnapshot:
    """An earlier contact."""

    at: float
    channel: str
    summary: Words


@dataclass(frozen=True)
class CardSnapshot:
    """The customer of the call. `known` is False for a caller who is not a known customer."""

    known: bool
    fields: tuple[CardFieldSnapshot, ...] = ()
    contacts: tuple[ContactSnapshot, ...] = ()

    def value(self, name: str) -> str:
        """The shown value of a field, or an empty string."""
        return next((entry.value for entry in self.fields if entry.name == name), "")


@dataclass(frozen=True)
class ScriptAnswerSnapshot:
    """One answer and the step that it leads to."""

    label: Words
    goto: int


@dataclass(frozen=True)
class ScriptStepSnapshot:
    """One step of the script."""

    title: Words
    say: Words
    answers: tuple[ScriptAnswerSnapshot, ...] = ()


@dataclass(frozen=True)
class ScriptSnapshot:
    """The script of the call and where the agent is in it."""

    title: Words
    steps: tuple[ScriptStepSnapshot, ...]
    step: int = 0
    can_go_back: bool = False


@dataclass(frozen=True)
class WrapUpCodeSnapshot:
    """One way to code a call."""

    id: str
    label: Words


@dataclass(frozen=True)
class WrapUpSnapshot:
    """The note being written. It exists from the moment a call is answered until it is saved."""

    ref: str
    notes: str
    code: str
    saving: bool = False


@dataclass(frozen=True)
class StatusSnapshot:
    """The line at the foot of the screen: always in view, never loud."""

    registration: RegistrationState = RegistrationState.UNREGISTERED
    edge: Words | None = None
    server_connected: bool = False
    engine_running: bool = False
    trust: int | None = None
    trust_reasons: tuple[str, ...] = ()
    recording: bool = False
    watchers: tuple[str, ...] = ()
    unsent: int = 0
    """Wrap-ups kept here, sealed, until the server has them."""
    sound_faults: tuple[SoundFault, ...] = ()


@dataclass(frozen=True)
class HistorySnapshot:
    """One call of today's list."""

    ref: str
    at: float
    seconds: float | None
    """Talking time; None where the call was missed or still runs."""
    answered: bool
    customer: str
    code: str
    unsent: bool = False


@dataclass(frozen=True)
class WallAgentSnapshot:
    """One agent on a supervisor's wall."""

    name: str
    display_name: str
    team: str
    presence: AgentState
    since: float
    on_call: bool
    trust: int | None


@dataclass(frozen=True)
class ScreenDefaults:
    """How the organisation would set the screen for a new person; 'system' leaves it to this PC."""

    key_profile: str = "standard"
    theme: str = "system"
    language: str = "system"


@dataclass(frozen=True)
class DeskSnapshot:
    """Everything that the screen shows."""

    screen: Screen = Screen.STARTING
    organisation: str = ""
    defaults: ScreenDefaults | None = None
    busy: bool = False
    """Something the person asked for is under way (enrolling, signing in)."""
    problem: Problem | None = None
    """The one problem that matters now; the person can dismiss it."""
    person: PersonSnapshot | None = None
    state: AgentState = AgentState.OFFLINE
    state_since: float = 0.0
    call: CallSnapshot | None = None
    card: CardSnapshot | None = None
    script: ScriptSnapshot | None = None
    wrap_up: WrapUpSnapshot | None = None
    codes: tuple[WrapUpCodeSnapshot, ...] = ()
    history: tuple[HistorySnapshot, ...] = ()
    wall: tuple[WallAgentSnapshot, ...] = ()
    status: StatusSnapshot = StatusSnapshot()
    enabled: frozenset[str] = frozenset()
    """Ids of the commands that would do something now."""
