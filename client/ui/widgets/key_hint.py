"""The hint that the desk waits for a second key: which keys lead somewhere, and where."""

from PySide6.QtCore import QEvent, QObject, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QGridLayout, QGroupBox, QHBoxLayout, QVBoxLayout, QWidget

from client.core.commands import BY_ID
from client.ui.i18n import translate
from client.ui.keynames import caps, spoken
from client.ui.kit import Kit
from client.ui.theme.scale import rescale, spaced
from client.ui.theme.tokens import RADIUS, Type
from client.ui.widgets.keycap import Caps
from client.ui.widgets.label import Label, identify


class KeyHint(QGroupBox):
    """Floats above the status bar and takes no focus."""

    def __init__(self, kit: Kit, over: QWidget) -> None:
        super().__init__(over)
        self._kit = kit
        self._over = over
        identify(self, "key-hint")
        self.setFlat(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        column = QVBoxLayout(self)
        spaced(column, 10, (20, 14, 20, 16))
        self._head = QHBoxLayout()
        spaced(self._head, 10)
        column.addLayout(self._head)
        self._grid = QGridLayout()
        spaced(self._grid, 10)
        column.addLayout(self._grid)
        self._parts: list[QWidget] = []
        over.installEventFilter(self)
        self.hide()

    def wait(self, first: str, seconds: dict[str, str]) -> None:
        """Show what may follow `first`, or hide when it is empty."""
        for part in self._parts:
            part.hide()
            part.deleteLater()
        self._parts = []
        if not first:
            self.hide()
            return
        title = Label(translate("key-hint", "Now the second key"), strong=True)
        cancel = Label(translate("key-hint", "Esc: none of these"), size=Type.SMALL, tone="dim")
        for part in (Caps(self._kit, caps(first)), title, cancel):
            self._head.addWidget(part)
            self._parts.append(part)
        self._head.addStretch(1)
        across = (
            3
            if self._over.width() > self._kit.theme.px(760)
            else 2
            if self._over.width() > self._kit.theme.px(520)
            else 1
        )
        for number, (key, command) in enumerate(seconds.items()):
            holder = QWidget()
            row = QHBoxLayout(holder)
            spaced(row, 8)
            row.addWidget(Caps(self._kit, caps(key)))
            row.addWidget(Label(translate("commands", BY_ID[command].title)))
            row.addStretch(1)
            self._grid.addWidget(holder, number // across, number % across)
            self._parts.append(holder)
        rescale(self, self._kit.theme.zoom)
        options = (f"{spoken(key)}: {translate('commands', BY_ID[command].title)}" for key, command in seconds.items())
        self.setAccessibleName(title.text())
        self._kit.announcer.say(f"{title.text()}. " + translate("key-hint", "; ").join(options))
        self._place()
        self.show()
        self.raise_()

    def _place(self) -> None:
        over, gap = self._over, self._kit.theme.px(16)
        size = self.sizeHint()
        wide = min(size.width(), over.width() - 2 * gap)
        high = max(size.height(), self.heightForWidth(wide))
        self.setGeometry((over.width() - wide) // 2, over.height() - high - gap, wide, high)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay in place."""
        if watched is self._over and event.type() == QEvent.Type.Resize and self.isVisible():
            self._place()
        return False

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the card."""
        theme = self._kit.theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.colour("brand"), theme.px(2)))
        painter.setBrush(theme.colour("card"))
        box = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        painter.drawRoundedRect(box, theme.px(RADIUS), theme.px(RADIUS))
