"""What this PC reports of itself at sign-in. The server decides what that is worth."""

import os
import platform
from typing import Literal

from provisioning.trust import Posture

_Display = Literal["windows", "macos", "wayland", "x11", "offscreen", "unknown"]
_PLATFORMS: dict[str, _Display] = {
    "windows": "windows",
    "cocoa": "macos",
    "wayland": "wayland",
    "xcb": "x11",
    "offscreen": "offscreen",
}


def collect_posture(qt_platform: str) -> Posture:
    """Report on this PC.

    Args:
        qt_platform: the name of Qt's platform plug-in, which knows what kind of screen the windows are on.
    """
    display = next((name for key, name in _PLATFORMS.items() if qt_platform.startswith(key)), "unknown")
    return Posture(
        os=platform.system() or os.name,
        os_version=_version()[:120],
        display=display,
        # Nothing here has been read back from the operating system, so nothing is claimed.
        capture_protection="none",
        key_storage="os-key-store",
    )


def _version() -> str:
    if platform.system() == "Linux":
        try:
            return platform.freedesktop_os_release().get("PRETTY_NAME", platform.release())
        except OSError:
            return platform.release()
    return platform.version()
