"""Each test has a server and a database of its own, once on SQLite and once on PostgreSQL."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from provisioning.api import NewPersonReply
from provisioning.organisation import Organisation
from server.customers.models import CustomerRow
from tests.integration.server.people import Desk, It, TheEdge
from tests.integration.server.postgres import PostgresCluster, running_cluster
from tests.integration.server.running import RunningServer, sqlite_url
from tests.stage.organisation import harbour_bank


@pytest.fixture(scope="session")
def organisation(tmp_path_factory: pytest.TempPathFactory) -> Organisation:
    return harbour_bank(tmp_path_factory.mktemp("organisation") / "org")


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresCluster]:
    yield from running_cluster()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return sqlite_url(tmp_path)
    cluster: PostgresCluster = request.getfixturevalue("postgres")
    return cluster.empty_database()


@pytest.fixture
def server(organisation: Organisation, database_url: str) -> Iterator[RunningServer]:
    """A server whose run is searched afterwards: nothing that left it may hold a customer's value."""
    running = RunningServer(organisation, database_url)
    running.start()
    secrets = clear_values(running)
    yield running
    running.stop()
    left_the_server = "\n".join([*running.received, running.log_text])
    assert [value for value in secrets if value in left_the_server] == []
    assert running.warnings == []


def clear_values(server: RunningServer) -> set[str]:
    """Everything that must not be seen of any customer."""
    engine = server.database()
    with engine.connect() as connection:
        rows = connection.execute(select(CustomerRow.__table__)).mappings().all()
    engine.dispose()
    values: set[str] = set()
    for row in rows:
        values |= {
            row["name"],
            row["phone"].removeprefix("+86"),
            row["email"],
            row["id_card"],
            row["billing_address"],
            row["card_number"],
            row["available_credit"],
            row["security_answer"],
        }
    assert len(values) > 100
    return values


@pytest.fixture
def it(server: RunningServer) -> It:
    return It(server, server.organisation.admin)


@pytest.fixture
def edge(server: RunningServer) -> TheEdge:
    return TheEdge(server, server.organisation.edge_client)


@pytest.fixture
async def desk(server: RunningServer, it: It) -> Desk:
    """An enrolled device with nobody signed in."""
    made = Desk(server)
    await made.enrol(await it.code())
    return made


@pytest.fixture
async def lina(it: It, desk: Desk) -> NewPersonReply:
    """An agent, signed in at `desk`."""
    who = await it.add("lina")
    await desk.sign_in(who)
    return who


@pytest.fixture
def customer(server: RunningServer) -> dict[str, str]:
    """One customer in clear, as only the database has them."""
    engine = server.database()
    with engine.connect() as connection:
        row = connection.execute(select(CustomerRow.__table__).order_by(CustomerRow.id)).mappings().first()
    engine.dispose()
    assert row is not None
    return dict(row)
