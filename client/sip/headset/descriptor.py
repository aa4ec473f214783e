"""A report descriptor: which bits of which report are the buttons and the lamps.

Written from the Device Class Definition for Human Interface Devices 1.11 (USB-IF), 6.2.2. We do it ourselves because
`hid-parser` 0.1 builds every field that a descriptor claims to have (2^32 of them, if it says so), and `hid-tools` is
for Linux alone. A device is a stranger: whatever it says, this takes bounded time and memory.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from client.sip.headset.usages import BUTTONS, LAMPS, TELEPHONY_PAGE, Button, Lamp, Usage

LONGEST_DESCRIPTOR = 4096
"""Bytes; also the limit of the operating systems and of hidapi."""

LONGEST_REPORT = 8 * 4096
"""Bits."""

_MOST_FIELDS = 256
_DEEPEST = 32

_INPUT, _OUTPUT, _FEATURE, _COLLECTION, _END_COLLECTION = 0x80, 0x90, 0xB0, 0xA0, 0xC0
_USAGE_PAGE, _LOGICAL_MINIMUM, _REPORT_SIZE, _REPORT_ID, _REPORT_COUNT, _PUSH, _POP = (
    0x04, 0x14, 0x74, 0x84, 0x94, 0xA4, 0xB4,
)  # fmt: skip
_USAGE, _USAGE_MINIMUM, _USAGE_MAXIMUM = 0x08, 0x18, 0x28
_LONG_ITEM = 0xFE

_CONSTANT, _VARIABLE, _RELATIVE, _NO_PREFERRED_STATE = 0x01, 0x02, 0x04, 0x20


class BadDescriptor(ValueError):
    """The descriptor cannot be what a device means. What follows from it: the device is left alone."""


@dataclass(frozen=True)
class ButtonField:
    """Where a button is: `offset` and `size` in bits, after the report's number.

    In an array, several buttons share a place, and `value` is what stands there while this one is down; otherwise
    `value` is None, and anything but zero means that it is down.
    """

    button: Button
    report: int
    offset: int
    size: int
    value: int | None = None
    relative: bool = False
    returns: bool = False
    """It goes back by itself when it is let go: a push button, not a switch ("preferred state")."""


@dataclass(frozen=True)
class LampField:
    """Where a lamp is: `offset` and `size` in bits, after the report's number."""

    lamp: Lamp
    report: int
    offset: int
    size: int


@dataclass(frozen=True)
class Layout:
    """What a device has of what we know. `output_bits` is the length of each output report, without its number."""

    buttons: tuple[ButtonField, ...]
    lamps: tuple[LampField, ...]
    output_bits: dict[int, int]
    numbered: bool
    """Whether reports begin with their number."""


class _Item(NamedTuple):
    tag: int
    data: bytes

    @property
    def unsigned(self) -> int:
        return int.from_bytes(self.data, "little")

    @property
    def signed(self) -> int:
        return int.from_bytes(self.data, "little", signed=True)


@dataclass(frozen=True)
class _Globals:
    page: int = 0
    logical_minimum: int = 0
    report_size: int = 0
    report_count: int = 0
    report: int = 0


@dataclass
class _Parser:
    globals: _Globals = field(default_factory=_Globals)
    stack: list[_Globals] = field(default_factory=list)
    ranges: list[tuple[int | None, int, int]] = field(default_factory=list)
    """The usages since the last main item: page (None: the one in force at the main item), first, last."""
    first: _Item | None = None
    collections: list[bool] = field(default_factory=list)
    """For each open collection, whether it is a telephone, or inside of one."""
    buttons: list[ButtonField] = field(default_factory=list)
    lamps: list[LampField] = field(default_factory=list)
    bits: dict[tuple[int, int], int] = field(default_factory=dict)
    """How long each report is so far, by kind (input, output, feature) and number."""


def parse(descriptor: bytes) -> Layout:
    """Find the buttons and lamps of a telephone in a report descriptor.

    A descriptor of another device has none; that is no error.

    Raises:
        BadDescriptor: it is too long, cut off, or contradicts itself.
    """
    if len(descriptor) > LONGEST_DESCRIPTOR:
        raise BadDescriptor("too long")
    parser = _Parser()
    for item in _items(descriptor):
        kind = item.tag & 0x0C
        if kind == 0x04:
            _global(parser, item)
        elif kind == 0x08:
            _local(parser, item)
        elif kind == 0x00:
            _main(parser, item)
    if parser.collections:
        raise BadDescriptor("a collection without an end")
    return Layout(
        buttons=tuple(parser.buttons),
        lamps=tuple(parser.lamps),
        output_bits={report: bits for (kind, report), bits in parser.bits.items() if kind == _OUTPUT},
        numbered=any(report for _, report in parser.bits),
    )


def _items(descriptor: bytes) -> Iterator[_Item]:
    place = 0
    while place < len(descriptor):
        prefix = descriptor[place]
        if prefix == _LONG_ITEM:
            # None is defined; the standard says to skip them.
            size = descriptor[place + 1] + 2 if place + 1 < len(descriptor) else LONGEST_DESCRIPTOR
            data = b""
        else:
            size = (0, 1, 2, 4)[prefix & 0x03]
            data = descriptor[place + 1 : place + 1 + size]
        if place + 1 + size > len(descriptor):
            raise BadDescriptor("cut off")
        if prefix != _LONG_ITEM:
            yield _Item(prefix & 0xFC, data)
        place += 1 + size


def _global(parser: _Parser, item: _Item) -> None:
    now = parser.globals
    if item.tag == _USAGE_PAGE:
        parser.globals = replace(now, page=item.unsigned)
    elif item.tag == _LOGICAL_MINIMUM:
        parser.globals = replace(now, logical_minimum=item.signed)
    elif item.tag == _REPORT_SIZE:
        parser.globals = replace(now, report_size=item.unsigned)
    elif item.tag == _REPORT_COUNT:
        parser.globals = replace(now, report_count=item.unsigned)
    elif item.tag == _REPORT_ID:
        if not 0 < item.unsigned < 256 or any(report == 0 for _, report in parser.bits):
            raise BadDescriptor("an impossible report number")
        parser.globals = replace(now, report=item.unsigned)
    elif item.tag == _PUSH:
        if len(parser.stack) >= _DEEPEST:
            raise BadDescriptor("nested too deeply")
        parser.stack.append(now)
    elif item.tag == _POP:
        if not parser.stack:
            raise BadDescriptor("nothing to pop")
        parser.globals = parser.stack.pop()


def _local(parser: _Parser, item: _Item) -> None:
    # A usage of four bytes brings its own page; a shorter one has the page that is in force at the main item.
    page, usage = (item.unsigned >> 16, item.unsigned & 0xFFFF) if len(item.data) == 4 else (None, item.unsigned)
    if item.tag == _USAGE:
        parser.ranges.append((page, usage, usage))
    elif item.tag == _USAGE_MINIMUM:
        parser.first = item
    elif item.tag == _USAGE_MAXIMUM:
        if parser.first is None:
            raise BadDescriptor("a range of usages without its beginning")
        first = parser.first.unsigned & 0xFFFF
        if usage < first:
            raise BadDescriptor("a range of usages that ends before it begins")
        parser.ranges.append((page, first, usage))
        parser.first = None


def _main(parser: _Parser, item: _Item) -> None:
    if item.tag == _COLLECTION:
        if len(parser.collections) >= _DEEPEST:
            raise BadDescriptor("nested too deeply")
        page = next((page for page, _, _ in parser.ranges[:1] if page is not None), parser.globals.page)
        inside = bool(parser.collections) and parser.collections[-1]
        parser.collections.append(inside or page == TELEPHONY_PAGE)
    elif item.tag == _END_COLLECTION:
        if not parser.collections:
            raise BadDescriptor("an end without a collection")
        parser.collections.pop()
    elif item.tag in (_INPUT, _OUTPUT, _FEATURE):
        _fields(parser, item)
    parser.ranges = []
    parser.first = None


def _fields(parser: _Parser, item: _Item) -> None:
    now = parser.globals
    key = (item.tag, now.report)
    if now.report == 0 and any(report for _, report in parser.bits):
        raise BadDescriptor("reports with and without a number")
    start = parser.bits.get(key, 0)
    end = start + now.report_size * now.report_count
    if end > LONGEST_REPORT:
        raise BadDescriptor("an impossibly long report")
    parser.bits[key] = end
    if not parser.collections or not parser.collections[-1] or now.report_size == 0:
        return
    if item.unsigned & _CONSTANT and not item.unsigned & _VARIABLE:
        return
    # Some devices call even their buttons constant: what counts is that they give each a usage.
    for index, usage in enumerate(_usages(parser, now.report_count if item.unsigned & _VARIABLE else _MOST_FIELDS)):
        if item.tag == _INPUT and usage in BUTTONS:
            parser.buttons.append(_button(BUTTONS[usage], now, start, index, item.unsigned))
        elif item.tag == _OUTPUT and usage in LAMPS and item.unsigned & _VARIABLE:
            offset = start + index * now.report_size
            parser.lamps.append(LampField(LAMPS[usage], now.report, offset, now.report_size))
        if len(parser.buttons) + len(parser.lamps) > _MOST_FIELDS:
            raise BadDescriptor("too many controls")


def _button(button: Button, now: _Globals, start: int, index: int, flags: int) -> ButtonField:
    relative = bool(flags & _RELATIVE)
    returns = relative or not flags & _NO_PREFERRED_STATE
    if flags & _VARIABLE:
        offset = start + index * now.report_size
        return ButtonField(button, now.report, offset, now.report_size, relative=relative, returns=returns)
    return ButtonField(
        button, now.report, start, now.report_size, value=now.logical_minimum + index, relative=relative, returns=True
    )


def _usages(parser: _Parser, most: int) -> Iterator[Usage]:
    """Name each field's usage, in order, and no more than `_MOST_FIELDS`."""
    left = min(most, _MOST_FIELDS)
    for page, first, last in parser.ranges:
        for usage in range(first, min(last + 1, first + left)):
            yield (parser.globals.page if page is None else page, usage)
        left -= last + 1 - first
        if left <= 0:
            return
