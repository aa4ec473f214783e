"""Every door that a signed-in device has open: HTTPS, WebSocket and SIP. What a thief would go on using."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from websockets.asyncio.client import ClientConnection, connect

from client.security.enrol import Invitation, enrol
from client.security.identity import DeviceProfile
from client.security.link import Link
from client.security.posture import DeskSeen, Reporter, Sensor
from client.security.trouble import Refused
from provisioning import api
from provisioning.pinned_tls import pinned_context
from tests.integration.edge.sip_peer import Registration, SipPeer
from tests.stage.centre import DOMAIN, Centre, Person
from tests.stage.ports import HOST
from tests.unit.security.fakes import MemoryKeys

_LOOK_AGAIN = 0.02
_Outcome = TypeVar("_Outcome")


@dataclass(frozen=True)
class Doors:
    """One device's open connections."""

    device_id: str
    link: Link
    socket: ClientConnection
    sip: SipPeer
    registration: Registration

    async def https_closed(self) -> api.ProblemType:
        """Ask over the one connection that stands until the server refuses; return how it does."""
        while True:
            try:
                await self.link.history()
            except Refused as refused:
                return refused.problem.problem_type
            await asyncio.sleep(_LOOK_AGAIN)

    async def websocket_closed(self) -> int | None:
        """Listen until the socket is closed; return the code."""
        await self.socket.wait_closed()
        return self.socket.close_code

    async def sip_closed(self) -> str:
        """Register anew over the one connection until the edge refuses; return how it does."""
        while True:
            reply = await asyncio.to_thread(self.registration.attempt, self.sip)
            if reply.status != 200:
                return reply.first
            await asyncio.sleep(_LOOK_AGAIN)


@dataclass(frozen=True)
class Closing:
    """When each door was closed, in seconds after IT asked for it, and how."""

    https_seconds: float
    websocket_seconds: float
    sip_seconds: float
    how: tuple[api.ProblemType, int | None, str]


@contextlib.asynccontextmanager
async def open_doors(centre: Centre, person: Person, directory: Path, code: str) -> AsyncIterator[Doors]:
    """Enrol a PC, sign a person in, and open every door."""
    profile = DeviceProfile(directory, MemoryKeys())
    device = await enrol(Invitation.read(centre.server_address, code), profile)
    manifest = device.manifest
    seen = await asyncio.to_thread(Sensor(lambda: DeskSeen("offscreen")).at_sign_in, manifest.posture)
    reporter = Reporter(directory)
    edge = manifest.sip.edges[0]
    async with Link(device) as link:
        await link.sign_in(
            api.SignInRequest(
                name=person.name,
                password=person.password,
                totp=person.code(),
                posture=reporter.sign(reporter.posture(*seen, device.key), device.key),
            )
        )
        await link.history()
        credentials = await link.sip_credentials()
        registration = Registration(person.name, credentials.username, credentials.password, DOMAIN)
        peer = SipPeer(HOST, edge.port, pinned_context(manifest.sip.ca_pem, edge.pins))
        reply = await asyncio.to_thread(registration.attempt, peer)
        assert reply.status == 200, reply.first
        try:
            async with connect(
                link.websocket_url, ssl=link.context, additional_headers=link.authorization, proxy=None
            ) as socket:
                yield Doors(device.id, link, socket, peer, registration)
        finally:
            peer.close()


async def close_doors(doors: Doors, revoke: Callable[[str], Awaitable[None]]) -> Closing:
    """Revoke the device, and see every door close."""
    began = time.monotonic()

    async def timed(door: Awaitable[_Outcome]) -> tuple[float, _Outcome]:
        outcome = await door
        return time.monotonic() - began, outcome

    watching = asyncio.gather(timed(doors.https_closed()), timed(doors.websocket_closed()), timed(doors.sip_closed()))
    await revoke(doors.device_id)
    https, websocket, sip = await watching
    return Closing(https[0], websocket[0], sip[0], (https[1], websocket[1], sip[1]))
