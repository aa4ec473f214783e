"""The vault gives back what was put in, or says that it can't, and gives nothing to anybody else."""

import errno
import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from client.security.files import DiskFull, write_whole
from client.security.keystore import KeyStoreUnavailable
from client.security.vault import Vault, VaultDamaged
from tests.unit.security.fakes import MemoryKeys


@pytest.fixture
def keys() -> MemoryKeys:
    return MemoryKeys()


@pytest.fixture
def vault(tmp_path: Path, keys: MemoryKeys) -> Vault:
    return Vault(tmp_path / "vault", keys)


@given(content=st.binary(max_size=2000))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_what_goes_in_comes_out(vault: Vault, content: bytes) -> None:
    vault.put("entry", content)
    assert vault.get("entry") == content


def test_the_files_hold_nothing_readable_and_belong_to_the_user_alone(vault: Vault, tmp_path: Path) -> None:
    vault.put("draft-c_1", "客户听力不佳 a readable note".encode())
    (path,) = (tmp_path / "vault").iterdir()
    content = path.read_bytes()
    assert b"readable" not in content
    assert "客户".encode() not in content
    assert path.stat().st_mode & 0o077 == 0
    assert path.parent.stat().st_mode & 0o077 == 0


def test_the_same_content_is_sealed_differently_each_time(vault: Vault, tmp_path: Path) -> None:
    vault.put("a", b"same")
    first = (tmp_path / "vault/a.sealed").read_bytes()
    vault.put("a", b"same")
    assert (tmp_path / "vault/a.sealed").read_bytes() != first


@given(position=st.integers(min_value=0), bit=st.integers(0, 7))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_a_changed_bit_is_found_and_the_entry_is_set_aside(
    vault: Vault, tmp_path: Path, position: int, bit: int
) -> None:
    vault.put("entry", b"content")
    path = tmp_path / "vault/entry.sealed"
    content = bytearray(path.read_bytes())
    content[position % len(content)] ^= 1 << bit
    path.write_bytes(content)
    with pytest.raises(VaultDamaged):
        vault.get("entry")
    assert vault.get("entry") is None
    assert (tmp_path / "vault/entry.damaged").exists()


def test_an_entry_renamed_to_another_does_not_open(vault: Vault, tmp_path: Path) -> None:
    vault.put("outbox-c_1", b"content")
    (tmp_path / "vault/outbox-c_1.sealed").rename(tmp_path / "vault/outbox-c_2.sealed")
    with pytest.raises(VaultDamaged):
        vault.get("outbox-c_2")


def test_another_pcs_key_opens_nothing(vault: Vault, tmp_path: Path) -> None:
    vault.put("entry", b"content")
    with pytest.raises(VaultDamaged):
        Vault(tmp_path / "vault", MemoryKeys()).get("entry")


def test_a_truncated_entry_is_damaged_and_not_a_crash(vault: Vault, tmp_path: Path) -> None:
    vault.put("entry", b"content")
    path = tmp_path / "vault/entry.sealed"
    path.write_bytes(path.read_bytes()[:5])
    with pytest.raises(VaultDamaged):
        vault.get("entry")


def test_entries_are_listed_oldest_first_and_by_prefix(vault: Vault, tmp_path: Path) -> None:
    for second, name in enumerate(("outbox-b", "outbox-a", "draft-x")):
        vault.put(name, b"x")
        os.utime(tmp_path / f"vault/{name}.sealed", (second, second))
    assert vault.names("outbox-") == ["outbox-b", "outbox-a"]
    vault.delete("outbox-b")
    vault.delete("outbox-b")
    assert vault.names() == ["outbox-a", "draft-x"]


@pytest.mark.parametrize("name", ["", "../escape", "a/b", "a.b", "x" * 81])
def test_a_name_that_could_leave_the_vault_is_refused(vault: Vault, name: str) -> None:
    with pytest.raises(ValueError, match="letters"):
        vault.put(name, b"x")


def test_a_locked_key_store_is_said(tmp_path: Path, keys: MemoryKeys) -> None:
    keys.locked = True
    with pytest.raises(KeyStoreUnavailable):
        Vault(tmp_path / "vault", keys)


def test_a_full_disk_leaves_the_old_file_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "file"
    write_whole(path, b"old")

    def full(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(DiskFull):
        write_whole(path, b"new")
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]
