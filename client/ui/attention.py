"""Whether somebody looks at the window: it has the focus, it is on the screen, and the PC is not locked."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from client.core.events import Event, WindowFocus

_CHANGES = frozenset({QEvent.Type.ActivationChange, QEvent.Type.Show, QEvent.Type.Hide, QEvent.Type.WindowStateChange})


class Attention(QObject):
    """Tells the core of every change.

    Args:
        window: the window that is looked at.
        tell: takes the event.
        cover: takes off the screen what is in clear, at once: the way through the core comes after.
    """

    def __init__(self, window: QWidget, tell: Callable[[Event], None], cover: Callable[[], None]) -> None:
        super().__init__(window)
        self._window = window
        self._tell = tell
        self._cover = cover
        self._locked = False
        self._told = WindowFocus(focused=False)
        window.installEventFilter(self)
        app = QGuiApplication.instance()
        if isinstance(app, QGuiApplication):
            app.applicationStateChanged.connect(self._look)

    def lock(self, locked: bool) -> None:
        """The operating system has locked this PC's screen, or unlocked it."""
        self._locked = locked
        self._look()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Look again when the window came, went, or changed hands with another."""
        if watched is self._window and event.type() in _CHANGES:
            self._look()
        return False

    def _look(self) -> None:
        active = QGuiApplication.applicationState() is Qt.ApplicationState.ApplicationActive
        now = WindowFocus(active and self._window.isActiveWindow() and self._window.isVisible(), self._locked)
        if not now.focused or now.locked:
            self._cover()
        if now != self._told:
            self._told = now
            self._tell(now)
