"""A few drawn signs, so that no state is told by colour alone. Each is a path in a 16 by 16 box."""

from enum import StrEnum

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from client.ui.theme.theme import Theme


class Glyph(StrEnum):
    """The signs."""

    CHECK = "check"
    CROSS = "cross"
    WARN = "warn"
    DOT = "dot"
    RING = "ring"
    PAUSE = "pause"
    PHONE = "phone"
    PEN = "pen"
    EYE = "eye"
    SHIELD = "shield"
    MUTE = "mute"
    OUT = "out"
    IN = "in"
    MISSED = "missed"
    TOGETHER = "together"
    LETTER = "letter"


_FILLED = {Glyph.DOT, Glyph.PAUSE, Glyph.PHONE}


def _lines(*runs: tuple[tuple[float, float], ...]) -> QPainterPath:
    path = QPainterPath()
    for run in runs:
        path.moveTo(QPointF(*run[0]))
        for point in run[1:]:
            path.lineTo(QPointF(*point))
    return path


def _path(glyph: Glyph) -> QPainterPath:  # noqa: PLR0911, PLR0912, PLR0915 - one branch a sign
    path = QPainterPath()
    match glyph:
        case Glyph.CHECK:
            return _lines(((3, 8.5), (6.5, 12), (13, 4.5)))
        case Glyph.CROSS:
            return _lines(((4, 4), (12, 12)), ((12, 4), (4, 12)))
        case Glyph.WARN:
            path = _lines(((8, 2), (14.5, 13.5), (1.5, 13.5), (8, 2)), ((8, 6.5), (8, 9.5)))
            path.addEllipse(QPointF(8, 11.6), 0.35, 0.35)
            return path
        case Glyph.DOT:
            path.addEllipse(QPointF(8, 8), 4.5, 4.5)
        case Glyph.RING:
            path.addEllipse(QPointF(8, 8), 5, 5)
        case Glyph.PAUSE:
            path.addRoundedRect(QRectF(4, 3, 3, 10), 1, 1)
            path.addRoundedRect(QRectF(9, 3, 3, 10), 1, 1)
        case Glyph.PHONE:
            path.moveTo(3.2, 2.2)
            path.cubicTo(4.4, 1.4, 5.6, 1.6, 6.2, 2.8)
            path.lineTo(7, 4.6)
            path.cubicTo(7.4, 5.6, 6.8, 6.3, 6, 6.9)
            path.cubicTo(6.6, 8.3, 7.7, 9.4, 9.1, 10)
            path.cubicTo(9.7, 9.2, 10.4, 8.6, 11.4, 9)
            path.lineTo(13.2, 9.8)
            path.cubicTo(14.4, 10.4, 14.6, 11.6, 13.8, 12.8)
            path.cubicTo(12.8, 14.2, 10.9, 14.5, 8.6, 13.4)
            path.cubicTo(5.9, 12.1, 3.9, 10.1, 2.6, 7.4)
            path.cubicTo(1.5, 5.1, 1.8, 3.2, 3.2, 2.2)
        case Glyph.PEN:
            return _lines(((3, 13), (3.8, 9.8), (11, 2.6), (13.4, 5), (6.2, 12.2), (3, 13)))
        case Glyph.EYE:
            path.moveTo(1.5, 8)
            path.quadTo(8, -0.5, 14.5, 8)
            path.quadTo(8, 16.5, 1.5, 8)
            path.addEllipse(QPointF(8, 8), 2, 2)
        case Glyph.SHIELD:
            path.moveTo(8, 1.5)
            path.lineTo(13.5, 3.5)
            path.cubicTo(13.5, 9, 12, 12.5, 8, 14.5)
            path.cubicTo(4, 12.5, 2.5, 9, 2.5, 3.5)
            path.closeSubpath()
        case Glyph.MUTE:
            path.addRoundedRect(QRectF(6, 1.5, 4, 7.5), 2, 2)
            path.addPath(_lines(((3.5, 7.5), (4.4, 10), (8, 11.6), (11.6, 10), (12.5, 7.5)), ((8, 11.6), (8, 14.5))))
            path.addPath(_lines(((2.5, 1.5), (13.5, 14.5))))
        case Glyph.OUT:
            return _lines(((4, 12), (12, 4)), ((6, 4), (12, 4), (12, 10)))
        case Glyph.IN:
            return _lines(((12, 4), (4, 12)), ((10, 12), (4, 12), (4, 6)))
        case Glyph.TOGETHER:
            path.addEllipse(QPointF(5.5, 5), 2.4, 2.4)
            path.addEllipse(QPointF(11.3, 6), 1.9, 1.9)
            path.moveTo(1.5, 13)
            path.cubicTo(1.5, 8, 9.5, 8, 9.5, 13)
            path.moveTo(11.3, 9.5)
            path.cubicTo(13.6, 9.5, 14.5, 11, 14.5, 13)
        case Glyph.LETTER:
            path.addRoundedRect(QRectF(1.8, 3.5, 12.4, 9), 1.2, 1.2)
            path.addPath(_lines(((2.4, 4.6), (8, 8.8), (13.6, 4.6))))
        case Glyph.MISSED:
            return _lines(((2, 5), (8, 11), (14, 5)), ((2, 9.5), (2, 5), (6.5, 5)))
    return path


def draw(painter: QPainter, glyph: Glyph, box: QRectF, colour: QColor) -> None:
    """Draw a sign into a square box."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(box.topLeft())
    painter.scale(box.width() / 16, box.height() / 16)
    if glyph in _FILLED:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
    else:
        pen = QPen(colour, 1.7)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPath(_path(glyph))
    painter.restore()


class GlyphView(QWidget):
    """A sign beside the words that say the same; screen readers read the words."""

    def __init__(self, theme: Theme, glyph: Glyph, tone: str = "dim", size: int = 16) -> None:
        super().__init__()
        self._theme = theme
        self._glyph = glyph
        self._tone = tone
        self._size = size
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_as(self, glyph: Glyph, tone: str) -> None:
        """Change the sign and its colour."""
        if (glyph, tone) != (self._glyph, self._tone):
            self._glyph, self._tone = glyph, tone
            self.update()

    def sizeHint(self) -> QSize:
        """A square."""
        return QSize(self._theme.px(self._size), self._theme.px(self._size))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the sign."""
        side = min(self.width(), self.height())
        box = QRectF((self.width() - side) / 2, (self.height() - side) / 2, side, side)
        draw(QPainter(self), self._glyph, box, self._theme.colour(self._tone))
