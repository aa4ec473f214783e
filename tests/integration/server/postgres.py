"""A private PostgreSQL cluster on a Unix socket, for as long as the tests run. Debian's postgresql-15."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

_USER = "postgres"


def binaries() -> Path | None:
    """Where the newest installed PostgreSQL has its programs."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return found[-1].parent if found else None


class PostgresCluster:
    """Made in a temporary directory, without TCP, and removed afterwards."""

    def __init__(self, programs: Path) -> None:
        self._programs = programs
        # A socket's path may have about 100 characters, so it is made here and not deep in pytest's directories.
        self._directory = Path(tempfile.mkdtemp(prefix="hl-pg-"))

    def start(self) -> None:
        if os.geteuid() == 0:
            user = pwd.getpwnam(_USER)
            os.chown(self._directory, user.pw_uid, user.pw_gid)
        data = self._directory / "data"
        self._run("initdb", "--auth=trust", "--username=hearthline", "--no-sync", "--encoding=UTF8", "-D", str(data))
        options = f"-c listen_addresses='' -c unix_socket_directories='{self._directory}' -c fsync=off"
        self._run("pg_ctl", "-D", str(data), "-w", "-l", str(self._directory / "log"), "-o", options, "start")

    def stop(self) -> None:
        self._run("pg_ctl", "-D", str(self._directory / "data"), "-m", "immediate", "-w", "stop")
        shutil.rmtree(self._directory)

    def empty_database(self) -> str:
        """Return the address of a database with nothing in it: always the same, because making one takes long."""
        with psycopg.connect(host=str(self._directory), user="hearthline", dbname="postgres") as connection:
            connection.execute("DROP SCHEMA public CASCADE")
            connection.execute("CREATE SCHEMA public")
        return f"postgresql://hearthline@/postgres?host={self._directory}"

    def _run(self, program: str, *arguments: str) -> None:
        # PostgreSQL refuses to run as root.
        prefix = ["setpriv", f"--reuid={_USER}", f"--regid={_USER}", "--clear-groups"] if os.geteuid() == 0 else []
        command = [*prefix, str(self._programs / program), *arguments]
        # Its output goes to a file of its own: pg_ctl's child would hold a pipe open for ever.
        with (self._directory / "output").open("ab") as output:
            subprocess.run(command, check=True, stdout=output, stderr=output, cwd="/")


def running_cluster() -> Iterator[PostgresCluster]:
    """A cluster while a fixture that yields from this lasts; without PostgreSQL, its tests are skipped."""
    programs = binaries()
    if programs is None:
        pytest.skip("PostgreSQL is not installed; see tests/integration/server/apt.txt")
    cluster = PostgresCluster(programs)
    cluster.start()
    yield cluster
    cluster.stop()
