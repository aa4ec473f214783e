"""The desk's own engine at a real edge: what it dials, whom it hands on, its echo, a call that outlives Kamailio."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from client.core.telephony import (
    CallConfirmed,
    CallEnd,
    CallEnded,
    CallMedia,
    CallQuality,
    CallRinging,
    CallTransfer,
    Configure,
    EdgeAddress,
    HangUp,
    MakeCall,
    MessagesWaiting,
    Register,
    RegistrationChanged,
    RegistrationState,
    SetHold,
    TransferCall,
    TransferToCall,
)
from client.sip.engine.pins import pin_of
from tests.integration.engine.parts import Desk, running_desk

from .dialling import REF, TRUNK_ANSWER, ready_trunk
from .sip_peer import Message, SipPeer, contact_uri
from .test_transfer import SIPFRAG
from .world import DOMAIN, World

AGENT = "pj.agent"


@pytest.fixture
async def desk(own_world: World, tmp_path: Path) -> AsyncIterator[Desk]:
    """A registered desk without sound devices."""
    settings, pki = own_world.edge.settings, own_world.pki
    made = own_world.registration(AGENT)
    edge = EdgeAddress("127.0.0.1", settings.home_listen.port, (pin_of(pki.edge.certificate.read_text()),))
    async with running_desk(tmp_path / "desk", {"ALSA_CONFIG_PATH": os.devnull}) as desk:
        desk.send(
            Configure(DOMAIN, (edge,), pki.ca.read_text(), ("PCMA/8000",), 300, message_waiting=True),
            Register(f"sip:{AGENT}@{DOMAIN}", made.username, DOMAIN, made.password),
        )
        await registered(desk)
        yield desk


async def registered(desk: Desk) -> None:
    await desk.next(RegistrationChanged, lambda report: report.state is RegistrationState.REGISTERED)


class Far:
    """The trunk's end of one call."""

    def __init__(self, peer: SipPeer, invite: Message, tag: str) -> None:
        self.peer, self.invite, self.tag = peer, invite, tag
        self.cseq = 0

    @property
    def contact(self) -> str:
        return f"Contact: <sip:far@{self.peer.address};transport=tls>"

    async def request(self, method: str) -> Message:
        return await asyncio.to_thread(self.peer.wait_request, method)

    async def send(self, method: str, *headers: str, body: str = "") -> Message:
        """Send a request to the desk and return its answer."""
        self.cseq += 1
        routes = [f"Route: {route}" for route in self.invite.all("Record-Route")]
        self.peer.request(
            method, contact_uri(self.invite), from_=f"{self.invite['To']};tag={self.tag}", to=self.invite["From"],
            call_id=self.invite["Call-ID"], cseq=self.cseq, headers=(*routes, *headers), body=body,
        )  # fmt: skip
        return await asyncio.to_thread(self.peer.wait_reply, method)


async def talking(world: World, desk: Desk, trunk: SipPeer, tag: str = "far") -> tuple[int, Far]:
    """Dial a token; the other side rings, reliably, and answers."""
    desk.send(MakeCall(1, world.server.token("8001", ref=REF)))
    far = Far(trunk, await asyncio.to_thread(trunk.wait_request, "INVITE"), tag)
    trunk.reply(far.invite, 180, "Ringing", tag=tag, headers=(far.contact, "Require: 100rel", "RSeq: 1"))
    trunk.reply(await far.request("PRACK"), 200)
    call = (await desk.next(CallRinging)).call
    trunk.reply(far.invite, 200, tag=tag, headers=(far.contact,), body=TRUNK_ANSWER)
    await desk.next(CallConfirmed, lambda report: report.call == call)
    await far.request("ACK")
    return call, far


async def hold(far: Far) -> None:
    """Take the desk's wish to hold."""
    offer = await far.request("INVITE")
    assert "a=sendonly" in offer.body
    far.peer.reply(offer, 200, headers=(far.contact,), body=TRUNK_ANSWER.replace("sendrecv", "recvonly"))
    await far.request("ACK")


async def test_the_engine_dials_and_the_other_side_hangs_up(own_world: World, desk: Desk) -> None:
    call, far = await talking(own_world, desk, ready_trunk(own_world))
    assert not far.invite.all("Route")
    assert AGENT not in far.invite.raw
    assert (await far.send("BYE")).status == 200
    assert (await desk.next(CallEnded)).end is CallEnd.REMOTE
    assert call
    assert own_world.server.wait_for_end(REF) == {"reason": "bye-customer", "code": 0}


async def test_the_engine_hears_its_echo(own_world: World, desk: Desk) -> None:
    desk.send(MakeCall(1, "echo"))
    call = (await desk.next(CallConfirmed)).call
    media = next(report for report in desk.reports if isinstance(report, CallMedia))
    assert media.active
    assert media.srtp
    quality = await desk.next(CallQuality, lambda report: report.round_trip_ms > 0)
    assert quality.loss_percent == 0
    desk.send(HangUp(call))
    assert (await desk.next(CallEnded)).end is CallEnd.LOCAL


async def test_the_engine_hands_a_caller_on_by_token(own_world: World, desk: Desk) -> None:
    call, far = await talking(own_world, desk, ready_trunk(own_world))
    desk.send(TransferCall(call, own_world.server.token("8002")))
    refer = await far.request("REFER")
    assert refer["Refer-To"] == f"<sip:8002@{DOMAIN}>"
    await told(own_world, desk, far, refer)


async def test_the_engine_connects_two_calls(own_world: World, desk: Desk) -> None:
    trunk = ready_trunk(own_world)
    call, far = await talking(own_world, desk, trunk)
    desk.send(SetHold(call, True))
    await hold(far)
    other, second = await talking(own_world, desk, trunk, "other")
    desk.send(TransferToCall(call, other))
    refer = await far.request("REFER")
    assert f"Replaces={second.invite['Call-ID']}%3bto-tag%3dother" in refer["Refer-To"]
    await told(own_world, desk, far, refer)


async def told(world: World, desk: Desk, far: Far, refer: Message) -> None:
    """The trunk takes the transfer, and says that it is done; the desk leaves the call."""
    far.peer.reply(refer, 202)
    state = "Subscription-State: terminated;reason=noresource"
    assert (await far.send("NOTIFY", "Event: refer", state, SIPFRAG, body="SIP/2.0 200 OK\r\n")).status == 200
    assert (await desk.next(CallTransfer, lambda report: report.final)).status == 200
    far.peer.reply(await far.request("BYE"), 200)
    assert await asyncio.to_thread(world.server.wait_for_end, REF) == {"reason": "bye-agent", "code": 0}


async def test_the_engine_learns_of_waiting_messages(own_world: World, desk: Desk) -> None:
    trunk = own_world.trunk()
    trunk.request(
        "NOTIFY", f"sip:{AGENT}@{DOMAIN}", from_="<sip:vm@x.example>;tag=1", to=f"<sip:{AGENT}@{DOMAIN}>", call_id="vm",
        headers=("Event: message-summary", "Content-Type: application/simple-message-summary"),
        body="Messages-Waiting: yes\r\nVoice-Message: 2/8 (0/2)\r\n",
    )  # fmt: skip
    assert await desk.next(MessagesWaiting) == MessagesWaiting(2, 8)


async def test_the_engines_call_outlives_kamailio(own_world: World, desk: Desk) -> None:
    call, far = await talking(own_world, desk, ready_trunk(own_world))
    await asyncio.to_thread(own_world.edge.restart_proxy)
    own_world.restart_log()
    await registered(desk)
    far.peer = ready_trunk(own_world)
    desk.send(SetHold(call, True))
    await hold(far)
    assert (await far.send("BYE")).status == 200
    assert (await desk.next(CallEnded)).end is CallEnd.REMOTE
    assert own_world.server.wait_for_end(REF)["reason"] == "bye-customer"
