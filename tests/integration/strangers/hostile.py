"""What hostile strangers need: raw connections, and an eye on whether the edge bears it."""

import asyncio
import contextlib
import re
import ssl
from collections.abc import Iterator

import psutil  # type: ignore[import-untyped, unused-ignore]

from tests.integration.edge.world import AUDIO_OFFER, DOMAIN, HOST, World
from tests.integration.engine.parts import PATIENCE

_FATAL = re.compile(r"BUG|CRITICAL|ALERT|exited by a signal|core was|out of memory|no (shm|pkg|more) mem|Segmentation")


class RawConnection:
    """A TLS connection on which any bytes can be sent."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer
        self.received = b""

    @property
    def address(self) -> str:
        """Its own end."""
        host, port = self.writer.get_extra_info("sockname")[:2]
        return f"{host}:{port}"

    def send(self, data: bytes) -> None:
        """Send bytes as they are. What a closed connection makes of them is not our concern."""
        with contextlib.suppress(OSError):
            self.writer.write(data)

    async def until(self, wanted: bytes) -> bool:
        """Read until something has come, or the other end closes. Returns whether it has come."""
        with contextlib.suppress(OSError):
            async with asyncio.timeout(PATIENCE):
                while wanted not in self.received:
                    chunk = await self.reader.read(65536)
                    if not chunk:
                        break
                    self.received += chunk
        return wanted in self.received

    async def is_heard(self, name: str = "marker") -> bool:
        """Ask whether the edge is there, on this connection, and so after all that was sent before. Returns whether it
        answered, and did not close the connection instead."""
        self.send(options(self.address, name))
        return await self.until(f"Call-ID: {name}\r\n".encode())

    async def final(self, call_id: str) -> int:
        """Read until a call has its final answer, and return its status; 0 when the other end closes instead."""
        wanted = re.compile(rb"SIP/2\.0 ([2-6]\d\d)[^\r]*\r\n(?:[^\r]+\r\n)*?Call-ID: " + call_id.encode())
        with contextlib.suppress(OSError):
            async with asyncio.timeout(PATIENCE):
                while not wanted.search(self.received):
                    chunk = await self.reader.read(65536)
                    if not chunk:
                        break
                    self.received += chunk
        found = wanted.search(self.received)
        return int(found[1]) if found else 0

    def statuses(self) -> list[int]:
        """The status of each answer that came, without those to `is_heard`."""
        answers = re.findall(rb"SIP/2\.0 (\d{3}) .*?\r\n\r\n", self.received, re.DOTALL)
        marked = re.findall(rb"SIP/2\.0 (\d{3}) [^\0]*?Call-ID: marker", self.received)
        return (
            [int(status) for status in answers][: len(answers) - len(marked)] if marked else [int(s) for s in answers]
        )

    def close(self) -> None:
        """Close it without waiting for the other end."""
        self.writer.transport.abort()


def options(address: str, call_id: str) -> bytes:
    """An OPTIONS request to the edge itself."""
    return (
        f"OPTIONS sip:{DOMAIN} SIP/2.0\r\nVia: SIP/2.0/TLS {address};branch=z9hG4bK{call_id};rport\r\n"
        f"From: <sip:probe@{DOMAIN}>;tag=probe\r\nTo: <sip:{DOMAIN}>\r\nCall-ID: {call_id}\r\nCSeq: 1 OPTIONS\r\n"
        "Max-Forwards: 10\r\nContent-Length: 0\r\n\r\n"
    ).encode()


async def connect(port: int, context: ssl.SSLContext) -> RawConnection:
    """Connect to one side of the edge."""
    return RawConnection(*await asyncio.open_connection(HOST, port, ssl=context, server_hostname=HOST))


async def at_home_side(world: World) -> RawConnection:
    """A stranger's connection to the side where desks register."""
    return await connect(world.edge.settings.home_listen.port, world.pki.context())


async def at_trunk_side(world: World) -> RawConnection:
    """A connection with the trunk's certificate."""
    return await connect(world.edge.settings.trunk_listen.port, world.pki.context(world.pki.trunk))


def processes(world: World) -> set[int]:
    """The edge's processes, each by its pid."""
    parents = [psutil.Process(child._process.pid) for child in world.edge._children]
    return {process.pid for parent in parents for process in (parent, *parent.children(recursive=True))}


def memory(world: World) -> int:
    """What the edge's processes together hold, in bytes: each page is counted once."""
    return sum(psutil.Process(pid).memory_full_info().pss for pid in processes(world))


@contextlib.contextmanager
def bears_it(world: World) -> Iterator[None]:
    """The block may make the edge complain, but not lose a process, nor say anything of a fault of its own."""
    world.expect_log("")
    before = processes(world)
    yield
    assert processes(world) == before, "a process of the edge died"
    lines = [line for line in world.log.splitlines() if _FATAL.search(line)]
    # It says this once, when it starts.
    assert not [line for line in lines if "openssl bug #1491" not in line], lines


def invite(address: str, user: str, call_id: str, *headers: str, body: str = AUDIO_OFFER) -> bytes:
    """An INVITE as a switch sends it."""
    lines = [
        f"INVITE sip:{user}@{DOMAIN} SIP/2.0",
        f"Via: SIP/2.0/TLS {address};branch=z9hG4bK{call_id};rport",
        f"From: <sip:13812345678@pbx.example.net>;tag=t{call_id}",
        f"To: <sip:{user}@{DOMAIN}>",
        f"Call-ID: {call_id}",
        "CSeq: 1 INVITE",
        f"Contact: <sip:13812345678@{address};transport=tls>",
        "Max-Forwards: 70",
        *headers,
        "Content-Type: application/sdp",
        f"Content-Length: {len(body.encode('utf-8', 'surrogateescape'))}",
    ]
    return ("\r\n".join(lines) + "\r\n\r\n" + body).encode("utf-8", "surrogateescape")
