"""The migrations lead to the tables that the code has, and lose nothing on the way."""

from collections.abc import Iterator

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import Connection, create_engine, text

import server.audit.models
import server.calls.models
import server.customers.models
import server.devices.models
import server.dialling.models
import server.digits.models
import server.enrolment.models
import server.leases.models
import server.people.models  # noqa: F401
from server.database import Base


def upgrade(connection: Connection, revision: str) -> None:
    config = Config()
    config.set_main_option("script_location", "server:migrations")
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


@pytest.fixture
def connection(database_url: str) -> Iterator[Connection]:
    engine = create_engine(database_url.replace("postgresql://", "postgresql+psycopg://"))
    with engine.begin() as made:
        yield made
    engine.dispose()


def test_the_newest_tables_are_those_of_the_code(connection: Connection) -> None:
    upgrade(connection, "head")
    context = MigrationContext.configure(connection, opts={"compare_type": True})
    assert compare_metadata(context, Base.metadata) == []


def test_calls_of_an_older_server_were_incoming(connection: Connection) -> None:
    upgrade(connection, "0002")
    connection.execute(
        text(
            "INSERT INTO people (name, display_name, role, team, work_type, password_hash, sealed_totp, "
            "last_totp_step, added_at) VALUES ('lina', 'Li Na', 'agent', 'cards', 'service', '', '', 0, "
            "'2026-11-24 12:00:00')"
        )
    )
    connection.execute(
        text("INSERT INTO calls (ref, agent, offered_at) VALUES ('c_12345678', 'lina', '2026-11-24 12:00:00')")
    )
    upgrade(connection, "head")
    assert connection.execute(text("SELECT ref, direction, dialled_at FROM calls")).all() == [
        ("c_12345678", "incoming", None)
    ]


def test_people_of_an_older_server_have_the_usual_clearance(connection: Connection) -> None:
    upgrade(connection, "0004")
    connection.execute(
        text(
            "INSERT INTO people (name, display_name, role, team, work_type, password_hash, sealed_totp, "
            "last_totp_step, added_at) VALUES ('lina', 'Li Na', 'agent', 'cards', 'service', '', '', 0, "
            "'2026-11-24 12:00:00')"
        )
    )
    upgrade(connection, "head")
    assert connection.execute(text("SELECT name, clearance FROM people")).all() == [("lina", "standard")]
