"""An edge restarts, an edge dies, and the server is away: speech goes on, and the line finds an edge again."""

import asyncio
from pathlib import Path

from client.core.telephony import CallEnd, CallEnded, CallIncoming, HangUp
from tests.integration.network.edges import credentials
from tests.integration.network.world import World, customer_heard_the_agent


async def test_a_call_survives_that_kamailio_dies_and_comes_back(world: World, tmp_path: Path) -> None:
    edge = world.edges[0]
    async with world.customer(tmp_path) as customer:
        await world.answer(customer)
        await asyncio.to_thread(edge.kill_proxy)
        await world.desk.unregistered()
        await world.agent_hears_and_speaks()
        await world.outside(edge.start_proxy)
        await world.desk.registered()
        assert not world.desk.has_lost_a_call
        # The customer's hang-up finds the desk over its new connection.
        customer.order("hangup")
        assert (await world.desk.wait(CallEnded)).end is CallEnd.REMOTE
    assert customer_heard_the_agent(customer)
    async with world.customer(tmp_path):
        await world.desk.next(CallIncoming)


async def test_an_edge_dies_and_the_other_takes_the_line_and_keeps_it(two_edges: World, tmp_path: Path) -> None:
    world, (first, second) = two_edges, two_edges.edges
    await asyncio.to_thread(first.stop)
    assert await world.desk.registered() == second.name
    async with world.customer(tmp_path, edge=1):
        await world.desk.next(CallIncoming)
    # The first one being back is no reason to move; that the second one dies is.
    await world.outside(first.start)
    async with world.customer(tmp_path, edge=1):
        await world.desk.next(CallIncoming)
    await asyncio.to_thread(second.stop)
    assert await world.desk.registered() == first.name
    async with world.customer(tmp_path):
        await world.desk.next(CallIncoming)


async def test_an_edge_vanishes_without_a_word_and_with_something_on_the_way(two_edges: World, tmp_path: Path) -> None:
    world, (first, second) = two_edges, two_edges.edges
    world.street.lose(first.host)
    # The kernel goes on sending this for a quarter of an hour, and does not ask whether anybody is there meanwhile.
    world.desk.send(credentials())
    assert await world.desk.registered() == second.name
    async with world.customer(tmp_path, edge=1):
        await world.desk.next(CallIncoming)


async def test_speech_does_not_need_the_server(world: World, tmp_path: Path) -> None:
    async with world.customer(tmp_path) as customer:
        call = await world.answer(customer)
        await asyncio.to_thread(world.server.stop)
        # Nobody renews credentials, and the line has to be made anew with the old ones.
        world.wire.switch_on(30)
        await world.desk.unregistered()
        await world.desk.registered()
        await customer.event("media")
        await world.agent_hears_and_speaks()
        world.desk.send(HangUp(call))
        await customer.event("ended")
    assert customer_heard_the_agent(customer)
    async with world.customer(tmp_path) as customer:
        await world.answer(customer)
