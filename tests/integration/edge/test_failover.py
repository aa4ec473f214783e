"""Calls outlive Kamailio's death, since rtpengine and the call store do; and two edges back each other up."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from .dialling import REF, dialled
from .edge_process import EdgeProcess
from .hearthline_server import HearthlineServer
from .sip_peer import SipPeer
from .srtp import RtpPeer, SrtpPeer
from .world import AUDIO_OFFER, DOMAIN, SRTP_ANSWER, Call, Pki, World, make_settings, place

HOME = "Contact: <sip:f.in@192.0.2.7:9;transport=tls>"


def restart(world: World) -> tuple[SipPeer, SipPeer]:
    """Kill Kamailio and start it again; nobody is connected then."""
    world.edge.restart_proxy()
    world.restart_log()
    trunk = world.trunk()
    trunk.request("OPTIONS", f"sip:{DOMAIN}", from_="<sip:pbx@x>;tag=1", to=f"<sip:{DOMAIN}>", call_id="again")
    assert trunk.wait_reply("OPTIONS").status == 200
    return world.desk("f.in"), trunk


def moved(call: Call, desk: SipPeer, trunk: SipPeer) -> Call:
    call.desk, call.trunk = desk, trunk
    return call


def test_sound_flows_while_kamailio_is_dead(own_world: World) -> None:
    desk = own_world.desk("f.in")
    with SrtpPeer() as agent, RtpPeer() as customer:
        offer = AUDIO_OFFER.replace("40002", str(customer.port))
        call = place(own_world, desk, "f.in", body=offer)
        agent.take_answer(call.invite.body)
        call.pick_up(agent.offer())
        assert call.answer
        customer.take_answer(call.answer.body)
        own_world.edge.kill_proxy()
        customer.send(b"\x11" * 160)
        assert agent.receive().payload == b"\x11" * 160
        agent.send(b"\x22" * 160)
        assert customer.receive().payload == b"\x22" * 160


@pytest.mark.parametrize("who", ["agent", "customer"])
def test_a_call_ends_properly_after_a_restart(own_world: World, who: str) -> None:
    call = place(own_world, own_world.desk("f.in"), "f.in")
    call.pick_up()
    moved(call, *restart(own_world))
    if who == "agent":
        call.from_desk("BYE")
        bye = call.trunk.wait_request("BYE")
        assert (bye["Call-ID"], bye["To"]) == (call.call_id, call.from_)
        call.trunk.reply(bye, 200)
        assert call.desk.wait_reply("BYE").status == 200
    else:
        call.from_trunk("BYE")
        bye = call.desk.wait_request("BYE")
        assert bye["Call-ID"] == call.invite["Call-ID"]
        call.desk.reply(bye, 200)
        assert call.trunk.wait_reply("BYE").status == 200
    assert own_world.server.wait_for_end(call.ref)["reason"] == f"bye-{who}"
    assert own_world.edge.relayed_calls() == []


def test_hold_after_a_restart_and_another_restart(own_world: World) -> None:
    call = place(own_world, own_world.desk("f.in"), "f.in")
    call.pick_up()
    moved(call, *restart(own_world))
    call.from_desk("INVITE", body=SRTP_ANSWER.replace("sendrecv", "sendonly"), headers=(HOME,))
    held = call.trunk.wait_request("INVITE")
    assert "a=sendonly" in held.body
    assert " RTP/AVP " in held.body
    contact = f"Contact: <sip:x@{call.trunk.address};transport=tls>"
    call.trunk.reply(held, 200, headers=(contact,), body=AUDIO_OFFER.replace("sendrecv", "recvonly"))
    assert "a=recvonly" in call.desk.wait_reply("INVITE").body
    call.from_desk("ACK", cseq=1)
    call.trunk.wait_request("ACK")
    moved(call, *restart(own_world))
    call.from_trunk("INVITE", body=AUDIO_OFFER, headers=(contact,))
    offered = call.desk.wait_request("INVITE")
    assert " RTP/SAVP " in offered.body
    call.desk.reply(offered, 200, headers=(HOME,), body=SRTP_ANSWER)
    assert call.trunk.wait_reply("INVITE").status == 200


def test_a_dialled_call_after_a_restart(own_world: World) -> None:
    call = dialled(own_world, "f.in")
    call.pick_up()
    call.desk, call.trunk = restart(own_world)
    call.from_desk("INFO")
    info = call.trunk.wait_request("INFO")
    assert call.invite
    assert info["Call-ID"] == call.invite["Call-ID"]
    assert info["From"] == call.invite["From"]
    call.trunk.reply(info, 200)
    assert call.desk.wait_reply("INFO").status == 200
    call.from_trunk("BYE")
    bye = call.desk.wait_request("BYE")
    assert bye["Call-ID"] == call.call_id
    call.desk.reply(bye, 200)
    assert call.trunk.wait_reply("BYE").status == 200
    assert own_world.server.wait_for_end(REF)["reason"] == "bye-customer"


def test_an_ended_call_leaves_nothing_in_the_store(own_world: World) -> None:
    call = place(own_world, own_world.desk("f.in"), "f.in", caller="13812345678")
    call.pick_up()
    assert b"13812345678" in stored(own_world)
    call.from_trunk("BYE")
    call.desk.reply(call.desk.wait_request("BYE"), 200)
    assert call.trunk.wait_reply("BYE").status == 200
    own_world.edge.restart_proxy()
    own_world.restart_log()
    desk = own_world.home()
    call.desk = desk
    call.from_desk("INFO")
    assert desk.wait_reply("INFO").status == 481


def stored(world: World) -> bytes:
    store = world.edge.settings.call_store
    return b"".join(path.read_bytes() for path in store.parent.glob(store.name + "*"))


def test_a_desk_that_connects_anew_keeps_its_call(own_world: World) -> None:
    """A changed network: the desk registers over a new connection, and requests of the trunk find it there."""
    call = place(own_world, own_world.desk("f.in"), "f.in")
    call.pick_up()
    call.desk.close()
    call.desk = own_world.desk("f.in")
    call.from_trunk("INFO")
    call.desk.reply(call.desk.wait_request("INFO"), 200)
    assert call.trunk.wait_reply("INFO").status == 200
    call.from_desk("BYE")
    call.trunk.reply(call.trunk.wait_request("BYE"), 200)
    assert call.desk.wait_reply("BYE").status == 200


def test_a_trunk_that_connects_anew_keeps_its_call(own_world: World) -> None:
    call = place(own_world, own_world.desk("f.in"), "f.in")
    call.pick_up()
    call.trunk.close()
    call.trunk = own_world.trunk()
    call.from_trunk("INFO")
    call.desk.reply(call.desk.wait_request("INFO"), 200)
    assert call.trunk.wait_reply("INFO").status == 200
    call.from_desk("BYE")
    call.trunk.reply(call.trunk.wait_request("BYE"), 200)
    assert call.desk.wait_reply("BYE").status == 200
    own_world.server.wait_for_end("c_reference0000")


# --- two edges --------------------------------------------------------------------------------------------------------


@pytest.fixture
def two_worlds(pki: Pki, tmp_path: Path) -> Iterator[tuple[World, World]]:
    """Two edges of one domain, which share the secret, the certificate and the server."""
    server = HearthlineServer(pki.server.certificate, pki.server.key, pki.ca)
    first = make_settings(pki, tmp_path / "a", server.url)
    second = replace(make_settings(pki, tmp_path / "b", server.url), ephemeral_secret=first.ephemeral_secret)
    with EdgeProcess(first, tmp_path / "a" / "etc") as one, EdgeProcess(second, tmp_path / "b" / "etc") as two:
        worlds = World(one, server, pki), World(two, server, pki)
        yield worlds
        server.stop()
        for world in worlds:
            world.close()


def hunt(worlds: tuple[World, World], agent: str) -> SipPeer:
    """What the trunk does: it tries the edges in turn until one does not answer 480. Returns the peer that rings."""
    for world in worlds:
        trunk = world.trunk()
        trunk.request(
            "INVITE", f"sip:{agent}@{DOMAIN}", from_="<sip:138@pbx>;tag=1", to=f"<sip:{agent}@{DOMAIN}>",
            call_id="hunted", headers=(f"Contact: <sip:138@{trunk.address};transport=tls>",), body=AUDIO_OFFER,
        )  # fmt: skip
        if trunk.wait(lambda m: m.status in (100, 480)).status == 100:
            return trunk
    pytest.fail("no edge knows this agent")


def test_the_trunk_finds_an_agent_at_either_edge(two_worlds: tuple[World, World]) -> None:
    first, second = two_worlds
    desk = second.desk("f.two")
    hunt(two_worlds, "f.two")
    invite = desk.wait_request("INVITE")
    desk.reply(invite, 486, tag="desk")
    desk.close()
    moved_desk = first.desk("f.two")
    hunt(two_worlds, "f.two")
    assert moved_desk.wait_request("INVITE")
