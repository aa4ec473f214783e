"""Windows: session notifications (WM_WTSSESSION_CHANGE) for a window of the desk's own that is never shown."""

import ctypes
import sys
from ctypes import wintypes

from PySide6.QtCore import QAbstractNativeEventFilter, QByteArray, QCoreApplication, QObject
from PySide6.QtGui import QWindow

from client.ui.locks.lock import ScreenLock

WM_WTSSESSION_CHANGE = 0x02B1
_NOTIFY_FOR_THIS_SESSION = 0
_OPEN, _SHUT = {1, 3, 8}, {2, 4, 7}
"""WTS_CONSOLE_CONNECT, WTS_REMOTE_CONNECT, WTS_SESSION_UNLOCK; their opposites."""


def told(message: int, parameter: int) -> bool | None:
    """Whether a window message says that the session is locked or away, or None where it says neither."""
    if message != WM_WTSSESSION_CHANGE or parameter not in _OPEN | _SHUT:
        return None
    return parameter in _SHUT


class _Filter(QAbstractNativeEventFilter):
    def __init__(self, lock: ScreenLock) -> None:
        super().__init__()
        self._lock = lock

    def nativeEventFilter(self, kind: QByteArray | bytes | bytearray | memoryview, message: int) -> tuple[bool, int]:
        """Every window message of the process comes by here."""
        name = kind.data() if isinstance(kind, QByteArray) else kind
        if bytes(name) == b"windows_generic_MSG":
            found = wintypes.MSG.from_address(int(message))
            if (locked := told(found.message, found.wParam)) is not None:
                self._lock.say("session", locked)
        return False, 0


class WindowsLock(ScreenLock):
    """Registers a hidden window for the notifications."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._window = QWindow()
        self._filter = _Filter(self)
        app = QCoreApplication.instance()
        if app is not None:
            app.installNativeEventFilter(self._filter)
        if sys.platform == "win32":
            handle = wintypes.HWND(self._window.winId())
            ctypes.WinDLL("wtsapi32").WTSRegisterSessionNotification(handle, _NOTIFY_FOR_THIS_SESSION)
