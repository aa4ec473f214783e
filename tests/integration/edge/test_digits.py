"""Sealed digits through a real edge: the card reaches the payment service; the desk hears the customer and no key."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from provisioning.api import (
    CallOffered,
    CallProgress,
    DialReply,
    DialRequest,
    DigitsChanged,
    DigitsRequest,
    DigitsStage,
    DigitsView,
)
from tests.integration.server.people import Desk, Socket, TheEdge

from .digits_world import CARD, KEYS, Bank, Talk, a_customers_number, call_back, connect, sign_in
from .srtp import HEAD, Packet
from .world import World

EVENT = 101
KEEPER_GONE = "Error sending DTMF event info to UDP socket: Connection refused"
"""What rtpengine says when it has a key to report and nobody listens; not which."""


@pytest.fixture
def bank(tmp_path: Path) -> Iterator[Bank]:
    """The bank; afterwards nothing that it wrote holds the card, and no log tells of a key."""
    bank = Bank(tmp_path, digits_quiet_seconds=0.3)
    try:
        yield bank
        written = bank.written()
        assert CARD not in written
        assert CARD[:6] not in written
        assert CARD[-6:] not in written
        logs = (bank.edge.log + bank.edge.keeper_log).replace(KEEPER_GONE, "").lower()
        assert not [word for word in ("dtmf", "signal=", "event", "tone") if word in logs]
        assert bank.server.warnings == []
    finally:
        bank.stop()


@pytest.fixture
def world(bank: Bank) -> Iterator[World]:
    world = bank.start()
    yield world
    world.close()


@pytest.fixture
async def desk(bank: Bank) -> Desk:
    return await sign_in(bank, "lina")


@pytest.fixture
async def socket(desk: Desk) -> AsyncIterator[Socket]:
    async with desk.socket() as socket:
        yield socket


@contextlib.asynccontextmanager
async def talking(bank: Bank, world: World, desk: Desk, socket: Socket, *, events: bool = True) -> AsyncIterator[Talk]:
    """A connected call that the server knows to be connected."""
    talk = await asyncio.to_thread(connect, bank, world, desk, "lina", events=events)
    await offered(socket, talk.ref)
    await socket.say(CallProgress(ref=talk.ref, state="answered", at=datetime.now(UTC)))
    await offered(socket, talk.ref)
    with talk.customer, talk.agent:
        # The relay learns from its first packet where the desk is.
        assert talk.answer_back()
        yield talk


async def offered(socket: Socket, ref: str) -> None:
    while True:
        message = await socket.next()
        if isinstance(message, CallOffered) and message.card.ref == ref:
            return


async def ask(talk: Talk) -> DigitsView:
    response = await talk.desk.send("POST", f"/calls/{talk.ref}/digits", DigitsRequest(amount="12.50"))
    assert response.status_code == 200, response.text
    return DigitsView.model_validate_json(response.content)


async def until(socket: Socket, wanted: Callable[[DigitsView], bool]) -> DigitsView:
    """The first view that is wanted, as soon as the desk is told of it."""
    while True:
        message = await socket.next()
        if not isinstance(message, DigitsChanged):
            continue
        if wanted(message.digits):
            return message.digits
        assert not message.digits.outcome, message.digits


async def opened(talk: Talk) -> None:
    """Return when tones pass again."""
    while talk.sealed_calls():  # noqa: ASYNC110 -- a file tells nobody of its changes
        await asyncio.sleep(0.02)


def events_of(packets: list[Packet]) -> list[int]:
    return [packet.payload[0] for packet in packets if packet.payload_type == EVENT]


async def test_the_desk_hears_the_customer_and_no_key(bank: Bank, world: World, desk: Desk, socket: Socket) -> None:
    async with talking(bank, world, desk, socket) as talk:
        talk.press("7")
        assert events_of(talk.listen(talk.speak()[-1])) == [7] * 6

        assert (await ask(talk)).stage is DigitsStage.NUMBER
        said: list[bytes] = []
        heard: list[Packet] = []
        for key in KEYS:
            said += talk.speak()
            talk.press(key)
            said += talk.speak()
            heard += talk.listen(said[-1])
            # The agent talks throughout.
            assert talk.answer_back()
        # Everything that the customer said, bit for bit, and nothing else.
        assert [packet.payload_type for packet in heard] == [8] * len(said)
        assert [packet.payload for packet in heard] == said
        accepted = await until(socket, lambda view: view.stage is DigitsStage.ACCEPTED)
        assert accepted.outcome == "accepted"
        assert [(asked["number"], asked["expiry"], asked["code"]) for asked in bank.psp.asked] == [
            (CARD, "1131", "417")
        ]

        await opened(talk)
        talk.press("9")
        assert events_of(talk.listen(talk.speak()[-1])) == [9] * 6


async def test_a_customer_who_was_called_keys_in_the_same_way(
    bank: Bank, world: World, desk: Desk, socket: Socket
) -> None:
    earlier = await TheEdge(bank.server, bank.organisation.edge_client).call("lina", a_customers_number(bank))
    response = await desk.send("POST", "/dial-tokens", DialRequest(call=earlier))
    assert response.status_code == 201, response.text
    granted = DialReply.model_validate_json(response.content)

    talk = await asyncio.to_thread(call_back, bank, world, desk, "lina", granted)
    with talk.customer, talk.agent:
        assert talk.answer_back()
        await socket.say(CallProgress(ref=talk.ref, state="answered", at=datetime.now(UTC)))
        await offered(socket, talk.ref)
        assert (await ask(talk)).stage is DigitsStage.NUMBER
        for key in KEYS:
            talk.press(key)
            assert events_of(talk.listen(talk.speak()[-1])) == []
        await until(socket, lambda view: view.stage is DigitsStage.ACCEPTED)
        assert [asked["number"] for asked in bank.psp.asked] == [CARD]


@pytest.mark.parametrize("kind", ["application/dtmf-relay", "application/dtmf"])
async def test_keys_by_info_go_the_same_way(bank: Bank, world: World, desk: Desk, socket: Socket, kind: str) -> None:
    async with talking(bank, world, desk, socket) as talk:
        assert (await ask(talk)).stage is DigitsStage.NUMBER
        for key in KEYS:
            assert await asyncio.to_thread(talk.inform, key, kind) == 200
        await until(socket, lambda view: view.stage is DigitsStage.ACCEPTED)
        assert [asked["number"] for asked in bank.psp.asked] == [CARD]
        assert not [message for message in talk.call.desk.messages if message.method == "INFO"]
        await opened(talk)
        # A key that is not sealed reaches the desk as ever.
        talk.call.from_trunk("INFO", headers=("Content-Type: application/dtmf-relay",), body="Signal=5\r\n")
        assert "Signal=5" in talk.call.desk.wait_request("INFO").body


async def test_after_a_stop_the_desk_hears_nothing_until_the_customer_pauses(
    bank: Bank, world: World, desk: Desk, socket: Socket
) -> None:
    async with talking(bank, world, desk, socket) as talk:
        view = await ask(talk)
        talk.press("4")
        await until(socket, lambda view: view.received == 1)
        path = f"/calls/{talk.ref}/digits/{view.digits}"
        assert (await desk.send("DELETE", path)).status_code == 204
        talk.press("9")
        assert events_of(talk.listen(talk.speak()[-1])) == []
        await opened(talk)
        assert bank.psp.asked == []


async def test_a_call_without_telephone_events_is_not_sealed(
    bank: Bank, world: World, desk: Desk, socket: Socket
) -> None:
    async with talking(bank, world, desk, socket, events=False) as talk:
        view = await ask(talk)
        assert (view.stage, view.outcome) == (DigitsStage.FAILED, "no-events")
        assert talk.sealed_calls() == []
        assert talk.answer_back()


async def test_a_keeper_that_dies_leaves_the_call_sealed_and_talking(
    bank: Bank, world: World, desk: Desk, socket: Socket
) -> None:
    world.expect_log("could not be told of a key press")
    world.expect_log(KEEPER_GONE)
    async with talking(bank, world, desk, socket) as talk:
        await ask(talk)
        talk.press("4")
        await until(socket, lambda view: view.received == 1)
        bank.edge.kill_keeper()
        failed = await until(socket, lambda view: view.stage is DigitsStage.FAILED)
        assert failed.outcome == "edge-lost"
        talk.press("9")
        assert await asyncio.to_thread(talk.inform, "9") == 200
        said = talk.speak(5)
        heard = talk.listen(said[-1])
        assert [packet.payload for packet in heard] == said
        assert talk.answer_back(5)
        assert not [message for message in talk.call.desk.messages if message.method == "INFO"]

        # The next keeper changes nothing by itself, and the agent can let the customer begin anew.
        bank.edge.start_keeper()
        bank.edge.wait_for_keeper("digits: connected to the server")
        talk.press("2")
        assert events_of(talk.listen(talk.speak()[-1])) == []
        assert (await ask(talk)).stage is DigitsStage.NUMBER
        for key in KEYS:
            talk.press(key)
            assert events_of(talk.listen(talk.speak()[-1])) == []
        await until(socket, lambda view: view.stage is DigitsStage.ACCEPTED)
        assert [asked["number"] for asked in bank.psp.asked] == [CARD]
        await opened(talk)


async def test_a_connection_that_is_lost_leaves_the_call_sealed(
    bank: Bank, world: World, desk: Desk, socket: Socket
) -> None:
    async with talking(bank, world, desk, socket) as talk:
        await ask(talk)
        bank.cut_off_keeper()
        failed = await until(socket, lambda view: view.stage is DigitsStage.FAILED)
        assert failed.outcome == "edge-lost"
        await asyncio.to_thread(bank.edge.wait_for_keeper, "digits: not connected to the server")
        talk.press("4")
        said = talk.speak()
        assert [packet.payload for packet in talk.listen(said[-1])] == said
        assert len(talk.sealed_calls()) == 1


async def test_a_call_that_is_put_on_hold_stays_sealed(bank: Bank, world: World, desk: Desk, socket: Socket) -> None:
    async with talking(bank, world, desk, socket) as talk:
        await ask(talk)
        body = HEAD + talk.agent.section(
            "a=rtpmap:8 PCMA/8000", f"a=rtpmap:{EVENT} telephone-event/8000", "a=sendrecv"
        ).replace("RTP/SAVP 8", f"RTP/SAVP 8 {EVENT}")
        await asyncio.to_thread(again, talk, body)
        talk.press("4")
        assert events_of(talk.listen(talk.speak()[-1])) == []
        assert (await until(socket, lambda view: view.received == 1)).stage is DigitsStage.NUMBER


def again(talk: Talk, body: str) -> None:
    """The desk describes its sound anew, and the trunk agrees."""
    trunk = talk.call.trunk
    assert trunk is not None
    talk.call.from_desk("INVITE", cseq=7, headers=("Contact: <sip:lina@192.0.2.7:9;transport=tls>",), body=body)
    invite = trunk.wait_request("INVITE")
    answer = HEAD + talk.customer.section(
        "a=rtpmap:8 PCMA/8000", f"a=rtpmap:{EVENT} telephone-event/8000", "a=sendrecv"
    ).replace("RTP/AVP 8", f"RTP/AVP 8 {EVENT}")
    contact = f"Contact: <sip:customer@{trunk.address};transport=tls>"
    trunk.reply(invite, 200, "OK", headers=(contact,), body=answer)
    assert talk.call.desk.wait_reply("INVITE").status == 200
    talk.call.from_desk("ACK", cseq=7)
    trunk.wait_request("ACK")


async def test_the_end_of_the_call_ends_it(bank: Bank, world: World, desk: Desk, socket: Socket) -> None:
    async with talking(bank, world, desk, socket) as talk:
        await ask(talk)
        talk.press("4")
        await until(socket, lambda view: view.received == 1)
        talk.call.from_trunk("BYE")
        await asyncio.to_thread(talk.call.desk.wait_request, "BYE")
        assert (await until(socket, lambda view: view.stage is DigitsStage.FAILED)).outcome == "call-ended"
        await opened(talk)
        assert bank.psp.asked == []
