"""A certificate is issued only to what the device key asked for, whoever holds the TLS key."""

from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import httpx2
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from sqlalchemy import text

from client.security.device_key import SoftwareDeviceKey
from client.security.renewal import sign_ask
from provisioning.api import CertificateAsk, EnrolHelloReply, EnrolRedeem, EnrolRedeemReply, ProblemType, RenewReply
from provisioning.device_proof import prove
from provisioning.enrolment import EnrolmentCode, device_proof
from provisioning.organisation import Identity
from provisioning.pins import thumbprint
from provisioning.pki import csr_der, generate_key, key_pem, make_csr
from tests.integration.server.people import Desk, It, b64, problem_of, unb64
from tests.integration.server.running import RunningServer


def device_key_of(key: ec.EllipticCurvePrivateKey) -> SoftwareDeviceKey:
    return SoftwareDeviceKey(key_pem(key))


def shown_by(desk: Desk) -> str:
    """The thumbprint of the certificate that a desk shows."""
    assert desk.identity is not None
    return thumbprint(desk.identity.certificate.public_bytes(Encoding.DER))


@dataclass
class TwoKeyDesk(Desk):
    """A device of today: `key` is the TLS key, `device_key` says which device it is."""

    device_key: ec.EllipticCurvePrivateKey = field(default_factory=generate_key)

    async def redeem_with(
        self, code: EnrolmentCode, signer: ec.EllipticCurvePrivateKey, proven: str | None = None
    ) -> httpx2.Response:
        """Enrol; `signer` signs the ask, and the code's proof covers `proven` as the device key."""
        response, nonce, pin = await self.hello(code)
        reply = EnrolHelloReply.model_validate_json(response.content)
        csr, pem = make_csr(self.key, "desk").decode(), device_key_of(self.device_key).public_pem
        proof = device_proof(
            code.key(),
            pin,
            nonce,
            unb64(reply.server_nonce),
            csr_der(csr),
            device_key_pem=pem if proven is None else proven,
        )
        body = EnrolRedeem(
            code_id=code.id,
            server_nonce=reply.server_nonce,
            proof=b64(proof),
            csr_pem=csr,
            device_name="A desk with two keys",
            device_key_pem=pem,
            ask=sign_ask(device_key_of(signer), csr_der(csr), reply.server_nonce),
        )
        return await self.send("POST", "/enrolment/redeem", body)

    async def enrol(self, code: EnrolmentCode) -> None:
        response = await self.redeem_with(code, self.device_key)
        assert response.status_code == 200, response.text
        reply = EnrolRedeemReply.model_validate_json(response.content)
        self.device_id = reply.device_id
        self.identity = Identity(reply.certificate_pem, key_pem(self.key))

    async def renew_with(
        self, key: ec.EllipticCurvePrivateKey, signer: ec.EllipticCurvePrivateKey, under: str = ""
    ) -> httpx2.Response:
        """Ask for a certificate for `key`."""
        csr = make_csr(key, "desk").decode()
        ask = sign_ask(device_key_of(signer), csr_der(csr), under or shown_by(self))
        return await self.send("POST", "/devices/renew", {"csr_pem": csr, "ask": ask})

    def take(self, response: httpx2.Response, key: ec.EllipticCurvePrivateKey) -> None:
        """Show the next certificate from now on."""
        assert response.status_code == 200, response.text
        self.identity = Identity(RenewReply.model_validate_json(response.content).certificate_pem, key_pem(key))


@pytest.fixture
async def desk(server: RunningServer, it: It) -> TwoKeyDesk:
    made = TwoKeyDesk(server)
    await made.enrol(await it.code())
    return made


async def test_the_tls_key_is_renewed_and_the_device_key_stays(desk: TwoKeyDesk) -> None:
    for _ in range(3):
        key = generate_key()
        desk.take(await desk.renew_with(key, desk.device_key), key)
        assert (await desk.send("GET", "/manifest")).status_code == 200


async def test_a_stolen_tls_key_gets_no_certificate(server: RunningServer, desk: TwoKeyDesk) -> None:
    """The thief has the TLS key and its certificate, and may make any request; but he can't sign for the device."""
    stolen, fresh = desk.key, generate_key()
    for signer in (stolen, fresh):
        response = await desk.renew_with(generate_key(), signer)
        assert problem_of(response).problem_type is ProblemType.DEVICE_PROOF_WRONG
    for key in (stolen, fresh):
        body = {"csr_pem": make_csr(key, "desk").decode()}
        assert await desk.refused("POST", "/devices/renew", body) == (403, ProblemType.DEVICE_PROOF_WRONG)
    engine = server.database()
    with engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM device_certificates")).scalar() == 1
    engine.dispose()


async def test_an_ask_is_good_once_and_under_its_certificate_alone(desk: TwoKeyDesk) -> None:
    key = generate_key()
    csr = make_csr(key, "desk").decode()
    ask = sign_ask(device_key_of(desk.device_key), csr_der(csr), shown_by(desk))
    body = {"csr_pem": csr, "ask": ask}
    first = await desk.send("POST", "/devices/renew", body)
    # Again, by whoever saw it: the key has its certificate and gets no second one.
    assert await desk.refused("POST", "/devices/renew", body) == (422, ProblemType.CSR_REFUSED)
    desk.take(first, key)
    assert await desk.refused("POST", "/devices/renew", body) == (403, ProblemType.DEVICE_PROOF_WRONG)


async def test_an_ask_for_another_request_or_purpose_is_none(desk: TwoKeyDesk) -> None:
    csr, other = (make_csr(generate_key(), "desk").decode() for _ in range(2))
    key, under = device_key_of(desk.device_key), shown_by(desk)
    wrong = (
        sign_ask(key, csr_der(other), under),
        prove(key, "posture", CertificateAsk(csr="AA", under=under).model_dump_json().encode()),
        prove(key, "renewal", b"{}"),
        "not.signed.atall",
    )
    for ask in wrong:
        refused = await desk.refused("POST", "/devices/renew", {"csr_pem": csr, "ask": ask})
        assert refused == (403, ProblemType.DEVICE_PROOF_WRONG)


async def test_who_has_no_device_key_can_name_none_when_it_enrols(server: RunningServer, it: It) -> None:
    code, desk = await it.code(), TwoKeyDesk(server)
    response = await desk.redeem_with(code, generate_key())
    assert problem_of(response).problem_type is ProblemType.DEVICE_PROOF_WRONG
    response = await desk.redeem_with(code, desk.device_key, proven="")
    assert problem_of(response).problem_type is ProblemType.ENROLMENT_PROOF_WRONG
    # And the code is not used up by it.
    await desk.enrol(code)


async def test_a_device_that_was_switched_off_for_a_week_comes_back_by_its_device_key(
    server: RunningServer, desk: TwoKeyDesk
) -> None:
    server.clock.advance(timedelta(days=8))
    assert await desk.refused("GET", "/manifest") == (401, ProblemType.CERTIFICATE_EXPIRED)
    key = generate_key()
    response = await desk.renew_with(key, desk.key)
    assert problem_of(response).problem_type is ProblemType.DEVICE_PROOF_WRONG
    response = await desk.renew_with(key, desk.device_key)
    assert response.status_code == 200


async def test_after_too_long_an_absence_only_enrolling_helps(server: RunningServer, desk: TwoKeyDesk) -> None:
    server.clock.advance(timedelta(days=92))
    response = await desk.renew_with(generate_key(), desk.device_key)
    assert problem_of(response).problem_type is ProblemType.CERTIFICATE_EXPIRED


async def test_a_revoked_device_gets_no_certificate(server: RunningServer, it: It, desk: TwoKeyDesk) -> None:
    assert (await it.send("POST", f"/admin/devices/{desk.device_id}/revoke")).status_code == 204
    response = await desk.renew_with(generate_key(), desk.device_key)
    assert problem_of(response).problem_type is ProblemType.DEVICE_REVOKED


async def test_a_device_of_before_goes_on_with_its_one_key_and_may_part_it(server: RunningServer, it: It) -> None:
    """Its certificate's key was its device key; it stays that when TLS gets a key of its own."""
    old = Desk(server)
    await old.enrol(await it.code())
    engine = server.database()
    with engine.begin() as connection:
        # As the migration leaves them.
        connection.execute(text("UPDATE devices SET identity_key = NULL"))
        connection.execute(text("UPDATE device_certificates SET key_pin = NULL"))
    engine.dispose()
    same = {"csr_pem": make_csr(old.key, "desk").decode()}
    assert (await old.send("POST", "/devices/renew", same)).status_code == 200
    assert (await old.send("POST", "/devices/renew", same)).status_code == 200
    stranger = {"csr_pem": make_csr(generate_key(), "desk").decode()}
    assert await old.refused("POST", "/devices/renew", stranger) == (403, ProblemType.DEVICE_PROOF_WRONG)

    parted = TwoKeyDesk(server, old.identity, device_key=old.key)
    key = generate_key()
    parted.take(await parted.renew_with(key, old.key), key)
    key2 = generate_key()
    assert problem_of(await parted.renew_with(key2, key)).problem_type is ProblemType.DEVICE_PROOF_WRONG
    parted.take(await parted.renew_with(key2, old.key), key2)
    # From here on the one key alone is no way in any more.
    assert await parted.refused("POST", "/devices/renew", same) == (403, ProblemType.DEVICE_PROOF_WRONG)


def test_no_device_key_is_in_what_the_server_keeps_but_its_public_half(
    server: RunningServer, desk: TwoKeyDesk, tmp_path: Path
) -> None:
    engine = server.database()
    with engine.connect() as connection:
        kept = connection.execute(text("SELECT identity_key FROM devices")).scalar()
    engine.dispose()
    assert kept == device_key_of(desk.device_key).public_pem
