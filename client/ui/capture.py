"""Every top-level window of the desk is protected from capture before it is first shown, and again when it is remade.

Menus, tooltips, popups and dialogs are windows to the operating system; one of them left out would do for a capture of
what it shows. So the filter sits on the application and not on a window.
"""

import threading
from typing import Literal, Protocol

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtGui import QPlatformSurfaceEvent, QWindow
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import getCppPointer

Protection = Literal["verified", "requested", "none"]
_WORTH: dict[Protection, int] = {"none": 0, "requested": 1, "verified": 2}
_WATCHED = frozenset({QEvent.Type.PlatformSurface, QEvent.Type.Show, QEvent.Type.Expose})
_AGAIN_MS = 10_000
"""How often what was asked is read back: another program in the session may have taken it away."""


class Guard(Protocol):
    """What asks the operating system (`client.security.capture.CaptureGuard`)."""

    def protect(self, window_id: int) -> Protection:
        """Protect a window and tell how sure that is."""


class CaptureSummary:
    """How well the desk's windows are protected, all taken together. May be asked from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._windows: dict[int, tuple[Protection, Protection]] = {}
        """Of each native window: how it stands, and the best that it ever was."""

    @property
    def state(self) -> Protection:
        """The weakest of all windows; 'none' before there is one."""
        with self._lock:
            return min((now for now, _ in self._windows.values()), key=_WORTH.__getitem__, default="none")

    def known(self) -> tuple[int, ...]:
        """The windows that were asked for and still exist."""
        with self._lock:
            return tuple(self._windows)

    def of(self, window_id: int) -> Protection | None:
        """How a window stands, or None while nobody has asked for it."""
        with self._lock:
            return self._windows[window_id][0] if window_id in self._windows else None

    def is_weaker(self, window_id: int) -> bool:
        """Whether the window is protected less than it once was."""
        with self._lock:
            now, best = self._windows.get(window_id, ("none", "none"))
            return _WORTH[now] < _WORTH[best]

    def put(self, window_id: int, found: Protection) -> None:
        """A window is protected this well."""
        with self._lock:
            _, best = self._windows.get(window_id, (found, found))
            self._windows[window_id] = found, max(found, best, key=_WORTH.__getitem__)

    def forget(self, window_id: int) -> None:
        """The window is no more."""
        with self._lock:
            self._windows.pop(window_id, None)


class CaptureProtector(QObject):
    """Asks the guard for every window of the application; make it before the first window.

    `changed` is emitted when a window is protected otherwise than before, `summarised` when all of them together are.
    """

    changed = Signal()
    summarised = Signal(str)

    def __init__(self, app: QApplication, guard: Guard) -> None:
        super().__init__(app)
        self._guard = guard
        self.summary = CaptureSummary()
        self._ids: dict[int, int] = {}
        """The native number that each of Qt's windows, by its address, was last seen with."""
        self._told = self.summary.state
        self.changed.connect(self._summarise)
        self._app = app
        app.installEventFilter(self)
        self._timer = QTimer(self)
        self._timer.setInterval(_AGAIN_MS)
        self._timer.timeout.connect(self.check)
        self._timer.start()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A native window was made, is about to be shown or painted in, or goes."""
        kind = event.type()
        if kind not in _WATCHED:
            return False
        if isinstance(watched, QWidget):
            # Of what is made or goes Qt's window tells; the widget only hears of it again.
            handle = watched.windowHandle() if watched.isWindow() and kind == QEvent.Type.Show else None
            if handle is not None and _address(handle) in self._ids:
                self._see(handle)
        elif isinstance(watched, QWindow) and watched.isTopLevel():
            self._window(watched, event)
        return False

    def _window(self, window: QWindow, event: QEvent) -> None:
        if isinstance(event, QPlatformSurfaceEvent):
            if event.surfaceEventType() is QPlatformSurfaceEvent.SurfaceEventType.SurfaceCreated:
                # Before anything of it can be on the screen.
                self._see(window)
            elif (gone := self._ids.pop(_address(window), None)) is not None:
                self.summary.forget(gone)
                self.changed.emit()
        elif event.type() != QEvent.Type.Expose or self._ids.get(_address(window)) != window.winId():
            # A platform may remake a window without a word (X11 does, for tooltips); what is painted in is asked again.
            self._see(window)

    def _see(self, window: QWindow) -> None:
        window_id, before = window.winId(), self._ids.get(_address(window))
        self._ids[_address(window)] = window_id
        if before is not None and before != window_id:
            self.summary.forget(before)
        self._protect(window_id)

    def _protect(self, window_id: int) -> None:
        before = self.summary.of(window_id)
        found = self._guard.protect(window_id)
        self.summary.put(window_id, found)
        if found != before:
            self.changed.emit()

    def _summarise(self) -> None:
        if (state := self.summary.state) != self._told:
            self._told = state
            self.summarised.emit(state)

    def stop(self) -> None:
        """The desk ends: nobody is told of the windows that go now."""
        self._timer.stop()
        self._app.removeEventFilter(self)

    def check(self) -> None:
        """Read back how every window stands now."""
        for window_id in self.summary.known():
            self._protect(window_id)

    def covers(self, widget: QWidget) -> bool:
        """Whether the window that a widget is in was asked for as it is now, and has lost nothing since."""
        window_id = self._id_of(widget)
        return self.summary.of(window_id) is not None and not self.summary.is_weaker(window_id)

    def verified(self, widget: QWidget) -> bool:
        """Whether the system has confirmed that the window of a widget is left out of captures."""
        return self.summary.of(self._id_of(widget)) == "verified"

    def _id_of(self, widget: QWidget) -> int:
        """The native number of a widget's window, 0 while it has none. To ask Qt for it would make one."""
        handle = widget.window().windowHandle()
        return self._ids.get(_address(handle), 0) if handle is not None else 0


def _address(window: QWindow) -> int:
    return int(getCppPointer(window)[0])
