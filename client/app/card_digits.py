"""Cards that customers key in, between the core and the server: asked for, stopped, and told of."""

from collections.abc import Callable

from client.core import events
from client.core import intents as want
from client.core.events import Event
from client.core.snapshot import DigitsSnapshot
from client.security.link import Link
from client.security.trouble import problem_code
from provisioning import api

_REFUSALS = {"forbidden": "digits-not-now", "not-found": "digits-not-now"}
"""What the server's refusals mean when it was asked to let a customer key."""


def arrived(view: api.DigitsView) -> events.DigitsArrived:
    """Put a view of the server's into an event."""
    shown = DigitsSnapshot(view.stage.value, view.received, view.expected, view.valid, view.outcome)
    return events.DigitsArrived(view.ref, view.digits, shown)


class CardDigits:
    """What one session has to do with them.

    Args:
        link: a link on which the person has signed in.
        emit: takes events for the core.
    """

    def __init__(self, link: Link, emit: Callable[[Event], None]) -> None:
        self._link = link
        self._emit = emit

    async def ask(self, wish: want.AskDigits) -> str:
        """Ask for a card; returns the problem that it met with, or an empty string."""
        try:
            view = await self._link.ask_digits(wish.ref, api.DigitsRequest(amount=wish.amount))
        except Exception as error:  # Sorted by its code.
            code = "invalid-request" if isinstance(error, ValueError) else problem_code(error)
            self._emit(events.DigitsRefused(_REFUSALS.get(code, code)))
            return code
        self._emit(arrived(view))
        return ""

    async def cancel(self, wish: want.CancelDigits) -> str:
        """Stop it; returns the problem that it met with, or an empty string."""
        try:
            await self._link.cancel_digits(wish.ref, wish.digits)
        except Exception as error:  # Sorted by its code.
            code = problem_code(error)
            self._emit(events.Failed(code))
            return code
        return ""
