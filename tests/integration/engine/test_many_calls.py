"""More than one call: waiting, swapping, transferring, conferring; and the digits in them."""

import asyncio
from contextlib import AsyncExitStack
from pathlib import Path

import numpy as np
import pytest

from client.core.telephony import (
    AnswerCall,
    CallConfirmed,
    CallDigit,
    CallEnd,
    CallEnded,
    CallIncoming,
    CallMedia,
    CallOutgoing,
    CallTransfer,
    ConferenceChanged,
    HangUp,
    MakeCall,
    PlayTone,
    SendDigits,
    SetConference,
    SetHold,
    Tone,
    TransferCall,
    TransferToCall,
)
from tests.integration.engine.authority import Authority
from tests.integration.engine.parts import Customer, Desk, answered, calling, waiting
from tests.integration.engine.small_edge import SmallEdge
from tests.integration.engine.test_calls import SECURE_SDP
from tests.integration.engine.virtual_sound import RATE, Samples, VirtualSound, tone, tone_share

FIRST_HERTZ, SECOND_HERTZ, AGENT_HERTZ = 580.0, 740.0, 950.0
FIRST, SECOND = tone(FIRST_HERTZ, 1.0), tone(SECOND_HERTZ, 1.0)


def now_and_then(speech: Samples) -> Samples:
    """Speech with pauses. While two customers talk without any, the echo canceller takes the agent for their echo."""
    return np.concatenate([speech[: RATE // 4], np.zeros(RATE, dtype=np.int16)])


async def called(desk: Desk, customer: Customer, name: str) -> int:
    """Call a customer, who answers; the sound flows when this returns."""
    desk.send(MakeCall(1, name))
    call = (await desk.next(CallOutgoing)).call
    await customer.event("incoming")
    customer.order("answer")
    await desk.next(CallConfirmed, lambda report: report.call == call)
    await customer.event("media")
    return call


async def said(sound: VirtualSound, seconds: float = 1.5) -> Samples:
    """The agent says something; what the agent hears meanwhile."""
    with sound.record_headset() as heard:
        await asyncio.to_thread(sound.play_into_mic, tone(AGENT_HERTZ, seconds))
    # What was still on its way from before is not counted.
    return heard.samples[heard.samples.size // 3 :]


async def held(desk: Desk, call: int) -> None:
    desk.send(SetHold(call, True))
    await desk.next(CallMedia, lambda report: report.call == call and report.held_locally)


async def test_a_second_call_waits_and_the_calls_are_swapped(
    hearing_desk: Desk, edge: SmallEdge, authority: Authority, tmp_path: Path, sound: VirtualSound
) -> None:
    (tmp_path / "second").mkdir()
    async with calling(edge, authority, tmp_path, FIRST) as first:
        one = await answered(hearing_desk, first)
        async with calling(edge, authority, tmp_path / "second", SECOND) as second:
            two = (await hearing_desk.next(CallIncoming)).call
            assert two != one
            hearing_desk.send(PlayTone(Tone.WAITING))
            await held(hearing_desk, one)
            hearing_desk.send(AnswerCall(two))
            await hearing_desk.next(CallConfirmed, lambda report: report.call == two)
            await second.event("media")
            heard = await said(sound)
            assert tone_share(heard, SECOND_HERTZ) > 0.2
            assert tone_share(heard, FIRST_HERTZ) < 0.01
            await held(hearing_desk, two)
            hearing_desk.send(SetHold(one, False))
            await hearing_desk.next(CallMedia, lambda report: report.call == one and report.active)
            heard = await said(sound)
            assert tone_share(heard, FIRST_HERTZ) > 0.2
            assert tone_share(heard, SECOND_HERTZ) < 0.01
            hearing_desk.send(HangUp(one))
            assert (await hearing_desk.next(CallEnded)).call == one
            await second.hang_up()
            assert await hearing_desk.next(CallEnded) == CallEnded(two, CallEnd.REMOTE)


async def test_a_tone_is_heard_by_the_agent_alone(
    hearing_desk: Desk, edge: SmallEdge, authority: Authority, tmp_path: Path, sound: VirtualSound
) -> None:
    async with calling(edge, authority, tmp_path, FIRST * 0) as customer:
        await answered(hearing_desk, customer)
        with sound.record_headset() as heard:
            hearing_desk.send(PlayTone(Tone.WARNING))
            await asyncio.to_thread(sound.play_into_mic, tone(AGENT_HERTZ, 1.0))
        await customer.hang_up()
    assert tone_share(heard.samples, 880) + tone_share(heard.samples, 1_175) > 0.8
    assert tone_share(customer.heard(), 880) + tone_share(customer.heard(), 1_175) < 0.01


async def test_a_conference_and_who_leaves_it(
    hearing_desk: Desk, edge: SmallEdge, authority: Authority, tmp_path: Path, sound: VirtualSound
) -> None:
    async with AsyncExitStack() as stack:
        first = await stack.enter_async_context(waiting(edge, authority, tmp_path, now_and_then(FIRST), "first"))
        second = await stack.enter_async_context(waiting(edge, authority, tmp_path, now_and_then(SECOND), "second"))
        one, two = await called(hearing_desk, first, "first"), await called(hearing_desk, second, "second")
        hearing_desk.send(SetConference((one, two, 99)))
        assert await hearing_desk.next(ConferenceChanged) == ConferenceChanged((one, two))
        heard = await said(sound, 4.0)
        assert tone_share(heard, FIRST_HERTZ) > 0.1
        assert tone_share(heard, SECOND_HERTZ) > 0.1
        hearing_desk.send(HangUp(one))
        assert await hearing_desk.next(ConferenceChanged) == ConferenceChanged((two,))
        hearing_desk.send(HangUp(two))
        await first.event("ended")
        await second.event("ended")
    for customer, other in ((first, SECOND_HERTZ), (second, FIRST_HERTZ)):
        assert tone_share(customer.heard(), AGENT_HERTZ) > 0.1
        assert tone_share(customer.heard(), other) > 0.02


async def test_without_a_conference_customers_do_not_hear_each_other(
    hearing_desk: Desk, edge: SmallEdge, authority: Authority, tmp_path: Path, sound: VirtualSound
) -> None:
    async with AsyncExitStack() as stack:
        first = await stack.enter_async_context(waiting(edge, authority, tmp_path, FIRST, "first"))
        second = await stack.enter_async_context(waiting(edge, authority, tmp_path, SECOND, "second"))
        for customer, name in ((first, "first"), (second, "second")):
            await called(hearing_desk, customer, name)
        await said(sound)
    assert tone_share(first.heard(), SECOND_HERTZ) < 0.01
    assert tone_share(second.heard(), FIRST_HERTZ) < 0.01


async def test_a_blind_transfer(registered_desk: Desk, edge: SmallEdge, authority: Authority, tmp_path: Path) -> None:
    async with AsyncExitStack() as stack:
        colleague = await stack.enter_async_context(waiting(edge, authority, tmp_path, SECOND, "colleague"))
        async with calling(edge, authority, tmp_path, FIRST) as customer:
            call = await answered(registered_desk, customer)
            await registered_desk.next(CallConfirmed)
            registered_desk.send(TransferCall(call, "colleague"))
            await customer.event("transferred")
            await colleague.event("incoming")
            colleague.order("answer")
            assert await registered_desk.next(CallTransfer, lambda report: report.final) == CallTransfer(
                call, 200, True
            )
            assert (await registered_desk.next(CallEnded)).call == call
            await colleague.event("media")
            await customer.hang_up()
            await colleague.event("ended")


async def test_a_transfer_that_nobody_takes_leaves_the_call(
    registered_desk: Desk, edge: SmallEdge, authority: Authority, tmp_path: Path
) -> None:
    async with calling(edge, authority, tmp_path, FIRST) as customer:
        call = await answered(registered_desk, customer)
        await registered_desk.next(CallConfirmed)
        registered_desk.send(TransferCall(call, "nobody"))
        assert await registered_desk.next(CallTransfer, lambda report: report.final) == CallTransfer(call, 480, True)
        assert [report for report in registered_desk.reports if isinstance(report, CallEnded)] == []


async def test_an_attended_transfer(
    registered_desk: Desk, edge: SmallEdge, authority: Authority, tmp_path: Path
) -> None:
    async with AsyncExitStack() as stack:
        colleague = await stack.enter_async_context(waiting(edge, authority, tmp_path, SECOND, "colleague"))
        async with calling(edge, authority, tmp_path, FIRST) as customer:
            one = await answered(registered_desk, customer)
            await registered_desk.next(CallConfirmed)
            await held(registered_desk, one)
            two = await called(registered_desk, colleague, "colleague")
            registered_desk.send(TransferToCall(one, two))
            await customer.event("transferred")
            await colleague.event("replaced")
            ended = {(await registered_desk.next(CallEnded)).call for _ in range(2)}
            assert ended == {one, two}
            await customer.hang_up()


@pytest.mark.parametrize("events", [True, False])
async def test_digits_go_out_as_events_or_by_info(
    registered_desk: Desk, edge: SmallEdge, authority: Authority, tmp_path: Path, *, events: bool
) -> None:
    async with calling(edge, authority, tmp_path, FIRST, events=events) as customer:
        call = await answered(registered_desk, customer)
        await registered_desk.next(CallConfirmed)
        registered_desk.send(SendDigits(call, "1x"), SendDigits(call, "9#"))
        assert [(await customer.event("digit"))["digit"] for _ in range(2)] == ["9", "#"]
        assert (b"INFO sip:" in edge.received) is not events


async def test_the_other_sides_digits_are_told(
    registered_desk: Desk, edge: SmallEdge, authority: Authority, tmp_path: Path
) -> None:
    async with calling(edge, authority, tmp_path, FIRST) as customer:
        call = await answered(registered_desk, customer)
        customer.order("digits 5*")
        assert await registered_desk.next(CallDigit) == CallDigit(call, "5")
        assert await registered_desk.next(CallDigit) == CallDigit(call, "*")


async def test_nobody_tells_the_desk_whom_to_call(registered_desk: Desk, edge: SmallEdge) -> None:
    call = edge.invite(SECURE_SDP)
    registered_desk.send(AnswerCall((await registered_desk.next(CallIncoming)).call))
    await call.answer(lambda answer: answer.status == 200 and answer.method == "INVITE")
    call.send("ACK")
    await registered_desk.next(CallConfirmed)
    call.send("REFER", "", ("Refer-To", "<sip:+8613900000000@example.invalid>"))
    assert (await call.answer(lambda answer: answer.method == "REFER")).status == 603
    assert not any(isinstance(report, CallOutgoing) for report in registered_desk.reports)
