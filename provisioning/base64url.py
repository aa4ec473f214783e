"""Unpadded base64url (RFC 7515, section 2), in the one form that each text of bytes has."""

import base64


def encode(raw: bytes) -> str:
    """Return bytes as text."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def decode(text: str) -> bytes:
    """Return what a text stands for. What decodes to the same bytes in another way is another text, and refused.

    Raises:
        ValueError: it is not base64url, or not in that form.
    """
    raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    if encode(raw) != text:
        raise ValueError("not base64url")
    return raw
