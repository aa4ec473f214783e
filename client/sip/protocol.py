"""The wire between desk and engine: one JSON object a line, in UTF-8, each naming its class in `type`.

The classes are those of `client.core.telephony`, and the members are read off their definitions, so that there is no
second table to forget. Decoding is strict: the two processes are of one release, so anything unexpected is a fault and
never something to be tolerated. Errors name classes and members and never repeat a value, which may be a password.
"""

import dataclasses
import json
import types
import typing
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from typing import Any, cast

from client.core.telephony import Order, Report

MAX_LINE = 256 * 1024
"""Longest line, in bytes with its line feed. The largest message is `Configure` with its certificates, some 20 KiB."""


class ProtocolError(Exception):
    """A line is no message of this protocol; the text says why and holds none of the line's values."""


@dataclass(frozen=True)
class Hello:
    """The desk's first line: proves that it is the desk that started this engine, or its successor."""

    token: str = field(repr=False)


@dataclass(frozen=True)
class Ping:
    """The desk asks whether the engine's main loop still turns."""

    number: int


@dataclass(frozen=True)
class Pong:
    """The answer to a `Ping`, given by the engine's main loop and by no other thread."""

    number: int


Message = Order | Report | Hello | Ping | Pong


def encode(message: Message) -> bytes:
    """Return a message as one line, its line feed included.

    Raises:
        ProtocolError: the message is longer than `MAX_LINE`.
    """
    content = {"type": type(message).__name__, **dataclasses.asdict(message)}
    line = json.dumps(content, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode() + b"\n"
    if len(line) > MAX_LINE:
        raise ProtocolError(f"{type(message).__name__} is longer than {MAX_LINE} bytes")
    return line


def decode_order(line: bytes) -> Order | Hello | Ping:
    """Return what a line from the desk says.

    Raises:
        ProtocolError: the line is not one of the desk's messages.
    """
    return cast(Order | Hello | Ping, _decode(line, _classes(Order | Hello | Ping)))


def decode_report(line: bytes) -> Report | Pong:
    """Return what a line from the engine says.

    Raises:
        ProtocolError: the line is not one of the engine's messages.
    """
    return cast(Report | Pong, _decode(line, _classes(Report | Pong)))


@cache
def _classes(union: types.UnionType) -> Mapping[str, type]:
    return {member.__name__: member for member in typing.get_args(union)}


def _decode(line: bytes, classes: Mapping[str, type]) -> Any:
    if len(line) > MAX_LINE:
        raise ProtocolError(f"the line is longer than {MAX_LINE} bytes")
    problem = ""
    content: object = None
    try:
        content = json.loads(line.decode(), object_pairs_hook=_distinct, parse_constant=_no_constant)
    except UnicodeDecodeError:
        problem = "the line is not UTF-8"
    except (ValueError, RecursionError):
        problem = "the line is not JSON"
    # The errors of the JSON reader quote the line, so they must not be chained to ours.
    if problem:
        raise ProtocolError(problem)
    if not isinstance(content, dict):
        raise ProtocolError("the line is not a JSON object")
    name = content.pop("type", None)
    if not isinstance(name, str) or name not in classes:
        raise ProtocolError("the message is of no known type")
    return _object(classes[name], content, name)


def _distinct(pairs: list[tuple[str, object]]) -> dict[str, object]:
    content = dict(pairs)
    if len(content) != len(pairs):
        raise ValueError
    return content


def _no_constant(_: str) -> object:
    raise ValueError


@cache
def _members(kind: type) -> Mapping[str, Any]:
    hints = typing.get_type_hints(kind)
    return {member.name: hints[member.name] for member in dataclasses.fields(kind)}


def _object(kind: type, content: dict[str, object], where: str) -> Any:
    members = _members(kind)
    if content.keys() != members.keys():
        raise ProtocolError(f"the members of {where} are not those of {kind.__name__}")
    return kind(**{name: _value(hint, content[name], f"{where}.{name}") for name, hint in members.items()})


def _value(hint: Any, value: object, where: str) -> Any:
    if typing.get_origin(hint) is tuple:
        if not isinstance(value, list):
            raise ProtocolError(f"{where} is not a list")
        item = typing.get_args(hint)[0]
        return tuple(_value(item, one, where) for one in value)
    if dataclasses.is_dataclass(hint):
        if not isinstance(value, dict):
            raise ProtocolError(f"{where} is not an object")
        return _object(cast(type, hint), value, where)
    return _scalar(hint, value, where)


def _scalar(hint: Any, value: object, where: str) -> Any:
    if issubclass(hint, StrEnum):
        if isinstance(value, str) and value in set(hint):
            return hint(value)
        raise ProtocolError(f"{where} is none of the values of {hint.__name__}")
    if _SCALARS[hint](value):
        return hint(value)
    raise ProtocolError(f"{where} is not of type {hint.__name__}")


_SCALARS: Mapping[type, Callable[[object], bool]] = {
    # A bool is an int in Python but not on the wire; a whole float may lose its point on the way.
    bool: lambda value: isinstance(value, bool),
    int: lambda value: isinstance(value, int) and not isinstance(value, bool),
    float: lambda value: isinstance(value, int | float) and not isinstance(value, bool),
    str: lambda value: isinstance(value, str),
}
