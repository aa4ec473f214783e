"""A real TURN server (Debian's coturn) that relays to its own relayed addresses and to nobody else.

Two telephones behind it can reach each other only when both use it, as behind firewalls that let nothing else through.
It takes the ephemeral credentials that the edge takes: a user name that begins with its expiry, and the HMAC of it.
"""

import asyncio
import base64
import hashlib
import hmac
import secrets
import socket
import struct
from asyncio.subprocess import DEVNULL, create_subprocess_exec
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

HOST, RELAY = "127.0.0.1", "127.0.0.2"
_ASK_SECONDS, _ASKS = 0.1, 150
_CONFIGURATION = f"""
listening-ip={HOST}
listening-port={{port}}
relay-ip={RELAY}
allow-loopback-peers
denied-peer-ip=0.0.0.0-255.255.255.255
allowed-peer-ip={RELAY}
use-auth-secret
static-auth-secret={{secret}}
realm={{realm}}
userdb={{folder}}/turndb
pidfile={{folder}}/pid
log-file=/dev/null
no-tls
no-dtls
no-cli
no-multicast-peers
"""


@dataclass(frozen=True)
class TurnServer:
    """Where it is, and what lets one in."""

    port: int
    secret: str = field(repr=False)

    @property
    def address(self) -> str:
        """HOST:PORT."""
        return f"{HOST}:{self.port}"

    def password(self, username: str) -> str:
        """The password of an ephemeral user name."""
        digest = hmac.new(self.secret.encode(), username.encode(), hashlib.sha1).digest()
        return base64.b64encode(digest).decode()


@asynccontextmanager
async def running_turn(folder: Path, realm: str) -> AsyncIterator[TurnServer]:
    """A server that is ready, and gone at the end."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind((HOST, 0))
        server = TurnServer(probe.getsockname()[1], secrets.token_urlsafe(24))
    configuration = folder / "turnserver.conf"
    configuration.touch(0o600)
    configuration.write_text(
        _CONFIGURATION.format(port=server.port, secret=server.secret, realm=realm, folder=folder), encoding="utf-8"
    )
    process = await create_subprocess_exec(
        "turnserver", "-c", str(configuration), stdin=DEVNULL, stdout=DEVNULL, stderr=DEVNULL, cwd=folder
    )
    try:
        await asyncio.to_thread(_wait_for, server.port)
        yield server
    finally:
        with suppress(ProcessLookupError):
            process.terminate()
        await process.wait()


def _wait_for(port: int) -> None:
    """Ask for our own address (RFC 8489, section 6.1) until the server answers."""
    request = struct.pack("!HHI", 1, 0, 0x2112A442) + secrets.token_bytes(12)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
        client.settimeout(_ASK_SECONDS)
        for _ in range(_ASKS):
            client.sendto(request, (HOST, port))
            # Before it listens, the system says that nobody is there.
            with suppress(TimeoutError, ConnectionRefusedError):
                client.recv(1_500)
                return
    raise RuntimeError("turnserver does not answer")
