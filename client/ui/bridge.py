"""The bridge between the core's thread and Qt's: snapshots come in as queued signals, events go out by a callable."""

import threading
from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, Signal, Slot

from client.core.events import Event
from client.core.snapshot import DeskSnapshot


class Bridge(QObject):
    """Carries snapshots into the thread that made this object, and events out of it.

    Make it in the Qt thread. `snapshot` is emitted there and nowhere else. The latest wins: a snapshot that was
    overtaken before Qt got to it is never shown, so a flood of them costs one repaint and no memory.
    """

    snapshot = Signal(object)
    _wake = Signal()

    def __init__(self, send: Callable[[Event], None], parent: QObject | None = None) -> None:
        """`send` takes an event from any thread and returns at once, such as `loop.call_soon_threadsafe` would."""
        super().__init__(parent)
        self._send = send
        self._lock = threading.Lock()
        self._latest: DeskSnapshot | None = None
        self._wake.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    def publish(self, snapshot: DeskSnapshot) -> None:
        """Show a snapshot. May be called from any thread, and never blocks on the screen."""
        with self._lock:
            waiting = self._latest is not None
            self._latest = snapshot
        if not waiting:
            self._wake.emit()

    def send(self, event: Event) -> None:
        """Tell the core. May be called from any thread."""
        self._send(event)

    @Slot()
    def _deliver(self) -> None:
        with self._lock:
            latest, self._latest = self._latest, None
        if latest is not None:
            self.snapshot.emit(latest)
