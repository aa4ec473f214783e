"""The devices' tables."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
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


class DeviceCertificate(Base):
    """A certificate that we issued. One that is not here is not accepted, even with the authority's signature."""

    __tablename__ = "device_certificates"

    thumbprint: Mapped[str] = mapped_column(String(43), primary_key=True)
    device_id: Mapped[str] = mapped_column(ForeignKey("devices.id"), index=True)
    issued_at: Mapped[datetime] = mapped_column(Utc)
    expires_at: Mapped[datetime] = mapped_column(Utc)
