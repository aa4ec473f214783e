"""Reporting this PC's state while somebody is signed in: in time, and at once when it changes."""

import asyncio
import contextlib
import logging
import time
from collections.abc import Callable
from datetime import timedelta

from client.security.identity import Device
from client.security.link import Link
from client.security.posture import DeskSeen, Reporter, Sensor
from client.security.posture.collect import Seen
from client.security.posture.facts import Facts
from client.security.posture.integrity import Integrity
from client.security.posture.reporter import merged
from client.security.trouble import problem_code
from provisioning.posture import decide_trust, overdue
from provisioning.trust import TrustDecision

_log = logging.getLogger("hearthline.desk")

State = tuple[Facts, DeskSeen, Integrity]
"""All that a report says but its number and its time."""

_LOOK_SECONDS = 1.0
"""How often it is looked which of the listed programs run."""
_EARLY = 0.75
"""A report is sent when this part of its time is over, so that a slow network does not make it late."""
_AGAIN_SECONDS = 5.0
"""After a report that did not get through."""


class PostureWatch:
    """One session's reports.

    Args:
        link: the signed-in link.
        load: loads the device with the manifest that it obeys now.
        sensor: finds out about this PC.
        reporter: numbers and signs.
        tell: hears how far this desk is trusted: what the server answers, and what it is bound to answer.
    """

    def __init__(
        self,
        link: Link,
        load: Callable[[], Device],
        *,
        sensor: Sensor,
        reporter: Reporter,
        tell: Callable[[TrustDecision], None],
    ) -> None:
        self._link = link
        self._load = load
        self._sensor = sensor
        self._reporter = reporter
        self._tell = tell
        self._nudge = asyncio.Event()
        self._round_trip: float | None = None
        self._asking: asyncio.Task[tuple[Seen, Integrity]] | None = None
        self._found: tuple[Seen, Integrity] | None = None
        self._ask_at = 0.0
        self._device: Device | None = None
        self._settled = asyncio.Event()
        self._settled.set()
        self._told: TrustDecision | None = None
        self._heard_at = time.monotonic()
        self._wanted = False

    def nudge(self) -> None:
        """Look and report now: windows are protected otherwise, monitors changed, the server is back or missed one."""
        self._wanted = True
        self._nudge.set()

    @property
    def is_settled(self) -> bool:
        """Whether the server knows all that would lower its trust: what it sends may be shown."""
        return self._settled.is_set()

    async def settled(self) -> None:
        """Wait until it does. Before, it would give more than this desk may show."""
        await self._settled.wait()

    async def run(self) -> None:
        """Report until the session is over."""
        sent: State | None = None
        report_at = 0.0
        while True:
            state, device = await self._look(), self._device
            if state is not None and device is not None and (self._is_due(report_at) or state != sent):
                seconds, got_through = await self._report(device, state)
                report_at = time.monotonic() + seconds
                # What the server did not hear counts as not sent, and is not tried again before its time either.
                sent = state if got_through else sent
                if not got_through:
                    await self._pause(_AGAIN_SECONDS)
                    continue
            await self._pause(_LOOK_SECONDS)

    def _is_due(self, report_at: float) -> bool:
        wanted, self._wanted = self._wanted, False
        return wanted or time.monotonic() >= report_at

    async def close(self) -> None:
        """Stop. A collector that is at work is left to itself."""
        if self._asking is not None:
            self._asking.cancel()
            await asyncio.wait([self._asking])

    async def _look(self) -> State | None:
        """Look quickly, and begin to look thoroughly where that is due; None before the first thorough look."""
        if self._asking is None and time.monotonic() >= self._ask_at:
            await self._load_device()
            if self._device is None:
                self._ask_at = time.monotonic() + _AGAIN_SECONDS
                return None
            work = asyncio.to_thread(self._sensor.whole, self._device.manifest.posture)
            self._asking = asyncio.create_task(work)
            self._asking.add_done_callback(lambda _done: self._nudge.set())
        if self._asking is not None and self._asking.done() and self._device is not None:
            self._found, self._asking = self._asking.result(), None
            self._ask_at = time.monotonic() + self._device.manifest.posture.check_seconds
        if self._found is None or self._device is None:
            return None
        seen, integrity = self._found
        quick = await asyncio.to_thread(self._sensor.quick, self._device.manifest.posture, seen)
        return merged(seen, quick), self._sensor.desk(), integrity

    async def _load_device(self) -> None:
        """Load the device anew, for the manifest that it obeys by now. Not each time: a key store is slow to answer."""
        try:
            self._device = await asyncio.to_thread(self._load)
        except Exception as error:  # A key store that was locked meanwhile: the key that we have is as good.
            _log.info("device not loaded: %s", problem_code(error))

    async def _report(self, device: Device, state: State) -> tuple[float, bool]:
        """Send a report; return after how many seconds the next is due, and whether this one got through."""
        policy = device.manifest.posture
        try:
            posture = await asyncio.to_thread(self._reporter.posture, *state, device.key, self._round_trip)
            # What will be hidden is hidden now, not when the server has been heard. The desk never raises trust itself.
            self._lower(decide_trust(posture, policy, skew=timedelta(0)))
            statement = await asyncio.to_thread(self._reporter.sign, posture, device.key)
            begun = time.monotonic()
            reply = await self._link.report_posture(statement)
        except Exception as error:  # Sorted by its code: the call goes on whatever it is.
            code = problem_code(error)
            # That the session is over, the socket tells, and why: this answer would know only that it is.
            if time.monotonic() - self._heard_at > policy.overdue_after.total_seconds():
                # The server trusts this desk no more by now, and can't tell it so.
                self._lower(overdue())
            _log.info("posture not reported: %s", code)
            return _AGAIN_SECONDS, False
        self._heard_at = time.monotonic()
        self._round_trip = self._heard_at - begun
        self._told = reply.trust
        self._tell(reply.trust)
        self._settled.set()
        return reply.next_seconds * _EARLY, True

    def _lower(self, trust: TrustDecision) -> None:
        if self._told is not None and trust.level < self._told.level:
            self._told = trust
            self._settled.clear()
            self._tell(trust)

    async def _pause(self, seconds: float) -> None:
        # Not `wait_for`: on Python 3.11 it loses a cancellation that comes together with what it waits for.
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._nudge.wait()
        self._nudge.clear()
