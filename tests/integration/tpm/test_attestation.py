"""That the device's key is in a TPM is proven by that TPM, to a server that trusts its maker; and by nothing else."""

import base64
import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import cast

import pytest
from sqlalchemy import text

from client.security.attest import attest
from client.security.hardware import ProvableKey
from client.security.identity import Device, DeviceProfile
from client.security.link import Link
from client.security.trouble import Refused
from provisioning import api
from tests.integration.server.people import Desk, It
from tests.integration.server.running import RunningServer, sqlite_url
from tests.integration.tpm.software_tpm import Factory, SoftwareTpm
from tests.stage.organisation import harbour_bank
from tests.unit.security.fakes import MemoryKeys
from tests.unit.security.fakes import Organisation as Bank


@pytest.fixture
def factory(tmp_path: Path) -> Factory:
    if shutil.which("swtpm_setup") is None:
        pytest.skip("swtpm-tools is not installed; see apt.txt")
    return Factory(tmp_path / "factory")


@pytest.fixture
def chip(tmp_path: Path, factory: Factory) -> Iterator[SoftwareTpm]:
    """A TPM as it leaves the factory."""
    made = SoftwareTpm(tmp_path / "chip")
    made.make_in(factory)
    with made:
        yield made


@pytest.fixture
def server(tmp_path: Path) -> Iterator[RunningServer]:
    organisation = harbour_bank(tmp_path / "org")
    running = RunningServer(organisation, sqlite_url(tmp_path), customers=1)
    running.start()
    yield running
    running.stop()
    assert running.warnings == []


class Pc:
    """A PC with a TPM, enrolled; asks the server as its desk does."""

    def __init__(self, server: RunningServer, directory: Path, chip: SoftwareTpm) -> None:
        self.server = server
        self.desk = Desk(server)
        self.profile = DeviceProfile(directory, MemoryKeys(), chip.tpm)
        self.made = Bank().enrol(directory, cast(MemoryKeys, self.profile.keys), hardware=chip.tpm)
        self.answers: list[str] = []
        self.change_answer = False

    async def enrol(self) -> None:
        await self.desk.enrol(await It(self.server, self.server.organisation.admin).code())
        self.own(self.made.key.public_pem)

    def own(self, public_pem: str) -> None:
        """Have the server know this as the device's key, as enrolling with it does."""
        engine = self.server.database()
        with engine.begin() as connection:
            connection.execute(text("UPDATE devices SET identity_key = :pem"), {"pem": public_pem})
        engine.dispose()

    def load(self) -> Device:
        return self.profile.load()

    async def proves(self) -> bool:
        return await attest(self.profile, self.load(), cast(Link, self))

    async def attest(self, request: api.AttestationRequest) -> api.AttestationReply:
        """See Link."""
        if request.answer:
            self.answers.append(request.answer)
            if self.change_answer:
                raw = base64.b64decode(request.answer)
                request = request.model_copy(update={"answer": base64.b64encode(raw[:-1] + b"?").decode()})
        response = await self.desk.send("POST", "/devices/attestation", request)
        if response.status_code != 200:
            raise Refused(api.Problem.model_validate_json(response.content))
        return api.AttestationReply.model_validate_json(response.content)

    async def seen_by_it(self) -> str | None:
        reply = (await It(self.server, self.server.organisation.admin).send("GET", "/admin/devices")).json()
        return cast("str | None", reply["devices"][0]["key_hardware"])


@pytest.fixture
async def pc(server: RunningServer, tmp_path: Path, chip: SoftwareTpm) -> Pc:
    made = Pc(server, tmp_path / "pc", chip)
    await made.enrol()
    return made


def trust(server: RunningServer, factory: Factory) -> None:
    """What IT does: put the maker's certificate on the organisation's list."""
    (server.organisation.directory / "tpm-makers.pem").write_text(factory.pem)


async def test_a_tpm_of_a_listed_maker_proves_that_it_holds_the_key(
    server: RunningServer, pc: Pc, factory: Factory
) -> None:
    assert await pc.seen_by_it() is None
    trust(server, factory)
    assert await pc.proves()
    assert await pc.seen_by_it() == "CN=swtpm-localca"
    assert pc.load().key_proven
    # Once is enough.
    assert await pc.proves()
    assert len(pc.answers) == 1
    proofs = [entry for entry in await server.services.audit.entries(None) if entry.action == "device.hardware-proven"]
    assert [entry.details for entry in proofs] == [{"maker": "CN=swtpm-localca"}]


async def test_without_its_maker_on_the_list_a_tpm_proves_nothing(
    server: RunningServer, pc: Pc, tmp_path: Path
) -> None:
    assert not await pc.proves()
    another = Factory(tmp_path / "another-factory")
    SoftwareTpm(tmp_path / "another-chip").make_in(another)
    trust(server, another)
    assert not await pc.proves()
    assert await pc.seen_by_it() is None
    assert pc.answers == []


async def test_a_key_in_software_cannot_borrow_a_tpm(
    server: RunningServer, pc: Pc, chip: SoftwareTpm, factory: Factory
) -> None:
    """The desk shows a real TPM and a real key in it; but what it signs with is another key."""
    trust(server, factory)
    pc.own(chip.tpm.create(bytes(32)).public_pem)
    assert not await pc.proves()
    assert pc.answers == []
    assert await pc.seen_by_it() is None


async def test_a_key_in_another_tpm_cannot_borrow_a_listed_one(
    server: RunningServer, pc: Pc, factory: Factory, tmp_path: Path
) -> None:
    """The key's own TPM has no certificate; the challenge is for one that has, and that one does not hold the key."""
    trust(server, factory)
    with SoftwareTpm(tmp_path / "unknown") as unknown:
        key = unknown.tpm.create(bytes(32))
        assert key.endorsement_certificate() is None
        pc.own(key.public_pem)
        listed = pc.load().key
        assert isinstance(listed, ProvableKey)
        certificate = listed.endorsement_certificate()
        assert certificate is not None
        request = api.AttestationRequest(
            ek_certificate=base64.b64encode(certificate).decode(), key=base64.b64encode(key.public_area).decode()
        )
        challenge = await pc.attest(request)
        blob, secret = base64.b64decode(challenge.blob), base64.b64decode(challenge.secret)
        for holder in (listed, key):
            with pytest.raises(Exception, match="TPM answered"):
                holder.activate(blob, secret)


async def test_a_wrong_or_an_old_answer_proves_nothing(server: RunningServer, pc: Pc, factory: Factory) -> None:
    trust(server, factory)
    pc.change_answer = True
    assert not await pc.proves()
    pc.change_answer = False
    assert await pc.seen_by_it() is None
    key = pc.load().key
    assert isinstance(key, ProvableKey)
    certificate = key.endorsement_certificate()
    assert certificate is not None
    request = api.AttestationRequest(
        ek_certificate=base64.b64encode(certificate).decode(), key=base64.b64encode(key.public_area).decode()
    )
    challenge = await pc.attest(request)
    answer = key.activate(base64.b64decode(challenge.blob), base64.b64decode(challenge.secret))
    server.clock.advance(timedelta(minutes=5))
    with pytest.raises(Refused):
        await pc.attest(request.model_copy(update={"answer": base64.b64encode(answer).decode()}))
    assert await pc.seen_by_it() is None


async def test_where_policy_wants_hardware_nobody_signs_in_without_the_proof(
    server: RunningServer, pc: Pc, factory: Factory
) -> None:
    file = server.organisation.directory / "organisation.toml"
    file.write_text(file.read_text().replace('device_key = "any"', 'device_key = "hardware"'))
    server.organisation.publish_manifest()
    who = await It(server, server.organisation.admin).add("lina")
    body = pc.desk.sign_in_body(who)
    assert await pc.desk.refused("POST", "/session", body) == (403, api.ProblemType.HARDWARE_NOT_PROVEN)
    trust(server, factory)
    assert await pc.proves()
    response = await pc.desk.send("POST", "/session", body)
    # What the desk signs with is in the TPM, and this test's sign-in is not; but the door is open.
    assert api.Problem.model_validate_json(response.content).problem_type is api.ProblemType.DEVICE_PROOF_WRONG
