"""The enrolment code, and the exchange in which device and server prove to each other that they know it.

A code is 24 characters of Crockford's base32 in groups of four. The first four name the code at the server, the next
nineteen are the secret (95 bits), the last one is a check symbol that catches a mistyped character before anything is
sent. The secret itself never travels. Each side sends an HMAC over both nonces and the TLS key that the device saw, so
a stranger in the middle, who cannot know the code, can neither be taken for the server nor pass the device's answer on:

    device -> server   code id, device nonce
    server -> device   server nonce, HMAC(K, "server" | pin | nonces)
    device -> server   HMAC(K, "device" | pin | nonces | SHA-256(CSR) | SHA-256(device key)), CSR, device key

`K` comes from the secret by HKDF-SHA256 (RFC 5869). The secret is random and long, so no slow hash is needed.
"""

import hashlib
import hmac
import ipaddress
import re
import secrets
from dataclasses import dataclass, field
from typing import Self
from urllib.parse import parse_qs, urlencode, urlsplit

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base32: no I, L, O or U, so that a code read aloud or copied by hand is not mistaken."""

CODE_LENGTH = 24
ID_LENGTH = 4
NONCE_BYTES = 16
LINK_SCHEME = "hearthline"
_HOST_NAME = re.compile(r"(?!-)[\w-]{1,63}(\.[\w-]{1,63})*\.?")
"""Letters of any script: the resolver knows how to write those that DNS itself does not have."""
_LOOKALIKES = str.maketrans({"I": "1", "L": "1", "O": "0", "-": None, " ": None, "\t": None, "\n": None})


class BadEnrolmentCode(ValueError):
    """The text is not an enrolment code: a character is missing, foreign or mistyped."""


def _check_symbol(body: str) -> str:
    """A digest rather than a sum, so that swapped characters are caught as well as wrong ones."""
    return ALPHABET[hashlib.sha256(body.encode()).digest()[0] % len(ALPHABET)]


@dataclass(frozen=True)
class EnrolmentCode:
    """A code in its canonical form: 24 characters without separators."""

    text: str = field(repr=False)

    @classmethod
    def generate(cls) -> Self:
        """Make a new random code."""
        body = "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH - 1))
        return cls(body + _check_symbol(body))

    @classmethod
    def parse(cls, typed: str) -> Self:
        """Read a code as a person typed it: any case, with or without separators, I and L for 1, O for 0.

        Raises:
            BadEnrolmentCode: it has another length, a foreign character, or a wrong check symbol.
        """
        text = typed.strip().upper().translate(_LOOKALIKES)
        if len(text) != CODE_LENGTH:
            raise BadEnrolmentCode(f"an enrolment code has {CODE_LENGTH} characters, this one has {len(text)}")
        if foreign := sorted(set(text) - set(ALPHABET)):
            raise BadEnrolmentCode(f"an enrolment code has no {' '.join(foreign)}")
        if text[-1] != _check_symbol(text[:-1]):
            raise BadEnrolmentCode("a character of the enrolment code is mistyped")
        return cls(text)

    @property
    def id(self) -> str:
        """The part that names the code; it is no secret."""
        return self.text[:ID_LENGTH]

    def key(self) -> bytes:
        """The HMAC key (32 bytes) that both sides derive; the server stores this and not the code."""
        return HKDF(SHA256(), 32, salt=self.id.encode(), info=b"hearthline enrolment v1").derive(self.text.encode())

    def __str__(self) -> str:
        return "-".join(self.text[start : start + 4] for start in range(0, CODE_LENGTH, 4))


@dataclass(frozen=True)
class EnrolmentLink:
    """Where to enrol, with what: the content of the QR code and of the hearthline:// link."""

    host: str
    port: int
    code: EnrolmentCode

    def __str__(self) -> str:
        return f"{LINK_SCHEME}://enrol?{urlencode({'server': f'{self.host}:{self.port}', 'code': str(self.code)})}"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a hearthline:// link.

        Raises:
            BadEnrolmentCode: it is not such a link, or its code is not one.
        """
        parts = urlsplit(text.strip())
        if parts.scheme != LINK_SCHEME or parts.netloc != "enrol":
            raise BadEnrolmentCode("this is not a hearthline://enrol link")
        query = parse_qs(parts.query)
        host, port = parse_server(query.get("server", [""])[0])
        return cls(host, port, EnrolmentCode.parse(query.get("code", [""])[0]))


def parse_server(text: str) -> tuple[str, int]:
    """Read 'host' or 'host:port' (IPv6 in brackets) as IT gives it; the port is 443 unless told.

    Raises:
        BadEnrolmentCode: it is not a server's address.
    """
    try:
        parts = urlsplit(f"//{text.strip()}")
        host, port = parts.hostname, parts.port
    except ValueError:
        host, port = None, None
    if not host or not _is_host(host) or parts.path or parts.query or parts.username is not None:
        raise BadEnrolmentCode("the server's address should look like desks.example.com or desks.example.com:8443")
    return host, port or 443


def _is_host(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return _HOST_NAME.fullmatch(text) is not None
    return True


def new_nonce() -> bytes:
    """Return a fresh nonce of 16 bytes."""
    return secrets.token_bytes(NONCE_BYTES)


def _proof(key: bytes, role: bytes, *parts: bytes) -> bytes:
    mac = hmac.new(key, role, hashlib.sha256)
    for part in parts:
        # Each part is preceded by its length, so that no two lists of parts give the same message.
        mac.update(len(part).to_bytes(4, "big") + part)
    return mac.digest()


def server_proof(key: bytes, pin: str, device_nonce: bytes, server_nonce: bytes) -> bytes:
    """What the server sends: it knows the code, and its TLS key is the one with this pin."""
    return _proof(key, b"server", pin.encode(), device_nonce, server_nonce)


def device_proof(
    key: bytes, pin: str, device_nonce: bytes, server_nonce: bytes, csr_der: bytes, *, device_key_pem: str = ""
) -> bytes:
    """What the device sends: it knows the code, saw this TLS key, and asks for a certificate for this CSR.

    With a device key apart from the request's, it also says which: whoever can't make this proof can't name another.
    """
    asked = hashlib.sha256(csr_der).digest()
    named = (hashlib.sha256(device_key_pem.encode()).digest(),) if device_key_pem else ()
    return _proof(key, b"device", pin.encode(), device_nonce, server_nonce, asked, *named)


def same_proof(left: bytes, right: bytes) -> bool:
    """Compare two proofs in constant time."""
    return hmac.compare_digest(left, right)
