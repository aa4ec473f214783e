"""The database: SQLite by default, PostgreSQL by setting, the same code on both."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, DateTime, Dialect, MetaData, event, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.types import TypeDecorator

_DRIVERS = {"sqlite": "sqlite+aiosqlite", "postgresql": "postgresql+psycopg", "postgres": "postgresql+psycopg"}
_WRITES = "hearthline_writes"
_AFTERWARDS = "hearthline_afterwards"


class DatabaseError(Exception):
    """The database cannot be used; the text says what to do and quotes no password."""


class Utc(TypeDecorator[datetime]):
    """A moment. Stored in UTC and always read as UTC, also where the database forgets the zone, as SQLite does."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse a moment without a zone, which would mean something else on every machine."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs its time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give the zone back."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """All tables. Constraints have names, so that a migration can find them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_label)s",
            "uq": "uq_%(table_name)s_%(column_0_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class Database:
    """A pool of connections, and transactions over them."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    @classmethod
    def connect(cls, url: str) -> "Database":
        """Make the pool; nothing is opened yet.

        Raises:
            DatabaseError: the address makes no sense.
        """
        try:
            parsed = make_url(url)
        except ArgumentError as error:
            raise DatabaseError("the database's address should be sqlite:///FILE or postgresql://...") from error
        driver = _DRIVERS.get(parsed.drivername, parsed.drivername)
        if driver not in _DRIVERS.values():
            raise DatabaseError(f"{parsed.drivername} is no database that the server knows; use sqlite or postgresql")
        # Parameters stay out of errors and logs: they are customers' data and people's secrets.
        engine = create_async_engine(parsed.set(drivername=driver), hide_parameters=True, pool_pre_ping=True)
        if engine.dialect.name == "sqlite":
            event.listen(engine.sync_engine, "connect", _prepare_sqlite)
            event.listen(engine.sync_engine, "begin", _begin_sqlite)
        return cls(engine)

    @property
    def kind(self) -> str:
        """'sqlite' or 'postgresql'."""
        return self._engine.dialect.name

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncSession]:
        """Open a transaction that only reads."""
        async with AsyncSession(self._engine, expire_on_commit=False) as session:
            yield session

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncSession]:
        """Open a transaction that commits when the block ends, and leaves no trace when it raises."""
        async with AsyncSession(self._engine, expire_on_commit=False) as session:
            await session.connection(execution_options={_WRITES: True})
            yield session
            await session.commit()
            for then in session.info.pop(_AFTERWARDS, ()):
                then()

    async def ping(self) -> None:
        """Ask the database whether it is there.

        Raises:
            DatabaseError: it is not.
        """
        try:
            async with self._engine.connect() as connection:
                await connection.execute(text("SELECT 1"))
        except (SQLAlchemyError, OSError) as error:
            raise DatabaseError("the database does not answer") from error

    async def migrate(self) -> None:
        """Bring the tables to the newest version.

        Raises:
            DatabaseError: the database cannot be reached, or a migration failed (and was rolled back).
        """
        try:
            async with self._engine.execution_options(**{_WRITES: True}).begin() as connection:
                await connection.run_sync(_upgrade)
        except (SQLAlchemyError, OSError) as error:
            reason = str(getattr(error, "orig", None) or error).partition("\n")[0]
            raise DatabaseError(
                f"the database could not be brought to this version: {reason}. "
                "Check its address, that it runs, and that the server may create tables in it."
            ) from error

    async def close(self) -> None:
        """Close all connections. Shielded, because a cancelled shutdown would leave SQLite's threads behind."""
        await asyncio.shield(self._engine.dispose())


def afterwards(session: AsyncSession, then: Callable[[], object]) -> None:
    """Do something once the transaction is committed, such as telling of it; and not at all when it is not."""
    session.info.setdefault(_AFTERWARDS, []).append(then)


def _upgrade(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        # Of several servers that start together, one migrates and the others wait for it.
        connection.execute(text("SELECT pg_advisory_xact_lock(7236489)"))
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _prepare_sqlite(connection: Any, _record: object) -> None:
    # The driver's own idea of when a transaction begins is switched off; `_begin_sqlite` says it.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in ("journal_mode = WAL", "foreign_keys = ON", "busy_timeout = 10000", "synchronous = NORMAL"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    # A writer takes the lock at once: a reader that turns into a writer halfway cannot wait, it can only fail.
    writes = connection.get_execution_options().get(_WRITES, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
