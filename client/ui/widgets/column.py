"""Columns that scroll each by itself where there is room, and flow into one page where there is not."""

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from client.ui.kit import Kit
from client.ui.theme.scale import spaced


def scroll_area() -> QScrollArea:
    """A scroll area that is no stop for Tab: what is in it is."""
    area = QScrollArea()
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setWidgetResizable(True)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    return area


class FittingArea(QScrollArea):
    """A scroll area as high as what it holds, where there is the room for it."""

    def __init__(self, page: QWidget) -> None:
        super().__init__()
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        self.setWidget(page)
        page.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """What it holds changed its size."""
        if event.type() == QEvent.Type.LayoutRequest:
            self.updateGeometry()
        return super().eventFilter(watched, event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A new width may mean a new height."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.updateGeometry()

    def sizeHint(self) -> QSize:
        """The page's own size, broken at the present width."""
        page = self.widget()
        layout = page.layout() if page is not None else None
        if page is None or layout is None:
            return super().sizeHint()
        hint = layout.totalSizeHint()
        high = layout.totalHeightForWidth(self.width()) if layout.hasHeightForWidth() else hint.height()
        return QSize(hint.width(), max(high, layout.totalMinimumSize().height()))

    def minimumSizeHint(self) -> QSize:
        """Any size will do."""
        return QSize(0, 0)


class Column(QScrollArea):
    """One column. In a flow it is as high as what it holds."""

    def __init__(self, *panels: QWidget, fill: tuple[QWidget, ...] = ()) -> None:
        """`fill` are the panels that take the height that is left."""
        super().__init__()
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._inner = QWidget()
        layout = QVBoxLayout(self._inner)
        # Room for the focus ring, which stands outside its widget.
        spaced(layout, 14, (6, 6, 6, 6))
        for panel in panels:
            layout.addWidget(panel)
        self._panels = panels
        self._layout = layout
        self.fill(*fill)
        self.setWidget(self._inner)
        self._inner.installEventFilter(self)
        self._flowing = False

    def fill(self, *panels: QWidget) -> None:
        """Give the height that is left to these panels."""
        for panel in self._panels:
            self._layout.setStretchFactor(panel, 1 if panel in panels else 0)

    def flow(self, flowing: bool) -> None:
        """Flow with the page, or scroll alone."""
        self._flowing = flowing
        policy = Qt.ScrollBarPolicy
        self.setVerticalScrollBarPolicy(policy.ScrollBarAlwaysOff if flowing else policy.ScrollBarAsNeeded)
        if not flowing:
            self.setMinimumHeight(0)
            self.setMaximumHeight(16_777_215)
        self._fit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """What the column holds changed its size."""
        if event.type() == QEvent.Type.LayoutRequest:
            self._fit()
        return super().eventFilter(watched, event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A new width may mean a new height."""
        super().resizeEvent(event)
        self._fit()

    def minimumSizeHint(self) -> QSize:
        """Any width will do."""
        return QSize(0, 0)

    def _fit(self) -> None:
        layout = self._inner.layout()
        if self._flowing and layout is not None:
            wanted = layout.totalHeightForWidth(self.width()) if layout.hasHeightForWidth() else 0
            high = max(wanted, layout.totalMinimumSize().height())
            if high != self.height() or self.minimumHeight() != high:
                self.setFixedHeight(high)


class Columns(QWidget):
    """Columns side by side; below `threshold` design pixels one column, one after another, in a scrolling page."""

    def __init__(self, kit: Kit, columns: list[Column], widths: list[int], order: list[int], threshold: int) -> None:
        """`widths` are design pixels, 0 takes the rest; `order` is the order in one column."""
        super().__init__()
        self._kit = kit
        self._columns = columns
        self._widths = widths
        self._order = order
        self._threshold = threshold
        self.single: bool | None = None
        outer = QVBoxLayout(self)
        spaced(outer, 0)
        self._area = scroll_area()
        outer.addWidget(self._area)
        page = QWidget()
        self._grid = QGridLayout(page)
        spaced(self._grid, 2, (8, 8, 8, 8))
        self._area.setWidget(page)
        kit.theme.changed.connect(self._arrange)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The window's width decides how many columns there are."""
        super().resizeEvent(event)
        self._arrange()

    def set_order(self, order: list[int]) -> None:
        """Change the order in one column."""
        if order != self._order:
            self._order = order
            self.single = None
            self._arrange()

    def _arrange(self) -> None:
        theme = self._kit.theme
        single = self.width() < theme.px(self._threshold)
        for number, (column, wide) in enumerate(zip(self._columns, self._widths, strict=True)):
            fixed = wide and not single
            column.setMinimumWidth(theme.px(wide) if fixed else 0)
            column.setMaximumWidth(theme.px(wide) if fixed else 16_777_215)
            self._grid.setColumnStretch(number, int(number == 0) if single else int(not wide))
        if single == self.single:
            return
        self.single = single
        for column in self._columns:
            self._grid.removeWidget(column)
        for place, number in enumerate(self._order if single else range(len(self._columns))):
            self._grid.addWidget(self._columns[number], place if single else 0, 0 if single else place)
            self._columns[number].flow(single)
