"""A fake payment service over HTTPS, with a bearer token: it remembers what it was asked, and answers as told."""

import json
import ssl
import threading
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from provisioning.pki import Authority, generate_key, key_pem

TOKEN = "a-token-of-the-bank"


class PaymentService:
    """Listens until `close`; `answer` is the status and the body of every answer."""

    def __init__(self, directory: Path) -> None:
        directory.mkdir(parents=True, exist_ok=True)
        authority, key = Authority.create("Payments"), generate_key()
        self.ca, certificate, private = (directory / name for name in ("psp-ca.crt", "psp.crt", "psp.key"))
        self.ca.write_text(authority.pem)
        certificate.write_text(authority.issue_server(key.public_key(), ("localhost",), timedelta(hours=1)))
        private.write_bytes(key_pem(key))
        self.answer: tuple[int, bytes] = (200, b'{"outcome": "accepted"}')
        self.asked: list[dict[str, Any]] = []
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, private)
        self._http = ThreadingHTTPServer(("localhost", 0), _handler(self))
        self._http.daemon_threads = True
        self._http.socket = context.wrap_socket(self._http.socket, server_side=True)
        self.url = f"https://localhost:{self._http.server_address[1]}/charges"
        self._thread = threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        self._thread.start()

    @property
    def options(self) -> dict[str, Any]:
        """The server's settings for this payment service."""
        return {"payment_url": self.url, "payment_ca": self.ca, "payment_token": TOKEN}

    def close(self) -> None:
        """Stop; a second call does nothing."""
        if self._thread.is_alive():
            self._http.shutdown()
            self._http.server_close()
            self._thread.join()


def _handler(service: PaymentService) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            allowed = self.headers["Authorization"] == f"Bearer {TOKEN}"
            if allowed:
                service.asked.append(body)
            status, answer = service.answer if allowed else (401, b"{}")
            self.send_response(status)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
            """Keep the test's output clean."""

    return Handler
