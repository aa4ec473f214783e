"""Secrets at rest: AES-256-GCM under keys that come from the organisation's directory, not from the database."""

import hashlib
import hmac
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_NONCE = 12


class SealBroken(Exception):
    """A sealed secret was changed, moved to another owner, or sealed under another key."""


def _derive(data_key: bytes, purpose: str) -> bytes:
    return HKDF(SHA256(), 32, salt=None, info=f"hearthline server v1 {purpose}".encode()).derive(data_key)


class Sealer:
    """Seals secrets of one purpose, each to its owner: a sealed secret opens for nobody else's row."""

    def __init__(self, data_key: bytes, purpose: str) -> None:
        self._cipher = AESGCM(_derive(data_key, f"seal {purpose}"))

    def seal(self, secret: bytes, owner: str) -> bytes:
        """Return nonce and ciphertext."""
        nonce = secrets.token_bytes(_NONCE)
        return nonce + self._cipher.encrypt(nonce, secret, owner.encode())

    def open(self, sealed: bytes, owner: str) -> bytes:
        """Return the secret.

        Raises:
            SealBroken: it is not what was sealed for this owner.
        """
        try:
            return self._cipher.decrypt(sealed[:_NONCE], sealed[_NONCE:], owner.encode())
        except InvalidTag as error:
            raise SealBroken("a sealed secret does not open; was data.secret replaced?") from error


class Digester:
    """Makes keyed digests: equal values can be found, but nobody without the key can try all telephone numbers."""

    def __init__(self, data_key: bytes, purpose: str) -> None:
        self._key = _derive(data_key, f"digest {purpose}")

    def digest(self, value: str) -> str:
        """Return 64 hexadecimal characters."""
        return hmac.new(self._key, value.encode(), hashlib.sha256).hexdigest()
