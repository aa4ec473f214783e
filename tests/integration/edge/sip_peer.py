"""A small SIP user agent over TLS that says exactly what a test wants, and keeps every byte that it is told."""

from __future__ import annotations

import asyncio
import functools
import hashlib
import re
import secrets
import ssl
import threading
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from typing import TypeVar

WAIT_SECONDS = 15.0

T = TypeVar("T")

_COMPACT = {
    "v": "via", "f": "from", "t": "to", "i": "call-id", "m": "contact", "c": "content-type", "l": "content-length",
    "k": "supported", "s": "subject", "x": "session-expires",
}  # fmt: skip


@dataclass(frozen=True)
class Message:
    """A SIP message as it came over the wire."""

    raw: str
    first: str
    headers: tuple[tuple[str, str], ...]
    body: str

    @classmethod
    def parse(cls, raw: str) -> Message:
        head, _, body = raw.partition("\r\n\r\n")
        first, *lines = head.split("\r\n")
        pairs = (line.partition(":") for line in lines)
        headers = tuple((_COMPACT.get(name.lower(), name.lower().strip()), value.strip()) for name, _, value in pairs)
        return cls(raw, first, headers, body)

    def all(self, name: str) -> list[str]:
        return [value for key, value in self.headers if key == name.lower()]

    def __getitem__(self, name: str) -> str:
        values = self.all(name)
        assert values, f"no {name} in:\n{self.raw}"
        return values[0]

    @property
    def is_request(self) -> bool:
        return not self.first.startswith("SIP/2.0")

    @property
    def method(self) -> str:
        return self.first.split()[0] if self.is_request else self["CSeq"].split()[1]

    @property
    def status(self) -> int:
        return 0 if self.is_request else int(self.first.split()[1])

    @property
    def uri(self) -> str:
        return self.first.split()[1]

    def tag(self, name: str) -> str:
        found = re.search(r";tag=([^;\s]+)", self[name])
        return found[1] if found else ""


def contact_uri(message: Message) -> str:
    """The URI to which later requests of the dialog go."""
    found = re.search(r"<([^>]+)>", message["Contact"])
    assert found
    return found[1]


class _Network:
    """One event loop in a thread of its own for all connections: an SSL object is not for two threads at once."""

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        threading.Thread(target=self.loop.run_forever, name="sip-peers", daemon=True).start()

    def run(self, work: Coroutine[object, object, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(WAIT_SECONDS)


_network = functools.cache(_Network)


class SipPeer(asyncio.Protocol):
    """One TLS connection to the edge."""

    def __init__(self, host: str, port: int, context: ssl.SSLContext) -> None:
        """Connect.

        Raises OSError (of which ssl.SSLError is one) when the edge refuses.
        """
        self._prepare()
        loop = _network().loop
        _network().run(loop.create_connection(lambda: self, host, port, ssl=context, server_hostname=host))

    @classmethod
    def called(cls, connected: Callable[[SipPeer], None]) -> SipPeer:
        """A peer to which the edge connects, and then it calls `connected`; see SipListener."""
        peer = cls.__new__(cls)
        peer._prepare(connected)
        return peer

    def _prepare(self, connected: Callable[[SipPeer], None] = lambda _: None) -> None:
        self._connected = connected
        self.messages: list[Message] = []
        self.wire = b""
        self.closed = False
        self._unread = b""
        self._taken: set[int] = set()
        self._changed = threading.Condition()
        self._transport: asyncio.Transport
        self.address = self.tls_version = ""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # Asked now, for a connection that the edge refuses is soon gone, and knows no address then.
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        local = transport.get_extra_info("sockname")
        self.address = f"{local[0]}:{local[1]}"
        self.tls_version = str(transport.get_extra_info("ssl_object").version())
        self._connected(self)

    def data_received(self, data: bytes) -> None:
        with self._changed:
            self.wire += data
            self._unread = self._take(self._unread + data)
            self._changed.notify_all()

    def connection_lost(self, exc: Exception | None) -> None:
        with self._changed:
            self.closed = True
            self._changed.notify_all()

    def send(self, text: str) -> None:
        _network().loop.call_soon_threadsafe(self._transport.write, text.encode())

    def request(
        self,
        method: str,
        uri: str,
        *,
        from_: str,
        to: str,
        call_id: str,
        cseq: int = 1,
        headers: tuple[str, ...] = (),
        body: str = "",
        branch: str = "",
    ) -> str:
        """Send a request and return its branch."""
        branch = branch or "z9hG4bK" + secrets.token_hex(8)
        lines = [
            f"{method} {uri} SIP/2.0",
            f"Via: SIP/2.0/TLS {self.address};branch={branch};rport",
            f"From: {from_}",
            f"To: {to}",
            f"Call-ID: {call_id}",
            f"CSeq: {cseq} {method}",
            "Max-Forwards: 70",
            *headers,
            *(
                ["Content-Type: application/sdp"]
                if body and not any("content-type" in h.lower() for h in headers)
                else []
            ),
            f"Content-Length: {len(body.encode())}",
        ]
        self.send("\r\n".join(lines) + "\r\n\r\n" + body)
        return branch

    def reply(
        self,
        request: Message,
        code: int,
        reason: str = "OK",
        *,
        tag: str = "",
        headers: tuple[str, ...] = (),
        body: str = "",
    ) -> None:
        """Answer a request, with the headers that an answer repeats (RFC 3261, 8.2.6)."""
        to = request["To"]
        if tag and ";tag=" not in to:
            to += f";tag={tag}"
        lines = [f"SIP/2.0 {code} {reason}"]
        lines += [f"Via: {via}" for via in request.all("Via")]
        lines += [f"Record-Route: {route}" for route in request.all("Record-Route")]
        lines += [f"From: {request['From']}", f"To: {to}", f"Call-ID: {request['Call-ID']}", f"CSeq: {request['CSeq']}"]
        lines += [
            *headers,
            *(["Content-Type: application/sdp"] if body else []),
            f"Content-Length: {len(body.encode())}",
        ]
        self.send("\r\n".join(lines) + "\r\n\r\n" + body)

    def wait(self, wanted: Callable[[Message], bool], what: str = "") -> Message:
        """Return the first message not yet taken that is wanted, as soon as it has come."""

        def find() -> int | None:
            return next((i for i, m in enumerate(self.messages) if i not in self._taken and wanted(m)), None)

        with self._changed:
            self._changed.wait_for(lambda: find() is not None or self.closed, WAIT_SECONDS)
            index = find()
            seen = [message.first for message in self.messages]
            assert index is not None, f"{what or 'the message'} did not come; what came: {seen}; closed: {self.closed}"
            self._taken.add(index)
            return self.messages[index]

    def put_back(self, message: Message) -> None:
        """Let a later wait find this message again."""
        with self._changed:
            self._taken.discard(next(i for i, m in enumerate(self.messages) if m is message))

    def wait_request(self, method: str) -> Message:
        return self.wait(lambda m: m.is_request and m.method == method, method)

    def wait_reply(self, method: str, at_least: int = 200) -> Message:
        return self.wait(
            lambda m: not m.is_request and m.method == method and m.status >= at_least, f"reply to {method}"
        )

    def wait_closed(self) -> None:
        with self._changed:
            assert self._changed.wait_for(lambda: self.closed, WAIT_SECONDS), "the edge did not close the connection"

    def close(self) -> None:
        _network().loop.call_soon_threadsafe(self._transport.close)
        self.wait_closed()

    def _take(self, data: bytes) -> bytes:
        while (end := data.find(b"\r\n\r\n")) >= 0:
            if end == 0:
                # A keep-alive's answer (RFC 5626, 3.5.1) is no message.
                data = data[4:]
                continue
            length = re.search(rb"\r\n(?:content-length|l) *: *(\d+)", data[:end], re.IGNORECASE)
            total = end + 4 + (int(length[1]) if length else 0)
            if len(data) < total:
                break
            self.messages.append(Message.parse(data[:total].decode()))
            data = data[total:]
        return data


class SipListener:
    """A trunk that waits for the edge to connect."""

    def __init__(self, host: str, port: int, context: ssl.SSLContext) -> None:
        """Listen; `context` is a server's."""
        self.peers: list[SipPeer] = []
        self._changed = threading.Condition()
        loop = _network().loop
        self._server = _network().run(loop.create_server(lambda: SipPeer.called(self._add), host, port, ssl=context))

    def wait(self) -> SipPeer:
        """The first connection that the edge has made, as soon as it has."""
        with self._changed:
            assert self._changed.wait_for(lambda: self.peers, WAIT_SECONDS), "the edge did not connect"
            return self.peers[0]

    def close(self) -> None:
        """End everything."""
        _network().loop.call_soon_threadsafe(self._server.close)
        for peer in self.peers:
            if not peer.closed:
                peer.close()

    def _add(self, peer: SipPeer) -> None:
        with self._changed:
            self.peers.append(peer)
            self._changed.notify_all()


@dataclass
class Registration:
    """How a test registers: as whom, with which credentials, and under which address of record."""

    agent: str
    username: str
    password: str = field(repr=False)
    domain: str = "calls.example.org"
    expires: int = 300
    call_id: str = field(default_factory=lambda: secrets.token_hex(8))
    cseq: int = 0

    def attempt(self, peer: SipPeer) -> Message:
        """Register, answering one challenge, and return the final reply."""
        first = self._send(peer, ())
        if first.status != 401:
            return first
        return self._send(peer, (f"Authorization: {self.authorization(first['WWW-Authenticate'])}",))

    def authorization(self, challenge: str, method: str = "REGISTER", uri: str = "") -> str:
        """The digest answer to a challenge (RFC 7616, qop auth), by default to that of a REGISTER."""
        parts = dict(re.findall(r'(\w+)="?([^",]+)"?', challenge))
        name = parts.get("algorithm", "MD5")
        digest = {"MD5": hashlib.md5, "SHA-256": hashlib.sha256}[name]

        def hashed(text: str) -> str:
            return digest(text.encode()).hexdigest()

        uri = uri or f"sip:{self.domain}"
        client_nonce = secrets.token_hex(8)
        one = hashed(f"{self.username}:{parts['realm']}:{self.password}")
        two = hashed(f"{method}:{uri}")
        response = hashed(f"{one}:{parts['nonce']}:00000001:{client_nonce}:auth:{two}")
        return (
            f'Digest username="{self.username}", realm="{parts["realm"]}", nonce="{parts["nonce"]}", uri="{uri}", '
            f'response="{response}", algorithm={name}, qop=auth, nc=00000001, cnonce="{client_nonce}"'
        )

    def _send(self, peer: SipPeer, headers: tuple[str, ...]) -> Message:
        self.cseq += 1
        address = f"<sip:{self.agent}@{self.domain}>"
        number = self.cseq
        peer.request(
            "REGISTER",
            f"sip:{self.domain}",
            from_=f"{address};tag={secrets.token_hex(4)}",
            to=address,
            call_id=self.call_id,
            cseq=number,
            headers=(f"Contact: <sip:{self.agent}@192.0.2.7:9;transport=tls>", f"Expires: {self.expires}", *headers),
        )
        return peer.wait(lambda m: m.method == "REGISTER" and m.status >= 200 and m["CSeq"].startswith(f"{number} "))
