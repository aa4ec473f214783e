"""What other telephones and exchanges do that ours do not: late offers, forks, mailboxes."""

import asyncio
import logging
from pathlib import Path

import pytest

from client.core.telephony import (
    AnswerCall,
    CallConfirmed,
    CallEnd,
    CallEnded,
    CallIncoming,
    CallMedia,
    CallOutgoing,
    CallQuality,
    CallRinging,
    EdgeAddress,
    MakeCall,
    MessagesWaiting,
)
from tests.integration.engine import parts
from tests.integration.engine.authority import Authority
from tests.integration.engine.parts import Desk, answered, calling, configuration, credentials
from tests.integration.engine.small_edge import SipMessage, SmallEdge, reply
from tests.integration.engine.test_calls import PLAIN_SDP, SECURE_SDP
from tests.integration.engine.virtual_sound import tone

SUMMARY = "Messages-Waiting: yes\r\nVoice-Message: 2/5 (0/0)\r\n"


def answer_to(offer: str) -> str:
    """An answer to the desk's offer: the same codec, and a key of our own for the last suite it offers."""
    assert "AES_CM_128_HMAC_SHA1_80" in offer
    number = next(line for line in offer.splitlines() if "AES_CM_128_HMAC_SHA1_80" in line).split()[0]
    return SECURE_SDP.replace("a=crypto:1", number)


async def test_a_late_offer(registered_desk: Desk, edge: SmallEdge) -> None:
    call = edge.invite("")
    registered_desk.send(AnswerCall((await registered_desk.next(CallIncoming)).call))
    offer = await call.answer(lambda answer: answer.status == 200)
    call.send("ACK", answer_to(offer.body))
    assert (await registered_desk.next(CallMedia)).srtp == "AES_CM_128_HMAC_SHA1_80"
    await registered_desk.next(CallConfirmed)


async def test_a_late_offer_answered_without_srtp_is_no_call(registered_desk: Desk, edge: SmallEdge) -> None:
    call = edge.invite("")
    registered_desk.send(AnswerCall((await registered_desk.next(CallIncoming)).call))
    await call.answer(lambda answer: answer.status == 200)
    call.send("ACK", PLAIN_SDP)
    await registered_desk.next(CallEnded)
    assert not any(isinstance(report, CallMedia) and report.active for report in registered_desk.reports)


async def test_a_forked_call_is_one_call(registered_desk: Desk, edge: SmallEdge) -> None:
    edge.own_user = "forked"
    registered_desk.send(MakeCall(1, "forked"))
    await registered_desk.next(CallOutgoing)
    invite = await asyncio.wait_for(edge.requests.get(), parts.PATIENCE)
    for tag in ("one", "two"):
        respond(edge, invite, 180, tag)
    await registered_desk.next(CallRinging)
    respond(edge, invite, 200, "two", answer_to(invite.body))
    assert await registered_desk.next(CallConfirmed) == CallConfirmed(1)
    ack = await asyncio.wait_for(edge.requests.get(), parts.PATIENCE)
    assert (ack.method, "tag=two" in ack.get("To")) == ("ACK", True)
    assert not any(isinstance(report, CallEnded) for report in registered_desk.reports)


async def test_a_call_that_every_branch_refuses_ends_once(registered_desk: Desk, edge: SmallEdge) -> None:
    edge.own_user = "forked"
    registered_desk.send(MakeCall(1, "forked"))
    invite = await asyncio.wait_for(edge.requests.get(), parts.PATIENCE)
    for tag in ("one", "two"):
        respond(edge, invite, 180, tag)
    respond(edge, invite, 480, "one")
    assert await registered_desk.next(CallEnded) == CallEnded(1, CallEnd.FAILED, 480)


def respond(edge: SmallEdge, invite: SipMessage, status: int, tag: str, sdp: str = "") -> None:
    """Answer the desk's INVITE as one of several telephones that it reached."""
    contact = ("Contact", f"<sip:{tag}@127.0.0.1:{edge.port};transport=tls>")
    response = reply(invite, status, contact, *([("Content-Type", "application/sdp")] if sdp else []))
    response.headers = [
        (key, value.replace(";tag=edge", f";tag={tag}") if key == "To" else value) for key, value in response.headers
    ]
    response.body = sdp
    if edge.desk is None:
        raise AssertionError
    edge.desk.send(response)


async def test_what_the_edge_says_of_a_mailbox_is_believed_where_there_is_one(
    desk: Desk, edge: SmallEdge, authority: Authority, address: EdgeAddress
) -> None:
    desk.send(configuration(authority, address, message_waiting=True), credentials())
    await edge.registrations.get()
    edge.notify(SUMMARY)
    assert await desk.next(MessagesWaiting) == MessagesWaiting(2, 5)
    assert b"SUBSCRIBE sip:" not in edge.received


async def test_a_mailbox_that_the_manifest_does_not_know_is_not_believed(
    registered_desk: Desk, edge: SmallEdge
) -> None:
    call = edge.invite(SECURE_SDP)
    await registered_desk.next(CallIncoming)
    edge.notify(SUMMARY)
    call.send("CANCEL")
    await registered_desk.next(CallEnded)
    assert not any(isinstance(report, MessagesWaiting) for report in registered_desk.reports)


async def test_what_the_other_side_loses_is_told_and_the_encoder_prepares_for_it(
    registered_desk: Desk, edge: SmallEdge, authority: Authority, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "hearthline.engine")
    async with calling(edge, authority, tmp_path, tone(440, 1.0), loses=30) as customer:
        await answered(registered_desk, customer)
        lossy = await registered_desk.next(CallQuality, lambda report: report.sent_loss_percent > 12)
        assert lossy.loss_percent == 0.0
        # The next report comes after the encoder was set, and the stream still flows.
        await registered_desk.next(CallQuality, lambda report: report.sent_jitter_ms > 0)
        await customer.hang_up()
    assert "encoder set for a loss of 30 percent" in caplog.text


async def test_both_directions_are_measured(
    registered_desk: Desk, edge: SmallEdge, authority: Authority, tmp_path: Path
) -> None:
    async with calling(edge, authority, tmp_path, tone(440, 1.0)) as customer:
        await answered(registered_desk, customer)
        quality = await registered_desk.next(CallQuality, lambda report: report.sent_jitter_ms > 0)
        assert quality.codec == "opus"
        assert quality.sent_loss_percent == 0.0
        assert 0.0 < quality.buffer_ms < 300.0
        assert 0.0 < quality.round_trip_ms < 1_000.0
