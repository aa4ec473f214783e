"""Whether this PC's screen is locked, as each operating system tells it."""

import sys

from PySide6.QtCore import QObject

from client.ui.locks.lock import ScreenLock

__all__ = ["ScreenLock", "screen_lock"]


def screen_lock(parent: QObject) -> ScreenLock:
    """Return what watches the lock of this PC."""
    # Each system's way to ask is imported on that system alone.
    if sys.platform == "win32":
        from client.ui.locks.windows import WindowsLock  # noqa: PLC0415

        return WindowsLock(parent)
    if sys.platform == "darwin":
        from client.ui.locks.macos import MacLock  # noqa: PLC0415

        return MacLock(parent)
    from client.ui.locks.linux import linux_lock  # noqa: PLC0415

    return linux_lock(parent)
