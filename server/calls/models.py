"""The calls' table."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from server.database import Base, Utc


class Call(Base):
    """One call that was offered to one agent. The caller's number is not kept, only who it was."""

    __tablename__ = "calls"
    # The edge may ask twice for the same call, when an answer was lost or an INVITE was sent again. Calls without a
    # Call-ID are no duplicates of each other: to both databases, NULL is equal to nothing.
    __table_args__ = (UniqueConstraint("call_id", "agent"),)

    ref: Mapped[str] = mapped_column(String(42), primary_key=True)
    call_id: Mapped[str | None] = mapped_column(String(256))
    """SIP's Call-ID, as the edge reported it; None for a call that only the desk reported."""
    agent: Mapped[str] = mapped_column(ForeignKey("people.name"), index=True)
    customer_id: Mapped[str | None] = mapped_column(String(64))
    offered_at: Mapped[datetime] = mapped_column(Utc, index=True)
    answered_at: Mapped[datetime | None] = mapped_column(Utc)
    ended_at: Mapped[datetime | None] = mapped_column(Utc)
    end_reason: Mapped[str | None] = mapped_column(String(20))
    end_code: Mapped[int | None]
    wrap_up_code: Mapped[str | None] = mapped_column(String(40))
    wrap_up_notes: Mapped[str | None] = mapped_column(Text)
    written_at: Mapped[datetime | None] = mapped_column(Utc)
    wrapped_up_at: Mapped[datetime | None] = mapped_column(Utc)
