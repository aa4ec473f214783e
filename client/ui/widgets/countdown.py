"""Time that runs out: a bar that gets shorter, and the words for it beside it."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from client.ui.kit import Kit

_HEIGHT = 6


class Countdown(QWidget):
    """How much of the time is left. The words beside it say the same, so assistive technology passes it over."""

    def __init__(self, kit: Kit) -> None:
        super().__init__()
        self._kit = kit
        self._left = 1.0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_left(self, left: float) -> None:
        """Show which part of the time is left, from 1 to 0."""
        self._left = min(max(left, 0.0), 1.0)
        self.update()

    def sizeHint(self) -> QSize:
        """Low and wide."""
        return QSize(self._kit.theme.px(80), self._kit.theme.px(_HEIGHT))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the bar: the whole time as an outline, what is left of it filled."""
        theme = self._kit.theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        radius = box.height() / 2
        painter.setPen(QPen(theme.colour("brand"), 1))
        painter.setBrush(theme.colour("card"))
        painter.drawRoundedRect(box, radius, radius)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("brand"))
        box.setWidth(max(box.height(), box.width() * self._left) if self._left > 0 else 0)
        painter.drawRoundedRect(box, radius, radius)
