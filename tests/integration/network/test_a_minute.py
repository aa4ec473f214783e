"""A minute without a network, whether the computer knows it or not, or asleep: the line comes back by itself."""

import asyncio
import os
import signal
from collections.abc import Awaitable, Callable
from pathlib import Path

from client.core.telephony import CallIncoming
from tests.integration.engine.virtual_sound import VirtualSound
from tests.integration.network.world import World, running_world

OUTAGE_SECONDS, SLEEP_SECONDS = 60, 70


async def switched_off(world: World) -> None:
    """The computer knows that it has no network."""
    world.wire.switch_off()
    await asyncio.sleep(OUTAGE_SECONDS)
    world.wire.switch_on(20)
    await world.desk.registered()


async def cut_off(world: World) -> None:
    """Nothing tells the computer, and still it may not believe for long that it can be called."""
    world.street.cut()
    await asyncio.gather(world.desk.unregistered(), asyncio.sleep(OUTAGE_SECONDS))
    world.street.mend()
    await world.desk.registered()


async def asleep(world: World) -> None:
    """The engine stands still, the network is away meanwhile, and the same engine goes on."""
    engine = world.desk.supervisor.engine_pid
    assert engine is not None
    os.kill(engine, signal.SIGSTOP)
    world.street.cut()
    await asyncio.sleep(SLEEP_SECONDS)
    world.street.mend()
    os.kill(engine, signal.SIGCONT)
    await world.desk.unregistered()
    await world.desk.registered()
    assert world.desk.supervisor.engine_pid == engine


async def test_the_line_comes_back_after_a_minute(tmp_path: Path, sound: VirtualSound) -> None:
    async def undergo(what: Callable[[World], Awaitable[None]], folder: Path) -> None:
        await asyncio.to_thread(folder.mkdir)
        async with running_world(folder, sound) as world:
            await what(world)
            async with world.customer(folder):
                await world.desk.next(CallIncoming)

    # At the same time, for each takes its minute.
    async with asyncio.TaskGroup() as group:
        for what in (switched_off, cut_off, asleep):
            group.create_task(undergo(what, tmp_path / what.__name__))
