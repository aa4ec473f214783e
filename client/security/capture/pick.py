"""Which guard this PC has."""

from client.security.capture.guard import CaptureGuard, Fixed
from client.security.capture.macos import mac_guard
from client.security.capture.windows import windows_guard


def guard_for(qt_platform: str) -> CaptureGuard:
    """Return the guard for the kind of screen that the windows are on.

    Args:
        qt_platform: the name of Qt's platform plug-in. A desk on XWayland has 'xcb' here and is worth what X11 is: any
            other program on XWayland can read its windows.
    """
    nothing = Fixed("none")
    if qt_platform == "windows":
        return windows_guard() or nothing
    if qt_platform == "cocoa":
        return mac_guard() or nothing
    return Fixed("requested") if qt_platform.startswith("wayland") else nothing
