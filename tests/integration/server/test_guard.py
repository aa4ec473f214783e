"""What holds for every request, whatever it is about."""

import json
import ssl
from collections.abc import AsyncIterator

import httpx2
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from provisioning.api import ProblemType
from provisioning.pinned_tls import pinned_context
from server.middleware import BODY_LIMIT
from tests.integration.server.people import NO_LIMIT, Caller, Desk, It, TheEdge, problem_of
from tests.integration.server.running import RunningServer


async def test_health_and_readiness(server: RunningServer) -> None:
    for path in ("/healthz", "/readyz"):
        assert (await Caller(server).send("GET", path)).json() == {"status": "ok"}


async def test_what_is_not_there_is_a_problem(server: RunningServer) -> None:
    assert await Caller(server).refused("GET", "/nowhere") == (404, ProblemType.NOT_FOUND)
    assert await Caller(server).refused("PUT", "/healthz") == (405, ProblemType.INVALID_REQUEST)


@pytest.mark.parametrize("chunked", [False, True])
async def test_a_body_has_a_limit(server: RunningServer, chunked: bool) -> None:
    async def parts() -> AsyncIterator[bytes]:
        for _ in range(BODY_LIMIT // 1024 + 1):
            yield b"x" * 1024

    organisation = server.organisation
    async with httpx2.AsyncClient(
        verify=pinned_context(organisation.ca_pem, organisation.server_pins), base_url=server.url, **NO_LIMIT
    ) as client:
        content = parts() if chunked else b"x" * (BODY_LIMIT + 1)
        response = await client.post("/enrolment/hello", content=content)
    problem = problem_of(response)
    assert (problem.status, problem.problem_type) == (413, ProblemType.BODY_TOO_LARGE)


async def test_what_was_sent_is_never_quoted(server: RunningServer, desk: Desk) -> None:
    secret = "hunter2secret"
    bodies: list[dict[str, object]] = [
        {"name": secret.upper(), "password": "p", "totp": secret, "posture": {"os": secret}},
        {"name": "lina", secret: secret},
        {"name": "lina", "password": secret * 30, "totp": "1", "posture": {}},
    ]
    for body in bodies:
        response = await desk.send("POST", "/session", body)
        assert problem_of(response).problem_type is ProblemType.INVALID_REQUEST
        assert secret not in response.text.lower()
    assert secret not in server.log_text.lower()


async def test_a_mistake_of_ours_has_a_number_and_says_nothing_else(server: RunningServer, it: It) -> None:
    engine = server.database()
    with engine.begin() as connection:
        # Leases hang on sessions.
        connection.execute(text("DROP TABLE leases"))
        connection.execute(text("DROP TABLE sessions"))
        connection.execute(text("ALTER TABLE people RENAME TO people_gone"))
    engine.dispose()
    response = await it.send("GET", "/admin/people")
    problem = problem_of(response)
    assert (problem.status, problem.problem_type) == (500, ProblemType.INTERNAL)
    error_id = response.headers["x-request-id"]
    assert error_id in problem.detail
    [entry] = [json.loads(line) for line in server.log_text.splitlines() if '"internal error"' in line]
    assert entry["error_id"] == error_id
    assert entry["error_type"] in ("OperationalError", "ProgrammingError")
    server.expected_warnings = {"internal error"}


async def test_answers_are_not_stored_and_not_framed(server: RunningServer) -> None:
    headers = (await Caller(server).send("GET", "/healthz")).headers
    assert headers["cache-control"] == "no-store"
    assert headers["x-content-type-options"] == "nosniff"
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert "server" not in headers


async def test_openapi_declares_every_problem_that_a_route_gave_here(server: RunningServer, it: It, desk: Desk) -> None:
    described = (await Caller(server).send("GET", "/openapi.json")).json()
    asked = [
        (desk, "GET", "/calls", "/calls"),
        (desk, "GET", "/calls/c_AAAAAAAAAAAA/customer", "/calls/{ref}/customer"),
        (desk, "GET", "/calls/bad/customer", "/calls/{ref}/customer"),
        (Caller(server), "GET", "/manifest", "/manifest"),
        (it, "POST", "/session", "/session"),
        (it, "POST", "/admin/devices/none/revoke", "/admin/devices/{device_id}/revoke"),
        (it, "POST", "/admin/people", "/admin/people"),
        (desk, "POST", "/enrolment/hello", "/enrolment/hello"),
    ]
    for caller, method, path, pattern in asked:
        status, _ = await caller.refused(method, path)
        responses = described["paths"][pattern][method.lower()]["responses"]
        assert list(responses[str(status)]["content"]) == ["application/problem+json"], (pattern, status)


async def test_older_tls_is_refused(server: RunningServer) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(cadata=server.organisation.ca_pem)
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    with pytest.raises(httpx2.ConnectError):
        async with httpx2.AsyncClient(verify=context, **NO_LIMIT) as client:
            await client.get(f"{server.url}/healthz")


async def test_the_log_names_no_customer_and_no_secret(
    server: RunningServer, it: It, edge: TheEdge, desk: Desk, customer: dict[str, str]
) -> None:
    """Customers' values are looked for after every test, by the fixture; here it is the secrets' turn."""
    who = await it.add("lina")
    await desk.sign_in(who)
    async with desk.socket() as socket:
        await edge.call("lina", customer["phone"])
        await socket.next()
    credentials = (await desk.send("POST", "/sip/credentials")).json()
    await desk.send("GET", f"/calls?phone={customer['phone']}")
    # The last line is written after its answer was sent.
    server.stop()
    for secret in (who.password, desk.token, credentials["password"], server.organisation.sip_secret):
        assert secret not in server.log_text
    assert '"route": "/calls"' in server.log_text


async def test_the_audit_log_is_whole_until_somebody_changes_it(server: RunningServer, it: It, desk: Desk) -> None:
    await desk.sign_in(await it.add("lina"))
    whole = (await it.send("GET", "/admin/audit/verification")).json()
    assert whole["broken_at"] is None
    assert whole["entries"] >= 4

    engine = server.database()
    with pytest.raises(DBAPIError, match="append-only"), engine.begin() as connection:
        connection.execute(text("UPDATE audit_entries SET actor = 'nobody' WHERE seq = 2"))
    # Who owns the database can take the lock off the door, and is found out.
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text("ALTER TABLE audit_entries DISABLE TRIGGER ALL"))
        else:
            connection.execute(text("DROP TRIGGER audit_entries_no_update"))
            connection.execute(text("DROP TRIGGER audit_entries_no_delete"))
    for harm, seq, why in (
        ("UPDATE audit_entries SET actor = 'nobody' WHERE seq = 3", 3, "the entry was changed"),
        ("DELETE FROM audit_entries WHERE seq = 2", 2, "an entry is missing"),
        ("DELETE FROM audit_entries WHERE seq > 1", 2, "the end of the log was cut off"),
    ):
        with engine.begin() as connection:
            connection.execute(text(harm))
        found = (await it.send("GET", "/admin/audit/verification")).json()
        assert (found["broken_at"], found["why"]) == (seq, why)
    engine.dispose()
