"""Timers for the engine's one thread: no callback ever runs beside another."""

import heapq
import itertools
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from client.sip.engine.faults import contained


@dataclass(order=True)
class Timer:
    """Something that will be done, unless it is cancelled first."""

    due: float
    serial: int
    action: Callable[[], None] = field(compare=False)
    cancelled: bool = field(default=False, compare=False)

    def cancel(self) -> None:
        """Forget it. Cancelling twice, or too late, does no harm."""
        self.cancelled = True


class Timers:
    """Runs what is due, in order, when asked to."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._heap: list[Timer] = []
        self._serials = itertools.count()

    def after(self, seconds: float, action: Callable[[], None]) -> Timer:
        """Do something, once, after some seconds."""
        timer = Timer(self._clock() + seconds, next(self._serials), action)
        heapq.heappush(self._heap, timer)
        return timer

    def run_due(self) -> None:
        """Do what is due now. What these actions add waits for the next call."""
        now = self._clock()
        due = []
        while self._heap and self._heap[0].due <= now:
            due.append(heapq.heappop(self._heap))
        for timer in due:
            if not timer.cancelled:
                contained(timer.action)
