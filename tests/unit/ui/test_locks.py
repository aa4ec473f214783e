"""The lock of the PC's screen, as each system tells it; Linux over a real message bus."""

import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from PySide6.QtCore import QObject
from PySide6.QtDBus import QDBusConnection, QDBusMessage
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from client.ui.locks.linux import LinuxLock, session_path
from client.ui.locks.lock import ScreenLock
from client.ui.locks.windows import WM_WTSSESSION_CHANGE, told


@dataclass
class Bus:
    """A bus with a screen saver and a logind on it, and a lock that listens from another connection."""

    theirs: QDBusConnection
    lock: LinuxLock

    def signal(self, path: str, interface: str, name: str, *arguments: Any) -> None:
        message = QDBusMessage.createSignal(path, interface, name)
        message.setArguments(list(arguments))
        assert self.theirs.send(message)


_PATH = "/org/freedesktop/login1/session/_32"
_SAVER = "org.freedesktop.ScreenSaver"
_SESSION = "org.freedesktop.login1.Session"
_MANAGER = "org.freedesktop.login1.Manager"
_PROPERTIES = "org.freedesktop.DBus.Properties"


@pytest.fixture
def bus(qapp: QApplication) -> Iterator[Bus]:
    daemon = subprocess.Popen(
        ["dbus-daemon", "--session", "--nofork", "--print-address=1"], stdout=subprocess.PIPE, text=True
    )
    assert daemon.stdout is not None
    address = daemon.stdout.readline().strip()
    theirs = QDBusConnection.connectToBus(address, "theirs")
    ours = QDBusConnection.connectToBus(address, "ours")
    assert theirs.isConnected()
    assert ours.isConnected()
    for name in (_SAVER, "org.freedesktop.login1"):
        assert theirs.registerService(name)
    owner = QObject()
    yield Bus(theirs, LinuxLock(owner, ours, ours, "2"))
    owner.deleteLater()
    for name in ("theirs", "ours"):
        QDBusConnection.disconnectFromBus(name)
    daemon.terminate()
    daemon.wait()
    daemon.stdout.close()


def test_the_screen_saver_locks_and_opens(bus: Bus, qtbot: QtBot) -> None:
    for locked in (True, False, True):
        with qtbot.waitSignal(bus.lock.changed) as heard:
            bus.signal("/ScreenSaver", _SAVER, "ActiveChanged", locked)
        assert heard.args == [locked]
        assert bus.lock.locked is locked


def test_logind_orders_this_session_and_no_other(bus: Bus, qtbot: QtBot) -> None:
    with qtbot.waitSignal(bus.lock.changed) as heard:
        bus.signal("/org/freedesktop/login1/session/_33", _SESSION, "Lock")
        bus.signal(_PATH, _SESSION, "Lock")
        bus.signal("/org/freedesktop/login1/session/_33", _SESSION, "Unlock")
    assert heard.args == [True]
    with qtbot.waitSignal(bus.lock.changed) as heard:
        bus.signal(_PATH, _SESSION, "Unlock")
    assert heard.args == [False]


def test_logind_hints(bus: Bus, qtbot: QtBot) -> None:
    with qtbot.waitSignal(bus.lock.changed):
        bus.signal(_PATH, _PROPERTIES, "PropertiesChanged", _SESSION, {"LockedHint": True}, ["x"])
    with qtbot.waitSignal(bus.lock.changed):
        # Another property is no news of the lock.
        bus.signal(_PATH, _PROPERTIES, "PropertiesChanged", _SESSION, {"IdleHint": False}, ["x"])
        bus.signal(_PATH, _PROPERTIES, "PropertiesChanged", _SESSION, {"LockedHint": False}, ["x"])
    assert not bus.lock.locked


def test_sleep_covers_before_anything_else(bus: Bus, qtbot: QtBot) -> None:
    with qtbot.waitSignal(bus.lock.changed):
        bus.signal("/org/freedesktop/login1", _MANAGER, "PrepareForSleep", True)
    assert bus.lock.locked


def test_a_screen_that_is_open_is_open_whatever_was_ordered(bus: Bus, qtbot: QtBot) -> None:
    """Some desktops lock on logind's order, and never tell logind that they have opened."""
    with qtbot.waitSignal(bus.lock.changed):
        bus.signal(_PATH, _SESSION, "Lock")
    with qtbot.waitSignal(bus.lock.changed):
        bus.signal("/ScreenSaver", _SAVER, "ActiveChanged", True)
        bus.signal("/ScreenSaver", _SAVER, "ActiveChanged", False)
    assert not bus.lock.locked


def test_without_a_bus_nothing_is_told_and_nothing_breaks(qapp: QApplication) -> None:
    owner = QObject()
    none = QDBusConnection.connectToBus("unix:path=/nowhere", "nowhere")
    assert not LinuxLock(owner, none, none, "").locked


@pytest.mark.parametrize(("name", "path"), [("2", "_32"), ("c1", "c1"), ("12", "_312"), ("a-b", "a_2db")])
def test_sessions_have_the_names_that_logind_gives_them(name: str, path: str) -> None:
    assert session_path(name) == f"/org/freedesktop/login1/session/{path}"


def test_it_is_locked_while_any_source_says_so(qapp: QApplication) -> None:
    owner = QObject()
    lock = ScreenLock(owner)
    heard: list[bool] = []
    lock.changed.connect(heard.append)
    for source, locked in (("a", True), ("b", True), ("a", False), ("b", False)):
        lock.say(source, locked)
    assert heard == [True, False]


@pytest.mark.parametrize(
    ("message", "parameter", "locked"),
    [
        (WM_WTSSESSION_CHANGE, 7, True),
        (WM_WTSSESSION_CHANGE, 8, False),
        (WM_WTSSESSION_CHANGE, 4, True),
        (WM_WTSSESSION_CHANGE, 3, False),
        (WM_WTSSESSION_CHANGE, 5, None),
        (0x0006, 7, None),
    ],
)
def test_windows_tells_by_a_message(message: int, parameter: int, locked: bool | None) -> None:
    assert told(message, parameter) is locked
