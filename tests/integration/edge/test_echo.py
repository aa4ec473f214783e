"""The echo of the sound check: a registered desk hears itself, and nobody else is in the call."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from .dialling import dial, ready_trunk
from .edge_process import EdgeProcess
from .hearthline_server import HearthlineServer
from .srtp import SrtpPeer
from .test_media import PLAIN_ANSWER
from .world import Pki, World, make_settings

SECONDS = 5


@pytest.fixture
def short_world(pki: Pki, tmp_path: Path) -> Iterator[World]:
    """An edge whose echo is patient for the shortest time."""
    server = HearthlineServer(pki.server.certificate, pki.server.key, pki.ca)
    settings = replace(make_settings(pki, tmp_path, server.url), echo_seconds=SECONDS)
    with EdgeProcess(settings, tmp_path / "etc") as edge:
        world = World(edge, server, pki)
        yield world
        server.stop()
        world.close()


def test_a_desk_hears_itself(world: World) -> None:
    trunk = ready_trunk(world)
    desk = world.desk("e.hears")
    with SrtpPeer() as sound:
        call = dial(world, desk, "e.hears", "echo", body=sound.offer())
        call.answered()
        assert call.answer
        sound.take_answer(call.answer.body)
        sound.send(b"\xd5" * 160)
        heard = sound.receive()
        assert heard.payload == b"\xd5" * 160
        assert heard.payload_type == 8
        assert call.call_id in world.edge.relayed_calls()
        call.from_desk("BYE")
        assert desk.wait_reply("BYE").status == 200
    assert call.call_id not in world.edge.relayed_calls()
    assert not [m for m in trunk.messages if m.is_request]
    assert not [told for told in world.server.told if told.path == "/edge/dial"]


def test_hold_and_resume_in_the_echo(world: World) -> None:
    desk = world.desk("e.hold")
    with SrtpPeer() as sound:
        call = dial(world, desk, "e.hold", "echo", body=sound.offer())
        call.answered()
        call.from_desk("INVITE", body=sound.offer().replace("sendrecv", "inactive"), headers=(call.home_contact,))
        assert desk.wait_reply("INVITE").status == 200
        call.from_desk("ACK", cseq=call.cseq)
        call.from_desk("INVITE", body=sound.offer(), headers=(call.home_contact,))
        again = desk.wait_reply("INVITE")
        call.from_desk("ACK", cseq=call.cseq)
        sound.take_answer(again.body)
        sound.send(b"\x55" * 160)
        assert sound.receive().payload == b"\x55" * 160
        call.from_desk("BYE")
        assert desk.wait_reply("BYE").status == 200


def test_a_desk_without_srtp_gets_no_echo(world: World) -> None:
    world.expect_log("media without SRTP")
    assert dial(world, world.desk("e.plain"), "e.plain", "echo", body=PLAIN_ANSWER).refusal().status == 488
    world.wait_log("media without SRTP")


def test_whoever_is_not_registered_gets_no_echo(world: World) -> None:
    assert dial(world, world.home(), "e.stranger", "echo").refusal().status == 403


def test_a_new_sound_check_ends_the_older(world: World) -> None:
    desk = world.desk("e.again")
    first = dial(world, desk, "e.again", "echo")
    first.answered()
    second = dial(world, desk, "e.again", "echo")
    second.answered()
    bye = desk.wait_request("BYE")
    assert bye["Call-ID"] == first.call_id
    desk.reply(bye, 200)
    relayed = world.edge.relayed_calls()
    assert first.call_id not in relayed
    assert second.call_id in relayed
    second.from_desk("BYE")
    assert desk.wait_reply("BYE").status == 200


def test_the_echo_ends_by_itself(short_world: World) -> None:
    desk = short_world.desk("e.long")
    call = dial(short_world, desk, "e.long", "echo")
    call.answered()
    bye = desk.wait_request("BYE")
    assert bye["Call-ID"] == call.call_id
    assert call.answer
    assert bye.tag("From") == call.answer.tag("To")
    assert bye.tag("To") == call.local_tag
    desk.reply(bye, 200)
    assert short_world.edge.relayed_calls() == []


def test_without_rtpengine_there_is_no_echo(own_world: World) -> None:
    own_world.expect_log("rtpengine|RTPEngine|no echo for agent")
    desk = own_world.desk("e.norelay")
    own_world.edge.stop_relay()
    assert dial(own_world, desk, "e.norelay", "echo").refusal().first == "SIP/2.0 480 No Echo"
