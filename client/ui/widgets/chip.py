"""Chips and the state pill: short words in a shape."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFocusEvent, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QLabel, QSizePolicy

from client.ui.kit import Kit
from client.ui.theme.tokens import RADIUS_KEY, Type
from client.ui.widgets import glyph as glyphs
from client.ui.widgets.glyph import Glyph


class Chip(QLabel):
    """A short word with an outline, such as a data class."""

    def __init__(self, kit: Kit, text: str = "", *, tone: str = "faint") -> None:
        super().__init__(text)
        self._kit = kit
        self._tone = tone
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setTextInteractionFlags(Qt.TextInteractionFlag.NoTextInteraction)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """The word and a little room."""
        theme = self._kit.theme
        metrics = QFontMetrics(theme.font(Type.CAPTION))
        return QSize(metrics.horizontalAdvance(self.text()) + theme.px(13), metrics.height() + theme.px(3))

    def minimumSizeHint(self) -> QSize:
        """Never cut."""
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw outline and word."""
        theme = self._kit.theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.colour("edge"), 1))
        box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.drawRoundedRect(box, theme.px(RADIUS_KEY), theme.px(RADIUS_KEY))
        painter.setPen(theme.colour(self._tone))
        painter.setFont(theme.font(Type.CAPTION))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, self.text())


class Pill(QLabel):
    """A state with its sign and its colour. It can have the focus, so that it can be read at any time."""

    def __init__(self, kit: Kit, *, size: Type = Type.BODY) -> None:
        super().__init__()
        self._kit = kit
        self._size = size
        self._tone = "dim"
        self._glyph = Glyph.RING
        self._outlined = False
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setTextInteractionFlags(Qt.TextInteractionFlag.NoTextInteraction)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_state(self, text: str, tone: str, glyph: Glyph, *, spoken: str = "", outlined: bool = False) -> None:
        """Change what it says. `spoken` leaves out a running time, which a screen reader must not read every second."""
        if text != self.text():
            wide = len(text) != len(self.text())
            self.setText(text)
            if self.accessibleName() != (spoken or text):
                self.setAccessibleName(spoken or text)
            if wide:
                self.updateGeometry()
        if (tone, glyph, outlined) != (self._tone, self._glyph, self._outlined):
            self._tone, self._glyph, self._outlined = tone, glyph, outlined
            self.update()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The time is told to who comes here to ask."""
        self.setAccessibleDescription(self.text())
        super().focusInEvent(event)

    def sizeHint(self) -> QSize:
        """Sign, text and round ends."""
        theme = self._kit.theme
        metrics = QFontMetrics(theme.font(self._size, strong=True))
        return QSize(metrics.horizontalAdvance(self.text()) + theme.px(50), metrics.height() + theme.px(11))

    def minimumSizeHint(self) -> QSize:
        """Never cut."""
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the pill."""
        theme = self._kit.theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        soft = theme.colour("key" if self._tone == "dim" else f"{self._tone}_soft")
        ink = theme.colour(self._tone)
        # In high contrast the soft grounds are close to black: the outline is what makes a pill of it.
        painter.setPen(
            QPen(ink, theme.px(2)) if self._outlined or theme.effective == "high-contrast" else Qt.PenStyle.NoPen
        )
        painter.setBrush(soft)
        painter.drawRoundedRect(box, box.height() / 2, box.height() / 2)
        side = theme.px(14)
        glyphs.draw(painter, self._glyph, QRectF(theme.px(13), (self.height() - side) / 2, side, side), ink)
        painter.setPen(ink)
        painter.setFont(theme.font(self._size, strong=True))
        text_box = QRectF(theme.px(34), 0, self.width() - theme.px(34), self.height())
        painter.drawText(text_box, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, self.text())
