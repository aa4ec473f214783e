"""What only the desk's own windows know of a PC: the kind of screen, its monitors, and what captures get of them."""

from dataclasses import dataclass, field

from provisioning.posture import CaptureProtection, Display, Switch

_PLATFORMS: dict[str, Display] = {
    "windows": "windows",
    "cocoa": "macos",
    "wayland": "wayland",
    "xcb": "x11",
    "offscreen": "offscreen",
}
_DRAWN_ELSEWHERE = (
    *("vnc", "rdp", "virtual", "dummy", "headless", "spice", "qxl", "sidecar", "airplay", "duet", "spacedesk"),
    *("idddriver", "parsec", "usbmmidd", "meta monitor"),
)
"""Parts of the names that drivers of monitors without a device give them."""


@dataclass(frozen=True)
class DeskSeen:
    """As the desk's windows are now."""

    qt_platform: str
    """The name of Qt's platform plug-in."""
    capture: CaptureProtection = "none"
    monitors: tuple[str, ...] | None = field(default=None, repr=False)
    """What each monitor is called, maker and model included; None where Qt can't tell. Only counted."""

    @property
    def display(self) -> Display:
        """What kind of screen the windows are on."""
        return next((name for key, name in _PLATFORMS.items() if self.qt_platform.startswith(key)), "unknown")

    @property
    def remote_monitor(self) -> Switch:
        """Whether a monitor is drawn elsewhere."""
        if self.monitors is None:
            return "unknown"
        named = (name.casefold() for name in self.monitors)
        return "on" if any(part in name for name in named for part in _DRAWN_ELSEWHERE) else "off"
