"""Floods of INVITEs, at the edge from both sides and at the engine; then a call gets through."""

import asyncio
import secrets

from client.core.telephony import CallEnded, CallIncoming, RegistrationChanged, RejectCall
from tests.integration.edge.world import SRTP_ANSWER, World
from tests.integration.engine.parts import Desk
from tests.integration.engine.small_edge import SmallEdge
from tests.integration.engine.test_calls import SECURE_SDP

from .hostile import RawConnection, at_home_side, at_trunk_side, bears_it, invite, memory
from .test_torture import is_called

FLOOD = 1_000
CONNECTIONS = 4


async def flood(connection: RawConnection, user: str, body: str, count: int) -> None:
    """So many calls, as fast as the edge takes them; returns when it has dealt with all."""
    for number in range(count):
        call_id = secrets.token_hex(8)
        connection.send(invite(connection.address, user, call_id, body=body))
        if number % 50 == 49:
            await connection.writer.drain()
            assert await connection.final(call_id) >= 400
            connection.received = b""
    assert await connection.is_heard()


async def floods(world: World) -> None:
    """Strangers at the home side who dial tokens, and a trunk gone wild that calls agents who are not there."""
    home = [await at_home_side(world) for _ in range(CONNECTIONS)]
    trunk = [await at_trunk_side(world) for _ in range(CONNECTIONS)]
    try:
        await asyncio.gather(
            *(flood(one, "t_" + secrets.token_urlsafe(24), SRTP_ANSWER, FLOOD // CONNECTIONS) for one in home),
            *(flood(one, "nobody", SRTP_ANSWER, FLOOD // CONNECTIONS) for one in trunk),
        )
    finally:
        for connection in (*home, *trunk):
            connection.close()


async def test_at_the_edge(desk: Desk, world: World) -> None:
    with bears_it(world):
        # The first flood fills caches and pools; what the second one adds would be a leak.
        await floods(world)
        before = memory(world)
        await floods(world)
        assert memory(world) < before * 1.05
    assert [r.state.value for r in desk.reports if isinstance(r, RegistrationChanged)][-1] == "registered"
    assert not any(isinstance(report, CallIncoming) for report in desk.reports)
    assert not [told for told in world.server.told if told.path == "/edge/dial"]
    assert await is_called(desk, world)


async def test_at_the_engine(registered: Desk, small_edge: SmallEdge) -> None:
    """Eight calls ring, which is all that an agent could ever look at; the others are busy at once."""
    engine = registered.supervisor.engine_pid
    calls = [small_edge.invite(SECURE_SDP) for _ in range(300)]
    rings = [(await registered.next(CallIncoming)).call for _ in range(8)]
    busy = [(await call.answer()).status for call in calls[8:]]
    assert set(busy) == {486}
    for call in calls[8:]:
        call.send("ACK")
    for number in rings:
        registered.send(RejectCall(number, 603))
    assert [(await call.answer()).status for call in calls[:8]] == [603] * 8
    for _ in rings:
        await registered.next(CallEnded)
    small_edge.invite(SECURE_SDP)
    await registered.next(CallIncoming)
    assert registered.supervisor.engine_pid == engine
