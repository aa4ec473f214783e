"""The quiet sign beside a covered value that it can be shown."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QPushButton, QSizePolicy

from client.ui.kit import Kit
from client.ui.theme.tokens import RADIUS_BUTTON
from client.ui.widgets import glyph as glyphs
from client.ui.widgets.glyph import Glyph

_SIDE, _SIGN = 30, 17


class ShowButton(QPushButton):
    """An eye; its words are its accessible name."""

    def __init__(self, kit: Kit) -> None:
        super().__init__()
        self._kit = kit
        self.setAutoDefault(False)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """A square large enough for an unsteady hand (WCAG 2.2, 2.5.8)."""
        return QSize(self._kit.theme.px(_SIDE), self._kit.theme.px(_SIDE))

    def minimumSizeHint(self) -> QSize:
        """Never cut."""
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the eye; a ground appears under the pointer."""
        theme = self._kit.theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        touched = self.isEnabled() and (self.underMouse() or self.isDown())
        if touched:
            painter.setPen(QPen(theme.colour("edge"), 1))
            painter.setBrush(theme.colour("pressed" if self.isDown() else "hover"))
            radius = theme.px(RADIUS_BUTTON)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), radius, radius)
        side = theme.px(_SIGN)
        box = QRectF((self.width() - side) / 2, (self.height() - side) / 2, side, side)
        tone = "brand" if self.isEnabled() else "disabled"
        glyphs.draw(painter, Glyph.EYE, box, theme.colour(tone))
