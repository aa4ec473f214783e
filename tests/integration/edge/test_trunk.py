"""Only the contact centre's trunk may bring calls: its certificate must be the organisation's, valid, and a trunk's."""

from __future__ import annotations

import pytest

from .sip_peer import SipPeer
from .world import AUDIO_OFFER, DOMAIN, Pki, World


def invite(
    world: World,
    trunk: SipPeer,
    uri: str = f"sip:t.agent@{DOMAIN}",
    *,
    body: str = AUDIO_OFFER,
    headers: tuple[str, ...] = (),
) -> int:
    trunk.request(
        "INVITE", uri, from_="<sip:1@x.example>;tag=1", to=f"<{uri}>", call_id=f"t-{trunk.address}",
        headers=(f"Contact: <sip:1@{trunk.address};transport=tls>", *headers), body=body,
    )  # fmt: skip
    return trunk.wait_reply("INVITE").status


def refused(world: World, trunk: SipPeer) -> None:
    """TLS 1.3 tells a client of its bad certificate only after the handshake, by closing."""
    trunk.wait_closed()
    world.wait_log("dst addr")
    assert not trunk.messages


def test_a_trunk_without_a_certificate_is_refused(world: World) -> None:
    world.expect_log("tls")
    listen = world.edge.settings.trunk_listen
    refused(world, SipPeer(listen.host, listen.port, world.pki.context()))


@pytest.mark.parametrize("name", ["foreign_trunk", "late_trunk"])
def test_a_trunk_with_a_foreign_or_expired_certificate_is_refused(world: World, pki: Pki, name: str) -> None:
    world.expect_log("tls")
    refused(world, world.trunk(getattr(pki, name)))


@pytest.mark.parametrize("name", ["device", "edge_client"])
def test_the_organisations_other_certificates_are_no_trunks(world: World, pki: Pki, name: str) -> None:
    world.expect_log("its certificate is not a trunk's")
    desk = world.desk("t.agent")
    assert invite(world, world.trunk(getattr(pki, name))) == 403
    assert not [m for m in desk.messages if m.method == "INVITE"]


def test_options_from_the_trunk_are_answered(world: World) -> None:
    trunk = world.trunk()
    trunk.request("OPTIONS", f"sip:{DOMAIN}", from_="<sip:pbx@x.example>;tag=1", to=f"<sip:{DOMAIN}>", call_id="ping")
    assert trunk.wait_reply("OPTIONS").status == 200


@pytest.mark.parametrize("uri", ["sip:t.agent@example.com", f"sip:T%20x@{DOMAIN}", f"sip:{DOMAIN}"])
def test_no_such_agent(world: World, uri: str) -> None:
    assert invite(world, world.trunk(), uri) == 404


@pytest.mark.parametrize("method", ["REGISTER", "MESSAGE", "REFER"])
def test_the_trunk_only_calls(world: World, method: str) -> None:
    trunk = world.trunk()
    trunk.request(method, f"sip:t.agent@{DOMAIN}", from_="<sip:1@x>;tag=1", to=f"<sip:t.agent@{DOMAIN}>", call_id="no")
    assert trunk.wait_reply(method).status == 405


def test_bodies_other_than_session_descriptions_are_refused(world: World) -> None:
    world.desk("t.agent")
    assert invite(world, world.trunk(), body="caller=1", headers=("Content-Type: application/isup",)) == 415


@pytest.mark.parametrize(
    "media", ["m=audio 4000 UDP/TLS/RTP/SAVPF 0", "m=video 4000 RTP/AVP 96", "m=application 4000 TCP/MRCPv2 1"]
)
def test_media_of_other_kinds_are_refused(world: World, media: str) -> None:
    world.desk("t.agent")
    assert invite(world, world.trunk(), body=AUDIO_OFFER + media + "\r\n") == 488
