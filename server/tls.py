"""TLS 1.3 at the server's own socket, so that a client's certificate is known from the connection and not a header."""

import asyncio
import ssl
from typing import Any

import h11
from uvicorn._types import ASGISendEvent
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.protocol import State

from provisioning.organisation import Identity
from provisioning.pinned_tls import load_identity

_NO_CHECK_TIME = ssl.VerifyFlags(0x200000)
"""OpenSSL's X509_V_FLAG_NO_CHECK_TIME, for which Python has no name."""

REQUEST_SECONDS = 30.0
"""How long a request may take to arrive, from its first byte (or the connection's beginning) to its last."""

PEER_CERTIFICATE = "peer_certificate"
"""The name in the ASGI scope's state under which an application finds the peer's certificate (DER), or None."""


def server_context(identity: Identity, ca_pem: str) -> ssl.SSLContext:
    """Return the server's context. A client may show a certificate of ours; TLS checks who issued it and for what.

    Optional, because a device has none yet when it enrols. What is then open to it, each route decides.

    The day is not checked here but by `server.identity`, on every request: a TLS alert reaches a desk as a broken
    connection, whereas a problem detail can tell it that its certificate is over.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    context.verify_mode = ssl.CERT_OPTIONAL
    context.verify_flags |= ssl.VERIFY_X509_STRICT | _NO_CHECK_TIME
    context.load_verify_locations(cadata=ca_pem)
    load_identity(context, *identity.pair)
    return context


class PeerCertificateProtocol(H11Protocol):
    """uvicorn's HTTP protocol, which also tells the application whose certificate TLS verified.

    One instance serves one connection, and it hands its state on to the WebSocket that the connection may become.

    It does not wait for ever: uvicorn ends connections that are idle, but not those on which a request never ends. A
    client could so hold as many as it can open, with a byte now and then (CWE-400).
    """

    _arriving: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Note the certificate before the first request is read."""
        connection: ssl.SSLObject | None = transport.get_extra_info("ssl_object")
        certificate = connection.getpeercert(binary_form=True) if connection is not None else None
        self.app_state: dict[str, Any] = {**self.app_state, PEER_CERTIFICATE: certificate}
        super().connection_made(transport)
        self._arriving = self.loop.call_later(REQUEST_SECONDS, transport.abort)

    def data_received(self, data: bytes) -> None:
        """Read on, and keep the time."""
        super().data_received(data)
        # A connection that became a WebSocket has another protocol by now, which keeps a time of its own.
        upgraded = self.transport.get_protocol() is not self
        if upgraded or self.conn.their_state not in (h11.IDLE, h11.SEND_BODY):
            self._arrived()
        elif self._arriving is None:
            self._arriving = self.loop.call_later(REQUEST_SECONDS, self.transport.abort)

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop the clock."""
        self._arrived()
        super().connection_lost(exc)

    def _arrived(self) -> None:
        if self._arriving is not None:
            self._arriving.cancel()
            self._arriving = None


class DesksProtocol(WebSocketsSansIOProtocol):
    """uvicorn's WebSocket protocol, mended in two places where uvicorn 0.54 is wrong."""

    def shutdown(self) -> None:
        """End the connection because the server ends. One whose desk is leaving by itself is left to end.

        uvicorn would say goodbye to it once more, which raises, and then every other desk hears nothing.
        """
        if self.handshake_complete and self.conn.state is not State.OPEN:
            self.stop_keepalive()
            self.transport.close()
            return
        super().shutdown()

    async def send(self, message: ASGISendEvent) -> None:
        """Send what the application says. A refusal with a body completes the handshake.

        Without this, uvicorn logs an error for each upgrade that was refused in words.
        """
        await super().send(message)
        if message["type"] == "websocket.http.response.body" and not message.get("more_body", False):
            self.handshake_complete = True
