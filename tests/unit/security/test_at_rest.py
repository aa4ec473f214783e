"""A stolen disk or a copied profile: nothing in it that is not public can be read without the key store."""

import base64
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest
from faker import Faker

from client.app.sound_choice import SoundChoice, SoundChoices
from client.security.identity import DeviceProfile, ProfileDamaged
from client.security.outbox import KeptWrapUp, Outbox
from client.security.pin_reports import PinReports
from client.security.vault import Vault, VaultDamaged
from tests.unit.security.fakes import MemoryKeys, Organisation

CUSTOMER, AGENT = Faker("zh_CN").name(), "agent-of-these-notes"
STRANGER = "S" * 43

CLEAR = {
    "device.json": "certificate, authority and signed manifest, as the server gives them to every desk",
    "sound.json": "names of sound devices",
}
"""Every file of a profile that is in clear, and what is in it. What the window and the engine add is theirs to tell."""


@pytest.fixture
def keys() -> MemoryKeys:
    return MemoryKeys()


@pytest.fixture
def profile(tmp_path: Path, keys: MemoryKeys) -> Path:
    """A PC after some work: notes that wait, a draft, a failure to report, a choice of sound devices."""
    directory = tmp_path / "pc"
    Organisation().enrol(directory, keys)
    vault = Vault(directory / "vault", keys)
    outbox = Outbox(vault)
    for ref in ("c_00000001", "c_00000002"):
        entry = KeptWrapUp(
            person=AGENT,
            ref=ref,
            code="answered",
            notes=f"{CUSTOMER}来电",
            written_at=datetime(2026, 12, 1, tzinfo=UTC),
        )
        outbox.keep(entry)
        outbox.keep_draft(entry)
    PinReports(vault).note("sip", "edge.bank.example", 5061, STRANGER)
    SoundChoices(directory).save(SoundChoice(capture="Headset"))
    return directory


def secrets_of(keys: MemoryKeys) -> list[bytes]:
    """What the key store keeps, and the values themselves, in the forms in which they could lie about."""
    found = [secret.encode() for secret in keys.secrets.values()]
    found.append(base64.b64decode(keys.secrets["vault-key"]))
    found += ["".join(pem.splitlines()[1:-1]).encode() for pem in keys.secrets.values() if "PRIVATE" in pem]
    for value in (CUSTOMER, AGENT, STRANGER):
        found += [value.encode(), value.encode("utf-16-le"), base64.b64encode(value.encode())]
    return found


def test_no_file_of_the_profile_holds_a_value_or_a_key(profile: Path, keys: MemoryKeys) -> None:
    files = [path for path in profile.rglob("*") if path.is_file()]
    assert {path.name for path in files if path.parent == profile} == set(CLEAR)
    assert len([path for path in files if path.suffix == ".sealed"]) == 5
    for path in files:
        content = path.read_bytes()
        assert not [secret for secret in secrets_of(keys) if secret in content], path.name
        assert path.stat().st_mode & 0o077 == 0


def test_a_copy_of_the_profile_on_another_pc_opens_nothing(profile: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(profile, copy)
    with pytest.raises(ProfileDamaged):
        DeviceProfile(copy, MemoryKeys()).load()
    vault = Vault(copy / "vault", MemoryKeys())
    names = vault.names()
    assert len(names) == 5
    for name in names:
        with pytest.raises(VaultDamaged):
            vault.get(name)


def test_with_the_key_store_it_is_all_there(profile: Path, keys: MemoryKeys) -> None:
    [first, _] = Outbox(Vault(profile / "vault", keys)).drafts(AGENT)
    assert CUSTOMER in first.notes
