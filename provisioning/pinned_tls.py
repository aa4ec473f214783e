"""TLS 1.3 to a server whose key is known: the SPKI pin is checked inside the handshake, before anything can be sent.

Two checks stand behind each other. The certificate must chain to the organisation's authority and be for this host
and this day (RFC 5280, RFC 9525), and its key must be one of the pinned ones (RFC 7469, section 2.6). The second is
what holds when an authority, or this machine's idea of one, is not to be trusted.

The contexts work with asyncio (so with httpx2 and websockets) and with blocking sockets alike.
"""

import os
import secrets
import ssl
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
    load_pem_private_key,
)

from provisioning.pins import certificate_pin


class PinMismatch(ssl.SSLError):
    """The server proved to hold a key, but not one that we pinned."""


MismatchListener = Callable[[str], None]
"""Takes the pin of the key that a server showed in place of a pinned one; it must not raise."""


class _CheckedContext(ssl.SSLContext):
    peer_check: Callable[[bytes], None]


def _check_peer(connection: ssl.SSLObject | ssl.SSLSocket) -> None:
    context = connection.context
    certificate = connection.getpeercert(binary_form=True)
    if not isinstance(context, _CheckedContext) or not certificate:
        raise PinMismatch("the server showed no certificate")
    context.peer_check(certificate)


class _CheckedObject(ssl.SSLObject):
    """What asyncio drives."""

    def do_handshake(self) -> None:
        super().do_handshake()
        _check_peer(self)


class _CheckedSocket(ssl.SSLSocket):
    """What blocking code drives."""

    def do_handshake(self, block: bool = False) -> None:
        super().do_handshake(block)
        _check_peer(self)


def pinned_context(
    ca_pem: str,
    pins: tuple[str, ...],
    client_cert: tuple[str, bytes] | None = None,
    on_mismatch: MismatchListener | None = None,
) -> ssl.SSLContext:
    """Return a client context that speaks TLS 1.3 only, with a server of this authority that holds a pinned key.

    Args:
        ca_pem: the authority's certificate.
        pins: the SPKI pins that the server may show, primary and backup.
        client_cert: our certificate (PEM) and its private key (PEM, PKCS #8, not encrypted) for mutual TLS.
        on_mismatch: is told of each server that was refused for its key alone. Whatever it does, it was refused.

    The connection then raises, out of its handshake:
        ssl.SSLCertVerificationError: expired, not for this host, or of another authority; see its `verify_code`.
        PinMismatch: all that is right, but the key is not a pinned one.
        ssl.SSLError: anything else, an older TLS version among it.

    Raises:
        ValueError: there is no pin, so that nothing could be accepted; or the certificates are not PEM.
    """
    context = _client_context(_pin_check(pins, on_mismatch))
    # Strict: a certificate that breaks RFC 5280 is not excused. The host is in the alternative names or nowhere.
    context.verify_flags |= ssl.VERIFY_X509_STRICT
    context.hostname_checks_common_name = False
    try:
        context.load_verify_locations(cadata=ca_pem)
    except ssl.SSLError as error:
        raise ValueError("the authority's certificate is not PEM") from error
    if client_cert is not None:
        load_identity(context, *client_cert)
    return context


def repin(context: ssl.SSLContext, pins: tuple[str, ...], on_mismatch: MismatchListener | None = None) -> None:
    """Let a context of `pinned_context` take these pins from its next handshake on, as a newer manifest says.

    Raises:
        ValueError: there is no pin.
        TypeError: the context is no pinned one.
    """
    if not isinstance(context, _CheckedContext):
        raise TypeError("this is no pinned context")
    context.peer_check = _pin_check(pins, on_mismatch)


def _pin_check(pins: tuple[str, ...], on_mismatch: MismatchListener | None) -> Callable[[bytes], None]:
    if not pins:
        raise ValueError("at least one pin is needed")

    def check(certificate_der: bytes) -> None:
        seen = certificate_pin(certificate_der)
        if seen not in pins:
            if on_mismatch is not None:
                on_mismatch(seen)
            raise PinMismatch("the server's key is not one of the pinned keys")

    return check


def unverified_context(on_peer_certificate: Callable[[bytes], None]) -> ssl.SSLContext:
    """Return a client context that trusts nobody and tells whose certificate (DER) the server showed.

    For enrolment alone, where nothing is known of the server yet and the proofs of `provisioning.enrolment`, which
    cover the pin of this certificate, say who it is. `on_peer_certificate` is called in each handshake and may refuse
    the connection by raising an ssl.SSLError.
    """
    context = _client_context(on_peer_certificate)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def _client_context(check: Callable[[bytes], None]) -> _CheckedContext:
    context = _CheckedContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    context.peer_check = check
    context.sslobject_class = _CheckedObject
    context.sslsocket_class = _CheckedSocket
    return context


def load_identity(context: ssl.SSLContext, certificate_pem: str, key_pem: bytes) -> None:
    """Give a context its own certificate and private key (PEM, not encrypted) without leaving the key on a disk.

    Python loads private keys from files only (cpython#116971). On Linux the file is one in memory that has no name;
    elsewhere it is a temporary file, encrypted under a random passphrase that exists in this process alone, and deleted
    at once.

    Raises:
        ValueError: they are not a certificate and its key.
    """
    try:
        if sys.platform == "linux":
            _load_from_memory(context, certificate_pem.encode() + b"\n" + key_pem)
        else:
            _load_from_encrypted_file(context, certificate_pem.encode(), key_pem)
    except ssl.SSLError as error:
        raise ValueError("this is not a certificate with its private key") from error


def _load_from_memory(context: ssl.SSLContext, chain_and_key: bytes) -> None:
    descriptor = os.memfd_create("identity", os.MFD_CLOEXEC)
    with os.fdopen(descriptor, "wb", buffering=0) as file:
        file.write(chain_and_key)
        context.load_cert_chain(f"/proc/self/fd/{descriptor}", password=_no_passphrase)


def _load_from_encrypted_file(context: ssl.SSLContext, certificate: bytes, key_pem: bytes) -> None:
    passphrase = secrets.token_hex(32)
    encrypted = load_pem_private_key(key_pem, None).private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(passphrase.encode())
    )
    # Made with mode 0600; closed before it is read, because Windows lets nobody else open it until then.
    descriptor, name = tempfile.mkstemp()
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(certificate + b"\n" + encrypted)
        context.load_cert_chain(name, password=passphrase)
    finally:
        Path(name).unlink()


def _no_passphrase() -> str:
    """Stand in for OpenSSL's own question on the terminal, which would hang whoever has none."""
    raise ValueError("the private key is encrypted")
