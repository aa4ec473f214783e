"""A call between two baresips, strangers to Hearthline's code: sound flows both ways, as SRTP toward the home."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from provisioning.edge import ng
from provisioning.edge.credentials import ephemeral_credentials
from tests.stage.ports import free_port

from .baresip import Baresip, loudest_tone, write_tone
from .dialling import REF
from .edge_process import EdgeProcess
from .hearthline_server import HearthlineServer
from .world import DOMAIN, STRANGERS_HABITS, Pki, World, make_settings

AGENT = "stranger"
CUSTOMER_TONE, AGENT_TONE = 440.0, 1000.0


@pytest.fixture
def world_of_strangers(pki: Pki, tmp_path: Path) -> Iterator[World]:
    """baresip 1.0 knows no digest but MD5."""
    server = HearthlineServer(pki.server.certificate, pki.server.key, pki.ca)
    settings = make_settings(pki, tmp_path, server.url, algorithm="MD5")
    with EdgeProcess(settings, tmp_path / "etc") as edge:
        world = World(edge, server, pki)
        for words in STRANGERS_HABITS:
            world.expect_log(words)
        yield world
        server.stop()
        world.close()


def home(world: World, directory: Path, *, encryption: str = "srtp-mand") -> Baresip:
    """baresip at home, which answers by itself and plays the agent's tone."""
    settings = world.edge.settings
    made = ephemeral_credentials(AGENT, settings.ephemeral_secret, datetime.now(UTC) + timedelta(hours=1))
    tone = write_tone(directory / "agent.wav", AGENT_TONE)
    account = (
        f"<sip:{AGENT}@{DOMAIN};transport=tls>;auth_user={made.username};auth_pass={made.password};"
        f'outbound="sip:{settings.home_listen};transport=tls";regint=300;answermode=auto;{encryption}'
        f"audio_codecs=PCMA;audio_source=aufile,{tone}"
    )
    return Baresip(directory / "home", account, free_port(), f"sip_cafile {world.pki.ca}\nsip_verify_server yes")


def trunk(world: World, directory: Path, *, answer: str = "manual") -> Baresip:
    """baresip in the contact centre's place, which plays the customer's tone."""
    tone = write_tone(directory / "customer.wav", CUSTOMER_TONE)
    both = directory / "trunk.pem"
    both.touch(mode=0o600)
    both.write_bytes(world.pki.trunk.certificate.read_bytes() + world.pki.trunk.key.read_bytes())
    account = (
        f'<sip:13812345678@{DOMAIN};transport=tls>;regint=0;outbound="sip:{world.edge.settings.trunk_listen};transport=tls";'
        f"answermode={answer};audio_codecs=PCMA;audio_source=aufile,{tone}"
    )
    return Baresip(directory / "trunk", account, free_port(), f"sip_certificate {both}\nsip_cafile {world.pki.ca}")


def test_two_strangers_hear_each_other(world_of_strangers: World, tmp_path: Path) -> None:
    world = world_of_strangers
    agent = home(world, tmp_path, encryption="mediaenc=srtp-mand;")
    customer = trunk(world, tmp_path)
    try:
        agent.wait_output("[1 binding]")
        customer.command("dial", f"sip:{AGENT}@{DOMAIN}")
        agent.wait_event("CALL_ESTABLISHED")
        customer.wait_event("CALL_ESTABLISHED")
        # Each report comes after some seconds of sound.
        agent.wait_event("CALL_RTCP")
        customer.wait_event("CALL_RTCP")
        (call,) = world.edge.relayed_calls()
        media = world.edge.settings.media
        streams = str(ng.ask(media.ng.host, media.ng.port, "query", **{"call-id": call}))
        assert "'RTP/SAVP'" in streams
        assert "SDES" in streams
        agent.command("hangup")
        customer.wait_event("CALL_CLOSED")
        agent.wait_event("CALL_CLOSED")
        told = world.server.wait_for(lambda told: told.path.endswith("/ended"))
        assert told.body == {"reason": "bye-agent", "code": 0}
        assert world.edge.relayed_calls() == []
    finally:
        agent.stop()
        customer.stop()
    for peer, expected in ((agent, CUSTOMER_TONE), (customer, AGENT_TONE)):
        hertz, share = loudest_tone(peer.heard())
        assert hertz == pytest.approx(expected, abs=2)
        assert share > 0.9
    assert "13812345678" not in agent.output + str(agent.events)


def test_a_stranger_at_home_without_srtp_gets_no_call(world_of_strangers: World, tmp_path: Path) -> None:
    world = world_of_strangers
    world.expect_log("without SRTP")
    agent = home(world, tmp_path, encryption="")
    customer = trunk(world, tmp_path)
    try:
        agent.wait_output("[1 binding]")
        customer.command("dial", f"sip:{AGENT}@{DOMAIN}")
        customer.wait_event("CALL_CLOSED")
        assert not [event for event in customer.events if event.get("type") == "CALL_ESTABLISHED"]
        assert world.edge.relayed_calls() == []
    finally:
        agent.stop()
        customer.stop()


def test_a_stranger_dials_a_token(world_of_strangers: World, tmp_path: Path) -> None:
    world = world_of_strangers
    agent = home(world, tmp_path, encryption="mediaenc=srtp-mand;")
    customer = trunk(world, tmp_path, answer="auto")
    try:
        agent.wait_output("[1 binding]")
        customer.command("options", f"sip:edge@{DOMAIN}")
        customer.wait_output("200 OK")
        agent.command("dial", f"sip:{world.server.token('13812345678', ref=REF)}@{DOMAIN}")
        agent.wait_event("CALL_ESTABLISHED")
        customer.wait_event("CALL_ESTABLISHED")
        agent.wait_event("CALL_RTCP")
        customer.wait_event("CALL_RTCP")
        customer.command("hangup")
        agent.wait_event("CALL_CLOSED")
        customer.wait_event("CALL_CLOSED")
        assert world.server.wait_for_end(REF) == {"reason": "bye-customer", "code": 0}
        assert world.edge.relayed_calls() == []
    finally:
        agent.stop()
        customer.stop()
    for peer, expected in ((agent, CUSTOMER_TONE), (customer, AGENT_TONE)):
        hertz, share = loudest_tone(peer.heard())
        assert hertz == pytest.approx(expected, abs=2)
        assert share > 0.9
    assert "13812345678" not in agent.output + str(agent.events)
    assert f"{AGENT}@" not in customer.output + str(customer.events)


def test_a_stranger_hears_its_own_echo(world_of_strangers: World, tmp_path: Path) -> None:
    world = world_of_strangers
    agent = home(world, tmp_path, encryption="mediaenc=srtp-mand;")
    try:
        agent.wait_output("[1 binding]")
        agent.command("dial", f"sip:echo@{DOMAIN}")
        agent.wait_event("CALL_ESTABLISHED")
        # Its own first report comes back at once.
        agent.wait_event("CALL_RTCP", 2)
        agent.command("hangup")
        agent.wait_event("CALL_CLOSED")
    finally:
        agent.stop()
    hertz, share = loudest_tone(agent.heard())
    assert hertz == pytest.approx(AGENT_TONE, abs=2)
    assert share > 0.9
