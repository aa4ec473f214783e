"""The address where desks and edge find the server: a door that a test can shut, or put somebody else behind.

The real server listens on a port of its own. An open door passes bytes on and sees nothing but TLS; a shut one takes no
connection and cuts those that stand, as a server that goes down does. An impostor ends TLS with an identity of its own.
"""

import asyncio
import contextlib
import itertools
import ssl
from typing import Self

from client.app.loop_thread import LoopThread
from provisioning.organisation import Identity
from provisioning.pinned_tls import load_identity, unverified_context

_HOST = "127.0.0.1"
_homes = itertools.count(2)


class Door:
    """The door, in a thread of its own so that a test may block.

    Args:
        port: where desks knock.
        server_port: where the real server listens; 0 where there is none.
    """

    def __init__(self, port: int, server_port: int = 0) -> None:
        self.port = port
        self.heard = b""
        """What an impostor could read."""
        self.knocks = 0
        """How many connections were taken, since the door was made."""
        self._server_port = server_port
        self._news = asyncio.Event()
        self._thread = LoopThread()
        self._listening: asyncio.Server | None = None
        self._connections: set[asyncio.StreamWriter] = set()
        self._passing: set[asyncio.Task[None]] = set()

    def open(self) -> None:
        """Let everybody through to the server."""
        self._do(None, passes_on=True)

    def shut(self) -> None:
        """Take no more connections, and cut those that stand."""
        self._thread.run(self._shut()).result()

    def hide_behind(self, identity: Identity, *, passes_on: bool = False) -> None:
        """Put an impostor there, who reads everything, and may pass it on to the server."""
        self.heard = b""
        self._do(identity, passes_on=passes_on)

    async def until_heard(self, wanted: bytes) -> None:
        """Wait until an impostor has heard this."""
        await asyncio.wrap_future(self._thread.run(self._listen_for(wanted)))

    def close(self) -> None:
        """Shut it for good."""
        self.shut()
        self._thread.stop()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _do(self, identity: Identity | None, *, passes_on: bool) -> None:
        self._thread.run(self._listen(identity, passes_on=passes_on)).result()

    async def _listen(self, identity: Identity | None, *, passes_on: bool) -> None:
        await self._shut()
        context = None
        if identity is not None:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            load_identity(context, *identity.pair)

        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            task = asyncio.current_task()
            if task is not None:
                self._passing.add(task)
                task.add_done_callback(self._passing.discard)
            await self._serve(reader, writer, spying=identity is not None, passes_on=passes_on)

        self._listening = await asyncio.start_server(serve, _HOST, self.port, ssl=context)

    async def _shut(self) -> None:
        if self._listening is not None:
            self._listening.close()
            self._listening = None
        for writer in list(self._connections):
            writer.transport.abort()
        for task in list(self._passing):
            task.cancel()
        await asyncio.gather(*self._passing, return_exceptions=True)

    async def _serve(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, spying: bool, passes_on: bool
    ) -> None:
        self.knocks += 1
        with contextlib.ExitStack() as closing:
            self._keep(writer, closing)
            if not passes_on:
                # Whoever found out that this is an impostor does not wait for a polite end of TLS.
                closing.callback(writer.transport.abort)
                with contextlib.suppress(OSError):
                    while data := await reader.read(65536):
                        self._hear(data)
                return
            try:
                # Each home has an address of its own, as in life: the server counts attempts by address.
                home = (f"127.0.{next(_homes) % 250}.{next(_homes) % 250 + 1}", 0)
                server_reader, server_writer = await asyncio.open_connection(
                    _HOST,
                    self._server_port,
                    ssl=unverified_context(lambda _: None) if spying else None,
                    local_addr=home,
                )
            except OSError:
                return
            self._keep(server_writer, closing)
            await asyncio.gather(
                self._pump(reader, server_writer, spying=spying), self._pump(server_reader, writer, spying=spying)
            )

    def _keep(self, writer: asyncio.StreamWriter, closing: contextlib.ExitStack) -> None:
        self._connections.add(writer)
        closing.callback(self._connections.discard, writer)
        closing.callback(writer.close)

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, spying: bool) -> None:
        with contextlib.suppress(OSError):
            while data := await reader.read(65536):
                if spying:
                    self._hear(data)
                writer.write(data)
                await writer.drain()
        # One side is done; for HTTP and WebSockets so is the other.
        writer.close()

    def _hear(self, data: bytes) -> None:
        self.heard += data
        self._news.set()

    async def _listen_for(self, wanted: bytes) -> None:
        while wanted not in self.heard:
            self._news.clear()
            await self._news.wait()
