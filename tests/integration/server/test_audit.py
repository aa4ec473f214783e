"""The audit log with signed checkpoints, in a real database, over HTTP, and from IT's command line."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
import structlog.testing
from sqlalchemy import Connection, Engine, create_engine, text
from sqlalchemy.exc import DBAPIError
from typer.testing import CliRunner, Result

from provisioning.admin.audit import app
from provisioning.admin.audit_chain import Cadence
from provisioning.admin.audit_check import Verification
from provisioning.admin.audit_keys import CheckpointKeys
from provisioning.organisation import Organisation, OrganisationError
from server.audit.checkpoints import CannotSign, Checkpoints
from server.audit.service import Action, AuditLog
from server.clock import Clock
from server.database import Database
from tests.integration.server.people import Desk, It
from tests.integration.server.running import MovableClock, RunningServer
from tests.stage.organisation import harbour_bank

CADENCE = Cadence(entries=10, time=timedelta(minutes=5))


def own_organisation(directory: Path) -> Organisation:
    """One that a test may change: its keys are rotated, its port is set."""
    return harbour_bank(directory)


@contextmanager
def owner(engine: Engine) -> Iterator[Connection]:
    """Change the database as its owner can: with the locks taken off the doors."""
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            for table in ("audit_entries", "audit_checkpoints"):
                connection.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER ALL"))
        else:
            for trigger in connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).scalars():
                connection.execute(text(f"DROP TRIGGER {trigger}"))
        yield connection


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    made = create_engine(database_url.replace("postgresql://", "postgresql+psycopg://"))
    yield made
    made.dispose()


@pytest.fixture
def clock() -> MovableClock:
    return MovableClock()


@pytest.fixture
def own(tmp_path: Path) -> Organisation:
    return own_organisation(tmp_path / "org")


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    made = Database.connect(database_url)
    await made.migrate()
    yield made
    await made.close()


def new_log(database: Database, clock: Clock, organisation: Organisation) -> AuditLog:
    return AuditLog(database, clock, Checkpoints(CheckpointKeys(organisation), CADENCE))


@pytest.fixture
def log(database: Database, clock: MovableClock, own: Organisation) -> AuditLog:
    return new_log(database, clock, own)


async def write(log: AuditLog, count: int) -> None:
    for number in range(count):
        await log.record("person:lina", Action.CALL_OFFERED, f"call:{number}", reason="x")


async def signed_at(log: AuditLog) -> list[int]:
    """The entries over which there are checkpoints."""
    return [row.seq for row in await log.checkpoints(None)]


async def test_checkpoints_are_written_by_who_appends(log: AuditLog, clock: MovableClock) -> None:
    await write(log, 25)
    assert await signed_at(log) == [1, 11, 21]
    clock.advance(timedelta(minutes=6))
    await write(log, 2)
    assert await signed_at(log) == [1, 11, 21, 26]
    # The last entry of an evening does not wait for the morning.
    await log.sweep()
    assert await signed_at(log) == [1, 11, 21, 26]
    clock.advance(timedelta(minutes=6))
    await log.sweep()
    await log.sweep()
    assert await signed_at(log) == [1, 11, 21, 26, 27]
    assert await log.verify() == Verification(27, 5)


async def test_nothing_written_leaves_nothing(log: AuditLog, database: Database, own: Organisation) -> None:
    assert (await log.verify()).whole

    async def fail() -> None:
        async with database.write() as session:
            await log.append(session, "person:lina", Action.CALL_OFFERED, "call:1")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()
    assert (await log.entries(None), await log.checkpoints(None)) == ((), [])
    await write(log, 1)
    assert await log.verify() == Verification(1, 1)


async def test_many_appends_at_once_keep_one_chain(
    log: AuditLog, database_url: str, clock: MovableClock, own: Organisation
) -> None:
    second = Database.connect(database_url)
    try:
        other = new_log(second, clock, own)
        await asyncio.gather(*(write(each, 1) for _ in range(30) for each in (log, other)))
        found = await other.verify()
    finally:
        await second.close()
    assert found == Verification(60, 6)
    assert await signed_at(log) == [1, 11, 21, 31, 41, 51]


async def test_a_log_from_before_is_signed_as_a_whole_with_its_next_entry(
    database: Database, clock: MovableClock, log: AuditLog
) -> None:
    await write(AuditLog(database, clock), 12)
    assert (await log.verify()).why == "nothing is signed"
    await write(log, 1)
    assert await signed_at(log) == [13]
    assert await log.verify() == Verification(13, 1)


async def test_the_database_itself_refuses_to_change_a_checkpoint(log: AuditLog, engine: Engine) -> None:
    await write(log, 1)
    for harm in ("UPDATE audit_checkpoints SET seq = 2", "DELETE FROM audit_checkpoints"):
        with pytest.raises(DBAPIError, match="append-only"), engine.begin() as connection:
            connection.execute(text(harm))


INSERT = (
    "INSERT INTO audit_entries (seq, at, actor, action, object, details, previous, hash) "
    "SELECT {seq}, at, actor, action, object, details, previous, hash FROM audit_entries WHERE seq = 7"
)


@pytest.mark.parametrize(
    ("harm", "entry", "why"),
    [
        (["UPDATE audit_entries SET object = 'call:0' WHERE seq = 7"], 7, "the entry was changed"),
        (["UPDATE audit_entries SET details = '{\"reason\": 1}' WHERE seq = 7"], 7, "the entry was changed"),
        (["DELETE FROM audit_entries WHERE seq = 7"], 7, "an entry is missing"),
        (["DELETE FROM audit_entries WHERE seq = 1"], 1, "an entry is missing"),
        ([INSERT.format(seq=0)], 0, "the entry was inserted"),
        ([INSERT.format(seq=26)], 26, "the entry does not follow from the one before it"),
        (
            # Moved out of the way first: the numbers are unique at every moment.
            [
                "UPDATE audit_entries SET seq = -7 WHERE seq = 7",
                "UPDATE audit_entries SET seq = 7 WHERE seq = 9",
                "UPDATE audit_entries SET seq = 9 WHERE seq = -7",
            ],
            7,
            "the entry does not follow from the one before it",
        ),
        (["DELETE FROM audit_entries WHERE seq > 23"], 24, "the end of the log was cut off"),
        (
            [
                "DELETE FROM audit_entries WHERE seq > 17",
                "UPDATE audit_head SET seq = 17, hash = (SELECT hash FROM audit_entries WHERE seq = 17)",
            ],
            18,
            "the end of the log was cut off",
        ),
        (["DELETE FROM audit_head"], 26, "the end of the log was cut off"),
        (["DELETE FROM audit_entries"], 1, "the end of the log was cut off"),
        (["DELETE FROM audit_checkpoints WHERE number = 2"], 2, "checkpoint 2 is missing"),
        (["DELETE FROM audit_checkpoints WHERE number = 3"], 12, "the checkpoints from 3 on were removed"),
        (["DELETE FROM audit_checkpoints"], 1, "the checkpoints from 1 on were removed"),
        (
            ["UPDATE audit_checkpoints SET seq = 12 WHERE number = 2"],
            2,
            "checkpoint 2 stands in another place than it was signed for",
        ),
        (
            ["UPDATE audit_checkpoints SET token = 'x' WHERE number = 2"],
            2,
            "checkpoint 2 was changed, or signed by a key that is not the organisation's",
        ),
    ],
)
async def test_what_the_databases_owner_does_is_found(
    log: AuditLog, engine: Engine, harm: list[str], entry: int, why: str
) -> None:
    await write(log, 25)
    assert await log.verify() == Verification(25, 3)
    with owner(engine) as connection:
        for each in harm:
            connection.execute(text(each))
    found = await log.verify()
    assert (found.broken_at, found.why) == (entry, why)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("column", ["at", "details", "seq", "hash"])
async def test_nonsense_in_a_column_is_a_finding_and_no_failure(log: AuditLog, engine: Engine, column: str) -> None:
    """Only SQLite lets it in."""
    await write(log, 25)
    with owner(engine) as connection:
        connection.execute(text(f"UPDATE audit_entries SET {column} = x'ff' WHERE seq = 7"))  # noqa: S608
    found = await log.verify()
    assert (found.broken_at, found.whole) == (7, False)


async def test_nothing_is_signed_over_a_log_that_was_changed(log: AuditLog, engine: Engine) -> None:
    await write(log, 15)
    with owner(engine) as connection:
        connection.execute(text("UPDATE audit_entries SET hash = 'x' WHERE seq = 11"))
    with structlog.testing.capture_logs() as logged:
        await write(log, 10)
    assert {line["event"] for line in logged} == {"audit checkpoint not signed"}
    assert "entry 11 is not the one that checkpoint 2 was signed over" in logged[0]["reason"]
    # The deeds were recorded all the same.
    assert len(await log.entries(None)) == 25
    assert await signed_at(log) == [1, 11]
    with pytest.raises(CannotSign):
        await log.sign_now()


async def test_who_takes_all_checkpoints_away_gets_no_new_ones(log: AuditLog, engine: Engine) -> None:
    await write(log, 12)
    with owner(engine) as connection:
        connection.execute(text("DELETE FROM audit_checkpoints"))
        connection.execute(
            text("UPDATE audit_head SET checkpoint = 0, checkpoint_seq = 0, checkpoint_at = NULL, checkpoint_key = 1")
        )
    with structlog.testing.capture_logs() as logged:
        await write(log, 1)
    assert "checkpoints were removed" in logged[0]["reason"]
    found = await log.verify()
    assert (found.broken_at, found.why) == (1, "nothing is signed")


async def test_a_server_without_the_key_goes_on_and_says_so(
    log: AuditLog, own: Organisation, database: Database
) -> None:
    await write(log, 1)
    (own.directory / "audit-checkpoint-1.key").unlink()
    without = new_log(database, MovableClock(), own)
    with structlog.testing.capture_logs() as logged:
        await write(without, 11)
    assert "restore it from your copy" in logged[0]["reason"]
    found = await log.verify()
    assert (found.broken_at, found.why) == (2, "a checkpoint was due at entry 11 and is not there")


async def test_a_server_with_another_key_signs_nothing(
    log: AuditLog, database: Database, clock: MovableClock, tmp_path: Path
) -> None:
    await write(log, 1)
    stranger = new_log(database, clock, own_organisation(tmp_path / "stranger"))
    await write(stranger, 1)
    with pytest.raises(CannotSign, match="was not signed by this server's checkpoint key"):
        await stranger.sign_now()


async def test_the_key_is_rotated_by_a_checkpoint_that_the_old_key_signs(
    log: AuditLog, database: Database, clock: MovableClock, own: Organisation
) -> None:
    await write(log, 3)
    first = CheckpointKeys(own).public()
    # Another server of the organisation, that opened the first key before it was replaced.
    other = new_log(database, clock, own)
    await write(other, 3)
    assert await log.rotate_key("admin:main") == (2, 2)
    assert CheckpointKeys(own).public()[:1] == first
    with pytest.raises(OrganisationError, match="cannot be read"):
        CheckpointKeys(own).private(1)
    await write(other, 10)
    assert await other.rotate_key("admin:main") == (4, 3)
    await write(log, 10)
    assert await signed_at(log) == [1, 7, 17, 18, 28]
    assert await log.verify() == Verification(28, 5)
    assert [entry.object for entry in await log.entries(None) if entry.action == Action.CHECKPOINT_KEY] == [
        "checkpoint-key:2",
        "checkpoint-key:3",
    ]


async def test_a_rotation_that_was_broken_off_is_taken_up_again(log: AuditLog, own: Organisation) -> None:
    await write(log, 1)
    made = CheckpointKeys(own)
    made.make(2)
    assert (await log.verify()).whole
    assert await log.rotate_key("admin:main") == (2, 2)
    assert CheckpointKeys(own).public() == made.public()
    assert (await log.verify()).whole


async def test_the_first_thing_that_happens_may_be_a_rotation(log: AuditLog) -> None:
    await log.rotate_key("admin:main")
    await write(log, 12)
    assert (await log.verify()).whole


# --- over HTTP, from the command line ---------------------------------------------------------------------------------


@pytest.fixture
def organisation(own: Organisation) -> Organisation:
    """The running server's, in place of the one that all tests share."""
    return own


@pytest.fixture
def server(organisation: Organisation, database_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[RunningServer]:
    monkeypatch.setattr(
        "server.services.AuditLog",
        lambda database, clock, *_: new_log(database, clock, organisation),
    )
    running = RunningServer(organisation, database_url)
    running.start()
    running.tell_port()
    yield running
    running.stop()
    assert running.warnings == []


def admin(organisation: Organisation, *arguments: str) -> Result:
    return CliRunner().invoke(app, [arguments[0], "--dir", str(organisation.directory), *arguments[1:]])


async def on_the_server(server: RunningServer, count: int) -> None:
    for _ in range(count):
        await Desk(server).enrol(await It(server, server.organisation.admin).code())


async def test_it_checks_the_log_and_keeps_its_checkpoints(
    server: RunningServer, own: Organisation, tmp_path: Path, engine: Engine
) -> None:
    kept = tmp_path / "kept.jws"
    await on_the_server(server, 8)
    exported = await asyncio.to_thread(admin, own, "checkpoints", "--out", str(kept))
    assert exported.exit_code == 0, exported.output
    assert "3 checkpoints are in" in exported.output
    assert "they prove entries 1 to 16" in exported.output
    rotated = await asyncio.to_thread(admin, own, "rotate-key")
    assert "Checkpoint 4 hands over to key 2." in rotated.output
    again = await asyncio.to_thread(admin, own, "checkpoints", "--out", str(kept), "--json")
    assert json.loads(again.output) == {"checkpoints": 4, "entries": 17}
    whole = await asyncio.to_thread(admin, own, "verify", "--checkpoints", str(kept))
    assert (whole.exit_code, whole.output) == (0, "The audit log is whole: 17 entries, 4 signed checkpoints.\n")

    # Put back to an older state with all that belongs to it, as only the kept file can tell.
    with owner(engine) as connection:
        connection.execute(text("DELETE FROM audit_entries WHERE seq > 11"))
        connection.execute(text("DELETE FROM audit_checkpoints WHERE seq > 11"))
        connection.execute(
            text(
                "UPDATE audit_head SET seq = 11, hash = (SELECT hash FROM audit_entries WHERE seq = 11), "
                "checkpoint = 2, checkpoint_seq = 11, checkpoint_key = 1"
            )
        )
    inside = await asyncio.to_thread(admin, own, "verify")
    assert inside.exit_code == 0, inside.output
    found = await asyncio.to_thread(admin, own, "verify", "--checkpoints", str(kept))
    assert found.exit_code == 1
    assert "breaks at entry 12: the end of the log was cut off. Kept checkpoint 4 was signed" in found.output
    assert "checkpoint 3, which was kept, is gone from the log" in found.output
    as_json = json.loads((await asyncio.to_thread(admin, own, "verify", "--json", "--checkpoints", str(kept))).stdout)
    assert (as_json["entries"], as_json["broken_at"], len(as_json["findings"])) == (11, 12, 2)
    before = kept.read_bytes()
    refused = await asyncio.to_thread(admin, own, "checkpoints", "--out", str(kept))
    assert refused.exit_code == 1
    assert kept.read_bytes() == before


async def test_words_for_what_is_wrong(
    server: RunningServer, own: Organisation, engine: Engine, tmp_path: Path
) -> None:
    await on_the_server(server, 2)
    missing = await asyncio.to_thread(admin, own, "verify", "--checkpoints", str(tmp_path / "none"))
    assert "none cannot be read: No such file or directory" in str(missing.exception)
    with owner(engine) as connection:
        connection.execute(text("DELETE FROM audit_entries WHERE seq = 2"))
    found = await asyncio.to_thread(admin, own, "verify")
    assert (found.exit_code, found.stderr) == (
        1,
        "The audit log breaks at entry 2: an entry is missing. Somebody removed 2 from the middle of the log.\n",
    )
    (own.directory / "audit-checkpoint-1.pub").unlink()
    without = await asyncio.to_thread(admin, own, "verify")
    assert "copy it from the server's directory" in str(without.exception)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/admin/audit/head"),
        ("GET", "/admin/audit/entries"),
        ("GET", "/admin/audit/checkpoints"),
        ("POST", "/admin/audit/checkpoints"),
        ("POST", "/admin/audit/checkpoint-key"),
    ],
)
async def test_the_log_is_for_it_alone(server: RunningServer, method: str, path: str) -> None:
    desk = Desk(server)
    await desk.enrol(await It(server, server.organisation.admin).code())
    for identity in (desk.identity, server.organisation.edge_client, None):
        desk.identity = identity
        status, _ = await desk.refused(method, path)
        assert status == (403 if identity else 401)
