"""macOS: the distributed notifications com.apple.screenIsLocked and com.apple.screenIsUnlocked."""

import ctypes
import ctypes.util

from PySide6.QtCore import QObject

from client.ui.locks.lock import ScreenLock

LOCKED, UNLOCKED = "com.apple.screenIsLocked", "com.apple.screenIsUnlocked"
_UTF8 = 0x08000100
_AT_ONCE = 4
"""CFNotificationSuspensionBehaviorDeliverImmediately"""


class MacLock(ScreenLock):
    """An observer at the distributed notification centre; it is called in the thread that runs the main loop."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        found = ctypes.util.find_library("CoreFoundation")
        if found is None:
            return
        library = ctypes.CDLL(found)
        pointer = ctypes.c_void_p
        callback = ctypes.CFUNCTYPE(None, pointer, pointer, pointer, pointer, pointer)
        # Kept: what is called after it was collected ends the process.
        self._locked = callback(lambda *_: self.say("session", True))
        self._unlocked = callback(lambda *_: self.say("session", False))
        library.CFNotificationCenterGetDistributedCenter.restype = pointer
        library.CFStringCreateWithCString.restype = pointer
        library.CFStringCreateWithCString.argtypes = [pointer, ctypes.c_char_p, ctypes.c_uint32]
        library.CFNotificationCenterAddObserver.argtypes = [
            pointer, pointer, callback, pointer, pointer, ctypes.c_long,
        ]  # fmt: skip
        library.CFNotificationCenterAddObserver.restype = None
        centre = library.CFNotificationCenterGetDistributedCenter()
        for name, called in ((LOCKED, self._locked), (UNLOCKED, self._unlocked)):
            text = library.CFStringCreateWithCString(None, name.encode(), _UTF8)
            library.CFNotificationCenterAddObserver(centre, id(self), called, text, None, _AT_ONCE)
