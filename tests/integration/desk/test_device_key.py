"""A whole desk with its key in a TPM, and what it tells of strangers in the place of an edge."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from client.core import telephony as tel
from tests.integration.desk.centre import CentreWithDoor
from tests.integration.desk.desk import PATIENCE, Desk
from tests.integration.desk.willing_line import WillingLine
from tests.integration.tpm.software_tpm import Factory, SoftwareTpm
from tests.stage.centre import Person
from tests.unit.security.fakes import MemoryKeys

STRANGER = "S" * 43


@pytest.fixture
async def with_tpm(centre: CentreWithDoor, tmp_path: Path) -> AsyncIterator[Desk]:
    """A new PC with a TPM whose maker IT trusts."""
    if shutil.which("swtpm_setup") is None:
        pytest.skip("swtpm-tools is not installed; see tests/integration/tpm/apt.txt")
    factory, chip = Factory(tmp_path / "factory"), SoftwareTpm(tmp_path / "chip")
    await asyncio.to_thread(chip.make_in, factory)
    (centre.organisation_directory / "tpm-makers.pem").write_text(factory.pem)
    with chip:
        desk = Desk(tmp_path / "pc", MemoryKeys(), WillingLine, chip.tpm)
        await desk.runtime.start()
        yield desk
        await desk.runtime.close()


async def until_row(centre: CentreWithDoor, device_id: str, holds: Callable[[dict[str, object]], bool]) -> None:
    """Wait until IT's list says so of a device."""
    async with asyncio.timeout(PATIENCE):
        while True:
            rows = await asyncio.to_thread(centre.devices)
            if any(holds(row) for row in rows if row["id"] == device_id):
                return


async def test_a_desk_keeps_its_key_in_the_tpm_and_proves_it(
    with_tpm: Desk, agent: Person, centre: CentreWithDoor
) -> None:
    await with_tpm.enrols(centre)
    assert set(with_tpm.keys.secrets) == {"device-key-secret", "tls-key-a"}
    await with_tpm.signs_in(agent)
    await until_row(centre, with_tpm.device_id, lambda row: row["key_hardware"] == "CN=swtpm-localca")
    assert with_tpm.problems == []


async def test_a_stranger_in_the_place_of_an_edge_is_told_of_when_the_way_is_good(
    at_work: Desk, centre: CentreWithDoor
) -> None:
    centre.door.shut()
    await at_work.until_problem("server-unreachable")
    at_work.runtime._telephone._take(tel.EdgeNotPinned("edge.bank.example", 5061, STRANGER))
    assert [path for path in (at_work.directory / "vault").iterdir() if path.name.startswith("pin-")]
    centre.door.open()
    await until_row(centre, at_work.device_id, lambda row: row["pin_failures"] == 1)
