"""The torture messages of RFC 4475, at the edge from both sides, and straight at the engine."""

import secrets
from collections.abc import Awaitable, Callable

import pytest

from client.core.telephony import CallEnd, CallEnded, CallIncoming, RejectCall
from tests.integration.edge.world import DOMAIN, World
from tests.integration.engine.parts import Desk
from tests.integration.engine.small_edge import SmallEdge
from tests.integration.engine.test_calls import SECURE_SDP

from .agent import AGENT
from .hostile import RawConnection, at_home_side, at_trunk_side, bears_it, invite
from .torture import Torture, torture_messages

SIDES: dict[str, Callable[[World], Awaitable[RawConnection]]] = {"home": at_home_side, "trunk": at_trunk_side}

REFUSED = {
    "mpart01": [405],
    "scalar02": [400],
    "ltgtruri": [400],
    "mismatch01": [400],
    "mismatch02": [400],
    "unkscm": [400],
    "novelsc": [400],
    "unksm2": [400],
    "zeromf": [483],
    "badinv01": [],
    "clerr": [],
    "ncl": [],
    "quotbal": [],
    "lwsruri": [],
    "lwsstart": [],
    "badvers": [],
    "insuf": [],
    "multi01": [],
    "scalarlg": [],
    "bigcode": [],
    "bcast": [],
    "unreason": [],
    "noreason": [],
}
"""What is answered with the same refusal on both sides, and what with silence: replies to nothing, and what cannot be
read well enough to know whom to answer."""
HARMLESS = {"longreq", "escruri", "baddate", "sdp01"}


async def answers(world: World, side: str, message: Torture, data: bytes) -> list[int]:
    """What the edge answers to a message, once it has taken notice of it."""
    connection = await SIDES[side](world)
    try:
        connection.send(data)
        if not message.swallows:
            await connection.is_heard()
        return connection.statuses()
    finally:
        connection.close()


@pytest.mark.parametrize("aimed", [False, True], ids=["as they are", "aimed at the agent"])
@pytest.mark.parametrize("side", SIDES)
async def test_at_the_edge(desk: Desk, world: World, side: str, aimed: bool) -> None:
    messages = torture_messages()
    assert len(messages) == 49
    said = {}
    with bears_it(world):
        for message in messages:
            data = message.aimed_at(f"sip:{AGENT}@{DOMAIN}") if aimed else message.data
            said[message.name] = await answers(world, side, message, data)
    answered = {message.name: said[message.name] for message in messages if message.method != "OPTIONS"}
    assert not {name for name, statuses in answered.items() if any(200 <= status < 300 for status in statuses)}
    assert {name for name, statuses in said.items() if 500 <= max(statuses, default=0) < 600} == set()
    assert {name: said[name] for name in REFUSED} == REFUSED
    # A call with an unusual but harmless header is a call, and is answered as any other.
    calls = {name for name, statuses in said.items() if 100 in statuses}
    assert calls == (HARMLESS if aimed and side == "trunk" else set())
    for _ in calls:
        desk.send(RejectCall((await desk.next(CallIncoming)).call, 603))
    assert await is_called(desk, world)


async def is_called(desk: Desk, world: World) -> bool:
    """Whether an ordinary call gets through."""
    trunk = await at_trunk_side(world)
    trunk.send(invite(trunk.address, AGENT, secrets.token_hex(8)))
    call = (await desk.next(CallIncoming)).call
    desk.send(RejectCall(call, 486))
    try:
        return await trunk.until(b"SIP/2.0 486")
    finally:
        trunk.close()


async def test_at_the_engine(registered: Desk, small_edge: SmallEdge) -> None:
    """What an edge that had fallen into wrong hands could send."""
    engine = registered.supervisor.engine_pid
    assert small_edge.desk is not None
    for message in torture_messages():
        if not message.swallows:
            for data in (message.data, message.aimed_at(small_edge.contact)):
                small_edge.desk.writer.write(data)
    small_edge.invite(SECURE_SDP)
    # None of them rings, for none of them offers SRTP; the call behind them does.
    await registered.next(CallIncoming)
    ended = [report for report in registered.reports if isinstance(report, CallEnded)]
    assert {report.end for report in ended} <= {CallEnd.NOT_SECURE}
    assert len([report for report in registered.reports if isinstance(report, CallIncoming)]) == 1
    assert registered.supervisor.engine_pid == engine
