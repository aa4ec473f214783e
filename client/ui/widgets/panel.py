"""A panel: a card with a title, which can have the focus as a whole."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QGroupBox, QHBoxLayout, QVBoxLayout, QWidget

from client.ui.kit import Kit
from client.ui.theme.scale import spaced
from client.ui.theme.tokens import RADIUS, Type
from client.ui.widgets.keycap import KeyCap
from client.ui.widgets.label import Label, identify


class Panel(QGroupBox):
    """A titled card. Assistive technology knows it as a group of that name.

    A panel with a `go` command can have the focus: that command brings it here, and digits then belong to it.
    """

    def __init__(self, kit: Kit, identifier: str, go: str = "") -> None:
        super().__init__()
        self.kit = kit
        self.go = go
        identify(self, identifier)
        self.setFlat(True)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus if go else Qt.FocusPolicy.NoFocus)
        self.body = QVBoxLayout(self)
        spaced(self.body, 10, (18, 15, 18, 16))
        self.heading = Label(size=Type.SMALL, tone="dim", strong=True)
        self.heading_row = QHBoxLayout()
        spaced(self.heading_row, 8)
        self.heading_row.addWidget(self.heading)
        if go:
            self.heading_row.addWidget(KeyCap(kit, go))
        self.heading_row.addStretch(1)
        self.body.addLayout(self.heading_row)

    def set_heading(self, text: str) -> None:
        """Name the panel."""
        self.heading.setText(text)
        self.setAccessibleName(text)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the card."""
        theme = self.kit.theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.colour("line"), 1))
        painter.setBrush(theme.colour("card"))
        radius = theme.px(RADIUS)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), radius, radius)


class Rule(QWidget):
    """A hairline between rows."""

    def __init__(self, kit: Kit) -> None:
        super().__init__()
        self._kit = kit
        self.setFixedHeight(1)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the line."""
        QPainter(self).fillRect(self.rect(), self._kit.theme.colour("line"))
