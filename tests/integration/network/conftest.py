"""What the network's tests share. Each has namespaces of its own, so they can run side by side."""

import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.integration.engine.virtual_sound import VirtualSound
from tests.integration.network.world import World, running_world

_NEEDED = {
    "ip": "tests/integration/network/apt.txt",
    "nsenter": "tests/integration/network/apt.txt",
    "kamailio": "provisioning/edge/apt.txt",
    "rtpengine": "provisioning/edge/apt.txt",
}


@pytest.fixture(scope="session", autouse=True)
def _programs() -> None:
    for program, listed in _NEEDED.items():
        if shutil.which(program) is None:
            pytest.fail(f"{program} is missing, so the network cannot be tested. Install the packages in {listed}.")


@pytest.fixture(scope="session")
def sound() -> Iterator[VirtualSound]:
    with VirtualSound() as sound:
        yield sound


@pytest_asyncio.fixture
async def world(tmp_path: Path, sound: VirtualSound) -> AsyncIterator[World]:
    async with running_world(tmp_path, sound) as world:
        yield world


@pytest_asyncio.fixture
async def two_edges(tmp_path: Path, sound: VirtualSound) -> AsyncIterator[World]:
    async with running_world(tmp_path, sound, edges=2) as world:
        yield world
