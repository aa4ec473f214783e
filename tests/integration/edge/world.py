"""What the edge's tests share: certificates, ports, settings, and the two ends of a call."""

from __future__ import annotations

import random
import re
import secrets
import socket
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec

from provisioning.edge.credentials import ephemeral_credentials
from provisioning.edge.settings import DigestAlgorithm, EdgeSettings, Listen, MediaSettings, ServerApi, TlsFiles
from provisioning.pki import Authority, Role, generate_key, key_pem
from tests.stage.ports import free_port

from .edge_process import EdgeProcess
from .hearthline_server import HearthlineServer
from .sip_peer import WAIT_SECONDS, Message, Registration, SipPeer, contact_uri

DOMAIN = "calls.example.org"
HOST = "127.0.0.1"
_LIFE = timedelta(hours=1)
_TROUBLE = re.compile(r"\b(WARNING|ERROR|CRITICAL|ALERT|BUG|EMERG|ERR|WARN|CRIT)\b")


@dataclass(frozen=True)
class Files:
    """A certificate and its key on disk."""

    certificate: Path
    key: Path


class Pki:
    """One organisation's certificates, and a stranger's."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        authority, stranger = Authority.create("Test Bank"), Authority.create("Stranger")
        self.ca = directory / "ca.crt"
        self.ca.write_text(authority.pem)
        self.edge = self._keep("edge", lambda key: authority.issue_server(key, (HOST, DOMAIN), _LIFE))
        self.server = self._keep("server", lambda key: authority.issue_server(key, (HOST,), _LIFE))
        self.edge_client = self._client("edge-client", authority, Role.EDGE)
        self.trunk = self._client("trunk", authority, Role.TRUNK)
        self.device = self._client("device", authority, Role.DEVICE)
        self.foreign_trunk = self._client("foreign-trunk", stranger, Role.TRUNK)
        self.late_trunk = self._client("late-trunk", authority, Role.TRUNK, timedelta(minutes=-1))

    def context(self, files: Files | None = None) -> ssl.SSLContext:
        """A client's TLS context that trusts the organisation and checks the edge's name."""
        context = ssl.create_default_context(cafile=self.ca)
        context.check_hostname = False
        if files:
            context.load_cert_chain(files.certificate, files.key)
        return context

    def _client(self, name: str, authority: Authority, role: Role, life: timedelta = _LIFE) -> Files:
        return self._keep(name, lambda key: authority.issue_client(key, role, "test", life))

    def _keep(self, name: str, issue: Callable[[ec.EllipticCurvePublicKey], str]) -> Files:
        key = generate_key()
        files = Files(self._directory / f"{name}.crt", self._directory / f"{name}.key")
        files.certificate.write_text(issue(key.public_key()))
        files.key.write_bytes(key_pem(key))
        return files


def make_settings(
    pki: Pki, directory: Path, server_url: str, *, algorithm: DigestAlgorithm = "SHA-256", failures_per_agent: int = 5
) -> EdgeSettings:
    """An edge on free loopback ports."""
    first = random.SystemRandom().randrange(20000, 32000, 200)
    return EdgeSettings(
        domain=DOMAIN,
        home_listen=Listen(HOST, free_port()),
        trunk_listen=Listen(HOST, free_port()),
        media=MediaSettings(HOST, Listen(HOST, free_port(socket.SOCK_DGRAM)), first, first + 199, threads=1),
        tls=TlsFiles(pki.edge.certificate, pki.edge.key, pki.ca),
        server=ServerApi(server_url, pki.edge_client.certificate, pki.edge_client.key, pki.ca),
        digits_port=free_port(socket.SOCK_DGRAM),
        ephemeral_secret=secrets.token_urlsafe(48),
        run_directory=directory / "run",
        shared_memory_mb=128,
        private_memory_mb=16,
        workers=2,
        query_workers=2,
        max_connections=64,
        digest_algorithm=algorithm,
        failures_per_agent=failures_per_agent,
    )


STRANGERS_HABITS = (
    # Strangers send sound before the desk has answered, and so before there is a key; the relay sends none of it on.
    "SRTC?P output wanted, but no crypto suite was negotiated",
    # baresip 1.0 says goodbye in plain RTCP once its SRTP is gone; others send packets before they have it.
    "Invalid SRTP/SRTCP packet received",
    "Discarded invalid SRTC?P packet",
)
"""What the relay says of strangers' habits."""


class World:
    """An edge with its server, and what a test does to them."""

    def __init__(self, edge: EdgeProcess, server: HearthlineServer, pki: Pki) -> None:
        self.edge = edge
        self.server = server
        self.pki = pki
        self._peers: list[SipPeer] = []
        self._expected: list[str] = []
        self._log_start = edge.log_mark()

    def expect_log(self, pattern: str) -> None:
        """Say that a warning or error like this one is part of the test."""
        self._expected.append(pattern)

    @property
    def log(self) -> str:
        """What the edge has written since this test began."""
        return self.edge.log_since(self._log_start)

    def wait_log(self, pattern: str) -> None:
        """Return as soon as the edge has written a line like this one since the test began."""
        self.edge.wait_for_log(lambda: re.search(pattern, self.log) is not None, WAIT_SECONDS)

    def restart_log(self) -> None:
        """Look at what the edge writes from now on."""
        self._log_start = self.edge.log_mark()

    def home(self) -> SipPeer:
        """A connection to the home side."""
        listen = self.edge.settings.home_listen
        return self._keep(SipPeer(listen.host, listen.port, self.pki.context()))

    def trunk(self, files: Files | None = None) -> SipPeer:
        """A connection to the trunk side, by default with the trunk's certificate."""
        listen = self.edge.settings.trunk_listen
        return self._keep(SipPeer(listen.host, listen.port, self.pki.context(files or self.pki.trunk)))

    def registration(self, agent: str, *, life: timedelta = _LIFE, expires: int = 300) -> Registration:
        """Good credentials for an agent."""
        made = ephemeral_credentials(agent, self.edge.settings.ephemeral_secret, datetime.now(UTC) + life)
        return Registration(agent, made.username, made.password, DOMAIN, expires)

    def desk(self, agent: str) -> SipPeer:
        """A registered desk."""
        peer = self.home()
        reply = self.registration(agent).attempt(peer)
        assert reply.status == 200, reply.raw
        return peer

    def close(self) -> None:
        """End the test's connections, and fail if the edge complained of something that the test does not know of."""
        for peer in self._peers:
            peer.close()
        lines = [line for line in self.log.splitlines() if _TROUBLE.search(line)]
        surprises = [line for line in lines if not any(re.search(pattern, line) for pattern in self._expected)]
        assert not surprises, "the edge logged:\n" + "\n".join(surprises)

    def _keep(self, peer: SipPeer) -> SipPeer:
        self._peers.append(peer)
        return peer


AUDIO_OFFER = (
    "v=0\r\no=trunk 1 1 IN IP4 127.0.0.1\r\ns=call\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n"
    "m=audio 40002 RTP/AVP 96 9 8 0 101\r\n"
    "a=rtpmap:96 opus/48000/2\r\na=rtpmap:9 G722/8000\r\na=rtpmap:8 PCMA/8000\r\na=rtpmap:0 PCMU/8000\r\n"
    "a=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-15\r\na=sendrecv\r\n"
)
TEXT_OFFER = "m=text 40006 RTP/AVP 98 99\r\na=rtpmap:98 t140/1000\r\na=rtpmap:99 red/1000\r\na=fmtp:99 98/98/98\r\n"
_KEY = "inline:WVNfX19zZW1jdGwgKCkgewkyMjA7fQp9CnVubGVz"
SRTP_ANSWER = (
    "v=0\r\no=desk 1 1 IN IP4 127.0.0.1\r\ns=desk\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n"
    "m=audio 40012 RTP/SAVP 8 101\r\n"
    f"a=crypto:1 AES_CM_128_HMAC_SHA1_80 {_KEY}\r\n"
    "a=rtpmap:8 PCMA/8000\r\na=rtpmap:101 telephone-event/8000\r\na=sendrecv\r\n"
)


@dataclass
class Call:
    """A call from the trunk, seen from both ends."""

    trunk: SipPeer
    desk: SipPeer
    agent: str
    caller: str
    call_id: str
    from_: str
    to: str
    invite: Message
    branch: str
    cseq: int = 1
    answer: Message | None = None
    acknowledged: Message | None = None

    @property
    def ref(self) -> str:
        """The server's reference, as the desk sees it."""
        return self.invite["X-Hearthline-Call"]

    def pick_up(self, body: str = SRTP_ANSWER) -> None:
        """Answer at the desk, and let the ACK arrive."""
        contact = f"Contact: <sip:{self.agent}@192.0.2.7:9;transport=tls>"
        self.desk.reply(self.invite, 180, "Ringing", tag="desk", headers=(contact,))
        self.desk.reply(self.invite, 200, "OK", tag="desk", headers=(contact,), body=body)
        self.answer = self.trunk.wait_reply("INVITE")
        assert self.answer.status == 200, self.answer.raw
        self.to = self.answer["To"]
        self.from_trunk("ACK", cseq=self.cseq)
        self.acknowledged = self.desk.wait_request("ACK")

    def from_trunk(self, method: str, *, cseq: int | None = None, headers: tuple[str, ...] = (), body: str = "") -> str:
        """Send a request inside the call from the customer's side."""
        assert self.answer
        if cseq is None:
            self.cseq += 1
        routes = tuple(f"Route: {route}" for route in reversed(self.answer.all("Record-Route")))
        return self.trunk.request(
            method, contact_uri(self.answer), from_=self.from_, to=self.to, call_id=self.call_id,
            cseq=cseq or self.cseq, headers=(*routes, *headers), body=body,
        )  # fmt: skip

    def from_desk(self, method: str, *, cseq: int = 1, headers: tuple[str, ...] = (), body: str = "") -> str:
        """Send a request inside the call from the agent's side."""
        routes = tuple(f"Route: {route}" for route in self.invite.all("Record-Route"))
        return self.desk.request(
            method, contact_uri(self.invite), from_=f"{self.invite['To']};tag=desk", to=self.invite["From"],
            call_id=self.invite["Call-ID"], cseq=cseq, headers=(*routes, *headers), body=body,
        )  # fmt: skip


def place(
    world: World,
    desk: SipPeer,
    agent: str,
    *,
    caller: str = "13812345678",
    headers: tuple[str, ...] = (),
    body: str = AUDIO_OFFER,
    from_: str = "",
    call_id: str = "",
    trunk: SipPeer | None = None,
) -> Call:
    """Call an agent from the trunk; returns when the desk has the INVITE."""
    peer = trunk or world.trunk()
    call_id = call_id or secrets.token_hex(8)
    from_ = from_ or f'"Customer" <sip:{caller}@pbx.example.net>;tag={secrets.token_hex(4)}'
    to = f"<sip:{agent}@{DOMAIN}>"
    contact = f"Contact: <sip:{caller}@{peer.address};transport=tls>"
    branch = peer.request(
        "INVITE", f"sip:{agent}@{DOMAIN}", from_=from_, to=to, call_id=call_id, headers=(contact, *headers), body=body
    )
    invite = desk.wait_request("INVITE")
    return Call(peer, desk, agent, caller, call_id, from_, to, invite, branch)
