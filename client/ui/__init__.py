"""The screens. `start` makes the application and the window; `Bridge` ties them to the core."""

from collections.abc import Sequence

from PySide6.QtWidgets import QApplication

from client.ui.bridge import Bridge
from client.ui.capture import CaptureProtector
from client.ui.clear import ClearSource
from client.ui.desk_window import DeskWindow
from client.ui.i18n.languages import Languages
from client.ui.locks import screen_lock
from client.ui.preferences import JsonPreferences, Preferences
from client.ui.theme.theme import Theme
from client.ui.watermark import MakeTile, Watermark
from client.ui.window_guard import WindowGuard

__all__ = ["Bridge", "CaptureProtector", "DeskWindow", "JsonPreferences", "Preferences", "application", "start"]


def application(argv: Sequence[str]) -> QApplication:
    """Return the Qt application, made if there is none. It must exist before the bridge."""
    running = QApplication.instance()
    if isinstance(running, QApplication):
        return running
    app = QApplication(list(argv))
    app.setApplicationName("Hearthline")
    app.setApplicationDisplayName("Hearthline")
    app.setStyle("Fusion")
    return app


def start(
    bridge: Bridge,
    preferences: Preferences,
    argv: Sequence[str],
    *,
    safe: ClearSource | None = None,
    capture: CaptureProtector | None = None,
    make_tile: MakeTile | None = None,
) -> tuple[QApplication, DeskWindow]:
    """Make the window, show it, and return it with the application; call `exec` on the latter.

    In order: `application(argv)`, then `Bridge(send)`, then `start(...)`, then the core's thread, whose every new
    snapshot goes to `bridge.publish`. When `exec` returns the person has closed the window.

    Args:
        bridge: ties the window to the core.
        preferences: what the person has chosen.
        argv: the program's arguments.
        safe: where what may be painted in clear is.
        capture: protects the windows; with it, this one is covered while nobody should see it.
        make_tile: makes the watermark's pattern; with it, the window has a watermark as the policy wants it.
    """
    app = application(argv)
    window = DeskWindow(bridge, preferences, Theme(app), Languages(app), safe=safe)
    window.resize(1360, 850)
    if capture is not None:
        guard = WindowGuard(window, screen_lock(window), capture)
        bridge.snapshot.connect(guard.show_snapshot)
    if make_tile is not None:
        watermark = Watermark(window, window.kit, make_tile)
        bridge.snapshot.connect(watermark.show_snapshot)
    window.show()
    return app, window
