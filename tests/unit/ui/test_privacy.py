"""What is on the card stays on the card: no copying, dragging, dropping, or menu."""

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt
from PySide6.QtGui import QDragEnterEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from client.ui import samples
from tests.unit.ui.conftest import Desk


def _labels(desk: Desk) -> list[QLabel]:
    return [label for label in desk.window.findChildren(QLabel) if label.isVisible()]


def test_no_text_on_the_screen_can_be_selected(desk: Desk) -> None:
    desk.show(samples.TALKING)
    assert len(_labels(desk)) > 20
    for label in _labels(desk):
        assert label.textInteractionFlags() == Qt.TextInteractionFlag.NoTextInteraction, label.text()


def test_nothing_has_a_context_menu_of_its_own(desk: Desk) -> None:
    desk.show(samples.TALKING)
    for name in ("panel.customer", "value.mobile", "caller", "caller-number", "notes", "history"):
        assert desk.find(name).contextMenuPolicy() is Qt.ContextMenuPolicy.NoContextMenu


def test_copying_leaves_the_clipboard_as_it_was(desk: Desk) -> None:
    clipboard = QApplication.clipboard()
    clipboard.setText("before")
    desk.show(samples.TALKING)
    for name in ("panel.customer", "panel.script", "state", "history"):
        desk.find(name).setFocus()
        for key in (Qt.Key.Key_A, Qt.Key.Key_C):
            QTest.keyClick(desk.window.focusWidget(), key, Qt.KeyboardModifier.ControlModifier)
    value = desk.find("value.mobile")
    QTest.mouseDClick(value, Qt.MouseButton.LeftButton, pos=QPoint(20, 8))
    QTest.keyClick(desk.window.focusWidget(), Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert clipboard.text() == "before"


def test_nothing_takes_a_drop(desk: Desk) -> None:
    desk.show(samples.TALKING)
    for widget in [desk.window, *desk.window.findChildren(QWidget)]:
        if widget.isVisible() and not widget.objectName().startswith("qt_"):
            assert not widget.acceptDrops(), widget.objectName() or type(widget).__name__


@pytest.mark.parametrize("name", ["notes", "panel.customer"])
def test_a_drop_is_refused(desk: Desk, name: str) -> None:
    desk.show(samples.TALKING)
    data = QMimeData()
    data.setText("from elsewhere")
    event = QDragEnterEvent(
        QPointF(5, 5).toPoint(),
        Qt.DropAction.CopyAction,
        data,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    event.ignore()
    QApplication.sendEvent(desk.find(name), event)
    assert not event.isAccepted()


def test_there_is_no_window_but_ours(desk: Desk) -> None:
    """Every further top-level window would have to be protected from capture too."""
    desk.show(samples.TALKING)
    for command in ("view.palette", "view.help", "program.quit"):
        desk.window.invoke(command)
        visible = [window for window in QApplication.topLevelWidgets() if window.isVisible()]
        assert visible == [desk.window]
