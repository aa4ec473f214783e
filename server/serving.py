"""Serving the application over TLS on a socket."""

import asyncio
import os
import socket
from collections.abc import Callable

import uvicorn

from server import app
from server.logs import get_logger
from server.middleware import BODY_LIMIT
from server.services import Services
from server.tls import DesksProtocol, PeerCertificateProtocol, server_context

_SHUTDOWN_SECONDS = 20
"""How long requests and sockets may take to end when the server is told to stop; usually they take none of it."""
_BACKLOG = 2048


class CannotListen(Exception):
    """The address or port cannot be used; the text says why."""


def bind(host: str, port: int) -> socket.socket:
    """Open the listening socket.

    Raises:
        CannotListen: the port is taken, or the address is not this machine's.
    """
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        return socket.create_server((host, port), family=family, backlog=_BACKLOG)
    except OSError as error:
        raise CannotListen(
            f"cannot listen on {host}:{port}: {os.strerror(error.errno or 0)}. "
            "Is another server running there? Choose another --port or --host."
        ) from error


class _Server(uvicorn.Server):
    """uvicorn, which also says when it is ready and on which port."""

    def __init__(self, config: uvicorn.Config, on_ready: Callable[[int], None]) -> None:
        super().__init__(config)
        self._on_ready = on_ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Open the socket, then report it."""
        await super().startup(sockets)
        if self.started:
            self._on_ready(self.servers[0].sockets[0].getsockname()[1])


def build_server(services: Services, on_ready: Callable[[int], None] | None = None) -> uvicorn.Server:
    """Return a server that is ready to be run; `on_ready` gets the real port."""
    settings = services.settings
    context = server_context(services.organisation.server, services.organisation.ca_pem)

    def ready(port: int) -> None:
        get_logger().info(
            "ready",
            host=settings.host,
            port=port,
            database=services.database.kind,
            manifest_version=services.organisation.manifest.version,
        )
        if on_ready is not None:
            on_ready(port)

    config = uvicorn.Config(
        app.build_app(services),
        http=PeerCertificateProtocol,
        ws=DesksProtocol,
        ws_max_size=BODY_LIMIT,
        ws_per_message_deflate=False,
        ssl_context_factory=lambda _config, _default: context,
        access_log=False,
        log_config=None,
        server_header=False,
        # Whose address it is decides how often they may try to sign in, so no header may claim another.
        proxy_headers=False,
        lifespan="on",
        timeout_graceful_shutdown=_SHUTDOWN_SECONDS,
    )
    return _Server(config, ready)


async def serve(services: Services) -> None:
    """Bring the database to this version, then serve until a signal ends it.

    Raises:
        DatabaseError: the database cannot be used.
        CannotListen: the port cannot be used.
    """
    try:
        await services.database.migrate()
        await build_server(services).serve(sockets=[bind(services.settings.host, services.settings.port)])
    finally:
        await services.database.close()


def run(services: Services) -> None:
    """Serve from a program that has no event loop yet."""
    asyncio.run(serve(services))
