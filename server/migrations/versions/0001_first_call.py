"""The first call: people, devices, enrolment, customers, calls, audit."""

import sqlalchemy as sa
from alembic import op

import server.database

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the step."""
    op.create_table(
        "audit_entries",
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at", server.database.Utc(timezone=True), nullable=False),
        sa.Column("actor", sa.String(length=120), nullable=False),
        sa.Column("action", sa.String(length=60), nullable=False),
        sa.Column("object", sa.String(length=120), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_audit_entries")),
    )
    op.create_table(
        "audit_head",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_head")),
    )
    head = sa.table("audit_head", sa.column("id"), sa.column("seq"), sa.column("hash"))
    op.bulk_insert(head, [{"id": 1, "seq": 0, "hash": "0" * 64}])
    _make_append_only()
    op.create_table(
        "customers",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("phone_digest", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("phone", sa.String(length=20), nullable=False),
        sa.Column("email", sa.String(length=120), nullable=False),
        sa.Column("id_card", sa.String(length=20), nullable=False),
        sa.Column("billing_address", sa.String(length=300), nullable=False),
        sa.Column("card_number", sa.String(length=20), nullable=False),
        sa.Column("available_credit", sa.String(length=20), nullable=False),
        sa.Column("opening_date", sa.String(length=10), nullable=False),
        sa.Column("branch", sa.String(length=80), nullable=False),
        sa.Column("value_score", sa.String(length=4), nullable=False),
        sa.Column("security_answer", sa.String(length=120), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_customers")),
    )
    with op.batch_alter_table("customers", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_customers_phone_digest"), ["phone_digest"], unique=False)

    op.create_table(
        "devices",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("enrolled_at", server.database.Utc(timezone=True), nullable=False),
        sa.Column("certificate_expires_at", server.database.Utc(timezone=True), nullable=False),
        sa.Column("revoked_at", server.database.Utc(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_devices")),
    )
    op.create_table(
        "enrolment_codes",
        sa.Column("code_id", sa.String(length=4), nullable=False),
        sa.Column("sealed_key", sa.LargeBinary(), nullable=False),
        sa.Column("note", sa.String(length=120), nullable=False),
        sa.Column("made_at", server.database.Utc(timezone=True), nullable=False),
        sa.Column("expires_at", server.database.Utc(timezone=True), nullable=False),
        sa.Column("used_at", server.database.Utc(timezone=True), nullable=True),
        sa.Column("device_id", sa.String(length=40), nullable=True),
        sa.PrimaryKeyConstraint("code_id", name=op.f("pk_enrolment_codes")),
    )
    op.create_table(
        "people",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("display_name", sa.String(length=80), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("team", sa.String(length=40), nullable=False),
        sa.Column("work_type", sa.String(length=20), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=False),
        sa.Column("sealed_totp", sa.LargeBinary(), nullable=False),
        sa.Column("last_totp_step", sa.BigInteger(), nullable=False),
        sa.Column("added_at", server.database.Utc(timezone=True), nullable=False),
        sa.Column("disabled_at", server.database.Utc(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_people")),
    )
    with op.batch_alter_table("people", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_people_team"), ["team"], unique=False)

    op.create_table(
        "scripts",
        sa.Column("work_type", sa.String(length=20), nullable=False),
        sa.Column("script", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("work_type", name=op.f("pk_scripts")),
    )
    op.create_table(
        "calls",
        sa.Column("ref", sa.String(length=42), nullable=False),
        sa.Column("call_id", sa.String(length=256), nullable=False),
        sa.Column("agent", sa.String(length=40), nullable=False),
        sa.Column("customer_id", sa.String(length=64), nullable=True),
        sa.Column("offered_at", server.database.Utc(timezone=True), nullable=False),
        sa.Column("answered_at", server.database.Utc(timezone=True), nullable=True),
        sa.Column("ended_at", server.database.Utc(timezone=True), nullable=True),
        sa.Column("end_reason", sa.String(length=20), nullable=True),
        sa.Column("end_code", sa.Integer(), nullable=True),
        sa.Column("wrap_up_code", sa.String(length=40), nullable=True),
        sa.Column("wrap_up_notes", sa.Text(), nullable=True),
        sa.Column("written_at", server.database.Utc(timezone=True), nullable=True),
        sa.Column("wrapped_up_at", server.database.Utc(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["agent"], ["people.name"], name=op.f("fk_calls_agent_people")),
        sa.PrimaryKeyConstraint("ref", name=op.f("pk_calls")),
        sa.UniqueConstraint("call_id", "agent", name=op.f("uq_calls_call_id")),
    )
    with op.batch_alter_table("calls", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_calls_agent"), ["agent"], unique=False)
        batch_op.create_index(batch_op.f("ix_calls_offered_at"), ["offered_at"], unique=False)

    op.create_table(
        "customer_contacts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("customer_id", sa.String(length=32), nullable=False),
        sa.Column("at", server.database.Utc(timezone=True), nullable=False),
        sa.Column("channel", sa.String(length=10), nullable=False),
        sa.Column("summary_en", sa.String(length=300), nullable=False),
        sa.Column("summary_zh", sa.String(length=300), nullable=False),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name=op.f("fk_customer_contacts_customer_id_customers")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_customer_contacts")),
    )
    with op.batch_alter_table("customer_contacts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_customer_contacts_customer_id"), ["customer_id"], unique=False)

    op.create_table(
        "device_certificates",
        sa.Column("thumbprint", sa.String(length=43), nullable=False),
        sa.Column("device_id", sa.String(length=40), nullable=False),
        sa.Column("issued_at", server.database.Utc(timezone=True), nullable=False),
        sa.Column("expires_at", server.database.Utc(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["device_id"], ["devices.id"], name=op.f("fk_device_certificates_device_id_devices")),
        sa.PrimaryKeyConstraint("thumbprint", name=op.f("pk_device_certificates")),
    )
    with op.batch_alter_table("device_certificates", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_device_certificates_device_id"), ["device_id"], unique=False)

    op.create_table(
        "enrolment_hellos",
        sa.Column("server_nonce", sa.String(length=86), nullable=False),
        sa.Column("code_id", sa.String(length=4), nullable=False),
        sa.Column("device_nonce", sa.String(length=86), nullable=False),
        sa.Column("expires_at", server.database.Utc(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["code_id"], ["enrolment_codes.code_id"], name=op.f("fk_enrolment_hellos_code_id_enrolment_codes")
        ),
        sa.PrimaryKeyConstraint("server_nonce", name=op.f("pk_enrolment_hellos")),
    )
    with op.batch_alter_table("enrolment_hellos", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_enrolment_hellos_code_id"), ["code_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_enrolment_hellos_expires_at"), ["expires_at"], unique=False)

    op.create_table(
        "sessions",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("person", sa.String(length=40), nullable=False),
        sa.Column("device_id", sa.String(length=40), nullable=False),
        sa.Column("thumbprint", sa.String(length=43), nullable=False),
        sa.Column("previous_thumbprint", sa.String(length=43), nullable=True),
        sa.Column("posture", sa.JSON(), nullable=False),
        sa.Column("trust_level", sa.Integer(), nullable=False),
        sa.Column("trust_reasons", sa.JSON(), nullable=False),
        sa.Column("started_at", server.database.Utc(timezone=True), nullable=False),
        sa.Column("last_used_at", server.database.Utc(timezone=True), nullable=False),
        sa.Column("expires_at", server.database.Utc(timezone=True), nullable=False),
        sa.Column("ended_at", server.database.Utc(timezone=True), nullable=True),
        sa.Column("end_reason", sa.String(length=30), nullable=True),
        sa.ForeignKeyConstraint(["device_id"], ["devices.id"], name=op.f("fk_sessions_device_id_devices")),
        sa.ForeignKeyConstraint(["person"], ["people.name"], name=op.f("fk_sessions_person_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sessions")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_sessions_token_hash")),
    )
    with op.batch_alter_table("sessions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sessions_device_id"), ["device_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_sessions_person"), ["person"], unique=False)


def downgrade() -> None:
    """Undo the step."""
    with op.batch_alter_table("sessions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sessions_person"))
        batch_op.drop_index(batch_op.f("ix_sessions_device_id"))

    op.drop_table("sessions")
    with op.batch_alter_table("enrolment_hellos", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_enrolment_hellos_expires_at"))
        batch_op.drop_index(batch_op.f("ix_enrolment_hellos_code_id"))

    op.drop_table("enrolment_hellos")
    with op.batch_alter_table("device_certificates", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_device_certificates_device_id"))

    op.drop_table("device_certificates")
    with op.batch_alter_table("customer_contacts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_customer_contacts_customer_id"))

    op.drop_table("customer_contacts")
    with op.batch_alter_table("calls", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_calls_offered_at"))
        batch_op.drop_index(batch_op.f("ix_calls_agent"))

    op.drop_table("calls")
    op.drop_table("scripts")
    with op.batch_alter_table("people", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_people_team"))

    op.drop_table("people")
    op.drop_table("enrolment_codes")
    op.drop_table("devices")
    with op.batch_alter_table("customers", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_customers_phone_digest"))

    op.drop_table("customers")
    op.drop_table("audit_head")
    op.drop_table("audit_entries")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION audit_is_append_only()")


def _make_append_only() -> None:
    """Let the database refuse what the program never does, so that a slip or an injection cannot do it either."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE FUNCTION audit_is_append_only() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'the audit log is append-only'; END $$"
        )
        op.execute(
            "CREATE TRIGGER audit_entries_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_entries "
            "FOR EACH STATEMENT EXECUTE FUNCTION audit_is_append_only()"
        )
        return
    for deed in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER audit_entries_no_{deed.lower()} BEFORE {deed} ON audit_entries "
            "BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END"
        )
