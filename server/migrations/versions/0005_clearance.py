"""How far people are trusted with customers' data."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the step."""
    with op.batch_alter_table("people", schema=None) as batch_op:
        # Who is there already goes on as before: the policy's usual rules ask for no more.
        batch_op.add_column(sa.Column("clearance", sa.String(length=10), nullable=False, server_default="standard"))
