"""The desk's decisions: one event in, the intents that follow from it out, and a snapshot for the screen.

The rule for trouble stands here: a session, a server or a posture that fails takes the customer's data off the screen
at once; it never ends a call. Only the call itself, or the engine's death, does that.
"""

import itertools
from collections.abc import Callable
from dataclasses import replace
from functools import singledispatchmethod

from client.core import events, intents
from client.core import telephony as tel
from client.core.agent import AgentInput, AgentMachine, AgentState
from client.core.calls import CallState, Fact
from client.core.conversation import Conversation, WrapUp
from client.core.events import Event
from client.core.intents import Intent
from client.core.invocations import Invocations
from client.core.line import Line
from client.core.problems import Problem, problem
from client.core.snapshot import (
    CardSnapshot,
    DeskSnapshot,
    HistorySnapshot,
    PersonSnapshot,
    Screen,
    ScreenDefaults,
    ScriptSnapshot,
    WallAgentSnapshot,
    WrapUpCodeSnapshot,
)

_CARDS_AHEAD = 4
"""The server tells of a call before the call arrives; so many cards wait for theirs, and older ones are forgotten."""

_SERVER_PROBLEMS = (
    "server-unreachable",
    "server-pin-mismatch",
    "server-certificate-expired",
    "server-certificate-host",
    "server-certificate-untrusted",
    "certificate-required",
    "unavailable",
)
"""What is over as soon as the desk is connected to the server."""

_ENROL_AGAIN = frozenset({"device-revoked", "certificate-expired", "profile-damaged"})
"""What only a new enrolment code helps against."""

_NotYet = (
    tel.CallOutgoing
    | tel.CallRinging
    | tel.CallSilent
    | tel.CallDigit
    | tel.CallTransfer
    | tel.TextReceived
    | tel.ConferenceChanged
    | tel.MessagesWaiting
    | tel.SoundDevices
)

_BUSY_HERE = 486
_TEMPORARILY_UNAVAILABLE = 480


class Desk:
    """The whole state of the desk.

    Args:
        clock: seconds since the epoch.
        new_ref: makes a reference for a call that the edge could not get one for, because the server was away.
    """

    def __init__(self, clock: Callable[[], float], new_ref: Callable[[], str]) -> None:
        self._clock = clock
        self._new_ref = new_ref
        self._invocations = Invocations(self)
        self.screen = Screen.STARTING
        self.agent = AgentMachine()
        self.line = Line()
        self.conversation: Conversation | None = None
        self.wrap_up: WrapUp | None = None
        self.codes: tuple[WrapUpCodeSnapshot, ...] = ()
        self._organisation = ""
        self._defaults: ScreenDefaults | None = None
        self._person: PersonSnapshot | None = None
        self._since = clock()
        self._busy = False
        self._problems: dict[str, Problem] = {}
        self._cards: dict[str, tuple[CardSnapshot, ScriptSnapshot | None]] = {}
        self._history: tuple[HistorySnapshot, ...] = ()
        self._unsent: tuple[str, ...] = ()
        self._wall: dict[str, WallAgentSnapshot] = {}
        self._sign_in_after_call = False
        self._must_enrol = False

    # --- What the rest of the program calls ---------------------------------------------------------------------------

    def handle(self, event: Event) -> list[Intent]:
        """Take an event and return what should be done about it, in order."""
        before = self.agent.state
        wanted = self._on(event)
        if self.agent.state is not before:
            self._since = self._clock()
            ref = self.conversation.ref if self.conversation else ""
            wanted.append(intents.TellPresence(self.agent.state, self._since, ref))
        return wanted

    @property
    def snapshot(self) -> DeskSnapshot:
        """What the screen shows now."""
        talk = self.conversation
        return DeskSnapshot(
            screen=self.screen,
            organisation=self._organisation,
            defaults=self._defaults,
            busy=self._busy,
            problem=next(reversed(self._problems.values()), None),
            person=self._person,
            state=self.agent.state,
            state_since=self._since,
            call=talk.snapshot if talk and not talk.is_over else None,
            card=talk.card if talk else None,
            script=talk.script.snapshot if talk and talk.script else None,
            wrap_up=self.wrap_up.snapshot if self.wrap_up else None,
            codes=self.codes,
            history=tuple(replace(entry, unsent=entry.ref in self._unsent) for entry in self._history),
            wall=tuple(self._wall.values()),
            status=replace(self.line.status, unsent=len(self._unsent)),
            enabled=self._invocations.enabled(),
        )

    # --- Shared by the handlers and the commands ----------------------------------------------------------------------

    @property
    def in_call(self) -> bool:
        """Whether a call is on: ringing, talking, held, or ending."""
        return self.conversation is not None and not self.conversation.is_over

    @property
    def has_problem(self) -> bool:
        """Whether a problem is on the screen."""
        return bool(self._problems)

    def show_problem(self, code: str) -> None:
        """Put a problem on the screen; the newest is in front."""
        self._problems.pop(code, None)
        self._problems[code] = problem(code)

    def mend(self, *codes: str) -> None:
        """Take problems off the screen."""
        for code in codes:
            self._problems.pop(code, None)

    def dismiss(self) -> None:
        """Take the front problem off the screen."""
        if self._problems:
            self._problems.popitem()

    def draft(self) -> list[Intent]:
        """Keep the note as it is now."""
        note = self.wrap_up
        return [intents.KeepDraft(note.ref, note.notes, note.code)] if note and not note.saving else []

    # --- Events -------------------------------------------------------------------------------------------------------

    @singledispatchmethod
    def _on(self, event: Event) -> list[Intent]:
        raise TypeError(f"the desk does not know the event {type(event).__name__}")

    @_on.register
    def _(self, event: events.Invoked) -> list[Intent]:
        return self._invocations.invoke(event.command, event.panel)

    @_on.register
    def _(self, event: events.EnrolSubmitted) -> list[Intent]:
        if self.screen is not Screen.ENROL or self._busy:
            return []
        self._busy = True
        self._problems.clear()
        return [intents.Enrol(event.server, event.code)]

    @_on.register
    def _(self, event: events.SignInSubmitted) -> list[Intent]:
        if self.screen is not Screen.SIGN_IN or self._busy:
            return []
        self._busy = True
        self._problems.clear()
        return [intents.SignIn(event.name, event.password, event.totp)]

    @_on.register
    def _(self, event: events.NotesEdited) -> list[Intent]:
        if self.wrap_up is None or self.wrap_up.saving or self.wrap_up.notes == event.notes:
            return []
        self.wrap_up.notes = event.notes
        return self.draft()

    @_on.register
    def _(self, event: events.CodeChosen) -> list[Intent]:
        known = any(code.id == event.code for code in self.codes)
        if self.wrap_up is None or self.wrap_up.saving or not known:
            return []
        self.wrap_up.code = event.code
        self.mend("wrap-up-code-missing")
        return self.draft()

    @_on.register
    def _(self, event: events.AnswerChosen) -> list[Intent]:
        if self.conversation and self.conversation.script:
            self.conversation.script.choose(event.answer)
        return []

    @_on.register
    def _(self, _event: events.DeviceMissing) -> list[Intent]:
        self.screen = Screen.ENROL
        self._busy = False
        return []

    @_on.register
    def _(self, event: events.DeviceReady) -> list[Intent]:
        self._organisation = event.organisation
        self._defaults = event.defaults
        self.codes = event.codes
        self.line.edges = dict(event.edges)
        self._busy = False
        self._must_enrol = False
        if self.screen in {Screen.STARTING, Screen.ENROL}:
            self.screen = Screen.SIGN_IN
            self._problems.clear()
        return []

    @_on.register
    def _(self, event: events.SignedIn) -> list[Intent]:
        self._busy = False
        self._person = event.person
        self._sign_in_after_call = False
        self._problems.clear()
        self.line.trusted(event.trust, event.trust_reasons)
        if event.supervisor:
            self.screen = Screen.SUPERVISOR
            return []
        self.screen = Screen.AGENT
        self.agent.take(AgentInput.SIGNED_IN)
        return [intents.StartTelephone(), intents.FetchHistory()]

    @_on.register
    def _(self, event: events.SignedOut) -> list[Intent]:
        self._busy = False
        self._cards.clear()
        self._wall.clear()
        self.line.trusted(None, ())
        self._history = ()
        if self.conversation:
            self.conversation.card = None
        if event.code:
            self.show_problem(event.code)
        self._must_enrol = event.code in _ENROL_AGAIN
        if self.in_call or self.wrap_up:
            # The customer is not cut off, and the note is not thrown away: the sign-in waits until both are done.
            self._sign_in_after_call = True
            return []
        return self._go_to_sign_in()

    @_on.register
    def _(self, event: events.LinkChanged) -> list[Intent]:
        came_back = event.connected and not self.line.status.server_connected
        self.line.linked(connected=event.connected)
        if event.connected:
            self.mend(*_SERVER_PROBLEMS)
        if not came_back or self._person is None:
            return []
        ref = self.conversation.ref if self.conversation else ""
        wanted: list[Intent] = [intents.TellPresence(self.agent.state, self._since, ref), intents.FetchHistory()]
        if self.in_call and self.conversation and self.conversation.card is None:
            wanted.append(intents.FetchCard(self.conversation.ref))
        return wanted if self.screen is Screen.AGENT else []

    @_on.register
    def _(self, event: events.CardArrived) -> list[Intent]:
        self.line.trusted(event.trust, event.trust_reasons)
        if self.conversation and self.conversation.ref == event.ref:
            self.conversation.identify(event.card, event.script)
        elif self._person is not None:
            self._cards[event.ref] = (event.card, event.script)
            while len(self._cards) > _CARDS_AHEAD:
                self._cards.pop(next(iter(self._cards)))
        return []

    @_on.register
    def _(self, event: events.WrapUpKept) -> list[Intent]:
        if self.wrap_up is None or self.wrap_up.ref != event.ref or not self.wrap_up.saving:
            return []
        self.wrap_up = None
        self.mend("call-cut-off")
        if self.conversation and self.conversation.ref == event.ref:
            self.conversation = None
        self.agent.take(AgentInput.WRAPPED_UP)
        if self._sign_in_after_call:
            return self._go_to_sign_in()
        return [intents.FetchHistory()]

    @_on.register
    def _(self, event: events.OutboxChanged) -> list[Intent]:
        emptied = bool(self._unsent) and not event.refs
        self._unsent = event.refs
        return [intents.FetchHistory()] if emptied and self._person else []

    @_on.register
    def _(self, event: events.DraftFound) -> list[Intent]:
        if self.wrap_up is None:
            self.wrap_up = WrapUp(event.ref, event.notes, event.code)
        return []

    @_on.register
    def _(self, event: events.HistoryArrived) -> list[Intent]:
        known = {entry.ref for entry in event.calls}
        # A call that the server has not heard of yet stays in the list: the agent remembers it.
        ours = tuple(entry for entry in self._history if entry.ref in self._unsent and entry.ref not in known)
        self._history = ours + event.calls
        return []

    @_on.register
    def _(self, event: events.WallArrived) -> list[Intent]:
        self._wall.update({agent.name: agent for agent in event.agents})
        return []

    @_on.register
    def _(self, event: events.Failed) -> list[Intent]:
        self._busy = False
        if self.wrap_up:
            # Keeping is done within the intent that asks for it: a failure before `WrapUpKept` is that of the keeping.
            self.wrap_up.saving = False
        self.show_problem(event.code)
        if self.screen is Screen.SIGN_IN and event.code in _ENROL_AGAIN:
            self.screen = Screen.ENROL
        return []

    @_on.register
    def _(self, event: events.Mended) -> list[Intent]:
        self.mend(event.code)
        return []

    # --- Reports of the engine ----------------------------------------------------------------------------------------

    @_on.register(tel.EngineStarted | tel.EngineUnfit | tel.SoundChanged)
    def _(self, event: tel.EngineStarted | tel.EngineUnfit | tel.SoundChanged) -> list[Intent]:
        self._reflect(*self.line.take(event))
        return []

    @_on.register
    def _(self, event: tel.RegistrationChanged) -> list[Intent]:
        self._reflect(*self.line.take(event))
        return [intents.RenewLine()] if event.fault is tel.LineFault.CREDENTIALS and self._person else []

    @_on.register
    def _(self, event: tel.EngineStopped) -> list[Intent]:
        wanted: list[Intent] = []
        talk = self.conversation if self.in_call else None
        if talk is not None:
            wanted = self._on(tel.CallEnded(talk.call, tel.CallEnd.ENGINE_LOST))
        self._reflect(*self.line.take(event))
        if talk is not None and talk.answered_at is not None:
            # A new engine is there within a second, sooner than anybody can read; this stays until the note is saved.
            self.show_problem("call-cut-off")
        return wanted

    @_on.register
    def _(self, event: tel.CallIncoming) -> list[Intent]:
        if self.conversation and self.conversation.call == event.call and self.in_call:
            return []
        if not self.agent.take(AgentInput.RANG):
            busy = self.agent.state in {AgentState.RINGING, AgentState.ON_CALL, AgentState.WRAP_UP}
            return [tel.RejectCall(event.call, _BUSY_HERE if busy else _TEMPORARILY_UNAVAILABLE)]
        self.conversation = Conversation(event.call, event.ref or self._new_ref(), self._clock)
        card = self._cards.pop(event.ref, None)
        if card is not None:
            self.conversation.identify(*card)
            return []
        return [intents.FetchCard(event.ref)] if event.ref else []

    @_on.register
    def _(self, event: tel.CallConfirmed) -> list[Intent]:
        talk = self._conversation_of(event.call)
        if talk is None:
            return []
        talk.machine.report(Fact.CONFIRMED)
        if talk.machine.state is not CallState.TALKING or not self.agent.take(AgentInput.ANSWERED):
            return []
        talk.confirm()
        self.wrap_up = WrapUp(talk.ref)
        return [intents.TellCall(talk.ref, answered=True, at=self._clock())]

    @_on.register
    def _(self, event: tel.CallMedia) -> list[Intent]:
        talk = self._conversation_of(event.call)
        if talk is not None:
            talk.hear(event)
            talk.machine.report(Fact.HELD if event.held_locally else Fact.RESUMED)
        return []

    @_on.register
    def _(self, event: tel.CallQuality) -> list[Intent]:
        talk = self._conversation_of(event.call)
        if talk is not None:
            talk.measure(event)
        return []

    @_on.register
    def _(self, event: tel.CallEnded) -> list[Intent]:
        if event.end is tel.CallEnd.NOT_SECURE:
            self.show_problem("call-not-secure")
        talk = self._conversation_of(event.call)
        if talk is None or talk.is_over:
            return []
        talk.machine.report(Fact.ENDED)
        now = self._clock()
        answered = talk.answered_at is not None
        entry = HistorySnapshot(
            ref=talk.ref,
            at=talk.rang_at,
            seconds=now - talk.answered_at if talk.answered_at is not None else None,
            answered=answered,
            customer=talk.card.value("name") if talk.card else "",
            code="",
        )
        self._history = (entry, *(old for old in self._history if old.ref != entry.ref))
        self.agent.take(AgentInput.HUNG_UP if answered else AgentInput.MISSED)
        wanted: list[Intent] = [intents.TellCall(talk.ref, answered=False, at=now)]
        if not answered:
            self.conversation = None
            if self._sign_in_after_call:
                wanted += self._go_to_sign_in()
        return wanted

    @_on.register(_NotYet)
    def _(self, _event: _NotYet) -> list[Intent]:
        # The engine reports these already; the core takes them up next.
        return []

    # --- Helpers ------------------------------------------------------------------------------------------------------

    def _conversation_of(self, call: int) -> Conversation | None:
        return self.conversation if self.conversation and self.conversation.call == call else None

    def _reflect(self, wrong: tuple[str, ...], well: tuple[str, ...]) -> None:
        self.mend(*well)
        for code in wrong:
            self.show_problem(code)

    def _go_to_sign_in(self) -> list[Intent]:
        self._sign_in_after_call = False
        self._person = None
        self.conversation = None
        self._history = ()
        self.agent.take(AgentInput.SIGNED_OUT)
        self.screen = Screen.ENROL if self._must_enrol else Screen.SIGN_IN
        return [tel.Unregister()]


def reference_maker(random_token: Callable[[], str]) -> Callable[[], str]:
    """Return a maker of call references from a maker of random tokens; a counter keeps them apart in any case."""
    counter = itertools.count(1)
    return lambda: f"c_{random_token()}{next(counter)}"
