"""A key in memory that is not swapped out, not dumped, and wiped when it is done with.

The cipher gets a copy for each use, which is wiped after it; what the library makes of it, OpenSSL wipes itself.
Python's own texts can't be kept so: what came through one, as from the key store, may have left a trace until its
memory is used again. Dumps and debuggers are kept off the whole process (`client.sip.engine.hardening`).
"""

import contextlib
import ctypes
import mmap
from collections.abc import Iterator

from client.security.clear_value import protect_pages, wipe_bytes


class LockedKey:
    """Some bytes. Its `repr` says nothing of them."""

    def __init__(self, raw: bytes) -> None:
        """Take a key over, and wipe `raw` itself."""
        self._size = len(raw)
        self._pages = mmap.mmap(-1, max(1, self._size))
        self.is_locked = protect_pages(self._pages)
        """Whether the operating system keeps it out of the swap space."""
        with memoryview(self._pages) as target:
            target[: self._size] = raw
        wipe_bytes(raw)

    def __repr__(self) -> str:
        return "<LockedKey>"

    def __reduce__(self) -> str:
        raise TypeError("a locked key stays where it is")

    def __del__(self) -> None:
        held = ctypes.c_char.from_buffer(self._pages)
        ctypes.memset(ctypes.addressof(held), 0, len(self._pages))

    @contextlib.contextmanager
    def lent(self) -> Iterator[bytes]:
        """Lend a copy; it is zeros when the block has ended, so nothing may keep it."""
        copy = bytes(memoryview(self._pages)[: self._size])
        try:
            yield copy
        finally:
            wipe_bytes(copy)
