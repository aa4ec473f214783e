"""Who can turn a PC into a device, and who cannot."""

import asyncio
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from client.security.device_key import SoftwareDeviceKey
from client.security.renewal import sign_ask
from provisioning.api import EnrolRedeem, ProblemType, RenewReply
from provisioning.enrolment import EnrolmentCode, device_proof, new_nonce
from provisioning.manifest import open_manifest
from provisioning.organisation import Identity
from provisioning.pins import spki_pin, thumbprint
from provisioning.pki import csr_der, generate_key, key_pem, make_csr
from tests.integration.server.people import Desk, It, b64, problem_of
from tests.integration.server.running import RunningServer


async def test_a_code_makes_a_device_whose_certificate_works(it: It, desk: Desk) -> None:
    assert (await desk.send("GET", "/manifest")).status_code == 200
    devices = (await it.send("GET", "/admin/devices")).json()["devices"]
    assert [(device["id"], device["name"]) for device in devices] == [(desk.device_id, "A desk")]


async def test_a_code_works_once(server: RunningServer, it: It) -> None:
    code = await it.code()
    await Desk(server).enrol(code)
    response, _, _ = await Desk(server).hello(code)
    assert problem_of(response).problem_type is ProblemType.ENROLMENT_CODE_USED


async def test_of_two_who_race_with_one_code_one_wins(server: RunningServer, it: It) -> None:
    code = await it.code()
    answers = await asyncio.gather(*(Desk(server).redeem(code) for _ in range(4)))
    assert sorted(answer.status_code for answer in answers) == [200, 409, 409, 409]


async def test_a_code_expires(server: RunningServer, it: It) -> None:
    code = await it.code(minutes=10)
    server.clock.advance(timedelta(minutes=11))
    response, _, _ = await Desk(server).hello(code)
    assert problem_of(response).problem_type is ProblemType.ENROLMENT_CODE_EXPIRED


async def test_nobody_made_this_code(server: RunningServer) -> None:
    response, _, _ = await Desk(server).hello(EnrolmentCode.generate())
    assert problem_of(response).problem_type is ProblemType.ENROLMENT_CODE_UNKNOWN


async def test_who_knows_only_the_codes_name_is_refused_and_the_code_stays_good(server: RunningServer, it: It) -> None:
    code = await it.code()
    response = await Desk(server).redeem(code, key=EnrolmentCode.generate().key())
    assert problem_of(response).problem_type is ProblemType.ENROLMENT_PROOF_WRONG
    await Desk(server).enrol(code)


async def test_a_device_that_saw_another_tls_key_is_refused(server: RunningServer, it: It) -> None:
    """A man in the middle passes everything on, but the device's proof covers the key that it saw: his."""
    code = await it.code()
    response = await Desk(server).redeem(code, pin=spki_pin(generate_key().public_key()))
    assert problem_of(response).problem_type is ProblemType.ENROLMENT_PROOF_WRONG


async def test_a_proof_is_good_for_one_handshake(server: RunningServer, it: It) -> None:
    code, desk = await it.code(), Desk(server)
    _, nonce, pin = await desk.hello(code)
    csr = make_csr(desk.key, "desk").decode()
    invented = new_nonce()
    body = EnrolRedeem(
        code_id=code.id,
        server_nonce=b64(invented),
        proof=b64(device_proof(code.key(), pin, nonce, invented, csr_der(csr))),
        csr_pem=csr,
        device_name="A desk",
    )
    assert await desk.refused("POST", "/enrolment/redeem", body) == (403, ProblemType.ENROLMENT_PROOF_WRONG)


@pytest.mark.parametrize("csr", ["", "not a request"])
async def test_a_request_that_is_none_is_refused(server: RunningServer, it: It, csr: str) -> None:
    code, desk = await it.code(), Desk(server)
    response, _, _ = await desk.hello(code)
    body = EnrolRedeem(
        code_id=code.id, server_nonce=response.json()["server_nonce"], proof="AA", csr_pem=csr, device_name="A desk"
    )
    assert await desk.refused("POST", "/enrolment/redeem", body) == (422, ProblemType.CSR_REFUSED)


async def test_asking_too_often_is_refused_for_a_while(server: RunningServer) -> None:
    desk = Desk(server)
    body = {"code_id": "0000", "device_nonce": b64(new_nonce())}
    answers = [await desk.send("POST", "/enrolment/hello", body) for _ in range(61)]
    problem = problem_of(answers[-1])
    assert problem.problem_type is ProblemType.TOO_MANY_REQUESTS
    assert answers[-1].headers["retry-after"] == str(problem.retry_after)


async def test_a_certificate_renews_itself_and_whoever_is_signed_in_stays_so(
    server: RunningServer, it: It, desk: Desk
) -> None:
    await desk.sign_in(await it.add("lina"))
    old = desk.identity
    key = generate_key()
    csr = make_csr(key, "desk")
    assert old is not None
    shown = thumbprint(old.certificate.public_bytes(Encoding.DER))
    ask = sign_ask(SoftwareDeviceKey(key_pem(desk.key)), csr_der(csr.decode()), shown)
    response = await desk.send("POST", "/devices/renew", {"csr_pem": csr.decode(), "ask": ask})
    renewed = RenewReply.model_validate_json(response.content)
    # The answer may be lost on its way, so the old one works until the new one is used.
    assert (await desk.send("GET", "/calls")).status_code == 200
    desk.identity = Identity(renewed.certificate_pem, key_pem(key))
    assert (await desk.send("GET", "/calls")).status_code == 200
    desk.identity = old
    assert await desk.refused("GET", "/calls") == (401, ProblemType.TOKEN_NOT_BOUND)


async def test_desks_are_told_of_a_new_manifest(server: RunningServer, it: It, desk: Desk) -> None:
    await desk.sign_in(await it.add("lina"))
    before = open_manifest(desk.manifest, desk.signing_keys)
    async with desk.socket() as socket:
        published = server.organisation.publish_manifest()
        assert (await it.send("POST", "/admin/manifest/published")).json() == {"version": published.version}
        assert (await socket.next()).model_dump() == {"type": "manifest.changed", "version": before.version + 1}
    token = (await desk.send("GET", "/manifest")).json()["manifest"]
    assert open_manifest(token, desk.signing_keys, newest_version=before.version) == published
