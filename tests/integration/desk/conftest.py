"""One contact centre for all of these tests; each has people and desks of its own. Whoever breaks it mends it."""

import contextlib
import gc
import warnings
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from client.app.telephone import MakeSupervisor
from tests.integration.desk.centre import CentreWithDoor, Certificates
from tests.integration.desk.desk import Desk, KilledDesk, real_line
from tests.integration.desk.willing_line import WillingLine
from tests.integration.engine.virtual_sound import VirtualSound
from tests.stage.centre import Person
from tests.unit.security.fakes import MemoryKeys

_LEFT_TO_THE_COLLECTOR = (
    "ignore:Exception ignored in. <(socket|function _SelectorTransport):pytest.PytestUnraisableExceptionWarning"
)
"""A connection that the server cut is dropped by the HTTP library without being closed: the collector closes it,
and warns of that."""

StartDesk = Callable[..., Coroutine[Any, Any, Desk]]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Take that warning for what it is, in these tests alone."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.filterwarnings(_LEFT_TO_THE_COLLECTOR))


@pytest.fixture(scope="session")
def running_centre(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CentreWithDoor]:
    """Server and customers; the edge is started by the first test that needs it."""
    centre = CentreWithDoor(tmp_path_factory.mktemp("centre"))
    try:
        centre.provision()
        centre.start_server()
        yield centre
    finally:
        centre.stop()


@pytest.fixture
def centre(running_centre: CentreWithDoor) -> Iterator[CentreWithDoor]:
    """The centre, with its door open."""
    yield running_centre
    running_centre.door.open()


@pytest.fixture(scope="session")
def _edge(running_centre: CentreWithDoor) -> None:
    running_centre.start_edge()


@pytest.fixture
def centre_with_edge(centre: CentreWithDoor, _edge: None) -> CentreWithDoor:
    """The centre, with its edge too."""
    return centre


@pytest.fixture
def certificates(centre: CentreWithDoor) -> Certificates:
    return Certificates(centre)


@pytest.fixture
def agent(centre: CentreWithDoor) -> Person:
    return centre.hire()


@pytest.fixture(scope="session")
def sound() -> Iterator[VirtualSound]:
    with VirtualSound() as sound:
        yield sound


@pytest.fixture
async def start_desk(tmp_path: Path) -> AsyncIterator[StartDesk]:
    """Starts desks: a new PC, or the one with this directory and these keys; all are closed at the end."""
    async with contextlib.AsyncExitStack() as open_desks:
        count = 0

        async def start(
            *,
            directory: Path | None = None,
            keys: MemoryKeys | None = None,
            line: MakeSupervisor = WillingLine,
        ) -> Desk:
            nonlocal count
            count += 1
            desk = Desk(directory or tmp_path / f"pc{count}", keys or MemoryKeys(), line)
            open_desks.push_async_callback(desk.runtime.close)
            await desk.runtime.start()
            return desk

        yield start
    # Here and now, so that no test elsewhere is blamed for what `_LEFT_TO_THE_COLLECTOR` is about.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        gc.collect()


@pytest.fixture
async def desk(start_desk: StartDesk) -> Desk:
    """A desk on a new PC, with a willing line."""
    return await start_desk()


@pytest.fixture
async def enrolled(desk: Desk, centre: CentreWithDoor) -> Desk:
    """An enrolled desk with nobody signed in."""
    await desk.enrols(centre)
    return desk


@pytest.fixture
async def at_work(enrolled: Desk, agent: Person) -> Desk:
    """A desk with an agent signed in."""
    await enrolled.signs_in(agent)
    await enrolled.until_registered()
    await enrolled.until_well()
    return enrolled


@pytest.fixture
async def on_edge(start_desk: StartDesk, centre_with_edge: CentreWithDoor, tmp_path: Path, sound: VirtualSound) -> Desk:
    """An enrolled desk with the real engine and a headset, nobody signed in."""
    return await enrolled_on_edge(start_desk, centre_with_edge, tmp_path, sound.environment)


async def enrolled_on_edge(
    start_desk: StartDesk, centre: CentreWithDoor, folder: Path, environment: Mapping[str, str]
) -> Desk:
    """An enrolled desk with the real engine, on a PC with this environment."""
    desk = await start_desk(line=real_line(folder / "run", environment))
    await desk.enrols(centre)
    return desk


@pytest.fixture
async def start_killed_desk(tmp_path: Path) -> AsyncIterator[Callable[[], Coroutine[Any, Any, KilledDesk]]]:
    """Starts a desk that can be killed, each time on the same PC; none is left at the end."""
    async with contextlib.AsyncExitStack() as desks:

        async def start() -> KilledDesk:
            desk = KilledDesk(tmp_path / "pc", tmp_path / "keys.json")
            await desk.start()
            desks.push_async_callback(desk.kill)
            return desk

        yield start
