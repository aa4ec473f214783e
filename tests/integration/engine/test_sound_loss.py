"""Sound devices that go and come back during a call, as when a headset is pulled out and plugged in again."""

import asyncio
import time
from collections.abc import Iterator
from pathlib import Path

import psutil  # type: ignore[import-untyped, unused-ignore]
import pytest

from client.core.telephony import (
    CallEnded,
    ChooseSound,
    EdgeAddress,
    RegistrationChanged,
    RegistrationState,
    SoundChanged,
    SoundDevices,
    SoundFault,
    SoundNews,
)
from tests.integration.engine.authority import Authority
from tests.integration.engine.parts import Desk, answered, calling, configuration, credentials, running_desk
from tests.integration.engine.small_edge import SmallEdge
from tests.integration.engine.virtual_sound import VirtualSound, tone, tone_share

CUSTOMER_HERTZ, AGENT_HERTZ = 440.0, 950.0
SPEECH = tone(CUSTOMER_HERTZ, 1.0)
NEITHER = (SoundFault.NO_MICROPHONE, SoundFault.NO_SPEAKER)


@pytest.fixture
def headset() -> Iterator[VirtualSound]:
    """A card of this test's own: it will be pulled out."""
    with VirtualSound() as sound:
        yield sound


async def registered(desk: Desk, authority: Authority, address: EdgeAddress) -> None:
    desk.send(configuration(authority, address), credentials())
    await desk.next(RegistrationChanged, lambda report: report.state is RegistrationState.REGISTERED)


async def is_heard_both_ways(desk: Desk, headset: VirtualSound) -> bool:
    with headset.record_headset() as heard:
        await asyncio.to_thread(headset.play_into_mic, tone(AGENT_HERTZ, 2.0))
    return tone_share(heard.samples, CUSTOMER_HERTZ) > 0.5


async def test_the_headset_is_pulled_and_plugged_in_again(
    edge: SmallEdge, authority: Authority, address: EdgeAddress, tmp_path: Path, headset: VirtualSound
) -> None:
    async with running_desk(tmp_path, headset.environment) as desk:
        await registered(desk, authority, address)
        async with calling(edge, authority, tmp_path, SPEECH) as customer:
            await answered(desk, customer)
            await asyncio.to_thread(headset.wait_for_listeners, 1)
            headset.stop()
            lost = await desk.next(SoundChanged, lambda report: report.news is SoundNews.LOST)
            assert lost == SoundChanged("", "", NEITHER, SoundNews.LOST)
            headset.start()
            back = await desk.next(SoundChanged, lambda report: report.news is SoundNews.RETURNED)
            assert back == SoundChanged("default", "default", (), SoundNews.RETURNED, "default")
            assert await is_heard_both_ways(desk, headset)
            await customer.hang_up()
        assert tone_share(customer.heard(), AGENT_HERTZ) > 0.2
        assert isinstance(await desk.next(CallEnded), CallEnded)


async def test_a_dead_device_costs_no_processor_time(
    edge: SmallEdge, authority: Authority, address: EdgeAddress, tmp_path: Path, headset: VirtualSound
) -> None:
    async with running_desk(tmp_path, headset.environment) as desk:
        await registered(desk, authority, address)
        async with calling(edge, authority, tmp_path, SPEECH) as customer:
            await answered(desk, customer)
            headset.stop()
            await desk.next(SoundChanged, lambda report: report.news is SoundNews.LOST)
            engine = psutil.Process(desk.supervisor.engine_pid)
            began, used = time.monotonic(), sum(engine.cpu_times()[:2])
            await customer.hang_up()
            await desk.next(CallEnded)
            share = (sum(engine.cpu_times()[:2]) - used) / (time.monotonic() - began)
            # A spinning thread takes most of a core; a call takes a few hundredths.
            assert share < 0.5


async def test_the_best_remaining_device_takes_over_and_the_chosen_one_returns(
    edge: SmallEdge, authority: Authority, address: EdgeAddress, tmp_path: Path, headset: VirtualSound
) -> None:
    with VirtualSound() as room:
        environment = headset.environment_with_default_of(room)
        async with running_desk(tmp_path, environment) as desk:
            await registered(desk, authority, address)
            desk.send(ChooseSound("hearthline", "hearthline"))
            async with calling(edge, authority, tmp_path, SPEECH) as customer:
                await answered(desk, customer)
                await asyncio.to_thread(headset.wait_for_listeners, 1)
                headset.stop()
                lost = await desk.next(SoundChanged, lambda report: report.news is SoundNews.LOST)
                assert lost == SoundChanged("default", "default", (), SoundNews.LOST, "default")
                assert await is_heard_both_ways(desk, room)
                headset.start()
                back = await desk.next(SoundChanged, lambda report: report.news is SoundNews.RETURNED)
                assert back == SoundChanged("hearthline", "hearthline", (), SoundNews.RETURNED, "hearthline")
                assert await is_heard_both_ways(desk, headset)
                await asyncio.to_thread(room.wait_for_listeners, 0)


async def test_the_devices_are_told(desk: Desk, authority: Authority, address: EdgeAddress) -> None:
    desk.send(configuration(authority, address))
    assert await desk.next(SoundDevices) == SoundDevices((), ())
