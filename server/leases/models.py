"""The leases' tables."""

from datetime import datetime

from sqlalchemy import Float, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from server.database import Base, Utc


class LeaseRow(Base):
    """One lease, from its asking on; kept when it is over. The value itself is nowhere in it."""

    __tablename__ = "leases"

    id: Mapped[str] = mapped_column(String(42), primary_key=True)
    ref: Mapped[str] = mapped_column(ForeignKey("calls.ref", ondelete="CASCADE"), index=True)
    field: Mapped[str] = mapped_column(String(40))
    agent: Mapped[str] = mapped_column(ForeignKey("people.name"), index=True)
    session_id: Mapped[str] = mapped_column(ForeignKey("sessions.id"), index=True)
    running: Mapped[str | None] = mapped_column(String(32), unique=True)
    """The session again while the lease waits or is granted, and None when it is over: one at a time a session, as
    NULL is equal to nothing to both databases."""
    state: Mapped[str] = mapped_column(String(10))
    key: Mapped[str] = mapped_column(String(2400))
    """The public key to seal to; empty when the lease is over."""
    reason: Mapped[str] = mapped_column(String(40))
    typed_reason: Mapped[str] = mapped_column(Text)
    """Masked: what an agent types may name the customer."""
    seconds: Mapped[int]
    asked_at: Mapped[datetime] = mapped_column(Utc)
    expires_at: Mapped[datetime] = mapped_column(Utc)
    decided_by: Mapped[str | None] = mapped_column(String(40))
    approved: Mapped[bool | None]
    granted_at: Mapped[datetime | None] = mapped_column(Utc)
    shown_at: Mapped[datetime | None] = mapped_column(Utc)
    recording_at: Mapped[float | None] = mapped_column(Float(53))
    """Seconds into the session's recording at which it was shown."""
    ended_at: Mapped[datetime | None] = mapped_column(Utc)
    end_reason: Mapped[str | None] = mapped_column(String(20))


class LeaseKeyRow(Base):
    """A lease's key that was used, be it for an ask that was refused: what was signed once is good once."""

    __tablename__ = "lease_keys"

    key_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    used_at: Mapped[datetime] = mapped_column(Utc, index=True)
