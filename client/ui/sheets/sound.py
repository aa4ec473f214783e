"""Which microphone, which headphones, where calls ring, and in which ear the caller is. A choice is taken at once."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from client.core.events import SoundChosen
from client.core.snapshot import DeskSnapshot, SoundSnapshot
from client.ui.i18n import translate
from client.ui.kit import Kit
from client.ui.sheets.sheet import CoreSheet
from client.ui.theme.scale import spaced
from client.ui.theme.tokens import Type
from client.ui.widgets.button import Button, CommandButton
from client.ui.widgets.choice_list import Choice, ChoiceList
from client.ui.widgets.column import FittingArea
from client.ui.widgets.label import Label, identify

_TWO_COLUMNS = 640
"""Design pixels."""
_GROUPS = ("capture", "playback", "ring", "ear")


class Group(QWidget):
    """A heading, what it is about, and the choices."""

    def __init__(self, kit: Kit, name: str) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        # Room for the focus ring, which stands outside the list.
        spaced(column, 4, (7, 6, 7, 8))
        self.title = Label(strong=True)
        self.about = Label(size=Type.SMALL, tone="dim", wrap=True)
        self.list = ChoiceList(kit, f"sound.{name}", marks=True)
        column.addWidget(self.title)
        column.addWidget(self.about)
        column.addSpacing(4)
        column.addWidget(self.list)
        column.addStretch(1)

    def show_words(self, title: str, about: str) -> None:
        """Name the group."""
        self.title.setText(title)
        self.about.setText(about)
        self.list.setAccessibleName(title)
        self.list.setAccessibleDescription(about)

    def show_rows(self, rows: tuple[Choice, ...]) -> None:
        """Show the choices, all of them."""
        self.list.show_rows(rows)
        self.list.high(len(rows))


class SoundSheet(CoreSheet):
    """The four choices."""

    def __init__(self, kit: Kit, over: QWidget) -> None:
        super().__init__(kit, over, "sound", wide=880, top=20)
        self._sound = SoundSnapshot()
        self._across = 0
        self.card.heading.hide()
        self.title = Label(size=Type.TITLE, strong=True, name="sound.title")
        self.check = CommandButton(kit, "sound.check")
        self.close_button = Button(kit)
        identify(self.close_button, "sound.close")
        self.close_button.clicked.connect(self.dismiss)
        head = QHBoxLayout()
        spaced(head, 10)
        head.addWidget(self.title, 1)
        head.addWidget(self.check)
        head.addWidget(self.close_button)
        self.card.body.addLayout(head)
        self.hint = Label(size=Type.SMALL, tone="dim", wrap=True, name="sound.hint")
        self.card.body.addWidget(self.hint)
        self.groups = {name: Group(kit, name) for name in _GROUPS}
        for name, group in self.groups.items():
            group.list.chosen.connect(partial(self._choose, name))
        page = QWidget()
        self._grid = QGridLayout(page)
        spaced(self._grid, 8)
        self.card.body.addWidget(FittingArea(page))
        self.compact()
        self._arrange(2)
        kit.theme.changed.connect(self._show)
        self.retranslate()

    def retranslate(self) -> None:
        """The language changed."""
        self.title.setText(translate("sound", "Sound devices"))
        self.setAccessibleName(self.title.text())
        self.card.setAccessibleName(self.title.text())
        self.hint.setText(
            translate("sound", "A choice is taken at once and kept for this PC. The check has a meter for your voice.")
        )
        self.close_button.setText(translate("sound", "Done"))
        self.close_button.retranslate()
        words = {
            "capture": (translate("sound", "Microphone"), translate("sound", "What customers hear you with.")),
            "playback": (translate("sound", "Headphones"), translate("sound", "What you hear customers with.")),
            "ring": (
                translate("sound", "Where calls ring"),
                translate("sound", "A speaker is heard even when the headset lies on the table."),
            ),
            "ear": (
                translate("sound", "The caller's ear"),
                translate("sound", "One ear for the caller leaves the other for your screen reader."),
            ),
        }
        for name, group in self.groups.items():
            group.show_words(*words[name])
        self._show()

    def shrink(self, small: bool) -> None:
        """The explanation can be done without."""
        self.hint.setVisible(not small)

    def first_focus(self) -> QWidget:
        """The first list."""
        return self.groups["capture"].list

    def show_snapshot(self, snapshot: DeskSnapshot) -> None:
        """Show what there is, what is chosen, and what is in use."""
        self.check.setEnabled("sound.check" in snapshot.enabled)
        if snapshot.sound != self._sound:
            self._sound = snapshot.sound
            self._show()

    def _show(self) -> None:
        sound = self._sound
        show = self.groups
        show["capture"].show_rows(_devices(sound.captures, sound.capture, sound.used_capture))
        show["playback"].show_rows(_devices(sound.playbacks, sound.playback, sound.used_playback))
        show["ring"].show_rows(_devices(sound.playbacks, sound.ring, sound.used_ring))
        ears = (
            ("both", translate("sound", "Both ears"), ""),
            ("left", translate("sound", "Left ear"), translate("sound", "screen reader right")),
            ("right", translate("sound", "Right ear"), translate("sound", "screen reader left")),
        )
        show["ear"].show_rows(tuple(Choice(key, title, more, key == sound.ear) for key, title, more in ears))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Two columns where there is room."""
        super().resizeEvent(event)
        self._arrange(2 if self.width() >= self.kit.theme.px(_TWO_COLUMNS) else 1)

    def _arrange(self, across: int) -> None:
        if across == self._across:
            return
        self._across = across
        for group in self.groups.values():
            self._grid.removeWidget(group)
        for place, group in enumerate(self.groups.values()):
            self._grid.addWidget(group, place // across, place % across, Qt.AlignmentFlag.AlignTop)
        for column in range(2):
            self._grid.setColumnStretch(column, int(column < across))

    def _choose(self, name: str, key: str) -> None:
        sound = self._sound
        chosen = {"capture": sound.capture, "playback": sound.playback, "ring": sound.ring, "ear": sound.ear}
        if chosen[name] == key:
            return
        send: Callable[[SoundChosen], None] = self.kit.send
        send(SoundChosen(**(chosen | {name: key})))


def _devices(there: tuple[str, ...], chosen: str, used: str) -> tuple[Choice, ...]:
    """The system's choice, the devices, and the chosen one where it is not plugged in."""
    in_use, gone = translate("sound", "in use"), translate("sound", "not plugged in")
    names = there if not chosen or chosen in there else (*there, chosen)
    system = used if not chosen else ""
    rows = [Choice("", translate("sound", "As the system"), system, on=not chosen)]
    for name in names:
        more = gone if name not in there else in_use if name == used else ""
        rows.append(Choice(name, name, more, on=name == chosen))
    return tuple(rows)
