"""The whole desk, against what must hold after every sequence of presses and reports."""

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from client.core import events, intents
from client.core import telephony as tel
from client.core.agent import AgentState
from client.core.calls import CallState
from client.core.commands import COMMANDS
from client.core.intents import Intent
from client.core.snapshot import DirectoryEntrySnapshot, Screen, Sheet, Words
from tests.unit.core.fake_exchange import FakeExchange
from tests.unit.core.playbook import REGISTERED, Playbook

_COLLEAGUE = DirectoryEntrySnapshot("chen", "colleague", Words("Chen", "陈"))
_KEYS = [command.id for command in COMMANDS if not command.local and command.id != "work.sign-out"]
_CALL_KEYS = [key for key in _KEYS if key.startswith("call.")]
_END_OF_ALL = 60


class DeskAtWork(RuleBasedStateMachine):
    """An agent who presses anything, an engine that obeys sooner or later, a network that does as it likes."""

    def __init__(self) -> None:
        super().__init__()
        self.book = Playbook()
        self.exchange = FakeExchange()
        self.orders: list[Intent] = []
        self.reports: list[tel.Report] = []

    @initialize()
    def work(self) -> None:
        self.book.ready()
        self.happens(events.DirectoryArrived((_COLLEAGUE,), numbers=True))

    def happens(self, event: events.Event) -> None:
        """Feed an event; what the desk wants done waits until the exchange or the server gets to it."""
        self.orders += self.book.happens(event)

    # --- The agent ----------------------------------------------------------------------------------------------------

    @rule(key=st.sampled_from(_KEYS), panel=st.sampled_from(["", "script"]))
    def press(self, key: str, panel: str) -> None:
        self.happens(events.Invoked(key, panel))

    @rule(
        deed=st.sampled_from(
            [
                events.DialSubmitted(entry="chen"),
                events.DialSubmitted(number="13800000000"),
                events.SheetClosed(),
                events.DigitsPressed("12#"),
                events.TextTyped("ab\b"),
                events.CheckStarted(),
                events.NotesEdited("text"),
                events.CodeChosen("again"),
            ]
        )
    )
    def do(self, deed: events.Event) -> None:
        self.happens(deed)

    @rule(key=st.sampled_from(_CALL_KEYS))
    def press_what_is_offered(self, key: str) -> None:
        """Most people press what the screen offers."""
        if key in self.book.sees.enabled:
            self.happens(events.Invoked(key))

    @rule()
    def a_call_comes_about(self) -> None:
        """Somebody calls, and the agent answers as soon as it rings."""
        self.somebody_calls()
        self.everybody_waits()
        self.happens(events.Invoked("call.answer"))
        self.everybody_waits()

    @rule()
    def everybody_waits(self) -> None:
        """Nothing new happens until all that was wanted is done."""
        for _ in range(200):
            if not (self.orders or self.reports):
                return
            self.catch_up(1)

    @rule(index=st.integers(0, 3))
    def point_at_a_call(self, index: int) -> None:
        calls = self.book.sees.calls
        if index < len(calls):
            self.happens(events.CallChosen(calls[index].ref))

    # --- Engine and server, sooner or later ---------------------------------------------------------------------------

    @rule(count=st.integers(1, 4))
    def catch_up(self, count: int) -> None:
        for _ in range(count):
            if self.reports:
                self.happens(self.reports.pop(0))
            elif self.orders:
                self._carry_out(self.orders.pop(0))

    def _carry_out(self, wish: Intent) -> None:
        match wish:
            case intents.FetchDialToken(request):
                ref = "" if wish.entry else f"c_outgoing{request}"
                self.happens(events.DialGranted(request, "t_token", ref))
            case intents.SaveWrapUp(ref):
                self.happens(events.WrapUpKept(ref))
            case intents.Later(_, event):
                self.happens(event)
            case _:
                self.reports += self.exchange.obey(wish)

    @precondition(lambda self: any(isinstance(wish, intents.FetchDialToken) for wish in self.orders))
    @rule()
    def refuse_a_token(self) -> None:
        wish = next(wish for wish in self.orders if isinstance(wish, intents.FetchDialToken))
        self.orders.remove(wish)
        self.happens(events.DialRefused(wish.request, "dial-refused"))

    # --- The network --------------------------------------------------------------------------------------------------

    @rule()
    def somebody_calls(self) -> None:
        if len(self.exchange.lines) < 6:
            self.reports.append(self.exchange.new_call())

    def _line(self, index: int) -> int | None:
        numbers = sorted(self.exchange.lines)
        return numbers[index % len(numbers)] if numbers else None

    @rule(index=st.integers(0, 5), end=st.sampled_from([tel.CallEnd.REMOTE, tel.CallEnd.FAILED, tel.CallEnd.LOST]))
    def other_side_goes(self, index: int, end: tel.CallEnd) -> None:
        number = self._line(index)
        if number is not None:
            self.reports += self.exchange.end(number, end, 486)

    @rule(index=st.integers(0, 5))
    def other_side_answers(self, index: int) -> None:
        number = self._line(index)
        if number is not None and self.exchange.lines[number].ours:
            self.reports += self.exchange.confirm(self.exchange.lines[number])

    @rule(index=st.integers(0, 5), status=st.sampled_from([100, 200, 404, 503]))
    def transfer_goes_on(self, index: int, status: int) -> None:
        number = self._line(index)
        if number is not None:
            self.reports.append(tel.CallTransfer(number, status, final=status >= 200))
            if status == 200:
                self.reports += self.exchange.end(number, tel.CallEnd.LOCAL)

    @rule(index=st.integers(0, 5), silent=st.booleans())
    def figures_come(self, index: int, silent: bool) -> None:
        number = self._line(index)
        if number is not None:
            self.reports.append(tel.CallQuality(number, 5.0, 20.0, 80.0))
            self.reports.append(tel.CallSilent(number, silent))
            self.reports.append(tel.CallRinging(number))

    @precondition(lambda self: self.exchange.lines)
    @rule()
    def engine_dies(self) -> None:
        self.exchange = FakeExchange(last=self.exchange.last)
        self.reports = []
        self.happens(tel.EngineStopped(-9, 0.0))
        self.happens(tel.EngineStarted(1, "2.17", "OpenSSL 3", ()))
        self.happens(REGISTERED)

    @rule()
    def desk_is_cut_off_from_its_engine(self) -> None:
        self.reports = []
        self.happens(tel.EngineStarted(1, "2.17", "OpenSSL 3", (), calls=tuple(sorted(self.exchange.lines))))
        self.reports += [
            tel.CallConfirmed(line.number) for line in self.exchange.lines.values() if line.confirmed
        ]  # fmt: skip

    @rule(
        event=st.sampled_from(
            [
                REGISTERED,
                tel.RegistrationChanged(tel.RegistrationState.FAILED, fault=tel.LineFault.UNREACHABLE),
                events.LinkChanged(connected=False),
                events.LinkChanged(connected=True),
                events.Failed("internal"),
                tel.SoundChanged("", "", (tel.SoundFault.NO_MICROPHONE,), tel.SoundNews.LOST),
                tel.SoundChanged("a", "b", (), tel.SoundNews.RETURNED),
            ]
        )
    )
    def line_and_server(self, event: events.Event) -> None:
        self.happens(event)

    # --- What must hold -----------------------------------------------------------------------------------------------

    @invariant()
    def the_screen_can_show_it(self) -> None:
        seen = self.book.sees
        assert sum(call.current for call in seen.calls) == bool(seen.calls)
        assert (seen.call is not None) == bool(seen.calls)
        assert all(call.state is not CallState.ENDED for call in seen.calls)
        assert (seen.state in {AgentState.RINGING, AgentState.ON_CALL}) == bool(seen.calls)
        assert (seen.state is AgentState.WRAP_UP) == (not seen.calls and seen.wrap_up is not None)
        assert (seen.check is not None) == (seen.sheet is Sheet.CHECK)
        assert len(seen.calls) <= 4

    @invariant()
    def every_call_can_be_left(self) -> None:
        seen = self.book.sees
        for call in seen.calls:
            if call.state is CallState.RINGING:
                assert "call.reject" in seen.enabled
            elif call.current and call.state is not CallState.ENDING:
                assert "call.hang-up" in seen.enabled

    @invariant()
    def at_most_one_is_heard_outside_a_conference_when_all_is_done(self) -> None:
        if not self.orders and not self.reports:
            alone = self.exchange.heard - set(self.exchange.conference)
            assert len(alone) <= 1 or self.book.sees.state is AgentState.OFFLINE

    def teardown(self) -> None:
        """From wherever this led, the agent gets out of it with keys alone, and home."""
        for _ in range(_END_OF_ALL):
            while self.orders or self.reports:
                self.catch_up(1)
            seen = self.book.sees
            if seen.sheet is not None:
                self.happens(events.SheetClosed())
            for key in ("call.reject", "call.hang-up", "work.save"):
                self.happens(events.Invoked("choose.1", "codes"))
                if key in self.book.sees.enabled:
                    self.happens(events.Invoked(key))
            if not (self.orders or self.reports or self.book.sees.calls or self.book.sees.wrap_up):
                break
        assert self.book.sees.screen is Screen.AGENT
        assert self.book.sees.calls == ()
        assert self.book.sees.wrap_up is None
        assert "work.sign-out" in self.book.sees.enabled


DeskAtWork.TestCase.settings = settings(max_examples=150, stateful_step_count=50, deadline=None)
TestDeskAtWork = DeskAtWork.TestCase
