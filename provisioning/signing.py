"""Signing and verifying the manifest: a compact JWS (RFC 7515) with Ed25519 (RFC 8037)."""

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey

_ALGORITHM = "Ed25519"
_TYPE = "hearthline-manifest+jws"
_REGISTRY = jws.JWSRegistry(algorithms=[_ALGORITHM])


class BadSignature(Exception):
    """The bytes were not signed by a key that we trust, or were changed since."""


def generate_signing_key() -> Ed25519PrivateKey:
    """Make the organisation's key for signing manifests."""
    return Ed25519PrivateKey.generate()


def public_pem(key: Ed25519PrivateKey) -> str:
    """Return the public half, as the device stores it."""
    return key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def sign(payload: bytes, key: Ed25519PrivateKey, kind: str = _TYPE) -> str:
    """Sign `payload` and return the compact serialization. What was signed as one kind is no other."""
    header = {"alg": _ALGORITHM, "typ": kind}
    return jws.serialize_compact(header, payload, OKPKey.import_key(key), registry=_REGISTRY)


def verify(token: str, trusted_keys_pem: tuple[str, ...], kind: str = _TYPE) -> bytes:
    """Return the payload of `token` if one of the trusted keys signed it.

    Only one algorithm is accepted, whatever the header asks for (RFC 8725, section 3.1).

    Raises:
        BadSignature: no trusted key signed it, the header names another algorithm or type, or it is not a JWS.
    """
    for pem in trusted_keys_pem:
        try:
            found = jws.deserialize_compact(token, OKPKey.import_key(pem), registry=_REGISTRY)
        except (JoseError, ValueError):
            continue
        if found.headers().get("typ") == kind and found.payload is not None:
            return found.payload
    raise BadSignature("no trusted key signed this manifest")
