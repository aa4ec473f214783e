"""What was said once is not said again by somebody else: manifests, enrolments, signed statements, tokens."""

import base64
import hmac
import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from client.security.device_key import SoftwareDeviceKey
from client.security.identity import DeviceProfile
from provisioning import signing
from provisioning.api import ProblemType
from provisioning.device_proof import BadProof, Purpose, open_proof, prove
from provisioning.enrolment import device_proof, new_nonce, server_proof
from provisioning.manifest import BadManifest, StaleManifest, open_manifest, sign_manifest
from provisioning.pki import csr_der, generate_key, key_pem, make_csr
from provisioning.signing import BadSignature
from tests.attack.conftest import enrolled
from tests.integration.server.people import Caller, Desk, It, b64, unb64
from tests.integration.server.running import RunningServer
from tests.stage.posture import signed
from tests.unit.security.fakes import MemoryKeys, Organisation

PURPOSES: tuple[Purpose, ...] = ("posture", "lease", "renewal", "pin-report")
P256_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


# --- manifests, at the desk -------------------------------------------------------------------------------------------


@pytest.fixture
def bank() -> Organisation:
    return Organisation()


@pytest.fixture
def profile(bank: Organisation, tmp_path: Path) -> DeviceProfile:
    keys = MemoryKeys()
    bank.enrol(tmp_path / "profile", keys)
    return DeviceProfile(tmp_path / "profile", keys)


def test_an_older_manifest_is_not_obeyed_however_well_signed(bank: Organisation, profile: DeviceProfile) -> None:
    old, new = bank.token(2), bank.token(3)
    assert profile.obey(old).manifest.version == 2
    assert profile.obey(new).manifest.version == 3
    with pytest.raises(StaleManifest):
        profile.obey(old)
    assert profile.load().manifest.version == 3


def test_another_manifest_of_the_same_version_changes_nothing(bank: Organisation, profile: DeviceProfile) -> None:
    """Of two that are both signed, the first stays."""
    first = bank.token(2, port=8443)
    profile.obey(first)
    assert profile.obey(bank.token(2, port=9999)).manifest.server.port == 8443


def test_a_key_that_was_rotated_out_signs_nothing_any_more(bank: Organisation, profile: DeviceProfile) -> None:
    next_key = signing.generate_signing_key()
    profile.obey(bank.token(2, keys=(signing.public_pem(bank.signing_key), signing.public_pem(next_key))))
    profile.obey(sign_manifest(bank.manifest(3, keys=(signing.public_pem(next_key),)), next_key))
    with pytest.raises(BadSignature):
        profile.obey(bank.token(4))
    assert profile.load().manifest.version == 3


def forged_none(token: str, _bank: Organisation) -> str:
    """No signature, and a header that says so."""
    header = b64(json.dumps({"alg": "none", "typ": "hearthline-manifest+jws"}).encode())
    return f"{header}.{token.split('.')[1]}."


def forged_hmac(token: str, bank: Organisation) -> str:
    """The public key taken for a shared secret."""
    header = b64(json.dumps({"alg": "HS256", "typ": "hearthline-manifest+jws"}).encode())
    signed_part = f"{header}.{token.split('.')[1]}"
    key = signing.public_pem(bank.signing_key).encode()
    return f"{signed_part}.{b64(hmac.digest(key, signed_part.encode(), 'sha256'))}"


def other_payload(token: str, bank: Organisation) -> str:
    header, _, signature = token.split(".")
    return f"{header}.{b64(bank.manifest(99).model_dump_json().encode())}.{signature}"


def own_key_inside(token: str, bank: Organisation) -> str:
    """Signed by a stranger whose own key is in the manifest's list."""
    stranger = signing.generate_signing_key()
    return sign_manifest(bank.manifest(99, keys=(signing.public_pem(stranger),)), stranger)


def for_something_else(token: str, bank: Organisation) -> str:
    """The organisation's own signature, over something that is no manifest."""
    return signing.sign(b"{}", bank.signing_key)


def cut(token: str, _bank: Organisation) -> str:
    return token[:-4]


FORGERIES = [forged_none, forged_hmac, other_payload, own_key_inside, for_something_else, cut]


@pytest.mark.parametrize("forge", FORGERIES)
def test_a_forged_manifest_is_not_obeyed(
    bank: Organisation, profile: DeviceProfile, forge: Callable[[str, Organisation], str]
) -> None:
    with pytest.raises((BadSignature, BadManifest)):
        profile.obey(forge(bank.token(99), bank))
    assert profile.load().manifest.version == 1


# --- enrolment --------------------------------------------------------------------------------------------------------


async def test_what_was_said_in_an_enrolment_enrols_nobody_again(server: RunningServer, it: It) -> None:
    """The whole second request, word for word, is worth nothing: its code is used, and its nonce gone."""
    code, desk = await it.code(), Desk(server)
    response, nonce, pin = await desk.hello(code)
    hello = response.json()
    csr = make_csr(desk.key, "desk").decode()
    proof = device_proof(code.key(), pin, nonce, unb64(hello["server_nonce"]), csr_der(csr))
    body = {
        "code_id": code.id, "server_nonce": hello["server_nonce"], "proof": b64(proof), "csr_pem": csr,
        "device_name": "A desk",
    }  # fmt: skip
    assert (await Caller(server).send("POST", "/enrolment/redeem", body)).status_code == 200
    assert await Caller(server).refused("POST", "/enrolment/redeem", body) == (409, ProblemType.ENROLMENT_CODE_USED)


async def test_a_proof_is_good_for_its_own_request_and_nonce_alone(server: RunningServer, it: It) -> None:
    """Whoever reads an enrolment on its way, and is faster, cannot put a key of their own into it."""
    code, desk = await it.code(), Desk(server)
    response, nonce, pin = await desk.hello(code)
    theirs = unb64(response.json()["server_nonce"])
    mine, thiefs = make_csr(desk.key, "desk").decode(), make_csr(generate_key(), "desk").decode()
    proof = device_proof(code.key(), pin, nonce, theirs, csr_der(mine))
    second, other_nonce, _ = await desk.hello(code)
    body = {"code_id": code.id, "proof": b64(proof), "device_name": "A desk"}
    attempts = [
        {"csr_pem": thiefs, "server_nonce": b64(theirs)},
        {"csr_pem": mine, "server_nonce": second.json()["server_nonce"]},
        {"csr_pem": mine, "server_nonce": b64(new_nonce())},
        # The server's own proof, reflected.
        {"csr_pem": mine, "server_nonce": b64(theirs), "proof": response.json()["proof"]},
        {
            "csr_pem": mine,
            "server_nonce": b64(theirs),
            "proof": b64(server_proof(code.key(), pin, other_nonce, theirs)),
        },
    ]
    for attempt in attempts:
        refused = await Caller(server).refused("POST", "/enrolment/redeem", body | attempt)
        assert refused == (403, ProblemType.ENROLMENT_PROOF_WRONG), attempt
    # The code is not used up by them: the true desk is not locked out.
    assert (await desk.redeem(code)).status_code == 200


async def test_a_nonce_is_over_before_its_code(server: RunningServer, it: It) -> None:
    code, desk = await it.code(minutes=60), Desk(server)
    response, nonce, pin = await desk.hello(code)
    theirs = unb64(response.json()["server_nonce"])
    csr = make_csr(desk.key, "desk").decode()
    server.clock.advance(timedelta(minutes=5))
    body = {
        "code_id": code.id, "server_nonce": b64(theirs), "csr_pem": csr, "device_name": "A desk",
        "proof": b64(device_proof(code.key(), pin, nonce, theirs, csr_der(csr))),
    }  # fmt: skip
    assert await Caller(server).refused("POST", "/enrolment/redeem", body) == (403, ProblemType.ENROLMENT_PROOF_WRONG)


# --- signed statements ------------------------------------------------------------------------------------------------


@pytest.fixture
def device_key() -> SoftwareDeviceKey:
    return SoftwareDeviceKey(key_pem(generate_key()))


def public_of(key: SoftwareDeviceKey) -> ec.EllipticCurvePublicKey:
    read = load_pem_public_key(key.public_pem.encode())
    assert isinstance(read, ec.EllipticCurvePublicKey)
    return read


@pytest.mark.parametrize("made_for", PURPOSES)
@pytest.mark.parametrize("used_for", PURPOSES)
def test_a_statement_is_good_for_its_own_purpose_alone(
    device_key: SoftwareDeviceKey, made_for: Purpose, used_for: Purpose
) -> None:
    token = prove(device_key, made_for, b"{}")
    if made_for == used_for:
        assert open_proof(token, used_for, public_of(device_key)) == b"{}"
    else:
        with pytest.raises(BadProof):
            open_proof(token, used_for, public_of(device_key))


def statement_forgeries(token: str) -> dict[str, str]:
    header, payload, signature = token.split(".")
    raw = unb64(signature)
    s = int.from_bytes(raw[32:])

    def headed(**header: object) -> str:
        return f"{b64(json.dumps(header).encode())}.{payload}.{signature}"

    typ = "hearthline-lease+jws"
    return {
        "none": headed(alg="none", typ=typ),
        "hmac": headed(alg="HS256", typ=typ),
        "key-inside": headed(alg="ES256", typ=typ, jwk={"kty": "EC"}),
        "critical": headed(alg="ES256", typ=typ, crit=["b64"], b64=False),
        "twice": f'{b64(b"""{"alg":"none","alg":"ES256","typ":"hearthline-lease+jws"}""")}.{payload}.{signature}',
        "no-signature": f"{header}.{payload}.",
        "zeroes": f"{header}.{payload}.{b64(bytes(64))}",
        "order": f"{header}.{payload}.{b64(P256_ORDER.to_bytes(32) * 2)}",
        "short": f"{header}.{payload}.{b64(raw[:63])}",
        "der": f"{header}.{payload}.{b64(der_of(raw))}",
        "padded": f"{header}.{payload}.{signature}==",
        "standard-alphabet": f"{header}.{payload}.{base64.b64encode(raw).decode().rstrip('=')}+",
        "another-payload": f"{header}.{b64(b'[]')}.{signature}",
        "a-fourth-part": f"{token}.{payload}",
        "nothing": "",
        "too-long": token + "A" * 70_000,
        "s-plus-order": f"{header}.{payload}.{b64(raw[:32] + ((s + P256_ORDER) % 2**256).to_bytes(32))}",
    }


def der_of(raw: bytes) -> bytes:
    return encode_dss_signature(int.from_bytes(raw[:32]), int.from_bytes(raw[32:]))


@pytest.mark.parametrize("kind", list(statement_forgeries(f"e30.e30.{b64(bytes(64))}")))
def test_a_forged_statement_does_not_open(device_key: SoftwareDeviceKey, kind: str) -> None:
    token = prove(device_key, "lease", b'{"a": 1}')
    assert open_proof(token, "lease", public_of(device_key))
    with pytest.raises(BadProof):
        open_proof(statement_forgeries(token)[kind], "lease", public_of(device_key))


def test_another_device_did_not_say_it(device_key: SoftwareDeviceKey) -> None:
    token = prove(SoftwareDeviceKey(key_pem(generate_key())), "posture", b"{}")
    with pytest.raises(BadProof):
        open_proof(token, "posture", public_of(device_key))


async def test_a_report_of_another_device_does_not_raise_ones_trust(server: RunningServer, it: It) -> None:
    """Neither signed by a better kept PC, nor shown a second time, nor unsigned."""
    lina, kept_better = await enrolled(server, it), await enrolled(server, it)
    await lina.sign_in(await it.add("lina"))
    wrong = (403, ProblemType.DEVICE_PROOF_WRONG)
    theirs = {"posture": signed(kept_better.posture(), kept_better.key)}
    assert await lina.refused("PUT", "/session/posture", theirs) == wrong
    once = {"posture": lina.statement()}
    assert (await lina.send("PUT", "/session/posture", once)).status_code == 200
    assert await lina.refused("PUT", "/session/posture", once) == wrong
    plain = {"posture": lina.posture().model_dump_json()}
    assert await lina.refused("PUT", "/session/posture", plain) == wrong
    report, key = lina.posture().model_dump_json().encode(), SoftwareDeviceKey(key_pem(lina.key))
    relabelled = {"posture": prove(key, "lease", report)}
    assert await lina.refused("PUT", "/session/posture", relabelled) == wrong


# --- tokens -----------------------------------------------------------------------------------------------------------


async def test_a_token_dies_with_its_session_for_every_device(server: RunningServer, it: It, desk: Desk) -> None:
    await desk.sign_in(await it.add("lina"))
    token, thief = desk.token, await enrolled(server, it)
    await desk.send("DELETE", "/session")
    for holder in (desk, thief):
        holder.token = token
        status, problem = await holder.refused("GET", "/calls")
        assert status == 401
        assert problem in (ProblemType.SESSION_REQUIRED, ProblemType.TOKEN_NOT_BOUND)


async def test_a_token_that_is_guessed_in_parts_is_no_token(server: RunningServer, it: It, desk: Desk) -> None:
    await desk.sign_in(await it.add("lina"))
    whole = desk.token
    for part in (whole[:-1], whole + "A", whole.swapcase(), whole + "=", f"{whole},{whole}", "%", "' OR '1'='1"):
        desk.token = part
        assert await desk.refused("GET", "/calls") == (401, ProblemType.SESSION_REQUIRED)


async def test_what_opens_a_manifest_is_what_the_server_gave(server: RunningServer, desk: Desk) -> None:
    """The real server's manifest opens with the key of its enrolment and with no other."""
    assert open_manifest(desk.manifest, desk.signing_keys)
    with pytest.raises(BadSignature):
        open_manifest(desk.manifest, (signing.public_pem(signing.generate_signing_key()),))
