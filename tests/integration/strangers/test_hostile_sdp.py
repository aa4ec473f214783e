"""Oversized and malformed session descriptions, through the edge and straight at the engine."""

import asyncio
import contextlib
import secrets
from collections.abc import AsyncIterator

from client.core.telephony import CallIncoming, RejectCall
from tests.integration.edge.world import World
from tests.integration.engine.parts import PATIENCE, Desk
from tests.integration.engine.small_edge import SmallEdge
from tests.integration.engine.test_calls import SECURE_SDP

from .agent import AGENT
from .hostile import at_trunk_side, bears_it, invite
from .hostile_sdp import PLAIN, TOO_LONG, descriptions


@contextlib.asynccontextmanager
async def rejecting(desk: Desk) -> AsyncIterator[None]:
    """Each call that rings is refused as busy."""

    async def reject() -> None:
        while True:
            with contextlib.suppress(TimeoutError):
                desk.send(RejectCall((await desk.next(CallIncoming)).call, 486))

    task = asyncio.create_task(reject())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def test_through_the_edge(desk: Desk, world: World) -> None:
    engine = desk.supervisor.engine_pid
    said: dict[str, int] = {}
    with bears_it(world):
        async with rejecting(desk):
            for name, body in (*descriptions(PLAIN).items(), ("sound", PLAIN)):
                trunk = await at_trunk_side(world)
                call_id = secrets.token_hex(8)
                trunk.send(invite(trunk.address, AGENT, call_id, body=body))
                said[name] = await trunk.final(call_id)
                trunk.close()
    # 486 is the agent's word; 0 is a closed connection. Nothing was answered with 200, and all was answered.
    assert set(said.values()) <= {0, 400, 406, 415, 480, 486, 488, 503}, said
    assert said["sound"] == 486
    assert desk.supervisor.engine_pid == engine


async def test_at_the_engine(registered: Desk, small_edge: SmallEdge) -> None:
    engine = registered.supervisor.engine_pid
    said: dict[str, int] = {}
    bodies = descriptions(SECURE_SDP)
    long = {name for name, body in bodies.items() if len(body) > TOO_LONG}
    async with rejecting(registered):
        for name in bodies.keys() - long:
            call = small_edge.invite(bodies[name])
            async with asyncio.timeout(PATIENCE):
                said[name] = (await call.answer()).status
            call.send("ACK")
        for name in long:
            small_edge.invite(bodies[name])
        # What stands behind a message that was too long may be lost with it, but not for ever.
        ordinary = [asyncio.create_task(small_edge.invite(SECURE_SDP).answer()) for _ in range(5)]
        done, pending = await asyncio.wait(ordinary, timeout=PATIENCE, return_when=asyncio.FIRST_COMPLETED)
        for task in pending:
            task.cancel()
    assert {task.result().status for task in done} == {486}
    assert set(said.values()) <= {400, 406, 415, 486, 488}, said
    assert registered.supervisor.engine_pid == engine
