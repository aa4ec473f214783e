"""The dial tokens' table."""

from datetime import datetime, timedelta

from sqlalchemy import ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from server.database import Base, Utc

TOKEN_LIFE = timedelta(seconds=60)
"""How long a token can be dialled."""


class DialTokenRow(Base):
    """What a token stands for, until it is spent or over: then the row is gone.

    A directory entry and a customer are kept by name and looked up when the token is spent. A typed number is sealed
    under a key that the token is a part of, so that neither this row, nor a copy of it made earlier, gives it away.
    Exactly one of the three is set.
    """

    __tablename__ = "dial_tokens"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    agent: Mapped[str] = mapped_column(ForeignKey("people.name"), index=True)
    entry: Mapped[str | None] = mapped_column(String(40))
    customer_id: Mapped[str | None] = mapped_column(String(64))
    sealed_number: Mapped[bytes | None] = mapped_column(LargeBinary)
    ref: Mapped[str | None] = mapped_column(ForeignKey("calls.ref", ondelete="CASCADE"), index=True)
    """The outgoing call that was made for it; None where no customer is called."""
    expires_at: Mapped[datetime] = mapped_column(Utc, index=True)
