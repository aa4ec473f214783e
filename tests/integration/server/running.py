"""A real server on a real TLS socket, in a thread, with a clock that tests may move."""

import asyncio
import io
import json
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import uvicorn
from sqlalchemy import Engine, create_engine

from provisioning.organisation import Organisation
from provisioning.organisation_file import FILE_NAME
from server import logs
from server.database import Database
from server.demo.load import load
from server.services import Services
from server.serving import bind, build_server
from server.settings import Settings


class MovableClock:
    """The system's clock, plus what a test added."""

    def __init__(self) -> None:
        self._ahead = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self._ahead

    def advance(self, by: timedelta) -> None:
        self._ahead += by


class RunningServer:
    """Starts in `start`, ends in `stop`; what it logged and what anybody received from it is kept."""

    def __init__(self, organisation: Organisation, database_url: str, customers: int = 20, **options: Any) -> None:
        self.organisation = organisation
        self._options = options
        self.clock = MovableClock()
        self.port = 0
        self.received: list[str] = []
        """Every body and every message that any client received."""
        self.expected_warnings: set[str] = set()
        self._url = database_url
        self._customers = customers
        self._log = io.StringIO()
        self._settled = threading.Event()
        self._failure: BaseException | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._uvicorn: uvicorn.Server | None = None
        self._services: Services | None = None
        self._thread = threading.Thread(target=self._run)

    @property
    def url(self) -> str:
        return f"https://localhost:{self.port}"

    @property
    def services(self) -> Services:
        assert self._services is not None
        return self._services

    @property
    def loop(self) -> asyncio.AbstractEventLoop:
        """The server's own event loop, in its own thread."""
        assert self._loop is not None
        return self._loop

    @property
    def log_text(self) -> str:
        return self._log.getvalue()

    @property
    def warnings(self) -> list[str]:
        """The events that were logged as a warning or worse, and that no test said it expected."""
        entries = [json.loads(line) for line in self.log_text.splitlines()]
        loud = [entry["event"] for entry in entries if entry["level"] not in ("info", "debug")]
        return [event for event in loud if event not in self.expected_warnings]

    def database(self) -> Engine:
        """A connection of the test's own, past the server."""
        return create_engine(self._url.replace("postgresql://", "postgresql+psycopg://"))

    def start(self) -> None:
        self._thread.start()
        self._settled.wait()
        if self._failure is not None:
            raise self._failure

    def stop(self) -> None:
        if self._uvicorn is not None:
            self._uvicorn.should_exit = True
        self._thread.join()
        if self._failure is not None:
            raise self._failure

    def tell_port(self) -> None:
        """Write the port into the organisation's file, where command lines look for it."""
        file = self.organisation.directory / FILE_NAME
        file.write_text(file.read_text("utf-8").replace("8443", str(self.port)), "utf-8")

    def sweep(self) -> None:
        """Do now what the server does every some seconds."""
        assert self._loop is not None
        asyncio.run_coroutine_threadsafe(self.services.sweep(), self._loop).result()

    def _run(self) -> None:
        undo = logs.configure(self._log)
        try:
            asyncio.run(self._serve())
        except BaseException as error:
            self._failure = error
        finally:
            undo()
            self._settled.set()

    async def _serve(self) -> None:
        self._loop = asyncio.get_running_loop()
        settings = Settings(organisation=self.organisation.directory, database=self._url, port=0, **self._options)
        database = Database.connect(settings.database_url)
        try:
            await database.migrate()
            await load(database, self.organisation.data_key, count=self._customers, seed=7)
            self._services = Services(settings, self.organisation, database, self.clock)
            self._uvicorn = build_server(self._services, self._on_ready)
            await self._uvicorn.serve(sockets=[bind(settings.host, settings.port)])
        finally:
            await database.close()

    def _on_ready(self, port: int) -> None:
        self.port = port
        self._settled.set()


def sqlite_url(directory: Path) -> str:
    return f"sqlite:///{directory / 'hearthline.db'}"
