"""The home PC gets another address, or goes from the wire to the air: the line follows, and the call goes along."""

from pathlib import Path

from client.core.telephony import CallIncoming, CallSilent, HangUp
from tests.integration.network.edges import credentials
from tests.integration.network.world import World, customer_heard_the_agent


async def test_another_address_while_nobody_calls(world: World, tmp_path: Path) -> None:
    world.wire.switch_on(30)
    await world.desk.unregistered()
    await world.desk.registered()
    async with world.customer(tmp_path):
        await world.desk.next(CallIncoming)


async def test_the_router_is_started_anew_with_something_on_the_way(world: World, tmp_path: Path) -> None:
    world.router_forgets()
    # The kernel goes on sending this for a quarter of an hour, and does not ask whether anybody is there meanwhile.
    world.desk.send(credentials())
    await world.desk.unregistered()
    await world.desk.registered()
    async with world.customer(tmp_path):
        await world.desk.next(CallIncoming)


async def test_another_address_in_a_call(world: World, tmp_path: Path) -> None:
    async with world.customer(tmp_path) as customer:
        call = await world.answer(customer)
        world.wire.switch_on(30)
        await world.desk.unregistered()
        await world.desk.registered()
        # The re-INVITE with the new address has been answered.
        await customer.event("media")
        await world.agent_hears_and_speaks()
        assert not world.desk.has_lost_a_call
        world.desk.send(HangUp(call))
        await customer.event("ended")
    assert customer_heard_the_agent(customer)


async def test_from_the_wire_to_the_air_in_a_call(world: World, tmp_path: Path) -> None:
    async with world.customer(tmp_path) as customer:
        call = await world.answer(customer)
        world.wire.switch_off()
        world.air.switch_on(40)
        await world.desk.unregistered()
        await world.desk.registered()
        await customer.event("media")
        await world.agent_hears_and_speaks()
        assert not world.desk.has_lost_a_call
        world.desk.send(HangUp(call))
        await customer.event("ended")
    assert customer_heard_the_agent(customer)


async def test_the_router_is_started_anew_in_a_call(world: World, tmp_path: Path) -> None:
    async with world.customer(tmp_path) as customer:
        call = await world.answer(customer)
        world.router_forgets()
        await world.desk.wait(CallSilent)
        await world.desk.unregistered()
        await world.desk.registered()
        # The re-INVITE takes the sound along to a new port.
        await customer.event("media")
        await world.agent_hears_and_speaks()
        assert not world.desk.has_lost_a_call
        world.desk.send(HangUp(call))
        await customer.event("ended")
    assert customer_heard_the_agent(customer)
