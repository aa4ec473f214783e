"""Which monitors there are, told by Qt in its own thread and read from any."""

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QGuiApplication


class Monitors(QObject):
    """Follows monitors that come and go; make it in Qt's thread. `changed` tells of each."""

    changed = Signal()

    def __init__(self, app: QGuiApplication) -> None:
        super().__init__(app)
        self._app = app
        self._names: tuple[str, ...] | None = None
        self._look()
        app.screenAdded.connect(self._follow)
        app.screenRemoved.connect(self._follow)

    @property
    def names(self) -> tuple[str, ...] | None:
        """What each monitor is called, with its maker and model; None on a platform without any."""
        return self._names

    def _follow(self) -> None:
        self._look()
        self.changed.emit()

    def _look(self) -> None:
        if self._app.platformName() in {"offscreen", "minimal"}:
            return
        # Replaced as a whole, so that another thread reads the old tuple or the new one.
        self._names = tuple(
            " ".join((screen.name(), screen.manufacturer(), screen.model())) for screen in self._app.screens()
        )
