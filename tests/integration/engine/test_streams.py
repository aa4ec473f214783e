"""The streams themselves: each codec of the manifest, and the way that is kept open for them."""

import asyncio
from pathlib import Path

import pytest

from client.core.telephony import (
    AnswerCall,
    CallConfirmed,
    CallEnded,
    CallIncoming,
    CallMedia,
    EdgeAddress,
    RegistrationChanged,
    RegistrationState,
    SetMute,
)
from tests.integration.engine.authority import Authority
from tests.integration.engine.parts import PATIENCE, Desk, answered, calling, configuration, credentials, running_desk
from tests.integration.engine.small_edge import SmallEdge
from tests.integration.engine.test_calls import SECURE_SDP
from tests.integration.engine.virtual_sound import VirtualSound, tone, tone_share

CUSTOMER_HERTZ, AGENT_HERTZ = 440.0, 950.0
CODECS = ("opus/48000", "G722/16000", "PCMA/8000", "PCMU/8000")


@pytest.mark.parametrize("codec", CODECS)
async def test_sound_flows_both_ways_with_each_codec(
    edge: SmallEdge, authority: Authority, address: EdgeAddress, tmp_path: Path, sound: VirtualSound, *, codec: str
) -> None:
    async with running_desk(tmp_path, sound.environment) as desk:
        desk.send(configuration(authority, address, codecs=CODECS), credentials())
        await desk.next(RegistrationChanged, lambda report: report.state is RegistrationState.REGISTERED)
        async with calling(edge, authority, tmp_path, tone(CUSTOMER_HERTZ, 1.0), codecs=[codec]) as customer:
            await answered(desk, customer)
            with sound.record_headset() as heard:
                await asyncio.to_thread(sound.play_into_mic, tone(AGENT_HERTZ, 2.0))
            await customer.hang_up()
        assert {report.codec for report in desk.reports if isinstance(report, CallMedia) and report.active} == {
            codec.partition("/")[0]
        }
        assert tone_share(heard.samples, CUSTOMER_HERTZ) > 0.5
        assert tone_share(customer.heard(), AGENT_HERTZ) > 0.2


class Ears(asyncio.DatagramProtocol):
    """A telephone's port that only counts what comes."""

    def __init__(self) -> None:
        self.heard: asyncio.Queue[bytes] = asyncio.Queue()

    def datagram_received(self, data: bytes, _addr: tuple[str, int]) -> None:
        self.heard.put_nowait(data)


async def test_the_way_through_a_home_router_is_kept_open_when_nothing_is_said(
    registered_desk: Desk, edge: SmallEdge
) -> None:
    """RFC 6263: a call in which no sound flows still sends packets, before a router forgets the way: those of RTCP,
    which shares the port with the sound (RFC 5761). A muted microphone sends silence."""
    transport, ears = await asyncio.get_running_loop().create_datagram_endpoint(Ears, local_addr=("127.0.0.1", 0))
    sdp = SECURE_SDP.replace("m=audio 40000", f"m=audio {transport.get_extra_info('sockname')[1]}")
    sdp += "a=rtcp-mux\r\n"
    call = edge.invite(sdp)
    registered_desk.send(AnswerCall((await registered_desk.next(CallIncoming)).call))
    await call.answer(lambda answer: answer.status == 200)
    call.send("ACK")
    await registered_desk.next(CallConfirmed)
    call.send("INVITE", sdp + "a=inactive\r\n")
    await call.answer(lambda answer: answer.status == 200 and "INVITE" in answer.get("CSeq"))
    call.send("ACK")
    await registered_desk.next(CallMedia, lambda media: not media.active)
    while not ears.heard.empty():
        ears.heard.get_nowait()
    async with asyncio.timeout(PATIENCE):
        for _ in range(2):
            await ears.heard.get()
    call.send("INVITE", sdp)
    await call.answer(lambda answer: answer.status == 200 and "INVITE" in answer.get("CSeq"))
    call.send("ACK")
    number = (await registered_desk.next(CallMedia, lambda media: media.active)).call
    registered_desk.send(SetMute(number, True))
    async with asyncio.timeout(PATIENCE):
        for _ in range(100):
            await ears.heard.get()
    transport.close()
    call.send("BYE")
    await registered_desk.next(CallEnded)
