"""The TLS leg of a stranger that speaks TCP alone, as Debian's SIPp does: it carries bytes, and sees every message."""

import asyncio
import contextlib
import ssl
from collections.abc import Callable

from tests.integration.edge.sip_peer import Message
from tests.integration.edge.world import DOMAIN, HOST
from tests.integration.engine.parts import PATIENCE

_NEXT_TRY_SECONDS = 0.01


class TlsLeg:
    """One TLS connection to the edge's trunk, and one TCP connection to the stranger."""

    def __init__(self, port: int, context: ssl.SSLContext) -> None:
        self.from_stranger: list[Message] = []
        self.from_edge: list[Message] = []
        self.address = ""
        self._port = port
        self._context = context
        self._changed = asyncio.Condition()
        self._writers: list[asyncio.StreamWriter] = []
        self._tasks: list[asyncio.Task[None]] = []
        self._server: asyncio.Server | None = None

    async def listen(self) -> int:
        """Wait for a stranger that calls; the edge is connected once it comes. Returns the TCP port."""
        self._server = await asyncio.start_server(self._take, HOST, 0)
        return int(self._server.sockets[0].getsockname()[1])

    async def dial(self, port: int) -> None:
        """Connect to a stranger that waits for calls, once it listens, and let the edge know where its trunk is."""
        async with asyncio.timeout(PATIENCE):
            while True:
                try:
                    reader, writer = await asyncio.open_connection(HOST, port)
                    break
                except OSError:
                    # It says nothing when it listens, so it is tried again until it does.
                    await asyncio.sleep(_NEXT_TRY_SECONDS)
        edge_reader, edge_writer = await self._connect()
        edge_writer.write(
            (
                f"OPTIONS sip:{DOMAIN} SIP/2.0\r\nVia: SIP/2.0/TLS {self.address};branch=z9hG4bKleg;rport\r\n"
                f"From: <sip:pbx@{DOMAIN}>;tag=leg\r\nTo: <sip:{DOMAIN}>\r\nCall-ID: leg\r\nCSeq: 1 OPTIONS\r\n"
                "Max-Forwards: 10\r\nContent-Length: 0\r\n\r\n"
            ).encode()
        )
        answer = await asyncio.wait_for(edge_reader.readuntil(b"\r\n\r\n"), PATIENCE)
        assert answer.startswith(b"SIP/2.0 200"), answer
        self._carry(reader, edge_writer, self.from_stranger)
        self._carry(edge_reader, writer, self.from_edge)

    async def seen(
        self, messages: list[Message], wanted: Callable[[Message], bool], what: str = "", patience: float = PATIENCE
    ) -> Message:
        """Return the first message of one side that is wanted, as soon as it has passed."""

        def find() -> Message | None:
            return next((message for message in messages if wanted(message)), None)

        try:
            async with asyncio.timeout(patience), self._changed:
                await self._changed.wait_for(lambda: find() is not None)
        except TimeoutError:
            firsts = [message.first for message in messages]
            raise AssertionError(f"{what or 'the message'} did not come; what came: {firsts}") from None
        found = find()
        assert found is not None
        return found

    async def from_edge_comes(self, method: str, status: int = 0, patience: float = PATIENCE) -> Message:
        """Wait for a request of the edge's side, or for an answer with a status."""
        return await self.seen(
            self.from_edge, lambda m: m.method == method and m.status == status, f"{method} {status}", patience
        )

    async def from_stranger_comes(self, method: str, status: int = 0) -> Message:
        """Wait for a request of the stranger's, or for an answer with a status."""
        return await self.seen(
            self.from_stranger, lambda m: m.method == method and m.status == status, f"{method} {status}"
        )

    async def close(self) -> None:
        """Close both connections."""
        if self._server is not None:
            self._server.close()
        for writer in self._writers:
            writer.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        reader, writer = await asyncio.open_connection(HOST, self._port, ssl=self._context, server_hostname=HOST)
        host, port = writer.get_extra_info("sockname")[:2]
        self.address = f"{host}:{port}"
        return reader, writer

    async def _take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        edge_reader, edge_writer = await self._connect()
        self._carry(reader, edge_writer, self.from_stranger)
        self._carry(edge_reader, writer, self.from_edge)

    def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, seen: list[Message]) -> None:
        self._writers.append(writer)
        self._tasks.append(asyncio.create_task(self._pass(reader, writer, seen)))

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, seen: list[Message]) -> None:
        with contextlib.suppress(OSError, asyncio.IncompleteReadError):
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                message = Message.parse(head.decode())
                lengths = message.all("Content-Length") or message.all("l") or ["0"]
                body = await reader.readexactly(int(lengths[0]))
                writer.write(head + body)
                async with self._changed:
                    seen.append(Message.parse((head + body).decode()))
                    self._changed.notify_all()
        writer.close()
