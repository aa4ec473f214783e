"""What the engine reports of calls, and what follows from it."""

from functools import singledispatchmethod

from client.core import events, intents
from client.core import telephony as tel
from client.core.agent import AgentState
from client.core.calls import Ask, CallState, Fact
from client.core.conversation import Conversation
from client.core.events import Event
from client.core.intents import Intent
from client.core.snapshot import Direction, HistorySnapshot, Screen, Sheet
from client.core.state import DeskState

_BUSY_HERE = 486
_TEMPORARILY_UNAVAILABLE = 480

_FAILURES: dict[int, str] = {
    403: "dial-refused",
    404: "call-failed-unknown",
    408: "call-failed-no-answer",
    410: "call-failed-unknown",
    480: "call-failed-no-answer",
    484: "call-failed-unknown",
    486: "call-failed-busy",
    487: "call-failed-no-answer",
    600: "call-failed-busy",
    604: "call-failed-unknown",
}
"""What the SIP status of a call of ours that came to nothing means to the agent (RFC 3261, section 21)."""

_ABOUT_A_CALL = frozenset({Sheet.KEYPAD, Sheet.TRANSFER, Sheet.CONSULT})
_OUR_DOING = frozenset({tel.CallEnd.LOCAL, tel.CallEnd.REJECTED})


class Calling:
    """The room in which calls come and go."""

    def __init__(self, state: DeskState) -> None:
        self._state = state
        self._adopting: set[int] = set()

    @singledispatchmethod
    def on(self, _event: Event) -> list[Intent] | None:
        """Take an event; None where it is another room's."""
        return None

    # --- The engine ---------------------------------------------------------------------------------------------------

    @on.register
    def _(self, event: tel.EngineStarted) -> list[Intent]:
        self._state.problems.reflect(*self._state.line.take(event))
        # An engine that we come back to tells which calls it still has. What we know beyond those is over.
        gone = [talk for talk in self._state.board.live if talk.call is None or talk.call not in event.calls]
        wanted = [intent for talk in gone for intent in self.over(talk, tel.CallEnd.LOST)]
        known = {talk.call for talk in self._state.board.live}
        self._adopting = {call for call in event.calls if call not in known}
        return wanted

    @on.register
    def _(self, event: tel.EngineStopped) -> list[Intent]:
        cut_off = any(talk.answered_at is not None for talk in self._state.board.live)
        wanted = [intent for talk in self._state.board.live for intent in self.over(talk, tel.CallEnd.ENGINE_LOST)]
        self._state.problems.reflect(*self._state.line.take(event))
        if cut_off:
            # A new engine is there within a second, sooner than anybody can read; this stays until the note is saved.
            self._state.problems.show("call-cut-off")
        return wanted

    # --- Calls come ---------------------------------------------------------------------------------------------------

    @on.register
    def _(self, event: tel.CallIncoming) -> list[Intent]:
        state = self._state
        if state.board.by_call(event.call):
            return []
        adopted = event.call in self._adopting
        first = state.agent is AgentState.READY
        second = not first and state.agent is AgentState.ON_CALL and self._another_may_wait()
        if not (first or second or adopted):
            return [tel.RejectCall(event.call, self._refusal())]
        self._adopting.discard(event.call)
        talk = Conversation(event.ref or state.new_ref(), state.clock, call=event.call)
        state.board.add(talk, current=first)
        if state.sheet not in {None, Sheet.KEYPAD}:
            state.sheet = None
        wanted: list[Intent] = []
        if second:
            wanted.append(tel.PlayTone(tel.Tone.WAITING))
        elif first and state.auto_answer_seconds is not None:
            wanted.append(tel.PlayTone(tel.Tone.WARNING))
            wanted.append(intents.Later(state.auto_answer_seconds, events.AutoAnswerDue(event.call)))
        card = state.cards.pop(event.ref)
        if card is not None:
            talk.identify(*card)
        elif event.ref and state.person is not None:
            wanted.append(intents.FetchCard(event.ref))
        return wanted

    @on.register
    def _(self, event: events.AutoAnswerDue) -> list[Intent]:
        talk = self._state.board.by_call(event.call)
        return [tel.AnswerCall(event.call)] if talk is not None and talk.machine.ask(Ask.ANSWER) else []

    @on.register
    def _(self, event: tel.CallOutgoing) -> list[Intent]:
        state = self._state
        if state.board.by_call(event.call):
            return []
        check = state.check
        if check is not None and check.running and check.request == event.request:
            check.call = event.call
            return []
        talk = state.board.by_request(event.request)
        if talk is not None and talk.call is None:
            talk.call = event.call
            return []
        if event.call not in self._adopting:
            # The agent has hung up before the engine had begun.
            return [tel.HangUp(event.call)]
        self._adopting.discard(event.call)
        state.board.add(Conversation(state.new_ref(), state.clock, call=event.call, request=-1), current=False)
        return []

    # --- Calls go on --------------------------------------------------------------------------------------------------

    @on.register
    def _(self, event: tel.CallRinging) -> list[Intent]:
        talk = self._state.board.by_call(event.call)
        if talk is not None:
            talk.early_media = event.early_media
            talk.machine.report(Fact.RANG_THERE)
        return []

    @on.register
    def _(self, event: tel.CallConfirmed) -> list[Intent]:
        state = self._state
        if state.check is not None and state.check.call == event.call:
            state.check.confirmed()
            return []
        talk = state.board.by_call(event.call)
        if talk is None:
            return []
        talk.machine.report(Fact.CONFIRMED)
        if not talk.is_answered or talk.answered_at is not None:
            return []
        talk.confirm()
        if not talk.on_record:
            return []
        state.notes.begin(talk.ref)
        return [intents.TellCall(talk.ref, answered=True, at=state.clock())]

    @on.register
    def _(self, event: tel.CallMedia) -> list[Intent]:
        talk = self._state.board.by_call(event.call)
        if talk is not None:
            talk.hear(event)
            talk.machine.report(Fact.HELD if event.held_locally else Fact.RESUMED)
        return []

    @on.register
    def _(self, event: tel.CallQuality) -> list[Intent]:
        check = self._state.check
        if check is not None and check.call == event.call:
            check.measure(event)
        elif (talk := self._state.board.by_call(event.call)) is not None:
            talk.quality.take(event)
        return []

    @on.register
    def _(self, event: tel.CallSilent) -> list[Intent]:
        check = self._state.check
        if check is not None and check.call == event.call:
            check.hear(silent=event.silent)
        elif (talk := self._state.board.by_call(event.call)) is not None:
            talk.fall_silent(silent=event.silent)
        return []

    @on.register
    def _(self, _event: tel.CallDigit) -> list[Intent]:
        # What a caller keys in may be a secret; the desk neither shows nor keeps it.
        return []

    @on.register
    def _(self, event: tel.TextReceived) -> list[Intent]:
        talk = self._state.board.by_call(event.call)
        if talk is not None:
            talk.text.write(event.text, ours=False)
        return []

    @on.register
    def _(self, event: tel.ConferenceChanged) -> list[Intent]:
        self._state.board.conference = frozenset(event.calls)
        return []

    @on.register
    def _(self, event: tel.CallTransfer) -> list[Intent]:
        talk = self._state.board.by_call(event.call)
        # The call ends by itself after a transfer that worked.
        if talk is not None and event.final and event.status >= 300:
            talk.machine.report(Fact.TRANSFER_FAILED)
            self._state.problems.show("transfer-failed")
        return []

    # --- Calls end ----------------------------------------------------------------------------------------------------

    @on.register
    def _(self, event: tel.CallEnded) -> list[Intent]:
        self._adopting.discard(event.call)
        if event.end is tel.CallEnd.NOT_SECURE:
            self._state.problems.show("call-not-secure")
        check = self._state.check
        if check is not None and check.call == event.call:
            check.call = None
            if check.running:
                check.fail(event.end)
            return []
        talk = self._state.board.by_call(event.call)
        return self.over(talk, event.end, event.status) if talk is not None else []

    def over(self, talk: Conversation, end: tel.CallEnd, status: int = 0) -> list[Intent]:
        """A call is over, for whatever reason."""
        state = self._state
        given_up = talk.state is CallState.ENDING
        talk.machine.report(Fact.ENDED)
        now = state.clock()
        wanted: list[Intent] = []
        if talk.on_record:
            state.history.add(_entry(talk, now))
            wanted.append(intents.TellCall(talk.ref, answered=False, at=now))
            summary = talk.summary(end.value)
            if summary is not None:
                wanted.append(intents.KeepQuality(talk.ref, summary))
        if talk.direction is Direction.OUTGOING and talk.answered_at is None and not given_up and end not in _OUR_DOING:
            state.problems.show(_FAILURES.get(status, "call-failed"))
        if talk.ref not in state.notes:
            state.board.remove(talk.ref)
        state.board.settle()
        current = state.board.current
        if state.sheet in _ABOUT_A_CALL and (current is None or not current.is_answered):
            state.sheet = None
        if not state.board.live and state.sign_in_after_call and not state.notes:
            wanted += state.go_to_sign_in()
        return wanted

    # --- Helpers ------------------------------------------------------------------------------------------------------

    def _another_may_wait(self) -> bool:
        state = self._state
        if not (state.second_call_waits and state.board.may_wait) or state.do_not_disturb:
            return False
        return state.screen is Screen.AGENT

    def _refusal(self) -> int:
        busy = self._state.agent in {AgentState.RINGING, AgentState.ON_CALL, AgentState.WRAP_UP}
        return _BUSY_HERE if busy and not self._state.do_not_disturb else _TEMPORARILY_UNAVAILABLE


def _entry(talk: Conversation, now: float) -> HistorySnapshot:
    return HistorySnapshot(
        ref=talk.ref,
        at=talk.began_at,
        seconds=now - talk.answered_at if talk.answered_at is not None else None,
        answered=talk.answered_at is not None,
        customer=talk.card.value("name") if talk.card else "",
        code="",
        direction=talk.direction,
    )
