"""Calls that the desk makes: how they ring, what is heard of them, and how they end."""

import asyncio
from pathlib import Path

import pytest

from client.core.telephony import (
    CallConfirmed,
    CallEnd,
    CallEnded,
    CallMedia,
    CallOutgoing,
    CallRinging,
    EngineStarted,
    HangUp,
    MakeCall,
)
from tests.integration.engine.authority import Authority
from tests.integration.engine.parts import Desk, waiting
from tests.integration.engine.small_edge import SmallEdge
from tests.integration.engine.virtual_sound import VirtualSound, tone, tone_share

CUSTOMER_HERTZ, AGENT_HERTZ, RINGBACK_HERTZ = 700.0, 950.0, 450.0
SPEECH = tone(CUSTOMER_HERTZ, 1.0)


@pytest.mark.parametrize("reliable", [False, True])
async def test_a_call_rings_and_is_answered_and_ended(
    hearing_desk: Desk, edge: SmallEdge, authority: Authority, tmp_path: Path, sound: VirtualSound, *, reliable: bool
) -> None:
    async with waiting(edge, authority, tmp_path, SPEECH, reliable=reliable) as customer:
        hearing_desk.send(MakeCall(77, "customer"))
        call = (await hearing_desk.next(CallOutgoing, lambda report: report.request == 77)).call
        await customer.event("incoming")
        customer.order("ringing")
        assert await hearing_desk.next(CallRinging) == CallRinging(call, early_media=False)
        with sound.record_headset() as ringing:
            await asyncio.to_thread(sound.play_into_mic, tone(AGENT_HERTZ, 1.0))
        customer.order("answer")
        await hearing_desk.next(CallMedia, lambda report: report.active)
        await hearing_desk.next(CallConfirmed)
        with sound.record_headset() as talking:
            await asyncio.to_thread(sound.play_into_mic, tone(AGENT_HERTZ, 2.0))
        hearing_desk.send(HangUp(call))
        assert await hearing_desk.next(CallEnded) == CallEnded(call, CallEnd.LOCAL)
        await customer.event("ended")
    assert tone_share(ringing.samples, RINGBACK_HERTZ) > 0.8
    assert tone_share(talking.samples, CUSTOMER_HERTZ) > 0.5
    assert tone_share(talking.samples, RINGBACK_HERTZ) < 0.05
    assert tone_share(customer.heard(), AGENT_HERTZ) > 0.5
    assert ((b"PRACK " in edge.received), (b"Require: 100rel" in edge.received)) == (reliable, reliable)


async def test_early_media_is_heard_and_the_agent_is_not(
    hearing_desk: Desk, edge: SmallEdge, authority: Authority, tmp_path: Path, sound: VirtualSound
) -> None:
    async with waiting(edge, authority, tmp_path, SPEECH) as customer:
        hearing_desk.send(MakeCall(1, "customer"))
        await customer.event("incoming")
        customer.order("early")
        await hearing_desk.next(CallRinging, lambda report: report.early_media)
        with sound.record_headset() as early:
            await asyncio.to_thread(sound.play_into_mic, tone(AGENT_HERTZ, 2.0))
        hearing_desk.send(HangUp(1))
        await customer.event("ended")
    assert tone_share(early.samples, CUSTOMER_HERTZ) > 0.5
    assert tone_share(early.samples, RINGBACK_HERTZ) < 0.05
    assert tone_share(customer.heard(), AGENT_HERTZ) < 0.01


async def test_a_refused_call_says_with_which_status(
    registered_desk: Desk, edge: SmallEdge, authority: Authority, tmp_path: Path
) -> None:
    async with waiting(edge, authority, tmp_path, SPEECH) as customer:
        registered_desk.send(MakeCall(1, "customer"))
        await customer.event("incoming")
        customer.order("refuse 486")
        assert await registered_desk.next(CallEnded) == CallEnded(1, CallEnd.FAILED, 486)


async def test_a_call_that_is_given_up_is_cancelled(
    registered_desk: Desk, edge: SmallEdge, authority: Authority, tmp_path: Path
) -> None:
    async with waiting(edge, authority, tmp_path, SPEECH) as customer:
        registered_desk.send(MakeCall(1, "customer"))
        await customer.event("incoming")
        customer.order("ringing")
        await registered_desk.next(CallRinging)
        registered_desk.send(HangUp(1))
        assert await registered_desk.next(CallEnded) == CallEnded(1, CallEnd.LOCAL)
        assert (await customer.event("ended"))["status"] == 487


async def test_what_may_not_be_called_is_not(registered_desk: Desk, edge: SmallEdge) -> None:
    registered_desk.send(MakeCall(5, "customer@elsewhere.invalid"))
    assert await registered_desk.next(CallOutgoing) == CallOutgoing(1, 5)
    assert await registered_desk.next(CallEnded) == CallEnded(1, CallEnd.FAILED, 400)
    assert b"INVITE sip:" not in edge.received


async def test_without_a_line_a_call_ends_at_once(desk: Desk) -> None:
    await desk.next(EngineStarted)
    desk.send(MakeCall(5, "customer"))
    assert await desk.next(CallOutgoing) == CallOutgoing(1, 5)
    assert (await desk.next(CallEnded)).end is CallEnd.FAILED
