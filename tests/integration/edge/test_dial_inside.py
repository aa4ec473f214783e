"""What passes inside a call that a desk made: early media, hold, timers, tones; and what does not."""

from __future__ import annotations

import re

from faker import Faker

from .dialling import SRTP_OFFER, TRUNK_ANSWER, dial, dialled, ready_trunk
from .sip_peer import Message
from .test_media import PLAIN_ANSWER, suites
from .world import World


def test_early_media_of_forked_branches(world: World) -> None:
    """Two telephones ring at the trunk, one with an announcement; the other is picked up."""
    call = dialled(world, "d.fork")
    assert call.trunk
    assert call.invite
    call.trunk.reply(call.invite, 180, "Ringing", tag="one", headers=(call.contact("one"),))
    call.trunk.reply(call.invite, 183, "Session Progress", tag="two", headers=(call.contact("two"),), body=TRUNK_ANSWER)
    first = call.desk.wait(lambda m: m.status == 180)
    second = call.desk.wait(lambda m: m.status == 183)
    assert (first.tag("To"), second.tag("To")) == ("one", "two")
    assert suites(second.body) == ["AES_CM_128_HMAC_SHA1_80"]
    media = world.edge.settings.media
    assert media.port_min <= int(re.findall(r"^m=audio (\d+) RTP/SAVP", second.body, re.MULTILINE)[0]) <= media.port_max
    answer = call.pick_up(tag="one")
    assert answer.tag("To") == "one"
    assert suites(answer.body) == ["AES_CM_128_HMAC_SHA1_80"]
    call.from_desk("BYE")
    bye = call.trunk.wait_request("BYE")
    assert bye.tag("To") == "one"
    call.trunk.reply(bye, 200)
    assert call.desk.wait_reply("BYE").status == 200


def test_reliable_provisional_replies_and_their_prack(world: World) -> None:
    trunk = ready_trunk(world)
    call = dial(
        world, world.desk("d.prack"), "d.prack", world.server.token("8001"), headers=("Supported: 100rel, timer",)
    )
    invite = call.arrive(trunk)
    assert invite["Supported"] == "100rel, timer"
    trunk.reply(
        invite,
        183,
        "Session Progress",
        tag="far",
        headers=(call.contact(), "Require: 100rel", "RSeq: 7"),
        body=TRUNK_ANSWER,
    )
    progress = call.desk.wait(lambda m: m.status == 183)
    assert (progress["RSeq"], progress["Require"]) == ("7", "100rel")
    call.from_desk("PRACK", headers=("RAck: 7 2 INVITE",), early=progress)
    prack = trunk.wait_request("PRACK")
    assert prack["RAck"] == "7 2 INVITE"
    assert prack["Call-ID"] == invite["Call-ID"]
    trunk.reply(prack, 200)
    assert call.desk.wait_reply("PRACK").status == 200
    call.cseq = 2
    call.pick_up(body="")
    call.cseq = 3


def hold(body: str) -> str:
    return body.replace("sendrecv", "sendonly")


def test_hold_and_session_timers_pass_both_ways(world: World) -> None:
    call = dialled(world, "d.hold")
    trunk, desk = call.trunk, call.desk
    assert trunk
    call.pick_up(headers=("Session-Expires: 1800;refresher=uas", "Require: timer"))
    assert call.answer
    assert call.answer["Session-Expires"] == "1800;refresher=uas"
    home = "Contact: <sip:d.hold@192.168.7.7:5061;transport=tls>"

    call.from_desk("INVITE", body=hold(SRTP_OFFER), headers=(home,))
    held = trunk.wait_request("INVITE")
    assert "a=sendonly" in held.body
    assert " RTP/AVP " in held.body
    trunk.reply(held, 200, headers=(call.contact(),), body=TRUNK_ANSWER.replace("sendrecv", "recvonly"))
    answer = desk.wait_reply("INVITE")
    assert "a=recvonly" in answer.body
    assert suites(answer.body)
    call.from_desk("ACK", cseq=call.cseq)
    trunk.wait_request("ACK")

    call.from_trunk("INVITE", cseq=5, body=hold(TRUNK_ANSWER), headers=(call.contact(),))
    offered = desk.wait_request("INVITE")
    assert "a=sendonly" in offered.body
    assert " RTP/SAVP " in offered.body
    assert offered["Call-ID"] == call.call_id
    desk.reply(offered, 200, headers=(home,), body=SRTP_OFFER.replace("sendrecv", "recvonly"))
    assert "a=recvonly" in trunk.wait_reply("INVITE").body
    call.from_trunk("ACK", cseq=5)
    desk.wait_request("ACK")

    call.from_trunk("UPDATE", cseq=6, headers=("Session-Expires: 1800;refresher=uac", call.contact()))
    update = desk.wait_request("UPDATE")
    assert update["Session-Expires"] == "1800;refresher=uac"
    desk.reply(update, 200, headers=("Session-Expires: 1800;refresher=uac", home))
    assert trunk.wait_reply("UPDATE").status == 200

    call.from_desk("INFO", headers=("Content-Type: application/dtmf-relay",), body="Signal=5\r\nDuration=160\r\n")
    info = trunk.wait_request("INFO")
    assert info.body == "Signal=5\r\nDuration=160\r\n"
    trunk.reply(info, 200)
    assert desk.wait_reply("INFO").status == 200


def test_a_plain_offer_inside_the_call_is_refused(world: World) -> None:
    world.expect_log("the desk offered media without SRTP")
    call = dialled(world, "d.replain")
    call.pick_up()
    call.from_desk("INVITE", body=PLAIN_ANSWER)
    assert call.desk.wait_reply("INVITE").status == 488


def telling(number: str) -> tuple[str, ...]:
    return (
        f"P-Asserted-Identity: <sip:{number}@pbx.example.net>",
        f"Remote-Party-ID: <sip:{number}@pbx.example.net>",
        f"Server: PBX {number}",
        f"Reason: Q.850;cause=16;text={number}",
        f"Warning: 399 x {number}",
        f"History-Info: <sip:{number}@pbx.example.net>;index=1",
        f"X-Hearthline-Call: c_{number}",
        f"Event: {number}",
        f"Subscription-State: {number}",
        f"Refer-To: <sip:{number}@pbx.example.net>",
        f"Alert-Info: <http://x/{number}>",
    )


def test_the_number_is_nowhere_in_what_the_desk_gets(world: World, faker: Faker) -> None:
    number = faker.numerify("138########")
    call = dialled(world, "d.secret", number, caller="4008001234")
    trunk, invite = call.trunk, call.invite
    assert trunk
    assert invite
    body = TRUNK_ANSWER.replace("o=trunk", f"o={number}").replace("s=call", f"s={number}") + f"a=label:{number}\r\n"
    route = f"Record-Route: <sip:{number}@{trunk.address};transport=tls;lr>"
    everything = (*telling(number), call.contact(number))
    trunk.reply(invite, 180, f"Ringing {number}", tag="far", headers=everything)
    trunk.reply(invite, 183, f"Progress {number}", tag="far", headers=everything, body=body)
    call.desk.wait(lambda m: m.status == 183)
    call.invite = Message.parse(invite.raw.replace("Record-Route:", f"{route}\r\nRecord-Route:", 1))
    call.pick_up(body=body, headers=(*telling(number), f"Contact: <sip:{number}@{trunk.address};transport=tls>"))
    call.from_trunk("INVITE", cseq=2, headers=everything, body=body)
    offered = call.desk.wait_request("INVITE")
    call.desk.reply(offered, 200, headers=("Contact: <sip:d.secret@192.168.7.7>",), body=SRTP_OFFER)
    assert trunk.wait_reply("INVITE").status == 200
    call.from_trunk("ACK", cseq=2)
    call.desk.wait_request("ACK")
    call.from_desk("INFO")
    trunk.reply(trunk.wait_request("INFO"), 500, f"{number} broke", headers=everything)
    assert call.desk.wait_reply("INFO").status == 500
    call.from_trunk("BYE", cseq=3, headers=everything)
    call.desk.reply(call.desk.wait_request("BYE"), 200)
    assert trunk.wait_reply("BYE").status == 200
    for secret in (number, "pbx.example.net", trunk.address, invite["Call-ID"], "4008001234"):
        assert [line for line in call.desk.wire.decode().split("\r\n") if secret in line] == []
    # And the trunk learns nothing of the home, and nobody's log of either.
    for secret in ("d.secret", "192.168.7.7", call.desk.address, call.call_id, call.uri):
        assert [line for line in trunk.wire.decode().split("\r\n") if secret in line] == []
    assert number not in world.log
    assert call.uri.removeprefix("sip:").partition("@")[0] not in world.edge.log
