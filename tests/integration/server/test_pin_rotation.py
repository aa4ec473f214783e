"""The server's key is changed by way of its backup: no desk is locked out that comes back in time, none is fooled."""

import asyncio
import contextlib
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest

from client.security.enrol import Invitation, enrol
from client.security.identity import Device, DeviceProfile
from client.security.link import Link
from client.security.pin_reports import PinReports
from client.security.trouble import problem_code
from client.security.vault import Vault
from provisioning.admin.client import AdminClient
from provisioning.api import NewEnrolmentCode, NewEnrolmentCodeReply
from provisioning.organisation import OrganisationError
from tests.stage.centre import Centre
from tests.unit.security.fakes import MemoryKeys


@pytest.fixture(scope="module")
def centre(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Centre]:
    """A server of these tests' own: its keys change."""
    made = Centre(tmp_path_factory.mktemp("centre"), customers=1)
    made.provision()
    made.start_server()
    yield made
    made.stop()


class Pc:
    """An enrolled PC."""

    def __init__(self, directory: Path) -> None:
        self.keys = MemoryKeys()
        self.profile = DeviceProfile(directory, self.keys)
        self.pins = PinReports(Vault(directory / "vault", self.keys))

    async def enrol(self, centre: Centre) -> None:
        def code() -> str:
            with AdminClient(centre.organisation) as client:
                return client.post("/admin/enrolment-codes", NewEnrolmentCode(), NewEnrolmentCodeReply).code

        await enrol(Invitation.read(centre.server_address, await asyncio.to_thread(code)), self.profile)

    async def comes_back(self) -> Device:
        """Do what a desk does at its start: fetch the newest manifest, and tell what it met meanwhile."""
        async with Link(self.profile.load(), self.pins.note) as link:
            device = self.profile.obey(await link.manifest())
            link.obey(device)
            await self.pins.send(link, device.key)
        return device


def change_key(centre: Centre) -> None:
    """As IT does it: the backup takes its place, the server is started again, desks are told."""
    centre.organisation.rotate_key("server")
    centre.server.stop()
    centre.start_server()
    centre.organisation.publish_manifest()


async def test_a_desk_that_missed_one_change_comes_back_and_takes_the_next_pins(centre: Centre, tmp_path: Path) -> None:
    pc = Pc(tmp_path / "pc")
    await pc.enrol(centre)
    before = pc.profile.load().manifest.server.pins
    for _ in range(2):
        await asyncio.to_thread(change_key, centre)
        device = await pc.comes_back()
        assert device.manifest.server.pins == centre.organisation.server_pins
        assert device.manifest.server.pins[0] == before[1]
        before = device.manifest.server.pins


async def test_a_desk_that_works_meanwhile_takes_the_new_pins_without_being_asked(
    centre: Centre, tmp_path: Path
) -> None:
    pc = Pc(tmp_path / "pc")
    await pc.enrol(centre)
    async with Link(pc.profile.load(), pc.pins.note) as link:
        for _ in range(2):
            await asyncio.to_thread(change_key, centre)
            # The connection went with the old server.
            with contextlib.suppress(httpx2.TransportError):
                await link.manifest()
            link.obey(pc.profile.obey(await link.manifest()))


async def test_a_desk_that_missed_two_sends_nothing_and_tells_of_it_when_it_can(centre: Centre, tmp_path: Path) -> None:
    """To it the key is a stranger's, and it can't know better. IT enrols it anew; what it met is not forgotten."""
    pc = Pc(tmp_path / "pc")
    await pc.enrol(centre)
    for _ in range(2):
        await asyncio.to_thread(change_key, centre)
    for _ in range(3):
        with pytest.raises(httpx2.TransportError) as raised:
            await pc.comes_back()
        assert problem_code(raised.value) == "server-pin-mismatch"
    await pc.enrol(centre)
    device = await pc.comes_back()
    shown = await asyncio.to_thread(centre.admin, "device", "list", "--dir", str(centre.organisation_directory))
    [line] = [line for line in shown.splitlines() if device.id in line]
    assert "3, last " in line


def test_two_changes_without_telling_desks_in_between_are_refused(centre: Centre) -> None:
    organisation = centre.organisation
    pins = organisation.server_pins
    centre.admin("manifest", "rotate", "server", "--dir", str(centre.organisation_directory))
    with pytest.raises(OrganisationError, match="no desk was told yet"):
        organisation.rotate_key("server")
    assert organisation.server_pins[0] == pins[1]
    assert not organisation.is_published
    organisation.publish_manifest()
    edge_pins = organisation.edge_pins
    organisation.rotate_key("edge")
    assert organisation.edge_pins[0] == edge_pins[1]
    assert organisation.edge.certificate.public_key() == organisation.edge_at("127.0.0.1").certificate.public_key()
