"""Bytes as nobody's HTTP library would send them, inside TLS as the server wants it."""

import contextlib
import socket
import ssl
from collections.abc import Iterator
from dataclasses import dataclass

from provisioning.organisation import Identity
from provisioning.pinned_tls import pinned_context
from tests.integration.server.running import RunningServer


@dataclass
class Wire:
    """An open connection."""

    secure: ssl.SSLSocket

    def say(self, data: bytes) -> None:
        self.secure.sendall(data)

    def rest(self) -> str:
        """All that comes until the server hangs up."""
        answer = b""
        with contextlib.suppress(OSError):
            while data := self.secure.recv(65536):
                answer += data
        return answer.decode("latin-1")

    def until(self, ending: bytes) -> str:
        """All that comes up to some bytes."""
        answer = b""
        while ending not in answer:
            data = self.secure.recv(65536)
            assert data, answer
            answer += data
        return answer.decode("latin-1")


@contextlib.contextmanager
def wire(server: RunningServer, identity: Identity | None = None) -> Iterator[Wire]:
    """Connect as the holder of a certificate, or as nobody."""
    organisation = server.organisation
    context = pinned_context(organisation.ca_pem, organisation.server_pins, identity.pair if identity else None)
    with (
        socket.create_connection(("localhost", server.port)) as plain,
        context.wrap_socket(plain, server_hostname="localhost") as secure,
    ):
        yield Wire(secure)


def raw(server: RunningServer, request: bytes, identity: Identity | None = None) -> str:
    """Send bytes and return all that comes until the server hangs up, which the request should ask for."""
    with wire(server, identity) as connection:
        connection.say(request)
        return connection.rest()
