"""Keeps what is on the screen from leaving it by other ways than a call, and covers it while nobody should see it."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QClipboard, QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QApplication, QWidget

from client.core.snapshot import DeskSnapshot, ScreenPolicy
from client.ui.capture import CaptureProtector
from client.ui.covering import Hidden
from client.ui.desk_window import DeskWindow
from client.ui.keyboard import is_text_field
from client.ui.locks.lock import ScreenLock

_DROPS = frozenset({QEvent.Type.DragEnter, QEvent.Type.DragMove, QEvent.Type.Drop})
_KEYS = frozenset({QEvent.Type.KeyPress, QEvent.Type.ShortcutOverride})
_WATCHED = _DROPS | _KEYS | {QEvent.Type.ContextMenu}
_TAKES_AWAY = (QKeySequence.StandardKey.Copy, QKeySequence.StandardKey.Cut, QKeySequence.StandardKey.Print)


class WindowGuard(QObject):
    """For all windows of the desk: no drop, no drag, no menu, no copy but in fields to write in.

    It covers customers' data when another program has the focus, when the screen is locked, and while the window is
    not protected from capture, and takes the cover away by itself. The core hears of focus and lock from the window's
    `Attention`, after the screen has covered itself.

    Args:
        window: the desk's window.
        lock: tells when the screen is locked.
        capture: tells how the windows are protected.
        active: whether one of the desk's windows has the focus; by default, as Qt says.
    """

    def __init__(
        self,
        window: DeskWindow,
        lock: ScreenLock,
        capture: CaptureProtector,
        active: Callable[[], bool] | None = None,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._lock = lock
        self._capture = capture
        self._active = active or _active
        self._blank_unfocused = True
        self._person = ""
        app = QApplication.instance()
        if not isinstance(app, QApplication):
            raise TypeError("there is no application whose windows could be guarded")
        app.installEventFilter(self)
        app.applicationStateChanged.connect(self.look)
        lock.changed.connect(self.look)
        capture.changed.connect(self.look)
        self.look()

    def obey(self, policy: ScreenPolicy) -> None:
        """Take the organisation's policy; a locked screen is covered whatever it says."""
        if policy.blank_when_unfocused is not self._blank_unfocused:
            self._blank_unfocused = policy.blank_when_unfocused
            self.look()

    def show_snapshot(self, snapshot: DeskSnapshot) -> None:
        """Obey what the manifest says; who signs out leaves nothing of the desk on the clipboard."""
        self.obey(snapshot.policy)
        person = snapshot.person.name if snapshot.person is not None else ""
        if self._person and person != self._person:
            clear_clipboard()
        self._person = person

    def look(self, *_: object) -> None:
        """Look again whether the window may show customers' data."""
        focused, locked = self._active(), self._lock.locked
        hidden: Hidden | None = None
        if locked:
            hidden = Hidden.LOCKED
        elif not self._capture.covers(self._window):
            hidden = Hidden.CAPTURE
        elif self._blank_unfocused and not focused:
            hidden = Hidden.UNFOCUSED
        self._window.cover(hidden)
        if not focused or locked:
            clear_clipboard()
        self._window.attention.lock(locked)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stop what would carry data out of a window, or something into it."""
        kind = event.type()
        if kind not in _WATCHED:
            return False
        if kind in _KEYS:
            return self._keys(watched, event)
        event.ignore()
        return True

    @staticmethod
    def _keys(watched: QObject, event: QEvent) -> bool:
        """Lists copy the row with the focus by themselves; only a field to write in may copy, what was written."""
        if not isinstance(event, QKeyEvent) or not isinstance(watched, QWidget):
            return False
        if is_text_field(watched) or not any(event.matches(key) for key in _TAKES_AWAY):
            return False
        event.accept()
        return True


def _active() -> bool:
    return QGuiApplication.applicationState() is Qt.ApplicationState.ApplicationActive


def clear_clipboard() -> None:
    """Take off the clipboards what the desk has put there, and nothing else. X11's selection is one of them."""
    clipboard = QGuiApplication.clipboard()
    if clipboard.ownsClipboard():
        clipboard.clear(QClipboard.Mode.Clipboard)
    if clipboard.supportsSelection() and clipboard.ownsSelection():
        clipboard.clear(QClipboard.Mode.Selection)
