"""Media through ICE, STUN and TURN, for networks that let nothing else through."""

import asyncio
import socket
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from client.core.telephony import (
    AnswerCall,
    CallConfirmed,
    CallEnded,
    CallIncoming,
    CallMedia,
    EdgeAddress,
    HangUp,
    Register,
    RegistrationChanged,
    RegistrationState,
)
from tests.integration.engine.authority import Authority, Identity
from tests.integration.engine.parts import ADDRESS, PATIENCE, USERNAME, Desk, calling, configuration, running_desk
from tests.integration.engine.small_edge import REALM, SmallEdge
from tests.integration.engine.test_calls import SECURE_SDP
from tests.integration.engine.turn_server import RELAY, TurnServer, running_turn
from tests.integration.engine.virtual_sound import VirtualSound, tone, tone_share

CUSTOMER_HERTZ, AGENT_HERTZ = 440.0, 950.0
SPEECH = tone(CUSTOMER_HERTZ, 1.0)
MAGIC = 0x2112A442
ICE = "a=ice-ufrag:abcdefgh\r\na=ice-pwd:0123456789abcdef01234567\r\n"
CANDIDATE = "a=candidate:1 1 UDP 2130706431 127.0.0.1 40000 typ host\r\n"


@pytest.fixture
async def turn(tmp_path: Path) -> AsyncIterator[TurnServer]:
    async with running_turn(tmp_path, REALM) as server:
        yield server


@pytest.fixture
async def edge(identity: Identity, tmp_path: Path, turn: TurnServer) -> AsyncIterator[SmallEdge]:
    """An edge that takes the same ephemeral credentials as the TURN server."""
    edge = SmallEdge(identity.server_context(tmp_path), USERNAME, turn.password(USERNAME))
    await edge.start()
    yield edge
    await edge.stop()


@pytest.fixture
async def relayed_desk(
    tmp_path: Path, sound: VirtualSound, authority: Authority, address: EdgeAddress, turn: TurnServer
) -> AsyncIterator[Desk]:
    async with running_desk(tmp_path, sound.environment) as desk:
        desk.send(
            configuration(authority, address, ice=True, stun=(turn.address,), turn=turn.address),
            Register(ADDRESS, USERNAME, REALM, turn.password(USERNAME)),
        )
        await desk.next(RegistrationChanged, lambda report: report.state is RegistrationState.REGISTERED)
        yield desk


async def test_a_call_goes_through_turn_where_nothing_else_does(
    relayed_desk: Desk, edge: SmallEdge, tmp_path: Path, sound: VirtualSound, turn: TurnServer, *, authority: Authority
) -> None:
    options: dict[str, Any] = {"turn": turn.address, "password": turn.password(USERNAME)}
    async with calling(edge, authority, tmp_path, SPEECH, **options) as customer:
        relayed_desk.send(AnswerCall((await relayed_desk.next(CallIncoming)).call))
        media = await relayed_desk.next(CallMedia, lambda report: report.active)
        await relayed_desk.next(CallConfirmed)
        await customer.event("media")
        assert media.srtp == "AEAD_AES_256_GCM"
        with sound.record_headset() as heard:
            await asyncio.to_thread(sound.play_into_mic, tone(AGENT_HERTZ, 2.0))
        relayed_desk.send(HangUp(media.call))
        await relayed_desk.next(CallEnded)
        await customer.hang_up()
        assert tone_share(heard.samples, CUSTOMER_HERTZ) > 0.5
        assert tone_share(customer.heard(), AGENT_HERTZ) > 0.2


async def test_a_peer_without_ice_is_answered_without(relayed_desk: Desk, edge: SmallEdge) -> None:
    call = edge.invite(SECURE_SDP)
    relayed_desk.send(AnswerCall((await relayed_desk.next(CallIncoming)).call))
    answer = (await call.answer(lambda one: one.status == 200)).body
    call.send("ACK")
    await relayed_desk.next(CallConfirmed)
    assert "a=candidate:" not in answer
    call.send("BYE")
    await relayed_desk.next(CallEnded)


# --- What a STUN server may say ---------------------------------------------------------------------------------------


class Listener(asyncio.DatagramProtocol):
    """A STUN server's port: hands on what it is asked."""

    def __init__(self) -> None:
        self.asked: asyncio.Queue[tuple[bytes, tuple[str, int]]] = asyncio.Queue()

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        self.asked.put_nowait((data, addr))


@asynccontextmanager
async def stun_server() -> AsyncIterator[tuple[Listener, asyncio.DatagramTransport, int]]:
    loop = asyncio.get_running_loop()
    transport, listener = await loop.create_datagram_endpoint(Listener, local_addr=("127.0.0.1", 0))
    yield listener, transport, transport.get_extra_info("sockname")[1]
    transport.close()


def transaction(packet: bytes) -> bytes:
    kind, _, magic = struct.unpack("!HHI", packet[:8])
    assert (kind, magic) == (1, MAGIC)
    return packet[8:20]


def binding_response(identity: bytes, host: str, port: int) -> bytes:
    """A success that says where the request came from (RFC 8489, section 14.2)."""
    number = struct.unpack("!I", socket.inet_aton(host))[0]
    attribute = struct.pack("!HHBBHI", 0x0020, 8, 0, 1, port ^ (MAGIC >> 16), number ^ MAGIC)
    return struct.pack("!HHI", 0x0101, len(attribute), MAGIC) + identity + attribute


async def test_transaction_ids_cannot_be_guessed(tmp_path: Path, authority: Authority, address: EdgeAddress) -> None:
    identities: list[bytes] = []
    pids: list[int] = []
    async with stun_server() as (listener, _, port):
        for name in ("first", "second"):
            async with running_desk(tmp_path / name, {"ALSA_CONFIG_PATH": "/dev/null"}) as desk:
                desk.send(configuration(authority, address, ice=True, stun=(f"127.0.0.1:{port}",)))
                async with asyncio.timeout(PATIENCE):
                    packet, _ = await listener.asked.get()
                identities.append(transaction(packet))
                pids.append(desk.supervisor.engine_pid or 0)
    words = [struct.unpack("!3I", one) for one in identities]
    assert not set(words[0]) & set(words[1])
    # Once, the first word was the process id.
    for pid, identity in zip(pids, identities, strict=True):
        assert struct.pack("!I", pid) not in identity
        assert struct.pack("<I", pid) not in identity


async def test_only_who_was_asked_is_believed(
    desk: Desk, edge: SmallEdge, authority: Authority, address: EdgeAddress, turn: TurnServer
) -> None:
    async with stun_server() as (listener, server, port), stun_server() as (_, stranger, _):
        desk.send(
            configuration(authority, address, ice=True, stun=(f"127.0.0.1:{port}",)),
            Register(ADDRESS, USERNAME, REALM, turn.password(USERNAME)),
        )
        stop = asyncio.create_task(_answer_all(listener, server, stranger))
        try:
            await desk.next(RegistrationChanged, lambda report: report.state is RegistrationState.REGISTERED)
            call = edge.invite(SECURE_SDP.replace("t=0 0\r\n", f"t=0 0\r\n{ICE}") + CANDIDATE)
            desk.send(AnswerCall((await desk.next(CallIncoming)).call))
            async with asyncio.timeout(PATIENCE):
                answer = (await call.answer(lambda one: one.status == 200)).body
        finally:
            stop.cancel()
        assert "203.0.113.77" not in answer
        assert "192.0.2.55" in answer
        assert RELAY not in answer


async def _answer_all(
    listener: Listener, server: asyncio.DatagramTransport, stranger: asyncio.DatagramTransport
) -> None:
    """A stranger answers each question first, with the right id and a wrong address; then the server answers it."""
    while True:
        packet, source = await listener.asked.get()
        identity = transaction(packet)
        stranger.sendto(binding_response(identity, "203.0.113.77", 4_444), source)
        server.sendto(binding_response(identity, "192.0.2.55", 5_555), source)
