"""The screens. `start` makes the application and the window; `Bridge` ties them to the core."""

from collections.abc import Sequence

from PySide6.QtWidgets import QApplication

from client.ui.bridge import Bridge
from client.ui.desk_window import DeskWindow
from client.ui.i18n.languages import Languages
from client.ui.preferences import JsonPreferences, Preferences
from client.ui.theme.theme import Theme

__all__ = ["Bridge", "DeskWindow", "JsonPreferences", "Preferences", "application", "start"]


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


def start(bridge: Bridge, preferences: Preferences, argv: Sequence[str]) -> tuple[QApplication, DeskWindow]:
    """Make the window, show it, and return it with the application; call `exec` on the latter.

    In order: `application(argv)`, then `Bridge(send)`, then `start(...)`, then the core's thread, whose every new
    snapshot goes to `bridge.publish`. When `exec` returns the person has closed the window.
    """
    app = application(argv)
    window = DeskWindow(bridge, preferences, Theme(app), Languages(app))
    window.resize(1360, 850)
    window.show()
    return app, window
