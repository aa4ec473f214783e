"""The caller's number is nowhere in what the desk receives, and nowhere in the edge's log."""

from __future__ import annotations

import secrets

from faker import Faker

from .world import AUDIO_OFFER, DOMAIN, SRTP_ANSWER, Call, World, place

KEPT = {
    "accept", "allow", "call-id", "contact", "content-length", "content-type", "cseq", "expires", "from",
    "max-forwards", "min-se", "rack", "require", "rseq", "session-expires", "supported", "to", "via",
    "x-hearthline-call",
}  # fmt: skip


def everywhere(number: str, trunk: str) -> tuple[str, ...]:
    """Every header in which a trunk is known to put a caller's number, and some that nobody knows."""
    return (
        f"P-Asserted-Identity: <sip:{number}@pbx.example.net>",
        f"P-Preferred-Identity: <tel:+86{number}>",
        f"Remote-Party-ID: <sip:{number}@pbx.example.net>;party=calling",
        f"Privacy: id;{number}",
        f"Diversion: <sip:{number}@pbx.example.net>;reason=unconditional",
        f"History-Info: <sip:{number}@pbx.example.net>;index=1",
        f"Call-Info: <http://pbx.example.net/{number}.jpg>;purpose=icon",
        f"Alert-Info: <http://pbx.example.net/{number}.wav>",
        f"Subject: call from {number}",
        f"s: {number}",
        f"Referred-By: <sip:{number}@pbx.example.net>",
        f"Reply-To: <sip:{number}@pbx.example.net>",
        f"Organization: {number}",
        f"User-Agent: PBX/{number}",
        f"Identity: {number}",
        f"Geolocation: <cid:{number}@pbx.example.net>",
        f"User-to-User: {number};encoding=hex",
        f"Reason: SIP;cause=200;text={number}",
        f"Session-ID: {number}",
        f"X-Caller: {number}",
        f"X-Hearthline-Call: c_{number}",
        f"P-SR-XUID: {number}",
        f"Record-Route: <sip:{number}@{trunk};transport=tls;lr>",
        "Allow: INVITE, ACK, BYE, CANCEL, UPDATE, PRACK, INFO",
        "Supported: timer, 100rel",
        "Session-Expires: 1800;refresher=uac",
        "Min-SE: 90",
    )


def telling_description(number: str) -> str:
    """A session description that names the caller in every line that can hold free text."""
    head = (
        f"v=0\r\no={number} 1 1 IN IP4 127.0.0.1\r\ns=call from {number}\r\ni={number}\r\nu=http://x.example/{number}\r\n"
        f"e={number}@x.example\r\np=+86 {number}\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n"
        f"a=tool:{number}\r\na=x-caller:{number}\r\n"
    )
    return (
        head
        + AUDIO_OFFER[AUDIO_OFFER.index("m=audio") :]
        + f"i={number}\r\na=ssrc:1 cname:{number}\r\na=label:{number}\r\n"
    )


def telling_call(world: World, agent: str, number: str) -> Call:
    trunk = world.trunk()
    tag = secrets.token_hex(4)
    return place(
        world, world.desk(agent), agent, trunk=trunk, caller=number, call_id=f"{number}-{tag}@pbx.example.net",
        from_=f'"{number}" <sip:{number}@pbx.example.net;cpc=ordinary;x={number}>;x-number={number};tag={tag}',
        headers=everywhere(number, trunk.address), body=telling_description(number),
    )  # fmt: skip


def leaks(call: Call, secret: str) -> list[str]:
    """The lines of what the desk received, byte for byte, that hold a secret."""
    return [line for line in call.desk.wire.decode().split("\r\n") if secret in line]


def test_the_number_is_nowhere_in_a_whole_call(world: World, faker: Faker) -> None:
    number = faker.numerify("138########")
    call = telling_call(world, "p.whole", number)
    told = world.server.wait_for(lambda told: told.path == "/edge/calls")
    assert told.body["caller"] == number

    call.pick_up()
    again = telling_description(number).replace("sendrecv", "sendonly")
    contact = f"Contact: <sip:{number}@{call.trunk.address};transport=tls>"
    call.from_trunk("INVITE", headers=(contact, *everywhere(number, call.trunk.address)[:-4]), body=again)
    offered = call.desk.wait_request("INVITE")
    call.desk.reply(offered, 200, body=SRTP_ANSWER, headers=("Contact: <sip:p.whole@192.0.2.7:9;transport=tls>",))
    assert call.trunk.wait_reply("INVITE").status == 200
    call.from_trunk("ACK", cseq=call.cseq)
    call.desk.wait_request("ACK")
    call.from_trunk("INFO", headers=(f"X-Caller: {number}", "Content-Type: application/x-caller"), body=number)
    assert call.trunk.wait_reply("INFO").status == 415

    call.from_desk("INVITE", cseq=1, body=SRTP_ANSWER, headers=("Contact: <sip:p.whole@192.0.2.7:9;transport=tls>",))
    back = call.trunk.wait_request("INVITE")
    call.trunk.reply(back, 183, f"Progress of {number}", headers=(f"X-Caller: {number}",))
    call.trunk.reply(
        back, 200, f"OK {number}", body=telling_description(number),
        headers=(contact, f"Server: PBX/{number}", f"P-Asserted-Identity: <sip:{number}@x.example>"),
    )  # fmt: skip
    assert call.desk.wait_reply("INVITE").first == "SIP/2.0 200 OK"
    call.from_desk("ACK", cseq=1)
    call.trunk.wait_request("ACK")

    call.from_desk("INFO", cseq=2)
    call.trunk.reply(call.trunk.wait_request("INFO"), 500, f"{number} is broken", headers=(f"Warning: 399 x {number}",))
    assert call.desk.wait_reply("INFO").first == "SIP/2.0 500 Refused"
    call.from_trunk("BYE", headers=(f"Reason: Q.850;cause=16;text={number}",))
    call.desk.reply(call.desk.wait_request("BYE"), 200)
    assert call.trunk.wait_reply("BYE").status == 200

    assert leaks(call, number) == []
    assert leaks(call, "pbx.example.net") == []
    assert leaks(call, call.trunk.address) == []
    assert number not in world.log


def test_the_number_is_not_in_a_cancelled_call(world: World, faker: Faker) -> None:
    number = faker.numerify("139########")
    call = telling_call(world, "p.cancel", number)
    call.desk.reply(call.invite, 180, "Ringing", tag="desk")
    call.trunk.wait(lambda m: m.status == 180)
    call.trunk.request(
        "CANCEL", f"sip:p.cancel@{DOMAIN}", from_=call.from_, to=call.to, call_id=call.call_id, branch=call.branch,
        headers=(f"Reason: SIP;cause=200;text={number}",),
    )  # fmt: skip
    call.desk.reply(call.desk.wait_request("CANCEL"), 200)
    call.desk.reply(call.invite, 487, "Request Terminated", tag="desk")
    assert call.trunk.wait_reply("INVITE").status == 487
    call.desk.wait_request("ACK")
    assert leaks(call, number) == []
    assert number not in world.log


def test_only_what_sip_needs_reaches_the_desk(world: World) -> None:
    call = telling_call(world, "p.allow", "13700000000")
    assert {name for name, _ in call.invite.headers} <= KEPT
    assert call.invite.uri == "sip:p.allow@192.0.2.7:9;transport=tls"
    assert call.invite["From"].startswith(f"<sip:customer@{DOMAIN}>;tag=")
    assert call.invite["To"] == f"<sip:p.allow@{DOMAIN}>"
    assert call.invite["Supported"] == "timer, 100rel"
    assert call.invite["Session-Expires"] == "1800;refresher=uac"


def test_a_description_in_a_multipart_body_loses_its_companions(world: World) -> None:
    number = "13600000000"
    body = (
        f"--b\r\nContent-Type: application/sdp\r\n\r\n{AUDIO_OFFER}\r\n"
        f"--b\r\nContent-Type: application/isup\r\n\r\n{number}\r\n--b--\r\n"
    )
    call = place(
        world, world.desk("p.multi"), "p.multi", body=body, headers=('Content-Type: multipart/mixed;boundary="b"',)
    )
    assert call.invite["Content-Type"] == "application/sdp"
    assert number not in call.invite.raw
    assert "m=audio" in call.invite.body


def test_two_calls_of_one_customer_cannot_be_told_to_be_of_one_customer(world: World) -> None:
    first = telling_call(world, "p.first", "13500000000")
    second = telling_call(world, "p.second", "13500000000")
    assert first.invite["Call-ID"] != second.invite["Call-ID"]
    assert first.invite["Call-ID"].startswith("hl-")


def test_a_desk_cannot_name_itself_otherwise_toward_the_trunk(world: World) -> None:
    call = place(world, world.desk("p.spoof"), "p.spoof")
    call.pick_up()
    call.from_desk("INFO", headers=("P-Asserted-Identity: <sip:boss@bank.example>", "X-Any: thing"))
    info = call.trunk.wait_request("INFO")
    assert not info.all("P-Asserted-Identity")
    assert not info.all("X-Any")
    assert info["From"] == f"<sip:p.spoof@{DOMAIN}>;tag=desk"
    call.trunk.reply(info, 200)
    call.desk.wait_reply("INFO")


def test_a_request_that_cannot_be_read_never_reaches_the_desk(world: World) -> None:
    number = "13400000000"
    desk = world.desk("p.bad")
    trunk = world.trunk()
    trunk.request(
        "INVITE", f"sip:p.bad@{DOMAIN}", from_=f"<sip:{number}@pbx>;tag=1", to=f"<sip:p.bad@{DOMAIN}>", call_id="bad",
        headers=(f"Contact: <sip:{number}@{trunk.address}>", f"X Caller {number}"), body=AUDIO_OFFER,
    )  # fmt: skip
    world.expect_log("failed parsing message")
    world.wait_log("dropped an unreadable INVITE")
    assert not [m for m in desk.messages if m.method == "INVITE"]
    assert number not in world.log
