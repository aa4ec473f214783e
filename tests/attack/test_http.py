"""HTTP and WebSockets as an attacker speaks them: too much, too slow, ambiguous, or in disguise."""

import asyncio
import json
import secrets
from collections.abc import Callable

import httpx2
import pytest
from sqlalchemy import func, select

from provisioning.api import ProblemType
from provisioning.pinned_tls import pinned_context
from server import tls
from server.calls.models import Call
from server.middleware import BODY_LIMIT
from tests.attack.wire import raw, wire
from tests.integration.server.people import Caller, Desk, It, TheEdge, problem_of
from tests.integration.server.running import RunningServer

DEEP = BODY_LIMIT // 2 - 100


def chunk(data: bytes) -> bytes:
    return f"{len(data):x}\r\n".encode() + data + b"\r\n"


# --- too much ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE"])
def test_a_body_without_a_length_ends_at_the_limit(server: RunningServer, method: str) -> None:
    """Chunks go on for as long as anybody sends them, also where no body belongs; the server stops listening."""
    with wire(server) as connection:
        connection.say(f"{method} /nowhere HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n".encode())
        for _ in range(BODY_LIMIT // 4096 + 1):
            connection.say(chunk(b"x" * 4096))
        answer = connection.rest()
    assert " 413 " in answer.partition("\r\n")[0]
    assert "connection: close" in answer.lower()


def test_a_length_that_lies_is_not_waited_for(server: RunningServer) -> None:
    answer = raw(server, b"POST /session HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999\r\n\r\n")
    assert " 413 " in answer.partition("\r\n")[0]


def deep_arrays() -> str:
    return '{"name": ' + "[" * DEEP + "]" * DEEP + "}"


def deep_objects() -> str:
    depth = BODY_LIMIT // 12
    return '{"a":' * depth + "1" + "}" * depth


def many_keys() -> str:
    """As many as the limit has room for; of 100,000 it would take the body for too large."""
    return json.dumps({f"{number:x}": 0 for number in range(BODY_LIMIT // 12)})


def same_key_again() -> str:
    return '{"name":"lina",' + ",".join(['"name":"it"'] * 4000) + "}"


def big_number() -> str:
    return '{"minutes": ' + "9" * 60_000 + "}"


def exponents() -> str:
    return '{"minutes": 1e999999}'


@pytest.mark.parametrize("body", [deep_arrays, deep_objects, many_keys, same_key_again, big_number, exponents])
async def test_json_that_is_work_is_refused_shortly(server: RunningServer, it: It, body: Callable[[], str]) -> None:
    text = body()
    assert len(text) < BODY_LIMIT
    for path in ("/admin/people", "/admin/enrolment-codes", "/enrolment/hello"):
        answer = await post(it, path, text, {"Content-Type": "application/json"})
        assert problem_of(answer).status == 422
        assert len(answer.content) < 4096


async def test_a_hundred_thousand_keys_are_too_many(server: RunningServer, it: It) -> None:
    text = json.dumps({f"k{number}": number for number in range(100_000)})
    try:
        answer = await post(it, "/admin/people", text, {"Content-Type": "application/json"})
    except httpx2.NetworkError:
        # The server answers before it has read all of it and hangs up; who still writes then may miss the answer.
        pass
    else:
        assert problem_of(answer).problem_type is ProblemType.BODY_TOO_LARGE
    assert (await it.send("GET", "/admin/people")).status_code == 200


async def post(caller: Caller, path: str, content: str, headers: dict[str, str]) -> httpx2.Response:
    organisation = caller.server.organisation
    pair = caller.identity.pair if caller.identity else None
    context = pinned_context(organisation.ca_pem, organisation.server_pins, pair)
    async with httpx2.AsyncClient(verify=context, base_url=caller.server.url, timeout=60, trust_env=False) as client:
        return await client.post(path, content=content, headers=headers)


# --- too slow ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def impatient_server(monkeypatch: pytest.MonkeyPatch, server: RunningServer) -> RunningServer:
    """A server that gives a request a moment to arrive, and not half a minute."""
    monkeypatch.setattr(tls, "REQUEST_SECONDS", 0.2)
    return server


@pytest.mark.parametrize(
    "beginning",
    [
        b"",
        b"G",
        b"GET /healthz HTTP/1.1\r\nHost: x\r\nX-Slow: ",
        b"POST /session HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\n{",
        b"POST /session HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{",
    ],
    ids=["nothing", "a-byte", "headers", "body", "chunks"],
)
def test_a_request_that_never_ends_is_cut_off(impatient_server: RunningServer, beginning: bytes) -> None:
    """Without an answer, and without a thought: the connection ends, and with it what it held."""
    assert raw(impatient_server, beginning) == ""


def test_a_second_request_that_never_ends_is_cut_off(impatient_server: RunningServer) -> None:
    """Also on a connection that was well used before."""
    with wire(impatient_server) as connection:
        connection.say(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
        assert '{"status":"ok"}' in connection.until(b"}")
        connection.say(b"GET /heal")
        assert connection.rest() == ""


async def test_a_desk_that_is_quiet_is_not_cut_off(
    monkeypatch: pytest.MonkeyPatch, server: RunningServer, it: It, edge: TheEdge, desk: Desk
) -> None:
    """A WebSocket is no request that never ends."""
    await desk.sign_in(await it.add("lina"))
    monkeypatch.setattr(tls, "REQUEST_SECONDS", 0.2)
    async with desk.socket() as socket:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(1):
                await socket.websocket.recv()
        ref = await edge.call("lina", "13800000000")
        assert ref in (await socket.next()).model_dump_json()


# --- WebSocket --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("x" * (BODY_LIMIT + 1), 1009),
        (["x" * 40_000, "x" * 40_000], 1009),
        (b"\x00\xff" * 10, 1008),
        ("", 1008),
        ("null", 1008),
        ("[" * 60_000, 1008),
        ('{"type": "presence.changed"}', 1008),
        ('{"type": "session.ended", "reason": "expired"}', 1008),
        ('{"type": "call.offered"}', 1008),
        ('{"type": "presence.changed", "presence": "ready", "since": "2026-11-30T12:00:00Z", "person": "bao"}', 1008),
    ],
    ids=[
        "large",
        "large-in-parts",
        "binary",
        "empty",
        "null",
        "deep",
        "half",
        "the-servers",
        "an-offer",
        "for-another",
    ],
)
async def test_a_desk_that_talks_nonsense_is_hung_up_on(
    server: RunningServer, it: It, desk: Desk, said: str | bytes | list[str], code: int
) -> None:
    await desk.sign_in(await it.add("lina"))
    async with desk.socket() as socket:
        await socket.websocket.send(said)
        assert await socket.closed() == code
    # The server is as it was.
    assert (await desk.send("GET", "/calls")).status_code == 200


async def test_a_flood_of_messages_is_read_in_order_and_hurts_nobody_else(
    server: RunningServer, it: It, edge: TheEdge, desk: Desk
) -> None:
    await desk.sign_in(await it.add("lina"))
    ref = await edge.call("lina", "13800000000")
    said = json.dumps(
        {"type": "presence.changed", "presence": "ready", "since": "2026-11-30T12:00:00Z", "call_ref": ref}
    )
    async with desk.socket() as socket:
        for _ in range(300):
            await socket.websocket.send(said)
        assert (await it.send("GET", "/healthz")).status_code == 200
        await socket.finish()


async def test_a_desk_cannot_fill_the_database_with_calls_that_are_none(
    server: RunningServer, it: It, edge: TheEdge, desk: Desk
) -> None:
    """It may report calls that the server never heard of; but nobody has so many."""
    await desk.sign_in(await it.add("lina"))
    async with desk.socket() as socket:
        for _ in range(130):
            ref = f"c_{secrets.token_urlsafe(12)}"
            said = {"type": "call.progress", "ref": ref, "state": "answered", "at": "2026-11-30T12:00:00Z"}
            await socket.websocket.send(json.dumps(said))
        await socket.finish()
    engine = server.database()
    with engine.connect() as connection:
        assert connection.execute(select(func.count()).select_from(Call)).scalar() == 120
    engine.dispose()
    answer = await desk.wrap_up(f"c_{secrets.token_urlsafe(12)}")
    assert (answer.status_code, problem_of(answer).problem_type) == (429, ProblemType.TOO_MANY_REQUESTS)
    # A call that the edge announced is no report.
    assert (await desk.wrap_up(await edge.call("lina", "13800000000"))).status_code == 204


async def test_the_socket_is_for_get_alone_and_for_one_path(server: RunningServer, it: It, desk: Desk) -> None:
    await desk.sign_in(await it.add("lina"))
    assert desk.identity is not None
    for path in ("/desk/", "//desk", "/DESK", "/%64esk/..", "/calls"):
        head = (
            f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
            "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"
            f"Authorization: Bearer {desk.token}\r\n\r\n"
        )
        with wire(server, desk.identity) as connection:
            connection.say(head.encode())
            assert " 101 " not in connection.until(b"\r\n").partition("\r\n")[0]


# --- in disguise ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path",
    [
        "/admin//people", "//admin/people", "/admin/people/", "/admin/./people", "/calls/../admin/people",
        "/admin%2fpeople", "/%61dmin/people", "/ADMIN/people", "/admin/people%00", "/admin/people;x=1",
        "/admin/people%20",
        "/admin\\people", "/admin/people?_method=GET", "/admin/people#x", "/ａdmin/people".encode().decode("latin-1"),
        "/%c0%ae%c0%ae/admin/people", "/healthz/../admin/people", "/healthz%2f..%2fadmin%2fpeople",
        "http://localhost/admin/people", "*",
    ],
)  # fmt: skip
async def test_no_spelling_of_a_path_opens_it_to_others(
    server: RunningServer, expected_warnings: list[str], it: It, desk: Desk, path: str
) -> None:
    """Either it is no route, or it is the very route, which asks for its own certificate."""
    expected_warnings.append("Invalid HTTP request received.")
    server.expected_warnings = set(expected_warnings)
    await desk.sign_in(await it.add("lina"))
    assert desk.identity is not None
    request = f"GET {path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {desk.token}\r\nConnection: close\r\n\r\n"
    status = raw(server, request.encode("latin-1"), desk.identity).split(" ")[1]
    assert status in {"400", "403", "404"}


@pytest.mark.parametrize("header", ["X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override"])
async def test_a_method_is_what_the_request_says(server: RunningServer, it: It, desk: Desk, header: str) -> None:
    await desk.sign_in(await it.add("lina"))
    assert desk.identity is not None
    head = f"GET /session?_method=DELETE HTTP/1.1\r\nHost: x\r\n{header}: DELETE\r\n"
    answer = raw(
        server, f"{head}Authorization: Bearer {desk.token}\r\nConnection: close\r\n\r\n".encode(), desk.identity
    )
    assert " 405 " in answer.partition("\r\n")[0]
    assert (await desk.send("GET", "/calls")).status_code == 200


@pytest.mark.parametrize("method", ["HEAD", "OPTIONS", "TRACE", "CONNECT", "PATCH", "PROPFIND", "get", "Q" * 300])
async def test_other_methods_do_nothing(server: RunningServer, it: It, method: str) -> None:
    assert it.identity is not None
    request = f"{method} /admin/people HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    answer = raw(server, request.encode(), it.identity)
    assert answer.split(" ")[1] == "405", answer
    # TRACE would repeat the request, and OPTIONS would tell other sites what they may do.
    assert "access-control" not in answer.lower()
    server.stop()
    assert "QQQQ" not in server.log_text


@pytest.mark.parametrize(
    "head",
    [
        "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n",
        "Content-Length: 2\r\nContent-Length: 3\r\n",
        "Content-Length: +2\r\n",
        "Content-Length: 0x2\r\n",
        "Transfer-Encoding: chunked, identity\r\n",
        "Transfer-Encoding: xchunked\r\n",
        "Content-Length : 2\r\n",
    ],
)
def test_a_request_with_two_ends_is_not_read_twice(
    server: RunningServer, expected_warnings: list[str], head: str
) -> None:
    """Request smuggling: what one reader takes for a body and another for the next request is answered once."""
    expected_warnings.append("Invalid HTTP request received.")
    server.expected_warnings = set(expected_warnings)
    inner = "GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    answer = raw(server, f"POST /enrolment/hello HTTP/1.1\r\nHost: x\r\n{head}\r\n0\r\n\r\n{inner}".encode())
    if "Transfer-Encoding: chunked\r\n" in head:
        # The one reading that RFC 9112, section 6.3, leaves: chunks. The length is ignored, and both are answered.
        assert answer.count("HTTP/1.1 ") <= 2
    else:
        assert answer.count("HTTP/1.1 ") == 1
        assert answer.split(" ")[1] in {"400", "501"}


async def test_of_two_tokens_the_thiefs_does_not_count(server: RunningServer, it: It, desk: Desk) -> None:
    """Neither first nor last: a header that comes twice is one that the server does not choose from for its asker."""
    await desk.sign_in(await it.add("lina"))
    assert desk.identity is not None
    good, bad = f"Authorization: Bearer {desk.token}\r\n", "Authorization: Bearer invented\r\n"
    tail = "Connection: close\r\n\r\n"
    statuses = {
        raw(server, f"GET /calls HTTP/1.1\r\nHost: x\r\n{pair}{tail}".encode(), desk.identity).split(" ")[1]
        for pair in (good + bad, bad + good)
    }
    assert statuses <= {"200", "401"}
    # And with another device's certificate no order helps.
    other = Desk(server)
    await other.enrol(await it.code())
    assert other.identity is not None
    for pair in (good + bad, bad + good):
        request = f"GET /calls HTTP/1.1\r\nHost: x\r\n{pair}{tail}".encode()
        assert raw(server, request, other.identity).split(" ")[1] == "401"


@pytest.mark.parametrize("scheme", ["", "Basic ", "bearer", "Bearer\t", "Token ", "Bearer Bearer "])
async def test_a_token_is_a_bearer_token(server: RunningServer, it: It, desk: Desk, scheme: str) -> None:
    await desk.sign_in(await it.add("lina"))
    assert desk.identity is not None
    request = f"GET /calls HTTP/1.1\r\nHost: x\r\nAuthorization: {scheme}{desk.token}\r\nConnection: close\r\n\r\n"
    assert raw(server, request.encode(), desk.identity).split(" ")[1] == "401"


@pytest.mark.parametrize("host", ["evil.example", "localhost:1", "evil.example\tx", "", "[::1", "a" * 300])
def test_the_host_header_decides_nothing(server: RunningServer, expected_warnings: list[str], host: str) -> None:
    expected_warnings.append("Invalid HTTP request received.")
    server.expected_warnings = set(expected_warnings)
    answer = raw(server, f"GET /calls HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
    assert answer.split(" ")[1] in {"400", "401"}
    assert "location:" not in answer.lower()
    assert "evil" not in answer


def test_two_hosts_or_none_are_no_request(server: RunningServer, expected_warnings: list[str]) -> None:
    expected_warnings.append("Invalid HTTP request received.")
    server.expected_warnings = set(expected_warnings)
    for head in ("", "Host: a\r\nHost: b\r\n"):
        answer = raw(server, f"GET /healthz HTTP/1.1\r\n{head}Connection: close\r\n\r\n".encode())
        assert answer.split(" ")[1] == "400"


@pytest.mark.parametrize(
    "content_type",
    [
        "text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/xml",
        "application/octet-stream", "", "application/jsonp", "text/json",
    ],
)  # fmt: skip
async def test_json_is_sent_as_json_or_not_at_all(server: RunningServer, it: It, content_type: str) -> None:
    """A page in a browser can send the others to a server without asking; it can't send JSON that says so."""
    new = json.dumps({"name": "eve", "display_name": "Eve", "role": "supervisor", "team": "cards"})
    answer = await post(it, "/admin/people", new, {"Content-Type": content_type} if content_type else {})
    assert problem_of(answer).problem_type is ProblemType.INVALID_REQUEST
    assert "eve" not in (await it.send("GET", "/admin/people")).text


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br", "zstd"])
async def test_a_compressed_body_is_not_unpacked(server: RunningServer, it: It, encoding: str) -> None:
    """A few bytes would become as many as the attacker likes."""
    headers = {"Content-Type": "application/json", "Content-Encoding": encoding}
    answer = await post(it, "/admin/people", "\x1f\x08\x00 not json", headers)
    assert problem_of(answer).problem_type is ProblemType.INVALID_REQUEST


def test_requests_in_a_row_are_answered_in_a_row(server: RunningServer) -> None:
    """Pipelining does not multiply: a connection has one request at work at a time."""
    one = b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"
    last = b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    answer = raw(server, one * 200 + last)
    assert answer.count("HTTP/1.1 200") == 201


async def test_a_connection_that_closes_at_once_leaves_nothing(server: RunningServer, it: It) -> None:
    for beginning in (b"", b"GET", b"POST /session HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n"):
        for _ in range(20):
            with wire(server) as connection:
                if beginning:
                    connection.say(beginning)
    assert (await it.send("GET", "/healthz")).status_code == 200
