"""Fixtures: one edge and one server for a file of tests, and a fresh view of them for each test."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from .edge_process import EdgeProcess
from .hearthline_server import HearthlineServer, Mood
from .world import Pki, World, make_settings

_NEEDED = {
    "kamailio": "provisioning/edge/apt.txt",
    "rtpengine": "provisioning/edge/apt.txt",
    "baresip": "tests/integration/edge/apt.txt",
}


@pytest.fixture(scope="session", autouse=True)
def _programs() -> None:
    for program, listed in _NEEDED.items():
        if shutil.which(program) is None:
            pytest.fail(f"{program} is missing, so the edge cannot be tested. Install the packages listed in {listed}.")


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
    yield world
    world.close()


@pytest.fixture
def own_world(pki: Pki, tmp_path: Path) -> Iterator[World]:
    """An edge and a server for one test alone, which may stop them."""
    server = HearthlineServer(pki.server.certificate, pki.server.key, pki.ca)
    with EdgeProcess(make_settings(pki, tmp_path, server.url), tmp_path / "etc") as edge:
        world = World(edge, server, pki)
        yield world
        server.stop()
        world.close()
