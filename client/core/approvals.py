"""On a supervisor's desk: which agents wait for a second person to agree that they reveal a field."""

from functools import singledispatchmethod

from client.core import events, intents
from client.core.events import Event
from client.core.intents import Intent
from client.core.snapshot import ApprovalSnapshot, Screen
from client.core.state import DeskState


class Approvals:
    """The room of the second person. The oldest request is decided first."""

    def __init__(self, state: DeskState) -> None:
        self._state = state
        self._waiting: dict[str, ApprovalSnapshot] = {}

    @property
    def snapshots(self) -> tuple[ApprovalSnapshot, ...]:
        """Who waits, the oldest first."""
        return tuple(self._waiting.values())

    @property
    def can_decide(self) -> bool:
        """Whether somebody waits."""
        return bool(self._waiting)

    def decide(self, *, approved: bool) -> list[Intent]:
        """Decide about who has waited longest."""
        first = next(iter(self._waiting), None)
        return self._decide(first, approved=approved) if first is not None else []

    @singledispatchmethod
    def on(self, _event: Event) -> list[Intent] | None:
        """Take an event; None where it is another room's."""
        return None

    @on.register
    def _(self, event: events.ApprovalArrived) -> list[Intent]:
        if self._state.screen is Screen.SUPERVISOR:
            self._waiting[event.approval.lease] = event.approval
        return []

    @on.register
    def _(self, event: events.ApprovalGone) -> list[Intent]:
        self._waiting.pop(event.lease, None)
        return []

    @on.register
    def _(self, event: events.ApprovalDecided) -> list[Intent]:
        return self._decide(event.lease, approved=event.approved)

    def settle(self) -> None:
        """Without a connection nobody can be answered; the server asks again on the next one."""
        if self._state.screen is not Screen.SUPERVISOR or not self._state.line.status.server_connected:
            self._waiting.clear()

    def _decide(self, lease: str, *, approved: bool) -> list[Intent]:
        # Taken off at once, so that nothing is decided twice; the server says by itself what is too late.
        return [intents.DecideApproval(lease, approved)] if self._waiting.pop(lease, None) is not None else []
