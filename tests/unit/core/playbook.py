"""A desk under test, driven by events and read as a person would read it."""

from dataclasses import dataclass, field

from client.core import events, intents
from client.core import telephony as tel
from client.core.desk import Desk
from client.core.events import Event
from client.core.intents import Intent
from client.core.snapshot import (
    CardFieldSnapshot,
    CardSnapshot,
    DeskSnapshot,
    PersonSnapshot,
    ScriptAnswerSnapshot,
    ScriptSnapshot,
    ScriptStepSnapshot,
    Words,
    WrapUpCodeSnapshot,
)

CALL = 7
REF = "c_reference1"
CODES = (
    WrapUpCodeSnapshot("answered", Words("Answered", "已解答")),
    WrapUpCodeSnapshot("again", Words("Call again", "再联系")),
)
CARD = CardSnapshot(known=True, fields=(CardFieldSnapshot("name", "C2", masked=True, value="张*"),))
SCRIPT = ScriptSnapshot(
    title=Words("Instalments", "账单分期"),
    steps=(
        ScriptStepSnapshot(
            Words("Ask", "询问"), Words("Shall we?", "可以吗？"), (ScriptAnswerSnapshot(Words("Yes", "可以"), 1),)
        ),
        ScriptStepSnapshot(Words("Thank", "致谢"), Words("Thank you.", "谢谢。")),
    ),
)
REGISTERED = tel.RegistrationChanged(tel.RegistrationState.REGISTERED, edge="edge:5061")


@dataclass
class Playbook:
    """Feeds events, and collects what the desk wanted done."""

    now: float = 1000.0
    wanted: list[Intent] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.desk = Desk(lambda: self.now, lambda: "c_made_here1")

    def happens(self, *happenings: Event) -> list[Intent]:
        """Feed events one by one; returns what all of them led to."""
        new = [intent for event in happenings for intent in self.desk.handle(event)]
        self.wanted += new
        return new

    def presses(self, command: str, panel: str = "") -> list[Intent]:
        """Invoke a command of the registry."""
        return self.happens(events.Invoked(command, panel))

    @property
    def sees(self) -> DeskSnapshot:
        """What is on the screen."""
        return self.desk.snapshot

    @property
    def problem(self) -> str:
        """The code of the problem on the screen, or an empty string."""
        return self.sees.problem.code if self.sees.problem else ""

    # --- Ways to get somewhere ---------------------------------------------------------------------------------------

    def signed_in(self) -> "Playbook":
        """An agent is signed in and registered, and not ready yet."""
        self.happens(
            events.DeviceReady("Bank", CODES, (("edge:5061", Words("Shanghai one", "上海一号")),)),
            events.SignedIn(
                PersonSnapshot("lin", "Lin", "cards", "service"), supervisor=False, trust=1, trust_reasons=()
            ),
            events.LinkChanged(connected=True),
            tel.EngineStarted(pid=1, core_version="2.17", tls="OpenSSL 3", codecs=("opus/48000",)),
            REGISTERED,
        )
        return self

    def ready(self) -> "Playbook":
        """The agent takes calls."""
        self.signed_in().presses("work.ready")
        return self

    def ringing(self) -> "Playbook":
        """A known customer calls."""
        self.ready().happens(events.CardArrived(REF, CARD, SCRIPT, 1, ()), tel.CallIncoming(CALL, REF))
        return self

    def talking(self) -> "Playbook":
        """The agent has answered."""
        self.ringing().presses("call.answer")
        self.happens(tel.CallConfirmed(CALL))
        return self

    def wrapping_up(self) -> "Playbook":
        """The customer has hung up."""
        self.talking().happens(tel.CallEnded(CALL, tel.CallEnd.REMOTE))
        return self


def of_kind(wanted: list[Intent], kind: type) -> list[Intent]:
    """The intents of one class."""
    return [intent for intent in wanted if isinstance(intent, kind)]


def presences(wanted: list[Intent]) -> list[str]:
    """The presences that were told, in order."""
    return [intent.state.value for intent in wanted if isinstance(intent, intents.TellPresence)]
