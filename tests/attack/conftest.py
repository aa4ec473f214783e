"""The real server, as in tests/integration/server, and those who attack it. On SQLite, and where it matters on both."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

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


@pytest.fixture
def server(organisation: Organisation, tmp_path: Path) -> Iterator[RunningServer]:
    """A server on SQLite. What it logs as a warning fails the test, as everywhere."""
    yield from running(organisation, sqlite_url(tmp_path))


@pytest.fixture(params=["sqlite", "postgresql"])
def either_server(
    request: pytest.FixtureRequest, organisation: Organisation, tmp_path: Path
) -> Iterator[RunningServer]:
    """A server on each of the two databases, where what reaches the database is the point."""
    if request.param == "sqlite":
        yield from running(organisation, sqlite_url(tmp_path))
    else:
        cluster: PostgresCluster = request.getfixturevalue("postgres")
        yield from running(organisation, cluster.empty_database())


def running(organisation: Organisation, database_url: str) -> Iterator[RunningServer]:
    made = RunningServer(organisation, database_url)
    made.start()
    yield made
    made.stop()
    assert made.warnings == []


@pytest.fixture
def it(server: RunningServer) -> It:
    return It(server, server.organisation.admin)


@pytest.fixture
def edge(server: RunningServer) -> TheEdge:
    return TheEdge(server, server.organisation.edge_client)


@pytest.fixture
async def desk(server: RunningServer, it: It) -> Desk:
    """An enrolled device with nobody signed in."""
    return await enrolled(server, it)


async def enrolled(server: RunningServer, it: It) -> Desk:
    made = Desk(server)
    await made.enrol(await it.code())
    return made


@pytest.fixture
def customer(server: RunningServer) -> dict[str, str]:
    return first_customer(server)


def first_customer(server: RunningServer) -> dict[str, str]:
    """One customer in clear, as only the database has them."""
    engine = server.database()
    with engine.connect() as connection:
        row = connection.execute(select(CustomerRow.__table__).order_by(CustomerRow.id)).mappings().first()
    engine.dispose()
    assert row is not None
    return dict(row)
