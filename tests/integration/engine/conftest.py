"""What the engine's tests share. Each test has an edge of its own on a free port, so tests can run side by side."""

import os
from collections.abc import AsyncIterator, Iterator, Mapping
from pathlib import Path

import pytest

from client.core.telephony import EdgeAddress, RegistrationChanged, RegistrationState
from tests.integration.engine.authority import Authority, Identity
from tests.integration.engine.parts import Desk, configuration, credentials, running_desk, running_edge
from tests.integration.engine.small_edge import SmallEdge
from tests.integration.engine.virtual_sound import VirtualSound

NO_SOUND: Mapping[str, str] = {"ALSA_CONFIG_PATH": os.devnull}
"""A machine without any sound device, whatever the machine of the test has."""


@pytest.fixture(scope="session")
def authority() -> Authority:
    return Authority()


@pytest.fixture(scope="session")
def identity(authority: Authority) -> Identity:
    return authority.issue("localhost", "127.0.0.1")


@pytest.fixture
async def edge(identity: Identity, tmp_path: Path) -> AsyncIterator[SmallEdge]:
    async with running_edge(identity, tmp_path) as edge:
        yield edge


@pytest.fixture
def address(edge: SmallEdge, identity: Identity) -> EdgeAddress:
    return EdgeAddress("localhost", edge.port, (identity.pin,))


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    """A desk without sound devices, not yet configured."""
    async with running_desk(tmp_path, NO_SOUND) as desk:
        yield desk


@pytest.fixture(scope="session")
def sound() -> Iterator[VirtualSound]:
    with VirtualSound() as sound:
        yield sound


@pytest.fixture
async def hearing_desk(
    tmp_path: Path, sound: VirtualSound, authority: Authority, address: EdgeAddress
) -> AsyncIterator[Desk]:
    """A registered desk with headset and microphone."""
    async with running_desk(tmp_path, sound.environment) as desk:
        desk.send(configuration(authority, address), credentials())
        await desk.next(RegistrationChanged, lambda report: report.state is RegistrationState.REGISTERED)
        yield desk


@pytest.fixture
async def registered_desk(desk: Desk, authority: Authority, address: EdgeAddress) -> Desk:
    """A registered desk without sound devices."""
    desk.send(configuration(authority, address), credentials())
    await desk.next(RegistrationChanged, lambda report: report.state is RegistrationState.REGISTERED)
    return desk
