"""What the keeper does with calls: seal, hand keys on, and let go again.

It fails closed. Only an `unseal` of the server's, or the end of the call, opens what was sealed: a lost connection, a
dead server and a dead keeper leave it sealed. Keys that come while there is nobody to tell are forgotten.
"""

import asyncio
import json
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass

from provisioning.api.edge_control import (
    FromKeeper,
    Seal,
    Sealed,
    SealRefused,
    ToKeeper,
    ToneHeard,
    Unseal,
    Unsealed,
)
from provisioning.edge.digits.store import CallStore
from provisioning.edge.ng import NgError, Value

_TONES = "0123456789*#"
"""Telephone events 0 to 11 (RFC 4733, 3.2). A to D and flash are no keys of a customer's."""

Relay = Callable[[str, dict[str, Value]], dict[str, Value]]
"""Ask rtpengine one thing; blocks, and raises NgError."""


@dataclass(eq=False)
class _SealedCall:
    digits: str
    call_id: str
    tag: str
    quiet_seconds: float | None = None
    """Set once the server has let go: open up after so long without a key."""
    opening: asyncio.TimerHandle | None = None


class Keeper:
    """All sealed calls of this edge. Used from one event loop.

    Args:
        store: Kamailio's call store.
        relay: asks rtpengine.
        tell: tells the server something, if it is connected.
    """

    def __init__(self, store: CallStore, relay: Relay, tell: Callable[[FromKeeper], None]) -> None:
        self._store = store
        self._relay = relay
        self._tell = tell
        self._calls: dict[str, _SealedCall] = {}
        """By the Call-ID that rtpengine knows."""
        self._work: set[asyncio.Task[None]] = set()

    async def obey(self, message: ToKeeper) -> None:
        """Do what the server says; one message after the other."""
        if isinstance(message, Seal):
            await self._seal(message)
        else:
            self._let_go(message)

    def report(self, datagram: bytes) -> None:
        """Take one of rtpengine's reports: a JSON object for each key that was let go of."""
        try:
            report = json.loads(datagram, object_pairs_hook=_once)
            call = self._calls.get(report["callid"])
            event, tag = report["event"], report["source_tag"]
        except (ValueError, KeyError, TypeError):
            # A Call-ID is a desk's choice, and rtpengine does not quote what would break out of the string.
            return
        if call is None or tag != call.tag:
            return
        if call.quiet_seconds is not None:
            self._wait_for_quiet(call)
        elif isinstance(event, int) and 0 <= event < len(_TONES):
            self._tell(ToneHeard(digits=call.digits, tone=_TONES[event]))

    # --- inside -------------------------------------------------------------------------------------------------------

    async def _seal(self, message: Seal) -> None:
        try:
            known = await asyncio.to_thread(self._store.find, message.call_id)
            if known is None:
                self._tell(SealRefused(digits=message.digits, reason="no-call"))
                return
            if not known.has_events:
                self._tell(SealRefused(digits=message.digits, reason="no-events"))
                return
            if (before := self._calls.get(message.call_id)) is not None and before.opening is not None:
                # Still sealed from the last time.
                before.opening.cancel()
            # SIP INFO first: from here on nothing may pass, even if the next step fails.
            await asyncio.to_thread(self._store.mark, message.call_id, message.digits)
            call = _SealedCall(message.digits, message.call_id, known.customer_tag)
            self._calls[message.call_id] = call
            await self._ask("block DTMF", call)
        except (sqlite3.Error, NgError):
            self._tell(SealRefused(digits=message.digits, reason="failed"))
            if (half := self._calls.get(message.call_id)) is not None and half.digits == message.digits:
                await self._open(half)
            return
        self._tell(Sealed(digits=message.digits))

    def _let_go(self, message: Unseal) -> None:
        call = next((known for known in self._calls.values() if known.digits == message.digits), None)
        if call is not None:
            call.quiet_seconds = message.quiet_seconds
            self._wait_for_quiet(call)

    def _wait_for_quiet(self, call: _SealedCall) -> None:
        if call.opening is not None:
            call.opening.cancel()
        loop = asyncio.get_running_loop()
        call.opening = loop.call_later(call.quiet_seconds or 0, self._start_opening, call)

    def _start_opening(self, call: _SealedCall) -> None:
        task = asyncio.create_task(self._open(call))
        self._work.add(task)
        task.add_done_callback(self._work.discard)

    async def _open(self, call: _SealedCall) -> None:
        if self._calls.get(call.call_id) is not call:
            return
        del self._calls[call.call_id]
        try:
            await self._ask("unblock DTMF", call)
            await asyncio.to_thread(self._store.unmark, call.call_id)
        except (sqlite3.Error, NgError):
            # The call is over and forgotten, or stays sealed until it is: both are safe.
            pass
        self._tell(Unsealed(digits=call.digits))

    async def _ask(self, command: str, call: _SealedCall) -> None:
        answer = await asyncio.to_thread(self._relay, command, {"call-id": call.call_id, "from-tag": call.tag})
        if answer.get("result") != "ok":
            raise NgError("rtpengine does not know this call")


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name twice")
    return found
