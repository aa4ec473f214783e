"""The enrolment's tables."""

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from server.database import Base, Utc


class EnrolmentCodeRow(Base):
    """A code that IT made. Not the code itself, but the sealed key that proves knowledge of it."""

    __tablename__ = "enrolment_codes"

    code_id: Mapped[str] = mapped_column(String(4), primary_key=True)
    sealed_key: Mapped[bytes] = mapped_column(LargeBinary)
    note: Mapped[str] = mapped_column(String(120))
    made_at: Mapped[datetime] = mapped_column(Utc)
    expires_at: Mapped[datetime] = mapped_column(Utc)
    used_at: Mapped[datetime | None] = mapped_column(Utc)
    device_id: Mapped[str | None] = mapped_column(String(40))


class EnrolmentHello(Base):
    """A handshake under way: the nonces that its proofs must cover."""

    __tablename__ = "enrolment_hellos"

    server_nonce: Mapped[str] = mapped_column(String(86), primary_key=True)
    code_id: Mapped[str] = mapped_column(ForeignKey("enrolment_codes.code_id"), index=True)
    device_nonce: Mapped[str] = mapped_column(String(86))
    expires_at: Mapped[datetime] = mapped_column(Utc, index=True)
