"""The devices' tables."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from server.database import Base, Utc


class Device(Base):
    """An enrolled PC."""

    __tablename__ = "devices"

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    enrolled_at: Mapped[datetime] = mapped_column(Utc)
    certificate_expires_at: Mapped[datetime] = mapped_column(Utc)
    revoked_at: Mapped[datetime | None] = mapped_column(Utc)
    posture_sequence: Mapped[int] = mapped_column(BigInteger, default=0)
    """The number of the newest posture report; one that is not higher is an old one, shown again."""
    identity_key: Mapped[str | None] = mapped_column(Text)
    """The device key's public half (PEM). A device of before has none: it is the key of its certificate, until the
    device first renews for another."""
    key_hardware: Mapped[str | None] = mapped_column(String(80))
    """The maker of the hardware that was proven to hold the device key; None while nothing is proven."""
    pin_failures: Mapped[int] = mapped_column(server_default="0")
    """How often the device met a server or an edge with a key that is not pinned, by its own reports."""
    pin_failed_at: Mapped[datetime | None] = mapped_column(Utc)


class DeviceCertificate(Base):
    """A certificate that we issued. One that is not here is not accepted, even with the authority's signature."""

    __tablename__ = "device_certificates"

    thumbprint: Mapped[str] = mapped_column(String(43), primary_key=True)
    device_id: Mapped[str] = mapped_column(ForeignKey("devices.id"), index=True)
    issued_at: Mapped[datetime] = mapped_column(Utc)
    expires_at: Mapped[datetime] = mapped_column(Utc)
    key_pin: Mapped[str | None] = mapped_column(String(43), index=True)
    """The SPKI pin of the certificate's key, so that no key is certified twice; None for certificates of before."""
