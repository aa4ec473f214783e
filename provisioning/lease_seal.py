"""How a revealed value travels: sealed to the key that a desk made for one lease (HPKE base mode, RFC 9180).

The key agreement is X25519 beside ML-KEM-768, so that what is recorded today stays closed to a quantum computer. Lease,
call and field are bound in as `info`: a value that was sealed for one of them opens for no other.
"""

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey, MLKEM768PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import (
    AEAD,
    KDF,
    KEM,
    MLKEM768X25519PrivateKey,
    MLKEM768X25519PublicKey,
    Suite,
)

from provisioning.base64url import decode, encode

PrivateKey = MLKEM768X25519PrivateKey
PublicKey = MLKEM768X25519PublicKey

_SUITE = Suite(KEM.MLKEM768_X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
_ML_KEM_BYTES = 1184
_X25519_BYTES = 32


class BadLeaseKey(ValueError):
    """This is no public key that a value can be sealed to."""


class SealedForOther(ValueError):
    """What was sealed does not open: it was for another key, lease, call or field, or was changed."""


def generate() -> tuple[PrivateKey, str]:
    """Make the key pair of one lease: the private half, and the public half as `LeaseAsk.key` carries it."""
    kem, curve = MLKEM768PrivateKey.generate(), X25519PrivateKey.generate()
    public = kem.public_key().public_bytes_raw() + curve.public_key().public_bytes_raw()
    return MLKEM768X25519PrivateKey(kem, curve), encode(public)


def read_key(text: str) -> PublicKey:
    """Read a lease's public key: ML-KEM-768's 1184 bytes, then X25519's 32, as unpadded base64url.

    Raises:
        BadLeaseKey: it is not one.
    """
    try:
        raw = decode(text)
        if len(raw) != _ML_KEM_BYTES + _X25519_BYTES:
            raise ValueError("another length")
        kem = MLKEM768PublicKey.from_public_bytes(raw[:_ML_KEM_BYTES])
        return MLKEM768X25519PublicKey(kem, X25519PublicKey.from_public_bytes(raw[_ML_KEM_BYTES:]))
    except ValueError as error:
        raise BadLeaseKey("this is no key that a value can be sealed to") from error


def bound(lease: str, ref: str, field: str) -> bytes:
    """Return what a sealed value is bound to. None of the three can hold the separator."""
    return f"hearthline lease v1\n{lease}\n{ref}\n{field}".encode()


def seal(value: bytes, key: PublicKey, bound_to: bytes) -> str:
    """Seal a value to a lease's key, for what `bound` says.

    Raises:
        BadLeaseKey: the key has a form that can be read, but no secret can be agreed on with it.
    """
    try:
        return encode(_SUITE.encrypt(value, key, bound_to))
    except ValueError as error:
        raise BadLeaseKey("no value can be sealed to this key") from error


def open_sealed(sealed: str, key: PrivateKey, bound_to: bytes) -> bytes:
    """Return the value. The caller wipes it when it is done.

    Raises:
        SealedForOther: it was not sealed for this.
    """
    try:
        return _SUITE.decrypt(decode(sealed), key, bound_to)
    except (InvalidTag, ValueError) as error:
        raise SealedForOther("what was sealed does not open with this lease's key") from error
