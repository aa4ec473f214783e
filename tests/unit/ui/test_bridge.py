"""The bridge: from any thread into Qt's, the latest wins, nothing piles up."""

import threading

from PySide6.QtCore import QThread
from pytestqt.qtbot import QtBot

from client.core.events import Event, Invoked
from client.core.snapshot import DeskSnapshot
from client.ui.bridge import Bridge


def _numbered(number: int) -> DeskSnapshot:
    return DeskSnapshot(organisation=str(number))


def test_snapshots_arrive_in_the_qt_thread(qtbot: QtBot) -> None:
    bridge = Bridge(lambda _event: None)
    threads: list[bool] = []
    bridge.snapshot.connect(lambda _snapshot: threads.append(QThread.currentThread() is bridge.thread()))
    publisher = threading.Thread(target=bridge.publish, args=(_numbered(1),))
    with qtbot.waitSignal(bridge.snapshot):
        publisher.start()
    publisher.join()
    assert threads == [True]


def test_the_latest_wins_and_nothing_piles_up(qtbot: QtBot) -> None:
    bridge = Bridge(lambda _event: None)
    seen: list[str] = []
    bridge.snapshot.connect(lambda snapshot: seen.append(snapshot.organisation))
    for number in range(10_000):
        bridge.publish(_numbered(number))
    assert seen == []
    with qtbot.waitSignal(bridge.snapshot):
        pass
    assert seen == ["9999"]


def test_many_threads_lose_no_last_word(qtbot: QtBot) -> None:
    bridge = Bridge(lambda _event: None)
    seen: list[str] = []
    bridge.snapshot.connect(lambda snapshot: seen.append(snapshot.organisation))

    def flood(start: int) -> None:
        for number in range(start, start + 500):
            bridge.publish(_numbered(number))

    threads = [threading.Thread(target=flood, args=(1000 * number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    bridge.publish(_numbered(-1))
    qtbot.waitUntil(lambda: bool(seen) and seen[-1] == "-1")
    assert len(seen) <= 2001


def test_events_go_out_through_the_callable_of_the_application() -> None:
    sent: list[Event] = []
    Bridge(sent.append).send(Invoked("call.answer"))
    assert sent == [Invoked("call.answer")]
