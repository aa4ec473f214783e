"""A layout that puts items side by side and breaks into rows where there is no room."""

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import QLayout, QLayoutItem, QWidget, QWidgetItem


class FlowLayout(QLayout):
    """Left to right, then down; hidden items take no room. Rows are as high as their highest item."""

    def __init__(self, *, right: bool = False, row_gap: int | None = None) -> None:
        """`right` aligns the rows to the right; `row_gap` is the space between rows, in percent of the spacing."""
        super().__init__()
        self._items: list[QLayoutItem] = []
        self._right = right
        self._row_gap = row_gap
        self._pushed: list[QWidget] = []

    def push(self, *widgets: QWidget) -> None:
        """Have these stand at the right end of their row, away from the others."""
        self._pushed += widgets

    def align_right(self, right: bool) -> None:
        """Align the rows to the right, or to the left."""
        self._right = right
        self.invalidate()

    def addItem(self, item: QLayoutItem) -> None:
        """Take an item."""
        self._items.append(item)

    def put(self, index: int, widget: QWidget) -> None:
        """Put a widget before the item at `index`."""
        self.addChildWidget(widget)
        self._items.insert(index, QWidgetItem(widget))
        self.invalidate()

    def count(self) -> int:
        """How many items."""
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        """An item, or None past the end, as Qt asks of a layout."""
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        """Take an item out."""
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        """It needs no more room than it asks for."""
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        """More width, fewer rows."""
        return True

    def heightForWidth(self, width: int) -> int:
        """The height of the rows at this width."""
        margins = self.contentsMargins()
        inner = width - margins.left() - margins.right()
        return self._place(QRect(0, 0, inner, 0), move=False) + margins.top() + margins.bottom()

    def setGeometry(self, rect: QRect) -> None:
        """Put the items in their places."""
        super().setGeometry(rect)
        self._place(rect.marginsRemoved(self.contentsMargins()), move=True)

    def sizeHint(self) -> QSize:
        """All items in one row."""
        shown = [item.sizeHint() for item in self._items if not item.isEmpty()]
        gaps = self.spacing() * max(0, len(shown) - 1)
        wide = sum(size.width() for size in shown) + gaps
        return QSize(wide, max((size.height() for size in shown), default=0)).grownBy(self.contentsMargins())

    def minimumSize(self) -> QSize:
        """The widest item alone."""
        size = QSize()
        for item in self._items:
            if not item.isEmpty():
                size = size.expandedTo(item.minimumSize())
        return size.grownBy(self.contentsMargins())

    def _rows(self, width: int) -> list[list[tuple[QLayoutItem, QSize]]]:
        rows: list[list[tuple[QLayoutItem, QSize]]] = []
        used = 0
        for item in self._items:
            if item.isEmpty():
                continue
            size = item.sizeHint()
            size.setWidth(min(size.width(), max(width, 1)))
            if not rows or used + self.spacing() + size.width() > width:
                rows.append([])
                used = size.width()
            else:
                used += self.spacing() + size.width()
            rows[-1].append((item, size))
        return rows

    def _place(self, rect: QRect, *, move: bool) -> int:
        top = rect.y()
        for number, row in enumerate(self._rows(rect.width())):
            top += self.spacing() * (100 if self._row_gap is None else self._row_gap) // 100 if number else 0
            high = max(size.height() for _, size in row)
            if move:
                used = sum(size.width() for _, size in row) + self.spacing() * (len(row) - 1)
                spare = max(0, rect.width() - used)
                left = rect.x() + (spare if self._right else 0)
                for item, size in row:
                    if spare and not self._right and item.widget() in self._pushed:
                        left, spare = left + spare, 0
                    item.setGeometry(QRect(QPoint(left, top + (high - size.height()) // 2), size))
                    left += size.width() + self.spacing()
            top += high
        return top - rect.y()
