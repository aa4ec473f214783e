"""What went wrong with the server, as a problem code that the desk has words for.

One place knows the exceptions of TLS, HTTP and WebSocket libraries, so that nothing else needs to.
"""

import ssl
from collections.abc import Iterator

import httpx2
from websockets.exceptions import InvalidHandshake, WebSocketException

from client.security.files import DiskFull
from client.security.hardware import HardwareUnavailable
from client.security.identity import CertificateExpired, ProfileDamaged
from client.security.keystore import KeyStoreUnavailable
from client.security.vault import VaultDamaged
from provisioning.api import Problem
from provisioning.manifest import BadManifest, StaleManifest
from provisioning.pinned_tls import PinMismatch
from provisioning.signing import BadSignature

# OpenSSL's X509_V_ERR_ numbers, which Python's ssl has no names for.
_NOT_YET_VALID, _EXPIRED = 9, 10
_HOSTNAME_MISMATCH, _IP_MISMATCH = 62, 64

_NETWORK = (httpx2.TransportError, InvalidHandshake, WebSocketException, OSError, TimeoutError)
# What the server's TLS says when it does not take our certificate (RFC 8446, section 6.2), as OpenSSL names it.
_ALERTS: dict[str | None, str] = {
    "SSLV3_ALERT_CERTIFICATE_EXPIRED": "certificate-expired",
    "TLSV13_ALERT_CERTIFICATE_REQUIRED": "certificate-required",
}


class Refused(Exception):
    """The server answered with a problem detail (RFC 9457)."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.problem_type.value)
        self.problem = problem


_PLAIN: tuple[tuple[type[BaseException], str], ...] = (
    (PinMismatch, "server-pin-mismatch"),
    (CertificateExpired, "certificate-expired"),
    (KeyStoreUnavailable, "key-store-locked"),
    (HardwareUnavailable, "hardware-key-gone"),
    (VaultDamaged, "vault-damaged"),
    (ProfileDamaged, "profile-damaged"),
    (DiskFull, "disk-full"),
    (BadSignature, "manifest-bad-signature"),
    (BadManifest, "manifest-bad-signature"),
    (StaleManifest, "manifest-stale"),
)


def problem_code(error: BaseException) -> str:
    """Return the problem code for an exception, looking through what it was raised from."""
    causes = list(_chain(error))
    for cause in causes:
        code = _code_of(cause)
        if code is not None:
            return code
    return "server-unreachable" if any(isinstance(cause, _NETWORK) for cause in causes) else "internal"


def _code_of(cause: BaseException) -> str | None:
    match cause:
        case Refused():
            return cause.problem.problem_type.value
        case ssl.SSLCertVerificationError():
            return _verification(cause.verify_code)
        case ssl.SSLError() if (alert := _ALERTS.get(getattr(cause, "reason", None))) is not None:
            # An error that Python itself makes, and not OpenSSL, has no reason.
            return alert
    return next((code for kind, code in _PLAIN if isinstance(cause, kind)), None)


def is_passing(code: str) -> bool:
    """Whether trying again later can help, without anybody doing anything."""
    return code in {"server-unreachable", "unavailable", "internal", "too-many-requests", "session-required"}


def _verification(verify_code: int) -> str:
    if verify_code in {_EXPIRED, _NOT_YET_VALID}:
        return "server-certificate-expired"
    if verify_code in {_HOSTNAME_MISMATCH, _IP_MISMATCH}:
        return "server-certificate-host"
    return "server-certificate-untrusted"


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__
