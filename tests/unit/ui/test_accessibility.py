"""Names, roles and tab order, on every screen and in both languages."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QAbstractButton, QAbstractItemView, QLineEdit, QPlainTextEdit, QWidget

from client.core.commands import BY_ID
from client.core.snapshot import DeskSnapshot
from client.ui import samples
from client.ui.gallery import SCENES
from client.ui.widgets.button import CommandButton
from tests.unit.ui.conftest import Desk, MakeDesk

_OWN = (QAbstractButton, QLineEdit, QPlainTextEdit, QAbstractItemView)


def _interactive(desk: Desk) -> list[QWidget]:
    """Visible widgets of ours that take focus or input; scroll bars and viewports are Qt's own affair."""
    return [
        widget
        for widget in desk.window.findChildren(QWidget)
        if widget.isVisible()
        and (isinstance(widget, _OWN) or widget.focusPolicy() & Qt.FocusPolicy.TabFocus)
        and not widget.objectName().startswith("qt_")
        and widget.metaObject().className() not in {"QHeaderView", "QTableCornerButton"}
    ]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_interactive_widget_has_a_name_and_an_identifier(make_desk: MakeDesk, language: str) -> None:
    desk = make_desk(language=language)
    for scene, (snapshot, act) in SCENES.items():
        desk.show(snapshot)
        act(desk.window)
        widgets = _interactive(desk)
        assert widgets or scene == "starting"
        for widget in widgets:
            interface = QAccessible.queryAccessibleInterface(widget)
            name = interface.text(QAccessible.Text.Name)
            assert name, f"{scene}: {widget.objectName()} ({type(widget).__name__}) has no name"
            assert widget.accessibleIdentifier() == widget.objectName() != "", f"{scene}: {type(widget).__name__}"
            if language == "zh" and isinstance(widget, CommandButton):
                assert any("\u4e00" <= letter <= "\u9fff" for letter in name), name
        for sheet in desk.window.sheets.all:
            sheet.close_sheet()
        desk.window.keyboard.cancel()


def test_command_buttons_carry_the_id_of_their_command(desk: Desk) -> None:
    for button in desk.window.findChildren(CommandButton):
        assert button.objectName() == button.accessibleIdentifier() == button.command
        assert button.command in BY_ID
        assert "Key: " in button.accessibleDescription()


@pytest.mark.parametrize(
    ("name", "role"),
    [
        ("call.hang-up", QAccessible.Role.Button),
        ("state", QAccessible.Role.StaticText),
        ("panel.customer", QAccessible.Role.Grouping),
        ("notes", QAccessible.Role.EditableText),
        ("history", QAccessible.Role.List),
        ("value.name", QAccessible.Role.StaticText),
        ("palette", QAccessible.Role.Dialog),
        ("text.lines", QAccessible.Role.List),
        ("text.box", QAccessible.Role.EditableText),
        ("panel.text", QAccessible.Role.Grouping),
        ("other-call.1", QAccessible.Role.Button),
    ],
)
def test_roles_are_what_they_seem(desk: Desk, name: str, role: QAccessible.Role) -> None:
    desk.show(replace(samples.TEXT, calls=samples.TWO_CALLS.calls))
    desk.window.invoke("view.palette")
    assert QAccessible.queryAccessibleInterface(desk.find(name)).role() is role


def test_the_wall_is_a_table_with_words_in_its_cells(desk: Desk) -> None:
    desk.show(samples.SUPERVISOR)
    interface = QAccessible.queryAccessibleInterface(desk.find("wall"))
    assert interface.role() is QAccessible.Role.Table
    assert interface.tableInterface() is not None if hasattr(interface, "tableInterface") else True


@pytest.mark.parametrize(
    "snapshot",
    [
        samples.READY,
        samples.RINGING,
        samples.TALKING,
        samples.WRAP_UP,
        samples.SECOND_CALL,
        samples.CONSULTING,
        samples.TEXT,
    ],
)
@pytest.mark.parametrize("forwards", [True, False])
def test_tab_visits_everything_once_and_is_trapped_nowhere(desk: Desk, snapshot: DeskSnapshot, forwards: bool) -> None:
    desk.show(samples.READY, snapshot)
    stops = {widget.objectName() for widget in _interactive(desk) if widget.isEnabled()}
    key = Qt.Key.Key_Tab if forwards else Qt.Key.Key_Backtab
    visited: list[str] = []
    for _ in range(len(stops) + 2):
        desk.press(key)
        visited.append(desk.focus)
    assert set(visited) == stops
    assert len(set(visited[: len(stops)])) == len(stops)


def test_the_tab_order_is_the_order_of_the_work(desk: Desk) -> None:
    desk.show(samples.READY, samples.TALKING)
    desk.find("state").setFocus()
    visited = [desk.focus]
    for _ in range(30):
        desk.press(Qt.Key.Key_Tab)
        visited.append(desk.focus)
    order = ["state", "call.mute", "call.hang-up", "panel.customer", "panel.script", "script.answer.1", "panel.codes"]
    order += ["notes", "code.instalment", "history", "status"]
    places = [visited.index(name) for name in order]
    assert places == sorted(places)


def test_the_focus_ring_is_around_what_has_the_focus(desk: Desk) -> None:
    desk.show(samples.TALKING)
    for name in ("panel.customer", "notes", "call.mute", "script.answer.1"):
        widget = desk.find(name)
        widget.setFocus()
        ring = desk.window.focus_ring
        assert ring.target is widget
        place = widget.mapTo(desk.window, widget.rect().topLeft())
        assert ring.geometry().contains(place)
        assert ring._thick >= 3


def test_changes_are_announced(desk: Desk) -> None:
    desk.show(samples.IDLE, samples.READY, samples.RINGING, samples.TALKING, samples.MUTED, samples.HELD)
    said = [text for text, _ in desk.said]
    for text in ("Ready", "On a call", "Muted: the customer does not hear you.", "On hold", "Recording has begun."):
        assert text in said, text
    assert "Listening now: 值班督导" in said
    assert [urgent for text, urgent in desk.said if text.startswith("Incoming call")] == [True]


def test_a_running_time_is_not_read_every_second(desk: Desk) -> None:
    desk.show(samples.TALKING)
    assert desk.find("state").accessibleName() == "On a call"
    desk.find("state").setFocus()
    assert desk.find("state").accessibleDescription() == "On a call 02:41"
