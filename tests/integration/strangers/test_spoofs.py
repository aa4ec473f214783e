"""Requests in somebody else's name: out of the wrong connection, with wrong tags, with others' credentials."""

from dataclasses import replace

import pytest

from client.core.telephony import AnswerCall, CallConfirmed, CallEnded, CallIncoming, RejectCall
from tests.integration.edge.sip_peer import SipPeer
from tests.integration.edge.world import DOMAIN, SRTP_ANSWER, Call, World, place
from tests.integration.engine.parts import Desk
from tests.integration.engine.small_edge import SmallEdge
from tests.integration.engine.test_calls import SECURE_SDP

from .agent import AGENT

METHODS = ("BYE", "INVITE", "UPDATE", "INFO", "REFER", "CANCEL", "NOTIFY", "OPTIONS", "ACK")
KNOWN = {"REFER": (f"Refer-To: <sip:8001@{DOMAIN}>",), "NOTIFY": ("Event: refer", "Subscription-State: active")}


def talking(world: World, agent: str) -> Call:
    call = place(world, world.desk(agent), agent)
    call.pick_up()
    return call


def lives(call: Call) -> None:
    """The call has seen nothing of the attack, and both sides still reach each other."""
    assert [m.method for m in call.trunk.messages if m.is_request] == []
    assert [m.method for m in call.desk.messages if m.is_request] == ["INVITE", "ACK"]
    call.from_trunk("INFO")
    call.desk.reply(call.desk.wait_request("INFO"), 200)
    assert call.trunk.wait_reply("INFO").status == 200
    call.from_desk("INFO", cseq=90)
    call.trunk.reply(call.trunk.wait_request("INFO"), 200)
    assert call.desk.wait_reply("INFO").status == 200
    call.from_trunk("BYE")
    call.desk.reply(call.desk.wait_request("BYE"), 200)
    assert call.trunk.wait_reply("BYE").status == 200


def is_heard(attacker: SipPeer) -> None:
    """The edge has dealt with all that came before on this connection."""
    attacker.request("OPTIONS", f"sip:{DOMAIN}", from_="<sip:x@x.example>;tag=1", to=f"<sip:{DOMAIN}>", call_id="heard")
    attacker.wait(lambda m: not m.is_request and m["Call-ID"] == "heard")


@pytest.mark.parametrize("who", ["nobody", "another agent"])
def test_from_home_with_all_that_the_desk_knows(world: World, who: str) -> None:
    """Call-ID, tags and addresses are right; the connection is not that of the call's agent."""
    call = talking(world, "s.knows")
    attacker = world.home() if who == "nobody" else world.desk("s.other")
    world.expect_log("")
    spoofed = replace(call, desk=attacker)
    for number, method in enumerate(METHODS, 20):
        body = SRTP_ANSWER if method in ("INVITE", "UPDATE") else ""
        spoofed.from_desk(method, cseq=number, headers=KNOWN.get(method, ()), body=body)
    is_heard(attacker)
    assert [m.status for m in attacker.messages if m.method in ("BYE", "INVITE", "UPDATE") and m.status < 300] == []
    lives(call)


def test_from_home_with_all_that_the_trunk_knows(world: World) -> None:
    call = talking(world, "s.trunk")
    attacker = world.home()
    world.expect_log("")
    spoofed = replace(call, trunk=attacker)
    for number, method in enumerate(METHODS, 20):
        spoofed.from_trunk(method, cseq=number, headers=KNOWN.get(method, ()))
    is_heard(attacker)
    lives(call)


def test_from_a_trunk_with_wrong_tags(world: World) -> None:
    call = talking(world, "s.tags")
    attacker = world.trunk()
    world.expect_log("")
    wrong_from = call.from_.replace(";tag=", ";tag=x")
    wrong_to = call.to.replace(";tag=", ";tag=x")
    for from_, to in ((wrong_from, call.to), (call.from_, wrong_to), (wrong_from, wrong_to)):
        spoofed = replace(call, trunk=attacker, from_=from_, to=to)
        for number, method in enumerate(METHODS, 20):
            spoofed.from_trunk(method, cseq=number, headers=KNOWN.get(method, ()))
    is_heard(attacker)
    lives(call)


@pytest.mark.parametrize("side", ["home", "trunk"])
def test_a_cancel_of_somebody_elses_call(world: World, side: str) -> None:
    desk = world.desk("s.rings")
    call = place(world, desk, "s.rings")
    world.expect_log("")
    attacker = world.home() if side == "home" else world.trunk()
    for from_ in (call.from_, call.from_ + "x"):
        attacker.request(
            "CANCEL", f"sip:s.rings@{DOMAIN}", from_=from_, to=f"<sip:s.rings@{DOMAIN}>", call_id=call.call_id
        )
    is_heard(attacker)
    call.pick_up()
    lives(call)


async def test_at_the_engine(registered: Desk, small_edge: SmallEdge) -> None:
    """From an edge: requests that belong to no call, or to the call but for the tags."""
    call = small_edge.invite(SECURE_SDP)
    number = (await registered.next(CallIncoming)).call
    registered.send(AnswerCall(number))
    await call.answer(lambda answer: answer.status == 200)
    call.send("ACK")
    await registered.next(CallConfirmed)
    right = call._to
    for method in ("BYE", "INVITE", "UPDATE", "INFO", "REFER"):
        extra = (("Refer-To", "<sip:8001@example.invalid>"),) if method == "REFER" else ()
        body = SECURE_SDP if method in ("INVITE", "UPDATE") else ""
        call._to = right + "x"
        call.send(method, body, *extra)
        answer = await call.answer(lambda answer, method=method: answer.method == method and answer.status >= 200)  # type: ignore[misc]
        assert answer.status >= 300, (method, answer.first)
        # An INVITE without a tag is a call of its own, and may ring. The others belong to nothing.
        if method == "INVITE":
            call.send("ACK")
        else:
            call._to = right.partition(";")[0]
            call.send(method, body, *extra)
    call._to = right
    call.send("BYE")
    await call.answer(lambda answer: answer.method == "BYE" and answer.status == 200)
    assert (await registered.next(CallEnded)).call == number
    assert len([report for report in registered.reports if isinstance(report, CallEnded)]) == 1


async def test_an_agents_line_cannot_be_taken_over(desk: Desk, world: World) -> None:
    """Whoever registers in the agent's name without the agent's credentials is refused, and calls still come home."""
    world.expect_log("")
    thief = world.home()
    stolen = world.registration("s.thief")
    stolen.agent = AGENT
    assert stolen.attempt(thief).status == 403
    guessed = world.registration(AGENT)
    guessed.password = "guess"
    assert guessed.attempt(thief).status == 401
    # Good credentials that were overheard once cannot be used again.
    victim = world.home()
    honest = world.registration("s.victim")
    first = honest._send(victim, ())
    proof = f"Authorization: {honest.authorization(first['WWW-Authenticate'])}"
    assert honest._send(victim, (proof,)).status == 200
    honest.call_id = "replayed"
    assert honest._send(thief, (proof,)).status == 401
    call = ordinary_call(world)
    desk.send(RejectCall((await desk.next(CallIncoming)).call, 486))
    assert call.wait_reply("INVITE").status == 486


def ordinary_call(world: World) -> SipPeer:
    """An ordinary call to the agent."""
    trunk = world.trunk()
    trunk.request(
        "INVITE", f"sip:{AGENT}@{DOMAIN}", from_="<sip:1@pbx.example.net>;tag=1", to=f"<sip:{AGENT}@{DOMAIN}>",
        call_id="ordinary", headers=(f"Contact: <sip:1@{trunk.address};transport=tls>",), body=SRTP_ANSWER,
    )  # fmt: skip
    return trunk


def test_strangers_dial_no_tokens(world: World) -> None:
    world.expect_log("")
    token = world.server.token("8001")
    desk = world.desk("s.owner")
    uri = f"sip:{token}@{DOMAIN}"
    from_ = f"<sip:s.owner@{DOMAIN}>;tag=1"
    contact = ("Contact: <sip:x@192.0.2.7;transport=tls>",)

    def asks(peer: SipPeer, call_id: str, *headers: str, cseq: int = 1, sender: str = from_) -> int:
        peer.request(
            "INVITE", uri, from_=sender, to=f"<{uri}>", call_id=call_id, cseq=cseq, headers=(*contact, *headers),
            body=SRTP_ANSWER,
        )  # fmt: skip
        found = peer.wait(lambda m: m.status >= 200 and m["Call-ID"] == call_id)
        challenges.extend(found.all("Proxy-Authenticate"))
        return found.status

    challenges: list[str] = []
    stranger = world.home()
    assert asks(stranger, "no-credentials") == 407
    proof = world.registration("s.owner").authorization(challenges[-1], "INVITE", uri)
    # The credentials are good, but the connection is not the one on which the agent is registered.
    assert asks(stranger, "elsewhere", f"Proxy-Authorization: {proof}", cseq=2) == 403
    assert asks(desk, "own") == 407
    wrong = world.registration("s.owner")
    wrong.password = "guess"
    proof = wrong.authorization(challenges[-1], "INVITE", uri)
    assert asks(desk, "guess", f"Proxy-Authorization: {proof}", cseq=2) == 407
    proof = world.registration("s.thief").authorization(challenges[-1], "INVITE", uri)
    assert asks(desk, "theirs", f"Proxy-Authorization: {proof}", cseq=3) == 403
    trunk = world.trunk()
    assert asks(trunk, "trunk") == 480
    assert not [told for told in world.server.told if told.path == "/edge/dial"]
