"""The keys that devices prove themselves with, and what their pins failed at."""

import sqlalchemy as sa
from alembic import op

import server.database

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the step."""
    with op.batch_alter_table("devices", schema=None) as batch_op:
        # A device of before has none here: its certificate's key is its device key, until it renews for another.
        batch_op.add_column(sa.Column("identity_key", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("key_hardware", sa.String(length=80), nullable=True))
        batch_op.add_column(sa.Column("pin_failures", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("pin_failed_at", server.database.Utc(timezone=True), nullable=True))
    with op.batch_alter_table("device_certificates", schema=None) as batch_op:
        batch_op.add_column(sa.Column("key_pin", sa.String(length=43), nullable=True))
        batch_op.create_index(op.f("ix_device_certificates_key_pin"), ["key_pin"], unique=False)
