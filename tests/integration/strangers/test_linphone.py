"""linphonec as the customer: sound, hold, digits, transfer, both ways."""

import asyncio
from pathlib import Path

import pytest

from client.core.telephony import (
    CallConfirmed,
    CallDigit,
    CallEnd,
    CallEnded,
    CallMedia,
    CallRinging,
    CallTransfer,
    HangUp,
    SendDigits,
    SendText,
    SetHold,
    TransferCall,
)
from tests.integration.edge.world import World
from tests.integration.engine.parts import Desk
from tests.integration.engine.virtual_sound import VirtualSound, tone, tone_share

from .agent import AGENT, at_home, dials, media_of, picks_up
from .linphone import linphone

CUSTOMER_HERTZ, AGENT_HERTZ = 440.0, 950.0
SPEECH = tone(CUSTOMER_HERTZ, 60.0)


@pytest.mark.parametrize("suite", ["", "AES_CM_128_HMAC_SHA1_80", "AES_256_CM_HMAC_SHA1_80"])
async def test_it_calls_and_both_hear(
    hearing_desk: Desk, world: World, tmp_path: Path, sound: VirtualSound, suite: str
) -> None:
    async with linphone(world, tmp_path, SPEECH, suite=suite) as stranger:
        stranger.dial(AGENT)
        call = await picks_up(hearing_desk)
        with sound.record_headset() as heard:
            await asyncio.to_thread(sound.play_into_mic, tone(AGENT_HERTZ, 2.0))
        media = media_of(hearing_desk, call)[-1]
        hearing_desk.send(HangUp(call))
        assert await hearing_desk.next(CallEnded) == CallEnded(call, CallEnd.LOCAL)
        await stranger.says("ended")
    assert media.codec == "opus"
    assert media.srtp == (suite or "AEAD_AES_256_GCM")
    assert tone_share(heard.samples, CUSTOMER_HERTZ) > 0.5
    assert stranger.share_of(AGENT_HERTZ) > 0.5


async def test_it_hangs_up(desk: Desk, world: World, tmp_path: Path) -> None:
    async with linphone(world, tmp_path, SPEECH) as stranger:
        stranger.dial(AGENT)
        call = await picks_up(desk)
        await stranger.says("Media streams established")
        stranger.order("terminate all")
        assert await desk.next(CallEnded) == CallEnded(call, CallEnd.REMOTE)


async def test_it_holds_and_is_held(desk: Desk, world: World, tmp_path: Path) -> None:
    async with linphone(world, tmp_path, SPEECH) as stranger:
        stranger.dial(AGENT)
        call = await picks_up(desk)
        await stranger.says("Media streams established")
        stranger.order("pause")
        await desk.next(CallMedia, lambda report: report.held_remotely)
        await stranger.says("paused")
        stranger.order("resume 1")
        await desk.next(CallMedia, lambda report: report.active and not report.held_remotely)
        await stranger.says("Media streams established", 2)
        desk.send(SetHold(call, True))
        await desk.next(CallMedia, lambda report: report.held_locally)
        await stranger.says("has been paused by")
        desk.send(SetHold(call, False))
        await desk.next(CallMedia, lambda report: report.active and not report.held_locally)
        desk.send(HangUp(call))
        await stranger.says("ended")


@pytest.mark.parametrize("events", [True, False], ids=["RFC 4733", "INFO"])
async def test_digits_both_ways(desk: Desk, world: World, tmp_path: Path, events: bool) -> None:
    async with linphone(world, tmp_path, SPEECH, events=events) as stranger:
        stranger.dial(AGENT)
        call = await picks_up(desk)
        await stranger.says("Media streams established")
        stranger.order("5")
        assert await desk.next(CallDigit) == CallDigit(call, "5")
        desk.send(SendDigits(call, "7"))
        await stranger.says("tone 7")
        desk.send(HangUp(call))
        await stranger.says("ended")


async def test_it_sends_the_agent_nowhere(desk: Desk, world: World, tmp_path: Path) -> None:
    async with linphone(world, tmp_path, SPEECH) as stranger:
        stranger.dial(AGENT)
        call = await picks_up(desk)
        await stranger.says("Media streams established")
        stranger.order("transfer sip:8001@calls.example.org")
        # The call still stands, and is ended by the next command.
        stranger.order("terminate all")
        assert await desk.next(CallEnded) == CallEnded(call, CallEnd.REMOTE)
    assert "SIP/2.0 403" in stranger.messages


async def test_it_is_called_and_both_hear(
    hearing_desk: Desk, world: World, tmp_path: Path, sound: VirtualSound
) -> None:
    async with linphone(world, tmp_path, SPEECH, called=True) as stranger:
        call = await dials(hearing_desk, world.server.token("8001"))
        await hearing_desk.next(CallRinging)
        stranger.order("answer")
        await hearing_desk.next(CallConfirmed)
        with sound.record_headset() as heard:
            await asyncio.to_thread(sound.play_into_mic, tone(AGENT_HERTZ, 2.0))
        hearing_desk.send(HangUp(call))
        await stranger.says("ended")
    assert tone_share(heard.samples, CUSTOMER_HERTZ) > 0.5
    assert stranger.share_of(AGENT_HERTZ) > 0.5


async def test_it_declines(desk: Desk, world: World, tmp_path: Path) -> None:
    async with linphone(world, tmp_path, SPEECH, called=True) as stranger:
        call = await dials(desk, world.server.token("8001"))
        await desk.next(CallRinging)
        stranger.order("terminate all")
        assert await desk.next(CallEnded) == CallEnded(call, CallEnd.FAILED, 603)


async def test_it_is_transferred_to_another_agent(desk: Desk, world: World, tmp_path: Path) -> None:
    async with linphone(world, tmp_path, SPEECH) as stranger, at_home(world, tmp_path, "agent2") as colleague:
        stranger.dial(AGENT)
        call = await picks_up(desk)
        await stranger.says("Media streams established")
        desk.send(TransferCall(call, world.server.token("agent2")))
        second = await picks_up(colleague)
        assert await desk.next(CallTransfer, lambda report: report.final) == CallTransfer(call, 200, True)
        assert (await desk.next(CallEnded)).call == call
        assert media_of(colleague, second)[-1].active
        colleague.send(HangUp(second))
        await stranger.says("ended", 2)


async def keeps_typing(desk: Desk, call: int, line: str) -> None:
    """Type a line again and again, at a person's pace."""
    while True:
        desk.send(SendText(call, line))
        await asyncio.sleep(0.5)


async def test_what_the_agent_types_is_read(world: World, tmp_path: Path) -> None:
    async with (
        linphone(world, tmp_path, SPEECH, called=True) as stranger,
        at_home(world, tmp_path, real_time_text=True) as desk,
    ):
        call = await dials(desk, world.server.token("8001"))
        await desk.next(CallRinging)
        stranger.order("answer")
        await desk.next(CallConfirmed)
        assert media_of(desk, call)[-1].text
        await stranger.says("Media streams established")
        # linphone may miss what arrives in the first instant of its stream, so the agent says hello until it is read.
        typing = asyncio.create_task(keeps_typing(desk, call, "hello 您好\u2028"))
        await stranger.says("Message received from sip:8001@calls.example.org: hello 您好")
        typing.cancel()
        desk.send(HangUp(call))
        await stranger.says("ended")
