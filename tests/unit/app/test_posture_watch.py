"""When a desk reports, and what it shows before the server has heard."""

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import httpx2
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from client.app.posture_watch import PostureWatch
from client.security.identity import Device
from client.security.link import Link
from client.security.posture import DeskSeen, Reporter, Sensor
from provisioning import api
from provisioning.device_proof import open_proof
from provisioning.posture import Posture, decide_trust, overdue
from provisioning.trust import TrustDecision, TrustLevel
from tests.unit.security.fakes import MemoryKeys, Organisation
from tests.unit.security.posture.recorded import RecordedMachine, processes

PATIENCE = 30.0


class HeardLink(Link):
    """Hears reports instead of a server, and answers as one would, or as a test says."""

    def __init__(self, device: Device) -> None:
        super().__init__(device)
        self.device = device
        self.heard: asyncio.Queue[Posture] = asyncio.Queue()
        self.fault: Exception | None = None
        self.may_answer = asyncio.Event()
        self.may_answer.set()

    async def report_posture(self, statement: str) -> api.PostureReply:
        """See Link."""
        key = load_pem_public_key(self.device.key.public_pem.encode())
        assert isinstance(key, ec.EllipticCurvePublicKey)
        posture = Posture.model_validate_json(open_proof(statement, "posture", key))
        self.heard.put_nowait(posture)
        if self.fault is not None:
            raise self.fault
        await self.may_answer.wait()
        return api.PostureReply(trust=decide_trust(posture, self.device.manifest.posture), next_seconds=60)


class Stage:
    """A watch over a recorded PC."""

    def __init__(self, directory: Path) -> None:
        self.device = Organisation().enrol(directory, MemoryKeys())
        self.machine = RecordedMachine(running=processes("bash"))
        self._news = asyncio.Event()
        self.told: list[TrustDecision] = []
        self.link = HeardLink(self.device)
        self.desk = DeskSeen("xcb")
        self.watch = PostureWatch(
            self.link,
            lambda: self.device,
            sensor=Sensor(lambda: self.desk, self.machine, "Linux"),
            reporter=Reporter(directory),
            tell=lambda trust: self._hear(self.told, trust),
        )

    def _hear(self, heard: list[Any], what: object) -> None:
        heard.append(what)
        self._news.set()

    async def heard(self) -> Posture:
        """The next report."""
        return await asyncio.wait_for(self.link.heard.get(), PATIENCE)

    async def until(self, so: Callable[[], bool]) -> None:
        """Wait until something is so."""
        async with asyncio.timeout(PATIENCE):
            while not so():
                self._news.clear()
                await self._news.wait()


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    made = Stage(tmp_path)
    running = asyncio.create_task(made.watch.run())
    yield made
    running.cancel()
    await asyncio.wait([running])
    await made.watch.close()
    await made.link.close()


async def test_it_reports_at_once_and_again_only_when_something_changes_or_somebody_asks(stage: Stage) -> None:
    first = await stage.heard()
    assert first.programs == ()
    await stage.until(lambda: len(stage.told) == 1)
    stage.machine.running = processes("bash", "gedit")
    stage.desk = DeskSeen("xcb", monitors=("eDP-1",))
    second = await stage.heard()
    assert (second.monitors, second.programs) == (1, ())
    assert second.sequence > first.sequence
    assert second.round_trip_seconds is not None
    stage.watch.nudge()
    assert (await stage.heard()).sequence > second.sequence
    assert stage.link.heard.empty()


async def test_a_drop_is_told_before_the_server_has_answered_and_nothing_is_fetched_until_it_has(stage: Stage) -> None:
    await stage.until(lambda: len(stage.told) == 1)
    assert stage.told[0].level is TrustLevel.T1
    stage.link.may_answer.clear()
    stage.machine.running = processes("bash", "anydesk")
    await stage.heard()
    await stage.heard()
    assert stage.told[1] == TrustDecision(level=TrustLevel.T0, reasons=("remote-control-running:AnyDesk",))
    assert not stage.watch.is_settled
    waiting = asyncio.create_task(stage.watch.settled())
    stage.link.may_answer.set()
    await asyncio.wait_for(waiting, PATIENCE)
    assert stage.told[2] == stage.told[1]
    # The desk alone never raises trust: that is the server's to say.
    stage.link.may_answer.clear()
    stage.machine.running = processes("bash")
    await stage.heard()
    assert len(stage.told) == 3
    stage.link.may_answer.set()
    await stage.until(lambda: len(stage.told) == 4)
    assert stage.told[3].level is TrustLevel.T1


async def test_a_server_that_cannot_be_reached_for_too_long_trusts_no_more(stage: Stage) -> None:
    await stage.until(lambda: len(stage.told) == 1)
    stage.link.fault = httpx2.ConnectError("no route")
    stage.watch.nudge()
    await stage.heard()
    await stage.heard()
    assert len(stage.told) == 1
    late = stage.device.manifest.posture.overdue_after.total_seconds() + 1
    stage.watch._heard_at -= late
    stage.watch.nudge()
    await stage.until(lambda: len(stage.told) == 2)
    assert stage.told[1] == overdue()
    stage.link.fault = None
    stage.watch.nudge()
    await stage.until(lambda: len(stage.told) == 3)
    assert stage.told[2].level is TrustLevel.T1
