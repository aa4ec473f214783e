"""Does a certificate carry a pinned key? (RFC 7469, section 2.4: SHA-256 of the SubjectPublicKeyInfo.)"""

import base64
import hashlib
from collections.abc import Collection

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat


def pin_of(certificate_pem: str) -> str:
    """Return the pin of the key in a certificate: 43 characters of unpadded base64url.

    Raises:
        ValueError: the text is no certificate.
    """
    key = x509.load_pem_x509_certificate(certificate_pem.encode()).public_key()
    spki = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return base64.urlsafe_b64encode(hashlib.sha256(spki).digest()).rstrip(b"=").decode()


def is_pinned(certificate_pem: str, pins: Collection[str]) -> bool:
    """Whether the certificate's key is one of the pinned ones. What is no certificate is not pinned, nor is anything
    when there are no pins."""
    return pin_of_or_none(certificate_pem) in pins


def pin_of_or_none(certificate_pem: str) -> str | None:
    """As `pin_of`; None for what is no certificate."""
    try:
        return pin_of(certificate_pem)
    except ValueError:
        return None
