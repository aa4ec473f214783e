"""Twenty seconds without a single packet, in a call."""

import asyncio
from pathlib import Path

from client.core.telephony import CallSilent, HangUp
from tests.integration.network.world import World, customer_heard_the_agent


async def test_the_sound_comes_back_after_twenty_seconds(world: World, tmp_path: Path) -> None:
    async with world.customer(tmp_path) as customer:
        call = await world.answer(customer)
        world.street.cut()
        await asyncio.sleep(20)
        world.street.mend()
        await world.desk.wait(CallSilent, lambda report: not report.silent)
        await world.agent_hears_and_speaks()
        assert not world.desk.has_lost_a_call
        world.desk.send(HangUp(call))
        await customer.event("ended")
    assert customer_heard_the_agent(customer)
