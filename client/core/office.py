"""Enrolment, sign-in, the server, the customer's card, and the paperwork."""

from functools import singledispatchmethod

from client.core import events, intents
from client.core.agent import Duty
from client.core.events import Event
from client.core.intents import Intent
from client.core.snapshot import Screen
from client.core.state import DeskState

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


class Office:
    """The room of everything that is not telephone."""

    def __init__(self, state: DeskState) -> None:
        self._state = state
        self.busy = False
        self.organisation = ""

    @singledispatchmethod
    def on(self, _event: Event) -> list[Intent] | None:
        """Take an event; None where it is another room's."""
        return None

    # --- Forms --------------------------------------------------------------------------------------------------------

    @on.register
    def _(self, event: events.EnrolSubmitted) -> list[Intent]:
        if self._state.screen is not Screen.ENROL or self.busy:
            return []
        self.busy = True
        self._state.problems.clear()
        return [intents.Enrol(event.server, event.code)]

    @on.register
    def _(self, event: events.SignInSubmitted) -> list[Intent]:
        if self._state.screen is not Screen.SIGN_IN or self.busy:
            return []
        self.busy = True
        self._state.problems.clear()
        return [intents.SignIn(event.name, event.password, event.totp)]

    @on.register
    def _(self, _event: events.DeviceMissing) -> list[Intent]:
        self._state.screen = Screen.ENROL
        self.busy = False
        return []

    @on.register
    def _(self, event: events.DeviceReady) -> list[Intent]:
        state = self._state
        self.organisation = event.organisation
        state.defaults = event.defaults
        state.screen_policy = event.screen
        state.codes = event.codes
        state.line.edges = dict(event.edges)
        state.auto_answer_seconds = event.auto_answer_seconds
        state.second_call_waits = event.second_call_waits
        state.reveal_reasons = event.reveal_reasons
        state.may_type_reason = event.may_type_reason
        self.busy = False
        state.must_enrol = False
        if state.screen in {Screen.STARTING, Screen.ENROL}:
            state.screen = Screen.SIGN_IN
            state.problems.clear()
        return []

    @on.register
    def _(self, event: events.SignedIn) -> list[Intent]:
        state = self._state
        self.busy = False
        state.person = event.person
        state.sign_in_after_call = False
        state.problems.clear()
        state.line.trusted(event.trust, event.trust_reasons)
        if event.supervisor:
            state.screen = Screen.SUPERVISOR
            return []
        state.screen = Screen.AGENT
        state.duty = Duty.BREAK
        return [intents.StartTelephone(), intents.FetchHistory(), intents.FetchDirectory()]

    @on.register
    def _(self, event: events.SignedOut) -> list[Intent]:
        state = self._state
        self.busy = False
        state.cards.clear()
        state.wall.clear()
        state.line.trusted(None, ())
        state.history.clear()
        state.board.forget_customers()
        if event.code:
            state.problems.show(event.code)
        state.must_enrol = event.code in _ENROL_AGAIN
        if state.board.live or state.notes:
            # The customer is not cut off, and the note is not thrown away: the sign-in waits until both are done.
            state.sign_in_after_call = True
            return []
        return state.go_to_sign_in()

    # --- The server ---------------------------------------------------------------------------------------------------

    @on.register
    def _(self, event: events.LinkChanged) -> list[Intent]:
        state = self._state
        came_back = event.connected and not state.line.status.server_connected
        state.line.linked(connected=event.connected)
        if event.connected:
            state.problems.mend(*_SERVER_PROBLEMS)
        if not came_back or state.person is None or state.screen is not Screen.AGENT:
            return []
        missing = [talk.ref for talk in state.board.live if talk.on_record and talk.card is None]
        return [
            intents.TellPresence(state.agent, state.since, state.subject_ref),
            intents.FetchHistory(),
            intents.FetchDirectory(),
            *(intents.FetchCard(ref) for ref in missing),
        ]

    @on.register
    def _(self, event: events.TrustChanged) -> list[Intent]:
        state = self._state
        before = state.line.status.trust
        state.line.trusted(event.trust, event.trust_reasons)
        if state.person is None or state.screen is not Screen.AGENT or before == event.trust:
            return []
        if before is None or event.trust < before:
            # What may not be shown any more goes before the server is asked what may.
            state.cards.clear()
            state.board.trust_less(event.trust)
            if event.trust == 0:
                state.history.clear()
        shown = [talk.ref for talk in state.board.on_record]
        return [intents.FetchHistory(), *(intents.FetchCard(ref) for ref in shown)]

    @on.register
    def _(self, event: events.CardArrived) -> list[Intent]:
        state = self._state
        state.line.trusted(event.trust, event.trust_reasons)
        talk = state.board.by_ref(event.ref)
        if state.person is None:
            return []
        if talk is not None:
            talk.identify(event.card, event.script)
        else:
            state.cards.put(event.ref, (event.card, event.script))
        return []

    @on.register
    def _(self, event: events.DirectoryArrived) -> list[Intent]:
        self._state.directory = event.entries
        self._state.may_dial_numbers = event.numbers
        return []

    @on.register
    def _(self, event: events.HistoryArrived) -> list[Intent]:
        self._state.history.replace(event.calls)
        return []

    @on.register
    def _(self, event: events.WallArrived) -> list[Intent]:
        self._state.wall.update({agent.name: agent for agent in event.agents})
        return []

    @on.register
    def _(self, event: events.Failed) -> list[Intent]:
        state = self._state
        self.busy = False
        # Keeping is done within the intent that asks for it: a failure before `WrapUpKept` is that of the keeping.
        state.notes.failed()
        state.problems.show(event.code)
        if state.screen is Screen.SIGN_IN and event.code in _ENROL_AGAIN:
            state.screen = Screen.ENROL
        return []

    @on.register
    def _(self, event: events.Mended) -> list[Intent]:
        self._state.problems.mend(event.code)
        return []

    # --- Paperwork ----------------------------------------------------------------------------------------------------

    @on.register
    def _(self, event: events.NotesEdited) -> list[Intent]:
        notes = self._state.notes
        note = notes.get(event.ref) if event.ref else notes.front(self._state.subject_ref)
        if note is None or note.saving or note.notes == event.notes:
            return []
        note.notes = event.notes
        return [intents.KeepDraft(note.ref, note.notes, note.code)]

    @on.register
    def _(self, event: events.CodeChosen) -> list[Intent]:
        state = self._state
        note = state.notes.front(state.subject_ref)
        known = any(code.id == event.code for code in state.codes)
        if note is None or note.saving or not known:
            return []
        note.code = event.code
        state.problems.mend("wrap-up-code-missing")
        return [intents.KeepDraft(note.ref, note.notes, note.code)]

    @on.register
    def _(self, event: events.AnswerChosen) -> list[Intent]:
        talk = self._state.board.subject
        if talk is not None and talk.script is not None:
            talk.script.choose(event.answer)
        return []

    @on.register
    def _(self, event: events.WrapUpKept) -> list[Intent]:
        state = self._state
        if not state.notes.done(event.ref):
            return []
        state.problems.mend("call-cut-off")
        state.board.remove(event.ref)
        if state.sign_in_after_call and not state.notes and not state.board.live:
            return state.go_to_sign_in()
        return [intents.FetchHistory()]

    @on.register
    def _(self, event: events.OutboxChanged) -> list[Intent]:
        state = self._state
        emptied = bool(state.history.unsent) and not event.refs
        state.history.unsent = event.refs
        return [intents.FetchHistory()] if emptied and state.person else []

    @on.register
    def _(self, event: events.DraftFound) -> list[Intent]:
        self._state.notes.take_up(event.ref, event.notes, event.code)
        return []
