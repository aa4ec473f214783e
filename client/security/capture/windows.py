"""Windows: display affinity (`SetWindowDisplayAffinity`), read back with `GetWindowDisplayAffinity`.

`WDA_EXCLUDEFROMCAPTURE` leaves the window out of captures, from Windows 10 2004 (build 19041) on. Before, or where that
is refused, `WDA_MONITOR` shows captures a black window; it is asked for, but an answer of 'verified' means the former.
Microsoft calls neither a security feature: what is drawn by a driver, or photographed, isn't held up by it.
"""

import ctypes
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from client.security.capture.guard import Protection

WDA_NONE = 0x00
WDA_MONITOR = 0x01
WDA_EXCLUDEFROMCAPTURE = 0x11
FIRST_BUILD = 19041
"""The first build of Windows that knows WDA_EXCLUDEFROMCAPTURE."""


class Affinity(Protocol):
    """The two calls of user32."""

    def set(self, window_id: int, affinity: int) -> bool:
        """Whether the system took it."""

    def get(self, window_id: int) -> int | None:
        """What the system has for the window; None where it can't say."""


@dataclass(frozen=True)
class WindowsGuard:
    """Sets the affinity and believes only what is read back."""

    affinity: Affinity
    build: int

    def protect(self, window_id: int) -> Protection:
        """See `CaptureGuard`."""
        if self.build >= FIRST_BUILD:
            self.affinity.set(window_id, WDA_EXCLUDEFROMCAPTURE)
            if self.affinity.get(window_id) == WDA_EXCLUDEFROMCAPTURE:
                return "verified"
        self.affinity.set(window_id, WDA_MONITOR)
        # Read back here too: a call that was refused has asked for nothing.
        return "requested" if self.affinity.get(window_id) not in {None, WDA_NONE} else "none"


class User32:
    """user32.dll through ctypes."""

    def __init__(self, library: ctypes.CDLL) -> None:
        handle, number = ctypes.c_void_p, ctypes.c_uint32
        self._set: Callable[..., int] = library.SetWindowDisplayAffinity
        library.SetWindowDisplayAffinity.argtypes = [handle, number]
        library.SetWindowDisplayAffinity.restype = ctypes.c_int
        self._get: Callable[..., int] = library.GetWindowDisplayAffinity
        library.GetWindowDisplayAffinity.argtypes = [handle, ctypes.POINTER(number)]
        library.GetWindowDisplayAffinity.restype = ctypes.c_int

    def set(self, window_id: int, affinity: int) -> bool:
        """See `Affinity`."""
        return bool(self._set(window_id, affinity))

    def get(self, window_id: int) -> int | None:
        """See `Affinity`."""
        found = ctypes.c_uint32()
        return found.value if self._get(window_id, ctypes.byref(found)) else None


def windows_guard() -> WindowsGuard | None:
    """The guard of this PC, or None where it does not run Windows."""
    if sys.platform == "win32":
        return WindowsGuard(User32(ctypes.WinDLL("user32")), sys.getwindowsversion().build)
    return None
