"""The desk with its window: Qt in the main thread, the runtime in its own, one bridge between them."""

import logging
import signal
import socket
import sys
from pathlib import Path

from PySide6.QtCore import QLockFile, QSocketNotifier
from PySide6.QtWidgets import QApplication, QMessageBox

from client.app.loop_thread import LoopThread
from client.app.monitors import Monitors
from client.app.private_voice import find_private_voice
from client.app.runtime import Runtime
from client.core import events
from client.core.events import Event
from client.core.problems import problem
from client.security.capture import guard_for
from client.security.clear_value import Safe
from client.security.files import private_directory
from client.security.hardware import Hardware
from client.security.keystore import KeyStore
from client.security.posture import DeskSeen, Sensor
from client.sip.headset.headsets import Headsets
from client.ui import Bridge, CaptureProtector, DeskWindow, JsonPreferences, application, start
from client.ui.i18n.languages import Languages, system_language
from client.ui.preferences import Preferences
from provisioning.watermark.mark import Mark
from provisioning.watermark.pattern import cells

_log = logging.getLogger("hearthline.desk")
_PREFERENCES = "preferences.json"
_LOCK = "desk.lock"
_CLOSE_SECONDS = 6.0
_ALREADY_OPEN = 3
"""Exit status of a desk that found another one of its profile."""


def run_desk(directory: Path, keys: KeyStore, link: str, hardware: Hardware | None = None) -> int:
    """Open the desk and run until its window closes; returns the exit status.

    Args:
        directory: the profile's directory.
        keys: the key store of this PC.
        link: a hearthline:// link that the desk was opened with, or an empty string.
        hardware: what can hold the device's key on this PC.
    """
    app = application(sys.argv[:1])
    preferences = JsonPreferences(private_directory(directory) / _PREFERENCES)
    lock = QLockFile(str(directory / _LOCK))
    # Only who is gone leaves a lock behind: Qt looks whether its process lives, and no age makes it stale.
    lock.setStaleLockTime(0)
    if not lock.tryLock(0):
        return _say_open_already(app, preferences)
    thread = LoopThread()
    runtime: list[Runtime] = []

    def send(event: Event) -> None:
        # The runtime is there before the first event can be: it is made before the window is shown.
        thread.loop.call_soon_threadsafe(lambda: runtime[0].emit(event))

    bridge = Bridge(send)
    safe = Safe()
    monitors, platform = Monitors(app), app.platformName()
    # Before the first window: each is protected when the operating system makes it.
    capture = CaptureProtector(app, guard_for(platform))
    sensor = Sensor(lambda: DeskSeen(platform, capture.summary.state, monitors.names))
    capture.summarised.connect(lambda _state: thread.loop.call_soon_threadsafe(runtime[0].desk_changed))
    monitors.changed.connect(lambda: thread.loop.call_soon_threadsafe(runtime[0].desk_changed))
    runtime.append(
        Runtime(
            directory,
            keys,
            app.platformName(),
            bridge.publish,
            make_headsets=Headsets,
            hardware=hardware,
            safe=safe,
            sensor=sensor,
            voice=find_private_voice(lambda: preferences.read().language or system_language()),
        )
    )
    _app, window = start(bridge, preferences, sys.argv[:1], safe=safe, capture=capture, make_tile=_tile)
    thread.run(_begin(runtime[0], link))
    quitter = _close_on_signal(window)
    status = app.exec()
    del quitter
    capture.stop()
    thread.run(runtime[0].close()).result(_CLOSE_SECONDS)
    thread.stop()
    lock.unlock()
    return status


def _tile(device: str, person: str, seconds: float) -> tuple[int, ...]:
    return cells(Mark.of(device, person, seconds))


def _say_open_already(app: QApplication, preferences: Preferences) -> int:
    """Two desks of one profile would take the engine, and its calls, from each other."""
    languages = Languages(app)
    languages.use(preferences.read().language or system_language())
    words = problem("desk-already-open")
    happened, means, do = (app.translate("problems", text) for text in (words.happened, words.means, words.do))
    _log.error("another desk of this profile is open")
    box = QMessageBox(QMessageBox.Icon.Information, app.applicationName(), happened)
    box.setInformativeText(f"{means}\n{do}")
    box.finished.connect(app.quit)
    box.open()
    app.exec()
    return _ALREADY_OPEN


async def _begin(runtime: Runtime, link: str) -> None:
    await runtime.start()
    if link:
        # Does nothing on a PC that is enrolled: the form that it stands for is not on the screen.
        runtime.emit(events.EnrolSubmitted("", link))


def _close_on_signal(window: DeskWindow) -> QSocketNotifier:
    """Close the window, without a question, when the session ends the program (SIGTERM) or Ctrl+C is pressed.

    Python runs signal handlers between its own instructions, of which Qt's loop has none; a byte in a socket wakes it.
    """
    reading, writing = socket.socketpair()
    reading.setblocking(False)
    writing.setblocking(False)
    signal.set_wakeup_fd(writing.fileno(), warn_on_full_buffer=False)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: None)
    notifier = QSocketNotifier(reading.fileno(), QSocketNotifier.Type.Read, window)
    # The sockets live as long as what watches them.
    notifier.setProperty("sockets", [reading, writing])
    notifier.activated.connect(window.close_now)
    return notifier
