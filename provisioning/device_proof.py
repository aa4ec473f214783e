"""What a device says of itself, signed with the key that cannot leave it: a compact JWS (RFC 7515) with ES256.

Each kind of statement has a purpose of its own in the header: what was signed for one can't be used for another.
"""

from typing import Literal, Protocol

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from pydantic import BaseModel, ConfigDict, ValidationError

from provisioning.base64url import decode, encode

Purpose = Literal["posture", "lease", "renewal", "pin-report"]

_COORDINATE_BYTES = 32
_LONGEST = 64 * 1024
_PARTS = 3


class BadProof(Exception):
    """The statement was not signed by this device's key for this purpose, or was changed since."""


class DeviceKey(Protocol):
    """The key that says which device this is. Its private half is never seen by who uses it."""

    @property
    def public_pem(self) -> str:
        """The public half: a SubjectPublicKeyInfo on P-256, as PEM."""

    @property
    def storage(self) -> Literal["os-key-store", "hardware"]:
        """Where the private half is."""

    def sign(self, message: bytes) -> bytes:
        """Return the ECDSA signature (SHA-256) of a message: r and s, 32 bytes each, big endian (RFC 7518, 3.4)."""


class _Header(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    alg: Literal["ES256"] = "ES256"
    typ: str


def prove(key: DeviceKey, purpose: Purpose, payload: bytes) -> str:
    """Return a signed statement."""
    signed = f"{encode(_Header(typ=_type(purpose)).model_dump_json().encode())}.{encode(payload)}"
    return f"{signed}.{encode(key.sign(signed.encode()))}"


def open_proof(token: str, purpose: Purpose, public_key: ec.EllipticCurvePublicKey) -> bytes:
    """Return what a device stated.

    Raises:
        BadProof: this key did not sign it for this purpose.
    """
    parts = token.split(".") if len(token) <= _LONGEST else []
    if len(parts) != _PARTS:
        raise BadProof("this is no signed statement")
    try:
        header = _Header.model_validate_json(decode(parts[0]))
        payload, signature = decode(parts[1]), decode(parts[2])
    except (ValidationError, ValueError) as error:
        raise BadProof("this is no signed statement") from error
    if header.typ != _type(purpose) or len(signature) != 2 * _COORDINATE_BYTES:
        raise BadProof("this was signed for something else")
    r, s = (int.from_bytes(half) for half in (signature[:_COORDINATE_BYTES], signature[_COORDINATE_BYTES:]))
    try:
        public_key.verify(encode_dss_signature(r, s), f"{parts[0]}.{parts[1]}".encode(), ec.ECDSA(SHA256()))
    except InvalidSignature as error:
        raise BadProof("this device's key did not sign this") from error
    return payload


def _type(purpose: Purpose) -> str:
    return f"hearthline-{purpose}+jws"
