"""A small edge for the tests: registrar and proxy over TLS in one process, and no more of SIP than the engine meets.

It registers one desk and any number of customers with digest authentication, passes calls on to whoever they are for,
and can send requests of its own that no well-meant telephone would send. It records every byte that it received.
"""

import asyncio
import hashlib
import itertools
import re
import ssl
from collections.abc import Callable
from dataclasses import dataclass, field

REALM = "example.invalid"
DESK = "agent"
"""The user part of the desk's address."""


@dataclass
class SipMessage:
    """A SIP message (RFC 3261, section 7): its first line, its headers in order, its body."""

    first: str
    headers: list[tuple[str, str]]
    body: str = ""

    @property
    def is_request(self) -> bool:
        return not self.first.startswith("SIP/2.0 ")

    @property
    def method(self) -> str:
        """The request's method; for a response, the method of its CSeq."""
        return self.first.split()[0] if self.is_request else self.get("CSeq").split()[1]

    @property
    def status(self) -> int:
        return int(self.first.split()[1])

    def get(self, name: str) -> str:
        """The first header of this name, or an empty string."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), "")

    def drop(self, name: str) -> None:
        """Remove the first header of this name."""
        position = next(i for i, (key, _) in enumerate(self.headers) if key.lower() == name.lower())
        del self.headers[position]

    def encode(self) -> bytes:
        head = [(key, value) for key, value in self.headers if key.lower() != "content-length"]
        head.append(("Content-Length", str(len(self.body.encode()))))
        lines = [self.first, *(f"{key}: {value}" for key, value in head), "", self.body]
        return "\r\n".join(lines).encode()


def parse(head: str) -> SipMessage:
    """Read a message's head, without compact forms and folded lines: neither PJSIP nor baresip sends them to us."""
    first, *lines = head.split("\r\n")
    pairs = (line.partition(":") for line in lines)
    return SipMessage(first, [(key.strip(), value.strip()) for key, _, value in pairs])


@dataclass(eq=False)
class Connection:
    """One TLS connection, and the requests of ours that wait for an answer on it."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    answers: dict[str, "asyncio.Queue[SipMessage]"] = field(default_factory=dict)

    def send(self, message: SipMessage) -> None:
        self.writer.write(message.encode())


class SmallEdge:
    """The edge. `refusal` is the status that REGISTER is answered with, 0 to accept."""

    def __init__(self, context: ssl.SSLContext, username: str, password: str) -> None:
        self.refusal = 0
        self.silent = False
        self.reference = ""
        """What `X-Hearthline-Call` says in calls that are passed on; empty for no such header."""
        self.received = b""
        self.registrations: asyncio.Queue[int] = asyncio.Queue()
        """The `expires` of each accepted REGISTER."""
        self.own_user = ""
        """Calls to this user part are put into `requests`, for the test to answer."""
        self.customers: dict[str, tuple[Connection, str]] = {}
        """Customers that can be called, by the user part of their address: connection and contact."""
        self.desk_is_there = asyncio.Event()
        self.requests: asyncio.Queue[SipMessage] = asyncio.Queue()
        """Requests of the desk that belong to our own calls."""
        self.desk: Connection | None = None
        self.desk_before: Connection | None = None
        self.contact = ""
        self.port = 0
        self._context = context
        self._secrets = (username, password)
        self._connections: set[Connection] = set()
        self._calls: dict[str, tuple[Connection, Connection]] = {}
        self._targets: dict[str, str] = {}
        self._serials = itertools.count(1)
        self._server: asyncio.Server | None = None

    async def start(self, port: int = 0) -> None:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", port, ssl=self._context)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        if self._server is not None:
            self._server.close()
        self.cut()

    def cut(self) -> None:
        """Close every connection without a word."""
        for connection in list(self._connections):
            connection.writer.transport.abort()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connection = Connection(reader, writer)
        self._connections.add(connection)
        try:
            while True:
                head = b""
                while not head.endswith(b"\r\n\r\n"):
                    line = await reader.readuntil(b"\n")
                    self.received += line
                    # Between messages, an empty line is a keep-alive (RFC 5626, section 3.5.1).
                    head = head + line if head or line.strip() else b""
                message = parse(head.decode().rstrip("\r\n"))
                body = await reader.readexactly(int(message.get("Content-Length") or 0))
                self.received += body
                message.body = body.decode()
                self._receive(connection, message)
        except (OSError, asyncio.IncompleteReadError):
            return
        finally:
            self._connections.discard(connection)
            if self.desk is connection:
                self.desk = None
            writer.close()

    def _receive(self, connection: Connection, message: SipMessage) -> None:
        if self.silent:
            return
        call_id = message.get("Call-ID")
        if not message.is_request and call_id in connection.answers:
            connection.answers[call_id].put_nowait(message)
        elif call_id in connection.answers:
            self.requests.put_nowait(message)
            if message.method != "ACK":
                connection.send(reply(message, 200))
        elif message.is_request and message.method == "REGISTER":
            self._register(connection, message)
        elif message.is_request and self.own_user and _user(message.get("To")) == self.own_user:
            self.requests.put_nowait(message)
            if message.method == "BYE":
                connection.send(reply(message, 200))
        elif message.is_request:
            self._pass_request(connection, message)
        else:
            self._pass_response(connection, message)

    # --- Registrar ----------------------------------------------------------------------------------------------------

    def _register(self, connection: Connection, request: SipMessage) -> None:
        if self.refusal:
            connection.send(reply(request, self.refusal))
            return
        if not self._is_authorized(request):
            challenge = ("WWW-Authenticate", f'Digest realm="{REALM}", nonce="{next(self._serials)}", algorithm=MD5')
            connection.send(reply(request, 401, challenge))
            return
        contact = request.get("Contact")
        expires = int(request.get("Expires") or 0)
        uri = contact.partition("<")[2].partition(">")[0]
        user = _user(request.get("To"))
        if user != DESK:
            self.customers[user] = (connection, uri)
            connection.send(reply(request, 200, ("Contact", contact), ("Expires", str(expires))))
            return
        # A desk that comes back over a new connection has its calls there from now on.
        old = self.desk_before
        for call_id, (caller, callee) in self._calls.items():
            moved = [connection if one is old else one for one in (caller, callee)]
            self._calls[call_id] = (moved[0], moved[1])
        self.desk = self.desk_before = connection
        self.contact = uri
        connection.send(reply(request, 200, ("Contact", contact), ("Expires", str(expires))))
        self.registrations.put_nowait(expires)
        self.desk_is_there.set()

    def notify(self, body: str) -> None:
        """Tell the desk what waits in a mailbox; it has not subscribed to it."""
        if self.desk is None:
            raise RuntimeError("the desk is not registered")
        headers = [
            ("Via", f"SIP/2.0/TLS 127.0.0.1:{self.port};branch=z9hG4bKnotify{next(self._serials)}"),
            ("Max-Forwards", "70"),
            ("Call-ID", f"unasked-{next(self._serials)}@{REALM}"),
            ("From", f"<sip:mailbox@{REALM}>;tag=edge"),
            ("To", f"<{self.contact}>"),
            ("CSeq", f"{next(self._serials)} NOTIFY"),
            ("Contact", f"<sip:mailbox@127.0.0.1:{self.port};transport=tls>"),
            ("Event", "message-summary"),
            ("Subscription-State", "active;expires=3600"),
            ("Content-Type", "application/simple-message-summary"),
        ]
        self.desk.send(SipMessage(f"NOTIFY {self.contact} SIP/2.0", headers, body))

    def _is_authorized(self, request: SipMessage) -> bool:
        given = dict(re.findall(r'(\w+)="?([^",]+)"?', request.get("Authorization").removeprefix("Digest ")))
        if not given:
            return False
        username, password = self._secrets
        secret = _md5(f"{username}:{REALM}:{password}")
        wanted = _md5(f"{secret}:{given['nonce']}:{_md5('REGISTER:' + given['uri'])}")
        return bool(given["username"] == username and given["response"] == wanted)

    # --- Proxy --------------------------------------------------------------------------------------------------------

    def _pass_request(self, connection: Connection, request: SipMessage) -> None:
        call_id = request.get("Call-ID")
        if request.method == "INVITE" and call_id not in self._calls:
            callee = self._whom(request.first.split()[1])
            if callee is None:
                connection.send(reply(request, 480))
                return
            self._calls[call_id] = (connection, callee[0])
            self._targets[call_id] = callee[1]
            request.first = f"INVITE {callee[1]} SIP/2.0"
            if self.reference and callee[0] is self.desk:
                request.headers.append(("X-Hearthline-Call", self.reference))
            request.headers.insert(0, ("Record-Route", f"<sip:127.0.0.1:{self.port};transport=tls;lr>"))
        if call_id not in self._calls:
            if request.method != "ACK":
                connection.send(reply(request, 481))
            return
        if request.get("Route"):
            request.drop("Route")
        other = self._other(call_id, connection)
        if other.writer.is_closing():
            if request.method != "ACK":
                connection.send(reply(request, 481))
            return
        if request.method in ("CANCEL", "ACK") and "To" in dict(request.headers) and "tag=" not in request.get("To"):
            request.first = f"{request.method} {self._targets[call_id]} SIP/2.0"
        # The branch follows from the one above, so that a CANCEL finds its INVITE (RFC 3261, section 16.10).
        branch = "z9hG4bK" + _md5(request.get("Via"))[:12]
        request.headers.insert(0, ("Via", f"SIP/2.0/TLS 127.0.0.1:{self.port};branch={branch}"))
        other.send(request)

    def _whom(self, uri: str) -> tuple[Connection, str] | None:
        """Whom a new call is for: connection and contact."""
        user = _user(uri)
        if user in self.customers:
            return self.customers[user]
        return None if self.desk is None or user != DESK else (self.desk, self.contact)

    def _pass_response(self, connection: Connection, response: SipMessage) -> None:
        response.drop("Via")
        call_id = response.get("Call-ID")
        if response.method == "NOTIFY":
            return
        if call_id in self._calls:
            self._other(call_id, connection).send(response)

    def _other(self, call_id: str, connection: Connection) -> Connection:
        caller, callee = self._calls[call_id]
        return callee if connection is caller else caller

    # --- Calls of our own ---------------------------------------------------------------------------------------------

    def invite(self, sdp: str, *extra: tuple[str, str]) -> "OwnCall":
        """Send an INVITE of our own to the desk."""
        if self.desk is None:
            raise RuntimeError("the desk is not registered")
        return OwnCall(self, self.desk, next(self._serials), sdp, *extra)


class OwnCall:
    """A call by the edge itself, with whatever content a test wants."""

    def __init__(self, edge: SmallEdge, desk: Connection, serial: int, sdp: str, *extra: tuple[str, str]) -> None:
        self._desk = desk
        self._contact = edge.contact
        self._port = edge.port
        self._cseq = 0
        self._serial = serial
        self._call_id = f"own-{serial}@example.invalid"
        self._to = f"<{edge.contact}>"
        self._answers: asyncio.Queue[SipMessage] = asyncio.Queue()
        desk.answers[self._call_id] = self._answers
        self.send("INVITE", sdp, *extra)

    def send(self, method: str, sdp: str = "", *extra: tuple[str, str]) -> None:
        """Send a request within the call; ACK and CANCEL belong to the INVITE before them."""
        self._cseq += method not in ("ACK", "CANCEL")
        branch = f"z9hG4bKown{self._serial}x{self._cseq}" + ("a" if method == "ACK" else "")
        headers = [
            ("Via", f"SIP/2.0/TLS 127.0.0.1:{self._port};branch={branch}"),
            ("Max-Forwards", "70"),
            ("From", f"<sip:customer@{REALM}>;tag=own{self._serial}"),
            ("To", self._to),
            ("Call-ID", self._call_id),
            ("CSeq", f"{self._cseq} {method}"),
            ("Contact", f"<sip:customer@127.0.0.1:{self._port};transport=tls>"),
            *extra,
        ]
        if sdp:
            headers.append(("Content-Type", "application/sdp"))
        self._desk.send(SipMessage(f"{method} {self._contact} SIP/2.0", headers, sdp))

    async def answer(self, wanted: Callable[[SipMessage], bool] = lambda message: message.status >= 200) -> SipMessage:
        """Return the next response of the wanted kind: a final one, if nothing else is said."""
        while True:
            response = await self._answers.get()
            if wanted(response):
                if "tag=" in response.get("To") and response.status < 300:
                    self._to = response.get("To")
                return response


def reply(request: SipMessage, status: int, *extra: tuple[str, str]) -> SipMessage:
    """Return a response to a request."""
    copied = [(key, value) for key, value in request.headers if key in ("Via", "From", "To", "Call-ID", "CSeq")]
    if status > 100:
        copied = [(key, value + ";tag=edge" if key == "To" and "tag=" not in value else value) for key, value in copied]
    return SipMessage(f"SIP/2.0 {status} Status {status}", [*copied, *extra])


def _user(address: str) -> str:
    """The user part of a SIP address."""
    return address.partition("sip:")[2].partition("@")[0]


def _md5(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()
