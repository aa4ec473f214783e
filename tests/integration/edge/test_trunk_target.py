"""Where the settings name the trunk's address, the edge connects to it, and tells nothing to whoever else is there."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from provisioning.edge.settings import Listen
from tests.stage.ports import free_port

from .dialling import REF, dial
from .edge_process import EdgeProcess
from .hearthline_server import HearthlineServer
from .sip_peer import SipListener
from .srtp import HEAD, SrtpPeer
from .world import HOST, Files, Pki, World, make_settings


@pytest.fixture
def target_world(pki: Pki, tmp_path: Path) -> Iterator[World]:
    server = HearthlineServer(pki.server.certificate, pki.server.key, pki.ca)
    settings = replace(
        make_settings(pki, tmp_path, server.url),
        trunk_target=Listen(HOST, free_port()),
        trunk_domain="pbx.example.net",
        trunk_srtp=True,
    )
    with EdgeProcess(settings, tmp_path / "etc") as edge:
        world = World(edge, server, pki)
        yield world
        server.stop()
        world.close()


def listen(world: World, files: Files) -> SipListener:
    """The trunk's server, which asks the edge for its certificate."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(files.certificate, files.key)
    context.load_verify_locations(world.pki.ca)
    context.verify_mode = ssl.CERT_REQUIRED
    target = world.edge.settings.trunk_target
    assert target
    return SipListener(target.host, target.port, context)


def test_the_edge_connects_to_the_trunk(target_world: World) -> None:
    world = target_world
    trunk = listen(world, world.pki.server)
    with SrtpPeer() as sound:
        call = dial(world, world.desk("g.one"), "g.one", world.server.token("8001"))
        peer = trunk.wait()
        invite = call.arrive(peer)
        assert invite.uri == "sip:8001@pbx.example.net"
        assert invite["To"] == "<sip:8001@pbx.example.net>"
        assert " RTP/SAVP " in invite.body
        sound.take_answer(invite.body)
        call.pick_up(body=HEAD + sound.section("a=rtpmap:8 PCMA/8000"))
        call.from_trunk("INFO")
        call.desk.reply(call.desk.wait_request("INFO"), 200)
        assert peer.wait_reply("INFO").status == 200
        call.from_desk("BYE")
        peer.reply(peer.wait_request("BYE"), 200)
        assert call.desk.wait_reply("BYE").status == 200
    second = dial(world, world.desk("g.two"), "g.two", world.server.token("8002"))
    peer.reply(second.arrive(peer), 486, tag="far")
    assert second.refusal().status == 486
    assert len(trunk.peers) == 1
    trunk.close()


def test_a_trunk_that_is_away(target_world: World) -> None:
    world = target_world
    world.expect_log("trunk is not reachable|did not answer|connect|send|forward")
    call = dial(world, world.desk("g.away"), "g.away", world.server.token("8001", ref=REF))
    assert call.refusal().first == "SIP/2.0 503 Trunk Not Reachable"
    assert world.server.wait_for_end(REF)["reason"] == "failed"
    assert world.edge.relayed_calls() == []


@pytest.mark.parametrize("name", ["device", "foreign_trunk"])
def test_whoever_has_no_servers_certificate_of_the_organisation_learns_no_number(
    target_world: World, name: str
) -> None:
    world = target_world
    world.expect_log("tls|TLS|trunk is not reachable|did not answer|connect|send|forward")
    impostor = listen(world, getattr(world.pki, name))
    call = dial(world, world.desk("g.thief"), "g.thief", world.server.token("13812345678"))
    assert call.refusal().status == 503
    assert b"".join(peer.wire for peer in impostor.peers) == b""
    impostor.close()


def test_a_trunk_that_never_answers(target_world: World) -> None:
    """A port that takes connections, and no more than that."""
    world = target_world
    world.expect_log("tls|TLS|trunk is not reachable|did not answer|connect|send|forward")
    target = world.edge.settings.trunk_target
    assert target
    with socket.create_server((target.host, target.port)):
        call = dial(world, world.desk("g.mute"), "g.mute", world.server.token("8001"))
        assert call.refusal().first == "SIP/2.0 503 Trunk Not Reachable"
