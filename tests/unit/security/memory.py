"""Looking for a value in this process's own memory, as somebody with a debugger would."""

import ctypes
import gc
import mmap
import os
import secrets
from collections.abc import Iterator
from pathlib import Path

_WINDOW = 1 << 20
_NEEDLES = 4096
_MARK = 0x5A


class Needle:
    """A random value that nobody but who is given it has. Kept changed, so as not to be found itself."""

    def __init__(self, *, chinese: bool = False) -> None:
        size = 24
        if chinese:
            points = [0x4E00 + secrets.randbelow(0x5000) for _ in range(size)]
        else:
            points = [0x30 + secrets.randbelow(10) for _ in range(size)]
        self._points = [point ^ _MARK for point in points]

    def __len__(self) -> int:
        return len(self._points)

    def value(self) -> bytes:
        """The value as UTF-8, in an object of its own that the taker wipes."""
        target = ctypes.create_string_buffer(self.write_size(1))
        self.write(memoryview(target).cast("B"), 1)
        made = bytes(target)
        ctypes.memset(target, 0, len(target))
        return made

    def write_size(self, width: int) -> int:
        """How many bytes it takes."""
        wide = [point ^ _MARK for point in self._points]
        return sum((1 if point < 0x80 else 3) for point in wide) if width == 1 else width * len(self._points)

    def write(self, target: memoryview, width: int) -> None:
        """Write it as UTF-8 (width 1), UTF-16 or UTF-32, byte by byte."""
        at = 0
        for veiled in self._points:
            point = veiled ^ _MARK
            if width > 1:
                parts = [point >> shift & 0xFF for shift in range(0, 8 * width, 8)]
            elif point < 0x80:
                parts = [point]
            else:
                parts = [0xE0 | point >> 12, 0x80 | point >> 6 & 0x3F, 0x80 | point & 0x3F]
            for part in parts:
                target[at] = part
                at += 1


def found_in_memory(needle: Needle) -> list[str]:
    """The mappings in which the value is, in any of the forms that Python and Qt keep text in."""
    gc.collect()
    desk = mmap.mmap(-1, _NEEDLES + _WINDOW)
    held = ctypes.c_char.from_buffer(desk)
    ours = range(ctypes.addressof(held), ctypes.addressof(held) + len(desk))
    found = []
    with memoryview(desk) as table, Path("/proc/self/mem").open("rb", buffering=0) as memory:
        sizes = {}
        for slot, width in enumerate((1, 2, 4)):
            sizes[width] = (slot * 512, needle.write_size(width))
            needle.write(table[slot * 512 :], width)
        window = table[_NEEDLES:]
        overlap = max(size for _, size in sizes.values())
        for start, end, name in _mappings(ours):
            for at in range(start, end, _WINDOW - overlap):
                try:
                    size = os.preadv(memory.fileno(), [window[: min(_WINDOW, end - at)]], at)
                except OSError:
                    break  # The kernel's own, such as [vvar].
                for width, (begin, length) in sizes.items():
                    hit = desk.find(table[begin : begin + length], _NEEDLES, _NEEDLES + size)
                    if hit >= 0:
                        found.append(f"{name or 'anonymous'} at {at + hit - _NEEDLES:x}, width {width}")
        window.release()
    ctypes.memset(ctypes.addressof(held), 0, len(desk))
    del held
    desk.close()
    return found


def _mappings(without: range) -> Iterator[tuple[int, int, str]]:
    for line in Path("/proc/self/maps").read_text().splitlines():
        span, mode, *rest = line.split(maxsplit=5)
        if not mode.startswith("rw"):
            continue
        start, end = (int(part, 16) for part in span.split("-"))
        name = rest[3] if len(rest) > 3 else ""
        # Mappings side by side are told as one.
        if start <= without.start < end:
            yield start, without.start, name
            yield without.stop, end, name
        else:
            yield start, end, name
