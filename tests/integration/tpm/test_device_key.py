"""The device key in a TPM: it signs, it stays where it is, and nothing that the PC keeps is of use elsewhere."""

import base64
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from tpm2_pytss.constants import TPMA_OBJECT
from tpm2_pytss.types import TPM2B_PRIVATE, TPM2B_PUBLIC

from client.security.hardware import HardwareUnavailable
from client.security.identity import DeviceProfile, ProfileDamaged
from client.security.tpm import Tpm
from client.security.trouble import problem_code
from provisioning.device_proof import BadProof, open_proof, prove
from tests.integration.tpm.software_tpm import SoftwareTpm
from tests.unit.security.fakes import MemoryKeys, Organisation

SECRET = bytes(range(32))


def public_of(pem: str) -> ec.EllipticCurvePublicKey:
    key = load_pem_public_key(pem.encode())
    assert isinstance(key, ec.EllipticCurvePublicKey)
    return key


def test_it_signs_what_the_device_states(chip: SoftwareTpm) -> None:
    key = chip.tpm.create(SECRET)
    assert key.storage == "hardware"
    # Often enough for a half that begins with zeros, which a TPM leaves out.
    for number in range(300):
        statement = prove(key, "posture", str(number).encode())
        assert open_proof(statement, "posture", public_of(key.public_pem)) == str(number).encode()
    with pytest.raises(BadProof):
        open_proof(statement, "posture", public_of(chip.tpm.create(SECRET).public_pem))


def test_it_can_only_sign_and_cannot_leave(chip: SoftwareTpm) -> None:
    raw = base64.b64decode(chip.tpm.create(SECRET).handle.removeprefix("tpm2:"))
    _, read = TPM2B_PRIVATE.unmarshal(raw)
    attributes = TPM2B_PUBLIC.unmarshal(raw[read:])[0].publicArea.objectAttributes
    must = TPMA_OBJECT.FIXEDTPM | TPMA_OBJECT.FIXEDPARENT | TPMA_OBJECT.SENSITIVEDATAORIGIN | TPMA_OBJECT.SIGN_ENCRYPT
    assert attributes & must == must
    assert not attributes & (TPMA_OBJECT.DECRYPT | TPMA_OBJECT.RESTRICTED | TPMA_OBJECT.ENCRYPTEDDUPLICATION)


def test_it_is_the_same_after_the_power_was_gone(chip: SoftwareTpm) -> None:
    made = chip.tpm.create(SECRET)
    chip.switch_off()
    with pytest.raises(HardwareUnavailable):
        made.sign(b"")
    chip.switch_on()
    again = chip.tpm.find(made.handle, SECRET)
    assert again.public_pem == made.public_pem
    assert open_proof(prove(again, "lease", b"x"), "lease", public_of(made.public_pem)) == b"x"


def test_another_tpm_can_do_nothing_with_it(chip: SoftwareTpm, tmp_path: Path) -> None:
    made = chip.tpm.create(SECRET)
    with SoftwareTpm(tmp_path / "another") as another, pytest.raises(HardwareUnavailable):
        another.tpm.find(made.handle, SECRET).sign(b"x")


def test_without_its_secret_it_does_not_sign_and_trying_locks_nobody_out(chip: SoftwareTpm) -> None:
    made = chip.tpm.create(SECRET)
    for guess in range(40):
        with pytest.raises(HardwareUnavailable):
            chip.tpm.find(made.handle, bytes([guess]) * 32).sign(b"x")
    assert len(chip.tpm.find(made.handle, SECRET).sign(b"x")) == 64


@pytest.mark.parametrize("handle", ["", "tpm2:", "tpm2:AAAA", "tpm2:?", "cng:hearthline"])
def test_a_handle_that_makes_no_sense_is_a_key_that_is_gone(chip: SoftwareTpm, handle: str) -> None:
    with pytest.raises(HardwareUnavailable):
        chip.tpm.find(handle, SECRET).sign(b"x")


# --- In a profile -----------------------------------------------------------------------------------------------------


def test_a_new_device_has_its_key_in_the_tpm_and_nothing_private_on_disk(chip: SoftwareTpm, tmp_path: Path) -> None:
    keys, pc = MemoryKeys(), tmp_path / "pc"
    device = Organisation().enrol(pc, keys, hardware=chip.tpm)
    assert device.key.storage == "hardware"
    assert set(keys.secrets) == {"device-key-secret", "tls-key-a"}
    assert b"PRIVATE" not in (pc / "device.json").read_bytes()
    # What the device signs with is not what TLS uses.
    loaded = DeviceProfile(pc, keys, chip.tpm).load()
    assert loaded.key.public_pem == device.key.public_pem
    assert open_proof(prove(loaded.key, "lease", b"x"), "lease", public_of(device.key.public_pem)) == b"x"


def test_a_profile_with_its_key_store_copied_to_another_pc_cannot_prove_who_it_is(
    chip: SoftwareTpm, tmp_path: Path
) -> None:
    keys, pc = MemoryKeys(), tmp_path / "pc"
    Organisation().enrol(pc, keys, hardware=chip.tpm)
    with SoftwareTpm(tmp_path / "another") as another:
        thief = DeviceProfile(pc, keys, another.tpm).load()
        with pytest.raises(HardwareUnavailable) as raised:
            prove(thief.key, "posture", b"x")
    assert problem_code(raised.value) == "hardware-key-gone"
    with pytest.raises(ProfileDamaged):
        DeviceProfile(pc, keys, None).load()


def test_without_a_tpm_that_works_the_key_store_has_the_key(tmp_path: Path) -> None:
    keys = MemoryKeys()
    nowhere = Tpm(f"swtpm:path={tmp_path / 'nothing'}")
    device = Organisation().enrol(tmp_path / "pc", keys, hardware=nowhere)
    assert device.key.storage == "os-key-store"
    assert set(keys.secrets) == {"device-key", "tls-key-a"}


def test_forgetting_leaves_nothing(chip: SoftwareTpm, tmp_path: Path) -> None:
    keys, pc = MemoryKeys(), tmp_path / "pc"
    Organisation().enrol(pc, keys, hardware=chip.tpm)
    DeviceProfile(pc, keys, chip.tpm).forget()
    assert not keys.secrets
    assert not list(pc.iterdir())
