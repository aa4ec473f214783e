"""The device's profile: what it keeps where, and what it refuses to obey."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from client.security.device_key import SoftwareDeviceKey
from client.security.identity import CertificateExpired, Device, DeviceProfile, NotEnrolled, ProfileDamaged
from client.security.keystore import KeyStoreUnavailable
from provisioning import pki, signing
from provisioning.manifest import StaleManifest, sign_manifest
from provisioning.pinned_tls import pinned_context
from provisioning.signing import BadSignature
from tests.unit.security.fakes import MemoryKeys, Organisation


@pytest.fixture
def keys() -> MemoryKeys:
    return MemoryKeys()


@pytest.fixture
def bank() -> Organisation:
    return Organisation()


def test_the_private_key_is_in_the_key_store_and_in_no_file(
    tmp_path: Path, keys: MemoryKeys, bank: Organisation
) -> None:
    device = bank.enrol(tmp_path, keys)
    assert all("PRIVATE KEY" in keys.secrets[name] for name in ("device-key", "tls-key-a"))
    for path in tmp_path.rglob("*"):
        assert b"PRIVATE" not in path.read_bytes()
    assert "PRIVATE" not in repr(device)


def test_the_manifest_can_be_read_while_the_key_store_is_locked(
    tmp_path: Path, keys: MemoryKeys, bank: Organisation
) -> None:
    bank.enrol(tmp_path, keys)
    keys.locked = True
    profile = DeviceProfile(tmp_path, keys)
    assert profile.manifest().organisation == "Test Bank"
    with pytest.raises(KeyStoreUnavailable):
        profile.load()
    (tmp_path / "device.json").unlink()
    with pytest.raises(NotEnrolled):
        profile.manifest()


def test_a_new_profile_is_not_enrolled(tmp_path: Path, keys: MemoryKeys) -> None:
    with pytest.raises(NotEnrolled):
        DeviceProfile(tmp_path, keys).load()


def test_a_profile_copied_to_another_pc_is_nobody(tmp_path: Path, keys: MemoryKeys, bank: Organisation) -> None:
    bank.enrol(tmp_path, keys)
    with pytest.raises(ProfileDamaged):
        DeviceProfile(tmp_path, MemoryKeys()).load()


def test_a_changed_device_file_is_found(tmp_path: Path, keys: MemoryKeys, bank: Organisation) -> None:
    bank.enrol(tmp_path, keys)
    (tmp_path / "device.json").write_text("{}")
    with pytest.raises(ProfileDamaged):
        DeviceProfile(tmp_path, keys).load()


def test_a_newer_manifest_is_obeyed_and_kept(tmp_path: Path, keys: MemoryKeys, bank: Organisation) -> None:
    bank.enrol(tmp_path, keys)
    profile = DeviceProfile(tmp_path, keys)
    assert profile.obey(bank.token(2)).manifest.version == 2
    assert DeviceProfile(tmp_path, keys).load().manifest.version == 2


def test_an_older_manifest_is_a_rollback(tmp_path: Path, keys: MemoryKeys, bank: Organisation) -> None:
    bank.enrol(tmp_path, keys)
    profile = DeviceProfile(tmp_path, keys)
    profile.obey(bank.token(3))
    with pytest.raises(StaleManifest):
        profile.obey(bank.token(2))
    assert profile.load().manifest.version == 3


def test_a_strangers_manifest_is_refused(tmp_path: Path, keys: MemoryKeys, bank: Organisation) -> None:
    bank.enrol(tmp_path, keys)
    forged = sign_manifest(bank.manifest(9), signing.generate_signing_key())
    with pytest.raises(BadSignature):
        DeviceProfile(tmp_path, keys).obey(forged)


def test_the_signing_key_can_be_rotated_through_the_manifest(
    tmp_path: Path, keys: MemoryKeys, bank: Organisation
) -> None:
    bank.enrol(tmp_path, keys)
    profile = DeviceProfile(tmp_path, keys)
    old, new = bank.signing_key, signing.generate_signing_key()
    both = (signing.public_pem(old), signing.public_pem(new))
    profile.obey(bank.token(2, keys=both))
    bank.signing_key = new
    profile.obey(bank.token(3))
    assert profile.load().manifest.version == 3
    bank.signing_key = old
    with pytest.raises(BadSignature):
        profile.obey(bank.token(4))


def test_a_certificate_that_is_over_for_too_long_is_told_before_anything_is_sent(
    tmp_path: Path, keys: MemoryKeys, bank: Organisation
) -> None:
    device = bank.enrol(tmp_path, keys, life=timedelta(days=-90))
    with pytest.raises(CertificateExpired):
        device.check_certificate()
    assert not DeviceProfile(tmp_path, keys).is_renewable()


def test_a_certificate_that_is_just_over_can_be_renewed(tmp_path: Path, keys: MemoryKeys, bank: Organisation) -> None:
    device = bank.enrol(tmp_path, keys, life=timedelta(days=-89))
    device.check_certificate()
    assert device.is_over()
    keys.locked = True
    assert DeviceProfile(tmp_path, keys).is_renewable()
    (tmp_path / "device.json").unlink()
    assert not DeviceProfile(tmp_path, keys).is_renewable()


def test_a_certificate_is_renewed_when_a_third_of_its_life_is_left(
    tmp_path: Path, keys: MemoryKeys, bank: Organisation
) -> None:
    device = bank.enrol(tmp_path, keys, life=timedelta(days=9))
    now = datetime.now(UTC)
    assert not device.should_renew(now + timedelta(days=5))
    assert device.should_renew(now + timedelta(days=7))


def test_forgetting_leaves_nothing(tmp_path: Path, keys: MemoryKeys, bank: Organisation) -> None:
    bank.enrol(tmp_path, keys)
    DeviceProfile(tmp_path, keys).forget()
    assert not keys.secrets
    assert not list(tmp_path.iterdir())


# --- Two keys ---------------------------------------------------------------------------------------------------------


def test_the_device_signs_with_another_key_than_tls_has(tmp_path: Path, keys: MemoryKeys, bank: Organisation) -> None:
    device = bank.enrol(tmp_path, keys)
    assert device.tls_key_pem == keys.secrets["tls-key-a"].encode()
    assert device.key.public_pem == SoftwareDeviceKey(keys.secrets["device-key"].encode()).public_pem
    assert device.key.public_pem != SoftwareDeviceKey(device.tls_key_pem).public_pem


def renewed(bank: Organisation, profile: DeviceProfile) -> Device:
    """Take the next certificate, as the server would give it."""
    tls_key = pki.generate_key()
    certificate = bank.authority.issue_client(tls_key.public_key(), pki.Role.DEVICE, "d1", timedelta(days=1))
    return profile.renew(certificate, pki.key_pem(tls_key))


def test_a_renewal_leaves_one_tls_key_and_the_same_device_key(
    tmp_path: Path, keys: MemoryKeys, bank: Organisation
) -> None:
    device, profile = bank.enrol(tmp_path, keys), DeviceProfile(tmp_path, keys)
    for name in ("tls-key-b", "tls-key-a", "tls-key-b"):
        again = renewed(bank, profile)
        assert set(keys.secrets) == {"device-key", name}
        assert again.tls_key_pem.decode() == keys.secrets[name]
        assert again.key.public_pem == device.key.public_pem
        pinned_context(bank.authority.pem, again.manifest.server.pins, again.client_cert)


class PowerCut(Exception):
    pass


class FailingKeys(MemoryKeys):
    """A key store at whose n-th change the power goes."""

    def __init__(self, secrets: dict[str, str], lives_for: int) -> None:
        super().__init__()
        self.secrets = secrets
        self._lives_for = lives_for

    def put(self, name: str, secret: str) -> None:
        self._live()
        super().put(name, secret)

    def delete(self, name: str) -> None:
        self._live()
        super().delete(name)

    def _live(self) -> None:
        if self._lives_for == 0:
            raise PowerCut
        self._lives_for -= 1


@pytest.mark.parametrize("lives_for", [0, 1])
def test_a_power_cut_in_a_renewal_leaves_a_certificate_with_its_key(
    tmp_path: Path, keys: MemoryKeys, bank: Organisation, lives_for: int
) -> None:
    bank.enrol(tmp_path, keys)
    with pytest.raises(PowerCut):
        renewed(bank, DeviceProfile(tmp_path, FailingKeys(keys.secrets, lives_for)))
    device = DeviceProfile(tmp_path, keys).load()
    pinned_context(bank.authority.pem, device.manifest.server.pins, device.client_cert)


def test_a_device_of_before_has_one_key_for_both_until_it_renews(
    tmp_path: Path, keys: MemoryKeys, bank: Organisation
) -> None:
    bank.enrol(tmp_path, keys)
    file = tmp_path / "device.json"
    of_before = json.loads(file.read_text())
    del of_before["tls_key"], of_before["hardware_key"]
    file.write_text(json.dumps(of_before))
    keys.secrets = {"device-key": keys.secrets["tls-key-a"]}
    profile = DeviceProfile(tmp_path, keys)
    device = profile.load()
    assert SoftwareDeviceKey(device.tls_key_pem).public_pem == device.key.public_pem
    again = renewed(bank, profile)
    assert set(keys.secrets) == {"device-key", "tls-key-a"}
    assert again.key.public_pem == device.key.public_pem
    profile.forget()
    assert not keys.secrets
