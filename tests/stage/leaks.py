"""Searching raw bytes for values that must not be there, in every form in which they would still be readable."""

import base64
import json
import mmap
import urllib.parse
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

_SHORTEST = 6
"""Bytes. Shorter ones occur by chance in some megabytes of encrypted sound."""


@dataclass(frozen=True)
class Leak:
    """A value that was found where it must not be. `what` names the value; the value itself is not repeated."""

    where: str
    what: str
    form: str


def forms(value: str) -> dict[bytes, str]:
    """The byte strings in which a value could be read, with the name of each form."""
    found: dict[bytes, str] = {}
    for encoding in ("utf-8", "utf-16-le", "utf-16-be", "gb18030"):
        found.setdefault(value.encode(encoding), encoding)
    raw = value.encode()
    found.setdefault(json.dumps(value)[1:-1].encode(), "JSON escapes")
    found.setdefault(urllib.parse.quote(value).encode(), "percent-encoding")
    found.setdefault(raw.hex().encode(), "hexadecimal")
    # Base64 gives three readings of a text, by where it starts in the surrounding one; the ends depend on neighbours.
    for lead in range(3):
        encoded = base64.b64encode(b"\0" * lead + raw).decode()
        inner = encoded[(0, 2, 3)[lead] : len(encoded) - 4].encode()
        if inner:
            found.setdefault(inner, f"base64 at offset {lead}")
    digits = "".join(character for character in value if character.isdigit())
    if len(digits) >= 7 and digits != value:
        found.setdefault(digits.encode(), "its digits alone")
    return {needle: form for needle, form in found.items() if len(needle) >= _SHORTEST}


def search_bytes(content: bytes | mmap.mmap, where: str, values: dict[str, str]) -> Iterator[Leak]:
    """Yield a leak for each form of each value (name to value) that the content holds."""
    for what, value in values.items():
        for needle, form in forms(value).items():
            if content.find(needle) != -1:
                yield Leak(where, what, form)


def search_files(roots: Iterable[Path], values: dict[str, str]) -> Iterator[Leak]:
    """Search every regular file below the roots, and inside what zlib packed."""
    for root in roots:
        paths = [root] if root.is_file() else sorted(path for path in root.rglob("*") if path.is_file())
        for path in paths:
            if path.is_symlink() or path.stat().st_size == 0:
                continue
            with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
                yield from search_bytes(content, str(path), values)
                if content[:2] in {b"\x78\x9c", b"\x78\x01", b"\x78\xda"}:
                    yield from _search_packed(bytes(content), str(path), values)


def _search_packed(content: bytes, where: str, values: dict[str, str]) -> Iterator[Leak]:
    try:
        unpacked = zlib.decompress(content)
    except zlib.error:
        return
    yield from search_bytes(unpacked, f"{where} (unpacked)", values)
