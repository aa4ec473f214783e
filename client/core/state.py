"""What the rooms of the desk share: everything that is so, and nothing that decides."""

from collections.abc import Callable
from dataclasses import dataclass, field

from client.core import telephony as tel
from client.core.agent import AgentState, Duty, state_of
from client.core.board import Board
from client.core.cards import Cards
from client.core.check import Check
from client.core.history import History
from client.core.intents import Intent
from client.core.line import Line
from client.core.notes import Notes
from client.core.problems import Problems
from client.core.snapshot import (
    Direction,
    DirectoryEntrySnapshot,
    PersonSnapshot,
    RevealReasonSnapshot,
    Screen,
    ScreenDefaults,
    ScreenPolicy,
    Sheet,
    SoundSnapshot,
    WallAgentSnapshot,
    WrapUpCodeSnapshot,
)


@dataclass
class DeskState:
    """The whole state of the desk.

    `clock` gives seconds since the epoch; `new_ref` makes a reference for a call that has none from the server.
    """

    clock: Callable[[], float]
    new_ref: Callable[[], str]
    since: float
    """When the agent began what they are doing."""
    screen: Screen = Screen.STARTING
    person: PersonSnapshot | None = None
    duty: Duty = Duty.OFFLINE
    do_not_disturb: bool = False
    board: Board = field(default_factory=Board)
    notes: Notes = field(default_factory=Notes)
    history: History = field(default_factory=History)
    line: Line = field(default_factory=Line)
    problems: Problems = field(default_factory=Problems)
    codes: tuple[WrapUpCodeSnapshot, ...] = ()
    directory: tuple[DirectoryEntrySnapshot, ...] = ()
    may_dial_numbers: bool = False
    auto_answer_seconds: float | None = None
    second_call_waits: bool = True
    reveal_reasons: tuple[RevealReasonSnapshot, ...] = ()
    may_type_reason: bool = False
    sheet: Sheet | None = None
    sound: SoundSnapshot = field(default_factory=SoundSnapshot)
    check: Check | None = None
    messages: int = 0
    defaults: ScreenDefaults | None = None
    screen_policy: ScreenPolicy = field(default_factory=ScreenPolicy)
    wall: dict[str, WallAgentSnapshot] = field(default_factory=dict)
    cards: Cards = field(default_factory=Cards)
    sign_in_after_call: bool = False
    must_enrol: bool = False

    @property
    def agent(self) -> AgentState:
        """What the agent is doing."""
        live = self.board.live
        return state_of(
            self.duty,
            on_call=any(talk.answered_at is not None or talk.direction is Direction.OUTGOING for talk in live),
            ringing=bool(live),
            writing=bool(self.notes),
            undisturbed=self.do_not_disturb,
        )

    def go_to_sign_in(self) -> list[Intent]:
        """Nobody is signed in any more."""
        self.sign_in_after_call = False
        self.person = None
        self.board.forget_customers()
        self.history.clear()
        self.directory = ()
        self.sheet = None
        self.duty = Duty.OFFLINE
        self.do_not_disturb = False
        self.screen = Screen.ENROL if self.must_enrol else Screen.SIGN_IN
        return [tel.Unregister()]

    @property
    def subject_ref(self) -> str:
        """The reference of the call that the screen is about, or an empty string."""
        return self.board.subject.ref if self.board.subject else ""

    @property
    def registered(self) -> bool:
        """Whether the line is up."""
        return self.line.status.registration is tel.RegistrationState.REGISTERED
