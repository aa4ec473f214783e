"""A desk hands its caller on: to a dial token, or to the other side of its second call, and to nobody else."""

from __future__ import annotations

from urllib.parse import quote, unquote

import pytest
from faker import Faker

from .dialling import DialledCall, dial, ready_trunk
from .hearthline_server import Mood
from .sip_peer import SipPeer
from .world import DOMAIN, Call, World, place

SIPFRAG = "Content-Type: message/sipfrag;version=2.0"


def talking(world: World, agent: str, trunk: SipPeer | None = None, caller: str = "13812345678") -> Call:
    call = place(world, world.desk(agent), agent, trunk=trunk, caller=caller)
    call.pick_up()
    return call


def second_call(world: World, first: Call, target: str = "8001") -> DialledCall:
    """The agent of a call asks somebody back, on the same connections."""
    first.trunk.request(
        "OPTIONS", f"sip:{DOMAIN}", from_="<sip:pbx@x.example>;tag=1", to=f"<sip:{DOMAIN}>", call_id="ping"
    )
    assert first.trunk.wait_reply("OPTIONS").status == 200
    call = dial(world, first.desk, first.agent, world.server.token(target))
    first.trunk.reply(call.arrive(first.trunk), 100, "Trying")
    call.pick_up()
    return call


def refer_to(world: World, token: str) -> str:
    return f"Refer-To: <sip:{token}@{DOMAIN}>"


def test_a_blind_transfer_by_token(world: World) -> None:
    call = talking(world, "x.blind")
    token = world.server.token("queue-7")
    call.from_desk("REFER", headers=(refer_to(world, token), f"Referred-By: <sip:x.blind@{DOMAIN}>", "Refer-Sub: true"))
    refer = call.trunk.wait_request("REFER")
    told = world.server.wait_for(lambda told: told.path == "/edge/dial")
    assert told.body == {
        "token": token, "agent": "x.blind", "call_id": call.invite["Call-ID"], "purpose": "transfer",
    }  # fmt: skip
    assert refer.all("Refer-To") == [f"<sip:queue-7@{DOMAIN}>"]
    assert refer["Call-ID"] == call.call_id
    assert token not in refer.raw
    assert not refer.all("Referred-By")
    call.trunk.reply(refer, 202, "Accepted", headers=(f"Contact: <sip:x@{call.trunk.address};transport=tls>",))
    assert call.desk.wait_reply("REFER").status == 202

    number = "13812345678"
    for status, state, word, shown in (
        (100, "active;expires=60", f"Trying {number}", "SIP/2.0 100 Progress\r\n"),
        (180, "active", "Ringing", "SIP/2.0 180 Progress\r\n"),
        (200, f"terminated;reason=noresource;x={number}", "OK", "SIP/2.0 200 OK\r\n"),
    ):
        body = f"SIP/2.0 {status} {word}\r\nContact: <sip:{number}@pbx.example.net>\r\n\r\n"
        headers = (
            f"Event: refer;id=93809824;x={number}",
            f"Subscription-State: {state}",
            SIPFRAG,
            f"Subject: {number}",
        )
        call.from_trunk("NOTIFY", headers=headers, body=body)
        notify = call.desk.wait_request("NOTIFY")
        assert notify.body == shown
        assert notify["Event"] == "refer;id=93809824"
        assert notify["Subscription-State"].partition(";")[0] == state.partition(";")[0]
        assert notify["Content-Type"] == "message/sipfrag;version=2.0"
        assert notify["Call-ID"] == call.invite["Call-ID"]
        call.desk.reply(notify, 200)
        assert call.trunk.wait_reply("NOTIFY").status == 200
    assert number not in call.desk.wire.decode()

    # The subscription is over.
    call.from_trunk(
        "NOTIFY", headers=("Event: refer", "Subscription-State: active", SIPFRAG), body="SIP/2.0 200 OK\r\n"
    )
    assert call.trunk.wait_reply("NOTIFY").status == 481
    call.from_trunk("BYE")
    call.desk.reply(call.desk.wait_request("BYE"), 200)
    assert call.trunk.wait_reply("BYE").status == 200
    assert token not in world.edge.log
    assert "queue-7" not in world.edge.log


def test_a_transfer_that_fails_is_told_and_the_call_stays(world: World) -> None:
    call = talking(world, "x.fails")
    call.from_desk("REFER", headers=(refer_to(world, world.server.token("8001")),))
    call.trunk.reply(call.trunk.wait_request("REFER"), 202)
    call.desk.wait_reply("REFER")
    headers = ("Event: refer", "Subscription-State: terminated;reason=noresource", SIPFRAG)
    call.from_trunk("NOTIFY", headers=headers, body="SIP/2.0 486 Busy Here\r\n")
    notify = call.desk.wait_request("NOTIFY")
    assert notify.body == "SIP/2.0 486 Refused\r\n"
    call.desk.reply(notify, 200)
    call.from_desk("INFO", cseq=2)
    call.trunk.reply(call.trunk.wait_request("INFO"), 200)
    assert call.desk.wait_reply("INFO").status == 200


def test_news_of_a_transfer_that_comes_after_the_end_of_the_call(world: World) -> None:
    call = talking(world, "x.after")
    call.from_desk("REFER", headers=(refer_to(world, world.server.token("8001")),))
    call.trunk.reply(call.trunk.wait_request("REFER"), 202)
    call.desk.wait_reply("REFER")
    call.from_desk("BYE", cseq=2)
    call.trunk.reply(call.trunk.wait_request("BYE"), 200)
    call.desk.wait_reply("BYE")
    headers = ("Event: refer", "Subscription-State: terminated;reason=noresource", SIPFRAG)
    call.from_trunk("NOTIFY", headers=headers, body="SIP/2.0 200 OK\r\n")
    call.desk.reply(call.desk.wait_request("NOTIFY"), 200)
    assert call.trunk.wait_reply("NOTIFY").status == 200


def test_a_transfer_of_a_call_that_the_desk_made(world: World) -> None:
    trunk = ready_trunk(world)
    call = dial(world, world.desk("x.out"), "x.out", world.server.token("13812345678"))
    trunk.reply(call.arrive(trunk), 100, "Trying")
    call.pick_up()
    call.from_desk("REFER", headers=(refer_to(world, world.server.token("8002")),))
    refer = trunk.wait_request("REFER")
    assert refer["Refer-To"] == f"<sip:8002@{DOMAIN}>"
    trunk.reply(refer, 202)
    assert call.desk.wait_reply("REFER").status == 202


def replaces(call_id: str, to_tag: str, from_tag: str) -> str:
    value = quote(f"{call_id};to-tag={to_tag};from-tag={from_tag}", safe="")
    return f"Refer-To: <sip:customer@{DOMAIN}?Require=replaces&Replaces={value}>"


def test_an_attended_transfer(world: World, faker: Faker) -> None:
    number = faker.numerify("138########")
    first = talking(world, "x.attended", caller=number)
    second = second_call(world, first)
    assert second.invite
    first.from_desk("REFER", headers=(replaces(second.call_id, "far", second.local_tag),))
    refer = first.trunk.wait_request("REFER")
    assert refer["Call-ID"] == first.call_id
    target, _, replaced = refer["Refer-To"].strip("<>").partition("?Replaces=")
    assert target == f"sip:8001@{DOMAIN}"
    assert unquote(replaced) == f"{second.invite['Call-ID']};to-tag=far;from-tag={second.local_tag}"
    first.trunk.reply(refer, 202)
    assert first.desk.wait_reply("REFER").status == 202
    assert not [told for told in world.server.told if told.body.get("purpose") == "transfer"]


def test_an_attended_transfer_the_other_way_round(world: World) -> None:
    """From the desk's own call to the caller's: then Replaces names a call that came from the trunk."""
    first = talking(world, "x.round", caller="13700000001")
    second = second_call(world, first)
    second.from_desk("REFER", headers=(replaces(first.invite["Call-ID"], first.invite.tag("From"), "desk"),))
    refer = first.trunk.wait_request("REFER")
    target, _, replaced = refer["Refer-To"].strip("<>").partition("?Replaces=")
    assert target == "sip:13700000001@pbx.example.net"
    assert unquote(replaced) == f"{first.call_id};to-tag={first.invite.tag('From')};from-tag=desk"
    first.trunk.reply(refer, 202)
    assert first.desk.wait_reply("REFER").status == 202


def refused(call: Call, *headers: str, status: int = 403) -> None:
    cseq = 1 + len([m for m in call.desk.messages if m.method == "REFER"])
    call.from_desk("REFER", cseq=cseq, headers=headers)
    assert call.desk.wait_reply("REFER").status == status
    assert not [m for m in call.trunk.messages if m.method == "REFER"]


@pytest.mark.parametrize(
    "target",
    [
        "sip:elsewhere@example.com", f"sip:13812345678@{DOMAIN}", f"sip:x.other@{DOMAIN}", "tel:+8613812345678",
        "sip:t_" + "x" * 24 + "@example.com", f"sip:t_short@{DOMAIN}", f"sip:echo@{DOMAIN}",
    ],
)  # fmt: skip
def test_nobody_is_sent_anywhere_else(world: World, target: str) -> None:
    refused(talking(world, "x.else"), f"Refer-To: <{target}>")
    assert "13812345678" not in world.log


def test_a_refer_without_a_target_is_refused(world: World) -> None:
    refused(talking(world, "x.none"))


def test_another_agents_call_cannot_be_taken(world: World) -> None:
    first, others = talking(world, "x.mine"), talking(world, "x.others")
    refused(first, replaces(others.invite["Call-ID"], others.invite.tag("From"), "desk"))


def test_what_replaces_must_be_a_call_of_the_agents_own(world: World) -> None:
    first = talking(world, "x.own")
    second = second_call(world, first)
    assert second.invite
    tag = second.local_tag
    refused(first, replaces("no-such-call", "far", tag))
    refused(first, replaces(second.call_id, "wrong", tag))
    refused(first, replaces(second.call_id, "far", "wrong"))
    refused(first, replaces(second.call_id, "", ""))
    refused(first, replaces(second.invite["Call-ID"], "far", tag))
    refused(first, replaces(first.invite["Call-ID"], first.invite.tag("From"), "desk"))
    second.from_desk("BYE")
    first.trunk.reply(first.trunk.wait_request("BYE"), 200)
    first.desk.wait_reply("BYE")
    refused(first, replaces(second.call_id, "far", tag))


def test_a_call_that_only_rings_is_not_handed_on(world: World) -> None:
    call = place(world, world.desk("x.rings"), "x.rings")
    call.desk.reply(call.invite, 180, "Ringing", tag="desk", headers=("Contact: <sip:x.rings@192.0.2.7>",))
    call.trunk.wait(lambda m: m.status == 180)
    call.from_desk("REFER", headers=(refer_to(world, world.server.token("8001")),))
    assert call.desk.wait_reply("REFER").status == 403


def test_an_unknown_token_hands_nobody_on(world: World) -> None:
    refused(talking(world, "x.unknown"), refer_to(world, "t_" + "x" * 24), status=404)


def test_without_the_server_nobody_is_handed_on_and_the_call_stays(world: World) -> None:
    world.expect_log("token is not resolved")
    call = talking(world, "x.broken")
    world.server.mood = Mood.BROKEN
    refused(call, refer_to(world, world.server.token("8001")), status=503)
    call.from_desk("INFO", cseq=5)
    call.trunk.reply(call.trunk.wait_request("INFO"), 200)
    assert call.desk.wait_reply("INFO").status == 200


def test_a_transfer_that_the_trunk_refuses(world: World) -> None:
    call = talking(world, "x.no")
    call.from_desk("REFER", headers=(refer_to(world, world.server.token("8001")),))
    call.trunk.reply(call.trunk.wait_request("REFER"), 603, "Declined 13812345678")
    assert call.desk.wait_reply("REFER").first == "SIP/2.0 603 Refused"
    headers = ("Event: refer", "Subscription-State: active", SIPFRAG)
    call.from_trunk("NOTIFY", headers=headers, body="SIP/2.0 200 OK\r\n")
    assert call.trunk.wait_reply("NOTIFY").status == 481


def test_the_trunk_sends_no_desk_anywhere(world: World) -> None:
    call = talking(world, "x.trunk")
    call.from_trunk("REFER", headers=("Refer-To: <sip:elsewhere@example.com>",))
    assert call.trunk.wait_reply("REFER").status == 403
    assert not [m for m in call.desk.messages if m.method == "REFER"]


def test_a_desk_sends_no_notify(world: World) -> None:
    call = talking(world, "x.notify")
    call.from_desk("NOTIFY", headers=("Event: refer", "Subscription-State: active", SIPFRAG), body="SIP/2.0 200 OK\r\n")
    assert call.desk.wait_reply("NOTIFY").status == 403


@pytest.mark.parametrize(
    ("event", "type_", "body", "status"),
    [
        ("refer", SIPFRAG, "SIP/2.0 200 OK\r\n", 481),
        ("presence", SIPFRAG, "SIP/2.0 200 OK\r\n", 481),
    ],
)
def test_a_notify_without_a_subscription_is_refused(
    world: World, event: str, type_: str, body: str, status: int
) -> None:
    call = talking(world, "x.nosub")
    call.from_trunk("NOTIFY", headers=(f"Event: {event}", "Subscription-State: active", type_), body=body)
    assert call.trunk.wait_reply("NOTIFY").status == status
    assert not [m for m in call.desk.messages if m.method == "NOTIFY"]


@pytest.mark.parametrize(
    ("event", "type_", "body", "status"),
    [
        ("presence", SIPFRAG, "SIP/2.0 200 OK\r\n", 489),
        ("refer", "Content-Type: text/plain", "SIP/2.0 200 OK\r\n", 415),
        ("refer", SIPFRAG, "INVITE sip:13812345678@x SIP/2.0\r\n", 415),
        ("refer", SIPFRAG, "SIP/2.0 2000 OK\r\n", 415),
        ("refer", SIPFRAG, "", 415),
    ],
)
def test_a_notify_that_tells_anything_else_is_refused(
    world: World, event: str, type_: str, body: str, status: int
) -> None:
    call = talking(world, "x.other")
    call.from_desk("REFER", headers=(refer_to(world, world.server.token("8001")),))
    call.trunk.reply(call.trunk.wait_request("REFER"), 202)
    call.desk.wait_reply("REFER")
    call.from_trunk("NOTIFY", headers=(f"Event: {event}", "Subscription-State: active", type_), body=body)
    assert call.trunk.wait_reply("NOTIFY").status == status
    assert not [m for m in call.desk.messages if m.method == "NOTIFY"]
