"""SIPp calls the agent: what a switch does at one time or another, step by step."""

import asyncio
import re
import socket
import struct
from pathlib import Path

import pytest

from client.core.telephony import (
    AnswerCall,
    CallConfirmed,
    CallDigit,
    CallEnd,
    CallEnded,
    CallIncoming,
    CallMedia,
    HangUp,
    SendDigits,
    SendText,
    SetHold,
    TextReceived,
)
from tests.integration.edge.world import DOMAIN, HOST, World
from tests.integration.engine.parts import PATIENCE, Desk

from .agent import AGENT, at_home, ended, media_of, picks_up
from .scenario import SRTP_KEY, asks, calls, pause, recv, renews, sdp, uac_request, within
from .sipp import sipp_calls

BYE_OF_THE_AGENT = (recv("BYE"), within())


async def test_a_call_that_the_agent_ends(desk: Desk, world: World, tmp_path: Path) -> None:
    async with sipp_calls(world, tmp_path, AGENT, *calls(), *BYE_OF_THE_AGENT) as stranger:
        call = await picks_up(desk)
        assert media_of(desk, call)[-1].active
        desk.send(HangUp(call))
        assert await desk.next(CallEnded) == CallEnded(call, CallEnd.LOCAL)
        await stranger.done()


async def test_a_call_that_the_stranger_ends(desk: Desk, world: World, tmp_path: Path) -> None:
    async with sipp_calls(world, tmp_path, AGENT, *calls(), *asks("BYE", 2)) as stranger:
        call = await picks_up(desk)
        assert await desk.next(CallEnded) == CallEnded(call, CallEnd.REMOTE)
        await stranger.done()


async def test_a_call_that_the_stranger_gives_up(desk: Desk, world: World, tmp_path: Path) -> None:
    steps = (
        uac_request("INVITE", 1, body=sdp()).replace("[branch]", "z9hG4bK[pid]up"),
        recv(100, optional=True),
        recv(180),
        uac_request("CANCEL", 1).replace("[branch]", "z9hG4bK[pid]up").replace("[next_url]", f"sip:[service]@{DOMAIN}"),
        recv(200),
        recv(487),
        uac_request("ACK", 1).replace("[branch]", "z9hG4bK[pid]up").replace("[next_url]", f"sip:[service]@{DOMAIN}"),
    )
    async with sipp_calls(world, tmp_path, AGENT, *steps) as stranger:
        call = (await desk.next(CallIncoming)).call
        assert (await desk.next(CallEnded)).end is CallEnd.CANCELLED
        await stranger.done()
        assert ended(desk, call)


async def test_the_stranger_holds_and_resumes(desk: Desk, world: World, tmp_path: Path) -> None:
    steps = (
        *calls(),
        *renews(2, sdp("sendonly", 2)),
        pause(100),
        *renews(3, sdp("inactive", 3)),
        pause(100),
        *renews(4, sdp("sendrecv", 4)),
        *BYE_OF_THE_AGENT,
    )
    async with sipp_calls(world, tmp_path, AGENT, *steps) as stranger:
        call = await picks_up(desk)
        await desk.next(CallMedia, lambda report: report.held_remotely)
        await desk.next(CallMedia, lambda report: report.active and not report.held_remotely)
        desk.send(HangUp(call))
        await stranger.done()
        answers = [m for m in stranger.leg.from_edge if m.method == "INVITE" and m.status == 200]
        assert ["a=recvonly" in m.body for m in answers] == [False, True, False, False]
        assert "a=inactive" in answers[2].body


async def test_the_agent_holds_and_resumes(desk: Desk, world: World, tmp_path: Path) -> None:
    steps = (
        *calls(),
        recv("INVITE"),
        within(body=sdp("recvonly", 2)),
        recv("ACK"),
        recv("INVITE"),
        within(body=sdp("sendrecv", 3)),
        recv("ACK"),
        *BYE_OF_THE_AGENT,
    )
    async with sipp_calls(world, tmp_path, AGENT, *steps) as stranger:
        call = await picks_up(desk)
        desk.send(SetHold(call, True))
        await desk.next(CallMedia, lambda report: report.held_locally)
        assert "a=sendonly" in (await stranger.leg.from_edge_comes("INVITE")).body
        desk.send(SetHold(call, False))
        await desk.next(CallMedia, lambda report: report.active and not report.held_locally)
        desk.send(HangUp(call))
        await stranger.done()


async def test_a_late_offer(desk: Desk, world: World, tmp_path: Path) -> None:
    """The INVITE has no description: the agent's 200 has the offer, and the ACK has the answer."""
    steps = calls(body="")
    steps[-1] = uac_request("ACK", 1, body=sdp())
    async with sipp_calls(world, tmp_path, AGENT, *steps, *BYE_OF_THE_AGENT) as stranger:
        call = (await desk.next(CallIncoming)).call
        desk.send(AnswerCall(call))
        await desk.next(CallMedia, lambda report: report.active)
        assert media_of(desk, call)[-1].codec == "PCMA"
        desk.send(HangUp(call))
        await stranger.done()


async def test_reliable_provisional_answers(desk: Desk, world: World, tmp_path: Path) -> None:
    """RFC 3262: the 180 comes with a number, and is acknowledged by PRACK."""
    steps = (
        uac_request("INVITE", 1, "Require: 100rel", body=sdp()),
        recv(100, optional=True),
        recv(180, routes=True),
        uac_request("PRACK", 2, "RAck: 1 1 INVITE"),
        recv(200),
        recv(200, routes=True),
        uac_request("ACK", 1),
        *BYE_OF_THE_AGENT,
    )
    async with sipp_calls(world, tmp_path, AGENT, *steps) as stranger:
        call = (await desk.next(CallIncoming)).call
        await stranger.leg.from_edge_comes("PRACK", 200)
        desk.send(AnswerCall(call))
        await desk.next(CallConfirmed)
        desk.send(HangUp(call))
        await stranger.done()


async def test_digits_by_info(desk: Desk, world: World, tmp_path: Path) -> None:
    steps = (
        *calls(),
        *asks("INFO", 2, body="Signal=5\nDuration=160", kind="application/dtmf-relay"),
        *asks("BYE", 3),
    )
    async with sipp_calls(world, tmp_path, AGENT, *steps) as stranger:
        call = await picks_up(desk)
        assert await desk.next(CallDigit) == CallDigit(call, "5")
        await stranger.done()


async def test_digits_by_info_to_a_stranger_without_events(desk: Desk, world: World, tmp_path: Path) -> None:
    plain = sdp().replace(" 8 101", " 8").replace("a=rtpmap:101 telephone-event/8000\na=fmtp:101 0-15\n", "")
    steps = (*calls(body=plain), recv("INFO"), within(), *BYE_OF_THE_AGENT)
    async with sipp_calls(world, tmp_path, AGENT, *steps) as stranger:
        call = await picks_up(desk)
        desk.send(SendDigits(call, "7"))
        info = await stranger.leg.from_edge_comes("INFO")
        assert "7" in info.body
        await stranger.leg.from_stranger_comes("INFO", 200)
        desk.send(HangUp(call))
        await stranger.done()


async def test_a_stranger_sends_the_agent_nowhere(desk: Desk, world: World, tmp_path: Path) -> None:
    """REFER is refused, and the call goes on."""
    refer = asks("REFER", 2, f"Refer-To: <sip:8001@{DOMAIN}>", answer=403)
    async with sipp_calls(world, tmp_path, AGENT, *calls(), *refer, *BYE_OF_THE_AGENT) as stranger:
        call = await picks_up(desk)
        await stranger.leg.from_edge_comes("REFER", 403)
        assert not ended(desk, call)
        desk.send(HangUp(call))
        await stranger.done()


@pytest.mark.parametrize("suite", SRTP_KEY)
async def test_srtp_on_the_trunk_side_too(desk: Desk, world: World, tmp_path: Path, suite: str) -> None:
    steps = (*calls(body=sdp(suite=suite)), *BYE_OF_THE_AGENT)
    async with sipp_calls(world, tmp_path, AGENT, *steps) as stranger:
        call = await picks_up(desk)
        # The relay offers the desk first what the trunk has offered.
        assert media_of(desk, call)[-1].srtp == suite
        answer = await stranger.leg.from_edge_comes("INVITE", 200)
        assert "RTP/SAVP" in answer.body
        assert f"a=crypto:1 {suite} " in answer.body
        desk.send(HangUp(call))
        await stranger.done()


async def test_a_session_that_the_stranger_refreshes(desk: Desk, world: World, tmp_path: Path) -> None:
    """RFC 4028, with the caller as the refresher: by UPDATE and by re-INVITE."""
    timer = ("Supported: timer", "Session-Expires: 90;refresher=uac")
    steps = (
        *calls(*timer),
        *asks("UPDATE", 2, *timer),
        *renews(3, sdp(version=1), *timer),
        *asks("BYE", 4),
    )
    async with sipp_calls(world, tmp_path, AGENT, *steps) as stranger:
        await picks_up(desk)
        await stranger.done()
        answers = [m for m in stranger.leg.from_edge if m.status == 200 and m.method in ("INVITE", "UPDATE")]
        assert len(answers) == 3
        assert all(m["Session-Expires"].startswith("90") for m in answers)


async def test_a_session_that_is_too_short(desk: Desk, world: World, tmp_path: Path) -> None:
    steps = (
        uac_request("INVITE", 1, "Supported: timer", "Session-Expires: 10", body=sdp()),
        recv(100, optional=True),
        recv(422),
    )
    async with sipp_calls(world, tmp_path, AGENT, *steps) as stranger:
        refusal = await stranger.leg.from_edge_comes("INVITE", 422)
        assert refusal["Min-SE"] == "90"
        await stranger.done()
        # PJSIP refuses it only after it has told of the call, so the agent's telephone rings for an instant.
        assert (await desk.next(CallEnded)).status == 422


async def test_text_both_ways(world: World, tmp_path: Path) -> None:
    """Real-time text (RFC 4103) in plain RTP from the trunk, as SRTP at home. U+FEFF keeps a silent stream alive."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as text:
        text.bind((HOST, 0))
        text.setblocking(False)
        port = text.getsockname()[1]
        body = sdp() + f"m=text {port} RTP/AVP 98\na=rtpmap:98 t140/1000\n"
        steps = (*calls(body=body), *BYE_OF_THE_AGENT)
        async with (
            at_home(world, tmp_path, real_time_text=True) as desk,
            sipp_calls(world, tmp_path, AGENT, *steps) as stranger,
        ):
            call = await picks_up(desk)
            assert media_of(desk, call)[-1].text
            answer = (await stranger.leg.from_edge_comes("INVITE", 200)).body
            found = re.search(r"^m=text (\d+) RTP/AVP ", answer, re.MULTILINE)
            assert found
            for number, character in enumerate("\ufeff您好\ufeff!", 1):
                packet = struct.pack("!BBHII", 0x80, 0x80 | 98, number, number * 300, 4103) + character.encode()
                text.sendto(packet, (HOST, int(found[1])))
            typed = ""
            while len(typed) < 3:
                typed += (await desk.next(TextReceived)).text
            assert typed == "您好!"
            desk.send(SendText(call, "再见"))
            read = b""
            async with asyncio.timeout(PATIENCE):
                while "再见".encode() not in read:
                    read += (await asyncio.get_running_loop().sock_recv(text, 2_000))[12:]
            desk.send(HangUp(call))
            await stranger.done()
