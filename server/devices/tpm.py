"""Credential protection (TPM 2.0 Library, part 1, 24): a secret that only one TPM can open, and only beside one key.

The server makes it for the endorsement key (EK) whose certificate a maker signed, and for the name of the device's key.
The TPM gives the secret out only where it holds both: so the device's key is in a TPM of that maker, and because its
attributes are a part of its name, it was made there and cannot leave.

The EK is of TCG's default template L-1 (EK Credential Profile, B.3.3): RSA 2048, SHA-256, AES-128 in CFB mode.
"""

import hashlib
import hmac
import secrets
import struct
from dataclasses import dataclass, field

from cryptography.hazmat.decrepit.ciphers.modes import CFB
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES128
from cryptography.hazmat.primitives.hashes import SHA256

_ALG_SHA256, _ALG_NULL, _ALG_ECDSA, _ALG_ECC = 0x000B, 0x0010, 0x0018, 0x0023
_CURVE_P256 = 0x0003
_COORDINATE_BYTES = 32
_FIXED_TPM, _FIXED_PARENT, _SENSITIVE_DATA_ORIGIN = 1 << 1, 1 << 4, 1 << 5
_RESTRICTED, _DECRYPT, _SIGN = 1 << 16, 1 << 17, 1 << 18
_MUST = _FIXED_TPM | _FIXED_PARENT | _SENSITIVE_DATA_ORIGIN | _SIGN
"""TPMA_OBJECT (part 2, 8.3): it was made by the TPM, and stays in it."""
_MUST_NOT = _RESTRICTED | _DECRYPT


class NotProven(Exception):
    """What the device showed of its hardware does not hold; the text says what."""


@dataclass(frozen=True)
class Challenge:
    """What the TPM is asked, and what it must answer."""

    blob: bytes
    """TPM2B_ID_OBJECT."""
    encrypted_secret: bytes
    """TPM2B_ENCRYPTED_SECRET."""
    answer: bytes = field(repr=False)


def key_name(public_area: bytes, expected: ec.EllipticCurvePublicKey) -> bytes:
    """Return the name of a key (part 1, 16), from its TPMT_PUBLIC.

    Raises:
        NotProven: it is another key than `expected`, or one that could have come from elsewhere or may leave.
    """
    try:
        kind, hashing, attributes = struct.unpack_from(">HHI", public_area)
        at = 8
        policy, at = _sized(public_area, at)
        symmetric, scheme, scheme_hash, curve, derivation = struct.unpack_from(">HHHHH", public_area, at)
        x, at = _sized(public_area, at + 10)
        y, at = _sized(public_area, at)
    except struct.error as error:
        raise NotProven("the key's public area is cut off") from error
    shape = (kind, hashing, policy, symmetric, scheme, scheme_hash, curve, derivation)
    if shape != (_ALG_ECC, _ALG_SHA256, b"", _ALG_NULL, _ALG_ECDSA, _ALG_SHA256, _CURVE_P256, _ALG_NULL):
        raise NotProven("the key is not one that signs with ECDSA on P-256 and does nothing else")
    if attributes & _MUST != _MUST or attributes & _MUST_NOT:
        raise NotProven("the key was not made in the TPM, or may leave it")
    numbers = expected.public_numbers()
    if at != len(public_area) or (int.from_bytes(x), int.from_bytes(y)) != (numbers.x, numbers.y):
        raise NotProven("the key is not this device's")
    return struct.pack(">H", _ALG_SHA256) + hashlib.sha256(public_area).digest()


def make_challenge(endorsement_key: rsa.RSAPublicKey, name: bytes, answer: bytes) -> Challenge:
    """Wrap an answer (at most 32 bytes) for the TPM with this EK, to be given out beside the key of this name alone."""
    seed = secrets.token_bytes(32)
    oaep = padding.OAEP(padding.MGF1(SHA256()), SHA256(), b"IDENTITY\x00")
    encrypted = endorsement_key.encrypt(seed, oaep)
    cipher = Cipher(AES128(_derive(seed, b"STORAGE", name, 128)), CFB(bytes(16))).encryptor()
    wrapped = cipher.update(_prefixed(answer)) + cipher.finalize()
    integrity = hmac.digest(_derive(seed, b"INTEGRITY", b"", 256), wrapped + name, "sha256")
    return Challenge(_prefixed(_prefixed(integrity) + wrapped), _prefixed(encrypted), answer)


def _derive(seed: bytes, label: bytes, context: bytes, bits: int) -> bytes:
    """KDFa (part 1, 11.4.10.2; SP 800-108 in counter mode), for at most one SHA-256."""
    message = struct.pack(">I", 1) + label + b"\x00" + context + struct.pack(">I", bits)
    return hmac.digest(seed, message, "sha256")[: bits // 8]


def _prefixed(content: bytes) -> bytes:
    return struct.pack(">H", len(content)) + content


def _sized(raw: bytes, at: int) -> tuple[bytes, int]:
    (size,) = struct.unpack_from(">H", raw, at)
    end = at + 2 + size
    if end > len(raw):
        raise struct.error("cut off")
    return raw[at + 2 : end], end
