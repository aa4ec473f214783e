"""Customers' data is covered while nobody should see it; calls can be handled all the same."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt
from PySide6.QtGui import QAccessible, QAccessibleInterface, QDragEnterEvent, QDropEvent, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPlainTextEdit

from client.core.events import Invoked, NotesEdited, WindowFocus
from client.core.snapshot import DeskSnapshot, HistorySnapshot, ScreenPolicy, TextLineSnapshot
from client.ui import samples
from client.ui.capture import CaptureProtector, Protection
from client.ui.locks.lock import ScreenLock
from client.ui.window_guard import WindowGuard, clear_clipboard
from tests.unit.ui.conftest import Desk, MakeDesk


@dataclass
class FakeGuard:
    tells: Protection = "verified"

    def protect(self, window_id: int) -> Protection:
        return self.tells


@dataclass
class Home:
    """A guarded desk, and what it can't see for itself here."""

    desk: Desk
    guard: WindowGuard
    lock: ScreenLock
    capture: CaptureProtector
    system: FakeGuard
    focus: list[bool] = field(default_factory=lambda: [True])

    def leaves(self) -> None:
        self.focus[0] = False
        self.guard.look()
        self.desk.settle()

    def returns(self) -> None:
        self.focus[0] = True
        self.guard.look()
        self.desk.settle()


@pytest.fixture
def home(qapp: QApplication, make_desk: MakeDesk) -> Iterator[Home]:
    system = FakeGuard()
    capture = CaptureProtector(qapp, system)
    desk = make_desk()
    lock = ScreenLock(desk.window)
    focus = [True]
    guard = WindowGuard(desk.window, lock, capture, active=lambda: focus[0])
    yield Home(desk, guard, lock, capture, system, focus)
    qapp.removeEventFilter(capture)
    qapp.removeEventFilter(guard)
    capture.deleteLater()


_NOTE = "called about 6222 02** and is moving house"
_TEXT = replace(
    samples.TEXT,
    wrap_up=replace(samples.TALKING.wrap_up, notes=_NOTE) if samples.TALKING.wrap_up is not None else None,
    card=samples.TALKING.card,
    history=(*samples.TALKING.history, HistorySnapshot("h9", samples.NOW, 60.0, True, "钱*", "")),
)


def _secrets(snapshot: DeskSnapshot) -> set[str]:
    """Everything of a customer that the snapshot has."""
    found = {entry.value for entry in snapshot.card.fields} if snapshot.card else set()
    found |= {call.customer for call in snapshot.history if call.customer}
    if snapshot.card is not None:
        found |= {contact.summary.en for contact in snapshot.card.contacts}
    if snapshot.call is not None:
        found |= {line.text for line in snapshot.call.text if line.text}
        if snapshot.call.label is not None:
            found.add(snapshot.call.label.en)
    return {value for value in found if len(value) > 1} | {_NOTE}


def _tree(interface: QAccessibleInterface | None) -> Iterator[str]:
    """All that assistive technology could read, of what is on the screen and of what is not."""
    if interface is None or not interface.isValid():
        return
    for what in (QAccessible.Text.Name, QAccessible.Text.Value, QAccessible.Text.Description):
        yield interface.text(what)
    for number in range(interface.childCount()):
        yield from _tree(interface.child(number))


def _told(desk: Desk) -> str:
    return "\n".join(_tree(QAccessible.queryAccessibleInterface(desk.window)))


def _shown(desk: Desk, secrets: set[str]) -> set[str]:
    told = _told(desk)
    return {secret for secret in secrets if secret in told}


def test_the_tree_has_what_is_to_be_covered(home: Home) -> None:
    home.desk.show(samples.READY, _TEXT)
    secrets = _secrets(_TEXT)
    assert len(secrets) > 8
    assert len(_shown(home.desk, secrets)) > 8, "a hunt that finds nothing in the open proves nothing"


@pytest.mark.parametrize("why", ["unfocused", "locked", "capture"])
def test_nothing_of_a_customer_is_told_while_it_is_covered(home: Home, why: str) -> None:
    home.desk.show(samples.READY, _TEXT)
    before = home.desk.window.grab().toImage()
    if why == "unfocused":
        home.leaves()
    elif why == "locked":
        home.lock.say("test", True)
    else:
        home.system.tells = "none"
        home.capture.check()
    home.desk.settle()
    assert _shown(home.desk, _secrets(_TEXT)) == set()
    assert "Hidden" in home.desk.text("customer.message")
    home.lock.say("test", False)
    home.system.tells = "verified"
    home.capture.check()
    home.returns()
    assert len(_shown(home.desk, _secrets(_TEXT))) > 8
    assert home.desk.window.grab().toImage() == before


def test_what_comes_meanwhile_is_covered_too(home: Home) -> None:
    home.desk.show(samples.READY)
    home.leaves()
    home.desk.show(samples.RINGING, _TEXT)
    assert _shown(home.desk, _secrets(_TEXT)) == set()
    assert not [text for text, _ in home.desk.said if any(secret in text for secret in _secrets(_TEXT))]
    home.returns()
    assert _shown(home.desk, _secrets(_TEXT))
    assert home.desk.find("notes").toPlainText() == _NOTE  # type: ignore[attr-defined]


def test_a_covered_call_can_be_handled(home: Home) -> None:
    home.desk.show(samples.READY, samples.TALKING)
    home.leaves()
    for command in ("call.mute", "call.hold", "call.hang-up"):
        assert home.desk.find(command).isEnabled()
        assert home.desk.shown(command)
        home.desk.window.invoke(command)
    assert [event.command for event in home.desk.sent if isinstance(event, Invoked)] == [
        "call.mute",
        "call.hold",
        "call.hang-up",
    ]


def test_a_note_keeps_its_text_its_cursor_and_its_steps(home: Home) -> None:
    home.desk.show(samples.READY, samples.TALKING)
    notes = home.desk.find("notes")
    assert isinstance(notes, QPlainTextEdit)
    notes.setFocus()
    home.desk.type("one two")
    cursor = notes.textCursor()
    cursor.setPosition(3)
    notes.setTextCursor(cursor)
    text = notes.toPlainText()
    home.leaves()
    assert notes.document().toPlainText() == ""
    home.desk.window.agent.wrap_up.flush()
    assert [event.notes for event in home.desk.sent if isinstance(event, NotesEdited)][-1:] in ([], [text])
    home.returns()
    assert notes.document().toPlainText() == text
    assert notes.textCursor().position() == 3
    assert home.desk.focus == "notes"
    notes.undo()
    assert notes.toPlainText() != text


def test_what_was_typed_in_a_sheet_is_covered(home: Home) -> None:
    home.desk.show(samples.READY, samples.DIAL)
    number = home.desk.find("dial.number")
    number.setFocus()
    home.desk.type("13800138000")
    home.leaves()
    assert "13800138000" not in _told(home.desk)
    home.returns()
    assert home.desk.text("dial.number") == "13800138000"


def test_a_line_that_comes_meanwhile_is_in_the_box_afterwards(home: Home) -> None:
    home.desk.show(samples.READY)
    home.leaves()
    assert _TEXT.call is not None
    line = TextLineSnapshot(True, samples.NOW, "my own words", True)
    home.desk.show(replace(_TEXT, call=replace(_TEXT.call, text=(line,))))
    assert "my own words" not in _told(home.desk)
    home.returns()
    assert home.desk.find("text.box").toPlainText() == "my own words"  # type: ignore[attr-defined]


def test_the_policy_may_leave_an_unfocused_window_open_but_not_a_locked_one(home: Home) -> None:
    home.desk.show(samples.READY, _TEXT)
    home.guard.obey(ScreenPolicy(blank_when_unfocused=False))
    home.leaves()
    assert _shown(home.desk, _secrets(_TEXT))
    home.lock.say("test", True)
    assert _shown(home.desk, _secrets(_TEXT)) == set()


def test_a_window_before_its_first_frame_is_covered(qapp: QApplication, make_desk: MakeDesk) -> None:
    """The guard is not asked before there is a native window, and till then nothing may be in it."""
    desk = make_desk()
    desk.window.destroy()
    capture = CaptureProtector(qapp, FakeGuard())
    guard = WindowGuard(desk.window, ScreenLock(desk.window), capture, active=lambda: True)
    assert desk.window.kit.hidden == "capture"
    desk.window.show()
    assert desk.window.kit.hidden is None
    for part in (capture, guard):
        qapp.removeEventFilter(part)
    capture.deleteLater()


def test_the_core_hears_of_the_lock(home: Home) -> None:
    home.desk.show(samples.READY, samples.TALKING)
    home.lock.say("test", True)
    home.lock.say("test", False)
    locks = [event.locked for event in home.desk.sent if isinstance(event, WindowFocus)]
    assert locks[-2:] == [True, False]


# --- Ways out and in --------------------------------------------------------------------------------------------------


def test_what_the_desk_put_on_the_clipboard_goes_with_the_focus(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    # Qt's platform without a screen does not know whose the clipboard is.
    monkeypatch.setattr(type(QGuiApplication.clipboard()), "ownsClipboard", lambda _self: True)
    home.desk.show(samples.READY, _TEXT)
    notes = home.desk.find("notes")
    assert isinstance(notes, QPlainTextEdit)
    notes.selectAll()
    notes.copy()
    assert QGuiApplication.clipboard().text() == _NOTE
    home.leaves()
    assert QGuiApplication.clipboard().text() == ""


def test_what_another_program_put_there_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    board = QGuiApplication.clipboard()
    board.setText("theirs")
    monkeypatch.setattr(type(board), "ownsClipboard", lambda _self: False)
    clear_clipboard()
    assert board.text() == "theirs"
    monkeypatch.undo()
    board.clear()


@pytest.mark.parametrize("name", ["history", "panel.customer", "text.lines", "state"])
@pytest.mark.parametrize("key", [Qt.Key.Key_C, Qt.Key.Key_X, Qt.Key.Key_P, Qt.Key.Key_Insert])
def test_nothing_but_a_field_copies(home: Home, name: str, key: Qt.Key) -> None:
    """A list of Qt copies the row with the focus by itself."""
    home.desk.show(samples.READY, _TEXT)
    QGuiApplication.clipboard().setText("before")
    widget = home.desk.find(name)
    widget.setFocus()
    if name == "history":
        today = home.desk.window.agent.today
        today.list.setCurrentIndex(today.model.index(0))
    QTest.keyClick(widget, key, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == "before"


def test_a_selection_can_not_be_dragged_out(home: Home) -> None:
    home.desk.show(samples.READY, _TEXT)
    notes = home.desk.find("notes")
    assert isinstance(notes, QPlainTextEdit)
    notes.setFocus()
    notes.selectAll()
    inside = notes.cursorRect().topLeft() + QPoint(-20, 4)
    QTest.mousePress(notes.viewport(), Qt.MouseButton.LeftButton, pos=inside)
    assert not notes.textCursor().hasSelection()
    QTest.mouseRelease(notes.viewport(), Qt.MouseButton.LeftButton, pos=inside)


@pytest.mark.parametrize("name", ["notes", "panel.customer", "text.box", "history", "dial.number"])
def test_nothing_is_dropped_into_the_desk(home: Home, name: str) -> None:
    home.desk.show(samples.READY, samples.DIAL if name == "dial.number" else _TEXT)
    data = QMimeData()
    data.setText("from elsewhere")
    widget = home.desk.find(name)
    before = widget.property("plainText") or widget.property("text")
    place, buttons = QPoint(5, 5), Qt.MouseButton.LeftButton
    enter = QDragEnterEvent(place, Qt.DropAction.CopyAction, data, buttons, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(widget, enter)
    drop = QDropEvent(QPointF(place), Qt.DropAction.CopyAction, data, buttons, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(widget, drop)
    assert not enter.isAccepted()
    assert not drop.isAccepted()
    assert (widget.property("plainText") or widget.property("text")) == before
