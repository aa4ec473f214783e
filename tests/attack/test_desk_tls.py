"""The desk against servers that are not its own: it turns away in the handshake, and says not one byte to them.

The same for SIP is in tests/integration/engine/test_registration.py.
"""

import contextlib
import socket
import ssl
from collections.abc import Callable, Coroutine
from datetime import timedelta
from pathlib import Path

import httpx2
import pytest

from client.security.enrol import Invitation, enrol
from client.security.identity import Device, DeviceProfile
from client.security.link import Link
from client.security.push import LinkDown, Push
from client.security.trouble import Refused, problem_code
from provisioning import api
from provisioning.enrolment import EnrolmentCode
from provisioning.pinned_tls import pinned_context
from provisioning.pki import Authority, Role
from tests.attack.hostile import hostile_server, tls_context
from tests.unit.provisioning.tls_server import ServerIdentity, server_identity
from tests.unit.security.fakes import MemoryKeys, Organisation

HOST = "127.0.0.1"
PASSWORD = "correct horse battery staple"
TOKEN = "a-token-that-nobody-else-may-hear"
SIGN_IN = api.SignInRequest(
    name="lina",
    password=PASSWORD,
    totp="123456",
    posture="signed.by.device",
)
Ask = Callable[[Device], Coroutine[None, None, str]]


async def by_https(device: Device) -> str:
    """Sign in; returns the code of the problem that was met."""
    async with Link(device) as link:
        try:
            await link.sign_in(SIGN_IN)
        except (httpx2.TransportError, Refused) as error:
            return problem_code(error)
    raise AssertionError("the desk signed in with a hostile server")


async def by_websocket(device: Device) -> str:
    """Open the socket with a token; returns the code of the problem that was met."""
    async with Link(device) as link:
        link._token = TOKEN
        push = Push(link)
        push.send(
            api.CallProgress.model_validate({"ref": "c_12345678", "state": "ended", "at": "2026-11-30T12:00:00Z"})
        )
        async with contextlib.aclosing(push.messages()) as messages:
            async for message in messages:
                assert isinstance(message, LinkDown), "the desk opened its socket to a hostile server"
                return message.code
    raise AssertionError("the desk gave up without a word")


@pytest.fixture(params=[by_https, by_websocket], ids=["https", "websocket"])
def ask(request: pytest.FixtureRequest) -> Ask:
    chosen: Ask = request.param
    return chosen


@pytest.fixture(scope="module")
def bank() -> Organisation:
    return Organisation()


def with_the_pinned_key(bank: Organisation, authority: Authority, host: str = HOST, days: int = 1) -> ServerIdentity:
    """A certificate for the very key that is pinned, so that the pin alone would let it through."""
    key = bank.server_key
    return ServerIdentity(authority.issue_server(key.public_key(), (host,), timedelta(days=days)), key)


def self_signed(bank: Organisation) -> ServerIdentity:
    """The pinned key's certificate, signed by that key itself."""
    own = Authority(bank.authority.certificate, bank.server_key)
    return with_the_pinned_key(bank, own)


def for_clients(bank: Organisation) -> ServerIdentity:
    """A device's certificate, shown by a server: the right authority for the wrong purpose."""
    key = bank.server_key
    return ServerIdentity(
        bank.authority.issue_client(key.public_key(), Role.DEVICE, "d1", timedelta(days=1)), bank.server_key
    )


HOSTILE: dict[str, tuple[str, Callable[[Organisation], ServerIdentity], ssl.TLSVersion]] = {
    "expired": (
        "server-certificate-expired",
        lambda bank: with_the_pinned_key(bank, bank.authority, days=-1),
        ssl.TLSVersion.TLSv1_3,
    ),
    "wrong-host": (
        "server-certificate-host",
        lambda bank: with_the_pinned_key(bank, bank.authority, host="elsewhere.example"),
        ssl.TLSVersion.TLSv1_3,
    ),
    "self-signed": ("server-certificate-untrusted", self_signed, ssl.TLSVersion.TLSv1_3),
    "other-authority-of-the-same-name": (
        "server-certificate-untrusted",
        lambda bank: with_the_pinned_key(bank, Authority.create("Test Bank")),
        ssl.TLSVersion.TLSv1_3,
    ),
    "for-clients": ("server-certificate-untrusted", for_clients, ssl.TLSVersion.TLSv1_3),
    "right-authority-wrong-pin": (
        "server-pin-mismatch",
        lambda bank: server_identity(bank.authority, host=HOST),
        ssl.TLSVersion.TLSv1_3,
    ),
    "downgrade-to-1.2": (
        "server-unreachable",
        lambda bank: with_the_pinned_key(bank, bank.authority),
        ssl.TLSVersion.TLSv1_2,
    ),
}


@pytest.mark.parametrize("kind", HOSTILE)
async def test_no_byte_is_said_to_a_server_that_is_not_ours(
    bank: Organisation, tmp_path: Path, ask: Ask, kind: str
) -> None:
    code, identity, newest = HOSTILE[kind]
    with hostile_server(tls_context(identity(bank), newest)) as hostile:
        device = bank.enrol(tmp_path / "profile", MemoryKeys(), port=hostile.port)
        assert await ask(device) == code
    assert hostile.visits == 1
    assert hostile.heard == b""


async def test_the_same_server_with_its_own_certificate_is_spoken_to(bank: Organisation, tmp_path: Path) -> None:
    """What makes the tests above mean something: nothing but the certificate kept the desk silent."""
    with hostile_server(
        tls_context(with_the_pinned_key(bank, bank.authority)), answer=b"HTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\n"
    ) as ours:
        device = bank.enrol(tmp_path / "profile", MemoryKeys(), port=ours.port)
        assert await by_https(device) == "unavailable"
    assert PASSWORD.encode() in ours.heard


@pytest.mark.parametrize(
    "answer", [b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}", b"\x15\x03\x03\x00\x02\x01\x00", b""]
)
async def test_a_server_without_tls_hears_a_client_hello_and_no_more(
    bank: Organisation, tmp_path: Path, ask: Ask, answer: bytes
) -> None:
    with hostile_server(None, answer=answer) as hostile:
        device = bank.enrol(tmp_path / "profile", MemoryKeys(), port=hostile.port)
        assert await ask(device) == "server-unreachable"
    # A handshake record (RFC 8446, section 5.1), and nothing of ours inside it.
    assert hostile.heard[:1] == b"\x16"
    for secret in (PASSWORD, TOKEN, "lina", "d1"):
        assert secret.encode() not in hostile.heard


@pytest.mark.parametrize("status", ["301 Moved", "302 Found", "307 Temporary Redirect", "308 Permanent Redirect"])
async def test_a_redirect_is_not_followed(bank: Organisation, tmp_path: Path, ask: Ask, status: str) -> None:
    """Even our own server cannot send the desk elsewhere; and elsewhere is a server of ours, with the pinned key."""
    identity = with_the_pinned_key(bank, bank.authority)
    with hostile_server(tls_context(identity)) as elsewhere:
        answer = f"HTTP/1.1 {status}\r\nLocation: https://{HOST}:{elsewhere.port}/session\r\nContent-Length: 0\r\n\r\n"
        with hostile_server(tls_context(identity), answer=answer.encode()) as ours:
            device = bank.enrol(tmp_path / "profile", MemoryKeys(), port=ours.port)
            assert await ask(device) in {"internal", "unavailable", "server-unreachable"}
    assert ours.visits >= 1
    assert elsewhere.visits == 0


async def test_no_proxy_of_this_pc_is_used(
    bank: Organisation, tmp_path: Path, ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    with hostile_server(None, answer=b"HTTP/1.1 200 OK\r\n\r\n") as proxy:
        for name in ("http_proxy", "https_proxy", "all_proxy", "HTTPS_PROXY", "ALL_PROXY"):
            monkeypatch.setenv(name, f"http://{HOST}:{proxy.port}")
        with hostile_server(tls_context(server_identity(bank.authority, host=HOST))) as hostile:
            device = bank.enrol(tmp_path / "profile", MemoryKeys(), port=hostile.port)
            assert await ask(device) == "server-pin-mismatch"
    assert (hostile.visits, proxy.visits) == (1, 0)


def test_a_request_to_renegotiate_ends_the_connection(bank: Organisation) -> None:
    """TLS 1.3 has no renegotiation; whoever asks for one breaks what there was, and nothing is said afterwards."""
    identity = with_the_pinned_key(bank, bank.authority)
    pins = bank.manifest().server.pins
    with (
        hostile_server(tls_context(identity), renegotiate=True) as hostile,
        socket.create_connection((HOST, hostile.port)) as plain,
        pinned_context(bank.authority.pem, pins).wrap_socket(plain, server_hostname=HOST) as secure,
    ):
        assert secure.version() == "TLSv1.3"
        with pytest.raises(ssl.SSLError):
            secure.recv(1)
        with pytest.raises((ssl.SSLError, ConnectionError)):
            secure.sendall(PASSWORD.encode())
    assert hostile.heard == b""


@pytest.mark.parametrize("answer", ["knows nothing", "repeats what it hears"])
async def test_a_false_server_learns_nothing_from_an_enrolment(tmp_path: Path, answer: str) -> None:
    """At enrolment nobody is known yet, so a false server is spoken to. It hears an id and a nonce, never the code."""
    stranger = Organisation()
    code = EnrolmentCode.generate()
    proof = "A" * 43
    body = f'{{"server_nonce": "{proof}", "proof": "{proof}"}}'.encode()
    if answer == "repeats what it hears":
        body = b'{"server_nonce": "%s", "proof": "%s"}' % (b"B" * 43, b"B" * 43)
    head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n".encode()
    with hostile_server(tls_context(with_the_pinned_key(stranger, stranger.authority)), answer=head + body) as hostile:
        profile = DeviceProfile(tmp_path / "profile", MemoryKeys())
        with pytest.raises(Refused) as refused:
            await enrol(Invitation(HOST, hostile.port, code), profile)
    assert refused.value.problem.problem_type is api.ProblemType.ENROLMENT_PROOF_WRONG
    heard = bytes(hostile.heard)
    assert heard.count(b"POST ") == 1
    assert b"/enrolment/hello" in heard
    assert code.id.encode() in heard
    for secret in (str(code), str(code).replace("-", "").removeprefix(code.id), code.key().hex()):
        assert secret.encode() not in heard
