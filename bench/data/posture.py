"""The posture check: from a drop to hidden data, and what looking costs."""

import asyncio
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from client.core.snapshot import DeskSnapshot
from client.security.posture import DeskSeen, Sensor
from provisioning.posture import PosturePolicy
from tests.integration.desk.centre import CentreWithDoor
from tests.integration.desk.desk import Desk
from tests.integration.desk.willing_line import WillingLine
from tests.stage.programs import running_as
from tests.unit.security.fakes import MemoryKeys


def measure_drop(runs: int = 10) -> list[float]:
    """Measure, in seconds, how long a customer stays on the screen after a remote control program was started.

    The desk's runtime with a real server; a call goes on all the while. What runs is looked at once
    a second, so that half a second of it is waiting.
    """
    with tempfile.TemporaryDirectory(prefix="hearthline-bench-") as directory:
        return asyncio.run(_drops(Path(directory), runs))


async def _drops(directory: Path, runs: int) -> list[float]:
    centre = CentreWithDoor(directory / "centre")
    try:
        centre.provision()
        centre.start_server()
        desk = Desk(directory / "pc", MemoryKeys(), WillingLine)
        await desk.runtime.start()
        try:
            return await _measured(desk, centre, directory, runs)
        finally:
            await desk.runtime.close()
    finally:
        centre.stop()


async def _measured(desk: Desk, centre: CentreWithDoor, directory: Path, runs: int) -> list[float]:
    await desk.enrols(centre)
    agent = await asyncio.to_thread(centre.hire)
    await desk.signs_in(agent)
    await desk.is_ready()
    await desk.talks(await asyncio.to_thread(centre.announce_call, agent))
    taken = []
    for _ in range(runs):
        await desk.until(_shows_customer, "the customer")
        begun = time.monotonic()
        with running_as("anydesk", directory / "bin"):
            await desk.until(lambda seen: not _shows_customer(seen), "that the customer is gone")
            taken.append(time.monotonic() - begun)
    return taken


def _shows_customer(seen: DeskSnapshot) -> bool:
    return bool(seen.card and seen.card.fields)


@dataclass(frozen=True)
class CheckCost:
    """What the posture check costs on this PC."""

    whole_seconds: float
    """From asking everything until it is answered, as a sign-in waits for it."""
    quick_cpu_seconds: float
    """Processor time of one look at what runs."""
    processes: int
    """How many programs were looked at."""


def measure_check(runs: int = 20) -> CheckCost:
    """Measure what looking costs."""
    sensor, policy = Sensor(lambda: DeskSeen("xcb")), PosturePolicy()
    whole = []
    for _ in range(runs):
        begun = time.monotonic()
        seen, _ = sensor.whole(policy)
        whole.append(time.monotonic() - begun)
    begun = time.process_time()
    for _ in range(runs):
        sensor.quick(policy, seen)
    quick = (time.process_time() - begun) / runs
    listed = sum(1 for path in Path("/proc").glob("[0-9]*/cmdline"))
    return CheckCost(median(whole), quick, listed)
