"""A field in clear, between the real desk and the real server: asked, opened, covered, told; and by a second person."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from client.app.runtime import Runtime
from client.core import events
from client.core.snapshot import DeskSnapshot, RevealStage
from client.security.clear_value import Safe
from client.security.posture import DeskSeen, Sensor
from provisioning import default_policy
from provisioning.api import Role
from tests.integration.desk.centre import CentreWithDoor
from tests.integration.desk.desk import Desk
from tests.integration.desk.willing_line import WillingLine
from tests.stage.centre import Person
from tests.stage.customers import read_customers
from tests.stage.home_machine import HomeMachine
from tests.stage.posture import easy_table
from tests.unit.security.fakes import MemoryKeys

_POLICY = (
    # The e-mail address needs a second person; the ID card is shown for the shortest time that there is.
    default_policy.TEXT.replace("\nversion = 1\n", "\nversion = 2\n")
    .replace("{ seconds = 30, per_hour = 10 }", "{ seconds = 30, per_hour = 10, approval = true }")
    .replace("{ seconds = 20, per_hour = 5 }", "{ seconds = 3, per_hour = 5 }", 1)
)
StartSafe = Callable[[], Awaitable["SafeDesk"]]


class SafeDesk(Desk):
    """A desk on a screen that nobody can capture, and a look into what its window would paint."""

    def __init__(self, directory: Path) -> None:
        super().__init__(directory, MemoryKeys(), WillingLine)
        self.safe = Safe()
        sensor = Sensor(lambda: DeskSeen("windows", "verified"), HomeMachine())
        self.runtime = Runtime(directory, self.keys, "windows", self.show, WillingLine, sensor=sensor, safe=self.safe)

    def painted(self, lease: str) -> str:
        """The value of a lease, as the window would paint it."""
        value = self.safe.get(lease)
        return "".join(value.characters()) if value is not None else ""


class TrustingCentre(CentreWithDoor):
    """A centre that trusts the PC on which the tests run, and whose policy lets fields be revealed."""

    def __init__(self, directory: Path) -> None:
        super().__init__(directory)
        self._posture = easy_table()

    def provision(self) -> None:
        """See Centre."""
        super().provision()
        (self.organisation_directory / "policy.toml").write_text(_POLICY, encoding="utf-8")
        self.admin("manifest", "publish", "--dir", str(self.organisation_directory))


@pytest.fixture(scope="module")
def _running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TrustingCentre]:
    centre = TrustingCentre(tmp_path_factory.mktemp("trusting"))
    try:
        centre.provision()
        centre.start_server()
        yield centre
    finally:
        centre.stop()


@pytest.fixture
def centre(_running: TrustingCentre) -> Iterator[CentreWithDoor]:
    """That centre, with its door open."""
    yield _running
    _running.door.open()


@pytest.fixture
async def start_safe(tmp_path: Path) -> AsyncIterator[StartSafe]:
    async with contextlib.AsyncExitStack() as desks:
        count = 0

        async def start() -> SafeDesk:
            nonlocal count
            count += 1
            desk = SafeDesk(tmp_path / f"safe{count}")
            desks.push_async_callback(desk.runtime.close)
            await desk.runtime.start()
            return desk

        yield start


async def _in_call(desk: SafeDesk, agent: Person, centre: CentreWithDoor) -> str:
    """Sign in, look at the window, and talk with a customer of whom a field can be revealed."""
    await desk.enrols(centre)
    await desk.signs_in(agent)
    desk.emit(events.WindowFocus(focused=True))
    ref = await asyncio.to_thread(centre.announce_call, agent)
    await desk.talks(ref)
    await desk.until_can("customer.reveal")
    return ref


def _is(stage: RevealStage) -> Callable[[DeskSnapshot], bool]:
    return lambda seen: seen.reveal is not None and seen.reveal.stage is stage


async def _ended(centre: CentreWithDoor, ref: str) -> dict[str, Any]:
    """The lease of a call, as soon as the server knows its end: the desk tells it by itself."""
    async with asyncio.timeout(60):
        while True:
            (row,) = await asyncio.to_thread(centre.rows, "SELECT * FROM leases WHERE ref = ?", ref)
            if row["ended_at"] is not None and row["shown_at"] is not None:
                return row
            await asyncio.sleep(0.05)


async def test_a_field_is_shown_to_who_looks_and_its_end_is_told(
    start_safe: StartSafe, agent: Person, centre: CentreWithDoor
) -> None:
    desk = await start_safe()
    ref = await _in_call(desk, agent, centre)
    desk.emit(events.RevealSubmitted("phone", "identity-check"))
    shown = await desk.until(_is(RevealStage.SHOWN), "the field in clear")
    assert shown.reveal is not None
    assert desk.painted(shown.reveal.lease) == read_customers(centre.database_file)[0].phone
    desk.emit(events.WindowFocus(focused=False))
    assert desk.now.reveal is None
    assert desk.painted(shown.reveal.lease) == ""
    row = await _ended(centre, ref)
    assert (row["id"], row["end_reason"]) == (shown.reveal.lease, "focus-lost")


async def test_the_time_is_up_by_the_desks_own_clock(
    start_safe: StartSafe, agent: Person, centre: CentreWithDoor
) -> None:
    desk = await start_safe()
    ref = await _in_call(desk, agent, centre)
    desk.emit(events.RevealSubmitted("id_card", typed_reason="asked which number we have"))
    shown = await desk.until(_is(RevealStage.SHOWN), "the field in clear")
    assert shown.reveal is not None
    await desk.until(lambda seen: seen.reveal is None, "that it is covered")
    assert desk.painted(shown.reveal.lease) == ""
    assert (await _ended(centre, ref))["end_reason"] == "expired"


async def test_a_connection_that_is_lost_covers_it(
    start_safe: StartSafe, agent: Person, centre: CentreWithDoor
) -> None:
    desk = await start_safe()
    await _in_call(desk, agent, centre)
    desk.emit(events.RevealSubmitted("phone", "identity-check"))
    shown = await desk.until(_is(RevealStage.SHOWN), "the field in clear")
    assert shown.reveal is not None
    centre.door.shut()
    await desk.until(lambda seen: not seen.status.server_connected, "that the server is away")
    assert desk.now.reveal is None
    assert desk.painted(shown.reveal.lease) == ""
    centre.door.open()
    await desk.until_connected()


@pytest.mark.parametrize("approved", [True, False])
async def test_a_second_person_decides(
    start_safe: StartSafe, centre: CentreWithDoor, agent: Person, approved: bool
) -> None:
    boss = await start_safe()
    await boss.enrols(centre)
    await boss.signs_in(await asyncio.to_thread(centre.hire, Role.SUPERVISOR))
    desk = await start_safe()
    await _in_call(desk, agent, centre)
    desk.emit(events.RevealSubmitted("email", "dispute"))
    await desk.until(_is(RevealStage.WAITING), "that a supervisor is asked")
    asked = await boss.until(lambda seen: bool(seen.approvals), "that an agent asks")
    assert (asked.approvals[0].agent, asked.approvals[0].name) == (agent.name, "email")
    boss.does("approval.approve" if approved else "approval.refuse")
    if approved:
        shown = await desk.until(_is(RevealStage.SHOWN), "the field in clear")
        assert shown.reveal is not None
        assert desk.painted(shown.reveal.lease) == read_customers(centre.database_file)[0].fields["email"]
    else:
        await desk.until_problem("reveal-not-approved")
        assert desk.now.reveal is None
