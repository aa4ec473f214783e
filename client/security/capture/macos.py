"""macOS: `NSWindow.sharingType = none`, through the Objective-C runtime.

The window server leaves such a window out of what the older capture calls return. ScreenCaptureKit of macOS 15 does
not look at it, so this is asked for and never proven.
"""

import ctypes
import ctypes.util
from dataclasses import dataclass
from typing import Protocol

from client.security.capture.guard import Protection

SHARING_NONE = 0
"""NSWindowSharingNone"""


class Sharing(Protocol):
    """The messages to an NSView's window."""

    def set(self, view: int, sharing: int) -> bool:
        """Whether there is a window that was told."""

    def get(self, view: int) -> int | None:
        """What its window has, None where the view has none."""


@dataclass(frozen=True)
class MacGuard:
    """Sets the sharing type; never more than 'requested'."""

    sharing: Sharing

    def protect(self, window_id: int) -> Protection:
        """See `CaptureGuard`; the number is that of an NSView, as Qt gives it."""
        if not self.sharing.set(window_id, SHARING_NONE):
            return "none"
        return "requested" if self.sharing.get(window_id) == SHARING_NONE else "none"


class ObjectiveC:
    """Messages through `objc_msgSend`. In the main thread only, as everything in AppKit."""

    def __init__(self, library: ctypes.CDLL) -> None:
        self._name = library.sel_registerName
        self._name.restype = ctypes.c_void_p
        self._name.argtypes = [ctypes.c_char_p]
        address = ctypes.cast(library.objc_msgSend, ctypes.c_void_p).value
        # Each message has a type of its own: objc_msgSend called with another's corrupts the arguments on arm64.
        pointer, whole = ctypes.c_void_p, ctypes.c_ulong
        self._object = ctypes.CFUNCTYPE(pointer, pointer, pointer)(address or 0)
        self._tell = ctypes.CFUNCTYPE(None, pointer, pointer, whole)(address or 0)
        self._ask = ctypes.CFUNCTYPE(whole, pointer, pointer)(address or 0)

    def set(self, view: int, sharing: int) -> bool:
        """See `Sharing`."""
        window = self._object(view, self._name(b"window"))
        if not window:
            return False
        self._tell(window, self._name(b"setSharingType:"), sharing)
        return True

    def get(self, view: int) -> int | None:
        """See `Sharing`."""
        window = self._object(view, self._name(b"window"))
        return int(self._ask(window, self._name(b"sharingType"))) if window else None


def mac_guard() -> MacGuard | None:
    """The guard of this Mac, or None where there is no Objective-C runtime."""
    found = ctypes.util.find_library("objc")
    return MacGuard(ObjectiveC(ctypes.CDLL(found))) if found else None
