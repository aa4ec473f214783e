"""Calls through a small edge, with real SRTP, real sound, and a customer's telephone in a process of its own."""

import asyncio
import os
import signal
from pathlib import Path

import numpy as np
import psutil  # type: ignore[import-untyped, unused-ignore]
import pytest

from client.core.telephony import (
    AnswerCall,
    CallConfirmed,
    CallEnd,
    CallEnded,
    CallIncoming,
    CallMedia,
    CallQuality,
    EdgeAddress,
    EngineStopped,
    HangUp,
    RegistrationChanged,
    RegistrationState,
    RejectCall,
    SetHold,
    SetMute,
    SoundChanged,
    SoundFault,
)
from tests.integration.engine.authority import Authority
from tests.integration.engine.parts import Desk, answered, calling, configuration, credentials, running_desk
from tests.integration.engine.small_edge import OwnCall, SmallEdge
from tests.integration.engine.virtual_sound import VirtualSound, tone, tone_share

CUSTOMER_HERTZ, AGENT_HERTZ = 440.0, 950.0
SPEECH = tone(CUSTOMER_HERTZ, 1.0)

PLAIN_SDP = """v=0
o=- 1 1 IN IP4 127.0.0.1
s=-
c=IN IP4 127.0.0.1
t=0 0
m=audio 40000 RTP/AVP 96
a=rtpmap:96 opus/48000/2
""".replace("\n", "\r\n")

SECURE_SDP = PLAIN_SDP.replace("RTP/AVP", "RTP/SAVP") + (
    "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:d0RmdmcmVCspeEc3QGZiNWpVLFJhQX1cfHAwJSoj\r\n"
)


async def test_sound_flows_both_ways_encrypted(
    hearing_desk: Desk, edge: SmallEdge, authority: Authority, tmp_path: Path, sound: VirtualSound
) -> None:
    edge.reference = "c_0123456789"
    async with calling(edge, authority, tmp_path, SPEECH) as customer:
        incoming = await hearing_desk.next(CallIncoming)
        assert incoming.ref == "c_0123456789"
        await customer.event("ringing")
        hearing_desk.send(AnswerCall(incoming.call))
        media = await hearing_desk.next(CallMedia)
        assert media == CallMedia(incoming.call, True, False, False, "opus", "AEAD_AES_256_GCM")
        assert (await customer.event("media"))["srtp"] == "AEAD_AES_256_GCM"
        await hearing_desk.next(CallConfirmed)
        with sound.record_headset() as heard:
            await asyncio.to_thread(sound.play_into_mic, tone(AGENT_HERTZ, 2.0))
        hearing_desk.send(HangUp(incoming.call))
        assert await hearing_desk.next(CallEnded) == CallEnded(incoming.call, CallEnd.LOCAL)
        await customer.event("ended")
        await customer.hang_up()
        assert tone_share(heard.samples, CUSTOMER_HERTZ) > 0.5
        assert tone_share(customer.heard(), AGENT_HERTZ) > 0.5


async def test_a_muted_desk_is_not_heard(
    hearing_desk: Desk, edge: SmallEdge, authority: Authority, tmp_path: Path, sound: VirtualSound
) -> None:
    async with calling(edge, authority, tmp_path, SPEECH) as customer:
        call = (await hearing_desk.next(CallIncoming)).call
        # Muted before the answer, so that not one packet carries the microphone.
        hearing_desk.send(SetMute(call, True), AnswerCall(call))
        await customer.event("media")
        await asyncio.to_thread(sound.play_into_mic, tone(AGENT_HERTZ, 1.0))
        await customer.hang_up()
        assert tone_share(customer.heard(), AGENT_HERTZ) < 0.01


async def test_a_held_customer_does_not_hear_the_agent(
    hearing_desk: Desk, edge: SmallEdge, authority: Authority, tmp_path: Path, sound: VirtualSound
) -> None:
    async with calling(edge, authority, tmp_path, SPEECH) as customer:
        call = await answered(hearing_desk, customer)
        hearing_desk.send(SetHold(call, True))
        await customer.event("hold")
        with sound.record_headset() as heard:
            await asyncio.to_thread(sound.play_into_mic, tone(AGENT_HERTZ, 1.0))
        await customer.hang_up()
        assert tone_share(customer.heard(), AGENT_HERTZ) < 0.01
        # What was on its way into the headset when the call was held may still be played.
        assert np.abs(heard.samples[heard.samples.size // 2 :]).max() < 100


async def test_the_microphone_is_open_only_during_calls(
    hearing_desk: Desk, edge: SmallEdge, authority: Authority, tmp_path: Path, sound: VirtualSound
) -> None:
    await asyncio.to_thread(sound.wait_for_listeners, 0)
    async with calling(edge, authority, tmp_path, SPEECH) as customer:
        # From the ring on, so that answering does not wait for the devices.
        await hearing_desk.next(CallIncoming)
        await asyncio.to_thread(sound.wait_for_listeners, 1)
        await customer.event("ringing")
        await customer.hang_up()
        await hearing_desk.next(CallEnded)
        await asyncio.to_thread(sound.wait_for_listeners, 0)


async def test_hold_and_resume(registered_desk: Desk, edge: SmallEdge, authority: Authority, tmp_path: Path) -> None:
    async with calling(edge, authority, tmp_path, SPEECH) as customer:
        call = await answered(registered_desk, customer)
        registered_desk.send(SetHold(call, True))
        assert (await registered_desk.next(CallMedia)).held_locally
        await customer.event("hold")
        registered_desk.send(SetHold(call, False))
        media = await registered_desk.next(CallMedia)
        assert (media.active, media.held_locally) == (True, False)
        await customer.event("resumed")


async def test_the_quality_is_reported(
    registered_desk: Desk, edge: SmallEdge, authority: Authority, tmp_path: Path
) -> None:
    async with calling(edge, authority, tmp_path, SPEECH) as customer:
        call = await answered(registered_desk, customer)
        quality = await registered_desk.next(CallQuality)
        assert (quality.call, quality.loss_percent) == (call, 0.0)
        assert 0.0 <= quality.jitter_ms < 1_000.0


async def test_a_call_without_any_sound_device_still_connects(
    registered_desk: Desk, edge: SmallEdge, authority: Authority, tmp_path: Path
) -> None:
    faults = (SoundFault.NO_MICROPHONE, SoundFault.NO_SPEAKER)
    assert SoundChanged("", "", faults) in registered_desk.reports
    async with calling(edge, authority, tmp_path, SPEECH) as customer:
        await answered(registered_desk, customer)


async def test_a_call_without_a_microphone_is_still_heard(
    edge: SmallEdge, authority: Authority, address: EdgeAddress, tmp_path: Path, sound: VirtualSound
) -> None:
    deaf = tmp_path / "headphones"
    pulse = f'type pulse server "{sound.environment["PULSE_SERVER"]}"'
    deaf.write_text(f'pcm.default {{ type asym playback.pcm {{ {pulse} }} hint {{ show on description "x" }} }}\n')
    async with running_desk(tmp_path, {"ALSA_CONFIG_PATH": str(deaf)}) as desk:
        desk.send(configuration(authority, address), credentials())
        faults = (SoundFault.NO_MICROPHONE,)
        assert await desk.next(SoundChanged, lambda report: bool(report.faults)) == SoundChanged(
            "", "default", faults, ring="default"
        )
        await desk.next(RegistrationChanged, lambda report: report.state is RegistrationState.REGISTERED)
        async with calling(edge, authority, tmp_path, tone(CUSTOMER_HERTZ, 1.0)) as customer:
            await answered(desk, customer)
            with sound.record_headset() as heard:
                await asyncio.to_thread(sound.play_into_mic, tone(AGENT_HERTZ, 1.0))
            await customer.hang_up()
        assert tone_share(heard.samples, CUSTOMER_HERTZ) > 0.5
        assert tone_share(customer.heard(), AGENT_HERTZ) < 0.01


async def test_the_customer_hangs_up(
    registered_desk: Desk, edge: SmallEdge, authority: Authority, tmp_path: Path
) -> None:
    async with calling(edge, authority, tmp_path, SPEECH) as customer:
        call = await answered(registered_desk, customer)
        await customer.hang_up()
        assert await registered_desk.next(CallEnded) == CallEnded(call, CallEnd.REMOTE)


async def test_the_customer_gives_up(
    registered_desk: Desk, edge: SmallEdge, authority: Authority, tmp_path: Path
) -> None:
    async with calling(edge, authority, tmp_path, SPEECH) as customer:
        call = (await registered_desk.next(CallIncoming)).call
        await customer.event("ringing")
        await customer.hang_up()
        assert await registered_desk.next(CallEnded) == CallEnded(call, CallEnd.CANCELLED, 487)


async def test_the_desk_refuses_a_call(
    registered_desk: Desk, edge: SmallEdge, authority: Authority, tmp_path: Path
) -> None:
    async with calling(edge, authority, tmp_path, SPEECH) as customer:
        call = (await registered_desk.next(CallIncoming)).call
        registered_desk.send(RejectCall(call, 603))
        assert await registered_desk.next(CallEnded) == CallEnded(call, CallEnd.REJECTED, 603)
        assert (await customer.event("ended"))["status"] == 603


async def test_a_second_call_may_be_told_that_the_line_is_busy(registered_desk: Desk, edge: SmallEdge) -> None:
    first = edge.invite(SECURE_SDP)
    await registered_desk.next(CallIncoming)
    second = edge.invite(SECURE_SDP)
    registered_desk.send(RejectCall((await registered_desk.next(CallIncoming)).call, 486))
    assert (await second.answer()).status == 486
    assert (await registered_desk.next(CallEnded)).end is CallEnd.REJECTED
    first.send("CANCEL")
    assert (await registered_desk.next(CallEnded)).end is CallEnd.CANCELLED


async def test_a_call_without_srtp_is_refused(registered_desk: Desk, edge: SmallEdge) -> None:
    assert (await edge.invite(PLAIN_SDP).answer()).status == 488
    assert (await registered_desk.next(CallEnded)).end is CallEnd.NOT_SECURE
    assert not any(isinstance(report, CallIncoming) for report in registered_desk.reports)


async def accept(call: OwnCall) -> None:
    await call.answer(lambda answer: answer.status == 200 and answer.method == "INVITE")
    call.send("ACK")


async def test_a_call_may_not_lose_its_srtp_later(registered_desk: Desk, edge: SmallEdge) -> None:
    call = edge.invite(SECURE_SDP)
    registered_desk.send(AnswerCall((await registered_desk.next(CallIncoming)).call))
    await accept(call)
    await registered_desk.next(CallConfirmed)
    call.send("INVITE", PLAIN_SDP)
    assert (await call.answer()).status == 488


@pytest.mark.parametrize(
    ("headers", "reference"),
    [
        ([("X-Hearthline-Call", "c_abcDEF-_123")], "c_abcDEF-_123"),
        ([("x-hearthline-call", "c_abcDEF-_123")], "c_abcDEF-_123"),
        ([("X-Hearthline-Call", "13812345678")], ""),
        ([("X-Hearthline-Call", "c_abcDEF-_123"), ("X-Hearthline-Call", "c_abcDEF-_124")], ""),
        ([], ""),
    ],
)
async def test_only_a_reference_of_the_right_form_is_passed_on(
    registered_desk: Desk, edge: SmallEdge, headers: list[tuple[str, str]], reference: str
) -> None:
    edge.invite(SECURE_SDP, *headers)
    assert (await registered_desk.next(CallIncoming)).ref == reference


async def test_nobody_can_connect_to_the_engine(registered_desk: Desk) -> None:
    pid = registered_desk.supervisor.engine_pid
    connections = psutil.Process(pid).net_connections(kind="inet")
    assert [one for one in connections if one.status == psutil.CONN_LISTEN or not one.raddr] == []
    assert [one.status for one in connections] == [psutil.CONN_ESTABLISHED]


async def test_a_killed_engine_is_replaced_and_registered_again(
    registered_desk: Desk, edge: SmallEdge, authority: Authority, tmp_path: Path
) -> None:
    async with calling(edge, authority, tmp_path, SPEECH) as customer:
        await answered(registered_desk, customer)
        pid = registered_desk.supervisor.engine_pid
        assert pid is not None
        os.kill(pid, signal.SIGKILL)
        assert await registered_desk.next(EngineStopped) == EngineStopped(-signal.SIGKILL, 0.0)
        await registered_desk.next(RegistrationChanged, lambda report: report.state is RegistrationState.REGISTERED)
        assert registered_desk.supervisor.engine_pid not in (None, pid)
