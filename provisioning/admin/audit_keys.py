"""The keys that sign the audit log's checkpoints: files of their own in the organisation's directory.

`audit-checkpoint-1.key` is made when it is first wanted, so that organisations from before there were checkpoints have
one too; each rotation makes the next number and removes the old private key. The public keys (`.pub`) stay for ever:
old checkpoints are checked by them. An auditor needs the first alone, as each rotation is signed by the key before it.
"""

import contextlib
import os
import secrets
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
    load_pem_public_key,
)

from provisioning.organisation import Organisation, OrganisationError
from provisioning.signing import generate_signing_key, public_pem


class CheckpointKeys:
    """One organisation's checkpoint keys, by number from 1."""

    def __init__(self, organisation: Organisation) -> None:
        self._directory = organisation.directory
        self._passphrase = organisation.passphrase
        self._opened: dict[int, Ed25519PrivateKey] = {}

    def private(self, number: int) -> Ed25519PrivateKey:
        """Return the key that signs. The first is made if there is none; the others only a rotation makes.

        Raises:
            OrganisationError: it is not there, does not open, or cannot be written.
        """
        if number not in self._opened:
            if number == 1 and not self._path(1, "pub").exists():
                return self.make(1)
            self._opened[number] = self._open(number)
        return self._opened[number]

    def make(self, number: int) -> Ed25519PrivateKey:
        """Make a key, or return the one that another process, or an attempt that was broken off, made before.

        Raises:
            OrganisationError: it cannot be written, or what is there does not open.
        """
        key = generate_signing_key()
        protection = BestAvailableEncryption(self._passphrase) if self._passphrase else NoEncryption()
        self._write_once(self._path(number, "key"), key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, protection))
        # Read back, because of several servers that begin together only one made the file.
        self._opened[number] = self._open(number)
        self._write_once(self._path(number, "pub"), public_pem(self._opened[number]).encode())
        return self._opened[number]

    def retire(self, number: int) -> None:
        """Forget a private key that a rotation has replaced.

        Raises:
            OrganisationError: the file cannot be removed.
        """
        self._opened.pop(number, None)
        try:
            self._path(number, "key").unlink(missing_ok=True)
        except OSError as error:
            raise OrganisationError(f"{self._path(number, 'key')} cannot be removed: {error.strerror}") from error

    def public(self) -> tuple[str, ...]:
        """Return the public keys (PEM) that are here, from the first on; none where no checkpoint was made yet.

        Raises:
            OrganisationError: one cannot be read.
        """
        found: list[str] = []
        while (path := self._path(len(found) + 1, "pub")).exists():
            try:
                text = path.read_text(encoding="ascii")
                key = load_pem_public_key(text.encode())
            except OSError as error:
                raise OrganisationError(f"{path} cannot be read: {error.strerror}") from error
            except (ValueError, UnsupportedAlgorithm) as error:
                raise OrganisationError(f"{path} is damaged; restore it from your copy") from error
            if not isinstance(key, Ed25519PublicKey):
                raise OrganisationError(f"{path} is not an Ed25519 key; restore it from your copy")
            found.append(text)
        return tuple(found)

    def _path(self, number: int, kind: str) -> Path:
        return self._directory / f"audit-checkpoint-{number}.{kind}"

    def _open(self, number: int) -> Ed25519PrivateKey:
        path = self._path(number, "key")
        try:
            key = load_pem_private_key(path.read_bytes(), self._passphrase)
        except OSError as error:
            raise OrganisationError(f"{path} cannot be read: {error.strerror}; restore it from your copy") from error
        except (TypeError, ValueError) as error:
            # What cryptography raises for a passphrase that is missing, needless or wrong, and for a damaged file.
            raise OrganisationError(f"{path} does not open with the organisation's passphrase") from error
        if not isinstance(key, Ed25519PrivateKey):
            raise OrganisationError(f"{path} is not an Ed25519 key")
        return key

    def _write_once(self, path: Path, content: bytes) -> None:
        # Linked into place, which fails where there is a file already: a key must never be written over.
        fresh = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
        try:
            descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            try:
                with os.fdopen(descriptor, "wb") as file:
                    file.write(content)
                    file.flush()
                    os.fsync(file.fileno())
                with contextlib.suppress(FileExistsError):
                    os.link(fresh, path)
            finally:
                fresh.unlink()
        except OSError as error:
            raise OrganisationError(f"{path} cannot be written: {error.strerror}") from error
