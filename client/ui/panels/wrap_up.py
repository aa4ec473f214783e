"""Notes and wrap-up codes."""

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtGui import QResizeEvent, QTextCursor
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QWidget

from client.core.events import CodeChosen, NotesEdited
from client.core.snapshot import DeskSnapshot, WrapUpCodeSnapshot
from client.ui.i18n import translate
from client.ui.kit import Kit
from client.ui.theme.scale import maximum_height, minimum, rescale, spaced
from client.ui.theme.tokens import Type
from client.ui.widgets.button import Button, CommandButton
from client.ui.widgets.edit import Edit
from client.ui.widgets.keycap import KeyCap
from client.ui.widgets.label import Label, identify
from client.ui.widgets.panel import Panel

NOTES_LIMIT = 8000
_COUNT_FROM = 7500
_SETTLE_MS = 300
"""Typing is told to the core when it pauses this long, when the field is left, and before any command."""


class CodeGrid(QWidget):
    """The codes, two side by side where they fit."""

    def __init__(self, kit: Kit) -> None:
        super().__init__()
        self._kit = kit
        self._codes: tuple[WrapUpCodeSnapshot, ...] = ()
        self._owns_digits = False
        self.buttons: list[Button] = []
        self._across = 0
        self._grid = QGridLayout(self)
        spaced(self._grid, 7)

    def own_digits(self, owns: bool) -> None:
        """Whether the digits choose here."""
        self._owns_digits = owns
        for button in self.buttons:
            button.show_keys = owns
            button.update()

    def show_codes(self, codes: tuple[WrapUpCodeSnapshot, ...], chosen: str, *, enabled: bool) -> None:
        """Show these codes, one of them chosen."""
        self._codes = codes
        while len(self.buttons) < len(codes):
            self._add(len(self.buttons))
        for number, button in enumerate(self.buttons):
            button.setVisible(number < len(codes))
            if number < len(codes):
                button.setText(self._kit.words(codes[number].label))
                button.setEnabled(enabled)
                button.set_on(codes[number].id == chosen)
                identify(button, f"code.{codes[number].id}")
                button.retranslate()
        self._arrange()

    def _add(self, number: int) -> None:
        button = Button(self._kit, wide=True)
        # A widget without a parent that is shown becomes a window, and takes the focus from ours.
        button.setParent(self)
        button.key_command = f"choose.{number + 1}" if number < 9 else ""
        button.show_keys = self._owns_digits
        button.clicked.connect(lambda: self._kit.send(CodeChosen(self._codes[number].id)))
        self.buttons.append(button)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """There may be room for more columns, or for fewer."""
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        shown = self.buttons[: len(self._codes)]
        if not shown:
            return
        widest = max(button.sizeHint().width() for button in shown) + self._kit.theme.px(22)
        across = max(
            1, min(4, (self.width() + self._grid.horizontalSpacing()) // (widest + self._grid.horizontalSpacing()))
        )
        if across == self._across and self._grid.count() == len(shown):
            return
        self._across = across
        while self._grid.takeAt(0) is not None:
            pass
        # A left-over stretch from a layout with more columns would keep its share of the width.
        for column in range(4):
            self._grid.setColumnStretch(column, 1 if column < across else 0)
        for number, button in enumerate(shown):
            self._grid.addWidget(button, number // across, number % across)


class WrapUpPanel(Panel):
    """What the agent writes and codes after a call, and during it."""

    def __init__(self, kit: Kit) -> None:
        super().__init__(kit, "panel.codes", "focus.codes")
        self._ref = ""
        self._found = False
        self._sent = ""
        self._snapshot = DeskSnapshot()
        head = self.heading_row
        self._notes_title = Label(size=Type.SMALL, tone="dim", strong=True)
        self.count_label = Label(size=Type.SMALL, tone="warn", name="notes.count")
        self.waiting = Label(size=Type.SMALL, tone="warn", strong=True, wrap=True, name="wrap-up.waiting")
        head.addWidget(self.count_label)
        head.addWidget(self._notes_title)
        head.addWidget(KeyCap(kit, "focus.notes"))
        self.notes = Edit("notes")
        self._notes_title.setBuddy(self.notes)
        minimum(self.notes, 0, 112)
        maximum_height(self.notes, 112)
        self.codes = CodeGrid(kit)
        self.save = CommandButton(kit, "work.save", kind="primary")
        self.hint = Label(size=Type.SMALL, tone="dim", wrap=True, name="wrap-up.hint")
        foot = QHBoxLayout()
        spaced(foot, 12)
        foot.addWidget(self.hint, 1)
        foot.addWidget(self.save)
        self.body.addWidget(self.waiting)
        self.body.addWidget(self.notes)
        self.body.addWidget(self.codes)
        self.body.addLayout(foot)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_SETTLE_MS)
        self._timer.timeout.connect(self.flush)
        self.notes.textChanged.connect(self._edited)
        self.notes.installEventFilter(self)
        self.retranslate()

    @property
    def count(self) -> int:
        """How many codes there are to choose from."""
        return len(self._snapshot.codes) if self._snapshot.wrap_up else 0

    def own_digits(self, owns: bool) -> None:
        """Whether the digits choose here."""
        self.codes.own_digits(owns)

    def retranslate(self) -> None:
        """The language changed."""
        self.set_heading(translate("wrap-up", "Wrap-up"))
        self._notes_title.setText(translate("wrap-up", "Notes"))
        self.notes.setAccessibleName(translate("wrap-up", "Notes"))
        self.notes.setAccessibleDescription(translate("wrap-up", "Esc leaves the field"))
        self.notes.setPlaceholderText(translate("wrap-up", "What was it about, and what was agreed?"))
        self.show_snapshot(self._snapshot)
        self._count()

    def show_snapshot(self, snapshot: DeskSnapshot) -> None:
        """Show the note and the codes.

        While a note is open, its text is this field's own: typing is never overwritten.
        """
        self._snapshot = snapshot
        note = snapshot.wrap_up
        if note is None:
            self.flush()
            self._ref = self._sent = ""
            self._timer.stop()
            return
        came_up = note.found and not self._found and self.notes.toPlainText() == self._sent
        if note.ref != self._ref or came_up:
            # The last words about the call before belong to that one's note.
            self.flush()
            self._ref, self._sent = note.ref, note.notes
            self.notes.setPlainText(note.notes)
            self._timer.stop()
        self._found = note.found
        self.notes.setEnabled(not note.saving)
        self.codes.show_codes(snapshot.codes, note.code, enabled=not note.saving)
        rescale(self.codes, self.kit.theme.zoom)
        self.save.setEnabled("work.save" in snapshot.enabled)
        more = translate("wrap-up", "Notes to write: {count}. This is the first.").format(count=note.waiting + 1)
        self.waiting.setText(more if note.waiting else "")
        self.waiting.setVisible(note.waiting > 0)
        going_on = {call.ref for call in (*snapshot.calls, snapshot.call) if call is not None}
        if note.saving:
            hint = translate("wrap-up", "Saving…")
        elif note.ref in going_on:
            hint = translate("wrap-up", "You can save when the call is over.")
        elif not note.code:
            hint = translate("wrap-up", "Choose a code first.")
        else:
            hint = ""
        self.hint.setText(hint)

    def flush(self) -> None:
        """Tell the core what was typed since the last time."""
        self._timer.stop()
        text = self.notes.toPlainText()
        if self._ref and text != self._sent:
            self._sent = text
            self.kit.send(NotesEdited(text, self._ref))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Leaving the field tells the core what is in it."""
        if watched is self.notes and event.type() == QEvent.Type.FocusOut:
            self.flush()
        return super().eventFilter(watched, event)

    def _edited(self) -> None:
        text = self.notes.toPlainText()
        if len(text) > NOTES_LIMIT:
            cursor = self.notes.textCursor()
            at = cursor.position()
            self.notes.blockSignals(True)
            self.notes.setPlainText(text[:NOTES_LIMIT])
            cursor = self.notes.textCursor()
            cursor.setPosition(min(at, len(self.notes.toPlainText())), QTextCursor.MoveMode.MoveAnchor)
            self.notes.setTextCursor(cursor)
            self.notes.blockSignals(False)
            self.kit.announcer.say(translate("wrap-up", "The note is full."), urgent=True)
        self._count()
        if self._ref:
            self._timer.start()

    def _count(self) -> None:
        used = len(self.notes.toPlainText())
        self.count_label.setVisible(used >= _COUNT_FROM)
        self.count_label.setText(translate("wrap-up", "{left} characters left").format(left=NOTES_LIMIT - used))
