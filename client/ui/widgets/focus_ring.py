"""One focus ring for the whole window: three pixels at least, around whatever has the focus, above everything."""

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QRectF, Qt, QTimer
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractScrollArea, QApplication, QScrollArea, QWidget
from shiboken6 import isValid

from client.ui.theme.theme import Theme
from client.ui.theme.tokens import FOCUS_GAP, FOCUS_WIDTH, RADIUS_BUTTON

_ROOM = 12
"""Pixels kept between the focus and the edge of what scrolls."""
_FOLLOWED = {QEvent.Type.Move, QEvent.Type.Show, QEvent.Type.Hide, QEvent.Type.LayoutRequest}


class FocusRing(QWidget):
    """Lies over the window, lets the pointer through, and follows the focus."""

    def __init__(self, window: QWidget, theme: Theme) -> None:
        super().__init__(window)
        self._theme = theme
        self._target: QWidget | None = None
        self._watched: list[QWidget] = []
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAttribute(Qt.WidgetAttribute.WA_NoSystemBackground)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setObjectName("focus-ring")
        app = QApplication.instance()
        assert isinstance(app, QApplication)  # noqa: S101 - a widget can't exist without one
        app.focusChanged.connect(self._focus_changed)
        theme.changed.connect(self.follow)
        window.installEventFilter(self)

    @property
    def target(self) -> QWidget | None:
        """The widget that the ring is around, or None."""
        return self._target if self.isVisible() else None

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Something moved that the ring must follow."""
        if event.type() == QEvent.Type.Resize:
            # After the layouts have run; and not on a move: who scrolls away from the focus may.
            QTimer.singleShot(0, self, self._reveal)
        elif event.type() in _FOLLOWED:
            self.follow()
        return False

    def _focus_changed(self, _old: QWidget | None, new: QWidget | None) -> None:
        window = self.parentWidget()
        for watched in self._watched:
            if isValid(watched):
                watched.removeEventFilter(self)
        self._watched = []
        inside = new is not None and window is not None and new is not window and window.isAncestorOf(new)
        self._target = new if inside else None
        widget: QWidget | None = self._target
        while widget is not None and widget is not window:
            widget.installEventFilter(self)
            self._watched.append(widget)
            parent = widget.parentWidget()
            widget = parent
        self._reveal()
        # What just appeared has its place only after the layouts have run.
        QTimer.singleShot(0, self, self._reveal)

    def _reveal(self) -> None:
        """Scroll the target into view, in all the scroll areas that it is in."""
        target = self._target
        if target is None or not isValid(target):
            self.follow()
            return
        parent: QWidget | None = target.parentWidget()
        while parent is not None and parent is not self.parentWidget():
            if isinstance(parent, QScrollArea):
                self._show_in(parent, target)
            parent = parent.parentWidget()
        self.follow()

    def scroll_on(self, *, forwards: bool) -> bool:
        """Scroll on in what has the focus and is taller than its view; False where its end is in view."""
        target = self._target
        parent = target.parentWidget() if target is not None else None
        while target is not None and parent is not None and parent is not self.parentWidget():
            if isinstance(parent, QScrollArea) and parent.verticalScrollBar().maximum() > 0:
                view, bar = parent.viewport(), parent.verticalScrollBar()
                top = target.mapTo(view, QPoint(0, 0)).y()
                hidden = top + target.height() + _ROOM - view.height() if forwards else _ROOM - top
                before = bar.value()
                if target.height() + 16 > view.height() and hidden > _ROOM:
                    step = min(hidden, view.height() * 2 // 3)
                    bar.setValue(before + (step if forwards else -step))
                    if bar.value() != before:
                        self.follow()
                        return True
            parent = parent.parentWidget()
        return False

    @staticmethod
    def _show_in(scroll: QScrollArea, target: QWidget) -> None:
        """Scroll so that the focus is never hidden (WCAG 2.2, 2.4.11); of what is taller than the view, the top."""
        viewport = scroll.viewport()
        top = target.mapTo(viewport, QPoint(0, 0)).y()
        bar = scroll.verticalScrollBar()
        if target.height() + 16 > viewport.height():
            if top < 0 or top > viewport.height() // 2:
                bar.setValue(bar.value() + top - 8)
            return
        # Qt's own ensureWidgetVisible is content with the text cursor of a field; all of the field is wanted.
        below = top + target.height() + _ROOM - viewport.height()
        bar.setValue(bar.value() + (below if below > 0 else min(0, top - _ROOM)))

    def follow(self) -> None:
        """Take the target's place again."""
        window, target = self.parentWidget(), self._target
        if window is None:
            return
        if target is None or not isValid(target) or not target.isVisibleTo(window):
            self.hide()
            return
        grow = self._grow
        box = QRect(target.mapTo(window, QPoint(0, 0)), target.size())
        clip = window.rect()
        parent = target.parentWidget()
        while parent is not None and parent is not window:
            if isinstance(parent, QAbstractScrollArea):
                view = parent.viewport()
                clip = clip.intersected(
                    QRect(view.mapTo(window, QPoint(0, 0)), view.size()).adjusted(-grow, -grow, grow, grow)
                )
            parent = parent.parentWidget()
        box = box.adjusted(-grow, -grow, grow, grow).intersected(clip)
        if self.geometry() != box:
            self.setGeometry(box)
        self.raise_()
        self.show()
        self.update()

    @property
    def _thick(self) -> int:
        return max(FOCUS_WIDTH, self._theme.px(FOCUS_WIDTH))

    @property
    def _grow(self) -> int:
        return self._thick + self._theme.px(FOCUS_GAP)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the ring."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        half = self._thick / 2
        painter.setPen(QPen(self._theme.colour("focus"), self._thick))
        radius = self._theme.px(RADIUS_BUTTON) + self._grow - half
        if self._target is not None and self._target.inherits("QGroupBox"):
            radius += self._theme.px(4)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(half, half, -half, -half), radius, radius)
