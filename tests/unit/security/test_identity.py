"""The device's profile: what it keeps where, and what it refuses to obey."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from client.security.identity import CertificateExpired, DeviceProfile, NotEnrolled, ProfileDamaged
from client.security.keystore import KeyStoreUnavailable
from provisioning import signing
from provisioning.manifest import StaleManifest, sign_manifest
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
    assert "PRIVATE KEY" in keys.secrets["device-key"]
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


def test_an_expired_certificate_is_told_before_anything_is_sent(
    tmp_path: Path, keys: MemoryKeys, bank: Organisation
) -> None:
    device = bank.enrol(tmp_path, keys, life=timedelta(minutes=-1))
    with pytest.raises(CertificateExpired):
        device.check_certificate()


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
