"""A TURN client over UDP or TLS (RFC 8489, RFC 8656) that can also ask for what a well-behaved one never would."""

import contextlib
import hashlib
import hmac
import ipaddress
import secrets
import socket
import ssl
import struct
from dataclasses import dataclass
from types import TracebackType
from typing import Self

_COOKIE = 0x2112A442
_RESPONSE, _ERROR = 0x0100, 0x0110
BINDING, ALLOCATE, CREATE_PERMISSION, CHANNEL_BIND = 0x0001, 0x0003, 0x0008, 0x0009
_SEND_INDICATION, _DATA_INDICATION = 0x0016, 0x0017
_USERNAME, _INTEGRITY, _ERROR_CODE, _CHANNEL, _PEER, _DATA = 0x0006, 0x0008, 0x0009, 0x000C, 0x0012, 0x0013
_REALM, _NONCE, _FAMILY, _TRANSPORT = 0x0014, 0x0015, 0x0017, 0x0019
SOFTWARE = 0x8022
UDP, TCP = 17, 6
_ANSWER_SECONDS = 0.5
_STREAM_SECONDS = 10

Attributes = list[tuple[int, bytes]]
Address = tuple[str, int]


class NoAnswer(Exception):
    """The server said nothing, or there is none."""


@dataclass(frozen=True)
class Answer:
    """A response: 0 for success, or the error's code."""

    code: int
    attributes: dict[int, bytes]


class TurnClient:
    """One client with one allocation at the most; with a TLS context, over TLS."""

    def __init__(
        self, server: Address, username: str = "", password: str = "", *, tls: ssl.SSLContext | None = None
    ) -> None:
        self.realm = ""
        """The server's, as it told it."""
        self._username, self._password = username, password
        self._nonce = b""
        self._is_stream = tls is not None
        self._socket: socket.socket
        if tls is not None:
            plain = socket.create_connection(server, timeout=_STREAM_SECONDS)
            self._socket = tls.wrap_socket(plain, server_hostname=server[0])
        else:
            self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            self._socket.settimeout(_ANSWER_SECONDS)
            self._socket.connect(server)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._socket.close()

    def binding(self) -> Answer:
        """Ask for our own address, as STUN does; needs no credentials."""
        return self._ask(BINDING, [], patience=1)

    def allocate(self, *, transport: int = UDP, family: int | None = None) -> Answer:
        """Ask for a relay, first without credentials to learn realm and nonce, then with ours."""
        wanted: Attributes = [(_TRANSPORT, struct.pack("!B3x", transport))]
        if family is not None:
            wanted.append((_FAMILY, struct.pack("!B3x", family)))
        answer = self._ask(ALLOCATE, wanted)
        if not self._username or answer.code != 401:
            return answer
        self.realm = answer.attributes[_REALM].decode()
        self._nonce = answer.attributes[_NONCE]
        return self._ask(ALLOCATE, wanted)

    def permit(self, peer: Address) -> Answer:
        """Ask to be allowed to speak with a peer."""
        return self._ask(CREATE_PERMISSION, [], peer=peer)

    def bind_channel(self, peer: Address) -> Answer:
        """Ask for a channel to a peer, which is a permission as well."""
        return self._ask(CHANNEL_BIND, [(_CHANNEL, struct.pack("!HH", 0x4000, 0))], peer=peer)

    def send(self, peer: Address, data: bytes) -> None:
        """Have something sent to a peer; there is no answer to that."""
        transaction = secrets.token_bytes(12)
        attributes = [(_PEER, _mapped(peer, transaction)), (_DATA, data)]
        self._socket.send(_message(_SEND_INDICATION, transaction, attributes))

    def receive(self) -> bytes:
        """Wait for what a peer sent."""
        for _ in range(20):
            with contextlib.suppress(TimeoutError):
                kind, _, attributes = _parse(self._read())
                if kind == _DATA_INDICATION:
                    return attributes[_DATA]
        raise NoAnswer

    def _ask(self, method: int, attributes: Attributes, *, peer: Address | None = None, patience: int = 20) -> Answer:
        transaction = secrets.token_bytes(12)
        if peer is not None:
            attributes = [*attributes, (_PEER, _mapped(peer, transaction))]
        if self._nonce:
            attributes = [
                *attributes,
                (_USERNAME, self._username.encode()),
                (_REALM, self.realm.encode()),
                (_NONCE, self._nonce),
            ]
        message = _message(method, transaction, attributes)
        if self._nonce:
            message = self._with_integrity(message)
        for _ in range(patience):
            with contextlib.suppress(TimeoutError, ConnectionError):
                self._socket.send(message)
                kind, theirs, found = _parse(self._read())
                if theirs != transaction:
                    continue
                if kind == method | _RESPONSE:
                    return Answer(0, found)
                if kind == method | _ERROR:
                    hundreds, units = found[_ERROR_CODE][2], found[_ERROR_CODE][3]
                    return Answer(hundreds * 100 + units, found)
        raise NoAnswer

    def _read(self) -> bytes:
        if not self._is_stream:
            return self._socket.recv(2048)
        head = self._read_exactly(20)
        return head + self._read_exactly(struct.unpack("!H", head[2:4])[0])

    def _read_exactly(self, size: int) -> bytes:
        data = b""
        while len(data) < size:
            more = self._socket.recv(size - len(data))
            if not more:
                raise NoAnswer
            data += more
        return data

    def _with_integrity(self, message: bytes) -> bytes:
        # The length that is signed counts the signature, too (RFC 8489, 14.5).
        counted = message[:2] + struct.pack("!H", len(message) - 20 + 24) + message[4:]
        key = hashlib.md5(f"{self._username}:{self.realm}:{self._password}".encode(), usedforsecurity=False).digest()
        return counted + struct.pack("!HH", _INTEGRITY, 20) + hmac.new(key, counted, hashlib.sha1).digest()


def _message(kind: int, transaction: bytes, attributes: Attributes) -> bytes:
    body = b"".join(struct.pack("!HH", name, len(value)) + value + bytes(-len(value) % 4) for name, value in attributes)
    return struct.pack("!HHI", kind, len(body), _COOKIE) + transaction + body


def _parse(message: bytes) -> tuple[int, bytes, dict[int, bytes]]:
    kind, length, _ = struct.unpack("!HHI", message[:8])
    attributes, position = dict[int, bytes](), 20
    while position < 20 + length:
        name, size = struct.unpack("!HH", message[position : position + 4])
        attributes[name] = message[position + 4 : position + 4 + size]
        position += 4 + size + (-size % 4)
    return kind, message[8:20], attributes


def _mapped(peer: Address, transaction: bytes) -> bytes:
    """XOR-PEER-ADDRESS (RFC 8489, 14.2)."""
    address, port = ipaddress.ip_address(peer[0]), peer[1] ^ (_COOKIE >> 16)
    mask = (struct.pack("!I", _COOKIE) + transaction)[: len(address.packed)]
    masked = bytes(ours ^ theirs for ours, theirs in zip(address.packed, mask, strict=True))
    return struct.pack("!xBH", 1 if address.version == 4 else 2, port) + masked
