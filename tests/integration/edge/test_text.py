"""Real-time text (RFC 4103) goes both ways beside the sound, as SRTP toward the home, in calls to and from the desk."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from .dialling import dial, ready_trunk
from .srtp import HEAD, RtpPeer, SrtpPeer
from .world import World, place

T140 = ("a=rtpmap:98 t140/1000", "a=rtpmap:99 red/1000", "a=fmtp:99 98/98/98")
WORDS = "您好，"


class Ends:
    """Sound and text at both ends of a call."""

    def __init__(self) -> None:
        self.desk_sound, self.desk_text = SrtpPeer(), SrtpPeer("text", 98)
        self.trunk_sound, self.trunk_text = RtpPeer(), RtpPeer("text", 98)

    def desk(self) -> str:
        return HEAD + self.desk_sound.section("a=rtpmap:8 PCMA/8000") + with_redundancy(self.desk_text.section(*T140))

    def trunk(self) -> str:
        return HEAD + self.trunk_sound.section("a=rtpmap:8 PCMA/8000") + with_redundancy(self.trunk_text.section(*T140))

    def both_ways(self) -> None:
        """Text with and without redundancy arrives as it was sent; RFC 4103, 4: a block header, then the text."""
        red = bytes([98]) + WORDS.encode()
        for sender, receiver in ((self.desk_text, self.trunk_text), (self.trunk_text, self.desk_text)):
            for kind, payload in ((98, WORDS.encode()), (99, red), (98, b"\x08")):
                sender.send(payload, kind, timestamp=5000)
                packet = receiver.receive()
                assert (packet.payload_type, packet.payload, packet.timestamp) == (kind, payload, 5000)
        self.desk_sound.send(b"\x11" * 160)
        assert self.trunk_sound.receive().payload == b"\x11" * 160

    def close(self) -> None:
        for stream in (self.desk_sound, self.desk_text, self.trunk_sound, self.trunk_text):
            stream.close()


def with_redundancy(section: str) -> str:
    first, rest = section.split("\r\n", 1)
    return f"{first} 99\r\n{rest}"


@pytest.fixture
def ends() -> Iterator[Ends]:
    made = Ends()
    yield made
    made.close()


def test_text_in_a_call_to_the_desk(world: World, ends: Ends) -> None:
    call = place(world, world.desk("w.in"), "w.in", body=ends.trunk())
    ends.desk_sound.take_answer(call.invite.body)
    ends.desk_text.take_answer(call.invite.body)
    call.pick_up(ends.desk())
    assert call.answer
    ends.trunk_sound.take_answer(call.answer.body)
    ends.trunk_text.take_answer(call.answer.body)
    ends.both_ways()


def test_text_in_a_call_from_the_desk(world: World, ends: Ends) -> None:
    trunk = ready_trunk(world)
    call = dial(world, world.desk("w.out"), "w.out", world.server.token("8001"), body=ends.desk())
    invite = call.arrive(trunk)
    ends.trunk_sound.take_answer(invite.body)
    ends.trunk_text.take_answer(invite.body)
    answer = call.pick_up(body=ends.trunk())
    ends.desk_sound.take_answer(answer.body)
    ends.desk_text.take_answer(answer.body)
    ends.both_ways()


def test_a_trunk_that_wants_no_text_still_gets_the_call(world: World, ends: Ends) -> None:
    trunk = ready_trunk(world)
    call = dial(world, world.desk("w.voice"), "w.voice", world.server.token("8001"), body=ends.desk())
    call.arrive(trunk)
    answer = call.pick_up(body=HEAD + ends.trunk_sound.section("a=rtpmap:8 PCMA/8000") + "m=text 0 RTP/AVP 98\r\n")
    assert "m=text 0 " in answer.body


def test_text_is_added_to_a_call(world: World, ends: Ends) -> None:
    """The agent opens the text line in the middle of a spoken call."""
    call = place(world, world.desk("w.late"), "w.late", body=HEAD + ends.trunk_sound.section("a=rtpmap:8 PCMA/8000"))
    ends.desk_sound.take_answer(call.invite.body)
    call.pick_up(HEAD + ends.desk_sound.section("a=rtpmap:8 PCMA/8000"))
    home = "Contact: <sip:w.late@192.0.2.7:9;transport=tls>"
    call.from_desk("INVITE", body=ends.desk(), headers=(home,))
    offered = call.trunk.wait_request("INVITE")
    ends.trunk_sound.take_answer(offered.body)
    ends.trunk_text.take_answer(offered.body)
    contact = f"Contact: <sip:x@{call.trunk.address};transport=tls>"
    call.trunk.reply(offered, 200, headers=(contact,), body=ends.trunk())
    answer = call.desk.wait_reply("INVITE")
    call.from_desk("ACK", cseq=1)
    call.trunk.wait_request("ACK")
    ends.desk_sound.take_answer(answer.body)
    ends.desk_text.take_answer(answer.body)
    ends.both_ways()
