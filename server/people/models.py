"""The people's tables."""

from datetime import datetime

from sqlalchemy import JSON, BigInteger, ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from server.database import Base, Utc


class Person(Base):
    """Somebody who signs in at a desk."""

    __tablename__ = "people"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    display_name: Mapped[str] = mapped_column(String(80))
    role: Mapped[str] = mapped_column(String(20))
    team: Mapped[str] = mapped_column(String(40), index=True)
    work_type: Mapped[str] = mapped_column(String(20))
    clearance: Mapped[str] = mapped_column(String(10), default="standard")
    """How far they are trusted with customers' data, as `provisioning.data_policy.Clearance` in words."""
    password_hash: Mapped[str] = mapped_column(String(200))
    sealed_totp: Mapped[bytes] = mapped_column(LargeBinary)
    last_totp_step: Mapped[int] = mapped_column(BigInteger, default=0)
    added_at: Mapped[datetime] = mapped_column(Utc)
    disabled_at: Mapped[datetime | None] = mapped_column(Utc)


class Session(Base):
    """One person signed in at one device."""

    __tablename__ = "sessions"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    person: Mapped[str] = mapped_column(ForeignKey("people.name"), index=True)
    device_id: Mapped[str] = mapped_column(ForeignKey("devices.id"), index=True)
    thumbprint: Mapped[str] = mapped_column(String(43))
    """The certificate that the token is bound to (RFC 8705)."""
    previous_thumbprint: Mapped[str | None] = mapped_column(String(43))
    """The certificate before a renewal, until the new one is first used: the renewal's answer may have been lost."""
    posture: Mapped[dict[str, object]] = mapped_column(JSON)
    """The latest report."""
    trust_level: Mapped[int]
    trust_reasons: Mapped[list[str]] = mapped_column(JSON)
    trust_until: Mapped[datetime] = mapped_column(Utc)
    """When the next report is overdue; from then on the session is trusted no more, see `sessions.trust_of`."""
    started_at: Mapped[datetime] = mapped_column(Utc)
    last_used_at: Mapped[datetime] = mapped_column(Utc)
    expires_at: Mapped[datetime] = mapped_column(Utc)
    ended_at: Mapped[datetime | None] = mapped_column(Utc)
    end_reason: Mapped[str | None] = mapped_column(String(30))
