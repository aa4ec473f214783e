"""No top-level window of the desk is ever on the screen without having been protected as it is now."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QEvent, QObject, QPoint, Qt
from PySide6.QtGui import QExposeEvent, QRegion, QWindow
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QMenu, QToolTip, QWidget

from client.ui import samples
from client.ui.capture import CaptureProtector, Protection
from tests.unit.ui.conftest import Desk, MakeDesk


@dataclass
class FakeGuard:
    """Protects what it is asked for, and tells what it is told to."""

    tells: Protection = "verified"
    weak: dict[int, Protection] = field(default_factory=dict)
    asked: set[int] = field(default_factory=set)

    def protect(self, window_id: int) -> Protection:
        self.asked.add(window_id)
        return self.weak.get(window_id, self.tells)


class Witness(QObject):
    """Notes every native window that is exposed or painted in without the guard having been asked for it before."""

    def __init__(self, app: QApplication, guard: FakeGuard) -> None:
        super().__init__(app)
        self._guard = guard
        self.bare: list[str] = []
        self.seen: set[int] = set()
        app.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in {QEvent.Type.Expose, QEvent.Type.Paint}:
            if isinstance(watched, QWindow):
                window_id = watched.winId() if watched.isTopLevel() else 0
            elif isinstance(watched, QWidget):
                handle = watched.window().windowHandle()
                window_id = handle.winId() if handle is not None else 0
            else:
                return False
            if window_id:
                self.seen.add(window_id)
                if window_id not in self._guard.asked:
                    self.bare.append(type(watched).__name__)
        return False


@dataclass
class Guarded:
    guard: FakeGuard
    protector: CaptureProtector
    witness: Witness


@pytest.fixture
def guarded(qapp: QApplication) -> Iterator[Guarded]:
    guard = FakeGuard()
    witness = Witness(qapp, guard)
    protector = CaptureProtector(qapp, guard)
    yield Guarded(guard, protector, witness)
    for part in (protector, witness):
        qapp.removeEventFilter(part)
        part.deleteLater()


def _menu(desk: Desk, opened: list[QWidget]) -> None:
    menu = QMenu(desk.window)
    menu.addAction("one")
    menu.addMenu("two").addAction("three")
    menu.popup(QPoint(20, 20))
    opened.append(menu)


def _tooltip(desk: Desk, opened: list[QWidget]) -> None:
    QToolTip.showText(QPoint(40, 40), "tip", desk.window)


def _dialog(desk: Desk, opened: list[QWidget]) -> None:
    dialog = QDialog(desk.window)
    dialog.open()
    opened.append(dialog)


def _popup(desk: Desk, opened: list[QWidget]) -> None:
    popup = QWidget(desk.window, Qt.WindowType.Popup)
    popup.show()
    opened.append(popup)


def _remake(desk: Desk, opened: list[QWidget]) -> None:
    """A flag that makes the operating system's window anew."""
    window = desk.window
    window.setWindowFlag(
        Qt.WindowType.FramelessWindowHint, not window.windowFlags() & Qt.WindowType.FramelessWindowHint
    )
    window.show()


def _destroy(desk: Desk, opened: list[QWidget]) -> None:
    handle = desk.window.windowHandle()
    handle.destroy()
    handle.create()
    desk.window.show()


def _close_all(desk: Desk, opened: list[QWidget]) -> None:
    while opened:
        opened.pop().close()
    QToolTip.hideText()


def _invoke(command: str) -> Callable[[Desk, list[QWidget]], None]:
    return lambda desk, _opened: desk.window.invoke(command)


_ACTS = (
    _menu,
    _tooltip,
    _dialog,
    _popup,
    _remake,
    _destroy,
    _close_all,
    *map(_invoke, ("view.language", "view.theme", "view.help", "view.palette", "view.larger", "view.keys")),
)


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=st.lists(st.sampled_from(_ACTS), min_size=1, max_size=8))
def test_no_window_is_ever_shown_bare(
    guarded: Guarded, desk: Desk, acts: list[Callable[[Desk, list[QWidget]], None]]
) -> None:
    desk.show(samples.READY, samples.TALKING)
    opened: list[QWidget] = []
    for act in acts:
        act(desk, opened)
        desk.settle()
    _close_all(desk, opened)
    assert guarded.witness.bare == []
    assert guarded.witness.seen, "the witness has seen nothing, so it proves nothing"


def test_the_witness_sees_a_window_that_nobody_protects(qapp: QApplication) -> None:
    witness = Witness(qapp, FakeGuard())
    bare = QWidget()
    bare.show()
    assert QTest.qWaitForWindowExposed(bare)
    assert witness.bare
    qapp.removeEventFilter(witness)
    bare.deleteLater()


def test_a_window_that_is_made_anew_is_protected_anew(guarded: Guarded, make_desk: MakeDesk) -> None:
    desk = make_desk()
    first = desk.window.effectiveWinId()
    _destroy(desk, [])
    desk.settle()
    second = desk.window.effectiveWinId()
    assert second in guarded.guard.asked
    assert first != second
    assert guarded.protector.summary.of(first) is None


def test_a_window_that_was_made_anew_without_a_word_is_asked_for_when_it_is_painted_in(
    guarded: Guarded, make_desk: MakeDesk
) -> None:
    """X11 does so with tooltips: the number that was protected is no window any more."""
    desk = make_desk()
    protector, now = guarded.protector, desk.window.effectiveWinId()
    (address,) = [place for place, known in protector._ids.items() if known == now]
    stale = now + 1000
    protector._ids[address] = stale
    protector.summary.forget(now)
    protector.summary.put(stale, "verified")
    guarded.guard.asked.clear()
    QApplication.sendEvent(desk.window.windowHandle(), QExposeEvent(QRegion(0, 0, 10, 10)))
    assert now in guarded.guard.asked
    assert protector.summary.of(stale) is None
    assert protector.summary.of(now) == "verified"


def test_the_summary_is_the_weakest_of_all_windows(guarded: Guarded, make_desk: MakeDesk) -> None:
    summary = guarded.protector.summary
    assert summary.state == "none"
    desk = make_desk()
    assert summary.state == "verified"
    opened: list[QWidget] = []
    guarded.guard.tells = "requested"
    _dialog(desk, opened)
    desk.settle()
    assert summary.state == "requested"
    opened[0].close()
    opened[0].destroy()
    assert summary.state == "verified"
    opened[0].deleteLater()


def test_a_protection_that_was_taken_away_is_noticed(guarded: Guarded, make_desk: MakeDesk) -> None:
    desk = make_desk()
    protector = guarded.protector
    assert protector.covers(desk.window)
    assert protector.verified(desk.window)
    changed: list[str] = []
    protector.changed.connect(lambda: changed.append(protector.summary.state))
    guarded.guard.tells = "none"
    protector.check()
    assert changed == ["none"]
    assert not protector.covers(desk.window)
    assert not protector.verified(desk.window)
    guarded.guard.tells = "verified"
    protector.check()
    assert protector.covers(desk.window)


def test_where_nothing_can_be_verified_nothing_is_lost(guarded: Guarded, make_desk: MakeDesk) -> None:
    """X11: the server gives masked data only, and that may be shown."""
    guarded.guard.tells = "none"
    desk = make_desk()
    assert guarded.protector.covers(desk.window)
    assert not guarded.protector.verified(desk.window)


def test_a_window_that_nobody_asked_for_is_not_covered(guarded: Guarded) -> None:
    never = QWidget()
    assert not guarded.protector.covers(never)
    never.deleteLater()
