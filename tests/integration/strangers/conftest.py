"""One edge for a file of tests, real and on free ports; each test has an engine of its own."""

import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from client.core.telephony import EdgeAddress, RegistrationChanged, RegistrationState
from client.sip.engine.pins import pin_of
from tests.integration.edge.edge_process import EdgeProcess
from tests.integration.edge.hearthline_server import HearthlineServer, Mood
from tests.integration.edge.world import HOST, STRANGERS_HABITS, Pki, World, make_settings
from tests.integration.engine.authority import Authority
from tests.integration.engine.conftest import NO_SOUND
from tests.integration.engine.parts import Desk, configuration, credentials, running_desk, running_edge
from tests.integration.engine.small_edge import SmallEdge
from tests.integration.engine.virtual_sound import VirtualSound

from .agent import at_home

_NEEDED = {
    "kamailio": "provisioning/edge/apt.txt",
    "rtpengine": "provisioning/edge/apt.txt",
    "baresip": "tests/integration/strangers/apt.txt",
    "linphonec": "tests/integration/strangers/apt.txt",
    "sipp": "tests/integration/strangers/apt.txt",
    "pulseaudio": "tests/integration/strangers/apt.txt",
}


@pytest.fixture(scope="session", autouse=True)
def _programs() -> None:
    for program, listed in _NEEDED.items():
        if shutil.which(program) is None:
            pytest.fail(f"{program} is missing, so strangers cannot be met. Install the packages listed in {listed}.")


@pytest.fixture(scope="session")
def pki(tmp_path_factory: pytest.TempPathFactory) -> Pki:
    return Pki(tmp_path_factory.mktemp("pki"))


@pytest.fixture(scope="module")
def running(pki: Pki, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[EdgeProcess, HearthlineServer]]:
    server = HearthlineServer(pki.server.certificate, pki.server.key, pki.ca)
    directory: Path = tmp_path_factory.mktemp("edge")
    with EdgeProcess(make_settings(pki, directory, server.url), directory / "etc") as edge:
        yield edge, server
    server.stop()


@pytest.fixture
def world(running: tuple[EdgeProcess, HearthlineServer], pki: Pki) -> Iterator[World]:
    edge, server = running
    server.mood = Mood.HELPFUL
    server.told.clear()
    world = World(edge, server, pki)
    for words in STRANGERS_HABITS:
        world.expect_log(words)
    yield world
    world.close()


@pytest.fixture(scope="session")
def sound() -> Iterator[VirtualSound]:
    with VirtualSound() as sound:
        yield sound


@pytest.fixture
async def desk(world: World, tmp_path: Path) -> AsyncIterator[Desk]:
    """An agent at home without sound devices, registered."""
    async with at_home(world, tmp_path) as desk:
        yield desk


@pytest.fixture
async def hearing_desk(world: World, tmp_path: Path, sound: VirtualSound) -> AsyncIterator[Desk]:
    """An agent at home with headset and microphone, registered."""
    async with at_home(world, tmp_path, sound=sound.environment) as desk:
        yield desk


@pytest.fixture(scope="session")
def authority() -> Authority:
    return Authority()


@pytest.fixture
async def small_edge(authority: Authority, tmp_path: Path) -> AsyncIterator[SmallEdge]:
    """An edge that says whatever a test wants."""
    async with running_edge(authority.issue("localhost", HOST), tmp_path) as edge:
        yield edge


@pytest.fixture
async def registered(small_edge: SmallEdge, authority: Authority, tmp_path: Path) -> AsyncIterator[Desk]:
    """A desk at that edge."""
    pin = pin_of((tmp_path / "server.pem").read_text())
    async with running_desk(tmp_path, NO_SOUND) as desk:
        desk.send(configuration(authority, EdgeAddress("localhost", small_edge.port, (pin,))), credentials())
        await desk.next(RegistrationChanged, lambda report: report.state is RegistrationState.REGISTERED)
        yield desk
