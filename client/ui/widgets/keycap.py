"""Key-caps: how a key is drawn beside what it does."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from client.ui.keynames import caps
from client.ui.kit import Kit
from client.ui.theme.theme import Theme
from client.ui.theme.tokens import RADIUS_KEY, Type

_PAD, _GAP, _HEIGHT = 6, 3, 20


def width(theme: Theme, names: tuple[str, ...]) -> int:
    """How wide these caps are."""
    metrics = QFontMetrics(theme.font(Type.CAPTION, strong=True, mono=True))
    each = (max(theme.px(_HEIGHT), metrics.horizontalAdvance(name) + 2 * theme.px(_PAD)) for name in names)
    return sum(each) + theme.px(_GAP) * max(0, len(names) - 1)


def height(theme: Theme) -> int:
    """How high a cap is."""
    return theme.px(_HEIGHT)


def draw(painter: QPainter, theme: Theme, at: QPointF, names: tuple[str, ...], ink: QColor | None) -> None:
    """Draw caps to the right of a point, centred on it. `ink` is the text's colour upon a solid ground."""
    left = at.x()
    metrics = QFontMetrics(theme.font(Type.CAPTION, strong=True, mono=True))
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setFont(theme.font(Type.CAPTION, strong=True, mono=True))
    for name in names:
        wide = max(theme.px(_HEIGHT), metrics.horizontalAdvance(name) + 2 * theme.px(_PAD))
        box = QRectF(left + 0.5, at.y() - height(theme) / 2 + 0.5, wide - 1, height(theme) - 1)
        if ink is None:
            painter.setBrush(theme.colour("key"))
            painter.setPen(QPen(theme.colour("edge"), 1))
        else:
            # Upon a solid ground the cap is an outline: a tint would cost the contrast of its letter.
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(ink, 1))
        painter.drawRoundedRect(box, theme.px(RADIUS_KEY), theme.px(RADIUS_KEY))
        painter.setPen(ink if ink is not None else theme.colour("dim"))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, name)
        left += wide + theme.px(_GAP)
    painter.restore()


class Caps(QWidget):
    """Key-caps that stand alone. Their meaning is in the text beside them."""

    def __init__(self, kit: Kit, names: tuple[str, ...]) -> None:
        super().__init__()
        self._kit = kit
        self._names = names
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    @property
    def names(self) -> tuple[str, ...]:
        """What stands on the caps."""
        return self._names

    def sizeHint(self) -> QSize:
        """As wide as the keys."""
        return QSize(width(self._kit.theme, self.names), height(self._kit.theme))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the caps."""
        draw(QPainter(self), self._kit.theme, QPointF(0, self.height() / 2), self.names, None)


class KeyCap(Caps):
    """The key-cap of one command in the profile in force, for places that are no button."""

    def __init__(self, kit: Kit, command: str) -> None:
        super().__init__(kit, ())
        self._command = command

    @property
    def names(self) -> tuple[str, ...]:
        """The command's keys."""
        return caps(self._kit.key(self._command))

    def retranslate(self) -> None:
        """The profile or the language changed."""
        self.updateGeometry()
        self.update()
