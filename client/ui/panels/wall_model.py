"""The supervisor's wall as a table: sorted by what the values mean, filtered by what is typed, changed row by row."""

from enum import IntEnum
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QSortFilterProxyModel, Qt

from client.core.agent import AgentState
from client.core.snapshot import WallAgentSnapshot
from client.ui.i18n import translate
from client.ui.kit import Kit
from client.ui.labels import agent_state
from client.ui.times import running

Index = QModelIndex | QPersistentModelIndex
SORT_ROLE = Qt.ItemDataRole.UserRole + 1
STATE_ROLE = Qt.ItemDataRole.UserRole + 2

_ORDER = (
    AgentState.RINGING,
    AgentState.ON_CALL,
    AgentState.WRAP_UP,
    AgentState.READY,
    AgentState.NOT_READY,
    AgentState.OFFLINE,
)


class Column(IntEnum):
    """What the wall tells of an agent."""

    NAME = 0
    TEAM = 1
    STATE = 2
    LONG = 3
    CALL = 4
    TRUST = 5


class WallModel(QAbstractTableModel):
    """The agents. A changed agent changes one row; selection, sorting and scrolling stay as they are."""

    def __init__(self, kit: Kit) -> None:
        super().__init__()
        self._kit = kit
        self.agents: list[WallAgentSnapshot] = []
        self._shown: tuple[WallAgentSnapshot, ...] = ()

    def show_agents(self, agents: tuple[WallAgentSnapshot, ...]) -> None:
        """Show these agents."""
        if agents is self._shown:
            return
        self._shown = agents
        fresh = {agent.name: agent for agent in agents}
        for row in range(len(self.agents) - 1, -1, -1):
            if self.agents[row].name not in fresh:
                self.beginRemoveRows(QModelIndex(), row, row)
                del self.agents[row]
                self.endRemoveRows()
        for row, old in enumerate(self.agents):
            new = fresh.pop(old.name)
            if new != old:
                self.agents[row] = new
                self.dataChanged.emit(self.index(row, 0), self.index(row, len(Column) - 1))
        if fresh:
            first = len(self.agents)
            self.beginInsertRows(QModelIndex(), first, first + len(fresh) - 1)
            self.agents.extend(fresh.values())
            self.endInsertRows()

    def retranslate(self) -> None:
        """The language changed."""
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(Column) - 1)
        if self.agents:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self.agents) - 1, len(Column) - 1))

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        """How many agents."""
        return 0 if parent.isValid() else len(self.agents)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        """How much is told of each."""
        return 0 if parent.isValid() else len(Column)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The columns' names."""
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return (
                translate("wall", "Name"),
                translate("wall", "Team"),
                translate("wall", "State"),
                translate("wall", "For"),
                translate("wall", "Call"),
                translate("wall", "Trust"),
            )[section]
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """What is told of an agent in a column."""
        agent = self.agents[index.row()]
        column = Column(index.column())
        if role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole}:
            return self._text(agent, column)
        if role == SORT_ROLE:
            return self._sort_key(agent, column)
        if role == STATE_ROLE:
            return agent.presence
        return None

    def _text(self, agent: WallAgentSnapshot, column: Column) -> str:
        match column:
            case Column.NAME:
                return agent.display_name or agent.name
            case Column.TEAM:
                return agent.team
            case Column.STATE:
                return agent_state(agent.presence)[0]
            case Column.LONG:
                return running(self._kit.clock() - agent.since) if agent.since > 0 else ""
            case Column.CALL:
                return translate("wall", "Yes") if agent.on_call else "—"
            case Column.TRUST:
                return f"T{agent.trust}" if agent.trust is not None else "—"

    def _sort_key(self, agent: WallAgentSnapshot, column: Column) -> Any:
        match column:
            case Column.STATE:
                return _ORDER.index(agent.presence)
            case Column.LONG:
                return -agent.since
            case Column.CALL:
                return int(not agent.on_call)
            case Column.TRUST:
                return -1 if agent.trust is None else agent.trust
            case _:
                return self._text(agent, column).casefold()


class WallFilter(QSortFilterProxyModel):
    """Keeps the agents whose name, team or state has all the typed words, and who are in the chosen state."""

    def __init__(self) -> None:
        super().__init__()
        self.setSortRole(SORT_ROLE)
        self.setDynamicSortFilter(True)
        self._words: tuple[str, ...] = ()
        self._state: AgentState | None = None

    def set_filter(self, text: str, state: AgentState | None) -> None:
        """Filter by words and state; None is every state."""
        self.beginFilterChange()
        self._words = tuple(text.casefold().split())
        self._state = state
        self.endFilterChange()

    def filterAcceptsRow(self, row: int, parent: Index) -> bool:
        """Whether this agent is kept."""
        model = self.sourceModel()
        if not isinstance(model, WallModel):
            return False
        agent = model.agents[row]
        if self._state is not None and agent.presence is not self._state:
            return False
        text = f"{agent.name} {agent.display_name} {agent.team} {agent_state(agent.presence)[0]}".casefold()
        return all(word in text for word in self._words)
