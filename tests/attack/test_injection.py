"""What people and machines write reaches databases, logs and terminals as text, or not at all."""

import base64
import json
import unicodedata
from typing import Any

import httpx2
import pytest
from sqlalchemy import func, select, text

from provisioning.api import ProblemType
from provisioning.enrolment import EnrolmentCode
from provisioning.pinned_tls import pinned_context
from provisioning.pki import csr_der, make_csr
from server.database import Base
from tests.attack.conftest import enrolled, first_customer
from tests.attack.nasty import MARK, NASTY
from tests.attack.wire import raw
from tests.integration.server.people import Caller, Desk, It, TheEdge, problem_of
from tests.integration.server.running import RunningServer
from tests.stage.posture import signed


def lines(server: RunningServer) -> list[dict[str, Any]]:
    """The log: one JSON object a line, however it is split into lines."""
    server.stop()
    whole = server.log_text
    assert whole.count("\n") == len(whole.splitlines())
    found = [json.loads(line) for line in whole.splitlines()]
    assert all(isinstance(line, dict) for line in found)
    return found


def log_is_clean(server: RunningServer) -> None:
    found = lines(server)
    assert MARK.lower() not in server.log_text.lower()
    assert not any(unicodedata.category(char) == "Cc" for char in server.log_text.replace("\n", ""))
    assert [line["event"] for line in found].count("ready") == 1


def tables_are_whole(server: RunningServer) -> None:
    engine = server.database()
    with engine.connect() as connection:
        for table in Base.metadata.sorted_tables:
            connection.execute(select(func.count()).select_from(table))
    engine.dispose()


def taken_or_refused(response: httpx2.Response, *taken: int) -> bool:
    """No third way: a text is taken as it is, or refused in words that do not repeat it."""
    if response.status_code in taken:
        return True
    assert problem_of(response).problem_type in (
        ProblemType.INVALID_REQUEST, ProblemType.SIGN_IN_WRONG, ProblemType.NOT_FOUND, ProblemType.SIGN_IN_TOO_OFTEN
    )  # fmt: skip
    assert MARK not in response.text
    return False


def report_with(desk: Desk, nasty: str, number: int) -> dict[str, Any]:
    """What a desk reports of its system is text, too, and signed by whoever has the PC."""
    report = desk.posture(os_version=nasty[:120], os_build=nasty[:120])
    later = report.model_copy(update={"sequence": report.sequence + 1 + number})
    return {"posture": signed(later, desk.key)}


async def test_what_people_write_is_text_to_the_database(either_server: RunningServer) -> None:
    server = either_server
    it, edge = It(server, server.organisation.admin), TheEdge(server, server.organisation.edge_client)
    desk = await enrolled(server, it)
    who = await it.add("lina")
    await desk.sign_in(who)
    for number, nasty in enumerate(NASTY.values()):
        ref = await edge.call("lina", first_customer(server)["phone"])
        # A note is never refused, since whoever wrote it may be offline by then. Sent again, it is the same note.
        for _ in range(2):
            assert (await desk.wrap_up(ref, nasty)).status_code == 204, nasty
        new = {"name": f"p{number}", "display_name": nasty[:80], "role": "agent", "team": "cards"}
        if taken_or_refused(await it.send("POST", "/admin/people", new), 201):
            listed = (await it.send("GET", "/admin/people")).json()["people"]
            assert nasty[:80] in [person["display_name"] for person in listed]
        taken_or_refused(await it.send("POST", "/admin/enrolment-codes", {"note": nasty[:120]}), 201)
        body = {"call_id": nasty, "agent": "lina", "caller": nasty[:128]}
        taken_or_refused(await edge.send("POST", "/edge/calls", body), 200)
        taken_or_refused(await edge.send("POST", "/edge/calls", body | {"agent": nasty}), 200)
        taken_or_refused(await desk.send("POST", "/dial-tokens", {"number": nasty}), 201)
        taken_or_refused(await desk.send("POST", "/dial-tokens", {"entry": nasty}), 201)
        taken_or_refused(await desk.send("POST", "/session", desk.sign_in_body(who, name=nasty)), 201)
        taken_or_refused(await desk.send("PUT", "/session/posture", report_with(desk, nasty, number)), 200)
    engine = server.database()
    with engine.connect() as connection:
        saved = connection.execute(text("SELECT wrap_up_notes FROM calls WHERE wrap_up_notes <> ''")).scalars().all()
    engine.dispose()
    for nasty in NASTY.values():
        kept = "".join(
            "\ufffd" if unicodedata.category(char) == "Cc" and char not in "\t\n\r" else char for char in nasty
        )
        assert kept in saved
    tables_are_whole(server)
    whole = (await it.send("GET", "/admin/audit/verification")).json()
    assert whole["broken_at"] is None
    log_is_clean(server)


@pytest.mark.parametrize("kind", NASTY)
async def test_a_device_cannot_name_itself_into_the_terminal_of_it(server: RunningServer, it: It, kind: str) -> None:
    """Whoever holds a code chooses the name that `hearthline-admin device list` prints."""
    code = await it.code()
    desk = Desk(server)
    answer = await redeem_as(desk, code, NASTY[kind][:80])
    if taken_or_refused(answer, 200):
        [listed] = (await it.send("GET", "/admin/devices")).json()["devices"]
        assert all(char.isprintable() or unicodedata.category(char) in ("Co", "Cn") for char in listed["name"])
    log_is_clean(server)


async def redeem_as(desk: Desk, code: EnrolmentCode, name: str) -> httpx2.Response:
    """Enrol under another name than the desk would choose."""
    sent = dict[str, Any]()
    original = httpx2.AsyncClient.post

    async def renamed(client: httpx2.AsyncClient, url: str, **options: Any) -> httpx2.Response:
        if url == "/enrolment/redeem":
            sent.update(options["json"])
            options["json"] = options["json"] | {"device_name": name}
        return await original(client, url, **options)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(httpx2.AsyncClient, "post", renamed)
        answer = await desk.redeem(code)
    assert sent
    return answer


@pytest.mark.parametrize("totp", ["１２３４５６", "١٢٣٤٥٦", "12345\n", "12345६", "123456\x00", "000000"])
async def test_a_code_in_other_digits_is_a_wrong_code(server: RunningServer, it: It, desk: Desk, totp: str) -> None:
    body = desk.sign_in_body(await it.add("lina")) | {"totp": totp}
    assert not taken_or_refused(await desk.send("POST", "/session", body), 201)
    log_is_clean(server)


@pytest.mark.parametrize(
    "moment",
    ["2026-11-30T12:00:00", "0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59", "1e400", "-1", "NaN", "²"],
)
async def test_a_moment_outside_of_time_is_refused(
    server: RunningServer, it: It, edge: TheEdge, desk: Desk, moment: str
) -> None:
    await desk.sign_in(await it.add("lina"))
    ref = await edge.call("lina", "13800000000")
    body = {"code": "answered", "notes": "", "written_at": moment}
    answer = await desk.send("PUT", f"/calls/{ref}/wrap-up", body)
    assert answer.status_code in (204, 422)
    async with desk.socket() as socket:
        said = {"type": "call.progress", "ref": ref, "state": "answered", "at": moment}
        await socket.websocket.send(json.dumps(said))
        said = {"type": "presence.changed", "presence": "ready", "since": moment}
        await socket.websocket.send(json.dumps(said))
        await socket.finish()
    # A socket that died of a mistake would have said so here.
    log_is_clean(server)


@pytest.mark.parametrize("harm", ["curve", "algorithm", "not-a-key", "version", "empty", "two", "nul"])
async def test_a_certificate_request_of_an_unheard_of_kind_is_refused(
    server: RunningServer, it: It, desk: Desk, harm: str
) -> None:
    sound = make_csr(desk.key, "desk").decode()
    der = csr_der(sound)
    curve, ecdsa = bytes.fromhex("06082a8648ce3d030107"), bytes.fromhex("06082a8648ce3d040302")
    assert curve in der
    assert ecdsa in der
    bad = {
        "curve": pem(der.replace(curve, bytes.fromhex("06082a8648ce3d03017f"))),
        "algorithm": pem(der.replace(ecdsa, bytes.fromhex("06082a8648ce3d04037f"))),
        "not-a-key": pem(der.replace(bytes.fromhex("06072a8648ce3d0201"), bytes.fromhex("06072a8648ce3d027f"))),
        # The first integer in it (RFC 2986, section 4.1).
        "version": pem(der.replace(bytes.fromhex("020100"), bytes.fromhex("020155"), 1)),
        "empty": "-----BEGIN CERTIFICATE REQUEST-----\n-----END CERTIFICATE REQUEST-----\n",
        "two": sound + sound + "\x00",
        "nul": "\x00" + sound,
    }[harm]
    answer = await desk.send("POST", "/devices/renew", {"csr_pem": bad})
    if harm not in ("two", "nul"):
        assert problem_of(answer).problem_type in (ProblemType.CSR_REFUSED, ProblemType.DEVICE_PROOF_WRONG)
    assert answer.status_code < 500
    log_is_clean(server)


def pem(der: bytes) -> str:
    body = base64.encodebytes(der).decode()
    return f"-----BEGIN CERTIFICATE REQUEST-----\n{body}-----END CERTIFICATE REQUEST-----\n"


HEADERS = ["User-Agent", "X-Request-Id", "X-Forwarded-For", "Authorization", "Referer", "Cookie", "Forwarded", "Host"]


@pytest.mark.parametrize("name", HEADERS)
async def test_headers_are_not_believed_and_not_logged(server: RunningServer, name: str) -> None:
    organisation = server.organisation
    context = pinned_context(organisation.ca_pem, organisation.server_pins)
    texts = [value for value in NASTY.values() if value.isprintable() and value.isascii()]
    async with httpx2.AsyncClient(verify=context, base_url=server.url, timeout=60, trust_env=False) as client:
        for value in texts:
            answer = await client.get("/healthz", headers={name: value})
            assert answer.status_code == 200
            assert MARK not in answer.text + repr(answer.headers)
    log_is_clean(server)


@pytest.mark.parametrize(
    "head",
    [
        f"GET /healthz HTTP/1.1\r\nHost: x\r\nX-{MARK}: a\x00b\r\n\r\n",
        f"GET /healthz HTTP/1.1\r\nHost: x\r\nX-A: a\r\n {MARK}: folded\r\n\r\n",
        f"GET /healthz?{MARK}\x1b[2J HTTP/1.1\r\nHost: x\r\n\r\n",
        f"GET /{MARK} HTTP/1.1\nHost: x\n\n",
        f"{MARK} /healthz HTTP/1.1\r\nHost: x\r\n\r\n",
        f"GET /healthz HTTP/1.1\r\nHost: x\r\n{MARK}\r\n\r\n",
        f"GET /{MARK} HTTP/1.1\r\nHost: x\r\nConnection: upgrade\r\nUpgrade: {MARK}\r\n\r\n",
        f"GET /healthz HTTP/1.1\r\nHost: x\r\nX-Long: {MARK * 7000}\r\n\r\n",
        MARK * 100,
    ],
)
def test_a_request_that_is_none_leaves_nothing_in_the_log(
    server: RunningServer, expected_warnings: list[str], head: str
) -> None:
    expected_warnings += ["Invalid HTTP request received.", "Unsupported upgrade request."]
    server.expected_warnings = set(expected_warnings)
    answer = raw(server, head.encode("latin-1"))
    assert MARK not in answer
    log_is_clean(server)


@pytest.mark.parametrize(
    "path",
    [
        "/calls/{mark}/customer", "/calls/%00/customer", "/calls/c_AAAAAAAA%00/customer",
        "/calls/c_AAAAAAAA%0d%0a/customer",
        "/admin/devices/%00/revoke", "/admin/devices/{mark}%1b/revoke", "/admin/people/%00/disable",
        "/admin/people/{mark}';--/disable", "/admin/audit/entries?after=%00", "/admin/audit/entries?after=1;DROP",
        "/admin/audit/entries?after=99999999999999999999", "/admin/audit/entries?{mark}=1&after=1&after=2",
    ],
)  # fmt: skip
async def test_a_path_is_a_name_and_never_a_query(either_server: RunningServer, path: str) -> None:
    server = either_server
    it = It(server, server.organisation.admin)
    desk = await enrolled(server, it)
    await desk.sign_in(await it.add("lina"))
    caller: Caller = it if path.startswith("/admin") else desk
    method = "POST" if path.endswith(("revoke", "disable")) else "GET"
    answer = await caller.send(method, path.format(mark=MARK))
    assert answer.status_code < 500
    assert MARK not in answer.text
    tables_are_whole(server)
    log_is_clean(server)
