"""What every system's watcher of the lock shares."""

from PySide6.QtCore import QObject, Signal


class ScreenLock(QObject):
    """Tells when the screen is locked and when it is open again.

    Several sources may speak of it, and not all of them tell both: it is locked while any of them says so.
    """

    changed = Signal(bool)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._said: dict[str, bool] = {}

    @property
    def locked(self) -> bool:
        """Whether the screen is locked now, as far as anything told."""
        return any(self._said.values())

    def say(self, source: str, locked: bool) -> None:
        """A source tells."""
        before = self.locked
        self._said[source] = locked
        if self.locked is not before:
            self.changed.emit(self.locked)
