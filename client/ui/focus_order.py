"""The order of Tab: the order in which things stand on the screen, whenever they were made."""

from collections.abc import Iterator

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QAbstractScrollArea,
    QApplication,
    QLayout,
    QScrollArea,
    QStackedLayout,
    QWidget,
)


def stops(root: QWidget) -> list[QWidget]:
    """Where Tab stops inside `root`, in order: what is visible, enabled and takes the focus by Tab."""
    return [
        widget
        for widget in _widgets(root)
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.isEnabled() and widget.isVisible()
    ]


def move(root: QWidget, *, forwards: bool) -> bool:
    """Move the focus to the next or previous stop inside `root`, round at the end; False where there is none."""
    found = stops(root)
    if not found:
        return False
    now = QApplication.focusWidget()
    step = 1 if forwards else -1
    # From outside, forwards enters at the first stop and backwards at the last.
    place = found.index(now) + step if now in found else min(step, 0)
    reason = Qt.FocusReason.TabFocusReason if forwards else Qt.FocusReason.BacktabFocusReason
    found[place % len(found)].setFocus(reason)
    return True


def walk(focus: QWidget | None, *, forwards: bool) -> bool:
    """Go to the next or previous row of the list with the focus; False where there is none, or no list."""
    if not isinstance(focus, QAbstractItemView) or focus.model() is None:
        return False
    row = focus.currentIndex().row() + (1 if forwards else -1)
    if not 0 <= row < focus.model().rowCount():
        return False
    focus.setCurrentIndex(focus.model().index(row, 0))
    return True


def _widgets(root: QWidget) -> Iterator[QWidget]:
    if not root.isVisible():
        return
    yield root
    if isinstance(root, QScrollArea):
        if (content := root.widget()) is not None:
            yield from _widgets(content)
        return
    layout = root.layout()
    if layout is not None and not isinstance(root, QAbstractScrollArea):
        yield from _laid(layout)


def _laid(layout: QLayout) -> Iterator[QWidget]:
    if isinstance(layout, QStackedLayout):
        if (current := layout.currentWidget()) is not None:
            yield from _widgets(current)
        return
    for number in range(layout.count()):
        item = layout.itemAt(number)
        if item is None:
            continue
        widget, inner = item.widget(), item.layout()
        if widget is not None:
            yield from _widgets(widget)
        elif inner is not None:
            yield from _laid(inner)
