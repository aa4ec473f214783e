"""The calls' table."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Float, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from provisioning.data_policy import CallState
from server.database import Base, Utc


class Direction(StrEnum):
    """Who calls."""

    INCOMING = "incoming"
    OUTGOING = "outgoing"


class Call(Base):
    """One call that was offered to one agent, or that one made. The number is not kept, only whose it was."""

    __tablename__ = "calls"
    # The edge may ask twice for the same call, when an answer was lost or an INVITE was sent again. Calls without a
    # Call-ID are no duplicates of each other: to both databases, NULL is equal to nothing.
    __table_args__ = (UniqueConstraint("call_id", "agent"),)

    ref: Mapped[str] = mapped_column(String(42), primary_key=True)
    call_id: Mapped[str | None] = mapped_column(String(256))
    """SIP's Call-ID, as the edge reported it; None for a call that only the desk knows of, and until it is dialled."""
    direction: Mapped[str] = mapped_column(String(10), default=Direction.INCOMING)
    agent: Mapped[str] = mapped_column(ForeignKey("people.name"), index=True)
    customer_id: Mapped[str | None] = mapped_column(String(64))
    offered_at: Mapped[datetime] = mapped_column(Utc, index=True)
    """When it reached the edge; of an outgoing call, when its dial token was made."""
    dialled_at: Mapped[datetime | None] = mapped_column(Utc)
    """When the edge put an outgoing call through; None until then, and for an incoming one."""
    answered_at: Mapped[datetime | None] = mapped_column(Utc)
    ended_at: Mapped[datetime | None] = mapped_column(Utc)
    end_reason: Mapped[str | None] = mapped_column(String(20))
    end_code: Mapped[int | None]
    wrap_up_code: Mapped[str | None] = mapped_column(String(40))
    wrap_up_notes: Mapped[str | None] = mapped_column(Text)
    """Masked: an agent may have typed a number."""
    written_at: Mapped[datetime | None] = mapped_column(Utc)
    wrapped_up_at: Mapped[datetime | None] = mapped_column(Utc)

    @property
    def state(self) -> CallState:
        """How far it is, as the policy counts it. Whether its customer may be seen at all is for `Calls` to say."""
        if self.ended_at is not None:
            return CallState.WRAP_UP
        # A call that the edge has not put through can't have been answered, whatever the desk says.
        return CallState.RINGING if self.waits or self.answered_at is None else CallState.CONNECTED

    @property
    def waits(self) -> bool:
        """Whether it is one of the agent's own that the edge has not put through."""
        return self.direction == Direction.OUTGOING and self.dialled_at is None


class CallQuality(Base):
    """How one call sounded, as its desk measured it (provisioning.api.QualityRecord). It goes when its call does."""

    __tablename__ = "call_quality"

    ref: Mapped[str] = mapped_column(ForeignKey("calls.ref", ondelete="CASCADE"), primary_key=True)
    reported_at: Mapped[datetime] = mapped_column(Utc)
    codec: Mapped[str] = mapped_column(String(40))
    srtp: Mapped[str] = mapped_column(String(40))
    seconds: Mapped[float] = mapped_column(Float(53))
    mos_mean: Mapped[float] = mapped_column(Float(53))
    mos_worst: Mapped[float] = mapped_column(Float(53))
    loss_mean: Mapped[float] = mapped_column(Float(53))
    loss_worst: Mapped[float] = mapped_column(Float(53))
    jitter_mean: Mapped[float] = mapped_column(Float(53))
    jitter_worst: Mapped[float] = mapped_column(Float(53))
    round_trip_mean: Mapped[float] = mapped_column(Float(53))
    round_trip_worst: Mapped[float] = mapped_column(Float(53))
    sent_loss_mean: Mapped[float] = mapped_column(Float(53))
    sent_loss_worst: Mapped[float] = mapped_column(Float(53))
    ended: Mapped[str] = mapped_column(String(40))
