"""Calls from the trunk reach the desk, end cleanly from either side, and are not cut by the server's troubles."""

from __future__ import annotations

import pytest

from .hearthline_server import Mood
from .world import AUDIO_OFFER, DOMAIN, SRTP_ANSWER, World, place


def public_id(call_id: str) -> bool:
    return call_id.startswith("hl-") and len(call_id) == 39


def test_a_call_is_offered_with_the_servers_reference(world: World) -> None:
    call = place(world, world.desk("c.offer"), "c.offer", caller="13812345678")
    told = world.server.wait_for(lambda told: told.path == "/edge/calls")
    assert told.body == {"call_id": call.invite["Call-ID"], "agent": "c.offer", "caller": "13812345678"}
    assert told.client == "edge-test"
    assert call.invite.all("X-Hearthline-Call") == [world.server.references[-1]]


def test_the_asserted_identity_is_the_caller(world: World) -> None:
    place(
        world, world.desk("c.pai"), "c.pai", caller="anonymous", headers=("P-Asserted-Identity: <tel:+8613812345678>",)
    )
    told = world.server.wait_for(lambda told: told.path == "/edge/calls")
    assert told.body["caller"] == "+8613812345678"


def test_a_caller_with_quotes_does_not_break_the_question(world: World) -> None:
    place(world, world.desk("c.quote"), "c.quote", headers=('P-Asserted-Identity: <sip:a%22,%20"b@pbx.example.net>',))
    told = world.server.wait_for(lambda told: told.path == "/edge/calls")
    assert told.body["agent"] == "c.quote"


def test_a_malformed_caller_is_not_logged(world: World) -> None:
    world.expect_log("invalid From|cannot parse FROM")
    trunk = world.trunk()
    trunk.request(
        "INVITE", f"sip:c.x@{DOMAIN}", from_="<sip:13812345678\\x@pbx>;tag=1", to=f"<sip:c.x@{DOMAIN}>", call_id="bad"
    )
    assert trunk.wait_reply("INVITE").status == 400
    assert "13812345678" not in world.log


@pytest.mark.parametrize("mood", [Mood.BROKEN, Mood.NONSENSE])
def test_a_server_that_errs_does_not_cut_the_call(world: World, mood: Mood) -> None:
    world.expect_log("goes on without a reference|no usable reference")
    world.server.mood = mood
    call = place(world, world.desk("c.err"), "c.err")
    assert not call.invite.all("X-Hearthline-Call")
    assert "X-Evil" not in call.invite.raw


def test_the_trunk_cannot_set_the_reference(world: World) -> None:
    world.expect_log("goes on without a reference")
    world.server.mood = Mood.BROKEN
    call = place(world, world.desk("c.forge"), "c.forge", headers=("X-Hearthline-Call: c_forgedforged",))
    assert "forged" not in call.invite.raw


def test_the_customer_hangs_up(world: World) -> None:
    call = place(world, world.desk("c.bye1"), "c.bye1")
    call.pick_up()
    assert call.invite["Call-ID"] in world.edge.relayed_calls()
    call.from_trunk("BYE")
    bye = call.desk.wait_request("BYE")
    call.desk.reply(bye, 200)
    assert call.trunk.wait_reply("BYE").status == 200
    assert world.server.wait_for_end(call.ref) == {"reason": "bye-customer", "code": 0}
    assert call.invite["Call-ID"] not in world.edge.relayed_calls()


def test_the_agent_hangs_up(world: World) -> None:
    call = place(world, world.desk("c.bye2"), "c.bye2")
    call.pick_up()
    call.from_desk("BYE")
    bye = call.trunk.wait_request("BYE")
    assert bye["Call-ID"] == call.call_id
    assert bye["To"] == call.from_
    assert bye.uri == f"sip:{call.caller}@{call.trunk.address};transport=tls"
    call.trunk.reply(bye, 200)
    assert call.desk.wait_reply("BYE").status == 200
    assert world.server.wait_for_end(call.ref) == {"reason": "bye-agent", "code": 0}
    assert call.invite["Call-ID"] not in world.edge.relayed_calls()


def test_the_customer_gives_up_while_it_rings(world: World) -> None:
    call = place(world, world.desk("c.cancel"), "c.cancel")
    call.desk.reply(call.invite, 180, "Ringing", tag="desk")
    assert call.trunk.wait(lambda m: m.status == 180)
    call.trunk.request(
        "CANCEL", f"sip:c.cancel@{DOMAIN}", from_=call.from_, to=call.to, call_id=call.call_id, branch=call.branch
    )
    cancel = call.desk.wait_request("CANCEL")
    assert cancel["Call-ID"] == call.invite["Call-ID"]
    call.desk.reply(cancel, 200)
    call.desk.reply(call.invite, 487, "Request Terminated", tag="desk")
    assert call.trunk.wait_reply("INVITE").status == 487
    assert call.desk.wait_request("ACK")["Call-ID"] == call.invite["Call-ID"]
    assert world.server.wait_for_end(call.ref) == {"reason": "cancel", "code": 487}
    assert call.invite["Call-ID"] not in world.edge.relayed_calls()


@pytest.mark.parametrize(("code", "passed"), [(486, 486), (603, 603), (302, 480), (401, 480)])
def test_a_desk_that_refuses(world: World, code: int, passed: int) -> None:
    call = place(world, world.desk("c.busy"), "c.busy")
    call.desk.reply(call.invite, code, "No", tag="desk", headers=("Contact: <sip:evil@192.0.2.1>",))
    assert call.trunk.wait_reply("INVITE").status == passed
    assert world.server.wait_for_end(call.ref) == {"reason": "failed", "code": code}
    assert call.invite["Call-ID"] not in world.edge.relayed_calls()


def test_an_agent_who_is_not_registered(world: World) -> None:
    trunk = world.trunk()
    trunk.request(
        "INVITE", f"sip:c.nobody@{DOMAIN}", from_="<sip:1@x.example>;tag=1", to=f"<sip:c.nobody@{DOMAIN}>",
        call_id="nobody", headers=(f"Contact: <sip:1@{trunk.address};transport=tls>",), body=AUDIO_OFFER,
    )  # fmt: skip
    assert trunk.wait_reply("INVITE").status == 480
    world.wait_log("agent c.nobody is not registered")
    assert not world.server.told


def test_requests_and_replies_inside_a_call_pass_both_ways(world: World) -> None:
    call = place(world, world.desk("c.inside"), "c.inside")
    call.pick_up()
    hold = AUDIO_OFFER.replace("sendrecv", "sendonly")
    call.from_trunk("INVITE", body=hold, headers=(f"Contact: <sip:x@{call.trunk.address};transport=tls>",))
    again = call.desk.wait_request("INVITE")
    assert "RTP/SAVP" in again.body
    assert "a=sendonly" in again.body
    call.desk.reply(
        again,
        200,
        body=SRTP_ANSWER.replace("sendrecv", "recvonly"),
        headers=("Contact: <sip:c.inside@192.0.2.7:9;transport=tls>",),
    )
    answer = call.trunk.wait_reply("INVITE")
    assert answer.status == 200
    assert "a=recvonly" in answer.body
    assert "RTP/AVP" in answer.body
    call.from_trunk("ACK", cseq=call.cseq)
    call.desk.wait_request("ACK")

    call.from_desk("INVITE", cseq=1, body=SRTP_ANSWER, headers=("Contact: <sip:c.inside@192.0.2.7:9;transport=tls>",))
    offered = call.trunk.wait_request("INVITE")
    assert "m=audio" in offered.body
    assert " RTP/AVP " in offered.body
    call.trunk.reply(offered, 200, body=AUDIO_OFFER, headers=(f"Contact: <sip:x@{call.trunk.address};transport=tls>",))
    assert call.desk.wait_reply("INVITE").status == 200
    call.from_desk("ACK", cseq=1)
    assert call.trunk.wait_request("ACK")["Call-ID"] == call.call_id

    call.from_desk(
        "UPDATE",
        cseq=2,
        headers=("Session-Expires: 1800;refresher=uac", "Contact: <sip:c.inside@192.0.2.7:9;transport=tls>"),
    )
    update = call.trunk.wait_request("UPDATE")
    assert update["Session-Expires"] == "1800;refresher=uac"
    call.trunk.reply(
        update, 200, headers=("Session-Expires: 1800;refresher=uac", f"Contact: <sip:x@{call.trunk.address}>")
    )
    assert call.desk.wait_reply("UPDATE")["Session-Expires"] == "1800;refresher=uac"

    call.from_desk(
        "INFO", cseq=3, headers=("Content-Type: application/dtmf-relay",), body="Signal=5\r\nDuration=160\r\n"
    )
    info = call.trunk.wait_request("INFO")
    assert info.body == "Signal=5\r\nDuration=160\r\n"
    call.trunk.reply(info, 200)
    assert call.desk.wait_reply("INFO").status == 200


def test_reliable_provisional_replies_pass(world: World) -> None:
    call = place(world, world.desk("c.prack"), "c.prack", headers=("Supported: 100rel",))
    contact = "Contact: <sip:c.prack@192.0.2.7:9;transport=tls>"
    call.desk.reply(call.invite, 180, "Ringing", tag="desk", headers=(contact, "Require: 100rel", "RSeq: 1"))
    call.answer = call.trunk.wait(lambda m: m.status == 180)
    assert call.answer["RSeq"] == "1"
    call.to = call.answer["To"]
    call.from_trunk("PRACK", headers=("RAck: 1 1 INVITE",))
    prack = call.desk.wait_request("PRACK")
    assert prack["RAck"] == "1 1 INVITE"
    assert prack["Call-ID"] == call.invite["Call-ID"]
    call.desk.reply(prack, 200)
    assert call.trunk.wait_reply("PRACK").status == 200
    call.pick_up()


def test_the_edge_never_dials_a_desk(world: World) -> None:
    desk = world.desk("c.lost")
    call = place(world, desk, "c.lost")
    call.pick_up()
    desk.close()
    world.expect_log("connection|send|forward|t_relay")
    call.from_trunk("BYE")
    assert call.trunk.wait_reply("BYE").status in (408, 477, 480, 500)
    assert call.invite["Call-ID"] not in world.edge.relayed_calls()


def test_desks_do_not_dial(world: World) -> None:
    desk = world.desk("c.dials")
    desk.request(
        "INVITE", f"sip:13812345678@{DOMAIN}", from_=f"<sip:c.dials@{DOMAIN}>;tag=1", to=f"<sip:13812345678@{DOMAIN}>",
        call_id="dial", headers=("Contact: <sip:c.dials@192.0.2.7>",), body=SRTP_ANSWER,
    )  # fmt: skip
    assert desk.wait_reply("INVITE").status == 403
    assert "13812345678" not in world.log


def test_transfers_by_a_desk_are_refused(world: World) -> None:
    call = place(world, world.desk("c.refer"), "c.refer")
    call.pick_up()
    call.from_desk("REFER", headers=("Refer-To: <sip:elsewhere@example.com>",))
    assert call.desk.wait_reply("REFER").status == 403
    assert not [m for m in call.trunk.messages if m.method == "REFER"]


@pytest.mark.parametrize(
    ("method", "status"), [("MESSAGE", 405), ("SUBSCRIBE", 405), ("PUBLISH", 405), ("OPTIONS", 200), ("BYE", 403)]
)
def test_other_requests_from_home(world: World, method: str, status: int) -> None:
    desk = world.home()
    desk.request(method, f"sip:{DOMAIN}", from_=f"<sip:x@{DOMAIN}>;tag=1", to=f"<sip:{DOMAIN}>", call_id="other")
    assert desk.wait_reply(method).status == status


def test_a_foreign_domain_is_unknown(world: World) -> None:
    desk = world.home()
    desk.request(
        "INVITE", "sip:x@example.com", from_="<sip:x@x.example>;tag=1", to="<sip:x@example.com>", call_id="foreign"
    )
    assert desk.wait_reply("INVITE").status == 404


def test_a_request_for_no_call_is_refused(world: World) -> None:
    desk = world.home()
    desk.request("BYE", f"sip:{DOMAIN}", from_=f"<sip:x@{DOMAIN}>;tag=1", to=f"<sip:y@{DOMAIN}>;tag=2", call_id="none")
    assert desk.wait_reply("BYE").status == 481


def test_a_scanner_gets_no_answer(world: World) -> None:
    desk = world.home()
    desk.request(
        "OPTIONS",
        f"sip:{DOMAIN}",
        from_="<sip:100@x>;tag=1",
        to="<sip:100@x>",
        call_id="scan",
        headers=("User-Agent: friendly-scanner",),
    )
    desk.request("OPTIONS", f"sip:{DOMAIN}", from_="<sip:x@x>;tag=1", to="<sip:x@x>", call_id="honest")
    assert desk.wait_reply("OPTIONS")["Call-ID"] == "honest"
    assert len(desk.messages) == 1


def test_too_many_hops(world: World) -> None:
    desk = world.home()
    desk.send(
        f"OPTIONS sip:{DOMAIN} SIP/2.0\r\nVia: SIP/2.0/TLS {desk.address};branch=z9hG4bKhops;rport\r\n"
        "From: <sip:x@x>;tag=1\r\nTo: <sip:x@x>\r\nCall-ID: hops\r\nCSeq: 1 OPTIONS\r\n"
        "Max-Forwards: 0\r\nContent-Length: 0\r\n\r\n"
    )
    assert desk.wait_reply("OPTIONS").status == 483
