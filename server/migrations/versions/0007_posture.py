"""Posture reports, and the trust that follows from them."""

import sqlalchemy as sa
from alembic import op

import server.database

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the step."""
    with op.batch_alter_table("devices", schema=None) as batch_op:
        batch_op.add_column(sa.Column("posture_sequence", sa.BigInteger(), nullable=False, server_default="0"))
    with op.batch_alter_table("sessions", schema=None) as batch_op:
        # Sessions from before have reported nothing that counts: they are trusted again with their next report.
        batch_op.add_column(
            sa.Column(
                "trust_until",
                server.database.Utc(timezone=True),
                nullable=False,
                server_default="1970-01-01 00:00:00.000000",
            )
        )
