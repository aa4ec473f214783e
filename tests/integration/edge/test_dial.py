"""A desk dials a token: the trunk gets a call to whom it stands for, and the desk learns nothing of the number."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from .dialling import REF, SRTP_OFFER, TRUNK_ANSWER, DialledCall, dial, dialled, ready_trunk
from .hearthline_server import Mood
from .test_media import PLAIN_ANSWER
from .world import DOMAIN, World


def test_the_trunk_is_called_in_the_organisations_name(world: World) -> None:
    call = dialled(world, "d.name", "+8613812345678", caller="4008001234")
    told = world.server.wait_for(lambda told: told.path == "/edge/dial")
    token = call.uri.removeprefix("sip:").partition("@")[0]
    assert told.body == {"token": token, "agent": "d.name", "call_id": call.call_id, "purpose": "call"}
    assert told.client == "edge-test"
    invite = call.invite
    assert invite
    assert invite.uri == f"sip:+8613812345678@{DOMAIN}"
    assert invite["To"] == f"<sip:+8613812345678@{DOMAIN}>"
    assert re.fullmatch(rf"<sip:4008001234@{DOMAIN}>;tag=\w+", invite["From"])
    assert invite["Call-ID"] != call.call_id
    for secret in ("d.name", "192.168.7.7", "home", token, "Authorization", "X-Hearthline"):
        assert secret not in invite.raw
    assert " RTP/AVP " in invite.body
    assert "crypto" not in invite.body


def test_without_a_number_of_its_own_the_caller_is_anonymous(world: World) -> None:
    call = dialled(world, "d.anon", "queue*7#")
    assert call.invite
    assert call.invite["From"].startswith(f"<sip:anonymous@{DOMAIN}>;tag=")
    assert call.invite.uri == f"sip:queue*7%23@{DOMAIN}"


def test_the_desk_gets_the_reference_with_every_answer(world: World) -> None:
    call = dialled(world, "d.ref")
    assert call.trunk
    assert call.invite
    call.trunk.reply(
        call.invite, 180, "Ringing", tag="far", headers=(call.contact(), "X-Hearthline-Call: c_forgedforged")
    )
    ringing = call.desk.wait(lambda m: m.status == 180)
    assert ringing.all("X-Hearthline-Call") == [REF]
    assert call.pick_up().all("X-Hearthline-Call") == [REF]


def test_a_call_without_a_reference(world: World) -> None:
    call = dialled(world, "d.noref", ref=None)
    assert not call.pick_up().all("X-Hearthline-Call")
    call.from_desk("BYE")
    assert call.trunk
    call.trunk.reply(call.trunk.wait_request("BYE"), 200)
    assert call.desk.wait_reply("BYE").status == 200
    assert [told.path for told in world.server.told] == ["/edge/dial"]


def test_the_agent_hangs_up(world: World) -> None:
    call = dialled(world, "d.bye1")
    call.pick_up()
    assert call.call_id in world.edge.relayed_calls()
    call.from_desk("BYE")
    assert call.trunk
    assert call.invite
    bye = call.trunk.wait_request("BYE")
    assert bye["Call-ID"] == call.invite["Call-ID"]
    assert bye["From"] == call.invite["From"]
    assert bye["To"] == call.invite["To"] + ";tag=far"
    assert bye.uri == f"sip:queue@{call.trunk.address};transport=tls"
    call.trunk.reply(bye, 200)
    reply = call.desk.wait_reply("BYE")
    assert (reply.status, reply["Call-ID"]) == (200, call.call_id)
    assert world.server.wait_for_end(REF) == {"reason": "bye-agent", "code": 0}
    assert call.call_id not in world.edge.relayed_calls()


def test_the_other_side_hangs_up(world: World) -> None:
    call = dialled(world, "d.bye2")
    call.pick_up()
    call.from_trunk("BYE")
    bye = call.desk.wait_request("BYE")
    assert bye["Call-ID"] == call.call_id
    assert bye.tag("From") == "far"
    assert bye.tag("To") == re.findall(r"tag=(\w+)", call.from_)[0]
    call.desk.reply(bye, 200)
    assert call.trunk
    assert call.trunk.wait_reply("BYE").status == 200
    assert world.server.wait_for_end(REF) == {"reason": "bye-customer", "code": 0}
    assert call.call_id not in world.edge.relayed_calls()


def cancel(call: DialledCall) -> None:
    call.desk.request(
        "CANCEL", call.uri, from_=call.from_, to=call.to, call_id=call.call_id, cseq=call.cseq, branch=call.branch
    )


def test_the_agent_gives_up_while_it_rings(world: World) -> None:
    call = dialled(world, "d.cancel", "13812345678")
    assert call.trunk
    assert call.invite
    call.trunk.reply(call.invite, 180, "Ringing", tag="far", headers=(call.contact(),))
    call.desk.wait(lambda m: m.status == 180)
    cancel(call)
    cancelled = call.trunk.wait_request("CANCEL")
    assert cancelled["Call-ID"] == call.invite["Call-ID"]
    assert cancelled["From"] == call.invite["From"]
    assert cancelled["To"] == call.invite["To"]
    assert cancelled.uri == call.invite.uri
    assert call.desk.wait_reply("CANCEL").status == 200
    call.trunk.reply(cancelled, 200)
    call.trunk.reply(call.invite, 487, "Request Terminated", tag="far")
    assert call.refusal().status == 487
    ack = call.trunk.wait_request("ACK")
    assert ack["From"] == call.invite["From"]
    assert ack["To"] == call.invite["To"] + ";tag=far"
    assert world.server.wait_for_end(REF) == {"reason": "cancel", "code": 487}
    assert call.call_id not in world.edge.relayed_calls()


@pytest.mark.parametrize(("code", "passed"), [(486, 486), (404, 404), (603, 603), (302, 480), (401, 403), (407, 403)])
def test_the_trunk_refuses(world: World, code: int, passed: int) -> None:
    call = dialled(world, "d.refused")
    assert call.trunk
    assert call.invite
    headers = ("Contact: <sip:13812345678@192.0.2.1>", "Retry-After: 5 (13812345678)")
    call.trunk.reply(call.invite, code, "13812345678 is busy", tag="far", headers=headers)
    refusal = call.refusal()
    assert (refusal.status, refusal["Call-ID"]) == (passed, call.call_id)
    assert "13812345678" not in call.desk.wire.decode()
    assert call.trunk.wait_request("ACK")["Call-ID"] == call.invite["Call-ID"]
    assert world.server.wait_for_end(REF) == {"reason": "failed", "code": code}
    assert call.call_id not in world.edge.relayed_calls()


def test_a_token_that_nobody_knows(world: World) -> None:
    trunk = ready_trunk(world)
    call = dial(world, world.desk("d.unknown"), "d.unknown", "t_" + "x" * 24)
    assert call.refusal().first == "SIP/2.0 404 Unknown Token"
    assert not [m for m in trunk.messages if m.method == "INVITE"]


def test_a_token_works_once(world: World) -> None:
    trunk = ready_trunk(world)
    desk = world.desk("d.once")
    token = world.server.token("8001")
    trunk.reply(dial(world, desk, "d.once", token).arrive(trunk), 100)
    assert dial(world, desk, "d.once", token).refusal().status == 404


@pytest.mark.parametrize("mood", [Mood.BROKEN, Mood.NONSENSE])
def test_a_server_that_errs_resolves_no_token(world: World, mood: Mood) -> None:
    world.expect_log("token is not resolved|answer to a token cannot be used")
    trunk = ready_trunk(world)
    world.server.mood = mood
    call = dial(world, world.desk("d.err"), "d.err", world.server.token("8001"))
    assert call.refusal().first == "SIP/2.0 503 Server Not Reachable"
    assert not [m for m in trunk.messages if m.method == "INVITE"]


def test_a_server_that_is_away_resolves_no_token(own_world: World) -> None:
    own_world.expect_log("token is not resolved|failed to connect")
    ready_trunk(own_world)
    desk = own_world.desk("d.away")
    own_world.server.stop()
    call = dial(own_world, desk, "d.away", own_world.server.token("8001"))
    assert call.refusal().first == "SIP/2.0 503 Server Not Reachable"


def test_the_agent_gives_up_while_the_server_thinks(own_world: World) -> None:
    trunk = ready_trunk(own_world)
    desk = own_world.desk("d.early")
    own_world.server.mood = Mood.SLOW
    own_world.expect_log("timed out|token is not resolved")
    call = dial(own_world, desk, "d.early", own_world.server.token("8001", ref=REF))
    own_world.server.wait_for(lambda told: told.path == "/edge/dial")
    cancel(call)
    assert call.refusal().status == 487
    own_world.server.wake()
    assert own_world.server.wait_for_end(REF) == {"reason": "cancel", "code": 487}
    assert not [m for m in trunk.messages if m.method == "INVITE"]


def test_a_slow_server_holds_up_no_other_call(own_world: World) -> None:
    own_world.expect_log("token is not resolved|timed out")
    ready_trunk(own_world)
    first, second = own_world.desk("d.slow1"), own_world.desk("d.slow2")
    own_world.server.mood = Mood.SLOW
    assert dial(own_world, first, "d.slow1", own_world.server.token("8001")).refusal().status == 503
    assert dial(own_world, second, "d.slow2", own_world.server.token("8001")).refusal().status == 503
    assert len(own_world.server.told) == 1


def test_without_a_trunk_the_call_is_refused_and_told(own_world: World) -> None:
    own_world.expect_log("the trunk is not reachable")
    call = dial(own_world, own_world.desk("d.notrunk"), "d.notrunk", own_world.server.token("8001", ref=REF))
    assert call.refusal().first == "SIP/2.0 503 Trunk Not Reachable"
    assert own_world.server.wait_for_end(REF) == {"reason": "failed", "code": 503}
    assert own_world.edge.relayed_calls() == []


# --- who may ----------------------------------------------------------------------------------------------------------


def test_a_desk_is_asked_who_it_is(world: World) -> None:
    desk = world.desk("d.ask")
    uri = f"sip:{world.server.token('8001')}@{DOMAIN}"
    desk.request("INVITE", uri, from_=f"<sip:d.ask@{DOMAIN}>;tag=1", to=f"<{uri}>", call_id="ask", body=SRTP_OFFER)
    challenge = desk.wait_reply("INVITE")
    assert challenge.status == 407
    assert "algorithm=SHA-256" in challenge["Proxy-Authenticate"]
    assert not world.server.told


def test_credentials_of_another_agent_are_refused(world: World) -> None:
    world.expect_log("tried to call as another")
    desk = world.desk("d.thief")
    call = dial(world, desk, "d.thief", world.server.token("8001"), credentials_of="d.other")
    assert call.refusal().first == "SIP/2.0 403 Not Your Address"


def test_another_agent_in_from_is_refused(world: World) -> None:
    world.expect_log("tried to call as another")
    desk = world.desk("d.mask")
    call = dial(world, desk, "d.mask", world.server.token("8001"), from_agent="d.other", credentials_of="d.mask")
    assert call.refusal().first == "SIP/2.0 403 Not Your Address"


def test_good_credentials_on_another_connection_are_refused(world: World) -> None:
    world.desk("d.conn")
    call = dial(world, world.home(), "d.conn", world.server.token("8001"))
    assert call.refusal().first == "SIP/2.0 403 Not Registered Here"


def test_an_agent_who_is_not_registered_does_not_call(world: World) -> None:
    call = dial(world, world.home(), "d.unreg", world.server.token("8001"))
    assert call.refusal().first == "SIP/2.0 403 Not Registered Here"
    assert not world.server.told


def test_expired_credentials_are_refused(world: World) -> None:
    world.expect_log("username has expired")
    desk = world.desk("d.late")
    registration = world.registration("d.late", life=timedelta(seconds=-1))
    uri = f"sip:{world.server.token('8001')}@{DOMAIN}"
    from_ = f"<sip:d.late@{DOMAIN}>;tag=1"
    desk.request("INVITE", uri, from_=from_, to=f"<{uri}>", call_id="late", body=SRTP_OFFER)
    proof = registration.authorization(desk.wait_reply("INVITE")["Proxy-Authenticate"], "INVITE", uri)
    desk.request(
        "INVITE", uri, from_=from_, to=f"<{uri}>", call_id="late", cseq=2, body=SRTP_OFFER,
        headers=(f"Proxy-Authorization: {proof}",),
    )  # fmt: skip
    assert desk.wait_reply("INVITE").first == "SIP/2.0 403 Credentials Expired"


@pytest.mark.parametrize(
    "user", ["13812345678", "t_short", "t_" + "x" * 41, "d.other", "Echo", "t_" + "x" * 24 + "%0a"]
)
def test_nothing_but_tokens_is_dialled(world: World, user: str) -> None:
    desk = world.desk("d.number")
    assert dial(world, desk, "d.number", user).refusal().status == 403
    assert "13812345678" not in world.log


def test_the_call_id_of_another_desk_cannot_be_taken(world: World) -> None:
    call = dialled(world, "d.first")
    call.pick_up()
    other = dial(world, world.desk("d.second"), "d.second", world.server.token("8002"), call_id=call.call_id)
    assert other.refusal().status == 482
    call.from_desk("BYE")
    assert call.trunk
    call.trunk.reply(call.trunk.wait_request("BYE"), 200)
    assert call.desk.wait_reply("BYE").status == 200


VIDEO = SRTP_OFFER.replace("m=audio 40012", "m=video 40020")


@pytest.mark.parametrize(("body", "status"), [(PLAIN_ANSWER, 488), ("", 488), (VIDEO, 488)])
def test_offers_without_srtp_are_refused(world: World, body: str, status: int) -> None:
    if body:
        world.expect_log("media without SRTP")
    call = dial(world, world.desk("d.plain"), "d.plain", world.server.token("8001"), body=body)
    assert call.refusal().status == status
    assert not [told for told in world.server.told if told.path == "/edge/dial"]


def test_a_desk_cannot_say_which_way_its_call_goes(world: World) -> None:
    trunk, elsewhere = ready_trunk(world), world.trunk()
    route = f"Route: <sip:{elsewhere.address};transport=tls;lr>"
    call = dial(world, world.desk("d.route"), "d.route", world.server.token("8001"), headers=(route,))
    assert not call.arrive(trunk).all("Route")
    call.pick_up()
    call.from_desk("INFO", headers=(route,))
    info = trunk.wait_request("INFO")
    assert not info.all("Route")
    trunk.reply(info, 200)
    assert call.desk.wait_reply("INFO").status == 200
    assert not elsewhere.messages


def test_a_call_that_the_trunk_sends_back_is_a_loop(world: World) -> None:
    call = dialled(world, "d.loop", "d.loop")
    assert call.trunk
    assert call.invite
    call.trunk.request(
        "INVITE", call.invite.uri, from_=call.invite["From"], to=call.invite["To"], call_id=call.invite["Call-ID"],
        headers=(call.contact(),), body=TRUNK_ANSWER,
    )  # fmt: skip
    assert call.trunk.wait_reply("INVITE").status == 482
