"""Reveal leases."""

import sqlalchemy as sa
from alembic import op

import server.database

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the step."""
    moment = server.database.Utc(timezone=True)
    op.create_table(
        "leases",
        sa.Column("id", sa.String(length=42), nullable=False),
        sa.Column("ref", sa.String(length=42), nullable=False),
        sa.Column("field", sa.String(length=40), nullable=False),
        sa.Column("agent", sa.String(length=40), nullable=False),
        sa.Column("session_id", sa.String(length=32), nullable=False),
        sa.Column("running", sa.String(length=32), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("key", sa.String(length=2400), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.Column("typed_reason", sa.Text(), nullable=False),
        sa.Column("seconds", sa.Integer(), nullable=False),
        sa.Column("asked_at", moment, nullable=False),
        sa.Column("expires_at", moment, nullable=False),
        sa.Column("decided_by", sa.String(length=40), nullable=True),
        sa.Column("approved", sa.Boolean(), nullable=True),
        sa.Column("granted_at", moment, nullable=True),
        sa.Column("shown_at", moment, nullable=True),
        sa.Column("recording_at", sa.Float(53), nullable=True),
        sa.Column("ended_at", moment, nullable=True),
        sa.Column("end_reason", sa.String(length=20), nullable=True),
        sa.ForeignKeyConstraint(["agent"], ["people.name"], name=op.f("fk_leases_agent_people")),
        sa.ForeignKeyConstraint(["ref"], ["calls.ref"], name=op.f("fk_leases_ref_calls"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["session_id"], ["sessions.id"], name=op.f("fk_leases_session_id_sessions")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_leases")),
        sa.UniqueConstraint("running", name=op.f("uq_leases_running")),
    )
    for column in ("ref", "agent", "session_id"):
        op.create_index(op.f(f"ix_leases_{column}"), "leases", [column])
    op.create_table(
        "lease_keys",
        sa.Column("key_hash", sa.String(length=64), nullable=False),
        sa.Column("used_at", moment, nullable=False),
        sa.PrimaryKeyConstraint("key_hash", name=op.f("pk_lease_keys")),
    )
    op.create_index(op.f("ix_lease_keys_used_at"), "lease_keys", ["used_at"])
