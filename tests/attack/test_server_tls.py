"""The server against clients that show the wrong certificate, or none."""

import socket
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import httpx2
import pytest
from cryptography.x509.oid import ExtendedKeyUsageOID

from provisioning.api import ProblemType
from provisioning.organisation import Identity
from provisioning.pinned_tls import load_identity, pinned_context
from provisioning.pki import Authority, Role, generate_key, key_pem, make_csr
from tests.attack.conftest import enrolled
from tests.integration.server.people import Caller, Desk, It, TheEdge
from tests.integration.server.running import RunningServer

OFFER = {"call_id": "1", "agent": "lina", "caller": "13800000000"}


@pytest.fixture
async def signed_in(it: It, desk: Desk) -> Desk:
    await desk.sign_in(await it.add("lina"))
    return desk


def issued(authority: Authority, role: Role, identity: str, life: timedelta = timedelta(days=1)) -> Identity:
    key = generate_key()
    return Identity(authority.issue_client(key.public_key(), role, identity, life), key_pem(key))


@dataclass
class Certificates:
    """Every certificate that a thief or a liar could show in the place of `lina`'s device's."""

    server: RunningServer
    device_id: str

    def forged(self) -> Identity:
        """Of an authority that has our authority's name, and not its key."""
        return issued(Authority.create("Harbour Bank"), Role.DEVICE, self.device_id)

    def expired(self) -> Identity:
        return issued(self.server.organisation.authority, Role.DEVICE, self.device_id, timedelta(minutes=-1))

    def unrecorded(self) -> Identity:
        """Truly ours, for a device that there is, but never given to it."""
        return issued(self.server.organisation.authority, Role.DEVICE, self.device_id)

    def nameless(self) -> Identity:
        """Truly ours, with a name that says no role."""
        key, authority = generate_key(), self.server.organisation.authority
        made = authority._issue(key.public_key(), "device", timedelta(days=1), ExtendedKeyUsageOID.CLIENT_AUTH, ())
        return Identity(made, key_pem(key))

    def trunk(self) -> Identity:
        return self.server.organisation.trunk

    def edges_server(self) -> Identity:
        """What the edge shows to desks: for servers, not for clients."""
        return self.server.organisation.edge

    def own(self) -> Identity:
        """The server's own."""
        return self.server.organisation.server


REFUSED: dict[str, tuple[Callable[[Certificates], Identity], int, ProblemType]] = {
    "expired": (Certificates.expired, 401, ProblemType.CERTIFICATE_EXPIRED),
    "not-recorded": (Certificates.unrecorded, 401, ProblemType.CERTIFICATE_REQUIRED),
    "without-a-role": (Certificates.nameless, 401, ProblemType.CERTIFICATE_REQUIRED),
    "the-trunk's": (Certificates.trunk, 403, ProblemType.FORBIDDEN),
}
SHUT_OUT: dict[str, Callable[[Certificates], Identity]] = {
    "of-another-authority": Certificates.forged,
    "the-edge's-for-servers": Certificates.edges_server,
    "the-server's-own": Certificates.own,
}


@pytest.mark.parametrize("kind", REFUSED)
async def test_a_certificate_that_is_not_this_devices_opens_nothing(
    server: RunningServer, signed_in: Desk, kind: str
) -> None:
    """With the token, too: it is worth nothing without its certificate."""
    make, status, problem = REFUSED[kind]
    thief = Caller(server, make(Certificates(server, signed_in.device_id)), signed_in.token)
    for method, path in (("GET", "/calls"), ("GET", "/manifest"), ("POST", "/sip/credentials")):
        assert await thief.refused(method, path) == (status, problem)
    assert (await signed_in.send("GET", "/calls")).status_code == 200


@pytest.mark.parametrize("kind", SHUT_OUT)
async def test_a_certificate_of_another_kind_does_not_get_through_tls(
    server: RunningServer, signed_in: Desk, kind: str
) -> None:
    thief = Caller(server, SHUT_OUT[kind](Certificates(server, signed_in.device_id)), signed_in.token)
    with pytest.raises(httpx2.TransportError):
        await thief.send("GET", "/healthz")
    # Nothing that it sent became a request.
    assert '"route": "/healthz"' not in server.log_text


async def test_without_a_certificate_a_token_opens_nothing(server: RunningServer, signed_in: Desk) -> None:
    for method, path in (("GET", "/calls"), ("GET", "/manifest"), ("POST", "/edge/calls"), ("GET", "/admin/people")):
        refused = await Caller(server, None, signed_in.token).refused(method, path)
        assert refused == (401, ProblemType.CERTIFICATE_REQUIRED)


async def test_a_revoked_device_is_out_with_every_certificate_it_had(it: It, server: RunningServer) -> None:
    device = await enrolled(server, it)
    await device.sign_in(await it.add("lina"))
    renewed = await device.send("POST", "/devices/renew", {"csr_pem": make_csr(device.key, "desk").decode()})
    assert renewed.status_code == 200, renewed.text
    old, new = device.identity, Identity(renewed.json()["certificate_pem"], key_pem(device.key))
    assert (await it.send("POST", f"/admin/devices/{device.device_id}/revoke")).status_code == 204
    for identity in (old, new):
        device.identity = identity
        assert await device.refused("GET", "/manifest") == (403, ProblemType.DEVICE_REVOKED)
        assert await device.refused("GET", "/calls") == (403, ProblemType.DEVICE_REVOKED)


async def test_a_connection_that_is_open_is_revoked_with_its_device(server: RunningServer, it: It, desk: Desk) -> None:
    """TLS resumption and kept connections carry the certificate on; the decision is made anew for each request."""
    assert desk.identity is not None
    organisation = server.organisation
    context = pinned_context(organisation.ca_pem, organisation.server_pins, desk.identity.pair)
    async with httpx2.AsyncClient(verify=context, base_url=server.url, timeout=60, trust_env=False) as kept:
        assert (await kept.get("/manifest")).status_code == 200
        await it.send("POST", f"/admin/devices/{desk.device_id}/revoke")
        assert (await kept.get("/manifest")).status_code == 403


async def test_another_devices_certificate_is_another_device(server: RunningServer, it: It, signed_in: Desk) -> None:
    other = await enrolled(server, it)
    other.token = signed_in.token
    assert await other.refused("GET", "/calls") == (401, ProblemType.TOKEN_NOT_BOUND)


async def test_each_kind_of_certificate_opens_its_own_routes_alone(
    server: RunningServer, it: It, edge: TheEdge, signed_in: Desk
) -> None:
    """Every kind but the right one; which routes there are is asked of the server, in test_routes.py."""
    ref = await edge.call("lina", "13800000000")
    for stranger, method, path in (
        (edge, "GET", f"/calls/{ref}/customer"),
        (edge, "GET", "/manifest"),
        (edge, "POST", "/sip/credentials"),
        (it, "GET", f"/calls/{ref}/customer"),
        (it, "POST", "/devices/renew"),
        (signed_in, "POST", "/edge/calls"),
        (signed_in, "POST", f"/edge/calls/{ref}/ended"),
        (signed_in, "GET", "/admin/people"),
        (edge, "GET", "/admin/people"),
        (it, "POST", "/edge/calls"),
    ):
        stranger.token = signed_in.token
        assert await stranger.refused(method, path, OFFER if method == "POST" else None) == (
            403,
            ProblemType.FORBIDDEN,
        ), (method, path)


async def test_a_stolen_edge_certificate_still_needs_the_call(edge: TheEdge, it: It) -> None:
    """The edge learns numbers that it is asked to dial, and no customer: there is no route that tells it one."""
    await it.add("lina")
    ref = await edge.call("lina", "13800000000")
    answer = await edge.send("POST", f"/edge/calls/{ref}/ended", {"reason": "bye-customer", "code": 200})
    assert (answer.status_code, answer.content) == (204, b"")


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_1, ssl.TLSVersion.TLSv1_2])
@pytest.mark.filterwarnings("ignore:ssl.TLSVersion:DeprecationWarning")
def test_an_older_tls_gets_no_answer(server: RunningServer, version: ssl.TLSVersion) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.set_ciphers("ALL:@SECLEVEL=0")
    context.load_verify_locations(cadata=server.organisation.ca_pem)
    context.minimum_version, context.maximum_version = version, version
    load_identity(context, *server.organisation.admin.pair)
    with socket.create_connection(("localhost", server.port)) as plain, pytest.raises(ssl.SSLError):
        context.wrap_socket(plain, server_hostname="localhost")
    # It is the version alone that the server minds.
    context.maximum_version = ssl.TLSVersion.TLSv1_3
    with (
        socket.create_connection(("localhost", server.port)) as plain,
        context.wrap_socket(plain, server_hostname="localhost") as secure,
    ):
        assert secure.version() == "TLSv1.3"


def test_without_tls_there_is_no_answer_but_an_alert(server: RunningServer) -> None:
    with socket.create_connection(("localhost", server.port)) as plain:
        plain.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
        answer = b""
        while data := plain.recv(1000):
            answer += data
    # A TLS alert (RFC 8446, section 6), or nothing.
    assert answer[:1] in (b"", b"\x15")
    assert b"HTTP" not in answer
