"""A desk window with a recorded way out, on Qt's offscreen platform."""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

os.environ["QT_QPA_PLATFORM"] = "offscreen"

from client.core.events import Event
from client.core.keys import KeyProfile
from client.core.snapshot import DeskSnapshot
from client.ui import application, samples
from client.ui.bridge import Bridge
from client.ui.clear import ClearSource
from client.ui.desk_window import DeskWindow
from client.ui.i18n.languages import Languages
from client.ui.preferences import Choices, MemoryPreferences
from client.ui.theme.theme import Theme


@pytest.fixture(scope="session")
def qapp_cls() -> type[QApplication]:
    return QApplication


@pytest.fixture(scope="session")
def qapp() -> QApplication:
    return application(["desk"])


@dataclass
class Desk:
    """The window and what came out of it."""

    window: DeskWindow
    preferences: MemoryPreferences
    sent: list[Event]
    said: list[tuple[str, bool]] = field(default_factory=list)

    def show(self, *snapshots: DeskSnapshot) -> "Desk":
        for snapshot in snapshots:
            self.window.show_snapshot(snapshot)
            self.settle()
        return self

    def settle(self) -> "Desk":
        """Let the layouts run: a text that breaks into more lines asks for room, and that moves what is below."""
        for _ in range(6):
            QApplication.processEvents()
        return self

    def press(self, *keys: Qt.Key) -> "Desk":
        for key in keys:
            focus = self.window.focusWidget() or self.window
            QTest.keyClick(focus, key)
        return self

    def type(self, text: str) -> "Desk":
        QTest.keyClicks(self.window.focusWidget(), text)
        return self

    def find(self, name: str) -> QWidget:
        found = [widget for widget in self.window.findChildren(QWidget) if widget.objectName() == name]
        assert len(found) == 1, f"{name}: {len(found)} widgets"
        return found[0]

    def text(self, name: str) -> str:
        return str(self.find(name).property("text"))

    def shown(self, name: str) -> bool:
        return self.find(name).isVisible()

    @property
    def focus(self) -> str:
        focus = self.window.focusWidget()
        return focus.objectName() if focus is not None else ""


MakeDesk = Callable[..., Desk]


@pytest.fixture
def make_desk(qapp: QApplication) -> Iterator[MakeDesk]:
    made: list[DeskWindow] = []

    def make(
        language: str = "en",
        keys: KeyProfile = KeyProfile.STANDARD,
        size: tuple[int, int] = (1360, 850),
        zoom: float = 1.0,
        double_strike_ms: int = 0,
        *,
        choices: Choices | None = None,
        safe: ClearSource | None = None,
    ) -> Desk:
        sent: list[Event] = []
        preferences = MemoryPreferences(
            choices or Choices(language=language, keys=keys, zoom=zoom, double_strike_ms=double_strike_ms)
        )
        window = DeskWindow(
            Bridge(sent.append), preferences, Theme(qapp), Languages(qapp), clock=lambda: samples.NOW, safe=safe
        )
        made.append(window)
        desk = Desk(window, preferences, sent)
        window.announcer.said.connect(lambda text, urgent: desk.said.append((text, urgent)))
        window.resize(*size)
        window.show()
        window.activateWindow()
        assert QTest.qWaitForWindowActive(window)
        # That it has the focus, a window tells once and for all of these tests.
        sent.clear()
        return desk

    yield make
    for window in made:
        window.kit.languages.use("en")
        window.hide()
        window.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture
def desk(make_desk: MakeDesk) -> Desk:
    return make_desk()
