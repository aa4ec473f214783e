"""What can be done with a device."""

import secrets
from dataclasses import dataclass
from datetime import timedelta

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from provisioning.api import DeviceView, ProblemType
from provisioning.organisation import Organisation
from provisioning.pins import thumbprint
from provisioning.pki import BadRequest, Role
from server.audit.service import Action, AuditLog
from server.clock import Clock
from server.database import Database
from server.devices.models import Device, DeviceCertificate
from server.problems import Refused


@dataclass(frozen=True)
class KnownDevice:
    """A device that may talk to us, on the certificate that it showed."""

    id: str
    thumbprint: str


class Devices:
    """All devices of the organisation."""

    def __init__(self, database: Database, clock: Clock, organisation: Organisation, audit: AuditLog) -> None:
        self._database = database
        self._clock = clock
        self._organisation = organisation
        self._audit = audit

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
        return KnownDevice(device_id, shown)

    async def add(self, session: AsyncSession, name: str, csr_pem: str) -> tuple[str, str]:
        """Make a new device in the caller's transaction; returns its id and certificate.

        Raises:
            Refused: the authority does not sign the request.
        """
        device_id = secrets.token_hex(8)
        certificate_pem, entry = self._issue(device_id, csr_pem)
        session.add(
            Device(
                id=device_id,
                name=name,
                enrolled_at=entry.issued_at,
                certificate_expires_at=entry.expires_at,
                revoked_at=None,
            )
        )
        await session.flush()
        session.add(entry)
        return device_id, certificate_pem

    async def renew(self, session: AsyncSession, device: KnownDevice, csr_pem: str) -> tuple[str, str]:
        """Issue a device's next certificate in the caller's transaction; returns it and its thumbprint.

        The old certificate stays good until it ends, because the answer may be lost on its way.

        Raises:
            Refused: the authority does not sign the request.
        """
        certificate_pem, entry = self._issue(device.id, csr_pem)
        session.add(entry)
        row = await session.get_one(Device, device.id)
        row.certificate_expires_at = entry.expires_at
        await self._audit.append(session, f"device:{device.id}", Action.DEVICE_RENEWED, f"device:{device.id}")
        return certificate_pem, entry.thumbprint

    def _issue(self, device_id: str, csr_pem: str) -> tuple[str, DeviceCertificate]:
        life = timedelta(days=self._organisation.manifest.policy.certificate_days)
        try:
            pem = self._organisation.authority.sign_csr(csr_pem, Role.DEVICE, device_id, life)
        except BadRequest as error:
            raise Refused(ProblemType.CSR_REFUSED, f"Make a new request: {error}.") from error
        certificate = x509.load_pem_x509_certificate(pem.encode())
        entry = DeviceCertificate(
            thumbprint=thumbprint(certificate.public_bytes(Encoding.DER)),
            device_id=device_id,
            issued_at=self._clock(),
            expires_at=certificate.not_valid_after_utc,
        )
        return pem, entry

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
