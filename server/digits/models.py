"""The table of what was keyed sealed: that it was, and how it ended. Not one digit, not even the last four."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from server.database import Base, Utc


class SealedDigitsRow(Base):
    """One time that a customer was let key in a card. It goes when its call does."""

    __tablename__ = "sealed_digits"

    id: Mapped[str] = mapped_column(String(42), primary_key=True)
    ref: Mapped[str] = mapped_column(ForeignKey("calls.ref", ondelete="CASCADE"), index=True)
    agent: Mapped[str] = mapped_column(ForeignKey("people.name"), index=True)
    started_at: Mapped[datetime] = mapped_column(Utc)
    ended_at: Mapped[datetime | None] = mapped_column(Utc)
    stage: Mapped[str | None] = mapped_column(String(10))
    """How it ended, as provisioning.api.DigitsStage; None while it goes on, or if the server ended first."""
    outcome: Mapped[str | None] = mapped_column(String(40))
