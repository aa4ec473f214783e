"""The vault: drafts and unsent wrap-ups on this PC, sealed with AES-256-GCM under a key from the key store.

An entry is a file: one byte of version, a nonce of 12 bytes, and the ciphertext. Its name is bound to it as associated
data, so that an entry renamed or swapped for another does not open.
"""

import base64
import re
import secrets
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from client.security.files import private_directory, write_whole
from client.security.keystore import KeyStore
from client.security.locked_key import LockedKey

_VERSION = b"\x01"
_NONCE_BYTES = 12
_KEY_NAME = "vault-key"
_SUFFIX = ".sealed"
_DAMAGED = ".damaged"
_NAME = re.compile(r"[A-Za-z0-9_-]{1,80}")


class VaultDamaged(Exception):
    """An entry does not open: it was changed, or sealed with another key. It was set aside, not deleted."""


class Vault:
    """Sealed entries under names of letters, digits, '-' and '_'.

    Args:
        directory: where the entries are; made if it is not there.
        keys: where the vault's key is kept; made on first use.

    Raises:
        KeyStoreUnavailable: the key can't be fetched or kept.
    """

    def __init__(self, directory: Path, keys: KeyStore) -> None:
        self._directory = private_directory(directory)
        kept = keys.get(_KEY_NAME)
        if kept is None:
            kept = base64.b64encode(AESGCM.generate_key(256)).decode()
            keys.put(_KEY_NAME, kept)
        self._key = LockedKey(base64.b64decode(kept))

    def put(self, name: str, content: bytes) -> None:
        """Seal and keep an entry, in place of an earlier one of that name.

        Raises:
            DiskFull: there is no room; the earlier entry is untouched.
        """
        nonce = secrets.token_bytes(_NONCE_BYTES)
        with self._key.lent() as key:
            sealed = AESGCM(key).encrypt(nonce, content, _bound(name))
        write_whole(self._path(name), _VERSION + nonce + sealed)

    def get(self, name: str) -> bytes | None:
        """Open an entry; None where there is none of that name.

        Raises:
            VaultDamaged: it does not open.
        """
        path = self._path(name)
        try:
            kept = path.read_bytes()
        except FileNotFoundError:
            return None
        nonce, sealed = kept[1 : 1 + _NONCE_BYTES], kept[1 + _NONCE_BYTES :]
        try:
            if kept[:1] != _VERSION:
                raise InvalidTag
            with self._key.lent() as key:
                return AESGCM(key).decrypt(nonce, sealed, _bound(name))
        except (InvalidTag, ValueError) as error:
            self.set_aside(name)
            raise VaultDamaged(f"the entry {name} does not open") from error

    def set_aside(self, name: str) -> None:
        """Take an entry out of the way without deleting it."""
        path = self._path(name)
        path.replace(path.with_suffix(_DAMAGED))

    def delete(self, name: str) -> None:
        """Forget an entry; no error where there is none."""
        self._path(name).unlink(missing_ok=True)

    def names(self, prefix: str = "") -> list[str]:
        """The names of entries that begin with `prefix`, oldest first."""
        found = [path for path in self._directory.glob(f"{prefix}*{_SUFFIX}") if not path.name.startswith(".")]
        return [path.stem for path in sorted(found, key=lambda path: (path.stat().st_mtime_ns, path.name))]

    def _path(self, name: str) -> Path:
        if not _NAME.fullmatch(name):
            raise ValueError("a vault entry's name has letters, digits, '-' and '_' only")
        return self._directory / f"{name}{_SUFFIX}"


def _bound(name: str) -> bytes:
    return b"hearthline vault v1\x00" + name.encode()
