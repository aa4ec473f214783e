"""What the screen shows, as plain frozen values. The core makes a new `DeskSnapshot` after every event.

Times are seconds since the epoch (UTC). Nothing here is clear customer data: values arrive masked from the server.
"""

from dataclasses import dataclass, field, replace
from enum import StrEnum

from client.core.agent import AgentState
from client.core.calls import CallState
from client.core.problems import Problem
from client.core.quality import Verdict
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


class Direction(StrEnum):
    """Who called."""

    INCOMING = "incoming"
    OUTGOING = "outgoing"


@dataclass(frozen=True)
class TextLineSnapshot:
    """One line of real-time text; the last of each side may still grow."""

    ours: bool
    at: float
    text: str = field(repr=False)
    open: bool = False
    """Whether it is still being written."""


@dataclass(frozen=True)
class QualitySnapshot:
    """How the call sounds. `advice` names what to do about it (`client.core.quality_watch.Advice`), empty when well."""

    mos: float
    verdict: Verdict
    advice: str = ""
    loss_percent: float = 0.0
    """Of what we should hear."""
    sent_loss_percent: float = 0.0
    """Of what the other side should hear."""
    jitter_ms: float = 0.0
    round_trip_ms: float = 0.0


@dataclass(frozen=True)
class CallSnapshot:
    """One call on the screen."""

    ref: str
    state: CallState
    since: float
    """When it entered the phase that the agent counts: ringing, then talking."""
    direction: Direction = Direction.INCOMING
    label: Words | None = None
    """Who it is, as far as the desk may show it: the customer's masked name, or the directory's entry."""
    current: bool = True
    """Whether the commands act on this call."""
    muted: bool = False
    held: bool = False
    held_there: bool = False
    """The other side holds us."""
    silent: bool = False
    """Nothing has come from the other side for some seconds."""
    in_conference: bool = False
    early_media: bool = False
    secure: str = ""
    """The SRTP suite, empty until media flows."""
    codec: str = ""
    quality: QualitySnapshot | None = None
    can_text: bool = False
    text: tuple[TextLineSnapshot, ...] = ()
    digits_sent: int = 0


@dataclass(frozen=True)
class CardFieldSnapshot:
    """One field of the customer's card. `name` is the server's own, such as 'id_card'; the screen has the label."""

    name: str
    data_class: str
    masked: bool
    value: str = field(repr=False)
    revealable: bool = False
    """Whether the agent may ask for it in clear, in this call."""


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

    def covered(self) -> "CardSnapshot":
        """The same with nothing to reveal."""
        return replace(self, fields=tuple(replace(entry, revealable=False) for entry in self.fields))


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
    waiting: int = 0
    """How many other notes wait after this one."""
    found: bool = False
    """Whether it was begun before the desk last ended; it may come up a moment after its call."""


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
    direction: Direction = Direction.INCOMING


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


REVEALING_TRUST = 2
"""The trust level from which on a desk may show fields in clear."""


class RevealStage(StrEnum):
    """How far a reveal is."""

    ASKING = "asking"
    WAITING = "waiting"
    """A supervisor must agree."""
    SHOWN = "shown"


@dataclass(frozen=True)
class RevealSnapshot:
    """One field in clear, or on its way there. The value is not here: the screen paints it from the safe."""

    name: str
    """The field."""
    stage: RevealStage
    lease: str = ""
    ends_at: float = 0.0
    """When it is covered again, or when nobody can agree any more."""


@dataclass(frozen=True)
class RevealReasonSnapshot:
    """A reason that the agent may choose."""

    id: str
    label: Words


@dataclass(frozen=True)
class DigitsSnapshot:
    """What the customer is keying, unseen and unheard (`stage` as `provisioning.api.DigitsStage`)."""

    stage: str
    received: int = 0
    expected: int = 0
    valid: bool | None = None
    outcome: str = ""


@dataclass(frozen=True)
class ApprovalSnapshot:
    """On a supervisor's desk: an agent asks to reveal a field."""

    lease: str
    agent: str
    display_name: str
    name: str
    """The field."""
    reason: str
    ends_at: float
    typed_reason: str = field(default="", repr=False)


class Sheet(StrEnum):
    """What lies over the screen; one at a time."""

    DIAL = "dial"
    CONSULT = "consult"
    TRANSFER = "transfer"
    KEYPAD = "keypad"
    SOUND = "sound"
    CHECK = "check"
    REVEAL = "reveal"
    DIGITS = "digits"


@dataclass(frozen=True)
class DirectoryEntrySnapshot:
    """Whom the agent may call; `kind` is colleague, queue or service."""

    id: str
    kind: str
    label: Words


@dataclass(frozen=True)
class SoundSnapshot:
    """The sound devices: what there is, what the person chose (empty: the system's), and what is in use."""

    captures: tuple[str, ...] = ()
    playbacks: tuple[str, ...] = ()
    capture: str = ""
    playback: str = ""
    ring: str = ""
    ear: str = "both"
    """Where the caller is heard: both, left or right. The other ear is the screen reader's."""
    used_capture: str = ""
    used_playback: str = ""
    used_ring: str = ""


class CheckStage(StrEnum):
    """How far the check before the shift is."""

    LISTENING = "listening"
    """The meter moves; nothing is sent."""
    CALLING = "calling"
    MEASURING = "measuring"
    """The agent hears their own voice from the edge."""
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True)
class CheckSnapshot:
    """The check before the shift. Levels are 0 to 1; `findings` name what to do (`client.core.check.Finding`)."""

    stage: CheckStage
    capture_level: float = 0.0
    playback_level: float = 0.0
    seconds_left: int = 0
    quality: QualitySnapshot | None = None
    findings: tuple[str, ...] = ()
    """Empty when done and all is well."""


@dataclass(frozen=True)
class ScreenDefaults:
    """How the organisation would set the screen for a new person; 'system' leaves it to this PC."""

    key_profile: str = "standard"
    theme: str = "system"
    language: str = "system"


@dataclass(frozen=True)
class ScreenPolicy:
    """What the organisation asks of the screen; the person can't change it."""

    device: str = ""
    """The device's id, for the watermark."""
    watermark: str = "none"
    """'visible', 'invisible', 'both' or 'none'."""
    blank_when_unfocused: bool = True


@dataclass(frozen=True)
class DeskSnapshot:
    """Everything that the screen shows."""

    screen: Screen = Screen.STARTING
    organisation: str = ""
    defaults: ScreenDefaults | None = None
    policy: ScreenPolicy = ScreenPolicy()
    busy: bool = False
    """Something the person asked for is under way (enrolling, signing in)."""
    problem: Problem | None = None
    """The one problem that matters now; the person can dismiss it."""
    person: PersonSnapshot | None = None
    state: AgentState = AgentState.OFFLINE
    state_since: float = 0.0
    break_next: bool = False
    """A break begins as soon as calls and notes are done."""
    do_not_disturb: bool = False
    call: CallSnapshot | None = None
    """The call that the commands act on; one that rings first where there is no other."""
    calls: tuple[CallSnapshot, ...] = ()
    """All of them, in the order in which they came; `call` is among them."""
    card: CardSnapshot | None = None
    script: ScriptSnapshot | None = None
    wrap_up: WrapUpSnapshot | None = None
    codes: tuple[WrapUpCodeSnapshot, ...] = ()
    history: tuple[HistorySnapshot, ...] = ()
    wall: tuple[WallAgentSnapshot, ...] = ()
    status: StatusSnapshot = StatusSnapshot()
    sheet: Sheet | None = None
    directory: tuple[DirectoryEntrySnapshot, ...] = ()
    may_dial_numbers: bool = False
    sound: SoundSnapshot = SoundSnapshot()
    check: CheckSnapshot | None = None
    messages: int = 0
    """New voice messages."""
    reveal: RevealSnapshot | None = None
    reveal_reasons: tuple[RevealReasonSnapshot, ...] = ()
    may_type_reason: bool = False
    digits: DigitsSnapshot | None = None
    approvals: tuple[ApprovalSnapshot, ...] = ()
    """On a supervisor's desk: who waits for a yes or a no, the oldest first."""
    enabled: frozenset[str] = frozenset()
    """Ids of the commands that would do something now."""
