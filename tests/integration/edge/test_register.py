"""Desks register with credentials that expire by themselves, as themselves only, over TLS only."""

from __future__ import annotations

import ssl
from dataclasses import replace
from datetime import timedelta

import pytest

from .sip_peer import SipPeer
from .world import DOMAIN, World, place


def test_good_credentials_register(world: World) -> None:
    reply = world.registration("a.good").attempt(world.home())
    assert reply.status == 200
    assert ";expires=300" in reply["Contact"]


def test_the_challenge_is_sha_256(world: World) -> None:
    peer = world.home()
    world.registration("a.challenge").attempt(peer)
    challenge = next(m for m in peer.messages if m.status == 401)["WWW-Authenticate"]
    assert "algorithm=SHA-256" in challenge
    assert f'realm="{DOMAIN}"' in challenge


@pytest.mark.parametrize(("asked", "given"), [(5, 60), (240, 240), (86400, 600)])
def test_registrations_last_one_to_ten_minutes(world: World, asked: int, given: int) -> None:
    reply = world.registration("a.expiry", expires=asked).attempt(world.home())
    assert f";expires={given}" in reply["Contact"]


def test_a_wrong_password_is_challenged_again(world: World) -> None:
    world.expect_log("wrong password for agent a.wrong")
    reply = replace(world.registration("a.wrong"), password="x").attempt(world.home())
    assert reply.status == 401


def test_expired_credentials_are_refused_and_said_to_be_expired(world: World) -> None:
    world.expect_log("username has expired")
    reply = world.registration("a.late", life=timedelta(seconds=-1)).attempt(world.home())
    assert reply.first == "SIP/2.0 403 Credentials Expired"


def test_a_user_name_with_another_expiry_is_refused(world: World) -> None:
    world.expect_log("wrong password")
    good = world.registration("a.longer")
    longer = f"{int(good.username.split(':')[0]) + 3600}:a.longer"
    assert replace(good, username=longer).attempt(world.home()).status == 401


def test_an_agent_cannot_register_as_another(world: World) -> None:
    world.expect_log("tried to register as another")
    reply = replace(world.registration("a.one"), agent="a.two").attempt(world.home())
    assert reply.status == 403


def test_many_wrong_passwords_lock_that_agent_out_at_that_address(world: World) -> None:
    world.expect_log("wrong password|locked out")
    wrong = replace(world.registration("a.locked"), password="x")
    peer = world.home()
    for _ in range(5):
        assert wrong.attempt(peer).status == 401
    reply = world.registration("a.locked").attempt(peer)
    assert reply.first == "SIP/2.0 403 Too Many Attempts"
    assert reply["Retry-After"] == "60"
    assert world.registration("a.neighbour").attempt(peer).status == 200


def test_another_domain_is_unknown(world: World) -> None:
    reply = replace(world.registration("a.foreign"), domain="other.example.org").attempt(world.home())
    assert reply.status == 404


def test_the_newest_desk_takes_the_place_of_the_older(world: World) -> None:
    older, newer = world.desk("a.moves"), world.desk("a.moves")
    call = place(world, newer, "a.moves")
    assert call.invite.method == "INVITE"
    assert not [m for m in older.messages if m.method == "INVITE"]


def turned_away(world: World, agent: str) -> int:
    """Call an agent who can't be reached, and return how the edge says so."""
    trunk = world.trunk()
    trunk.request(
        "INVITE", f"sip:{agent}@{DOMAIN}", from_="<sip:1@x.example>;tag=1", to=f"<sip:{agent}@{DOMAIN}>", call_id=agent,
        headers=(f"Contact: <sip:1@{trunk.address};transport=tls>",),
    )  # fmt: skip
    return trunk.wait_reply("INVITE").status


def test_a_desk_whose_connection_is_gone_is_not_registered(world: World) -> None:
    desk = world.desk("a.gone")
    desk.close()
    assert turned_away(world, "a.gone") == 480


def test_unregistering_works(world: World) -> None:
    peer = world.desk("a.leaves")
    reply = world.registration("a.leaves", expires=0).attempt(peer)
    assert reply.status == 200
    assert not reply.all("Contact")


def test_old_tls_is_refused(world: World) -> None:
    context = world.pki.context()
    with pytest.warns(DeprecationWarning, match="TLSv1"):
        context.minimum_version = ssl.TLSVersion.TLSv1
    with pytest.warns(DeprecationWarning, match="TLSv1"):
        context.maximum_version = ssl.TLSVersion.TLSv1_1
    context.set_ciphers("ALL:@SECLEVEL=0")
    world.expect_log("tls")
    listen = world.edge.settings.home_listen
    with pytest.raises((ssl.SSLError, ConnectionError)):
        SipPeer(listen.host, listen.port, context)
    world.wait_log("dst addr")


def test_tls_1_3_is_preferred(world: World) -> None:
    assert world.desk("a.modern").tls_version == "TLSv1.3"


def test_secrets_are_not_logged(world: World) -> None:
    registration = world.registration("a.quiet")
    registration.attempt(world.home())
    assert world.edge.settings.ephemeral_secret not in world.edge.log
    assert registration.password not in world.edge.log


def test_withdrawn_credentials_end_at_once_and_stay_so(world: World) -> None:
    desk, registration = world.home(), world.registration("a.withdrawn")
    assert registration.attempt(desk).status == 200
    world.server.withdrawn.append(registration.username)
    world.wait_log("credentials of agent a.withdrawn are withdrawn")
    # No call rings there any more, and the one who was there cannot come back.
    assert turned_away(world, "a.withdrawn") == 480
    assert registration.attempt(desk).first == "SIP/2.0 403 Credentials Withdrawn"
    assert registration.attempt(world.home()).first == "SIP/2.0 403 Credentials Withdrawn"
    # Other credentials of the same agent are as good as ever: they sign in on another PC.
    assert world.registration("a.withdrawn", life=timedelta(minutes=7)).attempt(world.home()).status == 200


def test_who_is_registered_by_newer_credentials_stays_when_older_ones_are_withdrawn(world: World) -> None:
    old, new = world.registration("a.moved"), world.registration("a.moved", life=timedelta(minutes=7))
    assert old.attempt(world.home()).status == 200
    assert new.attempt(world.home()).status == 200
    world.server.withdrawn.append(old.username)
    world.wait_log("credentials of agent a.moved are withdrawn")
    assert new.attempt(world.home()).status == 200
