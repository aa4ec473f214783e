"""One dispatcher for all keys: what a key means follows from the profile and from what has the focus.

Rules, and where they come from:
- Single keys act only while no text field has the focus (WCAG 2.2, 2.1.4). In a field only Esc, the profile's own key
  for leaving it, and function keys act; everything else is typing, so an input method is never disturbed.
- A held key acts once (EN 301 549, 5.7); the same key again within the double-strike time does nothing (5.8), unless
  what it does is harmless to do twice.
- Two keys in turn: after the first the desk waits, without a time limit, and says so. Esc or a key that leads nowhere
  ends the waiting and does nothing else.
- Enter presses the focused button. The space bar is a command's key in every profile, so it presses only buttons that
  are not a command's own, such as those of forms.
- What has a use of its own for a key while it has the focus says so (`takes_key`): the digits of the keypad, Enter and
  the space bar in a list of choices.
- Arrows walk a list or scroll a page first, and leave it at its end: no list is a trap.
"""

import time
from collections.abc import Callable
from enum import Enum, auto

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSpinBox,
    QApplication,
    QLineEdit,
    QPlainTextEdit,
    QScrollArea,
    QTextEdit,
    QWidget,
)

from client.core.keys import PROFILES, KeyProfile, presses
from client.ui.keynames import name_of
from client.ui.widgets.button import Button

_HARMLESS_TWICE = frozenset({"focus.next", "focus.previous", "view.larger", "view.smaller"})
_FOREIGN = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier


class Verdict(Enum):
    """What a key press means."""

    PASS = auto()
    """Not ours: the widget with the focus gets it."""
    SWALLOW = auto()
    """Ours, and nothing comes of it."""
    WAIT = auto()
    """The first of two keys."""
    CANCEL = auto()
    """The waiting is over, and nothing comes of it."""
    COMMAND = auto()


def is_text_field(widget: QWidget | None) -> bool:
    """Whether typing goes into this widget."""
    if isinstance(widget, QLineEdit | QPlainTextEdit | QTextEdit):
        return not widget.isReadOnly()
    return isinstance(widget, QAbstractSpinBox)


class Sequences:
    """The profile's keys, and the first key of two that was pressed. Knows nothing of widgets or of time."""

    def __init__(self, profile: KeyProfile) -> None:
        self.pending = ""
        self.use(profile)

    def use(self, profile: KeyProfile) -> None:
        """Switch the profile."""
        self.pending = ""
        self._commands = {presses(keys): command for command, keys in PROFILES[profile].items()}
        self._first = {keys[0] for keys in self._commands if len(keys) == 2}

    def press(self, name: str) -> tuple[Verdict, str]:
        """Take a key; the command's id comes with COMMAND."""
        if self.pending:
            first, self.pending = self.pending, ""
            command = self._commands.get((first, name))
            return (Verdict.COMMAND, command) if command and name != "Esc" else (Verdict.CANCEL, "")
        if command := self._commands.get((name,)):
            return Verdict.COMMAND, command
        if name in self._first:
            self.pending = name
            return Verdict.WAIT, ""
        return Verdict.PASS, ""

    def knows(self, name: str) -> bool:
        """Whether the key does anything in this profile, alone or as one of two."""
        return bool(self.pending) or (name,) in self._commands or name in self._first

    def single(self, name: str) -> str:
        """The command of a key pressed alone, or an empty string."""
        return self._commands.get((name,), "")

    def seconds(self) -> dict[str, str]:
        """While the second key is awaited: each that leads somewhere, and its command."""
        return {
            keys[1]: command for keys, command in self._commands.items() if len(keys) == 2 and keys[0] == self.pending
        }


class Keyboard(QObject):
    """Filters the application's key presses for one window."""

    command = Signal(str)
    waiting = Signal(str)
    """The first of two keys, or an empty string when the waiting is over."""

    def __init__(
        self,
        window: QWidget,
        profile: KeyProfile,
        strike_ms: int,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._now = now
        self.strike_ms = strike_ms
        self.sequences = Sequences(profile)
        self._last = ""
        self._last_at = 0.0
        app = QApplication.instance()
        if app is not None:
            app.installEventFilter(self)

    def use(self, profile: KeyProfile) -> None:
        """Switch the profile."""
        self.sequences.use(profile)
        self.waiting.emit("")

    def cancel(self) -> None:
        """Stop waiting for a second key."""
        if self.sequences.pending:
            self.sequences.pending = ""
            self.waiting.emit("")

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take a key press of our window before the widget with the focus gets it."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and isinstance(watched, QWidget):
            focus = self._window.focusWidget()
            if watched.window() is self._window and (watched is focus or (watched is self._window and focus is None)):
                # Lists and tables copy their rows by themselves; what is on the screen stays there.
                copies = event.matches(QKeySequence.StandardKey.Copy) and not is_text_field(focus)
                taken = copies or self._take(event, focus)
                if taken:
                    event.accept()
                return taken
        return False

    def _take(self, event: QKeyEvent, focus: QWidget | None) -> bool:
        name = name_of(event.key())
        if not name or event.modifiers() & _FOREIGN:
            return False
        # Shift makes another thing of a letter; of a sign it may be what makes the sign at all.
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier and (name.isalnum() and len(name) == 1):
            return False
        if is_text_field(focus):
            if not self._acts_in_field(name):
                return False
        elif not self.sequences.pending and (self._natively(name, focus) or self._taken(name, focus)):
            return False
        if event.isAutoRepeat():
            return bool(self.sequences.pending or self.sequences.single(name) or name == "Return")
        return self._double_strike(name, event) or self._act(name, focus)

    def _act(self, name: str, focus: QWidget | None) -> bool:
        was_waiting = bool(self.sequences.pending)
        if not was_waiting and name == "Esc":
            # Esc leaves in every profile: a field, a sheet.
            self.command.emit("field.leave")
            return True
        if not was_waiting and name == "Return" and isinstance(focus, QAbstractButton):
            focus.click()
            return True
        verdict, command = self.sequences.press(name)
        if verdict is Verdict.WAIT:
            self.waiting.emit(name)
        elif was_waiting:
            self.waiting.emit("")
        if verdict is Verdict.COMMAND:
            self.command.emit(command)
        return verdict is not Verdict.PASS

    def _acts_in_field(self, name: str) -> bool:
        function_key = len(name) > 1 and name[0] == "F" and name[1:].isdigit()
        return name == "Esc" or (function_key and bool(self.sequences.single(name)))

    def _taken(self, name: str, focus: QWidget | None) -> bool:
        """Whether the widget with the focus, or what it is in, has a use of its own for this key (`takes_key`)."""
        widget = focus
        while widget is not None and widget is not self._window:
            takes = getattr(widget, "takes_key", None)
            if callable(takes) and takes(name):
                return True
            widget = widget.parentWidget()
        return False

    @staticmethod
    def _natively(name: str, focus: QWidget | None) -> bool:
        """Whether the widget with the focus has a better use for this key."""
        if name == "Space":
            return isinstance(focus, Button) and not focus.key_command
        if name not in {"Up", "Down"}:
            return False
        step = 1 if name == "Down" else -1
        if isinstance(focus, QAbstractItemView) and focus.model() is not None:
            row = focus.currentIndex().row()
            return 0 <= row + step < focus.model().rowCount() or row < 0 < focus.model().rowCount()
        if isinstance(focus, QScrollArea):
            bar = focus.verticalScrollBar()
            return bar.value() < bar.maximum() if step > 0 else bar.value() > bar.minimum()
        return False

    def _double_strike(self, name: str, event: QKeyEvent) -> bool:
        # The event's own time, where it has one: a busy moment must not make two strokes look like one.
        at = event.timestamp() / 1000 if event.timestamp() else self._now()
        again = name == self._last and 0 <= at - self._last_at < self.strike_ms / 1000
        if not self.sequences.knows(name) and name != "Return":
            # Tab, the page keys and the like are the widget's: moving on twice is no mistake.
            again = False
        self._last, self._last_at = name, at
        return again and self.sequences.single(name) not in _HARMLESS_TWICE
