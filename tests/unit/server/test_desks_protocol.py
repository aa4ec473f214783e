"""The server's WebSocket protocol, over a transport that only remembers."""

import asyncio
from typing import Any

import uvicorn
from uvicorn.server import ServerState
from websockets.protocol import State

from server.tls import DesksProtocol

UPGRADE = (
    b"GET /desk HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
)
CLOSE_FROM_DESK = b"\x88\x82\x00\x00\x00\x00\x03\xe8"


class Transport(asyncio.Transport):
    def __init__(self) -> None:
        super().__init__()
        self.written = b""
        self.closed = False

    def write(self, data: bytes | bytearray | memoryview) -> None:
        self.written += bytes(data)

    def close(self) -> None:
        self.closed = True

    def is_closing(self) -> bool:
        return self.closed

    def pause_reading(self) -> None:
        """There is nothing to pause."""

    def resume_reading(self) -> None:
        """There is nothing to resume."""


async def connected() -> tuple[DesksProtocol, Transport, asyncio.Event]:
    """A desk whose upgrade was accepted; the event says that the application heard of its end."""
    accepted, gone = asyncio.Event(), asyncio.Event()

    async def app(_scope: Any, receive: Any, send: Any) -> None:
        await receive()
        await send({"type": "websocket.accept"})
        accepted.set()
        await receive()
        gone.set()

    config = uvicorn.Config(app, ws=DesksProtocol, log_config=None, lifespan="off", ws_per_message_deflate=False)
    config.load()
    protocol, transport = DesksProtocol(config, ServerState(), {}), Transport()
    protocol.connection_made(transport)
    protocol.data_received(UPGRADE)
    await accepted.wait()
    assert protocol.conn.state is State.OPEN
    return protocol, transport, gone


async def test_a_desk_that_is_there_is_told_that_the_server_ends() -> None:
    protocol, transport, gone = await connected()
    transport.written = b""
    protocol.shutdown()
    assert transport.written == b"\x88\x02\x03\xf4"  # 1012, service restart.
    assert transport.closed
    await gone.wait()
    protocol.connection_lost(None)


async def test_a_desk_that_is_leaving_does_not_stop_the_server_from_ending() -> None:
    protocol, transport, gone = await connected()
    protocol.data_received(CLOSE_FROM_DESK)
    assert protocol.conn.state is not State.OPEN
    protocol.shutdown()
    assert transport.closed
    await gone.wait()
    protocol.connection_lost(None)
