"""A customer's value in clear, in memory that is wiped when it is done with, and that never is a `str`.

The value has pages of its own: locked, so that they are not swapped out, and left out of core dumps and of children of
this process, as far as the operating system does these. Readers get one character at a time.
"""

import contextlib
import ctypes
import mmap
import sys
import threading
from collections.abc import Iterator

_SHARED_BYTES = 1
"""CPython has one object for each `bytes` of this length or less, which everybody shares: it is not ours to wipe."""
_HEADER = bytes.__basicsize__ - 1
"""Where the content of a `bytes` begins; its base size counts the NUL that ends it."""
_ADVICE = ("MADV_DONTDUMP", "MADV_DONTFORK")
_CONTINUED = 0x3F


def wipe_bytes(raw: bytes) -> None:
    """Overwrite a `bytes` object in place, which the language forbids and CPython's layout lets happen.

    For what a library returns as `bytes` and nobody else holds: all names of the object see zeros afterwards.
    """
    if sys.implementation.name == "cpython" and len(raw) > _SHARED_BYTES:
        ctypes.memset(id(raw) + _HEADER, 0, len(raw))


class ClearValue:
    """One value. Its `repr` says nothing of it; it can be neither copied nor pickled.

    Every method may be called in any thread.
    """

    def __init__(self, raw: bytes) -> None:
        """Take a value as UTF-8 over, and wipe `raw` itself.

        Raises:
            ValueError: it is not UTF-8. `raw` is wiped all the same.
        """
        self._lock = threading.Lock()
        self._size = len(raw)
        self._pages = mmap.mmap(-1, max(1, len(raw)))
        self._open = True
        self.is_locked = protect_pages(self._pages)
        """Whether the operating system keeps it out of the swap space."""
        with memoryview(self._pages) as target:
            target[: len(raw)] = raw
        wipe_bytes(raw)
        try:
            self._characters = sum(1 for _ in self.characters())
        except ValueError:
            self.close()
            raise

    def __len__(self) -> int:
        """How many code points."""
        return self._characters

    def __repr__(self) -> str:
        return "<ClearValue>"

    def __reduce__(self) -> str:
        raise TypeError("a clear value stays where it is")

    def __enter__(self) -> "ClearValue":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def is_open(self) -> bool:
        """Whether it is still there."""
        return self._open

    def characters(self) -> Iterator[str]:
        """Yield one code point after the other; ends early when the value is wiped meanwhile.

        Raises:
            ValueError: what was sealed is not UTF-8.
        """
        at = 0
        while (found := self._at(at)) is not None:
            point, length = found
            yield chr(point)
            at += length

    def close(self) -> None:
        """Wipe the value and give its memory back. Nothing happens the second time."""
        with self._lock:
            if not self._open:
                return
            self._open = False
            held = ctypes.c_char.from_buffer(self._pages)
            ctypes.memset(ctypes.addressof(held), 0, len(self._pages))
            del held
            self._pages.close()

    def _at(self, at: int) -> tuple[int, int] | None:
        """The code point that begins at a byte, and how many bytes it has (RFC 3629); None at the end."""
        with self._lock:
            if not self._open or at >= self._size:
                return None
            first = self._pages[at]
            length = 1 if first < 0x80 else 2 if first >> 5 == 0b110 else 3 if first >> 4 == 0b1110 else 4
            if length == 1:
                return first, 1
            rest = [self._pages[index] for index in range(at + 1, min(at + length, self._size))]
        point = first & (0x7F >> length)
        for byte in rest:
            point = point << 6 | byte & _CONTINUED
        well_formed = len(rest) == length - 1 and all(byte >> 6 == 0b10 for byte in rest)
        least = (0, 0, 0x80, 0x800, 0x10000)[length]
        if (
            not well_formed
            or first >> 6 == 0b10
            or first >> 3 == 0b11111
            or point < least
            or point > sys.maxunicode
            or 0xD800 <= point < 0xE000
        ):
            raise ValueError("the value is not UTF-8")
        return point, length


class Safe:
    """The values of the leases under way, by lease. Every method may be called in any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._values: dict[str, ClearValue] = {}

    def put(self, lease: str, value: ClearValue) -> None:
        """Keep a value; an earlier one of the same lease is wiped."""
        with self._lock:
            before = self._values.pop(lease, None)
            self._values[lease] = value
        if before is not None:
            before.close()

    def get(self, lease: str) -> ClearValue | None:
        """Return the value of a lease, or None. It may be wiped at any moment; then it has no characters."""
        with self._lock:
            return self._values.get(lease)

    def wipe(self, lease: str) -> None:
        """Wipe the value of a lease; no error where there is none."""
        with self._lock:
            value = self._values.pop(lease, None)
        if value is not None:
            value.close()

    def wipe_all(self) -> None:
        """Wipe every value."""
        with self._lock:
            values, self._values = list(self._values.values()), {}
        for value in values:
            value.close()


def protect_pages(pages: mmap.mmap) -> bool:
    """Keep pages out of dumps, children and the swap space, as far as the operating system lets us."""
    for name in _ADVICE:
        advice = getattr(mmap, name, None)
        if advice is not None:
            with contextlib.suppress(OSError):
                pages.madvise(advice)
    held = ctypes.c_char.from_buffer(pages)
    address, size = ctypes.c_void_p(ctypes.addressof(held)), ctypes.c_size_t(len(pages))
    if sys.platform == "win32":
        return bool(ctypes.windll.kernel32.VirtualLock(address, size))
    return bool(ctypes.CDLL(None).mlock(address, size) == 0)
