"""The audit log's tables."""

from datetime import datetime

from sqlalchemy import JSON, BigInteger, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from server.database import Base, Utc


class AuditEntry(Base):
    """One line. The database itself refuses to change or delete it (see the migration)."""

    __tablename__ = "audit_entries"

    seq: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(Utc)
    actor: Mapped[str] = mapped_column(String(120))
    action: Mapped[str] = mapped_column(String(60))
    object: Mapped[str] = mapped_column(String(120))
    details: Mapped[dict[str, str]] = mapped_column(JSON)
    previous: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))


class AuditCheckpoint(Base):
    """One signed checkpoint; as little to be changed as an entry is. `token` says all, the rest is to find it by."""

    __tablename__ = "audit_checkpoints"

    number: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    seq: Mapped[int] = mapped_column(BigInteger)
    token: Mapped[str] = mapped_column(Text)


class AuditHead(Base):
    """The chain's end, in one row: whoever appends locks it, and a truncated chain does not reach it."""

    __tablename__ = "audit_head"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    seq: Mapped[int] = mapped_column(BigInteger)
    hash: Mapped[str] = mapped_column(String(64))
    checkpoint: Mapped[int] = mapped_column(BigInteger, default=0)
    """The newest checkpoint's number, or 0; what follows is copied from it, so that each entry knows if one is due."""
    checkpoint_seq: Mapped[int] = mapped_column(BigInteger, default=0)
    checkpoint_at: Mapped[datetime | None] = mapped_column(Utc, default=None)
    checkpoint_key: Mapped[int] = mapped_column(default=1)
    """Which key signs the next one."""
