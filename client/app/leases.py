"""Reveal leases between the core and the server: asked for, opened into the safe, ended; and decided by supervisors."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from client.core import events
from client.core import intents as want
from client.core.events import Event
from client.security.clear_value import Safe
from client.security.link import Link
from client.security.reveal import Ask, NotOpened, make_ask, open_into
from client.security.trouble import problem_code
from provisioning import api
from provisioning.device_proof import DeviceKey

_log = logging.getLogger("hearthline.desk")
_NOT_SHOWN = api.LeaseEnd.NOT_SHOWN.value
_TOO_LATE = {"conflict": "approval-too-late", "not-found": "approval-too-late"}
"""What the server's refusals mean when a supervisor has decided."""


class Leases:
    """What one session has to do with leases.

    Args:
        link: a link on which the person has signed in.
        device_key: fetches the key that this device signs with.
        safe: keeps the values that may be painted.
        emit: takes events for the core.
    """

    def __init__(
        self,
        link: Link,
        device_key: Callable[[], Awaitable[DeviceKey]],
        safe: Safe,
        emit: Callable[[Event], None],
    ) -> None:
        self._link = link
        self._device_key = device_key
        self._safe = safe
        self._emit = emit
        self._asks: dict[str, tuple[Ask, want.AskReveal]] = {}
        """Leases that are neither over nor given up."""
        self._in_flight = 0
        self._early: dict[str, api.LeaseChanged] = {}
        """What the socket told of a lease before the answer that names it was here."""

    def wipe(self) -> None:
        """The session, or the connection, is over: nothing may be painted, and nothing can be opened any more."""
        self._asks.clear()
        self._early.clear()
        self._safe.wipe_all()

    async def ask(self, wish: want.AskReveal) -> str:
        """Ask for a lease; returns the problem that it met with, or an empty string."""
        self._in_flight += 1
        try:
            key = await self._device_key()
            ask = await asyncio.to_thread(make_ask, key, wish.ref, wish.name)
            request = api.LeaseRequest(ask=ask.signed, reason=wish.reason, typed_reason=wish.typed_reason)
            view = await self._link.ask_lease(wish.ref, request)
        except Exception as error:  # Sorted by its code: nothing of what was asked is in it.
            code = "invalid-request" if isinstance(error, ValueError) else problem_code(error)
            self._emit(events.RevealRefused(wish.name, code, wish.request))
            return code
        finally:
            self._in_flight -= 1
        self._asks[view.lease] = ask, wish
        self._answered(view)
        early = self._early.pop(view.lease, None)
        if early is not None and view.lease in self._asks:
            self.hear(early)
        if not self._in_flight:
            self._early.clear()
        return ""

    def hear(self, changed: api.LeaseChanged) -> None:
        """A lease that waited was decided, or one is over."""
        view = changed.lease
        if view.lease not in self._asks:
            if self._in_flight:
                self._early[view.lease] = changed
        elif view.state in {api.LeaseState.REFUSED, api.LeaseState.ENDED}:
            reason = changed.reason or api.LeaseEnd.NOT_APPROVED
            self._emit(events.RevealEnded(view.lease, reason.value))
        else:
            self._answered(view)

    async def end(self, wish: want.EndReveal) -> None:
        """Tell the server that a lease is over; it ends by itself what it is not told of."""
        end = api.LeaseEndRequest(reason=api.LeaseEnd(wish.reason), shown_seconds=round(wish.shown_seconds, 2))
        try:
            await self._link.end_lease(wish.ref, wish.lease, end)
        except Exception as error:  # The value is gone here; that is what matters.
            _log.info("the end of a lease was not told: %s", problem_code(error))

    def forget(self, lease: str) -> None:
        """Wipe a value, and let its key go."""
        self._asks.pop(lease, None)
        self._safe.wipe(lease)

    async def decide(self, wish: want.DecideApproval) -> None:
        """Tell what a supervisor decided."""
        try:
            await self._link.decide_lease(wish.lease, api.LeaseDecision(approved=wish.approved))
        except Exception as error:  # Sorted by its code.
            code = problem_code(error)
            self._emit(events.Failed(_TOO_LATE.get(code, code)))

    def _answered(self, view: api.LeaseView) -> None:
        ask, wish = self._asks[view.lease]
        granted = view.state is api.LeaseState.GRANTED
        opened = False
        if granted:
            try:
                open_into(self._safe, ask, view)
                opened = True
            except NotOpened as error:
                _log.warning("a lease was not opened: %s", error)
        self._emit(
            events.RevealAnswered(
                lease=view.lease,
                name=wish.name,
                shown=opened,
                seconds=view.seconds,
                expires_at=view.expires_at.timestamp(),
                request=wish.request,
            )
        )
        if view.lease in self._asks and not opened and view.state is not api.LeaseState.WAITING:
            reason = _NOT_SHOWN if granted else api.LeaseEnd.NOT_APPROVED.value
            self._emit(events.RevealEnded(view.lease, reason))
