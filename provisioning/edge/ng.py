"""rtpengine's control protocol (ng): bencoded dictionaries over UDP, each after a cookie that the answer repeats."""

from __future__ import annotations

import secrets
import socket
from typing import TypeAlias

Value: TypeAlias = "str | int | list[Value] | dict[str, Value]"

_ANSWER_SECONDS = 2.0


class NgError(Exception):
    """Raised when rtpengine does not answer, or answers what cannot be read."""


def ask(host: str, port: int, command: str, **arguments: Value) -> dict[str, Value]:
    """Send one command and return rtpengine's answer.

    Raises NgError when nobody listens there, no answer comes within two seconds, or it is no dictionary.
    """
    cookie = secrets.token_hex(8).encode()
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_DGRAM) as udp:
        udp.settimeout(_ANSWER_SECONDS)
        try:
            # A connected socket learns at once when nobody listens.
            udp.connect((host, port))
            udp.send(cookie + b" " + _encode({"command": command, **arguments}))
            data = udp.recv(65536)
        except OSError as error:
            raise NgError(f"rtpengine does not answer at {host}:{port}: {error}") from error
    head, _, body = data.partition(b" ")
    if head != cookie:
        raise NgError("rtpengine answered another question")
    value, _ = _decode(body, 0)
    if not isinstance(value, dict):
        raise NgError("rtpengine's answer is no dictionary")
    return value


def _encode(value: Value) -> bytes:
    match value:
        case str():
            raw = value.encode()
            return b"%d:%s" % (len(raw), raw)
        case int():
            return b"i%de" % value
        case list():
            return b"l" + b"".join(map(_encode, value)) + b"e"
        case dict():
            return b"d" + b"".join(_encode(key) + _encode(value[key]) for key in sorted(value)) + b"e"


def _decode(data: bytes, at: int) -> tuple[Value, int]:
    kind = data[at : at + 1]
    if kind == b"i":
        end = data.index(b"e", at)
        return int(data[at + 1 : end]), end + 1
    if kind in (b"l", b"d"):
        items: list[Value] = []
        at += 1
        while data[at : at + 1] != b"e":
            item, at = _decode(data, at)
            items.append(item)
        if kind == b"l":
            return items, at + 1
        return {str(key): value for key, value in zip(items[::2], items[1::2], strict=True)}, at + 1
    colon = data.index(b":", at)
    end = colon + 1 + int(data[at:colon])
    return data[colon + 1 : end].decode("utf-8", "replace"), end
