"""Signed checkpoints of the audit log."""

import sqlalchemy as sa
from alembic import op

import server.database

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the step."""
    op.create_table(
        "audit_checkpoints",
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("token", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_audit_checkpoints")),
    )
    with op.batch_alter_table("audit_head", schema=None) as batch_op:
        # The next entry makes the first checkpoint, which covers all that is there already.
        batch_op.add_column(sa.Column("checkpoint", sa.BigInteger(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("checkpoint_seq", sa.BigInteger(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("checkpoint_at", server.database.Utc(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("checkpoint_key", sa.Integer(), nullable=False, server_default="1"))
    if op.get_bind().dialect.name == "postgresql":
        # The function is that of the entries, from 0001.
        op.execute(
            "CREATE TRIGGER audit_checkpoints_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_checkpoints "
            "FOR EACH STATEMENT EXECUTE FUNCTION audit_is_append_only()"
        )
        return
    for deed in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER audit_checkpoints_no_{deed.lower()} BEFORE {deed} ON audit_checkpoints "
            "BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END"
        )
