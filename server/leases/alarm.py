"""Rings when the next lease's time is up, so that a desk that waits is told at once and not at the next sweep."""

import asyncio
from collections.abc import Awaitable, Callable

from server.logs import describe, get_logger

_LATE = 0.05
"""Seconds. The clock that counts a lease and the loop's own differ by less."""


class Alarm:
    """Calls a coroutine function some seconds from now. The sweep finds whatever it misses."""

    def __init__(self, ring: Callable[[], Awaitable[None]]) -> None:
        self._ring = ring
        self._ringing: set[asyncio.Task[None]] = set()

    def set(self, seconds: float) -> None:
        """Ring once so many seconds from now."""
        asyncio.get_running_loop().call_later(max(0.0, seconds) + _LATE, self._start)

    def _start(self) -> None:
        task = asyncio.create_task(self._run())
        # The loop keeps no more than a weak reference to a task.
        self._ringing.add(task)
        task.add_done_callback(self._ringing.discard)

    async def _run(self) -> None:
        try:
            await self._ring()
        except Exception as error:
            error_type, where = describe(error)
            get_logger().error("leases not swept", error_type=error_type, where=where)
