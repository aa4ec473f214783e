"""What can be done with a device."""

import contextlib
import secrets
from dataclasses import dataclass
from datetime import timedelta

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.types import CertificatePublicKeyTypes
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from limits import RateLimitItemPerMinute
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from provisioning.api import DeviceView, PinReport, ProblemType
from provisioning.manifest import BadManifest
from provisioning.organisation import Organisation, OrganisationError
from provisioning.pins import spki_pin, thumbprint
from provisioning.pki import UNREADABLE, BadRequest, Role
from provisioning.signing import BadSignature
from server.audit.service import Action, AuditLog
from server.clock import Clock
from server.database import Database
from server.devices.models import Device, DeviceCertificate
from server.problems import Refused
from server.throttle import Throttle

_REPORTS = RateLimitItemPerMinute(10)
"""An honest device reports when its way to the server is good again, and that is not every second."""
_MOST_FAILURES = 1_000_000_000


@dataclass(frozen=True)
class KnownDevice:
    """A device that may talk to us, on the certificate that it showed."""

    id: str
    thumbprint: str
    key_pem: str
    """The public key by which it proves what it states; see `server.devices.keys`."""
    key_in_hardware: bool = False
    """Whether that key was proven to be in hardware that it cannot leave."""
    one_key: bool = False
    """Whether it is a device of before, whose certificate's key is its device key."""


class Devices:
    """All devices of the organisation."""

    def __init__(self, database: Database, clock: Clock, organisation: Organisation, audit: AuditLog) -> None:
        self._database = database
        self._clock = clock
        self._organisation = organisation
        self._audit = audit
        self._wants_hardware = False
        self._pin_reports = Throttle(_REPORTS, ProblemType.TOO_MANY_REQUESTS)

    async def admit(self, device_id: str, certificate_der: bytes) -> KnownDevice:
        """Decide whether a device may talk to us.

        Raises:
            Refused: it is unknown (certificate-required) or revoked.
        """
        shown = thumbprint(certificate_der)
        async with self._database.read() as session:
            device = await session.get(Device, device_id)
            certificate = await session.get(DeviceCertificate, shown)
        if device is None or certificate is None or certificate.device_id != device_id:
            raise Refused(ProblemType.CERTIFICATE_REQUIRED, "This certificate belongs to no device of ours.")
        if device.revoked_at is not None:
            raise Refused(ProblemType.DEVICE_REVOKED, "Ask IT for a new enrolment code.")
        key_pem = device.identity_key or public_pem(x509.load_der_x509_certificate(certificate_der).public_key())
        return KnownDevice(
            device_id,
            shown,
            key_pem,
            key_in_hardware=device.key_hardware is not None,
            one_key=device.identity_key is None,
        )

    def check_hardware(self, device: KnownDevice) -> None:
        """Hold to the policy's word on where a device's key must be.

        Raises:
            Refused: it must be in hardware, and this device has not proven that.
        """
        # A manifest that can't be believed changes nothing, and must not keep everybody out.
        with contextlib.suppress(OrganisationError, BadManifest, BadSignature):
            self._wants_hardware = self._organisation.manifest.policy.device_key == "hardware"
        if self._wants_hardware and not device.key_in_hardware:
            raise Refused(ProblemType.HARDWARE_NOT_PROVEN, "Use a PC with a TPM of a maker on the organisation's list.")

    async def add(self, session: AsyncSession, name: str, csr_pem: str, key_pem: str | None) -> tuple[str, str]:
        """Make a new device in the caller's transaction; returns its id and certificate.

        Args:
            session: the transaction.
            name: what the PC calls itself.
            csr_pem: the request for the TLS key's certificate.
            key_pem: the device key (public), or None for that of the request.

        Raises:
            Refused: the authority does not sign the request.
        """
        device_id = secrets.token_hex(8)
        certificate_pem, entry = await self._issue(session, device_id, csr_pem)
        session.add(
            Device(
                id=device_id,
                name=name,
                enrolled_at=entry.issued_at,
                certificate_expires_at=entry.expires_at,
                revoked_at=None,
                identity_key=key_pem,
                key_hardware=None,
                pin_failures=0,
                pin_failed_at=None,
            )
        )
        await session.flush()
        session.add(entry)
        return device_id, certificate_pem

    async def renew(self, session: AsyncSession, device: KnownDevice, csr_pem: str) -> tuple[str, str]:
        """Issue a device's next certificate in the caller's transaction; returns it and its thumbprint.

        The old certificate stays good until it ends, because the answer may be lost on its way. Whether the device
        asked for it, `server.devices.keys.check_ask` says.

        Raises:
            Refused: the authority does not sign the request.
        """
        row = await session.get_one(Device, device.id, with_for_update=True)
        if row.identity_key is None and not same_key(csr_pem, device.key_pem):
            # A device of before: what proved it until now stays its device key.
            row.identity_key = device.key_pem
        certificate_pem, entry = await self._issue(session, device.id, csr_pem, reusable=row.identity_key is None)
        session.add(entry)
        row.certificate_expires_at = entry.expires_at
        await self._audit.append(session, f"device:{device.id}", Action.DEVICE_RENEWED, f"device:{device.id}")
        return certificate_pem, entry.thumbprint

    async def _issue(
        self, session: AsyncSession, device_id: str, csr_pem: str, *, reusable: bool = False
    ) -> tuple[str, DeviceCertificate]:
        life = timedelta(days=self._organisation.manifest.policy.certificate_days)
        try:
            pem = self._organisation.authority.sign_csr(csr_pem, Role.DEVICE, device_id, life)
        except BadRequest as error:
            raise Refused(ProblemType.CSR_REFUSED, f"Make a new request: {error}.") from error
        certificate = x509.load_pem_x509_certificate(pem.encode())
        pin = spki_pin(certificate.public_key())
        known = select(DeviceCertificate.thumbprint).where(DeviceCertificate.key_pin == pin).limit(1)
        if not reusable and (await session.execute(known)).first() is not None:
            # So an ask is good once, and a TLS key that leaked is worthless when its certificate is over.
            raise Refused(ProblemType.CSR_REFUSED, "Make a new request with a new key: this key has a certificate.")
        entry = DeviceCertificate(
            thumbprint=thumbprint(certificate.public_bytes(Encoding.DER)),
            device_id=device_id,
            issued_at=self._clock(),
            expires_at=certificate.not_valid_after_utc,
            key_pin=pin,
        )
        return pem, entry

    async def note_pin_failures(self, device: KnownDevice, report: PinReport) -> None:
        """Put into the audit log whom a device met in the place of server or edge, and count it for IT.

        Raises:
            Refused: the device reports too often.
        """
        await self._pin_reports.attempt(device.id)
        async with self._database.write() as session:
            row = await session.get_one(Device, device.id, with_for_update=True)
            row.pin_failures = min(row.pin_failures + sum(one.times for one in report.failures), _MOST_FAILURES)
            row.pin_failed_at = self._clock()
            for one in report.failures:
                await self._audit.append(
                    session,
                    f"device:{device.id}",
                    Action.PIN_FAILURE,
                    f"device:{device.id}",
                    kind=one.kind,
                    where=f"{one.host}:{one.port}",
                    seen=one.seen,
                    times=str(one.times),
                    first_at=one.first_at.isoformat(),
                    last_at=one.last_at.isoformat(),
                )

    async def list_all(self) -> tuple[DeviceView, ...]:
        """Return every device, the newest first."""
        async with self._database.read() as session:
            rows = (await session.execute(select(Device).order_by(Device.enrolled_at.desc()))).scalars().all()
        return tuple(
            DeviceView(
                id=row.id,
                name=row.name,
                enrolled_at=row.enrolled_at,
                certificate_expires_at=row.certificate_expires_at,
                revoked_at=row.revoked_at,
                key_hardware=row.key_hardware,
                pin_failures=row.pin_failures,
                pin_failed_at=row.pin_failed_at,
            )
            for row in rows
        )

    async def revoke(self, session: AsyncSession, device_id: str, actor: str) -> None:
        """Close the door to a device for good, in the caller's transaction. Doing it again changes nothing.

        Raises:
            Refused: there is no such device.
        """
        row = await session.get(Device, device_id, with_for_update=True)
        if row is None:
            raise Refused(ProblemType.NOT_FOUND, "There is no such device; hearthline-admin device list shows all.")
        if row.revoked_at is None:
            row.revoked_at = self._clock()
            await self._audit.append(session, actor, Action.DEVICE_REVOKED, f"device:{device_id}")


def public_pem(key: CertificatePublicKeyTypes) -> str:
    """Return a public key as PEM (SubjectPublicKeyInfo)."""
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def same_key(csr_pem: str, key_pem: str) -> bool:
    """Whether a request is for this very key; what is no request is for none."""
    try:
        return public_pem(x509.load_pem_x509_csr(csr_pem.encode()).public_key()) == key_pem
    except UNREADABLE:
        return False
