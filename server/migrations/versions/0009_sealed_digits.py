"""Sealed digits."""

import sqlalchemy as sa
from alembic import op

import server.database

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the step."""
    op.create_table(
        "sealed_digits",
        sa.Column("id", sa.String(length=42), nullable=False),
        sa.Column("ref", sa.String(length=42), nullable=False),
        sa.Column("agent", sa.String(length=40), nullable=False),
        sa.Column("started_at", server.database.Utc(timezone=True), nullable=False),
        sa.Column("ended_at", server.database.Utc(timezone=True), nullable=True),
        sa.Column("stage", sa.String(length=10), nullable=True),
        sa.Column("outcome", sa.String(length=40), nullable=True),
        sa.ForeignKeyConstraint(["agent"], ["people.name"], name=op.f("fk_sealed_digits_agent_people")),
        sa.ForeignKeyConstraint(["ref"], ["calls.ref"], name=op.f("fk_sealed_digits_ref_calls"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sealed_digits")),
    )
    for column in ("ref", "agent"):
        op.create_index(op.f(f"ix_sealed_digits_{column}"), "sealed_digits", [column])
