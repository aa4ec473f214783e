"""The agent calls SIPp by dial token: forks, early sound, transfers, timers, and refusals."""

from pathlib import Path

import pytest

from client.core.telephony import (
    CallConfirmed,
    CallEnd,
    CallEnded,
    CallMedia,
    CallRinging,
    CallTransfer,
    HangUp,
    SetHold,
    TransferCall,
)
from tests.integration.edge.world import DOMAIN, World
from tests.integration.engine.parts import Desk

from .agent import dials, ended, media_of
from .scenario import answer, asks_back, begins, recv, sdp, within
from .sipp import sipp_waits

TAKES = (recv("INVITE", routes=True), answer(180, "Ringing"), answer(200, "OK", body=sdp()), begins())
BYE_OF_THE_AGENT = (recv("BYE"), within())


async def test_a_call_by_dial_token(desk: Desk, world: World, tmp_path: Path) -> None:
    async with sipp_waits(world, tmp_path, *TAKES, *BYE_OF_THE_AGENT) as stranger:
        token = world.server.token("8001", caller="4008123456")
        call = await dials(desk, token)
        await desk.next(CallRinging)
        await desk.next(CallConfirmed)
        assert media_of(desk, call)[-1].codec == "PCMA"
        invite = await stranger.leg.from_edge_comes("INVITE")
        assert invite.uri == f"sip:8001@{DOMAIN}"
        assert "4008123456" in invite["From"]
        assert token not in invite.raw
        desk.send(HangUp(call))
        assert await desk.next(CallEnded) == CallEnded(call, CallEnd.LOCAL)
        await stranger.done()


async def test_a_call_that_the_stranger_ends(desk: Desk, world: World, tmp_path: Path) -> None:
    async with sipp_waits(world, tmp_path, *TAKES, *asks_back("BYE", 1)) as stranger:
        call = await dials(desk, world.server.token("8001"))
        assert await desk.next(CallEnded) == CallEnded(call, CallEnd.REMOTE)
        await stranger.done()


async def test_a_forked_call(desk: Desk, world: World, tmp_path: Path) -> None:
    """Two telephones ring behind the switch, each with a tag of its own, and the second one answers."""
    steps = (
        recv("INVITE", routes=True),
        answer(180, "Ringing", tag="one"),
        answer(183, "Session Progress", tag="two", body=sdp()),
        answer(180, "Ringing", tag="one"),
        answer(200, "OK", tag="two", body=sdp()),
        recv("ACK"),
        *BYE_OF_THE_AGENT,
    )
    async with sipp_waits(world, tmp_path, *steps) as stranger:
        call = await dials(desk, world.server.token("8001"))
        await desk.next(CallConfirmed)
        assert "tag=two" in (await stranger.leg.from_edge_comes("ACK"))["To"]
        assert media_of(desk, call)[-1].active
        desk.send(HangUp(call))
        await stranger.done()
        assert "tag=two" in (await stranger.leg.from_edge_comes("BYE"))["To"]


async def test_early_sound_told_reliably(desk: Desk, world: World, tmp_path: Path) -> None:
    """A 183 with a description and a number (RFC 3262): the agent hears the stranger, and acknowledges by PRACK."""
    steps = (
        recv("INVITE", routes=True),
        answer(183, "Session Progress", "Require: 100rel", "RSeq: 77", body=sdp()),
        recv("PRACK"),
        within(),
        recv("CANCEL"),
        answer(200, "OK", tag=""),
    )
    async with sipp_waits(world, tmp_path, *steps) as stranger:
        call = await dials(desk, world.server.token("8001"))
        assert await desk.next(CallRinging, lambda report: report.early_media) == CallRinging(call, early_media=True)
        assert (await stranger.leg.from_edge_comes("PRACK"))["RAck"].startswith("77 ")
        await stranger.leg.from_stranger_comes("PRACK", 200)
        desk.send(HangUp(call))
        await stranger.done()


@pytest.mark.parametrize(("status", "reason"), [(486, "Busy Here"), (404, "Not Found"), (603, "Decline")])
async def test_a_refusal(desk: Desk, world: World, tmp_path: Path, status: int, reason: str) -> None:
    steps = (recv("INVITE", routes=True), answer(status, reason), recv("ACK"))
    async with sipp_waits(world, tmp_path, *steps) as stranger:
        call = await dials(desk, world.server.token("8001"))
        assert await desk.next(CallEnded) == CallEnded(call, CallEnd.FAILED, status)
        await stranger.done()


async def test_a_move_elsewhere_is_not_followed(desk: Desk, world: World, tmp_path: Path) -> None:
    moved = answer(302, "Moved").replace("<sip:queue@[local_ip]:[local_port];transport=tls>", "<sip:1@evil.invalid>")
    async with sipp_waits(world, tmp_path, recv("INVITE", routes=True), moved, recv("ACK")) as stranger:
        call = await dials(desk, world.server.token("8001"))
        end = await desk.next(CallEnded)
        assert (end.call, end.end) == (call, CallEnd.FAILED)
        await stranger.done()
        assert [m.uri for m in stranger.leg.from_edge if m.method == "INVITE"] == [f"sip:8001@{DOMAIN}"]


async def test_the_agent_holds_and_the_stranger_too(desk: Desk, world: World, tmp_path: Path) -> None:
    steps = (
        *TAKES,
        recv("INVITE"),
        within(body=sdp("recvonly", 2)),
        recv("ACK"),
        recv("INVITE"),
        within(body=sdp("sendrecv", 3)),
        recv("ACK"),
        *asks_back("INVITE", 1, body=sdp("sendonly", 4), ack=True),
        *asks_back("INVITE", 2, body=sdp("sendrecv", 5), ack=True),
        *BYE_OF_THE_AGENT,
    )
    async with sipp_waits(world, tmp_path, *steps) as stranger:
        call = await dials(desk, world.server.token("8001"))
        await desk.next(CallConfirmed)
        desk.send(SetHold(call, True))
        await desk.next(CallMedia, lambda report: report.held_locally)
        desk.send(SetHold(call, False))
        await desk.next(CallMedia, lambda report: report.active and not report.held_locally)
        await desk.next(CallMedia, lambda report: report.held_remotely)
        await desk.next(CallMedia, lambda report: report.active and not report.held_remotely)
        desk.send(HangUp(call))
        await stranger.done()


def told(cseq: int, status: str, state: str) -> list[str]:
    """News of a transfer (RFC 3515)."""
    return asks_back(
        "NOTIFY", cseq, "Event: refer", f"Subscription-State: {state}", body=f"SIP/2.0 {status}", kind="message/sipfrag"
    )


async def test_the_agent_transfers_the_stranger(desk: Desk, world: World, tmp_path: Path) -> None:
    steps = (
        *TAKES,
        recv("REFER"),
        within(202, "Accepted"),
        *told(1, "100 Trying", "active;expires=60"),
        *told(2, "200 OK", "terminated;reason=noresource"),
        *BYE_OF_THE_AGENT,
    )
    async with sipp_waits(world, tmp_path, *steps) as stranger:
        call = await dials(desk, world.server.token("8001"))
        await desk.next(CallConfirmed)
        desk.send(TransferCall(call, world.server.token("queue-7")))
        assert (await stranger.leg.from_edge_comes("REFER"))["Refer-To"] == f"<sip:queue-7@{DOMAIN}>"
        assert await desk.next(CallTransfer, lambda report: report.final) == CallTransfer(call, 200, True)
        assert (await desk.next(CallEnded)).call == call
        await stranger.done()


async def test_a_transfer_that_the_stranger_refuses(desk: Desk, world: World, tmp_path: Path) -> None:
    steps = (*TAKES, recv("REFER"), within(603, "Decline"), *BYE_OF_THE_AGENT)
    async with sipp_waits(world, tmp_path, *steps) as stranger:
        call = await dials(desk, world.server.token("8001"))
        await desk.next(CallConfirmed)
        desk.send(TransferCall(call, world.server.token("queue-7")))
        assert await desk.next(CallTransfer, lambda report: report.final) == CallTransfer(call, 603, True)
        assert not ended(desk, call)
        desk.send(HangUp(call))
        await stranger.done()


async def test_a_transfer_of_which_nothing_becomes(desk: Desk, world: World, tmp_path: Path) -> None:
    steps = (
        *TAKES,
        recv("REFER"),
        within(202, "Accepted"),
        *told(1, "486 Busy Here", "terminated;reason=noresource"),
        *BYE_OF_THE_AGENT,
    )
    async with sipp_waits(world, tmp_path, *steps) as stranger:
        call = await dials(desk, world.server.token("8001"))
        await desk.next(CallConfirmed)
        desk.send(TransferCall(call, world.server.token("queue-7")))
        assert await desk.next(CallTransfer, lambda report: report.final) == CallTransfer(call, 486, True)
        assert not ended(desk, call)
        desk.send(HangUp(call))
        await stranger.done()


async def test_a_session_that_the_agent_refreshes(desk: Desk, world: World, tmp_path: Path) -> None:
    """RFC 4028: the stranger asks for the shortest session there is, and leaves the refreshing to us. It comes at half
    of its 90 seconds, and is the reason why this test takes so long."""
    timer = ("Require: timer", "Session-Expires: 90;refresher=uac")
    steps = (
        recv("INVITE", routes=True),
        answer(200, "OK", *timer, body=sdp()),
        recv("ACK"),
        recv("INVITE"),
        within(200, "OK", *timer, body=sdp(version=1)),
        recv("ACK"),
        *BYE_OF_THE_AGENT,
    )
    async with sipp_waits(world, tmp_path, *steps, patience=60) as stranger:
        call = await dials(desk, world.server.token("8001"))
        await desk.next(CallConfirmed)
        refresh = await stranger.leg.seen(
            stranger.leg.from_edge,
            lambda m: m.is_request and m.method == "INVITE" and ";tag=" in m["To"],
            "refresh",
            60,
        )
        assert refresh["Session-Expires"] == "90;refresher=uac"
        number = refresh["CSeq"].split()[0]
        await stranger.leg.seen(stranger.leg.from_edge, lambda m: m["CSeq"] == f"{number} ACK", "the refresh's ACK")
        assert not ended(desk, call)
        desk.send(HangUp(call))
        await stranger.done()
