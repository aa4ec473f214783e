"""hearthline-server as a process of its own, for tests and the demo. Free of pytest."""

import json
import os
import subprocess
import sys
import threading
from pathlib import Path


class ServerDied(Exception):
    """The server ended before it was ready; the text has its last words."""


class ServerProcess:
    """Starts the real server, waits for its readiness line, keeps its log, and stops it."""

    def __init__(self, organisation_dir: Path, database_url: str, port: int, host: str = "127.0.0.1") -> None:
        self.port = port
        self.log: list[str] = []
        """Every line that the server wrote, stdout and stderr together."""
        self._arguments = [sys.executable, "-m", "server.main", "serve", "--host", host, "--port", str(port)]
        # In the environment, because a database's address may hold a password.
        self._environment = {
            **os.environ,
            "HEARTHLINE_ORGANISATION": str(organisation_dir),
            "HEARTHLINE_DATABASE": database_url,
        }
        self._process: subprocess.Popen[str] | None = None
        self._settled = threading.Event()
        self._ready = False
        self._reader: threading.Thread | None = None

    def start(self) -> None:
        """Start the server and return at once; `wait_ready` says when it serves."""
        self._settled.clear()
        self._ready = False
        self._process = subprocess.Popen(
            self._arguments,
            env=self._environment,
            cwd=Path(__file__).parents[3],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
        )
        self._reader = threading.Thread(target=self._read, args=(self._process,), daemon=True)
        self._reader.start()

    def wait_ready(self, timeout: float = 60) -> int:
        """Wait until the server serves, and return its port.

        Raises:
            ServerDied: it ended instead.
            TimeoutError: it did neither.
        """
        if not self._settled.wait(timeout):
            raise TimeoutError("the server is neither ready nor dead")
        if not self._ready:
            raise ServerDied("\n".join(self.log[-10:]))
        return self.port

    def stop(self) -> int:
        """End the server as a service manager would, and return its exit code."""
        return self._end(kill=False)

    def kill(self) -> int:
        """End the server as a power cut would."""
        return self._end(kill=True)

    def _end(self, *, kill: bool) -> int:
        process, self._process = self._process, None
        if process is None:
            return 0
        if kill:
            process.kill()
        else:
            process.terminate()
        try:
            code = process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            code = process.wait()
        if self._reader is not None:
            self._reader.join()
        return code

    def _read(self, process: "subprocess.Popen[str]") -> None:
        assert process.stdout is not None
        with process.stdout as lines:
            for line in lines:
                self.log.append(line.rstrip("\n"))
                if not self._settled.is_set() and (port := _ready_port(line)) is not None:
                    self.port, self._ready = port, True
                    self._settled.set()
        self._settled.set()


def _ready_port(line: str) -> int | None:
    try:
        entry = json.loads(line)
    except ValueError:
        return None
    return int(entry["port"]) if isinstance(entry, dict) and entry.get("event") == "ready" else None
