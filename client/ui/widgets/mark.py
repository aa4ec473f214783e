"""The product's mark: a hearth's arch, and a line under it."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from client.ui.kit import Kit


class Mark(QWidget):
    """Drawn, so that it is sharp at every zoom and right in every theme. It is an ornament."""

    def __init__(self, kit: Kit, size: int) -> None:
        super().__init__()
        self._kit = kit
        self._size = size
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """A square."""
        return QSize(self._kit.theme.px(self._size), self._kit.theme.px(self._size))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the arch, the flame and the line."""
        theme = self._kit.theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.scale(self.width() / 48, self.height() / 48)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("brand_solid"))
        painter.drawRoundedRect(QRectF(0, 0, 48, 48), 12, 12)
        pen = QPen(theme.colour("on_brand"), 3.2)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        arch = QPainterPath()
        arch.moveTo(12, 36)
        arch.lineTo(12, 24)
        arch.cubicTo(12, 8, 36, 8, 36, 24)
        arch.lineTo(36, 36)
        arch.moveTo(9, 37)
        arch.lineTo(39, 37)
        painter.drawPath(arch)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("on_brand"))
        flame = QPainterPath()
        flame.moveTo(24, 17.5)
        flame.cubicTo(25, 22, 30, 23.5, 30, 28.5)
        flame.cubicTo(30, 32, 27.4, 34, 24, 34)
        flame.cubicTo(20.6, 34, 18, 32, 18, 28.5)
        flame.cubicTo(18, 25, 22.6, 23, 24, 17.5)
        painter.drawPath(flame)
