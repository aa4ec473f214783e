"""Calls that the edge could not announce: a desk reports them, and knows no Call-ID."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the step."""
    with op.batch_alter_table("calls", schema=None) as batch_op:
        batch_op.alter_column("call_id", existing_type=sa.String(length=256), nullable=True)
