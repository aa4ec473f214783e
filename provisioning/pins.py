"""SPKI pins (RFC 7469, section 2.4): the SHA-256 of a key's SubjectPublicKeyInfo, in unpadded base64url."""

import hashlib

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.types import CertificatePublicKeyTypes
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from provisioning.base64url import encode


def spki_pin(key: CertificatePublicKeyTypes) -> str:
    """Return the pin of a public key: 43 characters of unpadded base64url."""
    spki = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return encode(hashlib.sha256(spki).digest())


def certificate_pin(certificate_der: bytes) -> str:
    """Return the pin of the key inside a DER certificate.

    Raises:
        ValueError: the bytes are not a certificate.
    """
    return spki_pin(x509.load_der_x509_certificate(certificate_der).public_key())


def thumbprint(certificate_der: bytes) -> str:
    """Return a certificate's `x5t#S256` thumbprint, to which access tokens are bound (RFC 8705, section 3.1)."""
    return encode(hashlib.sha256(certificate_der).digest())
