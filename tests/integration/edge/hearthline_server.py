"""A stand-in for the Hearthline server's edge API: HTTPS, client certificates, and moods to test the edge against."""

from __future__ import annotations

import json
import secrets
import ssl
import threading
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

WAIT_SECONDS = 15.0


class Mood(Enum):
    """How the server treats questions about calls."""

    HELPFUL = "helpful"
    BROKEN = "broken"
    SLOW = "slow"
    NONSENSE = "nonsense"


@dataclass(frozen=True)
class Told:
    """One request that the edge made: its path, its body, and the common name of its certificate."""

    path: str
    body: dict[str, Any]
    client: str


class HearthlineServer:
    """Serves `POST` to /edge/calls, /edge/calls/{ref}/ended and /edge/dial, and remembers what it was told."""

    def __init__(self, certificate: Path, key: Path, ca: Path) -> None:
        self.mood = Mood.HELPFUL
        self.told: list[Told] = []
        self.references: list[str] = []
        self.withdrawn: list[str] = []
        """The SIP user names that are withdrawn, as the edge hears when it next asks."""
        self._tokens: dict[str, dict[str, Any]] = {}
        self._changed = threading.Condition()
        self._awake = threading.Event()
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = ssl.TLSVersion.TLSv1_3
        context.load_cert_chain(certificate, key)
        context.load_verify_locations(ca)
        context.verify_mode = ssl.CERT_REQUIRED
        self._http = _Server(("127.0.0.1", 0), _handler(self))
        self._http.socket = context.wrap_socket(self._http.socket, server_side=True)
        self.port = int(self._http.server_address[1])
        self._thread = threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        return f"https://127.0.0.1:{self.port}"

    def token(self, target: str, *, caller: str = "", ref: str | None = None) -> str:
        """Make a dial token that stands for somebody, once."""
        token = "t_" + secrets.token_urlsafe(24)
        self._tokens[token] = {"target": target, "caller": caller, "ref": ref}
        return token

    def wake(self) -> None:
        """Let a slow server answer what it was asked."""
        self._awake.set()

    def stop(self) -> None:
        """Close the door; the edge then finds nobody there. A second call does nothing."""
        if not self._thread.is_alive():
            return
        self._awake.set()
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()

    def wait_for(self, wanted: Callable[[Told], bool]) -> Told:
        """Return the first request that is wanted, as soon as the edge has made it."""
        with self._changed:
            found = self._changed.wait_for(lambda: [told for told in self.told if wanted(told)], WAIT_SECONDS)
        assert found, "the edge did not tell the server"
        return found[0]

    def wait_for_end(self, ref: str) -> dict[str, Any]:
        """Return what the edge tells of the end of one call, as soon as it does."""
        return self.wait_for(lambda told: told.path == f"/edge/calls/{ref}/ended").body

    def answer(self, told: Told) -> tuple[int, bytes]:
        """Remember a request and return status and body of the answer."""
        with self._changed:
            self.told.append(told)
            self.references.append(f"c_reference{len(self.references):04}")
            reference = self.references[-1]
            self._changed.notify_all()
        if told.path not in ("/edge/calls", "/edge/dial"):
            return 204, b""
        match self.mood:
            case Mood.BROKEN:
                return 500, b"{}"
            case Mood.NONSENSE:
                return 200, b'{"ref": "c_1\\r\\nX-Evil: yes", "target": "1@evil.example>", "caller": "x"}'
            case Mood.SLOW:
                self._awake.wait()
            case Mood.HELPFUL:
                pass
        if told.path == "/edge/dial":
            answer = self._tokens.pop(told.body["token"], None)
            return (404, b"{}") if answer is None else (200, json.dumps(answer).encode())
        return 200, json.dumps({"ref": reference}).encode()


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing of a connection that the edge closed."""


def _handler(server: HearthlineServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            certificate = self.connection.getpeercert()
            names = {key: value for part in certificate["subject"] for key, value in part}
            status, answer = server.answer(Told(self.path, body, names["commonName"]))
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def do_GET(self) -> None:
            answer = json.dumps({"until": "1", "names": server.withdrawn}).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
            """Keep the test's output clean."""

    return Handler
