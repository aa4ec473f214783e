"""The customers' tables, for organisations that have no CRM to ask."""

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from server.database import Base, Utc


class CustomerRow(Base):
    """A customer."""

    __tablename__ = "customers"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    phone_digest: Mapped[str] = mapped_column(String(64), index=True)
    """Keyed, so that a copy of the index cannot be searched by trying all numbers."""
    name: Mapped[str] = mapped_column(String(80))
    phone: Mapped[str] = mapped_column(String(20))
    email: Mapped[str] = mapped_column(String(120))
    id_card: Mapped[str] = mapped_column(String(20))
    billing_address: Mapped[str] = mapped_column(String(300))
    card_number: Mapped[str] = mapped_column(String(20))
    available_credit: Mapped[str] = mapped_column(String(20))
    opening_date: Mapped[str] = mapped_column(String(10))
    branch: Mapped[str] = mapped_column(String(80))
    value_score: Mapped[str] = mapped_column(String(4))
    security_answer: Mapped[str] = mapped_column(String(120))


class ContactRow(Base):
    """An earlier contact."""

    __tablename__ = "customer_contacts"

    id: Mapped[int] = mapped_column(primary_key=True)
    customer_id: Mapped[str] = mapped_column(ForeignKey("customers.id"), index=True)
    at: Mapped[datetime] = mapped_column(Utc)
    channel: Mapped[str] = mapped_column(String(10))
    summary_en: Mapped[str] = mapped_column(String(300))
    summary_zh: Mapped[str] = mapped_column(String(300))


class ScriptRow(Base):
    """A guided conversation, as provisioning.api.Script has it."""

    __tablename__ = "scripts"

    work_type: Mapped[str] = mapped_column(String(20), primary_key=True)
    script: Mapped[dict[str, object]] = mapped_column(JSON)
