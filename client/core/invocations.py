"""What each command of the registry does, and when it can be done; and what the person does without a command."""

from collections.abc import Callable
from functools import singledispatchmethod

from client.core import events, intents
from client.core.agent import Duty
from client.core.approvals import Approvals
from client.core.commands import BY_ID, COMMANDS
from client.core.digits import Digits
from client.core.equipment import Equipment
from client.core.events import Event
from client.core.handset import Handset
from client.core.intents import Intent
from client.core.notes import WrapUp
from client.core.office import Office
from client.core.reveal import Reveal
from client.core.snapshot import Screen, Sheet
from client.core.state import DeskState

CODES_PANEL = "codes"
SCRIPT_PANEL = "script"
VOICEMAIL = "voicemail"
"""The directory's entry for the agent's own messages."""


class Invocations:
    """Runs commands against the desk. A command that can't be done now does nothing: keys are pressed in error."""

    def __init__(
        self,
        state: DeskState,
        handset: Handset,
        equipment: Equipment,
        office: Office,
        *,
        reveal: Reveal,
        approvals: Approvals,
        digits: Digits,
    ) -> None:
        self._state = state
        self._handset = handset
        self._equipment = equipment
        self._office = office
        on = handset
        self._actions: dict[str, tuple[Callable[[], bool], Callable[[], list[Intent]]]] = {
            "call.answer": (lambda: on.can_answer, on.answer),
            "call.reject": (lambda: on.can_reject, on.reject),
            "call.hang-up": (lambda: on.can_hang_up, on.hang_up),
            "call.mute": (lambda: on.in_talk, on.mute),
            "call.hold": (lambda: on.can_hold, on.hold),
            "call.swap": (lambda: on.can_swap, on.swap),
            "call.dial": (lambda: on.can_call, lambda: equipment.open(Sheet.DIAL)),
            "call.redial": (lambda: on.can_redial, on.redial),
            "call.consult": (lambda: on.can_consult, lambda: equipment.open(Sheet.CONSULT)),
            "call.transfer": (lambda: on.can_transfer, lambda: equipment.open(Sheet.TRANSFER)),
            "call.connect": (lambda: on.can_connect, on.connect),
            "call.conference": (lambda: on.can_confer, on.confer),
            "call.split": (lambda: on.can_split, on.split),
            "call.keypad": (lambda: on.in_talk, lambda: equipment.open(Sheet.KEYPAD)),
            "call.voicemail": (self._has_voicemail, lambda: on.call_entry(VOICEMAIL)),
            "work.ready": (self._can_be_ready, self._be_ready),
            "work.pause": (lambda: state.duty is Duty.READY, lambda: self._choose_duty(Duty.BREAK)),
            "work.do-not-disturb": (lambda: state.screen is Screen.AGENT, self._toggle_disturbance),
            "work.save": (self._can_save, self._save),
            "work.sign-out": (self._can_sign_out, lambda: [intents.SignOut()]),
            "customer.reveal": (lambda: reveal.can_ask, lambda: equipment.open(Sheet.REVEAL)),
            "customer.hide": (lambda: reveal.can_hide, reveal.hide),
            "customer.speak": (lambda: reveal.can_speak, reveal.speak),
            "customer.digits": (lambda: digits.can_open, lambda: equipment.open(Sheet.DIGITS)),
            "customer.digits-cancel": (lambda: digits.can_cancel, digits.cancel),
            "approval.approve": (lambda: approvals.can_decide, lambda: approvals.decide(approved=True)),
            "approval.refuse": (lambda: approvals.can_decide, lambda: approvals.decide(approved=False)),
            "script.back": (self._can_go_back, self._back),
            "sound.choose": (lambda: state.screen is Screen.AGENT, lambda: equipment.open(Sheet.SOUND)),
            "sound.check": (self._can_check, lambda: equipment.open(Sheet.CHECK)),
            "problem.dismiss": (lambda: bool(state.problems), self._dismiss),
        }

    def enabled(self) -> frozenset[str]:
        """The commands that would do something now, those of the screen itself included."""
        ours = {command for command, (possible, _) in self._actions.items() if possible()}
        ours |= {f"choose.{digit}" for digit in range(1, 10) if self._can_choose(digit)}
        return frozenset(ours | {command.id for command in COMMANDS if command.local})

    @singledispatchmethod
    def on(self, _event: Event) -> list[Intent] | None:
        """Take an event; None where it is another room's."""
        return None

    @on.register
    def _(self, event: events.Invoked) -> list[Intent]:
        """Do what the command says, if it can be done now.

        Raises:
            KeyError: there is no such command.
        """
        if BY_ID[event.command].local:
            return []
        if event.command.startswith("choose."):
            return self._choose(int(event.command.removeprefix("choose.")), event.panel)
        possible, action = self._actions[event.command]
        return action() if possible() else []

    # --- What the person does with calls, by other means than a key ---------------------------------------------------

    @on.register
    def _(self, event: events.DialSubmitted) -> list[Intent]:
        return self._handset.submit(event.entry, event.number)

    @on.register
    def _(self, event: events.CallBack) -> list[Intent]:
        return self._handset.call_back(event.ref)

    @on.register
    def _(self, event: events.CallChosen) -> list[Intent]:
        talk = self._state.board.by_ref(event.ref)
        return self._handset.go_to(talk) if talk is not None else []

    @on.register
    def _(self, event: events.DigitsPressed) -> list[Intent]:
        return self._handset.press(event.digits)

    @on.register
    def _(self, event: events.TextTyped) -> list[Intent]:
        return self._handset.write(event.text)

    @on.register
    def _(self, event: events.DialGranted) -> list[Intent]:
        return self._handset.granted(event)

    @on.register
    def _(self, event: events.DialRefused) -> list[Intent]:
        return self._handset.refused(event)

    # --- The work -----------------------------------------------------------------------------------------------------

    def _choose_duty(self, duty: Duty) -> list[Intent]:
        self._state.duty = duty
        return []

    def _can_be_ready(self) -> bool:
        wants_no_calls = self._state.duty is Duty.BREAK or self._state.do_not_disturb
        return self._state.screen is Screen.AGENT and wants_no_calls and self._state.registered

    def _be_ready(self) -> list[Intent]:
        # Who says so wants calls: a "do not disturb" that was forgotten must not keep them away.
        self._state.do_not_disturb = False
        return self._choose_duty(Duty.READY)

    def _toggle_disturbance(self) -> list[Intent]:
        self._state.do_not_disturb = not self._state.do_not_disturb
        return []

    def _has_voicemail(self) -> bool:
        return self._handset.can_call and any(entry.id == VOICEMAIL for entry in self._state.directory)

    def _can_check(self) -> bool:
        return self._state.screen is Screen.AGENT and self._equipment.can_check

    @property
    def _note(self) -> WrapUp | None:
        return self._state.notes.front(self._state.subject_ref)

    def _can_save(self) -> bool:
        note = self._note
        talk = self._state.board.by_ref(note.ref) if note is not None else None
        return note is not None and not note.saving and (talk is None or talk.is_over)

    def _save(self) -> list[Intent]:
        note = self._note
        if note is None:
            return []
        if not note.code:
            self._state.problems.show("wrap-up-code-missing")
            return []
        note.saving = True
        return [intents.SaveWrapUp(note.ref, note.notes, note.code)]

    def _can_sign_out(self) -> bool:
        at_work = self._state.screen in {Screen.AGENT, Screen.SUPERVISOR}
        return at_work and not self._state.board.live and not self._state.notes

    def _dismiss(self) -> list[Intent]:
        self._state.problems.dismiss()
        return []

    # --- Script and codes ---------------------------------------------------------------------------------------------

    def _can_go_back(self) -> bool:
        talk = self._state.board.subject
        return talk is not None and talk.script is not None and talk.script.snapshot.can_go_back

    def _back(self) -> list[Intent]:
        talk = self._state.board.subject
        if talk is not None and talk.script is not None:
            talk.script.back()
        return []

    def _can_choose(self, digit: int) -> bool:
        return self._code(digit) is not None or self._has_answer(digit)

    def _code(self, digit: int) -> str | None:
        codes = self._state.codes
        return codes[digit - 1].id if self._state.notes and digit <= len(codes) else None

    def _has_answer(self, digit: int) -> bool:
        talk = self._state.board.subject
        if talk is None or talk.script is None:
            return False
        shown = talk.script.snapshot
        return digit <= len(shown.steps[shown.step].answers)

    def _choose(self, digit: int, panel: str) -> list[Intent]:
        if panel == SCRIPT_PANEL:
            return self._office.on(events.AnswerChosen(digit - 1)) or []
        code = self._code(digit)
        return self._office.on(events.CodeChosen(code)) or [] if code else []
