"""The card that a customer keys in: asked for, watched, stopped. The desk learns how many digits came, and no digit.

The call goes on meanwhile as it would. What the server says of it holds, whenever it comes: a card may be accepted in
the very moment in which the agent stops it.
"""

import re
from dataclasses import dataclass
from functools import singledispatchmethod

from client.core import events, intents
from client.core.calls import CallState
from client.core.conversation import Conversation
from client.core.events import Event
from client.core.intents import Intent
from client.core.snapshot import DigitsSnapshot, Screen, Sheet
from client.core.state import DeskState

ASKING = "asking"
"""Before the server has answered: the call is being sealed."""
_KEYED = frozenset({"number", "expiry", "code"})
_OVER = frozenset({"accepted", "declined", "cancelled", "failed"})
_PROBLEMS = ("digits-running", "digits-unavailable", "digits-not-now")
_AMOUNT = re.compile(r"[0-9]{1,9}(\.[0-9]{2})?")


def is_amount(text: str) -> bool:
    """Whether this is an amount that can be charged, such as 12 or 12.50; nothing is one too: the bank knows it."""
    return not text or _AMOUNT.fullmatch(text) is not None


@dataclass
class _Keying:
    """The one under way, or the last one while its end is still shown."""

    ref: str
    view: DigitsSnapshot
    digits: str = ""
    """The server's name for it; empty until it has answered."""
    stopped: bool = False
    seen: bool = False
    """Whether its end has been on the screen."""

    @property
    def over(self) -> bool:
        return self.view.stage in _OVER


class Digits:
    """The room of the card that is keyed in."""

    def __init__(self, state: DeskState) -> None:
        self._state = state
        self._now: _Keying | None = None

    @property
    def snapshot(self) -> DigitsSnapshot | None:
        """How far it is."""
        return self._now.view if self._now is not None else None

    @property
    def can_open(self) -> bool:
        """Whether there is something to see: one under way, or a call in which one could begin."""
        return self._now is not None or self._can_ask

    @property
    def can_cancel(self) -> bool:
        """Whether there is one to stop. What the payment service has can't be taken back from it."""
        return self._now is not None and not self._now.stopped and self._now.view.stage in _KEYED | {ASKING}

    def cancel(self) -> list[Intent]:
        """Stop it."""
        now = self._now
        if now is None or not self.can_cancel:
            return []
        now.stopped = True
        now.view = DigitsSnapshot("cancelled", outcome="cancelled")
        return [intents.CancelDigits(now.ref, now.digits)] if now.digits else []

    @singledispatchmethod
    def on(self, _event: Event) -> list[Intent] | None:
        """Take an event; None where it is another room's."""
        return None

    @on.register
    def _(self, event: events.DigitsAsked) -> list[Intent]:
        talk = self._state.board.subject
        if talk is None or not self._can_ask or not is_amount(event.amount):
            return []
        self._now = _Keying(talk.ref, DigitsSnapshot(ASKING))
        self._state.problems.mend(*_PROBLEMS)
        return [intents.AskDigits(talk.ref, event.amount)]

    @on.register
    def _(self, event: events.DigitsArrived) -> list[Intent]:
        now = self._now
        if now is None or event.ref != now.ref or (now.digits and event.digits != now.digits):
            return []
        first, now.digits = not now.digits, event.digits
        if now.stopped and event.view.stage not in _OVER:
            # Stopped before the server had a name for it.
            return [intents.CancelDigits(now.ref, now.digits)] if first else []
        if not now.over or event.view.stage in {"accepted", "declined"}:
            now.view = event.view
        return []

    @on.register
    def _(self, event: events.DigitsRefused) -> list[Intent]:
        if self._now is not None and not self._now.digits:
            self._now = None
            if self._state.sheet is Sheet.DIGITS:
                self._state.sheet = None
            self._state.problems.show(event.code)
        return []

    def settle(self) -> None:
        """Forget what is of no call any more, or was seen to end; asked after every event."""
        state, now = self._state, self._now
        open_now = state.sheet is Sheet.DIGITS
        if now is not None:
            talk = state.board.by_ref(now.ref)
            if talk is not None and talk.is_over and now.view.stage in _KEYED | {ASKING}:
                # What the payment service has is still to come, and the note about the call waits for it.
                now.view = DigitsSnapshot("failed", outcome="call-ended")
            if state.person is None or talk is None or (now.seen and not open_now):
                self._now = None
            now.seen = now.seen or (now.over and open_now)
        if open_now and not self.can_open:
            state.sheet = None

    @property
    def _can_ask(self) -> bool:
        state = self._state
        if state.person is None or state.screen is not Screen.AGENT or state.sign_in_after_call:
            return False
        running = self._now is not None and not self._now.over
        return not running and state.line.status.server_connected and _talks(state.board.subject)


def _talks(talk: Conversation | None) -> bool:
    return talk is not None and talk.on_record and talk.state is CallState.TALKING
