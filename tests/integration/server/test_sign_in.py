"""Who can sign in, and what a token is good for."""

import asyncio
from datetime import timedelta

import pytest
from websockets.exceptions import InvalidStatus

from provisioning.api import (
    CLOSE_DEVICE_REVOKED,
    CLOSE_REPLACED,
    CLOSE_SESSION_ENDED,
    ProblemType,
    SessionEnded,
)
from provisioning.organisation import Identity
from provisioning.pki import Role, generate_key, key_pem
from tests.integration.server.people import Desk, It, TheEdge, problem_of
from tests.integration.server.running import RunningServer

STEP = timedelta(seconds=30)


@pytest.mark.parametrize("wrong", [{"password": "wrong"}, {"totp": "000000"}, {"name": "nobody"}])
async def test_every_failure_has_the_same_answer(it: It, desk: Desk, wrong: dict[str, str]) -> None:
    body = desk.sign_in_body(await it.add("lina"), **wrong)
    problem = problem_of(await desk.send("POST", "/session", body))
    assert (problem.status, problem.problem_type) == (401, ProblemType.SIGN_IN_WRONG)
    assert problem.detail == "Check all three; a code from the authenticator works once."


async def test_a_code_from_the_authenticator_works_once(server: RunningServer, it: It, desk: Desk) -> None:
    who = await it.add("lina")
    body = desk.sign_in_body(who)
    assert (await desk.send("POST", "/session", body)).status_code == 201
    assert await desk.refused("POST", "/session", body) == (401, ProblemType.SIGN_IN_WRONG)
    server.clock.advance(STEP)
    await desk.sign_in(who)


async def test_of_two_who_race_with_one_code_one_wins(it: It, desk: Desk) -> None:
    body = desk.sign_in_body(await it.add("lina"))
    answers = await asyncio.gather(*(desk.send("POST", "/session", body) for _ in range(3)))
    assert sorted(answer.status_code for answer in answers) == [201, 401, 401]


@pytest.mark.parametrize("name", ["lina", "nobody"])
async def test_too_many_attempts_are_stopped_whether_the_name_exists_or_not(it: It, desk: Desk, name: str) -> None:
    who = await it.add("lina")
    body = desk.sign_in_body(who, name=name, password="wrong")
    for _ in range(5):
        assert (await desk.refused("POST", "/session", body))[1] is ProblemType.SIGN_IN_WRONG
    response = await desk.send("POST", "/session", desk.sign_in_body(who, name=name))
    problem = problem_of(response)
    assert (problem.status, problem.problem_type) == (429, ProblemType.SIGN_IN_TOO_OFTEN)
    assert 1 <= (problem.retry_after or 0) <= 600
    assert response.headers["retry-after"] == str(problem.retry_after)


async def test_signing_in_forgives_earlier_mistakes(server: RunningServer, it: It, desk: Desk) -> None:
    who = await it.add("lina")
    for _ in range(3):
        for _ in range(3):
            await desk.refused("POST", "/session", desk.sign_in_body(who, password="wrong"))
        await desk.sign_in(who)
        server.clock.advance(STEP)


async def test_without_a_certificate_nobody_signs_in(server: RunningServer, it: It, desk: Desk) -> None:
    body = desk.sign_in_body(await it.add("lina"))
    assert await Desk(server).refused("POST", "/session", body) == (401, ProblemType.CERTIFICATE_REQUIRED)


async def test_a_token_is_worth_nothing_on_another_device(server: RunningServer, it: It, desk: Desk) -> None:
    await desk.sign_in(await it.add("lina"))
    thief = Desk(server)
    await thief.enrol(await it.code())
    thief.token = desk.token
    assert await thief.refused("GET", "/calls") == (401, ProblemType.TOKEN_NOT_BOUND)
    with pytest.raises(InvalidStatus) as caught:
        async with thief.socket():
            pass
    assert caught.value.response.status_code == 401
    assert caught.value.response.headers["content-type"] == "application/problem+json"
    assert (await desk.send("GET", "/calls")).status_code == 200


@pytest.mark.parametrize("token", ["", "wrong"])
async def test_no_token_or_an_invented_one_is_refused(desk: Desk, token: str) -> None:
    desk.token = token
    assert await desk.refused("GET", "/calls") == (401, ProblemType.SESSION_REQUIRED)


async def test_after_signing_out_the_token_is_over(it: It, desk: Desk) -> None:
    await desk.sign_in(await it.add("lina"))
    async with desk.socket() as socket:
        assert (await desk.send("DELETE", "/session")).status_code == 204
        assert await socket.next() == SessionEnded(reason="signed-out")
        assert await socket.closed() == CLOSE_SESSION_ENDED
    assert await desk.refused("GET", "/calls") == (401, ProblemType.SESSION_REQUIRED)


async def test_a_person_is_signed_in_at_one_desk(server: RunningServer, it: It, desk: Desk) -> None:
    who, other = await it.add("lina"), Desk(server)
    await other.enrol(await it.code())
    await desk.sign_in(who)
    async with desk.socket() as socket:
        server.clock.advance(STEP)
        await other.sign_in(who)
        assert await socket.next() == SessionEnded(reason="signed-in-elsewhere")
        assert await socket.closed() == CLOSE_SESSION_ENDED
    assert await desk.refused("GET", "/calls") == (401, ProblemType.SESSION_REQUIRED)


async def test_a_session_has_one_socket(it: It, desk: Desk) -> None:
    await desk.sign_in(await it.add("lina"))
    async with desk.socket() as first, desk.socket():
        assert await first.closed() == CLOSE_REPLACED


async def test_an_idle_session_ends_but_an_open_socket_is_use(server: RunningServer, it: It, desk: Desk) -> None:
    who = await it.add("lina")
    await desk.sign_in(who)
    async with desk.socket():
        server.clock.advance(timedelta(minutes=31))
        server.sweep()
        assert (await desk.send("GET", "/calls")).status_code == 200
    server.clock.advance(timedelta(minutes=29))
    assert (await desk.send("GET", "/calls")).status_code == 200
    server.clock.advance(timedelta(minutes=31))
    assert await desk.refused("GET", "/calls") == (401, ProblemType.SESSION_REQUIRED)


async def test_every_session_ends_after_a_working_day(server: RunningServer, it: It, desk: Desk) -> None:
    await desk.sign_in(await it.add("lina"))
    async with desk.socket() as socket:
        server.clock.advance(timedelta(hours=12))
        server.sweep()
        assert await socket.next() == SessionEnded(reason="expired")
        assert await socket.closed() == CLOSE_SESSION_ENDED


async def test_revoking_a_device_closes_its_door_at_once(it: It, desk: Desk) -> None:
    await desk.sign_in(await it.add("lina"))
    async with desk.socket() as socket:
        assert (await it.send("POST", f"/admin/devices/{desk.device_id}/revoke")).status_code == 204
        assert await socket.next() == SessionEnded(reason="device-revoked")
        assert await socket.closed() == CLOSE_DEVICE_REVOKED
    for method, path in (("GET", "/calls"), ("GET", "/manifest"), ("POST", "/sip/credentials")):
        assert await desk.refused(method, path) == (403, ProblemType.DEVICE_REVOKED)


async def test_disabling_a_person_ends_their_session_at_once(server: RunningServer, it: It, desk: Desk) -> None:
    who = await it.add("lina")
    await desk.sign_in(who)
    async with desk.socket() as socket:
        assert (await it.send("POST", "/admin/people/lina/disable")).status_code == 204
        assert await socket.next() == SessionEnded(reason="person-disabled")
        assert await socket.closed() == CLOSE_SESSION_ENDED
    server.clock.advance(STEP)
    assert await desk.refused("POST", "/session", desk.sign_in_body(who)) == (401, ProblemType.SIGN_IN_WRONG)


async def test_a_certificate_that_is_over_is_told_so(server: RunningServer, it: It, desk: Desk) -> None:
    body = desk.sign_in_body(await it.add("lina"))
    key = generate_key()
    over = server.organisation.authority.issue_client(
        key.public_key(), Role.DEVICE, desk.device_id, timedelta(minutes=-1)
    )
    late = Desk(server, Identity(over, key_pem(key)))
    assert await late.refused("POST", "/session", body) == (401, ProblemType.CERTIFICATE_EXPIRED)
    server.clock.advance(timedelta(days=15))
    assert await desk.refused("GET", "/manifest") == (401, ProblemType.CERTIFICATE_EXPIRED)


async def test_a_certificate_that_the_server_did_not_record_is_refused(server: RunningServer, desk: Desk) -> None:
    """Even one with the authority's signature and a known device's name."""
    key = generate_key()
    forged = server.organisation.authority.issue_client(key.public_key(), Role.DEVICE, desk.device_id, timedelta(1))
    thief = Desk(server, Identity(forged, key_pem(key)))
    assert await thief.refused("GET", "/manifest") == (401, ProblemType.CERTIFICATE_REQUIRED)


@pytest.mark.parametrize("path", ["/admin/people", "/admin/devices", "/admin/audit/verification"])
async def test_admin_routes_are_for_it_alone(
    server: RunningServer, it: It, edge: TheEdge, desk: Desk, path: str
) -> None:
    await desk.sign_in(await it.add("lina"))
    assert await desk.refused("GET", path) == (403, ProblemType.FORBIDDEN)
    assert await edge.refused("GET", path) == (403, ProblemType.FORBIDDEN)
    assert await Desk(server).refused("GET", path) == (401, ProblemType.CERTIFICATE_REQUIRED)
    assert (await it.send("GET", path)).status_code == 200


async def test_edge_routes_are_for_the_edge_alone(server: RunningServer, it: It, desk: Desk) -> None:
    await desk.sign_in(await it.add("lina"))
    body = {"call_id": "1", "agent": "lina", "caller": "13800000000"}
    for stranger in (desk, it):
        assert await stranger.refused("POST", "/edge/calls", body) == (403, ProblemType.FORBIDDEN)
    assert await Desk(server).refused("POST", "/edge/calls", body) == (401, ProblemType.CERTIFICATE_REQUIRED)
