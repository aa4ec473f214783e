"""Makes a picture of every screen in every theme, language and size: `python -m client.ui.gallery --out DIR`.

For the documentation and for review. Works without a display (QT_QPA_PLATFORM=offscreen).
"""

import argparse
import itertools
import math
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import ClassVar

from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from client.core.snapshot import DeskSnapshot, Screen
from client.ui import application, samples
from client.ui.bridge import Bridge
from client.ui.desk_window import DeskWindow
from client.ui.i18n.languages import Languages
from client.ui.preferences import Choices, MemoryPreferences
from client.ui.theme.theme import Theme
from client.ui.theme.tokens import ThemeName

Act = Callable[[DeskWindow], None]


def _nothing(_window: DeskWindow) -> None:
    """The picture shows the snapshot as it is."""


def _notes(window: DeskWindow) -> None:
    window.invoke("focus.notes")


def _codes(window: DeskWindow) -> None:
    window.invoke("focus.codes")


def _palette(window: DeskWindow) -> None:
    window.invoke("view.palette")


def _help(window: DeskWindow) -> None:
    window.invoke("view.help")


def _second_key(window: DeskWindow) -> None:
    window.keyboard.sequences.press("G")
    window.keyboard.waiting.emit("G")


def _text(window: DeskWindow) -> None:
    window.invoke("focus.text")


def _history(window: DeskWindow) -> None:
    window.invoke("focus.history")
    window.agent.today.list.setCurrentIndex(window.agent.today.model.index(1))


def _quit(window: DeskWindow) -> None:
    window.invoke("program.quit")


def _reason(window: DeskWindow) -> None:
    window.sheets.choose(1)


class _Invented:
    """Values of nobody, for the pictures of a field in clear."""

    _VALUES: ClassVar = {
        "l_sample": "6225880000001234",
        "l_sample_long": "上海市徐汇区漕溪北路 1111 弄 22 号 3303 室 Building C",
    }

    def __init__(self, lease: str) -> None:
        self._lease = lease

    @classmethod
    def get(cls, lease: str) -> "_Invented | None":
        """As the safe does."""
        return cls(lease) if lease in cls._VALUES else None

    def characters(self) -> Iterator[str]:
        """As a clear value does."""
        return iter(self._VALUES[self._lease])


SCENES: dict[str, tuple[DeskSnapshot, Act]] = {
    "starting": (samples.STARTING, _nothing),
    "enrol": (samples.ENROL, _nothing),
    "enrol-error": (samples.ENROL_ERROR, _nothing),
    "sign-in": (samples.SIGN_IN, _nothing),
    "sign-in-error": (samples.SIGN_IN_ERROR, _nothing),
    "not-ready": (samples.IDLE, _nothing),
    "ready": (samples.READY, _nothing),
    "ringing": (samples.RINGING, _nothing),
    "talking": (samples.TALKING, _nothing),
    "muted": (samples.MUTED, _notes),
    "held": (samples.HELD, _nothing),
    "poor": (samples.POOR, _nothing),
    "unknown-caller": (samples.UNKNOWN, _nothing),
    "wrap-up": (samples.WRAP_UP, _codes),
    "engine-lost": (samples.ENGINE_LOST, _nothing),
    "palette": (samples.TALKING, _palette),
    "help": (samples.READY, _help),
    "second-key": (samples.READY, _second_key),
    "quit": (samples.TALKING, _quit),
    "supervisor": (samples.SUPERVISOR, _nothing),
    "second-call": (samples.SECOND_CALL, _nothing),
    "two-calls": (samples.TWO_CALLS, _nothing),
    "consulting": (samples.CONSULTING, _nothing),
    "together": (samples.TOGETHER, _nothing),
    "dialling": (samples.DIALLING, _nothing),
    "early-media": (samples.EARLY_MEDIA, _nothing),
    "held-there": (samples.HELD_THERE, _nothing),
    "silent": (samples.SILENT, _nothing),
    "passing-on": (samples.PASSING_ON, _nothing),
    "text": (samples.TEXT, _text),
    "dial": (samples.DIAL, _nothing),
    "consult": (samples.CONSULT, _nothing),
    "transfer": (samples.TRANSFER, _nothing),
    "keypad": (samples.KEYPAD, _nothing),
    "sound": (samples.SOUND, _nothing),
    "check": (samples.CHECK, _nothing),
    "check-running": (samples.CHECK_RUNNING, _nothing),
    "check-well": (samples.CHECK_WELL, _nothing),
    "check-bad": (samples.CHECK_BAD, _nothing),
    "do-not-disturb": (samples.DO_NOT_DISTURB, _nothing),
    "break-next": (samples.BREAK_NEXT, _nothing),
    "notes-waiting": (samples.NOTES_WAITING, _codes),
    "sign-in-call": (samples.SIGN_IN_CALL, _nothing),
    "call-back": (samples.MESSAGES, _history),
    "reveal": (samples.REVEAL, _nothing),
    "reveal-reason": (samples.REVEAL, _reason),
    "reveal-possible": (samples.REVEALABLE, _nothing),
    "reveal-asking": (samples.REVEAL_ASKING, _nothing),
    "reveal-waiting": (samples.REVEAL_WAITING, _nothing),
    "reveal-shown": (samples.REVEAL_SHOWN, _nothing),
    "reveal-shown-long": (samples.REVEAL_ADDRESS, _nothing),
    "approval": (samples.APPROVAL, _nothing),
    "digits": (samples.DIGITS, _nothing),
    "digits-number": (samples.DIGITS_NUMBER, _nothing),
    "digits-valid": (samples.DIGITS_VALID, _nothing),
    "digits-wrong": (samples.DIGITS_WRONG, _nothing),
    "digits-code": (samples.DIGITS_CODE, _nothing),
    "digits-checking": (samples.DIGITS_CHECKING, _nothing),
    "digits-paid": (samples.DIGITS_PAID, _nothing),
    "digits-no-events": (samples.DIGITS_NO_EVENTS, _nothing),
    "digits-lost": (samples.DIGITS_LOST, _nothing),
}

SIZES = ((1360, 850), (1000, 700))
_THEMES = (ThemeName.LIGHT, ThemeName.DARK, ThemeName.HIGH_CONTRAST)


def _before(snapshot: DeskSnapshot) -> Iterator[DeskSnapshot]:
    """The last minute of a call, as its quality was measured."""
    call = snapshot.call
    if call is None or call.quality is None:
        return
    for second in range(59):
        wave = 0.04 * math.sin(second / 3) + (0.5 if second in {31, 32} else 0)
        measured = replace(call, quality=replace(call.quality, mos=call.quality.mos - wave))
        yield replace(snapshot, call=measured)


def picture(app: QApplication, scene: str, choices: Choices, size: tuple[int, int], file: Path) -> None:
    """Make one picture. A window of its own for each: nothing of the one before is left on it."""
    snapshot, act = SCENES[scene]
    bridge = Bridge(lambda _event: None)
    window = DeskWindow(
        bridge, MemoryPreferences(choices), Theme(app), Languages(app), clock=lambda: samples.NOW, safe=_Invented
    )
    window.resize(*size)
    window.show()
    window.activateWindow()
    QTest.qWaitForWindowActive(window)
    # Two snapshots, as in life: the screen is entered between calls, then a call comes.
    window.show_snapshot(samples.READY if snapshot.screen is Screen.AGENT else snapshot)
    app.processEvents()
    for step in _before(snapshot):
        window.show_snapshot(step)
    window.show_snapshot(snapshot)
    app.processEvents()
    act(window)
    for _ in range(4):
        app.processEvents()
    window.grab().save(str(file))
    window.hide()
    window.kit.languages.use("en")
    window.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def main(argv: list[str]) -> int:
    """Make the pictures that the arguments ask for; all of them by default."""
    parser = argparse.ArgumentParser(description="Make a picture of every screen of the desk.")
    parser.add_argument("--out", type=Path, required=True, help="folder for the pictures")
    parser.add_argument("--scene", action="append", choices=sorted(SCENES), help="only this scene; may be repeated")
    parser.add_argument("--theme", action="append", choices=[str(theme) for theme in _THEMES], help="only this theme")
    parser.add_argument("--language", action="append", choices=["zh", "en"], help="only this language")
    parser.add_argument("--zoom", action="append", type=float, help="only this zoom factor, such as 2.0")
    parser.add_argument("--size", action="append", help="only this window size, such as 1000x700")
    wanted = parser.parse_args(argv)
    wanted.out.mkdir(parents=True, exist_ok=True)
    app = application(sys.argv[:1])
    sizes = [tuple(int(part) for part in size.split("x")) for size in wanted.size] if wanted.size else SIZES
    for scene, theme, language, zoom, size in itertools.product(
        wanted.scene or SCENES,
        wanted.theme or [str(theme) for theme in _THEMES],
        wanted.language or ["zh", "en"],
        wanted.zoom or [1.0, 2.0],
        sizes,
    ):
        choices = Choices(language=language, theme=ThemeName(theme), zoom=zoom)
        file = wanted.out / f"{scene}-{theme}-{language}-{round(zoom * 100)}-{size[0]}x{size[1]}.png"
        picture(app, scene, choices, (size[0], size[1]), file)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
