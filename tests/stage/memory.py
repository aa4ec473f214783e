"""Searching the memory of a running process for values that must not be there."""

import re
from collections.abc import Iterator
from pathlib import Path

from tests.stage.leaks import Leak, forms

_REGION = re.compile(r"([0-9a-f]+)-([0-9a-f]+) (\S)(\S)\S\S \S+ \S+ (\d+) *(.*)")
_PIECE = 16 * 1024 * 1024
_SKIPPED = ("[vvar]", "[vsyscall]")


def search_memory(pid: int, name: str, values: dict[str, str]) -> Iterator[Leak]:
    """Search what a process can write to, in every form in which a value could be read.

    Args:
        pid: the process; the caller must be allowed to read its memory, as root is.
        name: how a leak names the process.
        values: name to value.
    """
    needles = [(needle, what, form) for what, value in values.items() for needle, form in _memory_forms(value).items()]
    longest = max((len(needle) for needle, _, _ in needles), default=1)
    found: set[tuple[str, str]] = set()
    for piece in _pieces(pid, longest):
        for needle, what, form in needles:
            if (what, form) not in found and needle in piece:
                found.add((what, form))
                yield Leak(f"memory of {name}", what, form)


def _memory_forms(value: str) -> dict[bytes, str]:
    """As in files, and as Python keeps what has characters outside Unicode's first plane."""
    return {**forms(value), value.encode("utf-32-le"): "utf-32-le"}


def _pieces(pid: int, longest: int) -> Iterator[bytes]:
    maps = Path(f"/proc/{pid}/maps").read_text()
    with Path(f"/proc/{pid}/mem").open("rb", buffering=0) as memory:
        for line in maps.splitlines():
            region = _REGION.match(line)
            if region is None or region[3] != "r" or region[4] != "w" or region[6] in _SKIPPED:
                continue
            start, end = int(region[1], 16), int(region[2], 16)
            for offset in range(start, end, _PIECE):
                try:
                    memory.seek(offset)
                    # A value may lie across two pieces.
                    yield memory.read(min(end, offset + _PIECE + longest) - offset)
                except (OSError, ValueError):
                    # The process gave the region back meanwhile, or it belongs to a device.
                    break
