"""What each command of the registry does, and when it can be done."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from client.core import events, intents
from client.core import telephony as tel
from client.core.agent import AgentInput
from client.core.calls import Ask, CallState
from client.core.commands import BY_ID, COMMANDS
from client.core.snapshot import Screen

if TYPE_CHECKING:
    from client.core.desk import Desk
    from client.core.intents import Intent

_DECLINE = 603
CODES_PANEL = "codes"
SCRIPT_PANEL = "script"


class Invocations:
    """Runs commands against the desk. A command that can't be done now does nothing: keys are pressed in error."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._actions: dict[str, tuple[Callable[[], bool], Callable[[], list[Intent]]]] = {
            "call.answer": (lambda: self._can(Ask.ANSWER), self._answer),
            "call.reject": (lambda: self._can(Ask.REJECT), self._reject),
            "call.hang-up": (lambda: self._can(Ask.HANG_UP) and not self._ending, self._hang_up),
            "call.mute": (lambda: self._talking, self._mute),
            "call.hold": (lambda: self._can(Ask.HOLD) or self._can(Ask.RESUME), self._hold),
            "work.ready": (self._can_be_ready, lambda: self._take(AgentInput.GO_READY)),
            "work.pause": (lambda: desk.agent.can(AgentInput.PAUSE), lambda: self._take(AgentInput.PAUSE)),
            "work.save": (self._can_save, self._save),
            "work.sign-out": (self._can_sign_out, lambda: [intents.SignOut()]),
            "script.back": (self._can_go_back, self._back),
            "problem.dismiss": (lambda: desk.has_problem, self._dismiss),
        }

    def enabled(self) -> frozenset[str]:
        """The commands that would do something now, those of the screen itself included."""
        ours = {command for command, (possible, _) in self._actions.items() if possible()}
        ours |= {f"choose.{digit}" for digit in range(1, 10) if self._can_choose(digit)}
        return frozenset(ours | {command.id for command in COMMANDS if command.local})

    def invoke(self, command: str, panel: str) -> list[Intent]:
        """Do what the command says, if it can be done now.

        Raises:
            KeyError: there is no such command.
        """
        if BY_ID[command].local:
            return []
        if command.startswith("choose."):
            return self._choose(int(command.removeprefix("choose.")), panel)
        possible, action = self._actions[command]
        return action() if possible() else []

    # --- The call -----------------------------------------------------------------------------------------------------

    @property
    def _ending(self) -> bool:
        talk = self._desk.conversation
        return talk is not None and talk.machine.state is CallState.ENDING

    @property
    def _talking(self) -> bool:
        talk = self._desk.conversation
        return talk is not None and talk.machine.state in {CallState.TALKING, CallState.HOLDING}

    def _can(self, ask: Ask) -> bool:
        talk = self._desk.conversation
        return talk is not None and talk.machine.can(ask)

    def _order(self, ask: Ask, order: Callable[[int], tel.Order]) -> list[Intent]:
        talk = self._desk.conversation
        return [order(talk.call)] if talk is not None and talk.machine.ask(ask) else []

    def _answer(self) -> list[Intent]:
        return self._order(Ask.ANSWER, tel.AnswerCall)

    def _reject(self) -> list[Intent]:
        return self._order(Ask.REJECT, lambda call: tel.RejectCall(call, _DECLINE))

    def _hang_up(self) -> list[Intent]:
        return self._order(Ask.HANG_UP, tel.HangUp)

    def _mute(self) -> list[Intent]:
        talk = self._desk.conversation
        if talk is None:
            return []
        talk.muted = not talk.muted
        return [tel.SetMute(talk.call, talk.muted)]

    def _hold(self) -> list[Intent]:
        if self._can(Ask.RESUME):
            return self._order(Ask.RESUME, lambda call: tel.SetHold(call, held=False))
        return self._order(Ask.HOLD, lambda call: tel.SetHold(call, held=True))

    # --- The work -----------------------------------------------------------------------------------------------------

    def _take(self, what: AgentInput) -> list[Intent]:
        self._desk.agent.take(what)
        return []

    def _can_be_ready(self) -> bool:
        registered = self._desk.line.status.registration is tel.RegistrationState.REGISTERED
        return registered and self._desk.agent.can(AgentInput.GO_READY) and self._desk.wrap_up is None

    def _can_save(self) -> bool:
        note = self._desk.wrap_up
        return note is not None and not note.saving and not self._desk.in_call

    def _save(self) -> list[Intent]:
        note = self._desk.wrap_up
        if note is None:
            return []
        if not note.code:
            self._desk.show_problem("wrap-up-code-missing")
            return []
        note.saving = True
        return [intents.SaveWrapUp(note.ref, note.notes, note.code)]

    def _can_sign_out(self) -> bool:
        at_work = self._desk.screen in {Screen.AGENT, Screen.SUPERVISOR}
        return at_work and not self._desk.in_call and self._desk.wrap_up is None

    def _dismiss(self) -> list[Intent]:
        self._desk.dismiss()
        return []

    # --- Script and codes ---------------------------------------------------------------------------------------------

    def _can_go_back(self) -> bool:
        talk = self._desk.conversation
        return talk is not None and talk.script is not None and talk.script.snapshot.can_go_back

    def _back(self) -> list[Intent]:
        talk = self._desk.conversation
        if talk is not None and talk.script is not None:
            talk.script.back()
        return []

    def _can_choose(self, digit: int) -> bool:
        return self._code(digit) is not None or self._has_answer(digit)

    def _code(self, digit: int) -> str | None:
        codes = self._desk.codes
        return codes[digit - 1].id if self._desk.wrap_up and digit <= len(codes) else None

    def _has_answer(self, digit: int) -> bool:
        talk = self._desk.conversation
        if talk is None or talk.script is None:
            return False
        shown = talk.script.snapshot
        return digit <= len(shown.steps[shown.step].answers)

    def _choose(self, digit: int, panel: str) -> list[Intent]:
        if panel == SCRIPT_PANEL:
            return self._desk.handle(events.AnswerChosen(digit - 1))
        code = self._code(digit)
        return self._desk.handle(events.CodeChosen(code)) if code else []
