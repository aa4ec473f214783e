"""Who asks: the certificate that TLS verified, and the session that rides on it.

Routes name what they need (`Device`, `Edge`, `Admin`, `Session`), and without it nothing of theirs runs.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated

from cryptography import x509
from fastapi import Depends
from starlette.requests import HTTPConnection

from provisioning.api import ProblemType
from provisioning.pki import Role, client_identity
from server.devices.service import KnownDevice
from server.people.sessions import SignedIn
from server.problems import Refused
from server.services import Services
from server.tls import PEER_CERTIFICATE

_BEARER = "bearer "


def services(connection: HTTPConnection) -> Services:
    """Return the running server's parts."""
    found: Services = connection.app.state.services
    return found


def address(connection: HTTPConnection) -> str:
    """Return the peer's address, by which attempts are counted."""
    return connection.client.host if connection.client else "unknown"


@dataclass(frozen=True)
class Peer:
    """The holder of a verified client certificate."""

    role: Role
    identity: str
    certificate_der: bytes
    over: bool = False
    """Whether the certificate's time is up, and was excused."""

    @property
    def actor(self) -> str:
        """How the audit log names them."""
        return f"{self.role}:{self.identity}"


def peer(connection: HTTPConnection, grace: timedelta = timedelta()) -> Peer:
    """Return who is at the other end of the TLS connection.

    Args:
        connection: the request or the socket.
        grace: for how long after its end a certificate is still taken.

    Raises:
        Refused: they showed no certificate, one of an unknown kind, or one that is over or not begun.
    """
    # Set by our TLS layer for each connection; no header can set it.
    der: bytes | None = getattr(connection.state, PEER_CERTIFICATE, None)
    certificate = x509.load_der_x509_certificate(der) if der else None
    found = client_identity(certificate) if certificate else None
    if der is None or certificate is None or found is None:
        raise Refused(ProblemType.CERTIFICATE_REQUIRED, "Connect with the certificate that you were given.")
    now = services(connection).clock()
    # Here and not in TLS, so that the answer can say so; and on every request, as a connection can outlive it.
    if not certificate.not_valid_before_utc <= now < certificate.not_valid_after_utc + grace:
        raise Refused(ProblemType.CERTIFICATE_EXPIRED, "Ask IT for a new one, and check the clock of this machine.")
    return Peer(*found, der, over=now >= certificate.not_valid_after_utc)


def _service(who: Peer, role: Role) -> Peer:
    if who.role is not role:
        raise Refused(ProblemType.FORBIDDEN, f"This is for {role} certificates only.")
    return who


def edge(connection: HTTPConnection) -> Peer:
    """Let the edge in, and nobody else."""
    return _service(peer(connection), Role.EDGE)


def admin(connection: HTTPConnection) -> Peer:
    """Let IT's command line in, and nobody else."""
    return _service(peer(connection), Role.ADMIN)


async def device(connection: HTTPConnection) -> KnownDevice:
    """Let an enrolled device in, and nobody else."""
    who = _service(peer(connection), Role.DEVICE)
    return await services(connection).devices.admit(who.identity, who.certificate_der)


@dataclass(frozen=True)
class RenewingDevice:
    """A device that asks for its next certificate, perhaps after the last one's end: then that one proves nothing."""

    device: KnownDevice
    over: bool


async def renewing(connection: HTTPConnection) -> RenewingDevice:
    """Let an enrolled device in that was not switched off for longer than the policy excuses."""
    parts = services(connection)
    absence = timedelta(days=parts.organisation.manifest.policy.absence_days)
    who = _service(peer(connection, absence), Role.DEVICE)
    return RenewingDevice(await parts.devices.admit(who.identity, who.certificate_der), who.over)


async def session(connection: HTTPConnection) -> SignedIn:
    """Let somebody in who is signed in on this device."""
    known = await device(connection)
    header = connection.headers.get("authorization", "")
    if not header.lower().startswith(_BEARER):
        raise Refused(ProblemType.SESSION_REQUIRED, "Sign in.")
    return await services(connection).sessions.resolve(header[len(_BEARER) :].strip(), known)


Address = Annotated[str, Depends(address)]
Parts = Annotated[Services, Depends(services)]
Edge = Annotated[Peer, Depends(edge)]
Admin = Annotated[Peer, Depends(admin)]
Device = Annotated[KnownDevice, Depends(device)]
Renewing = Annotated[RenewingDevice, Depends(renewing)]
Session = Annotated[SignedIn, Depends(session)]

# What each of them may answer, for the routes' `responses`.
PEER_PROBLEMS = (ProblemType.CERTIFICATE_REQUIRED, ProblemType.CERTIFICATE_EXPIRED, ProblemType.FORBIDDEN)
DEVICE_PROBLEMS = (*PEER_PROBLEMS, ProblemType.DEVICE_REVOKED)
SESSION_PROBLEMS = (*DEVICE_PROBLEMS, ProblemType.SESSION_REQUIRED, ProblemType.TOKEN_NOT_BOUND)
