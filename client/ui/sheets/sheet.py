"""What lies over the work for a moment. It is inside the window: nothing to capture apart, nothing to lose behind.

A sheet leaves the call bar free, so that a call can be seen and answered while one is open.
"""

from PySide6.QtCore import QEvent, QObject, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QDialog, QHBoxLayout, QVBoxLayout, QWidget

from client.core.events import SheetClosed
from client.core.snapshot import DeskSnapshot
from client.ui.focus_order import move
from client.ui.kit import Kit
from client.ui.theme.scale import maximum, rescale, spaced
from client.ui.widgets.label import identify
from client.ui.widgets.panel import Panel

_SMALL = 400
"""Design pixels of height below which a sheet leaves nothing around itself."""


class Sheet(QDialog):
    """A card over a dimmed ground. Assistive technology knows it as a dialog; Esc closes it; Tab stays in it."""

    closed = Signal()

    def __init__(self, kit: Kit, over: QWidget, identifier: str, *, wide: int, top: int = 40) -> None:
        super().__init__(over)
        self.setWindowFlags(Qt.WindowType.Widget)
        self.kit = kit
        self._over = over
        self._before: QWidget | None = None
        self._top = top
        identify(self, identifier)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground, False)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        column = QVBoxLayout(self)
        spaced(column, 0, (14, top, 14, 24))
        row = QHBoxLayout()
        self.card = Panel(kit, f"{identifier}.card")
        maximum(self.card, wide)
        row.addStretch(1)
        row.addWidget(self.card, 100)
        row.addStretch(1)
        self._row = row
        column.addLayout(row)
        self._column = column
        over.installEventFilter(self)
        self.hide()

    def fill(self) -> None:
        """Let the card take all the height there is; without this it is as high as it must be."""
        self._column.setStretch(0, 1)

    def compact(self) -> None:
        """Let the card be as high as it must be."""
        self._column.addStretch(1)

    @property
    def is_open(self) -> bool:
        """Whether the sheet is there."""
        return self.isVisibleTo(self._over)

    def first_focus(self) -> QWidget:
        """What has the focus when the sheet opens."""
        return self.card

    def open(self) -> None:
        """Show the sheet and take the focus. Returns at once."""
        if not self.is_open:
            self._before = QApplication.focusWidget()
        rescale(self, self.kit.theme.zoom)
        self._fit()
        self.show()
        self.raise_()
        self.first_focus().setFocus(Qt.FocusReason.ShortcutFocusReason)

    def close_sheet(self) -> None:
        """Take the sheet away and give the focus back."""
        if not self.is_open:
            return
        self.hide()
        before, self._before = self._before, None
        if before is not None and before.isVisible() and before.isEnabled():
            before.setFocus(Qt.FocusReason.OtherFocusReason)
        self.closed.emit()

    def dismiss(self) -> None:
        """The person wants the sheet away."""
        self.close_sheet()

    def reject(self) -> None:
        """Esc."""
        self.dismiss()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay over all of the work."""
        if watched is self._over and event.type() == QEvent.Type.Resize and self.is_open:
            self._fit()
        return False

    def _fit(self) -> None:
        """Take the whole place; where that is little, the card takes all of it."""
        self.setGeometry(self._over.rect())
        small = self._over.height() < self.kit.theme.px(_SMALL)
        top, bottom = (6, 6) if small else (self._top, 24)
        self._column.setContentsMargins(*(self.kit.theme.px(side) for side in (14, top, 14, bottom)))
        self.card.body.setContentsMargins(
            *(self.kit.theme.px(side) for side in ((12, 10, 12, 10) if small else (18, 15, 18, 16)))
        )
        self.shrink(small)

    def shrink(self, small: bool) -> None:
        """There is little room: leave out what can be done without."""

    def focusNextPrevChild(self, forwards: bool) -> bool:
        """Tab goes round inside the sheet."""
        return move(self.card, forwards=forwards)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc closes; Enter is the focused button's, never a default button's."""
        if event.key() == Qt.Key.Key_Escape:
            self.dismiss()
            return
        QWidget.keyPressEvent(self, event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Dim what is below."""
        theme = self.kit.theme
        veil = QColor(theme.colour("bg" if theme.colours.dark else "ink"))
        veil.setAlphaF(0.72 if theme.colours.dark else 0.34)
        painter = QPainter(self)
        painter.fillRect(self.rect(), veil)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(theme.colour("field_edge"))
        box = QRectF(self.card.geometry()).adjusted(-0.5, -0.5, 0.5, 0.5)
        radius = theme.px(14)
        painter.drawRoundedRect(box, radius, radius)


class CoreSheet(Sheet):
    """A sheet that the core opens and closes: it comes and goes with a snapshot, and Esc only asks."""

    def dismiss(self) -> None:
        """Ask the core to close it."""
        self.kit.send(SheetClosed())

    def show_snapshot(self, snapshot: DeskSnapshot) -> None:
        """Show what the sheet is about."""
        raise NotImplementedError
