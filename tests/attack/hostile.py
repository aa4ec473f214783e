"""A TLS server on loopback that is not what a desk expects, and that keeps every byte which it gets."""

import contextlib
import socket
import ssl
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field

from provisioning.pinned_tls import load_identity
from provisioning.pki import key_pem
from tests.unit.provisioning.tls_server import ServerIdentity

_LONGEST = 64 * 1024
HELLO_REQUEST = b"\x16\x03\x03\x00\x04\x00\x00\x00\x00"
"""A record in which a TLS 1.2 server asks to renegotiate (RFC 5246, section 7.4.1.1)."""


@dataclass
class HostileServer:
    """What it met: `visits` counts connections, `heard` is what was said to it inside TLS (or at all, without TLS)."""

    port: int = 0
    visits: int = 0
    heard: bytearray = field(default_factory=bytearray)


def tls_context(identity: ServerIdentity, newest: ssl.TLSVersion = ssl.TLSVersion.TLSv1_3) -> ssl.SSLContext:
    """What an ordinary server would use. It asks for no certificate, so that nobody turns away for the want of one."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.maximum_version = newest
    load_identity(context, identity.certificate_pem, key_pem(identity.key))
    return context


@contextlib.contextmanager
def hostile_server(
    context: ssl.SSLContext | None, *, answer: bytes = b"", renegotiate: bool = False
) -> Iterator[HostileServer]:
    """Listen until the block ends; then every connection has ended and `heard` is all that there will be.

    `answer` is sent to whatever is read. Without a context it speaks no TLS, and hangs up after its answer. With
    `renegotiate` it asks for a new handshake as soon as the first one is done.
    """
    listener = socket.create_server(("127.0.0.1", 0))
    made = HostileServer(listener.getsockname()[1])

    def serve() -> None:
        while True:
            try:
                plain, _ = listener.accept()
            except OSError:
                return
            made.visits += 1
            with contextlib.suppress(OSError), plain:
                _talk(plain, context)

    def _talk(plain: socket.socket, tls: ssl.SSLContext | None) -> None:
        if tls is None:
            made.heard += plain.recv(_LONGEST)
            plain.sendall(answer)
            return
        with tls.wrap_socket(plain, server_side=True) as secure:
            if renegotiate:
                # Past TLS, as whoever sits in between could.
                with socket.socket(fileno=socket.dup(secure.fileno())) as beneath:
                    beneath.sendall(HELLO_REQUEST)
            _listen(secure)

    def _listen(connection: socket.socket) -> None:
        while data := connection.recv(_LONGEST):
            made.heard += data
            if answer:
                connection.sendall(answer)

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield made
    finally:
        # Closing alone does not wake a thread that waits in accept.
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join()
