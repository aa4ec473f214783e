"""The vault's key stays in memory of its own, and no copy of it outlives its use."""

import pickle
import secrets
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from client.security import vault
from client.security.locked_key import LockedKey
from client.security.vault import Vault
from tests.unit.security.fakes import MemoryKeys


def test_what_it_was_made_of_is_wiped_and_what_it_lends_too() -> None:
    raw = secrets.token_bytes(32)
    same = bytearray(raw)
    key = LockedKey(raw)
    assert raw == bytes(32)
    with key.lent() as lent:
        assert lent == same
    assert lent == bytes(32)
    with key.lent() as again:
        assert again == same
    assert key.is_locked


def test_a_copy_is_wiped_when_its_use_fails() -> None:
    key = LockedKey(secrets.token_bytes(32))
    copies: list[bytes] = []

    def use() -> None:
        with key.lent() as lent:
            copies.append(lent)
            raise ValueError

    with pytest.raises(ValueError):  # noqa: PT011 -- it is the one above
        use()
    assert copies == [bytes(32)]


def test_it_is_neither_shown_nor_stored() -> None:
    key = LockedKey(b"k" * 32)
    assert "kk" not in repr(key)
    with pytest.raises(TypeError):
        pickle.dumps(key)


def test_the_vault_leaves_no_copy_of_its_key_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lent: list[bytes] = []

    def cipher(key: bytes) -> AESGCM:
        lent.append(key)
        return AESGCM(key)

    kept = Vault(tmp_path, MemoryKeys())
    monkeypatch.setattr(vault, "AESGCM", cipher)
    kept.put("draft", b"a note")
    assert kept.get("draft") == b"a note"
    assert lent == [bytes(32)] * 2
