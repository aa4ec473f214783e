"""Outgoing calls: their direction, the tokens that are dialled for them, and how calls sounded."""

import sqlalchemy as sa
from alembic import op

import server.database

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the step."""
    with op.batch_alter_table("calls", schema=None) as batch_op:
        # Every call that is there already was an incoming one.
        batch_op.add_column(sa.Column("direction", sa.String(length=10), nullable=False, server_default="incoming"))
        batch_op.add_column(sa.Column("dialled_at", server.database.Utc(timezone=True), nullable=True))
    op.create_table(
        "dial_tokens",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("agent", sa.String(length=40), nullable=False),
        sa.Column("entry", sa.String(length=40), nullable=True),
        sa.Column("customer_id", sa.String(length=64), nullable=True),
        sa.Column("sealed_number", sa.LargeBinary(), nullable=True),
        sa.Column("ref", sa.String(length=42), nullable=True),
        sa.Column("expires_at", server.database.Utc(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["agent"], ["people.name"], name=op.f("fk_dial_tokens_agent_people")),
        sa.ForeignKeyConstraint(["ref"], ["calls.ref"], name=op.f("fk_dial_tokens_ref_calls"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_dial_tokens")),
    )
    for column in ("agent", "ref", "expires_at"):
        op.create_index(op.f(f"ix_dial_tokens_{column}"), "dial_tokens", [column])
    measured = (
        "seconds", "mos_mean", "mos_worst", "loss_mean", "loss_worst", "jitter_mean", "jitter_worst",
        "round_trip_mean", "round_trip_worst", "sent_loss_mean", "sent_loss_worst",
    )  # fmt: skip
    op.create_table(
        "call_quality",
        sa.Column("ref", sa.String(length=42), nullable=False),
        sa.Column("reported_at", server.database.Utc(timezone=True), nullable=False),
        sa.Column("codec", sa.String(length=40), nullable=False),
        sa.Column("srtp", sa.String(length=40), nullable=False),
        *(sa.Column(name, sa.Float(53), nullable=False) for name in measured),
        sa.Column("ended", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(["ref"], ["calls.ref"], name=op.f("fk_call_quality_ref_calls"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("ref", name=op.f("pk_call_quality")),
    )
