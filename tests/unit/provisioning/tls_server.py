"""A real TLS server on loopback that says which client certificate it saw."""

import contextlib
import socket
import ssl
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec

from provisioning.pinned_tls import load_identity
from provisioning.pki import Authority, common_name, generate_key, key_pem


@dataclass(frozen=True)
class ServerIdentity:
    """What a server shows."""

    certificate_pem: str
    key: ec.EllipticCurvePrivateKey


def server_identity(authority: Authority, *, host: str = "localhost", days: int = 1) -> ServerIdentity:
    key = generate_key()
    return ServerIdentity(authority.issue_server(key.public_key(), (host,), timedelta(days=days)), key)


@contextlib.contextmanager
def tls_server(
    identity: ServerIdentity, *, newest: ssl.TLSVersion = ssl.TLSVersion.TLSv1_3, clients_of: Authority | None = None
) -> Iterator[int]:
    """Serve until the block ends; yields the port. Each connection gets the client's common name and a newline."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.maximum_version = newest
    load_identity(context, identity.certificate_pem, key_pem(identity.key))
    if clients_of is not None:
        context.verify_mode = ssl.CERT_REQUIRED
        context.load_verify_locations(cadata=clients_of.pem)
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                plain, _ = listener.accept()
            except OSError:
                return
            with contextlib.suppress(OSError), plain, context.wrap_socket(plain, server_side=True) as secure:
                der = secure.getpeercert(binary_form=True)
                name = common_name(x509.load_der_x509_certificate(der)) if der else ""
                secure.sendall(f"{name}\n".encode())

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        # Closing alone does not wake a thread that waits in accept.
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join()
