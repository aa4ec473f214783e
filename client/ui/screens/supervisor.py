"""The supervisor's screen: the wall as a table."""

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPersistentModelIndex, QRect, QRectF, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QLineEdit,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from client.core.agent import AgentState
from client.core.snapshot import DeskSnapshot
from client.ui.i18n import translate
from client.ui.kit import Kit
from client.ui.labels import agent_state
from client.ui.panels.approval import ApprovalBanner
from client.ui.panels.wall_model import STATE_ROLE, Column, WallFilter, WallModel
from client.ui.theme.scale import maximum, spaced
from client.ui.theme.tokens import Type
from client.ui.widgets import glyph as glyphs
from client.ui.widgets.button import Button
from client.ui.widgets.flow import FlowLayout
from client.ui.widgets.label import Label, identify
from client.ui.widgets.panel import Panel

_ROW = 42
_LITTLE = 430
"""Design pixels of height."""
_TALLIED = (
    AgentState.ON_CALL,
    AgentState.RINGING,
    AgentState.READY,
    AgentState.WRAP_UP,
    AgentState.NOT_READY,
    AgentState.OFFLINE,
)
_SHARES = {Column.NAME: 24, Column.TEAM: 22, Column.STATE: 20, Column.LONG: 13, Column.CALL: 10, Column.TRUST: 11}


class WallDelegate(QStyledItemDelegate):
    """Draws a cell; a state has its sign and its colour beside its word."""

    def __init__(self, kit: Kit) -> None:
        super().__init__()
        self._kit = kit

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Draw the cell."""
        theme = self._kit.theme
        box: QRect = option.rect
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.save()
        if chosen:
            painter.fillRect(box, theme.colour("brand_soft"))
            if index.column() == 0:
                painter.fillRect(QRect(box.left(), box.top(), theme.px(4), box.height()), theme.colour("brand"))
        painter.fillRect(QRect(box.left(), box.bottom(), box.width(), 1), theme.colour("line"))
        left = box.left() + theme.px(10)
        column = Column(index.column())
        tone = "ink" if column is Column.NAME else "dim"
        font = theme.font(Type.BODY, strong=column is Column.NAME)
        if column is Column.STATE:
            _, tone, sign = agent_state(index.data(STATE_ROLE))
            side = theme.px(14)
            glyphs.draw(painter, sign, QRectF(left, box.center().y() - side / 2, side, side), theme.colour(tone))
            left += side + theme.px(8)
        painter.setFont(font)
        painter.setPen(theme.colour(tone))
        room = QRect(left, box.top(), box.right() - left - theme.px(6), box.height())
        text = QFontMetrics(font).elidedText(str(index.data()), Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)
        painter.restore()


class SupervisorScreen(QWidget):
    """Who does what, for how long; typed words and state buttons narrow it down."""

    def __init__(self, kit: Kit) -> None:
        super().__init__()
        self._kit = kit
        self._state: AgentState | None = None
        identify(self, "screen.supervisor")
        outer = QVBoxLayout(self)
        spaced(outer, 0)
        self.approval = ApprovalBanner(kit)
        outer.addWidget(self.approval)
        wall = QVBoxLayout()
        spaced(wall, 0, (14, 14, 14, 14))
        outer.addLayout(wall, 1)
        self._panel = Panel(kit, "panel.wall")
        wall.addWidget(self._panel)
        self.who = Label(size=Type.SMALL, tone="dim", name="wall.who")
        self._panel.heading_row.addWidget(self.who)
        self.filter = QLineEdit()
        identify(self.filter, "wall.filter")
        self.filter.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.filter.setAcceptDrops(False)
        maximum(self.filter, 420)
        self.filter.textChanged.connect(self._narrow)
        self._tallies = QWidget()
        flow = FlowLayout()
        spaced(flow, 8)
        self._tallies.setLayout(flow)
        self.tallies: dict[AgentState | None, Button] = {}
        for state in (None, *_TALLIED):
            button = Button(kit)
            identify(button, f"wall.state.{state or 'all'}")
            button.clicked.connect(lambda _checked=False, chosen=state: self._choose(chosen))
            self.tallies[state] = button
            flow.addWidget(button)
        self.model = WallModel(kit)
        self.proxy = WallFilter()
        self.proxy.setSourceModel(self.model)
        self.table = self._make_table()
        self.count = Label(size=Type.SMALL, tone="dim", name="wall.count")
        self._panel.body.addWidget(self._tallies)
        self._panel.body.addWidget(self.filter)
        self._panel.body.addWidget(self.table, 1)
        self._panel.body.addWidget(self.count)
        self.table.viewport().installEventFilter(self)
        kit.theme.changed.connect(self._fit)
        self.retranslate()
        self._fit()

    def _make_table(self) -> QTableView:
        table = QTableView()
        identify(table, "wall")
        table.setModel(self.proxy)
        table.setItemDelegate(WallDelegate(self._kit))
        table.setFrameShape(QFrame.Shape.NoFrame)
        table.setShowGrid(False)
        table.setSortingEnabled(True)
        table.sortByColumn(Column.STATE, Qt.SortOrder.AscendingOrder)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setTabKeyNavigation(False)
        table.setDragEnabled(False)
        table.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        table.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        table.verticalHeader().hide()
        header = table.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setHighlightSections(False)
        return table

    def retranslate(self) -> None:
        """The language changed."""
        self._panel.set_heading(translate("wall", "Agents"))
        self.filter.setAccessibleName(translate("wall", "Filter by name, team or state"))
        self.filter.setPlaceholderText(translate("wall", "Filter by name, team or state"))
        self.table.setAccessibleName(translate("wall", "Agents"))
        self.model.retranslate()
        self._tally()

    def show_snapshot(self, snapshot: DeskSnapshot) -> None:
        """Show the agents."""
        person = snapshot.person
        self.who.setText(" · ".join(part for part in (person.display_name, person.team) if part) if person else "")
        self.model.show_agents(snapshot.wall)
        self._tally()
        self.approval.show_snapshot(snapshot)
        self._make_room()

    def tick(self) -> None:
        """A second has passed: only the rows in view are counted on."""
        self.approval.tick()
        rows = self.proxy.rowCount()
        if not rows or not self.table.isVisible():
            return
        first = max(self.table.rowAt(0), 0)
        last = self.table.rowAt(self.table.viewport().height() - 1)
        for row in range(first, (last if last >= 0 else rows - 1) + 1):
            self.table.update(self.proxy.index(row, Column.LONG))

    def place(self, command: str) -> QWidget | None:
        """Where a focus command goes, or None where that is not on the screen now."""
        target = {"focus.wall": self.table, "focus.filter": self.filter}.get(command)
        return target if target is not None and target.isVisible() else None

    def first_focus(self) -> QWidget:
        """The table."""
        return self.table

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Share the table's width among the columns."""
        if event.type() == QEvent.Type.Resize:
            self._fit()
        return super().eventFilter(watched, event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """More or less room."""
        super().resizeEvent(event)
        self._make_room()

    def _make_room(self) -> None:
        """While somebody waits for an answer and there is little room, the table needs it more than its filters do."""
        cramped = not self.approval.isHidden() and self.height() < self._kit.theme.px(_LITTLE)
        self._tallies.setVisible(not cramped)
        self.filter.setVisible(not cramped)

    def _fit(self) -> None:
        room = self.table.viewport().width()
        total = sum(_SHARES.values())
        for column, share in _SHARES.items():
            self.table.setColumnWidth(column, room * share // total)
        self.table.verticalHeader().setDefaultSectionSize(self._kit.theme.px(_ROW))

    def _choose(self, state: AgentState | None) -> None:
        self._state = state
        self._narrow()

    def _narrow(self) -> None:
        self.proxy.set_filter(self.filter.text(), self._state)
        self._tally()

    def _tally(self) -> None:
        counts: dict[AgentState | None, int] = dict.fromkeys(AgentState, 0)
        for agent in self.model.agents:
            counts[agent.presence] += 1
        for state, button in self.tallies.items():
            word = agent_state(state)[0] if state else translate("wall", "All")
            number = counts[state] if state else len(self.model.agents)
            button.setText(f"{word}  {number}")
            button.set_on(state is self._state)
            button.retranslate()
        shown = translate("wall", "{shown} of {all} agents")
        self.count.setText(shown.format(shown=self.proxy.rowCount(), all=len(self.model.agents)))
