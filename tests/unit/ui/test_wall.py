"""The supervisor's wall."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QAbstractItemModel, QModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QApplication

from client.core.agent import AgentState
from client.ui import samples
from client.ui.panels.wall_model import Column
from tests.unit.ui.conftest import Desk

K = Qt.Key


def _names(desk: Desk) -> list[str]:
    proxy: QAbstractItemModel = desk.window.supervisor.proxy
    return [str(proxy.index(row, Column.NAME).data()) for row in range(proxy.rowCount())]


def test_the_wall_shows_each_agent(desk: Desk) -> None:
    desk.show(samples.SUPERVISOR)
    assert sorted(_names(desk)) == sorted(agent.display_name for agent in samples.WALL)
    assert desk.text("wall.count") == "12 of 12 agents"
    assert not desk.window.call_bar.isVisible()


@pytest.mark.parametrize("column", Column)
def test_columns_sort_by_meaning(desk: Desk, column: Column) -> None:
    desk.show(samples.SUPERVISOR)
    table = desk.window.supervisor.table
    table.sortByColumn(column, Qt.SortOrder.AscendingOrder)
    up = _names(desk)
    table.sortByColumn(column, Qt.SortOrder.DescendingOrder)
    assert sorted(_names(desk)) == sorted(up)
    if column is Column.STATE:
        assert up[0] == next(agent.display_name for agent in samples.WALL if agent.presence is AgentState.RINGING)
    if column is Column.LONG:
        assert up[-1] == min(samples.WALL, key=lambda agent: agent.since).display_name


def test_words_and_state_narrow_it(desk: Desk) -> None:
    desk.show(samples.SUPERVISOR)
    desk.find("wall.filter").setFocus()
    desk.type("anna")
    assert _names(desk) == ["Anna Berg"]
    desk.window.supervisor.filter.clear()
    desk.find(f"wall.state.{AgentState.ON_CALL}").click()  # type: ignore[attr-defined]
    assert len(_names(desk)) == 4
    assert desk.text("wall.count") == "4 of 12 agents"
    desk.find("wall.state.all").click()  # type: ignore[attr-defined]
    assert len(_names(desk)) == 12


def test_a_changed_agent_changes_one_row_and_keeps_the_selection(desk: Desk) -> None:
    desk.show(samples.SUPERVISOR)
    model = desk.window.supervisor.model
    # The tester checks that the model keeps Qt's rules through every change.
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Warning)
    desk.press(K.Key_Down, K.Key_Down)
    table = desk.window.supervisor.table
    chosen = str(table.currentIndex().siblingAtColumn(Column.NAME).data())
    changed: list[tuple[int, int]] = []
    model.dataChanged.connect(lambda first, last: changed.append((first.row(), last.row())))
    resets: list[bool] = []
    model.modelReset.connect(lambda: resets.append(True))
    wall = list(samples.WALL)
    wall[3] = replace(wall[3], presence=AgentState.WRAP_UP, on_call=False)
    desk.show(replace(samples.SUPERVISOR, wall=tuple(wall)))
    assert changed == [(3, 3)]
    assert resets == []
    assert str(table.currentIndex().siblingAtColumn(Column.NAME).data()) == chosen
    desk.show(replace(samples.SUPERVISOR, wall=tuple(wall[:5])))
    assert model.rowCount() == 5
    tester.deleteLater()


def test_arrows_walk_the_table_and_leave_it(desk: Desk) -> None:
    desk.show(samples.SUPERVISOR)
    table = desk.window.supervisor.table
    desk.press(*[K.Key_Down] * 11)
    assert table.currentIndex().row() in {10, 11}
    desk.press(K.Key_Down, K.Key_Down)
    assert desk.focus != "wall"


def test_the_columns_share_the_width(desk: Desk) -> None:
    desk.show(samples.SUPERVISOR)
    QApplication.processEvents()
    table = desk.window.supervisor.table
    used = sum(table.columnWidth(column) for column in Column)
    assert table.viewport().width() - len(Column) <= used <= table.viewport().width()


def test_an_empty_wall_is_fine(desk: Desk) -> None:
    desk.show(replace(samples.SUPERVISOR, wall=()))
    assert desk.window.supervisor.model.index(0, 0) == QModelIndex()
    assert desk.text("wall.count") == "0 of 0 agents"
