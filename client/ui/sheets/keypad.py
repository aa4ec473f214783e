"""The keypad: digits for the other side's machine. What was typed shows as dots, for it may be a secret."""

from functools import partial
from typing import Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QSizePolicy, QWidget

from client.core.events import DigitsPressed
from client.core.keys import PROFILES, KeyProfile
from client.core.snapshot import DeskSnapshot
from client.ui.i18n import translate
from client.ui.keynames import caps, name_of, spoken
from client.ui.kit import Kit
from client.ui.sheets.sheet import CoreSheet
from client.ui.theme.scale import minimum, rescale, spaced
from client.ui.theme.tokens import RADIUS_BUTTON, Type
from client.ui.widgets import keycap
from client.ui.widgets.button import Button
from client.ui.widgets.column import FittingArea
from client.ui.widgets.label import Label, identify

KEYS: Final = "123456789*0#"
_ACROSS, _ACROSS_SMALL = 3, 6
_SIDEWAYS = {"Left": -1, "Right": 1}
_UPWARDS = {"Up": -1, "Down": 1}
_DOTS = 16
_HIGH, _LOW = 50, 36
"""Design pixels of a key's height, and of one where there is little room."""


def foreign(profile: KeyProfile) -> dict[str, str]:
    """The commands that stand for digits which the profile's hand does not reach: the first key, then one of its own.

    The left hand has 1 to 5, and its choices 6 to 9 are those digits. The right hand has 6 to 0: its choices 6 to 9,
    the same keys after another, are 1 to 4. What is left over is reached by walking the pad.
    """
    if profile is KeyProfile.LEFT_HAND:
        return {f"choose.{digit}": str(digit) for digit in range(6, 10)}
    if profile is KeyProfile.RIGHT_HAND:
        return {f"choose.{digit}": str(digit - 5) for digit in range(6, 10)}
    return {}


class PadKey(Button):
    """One key of the pad: a large digit, and the keys of a hand profile that reach it."""

    def __init__(self, kit: Kit, sheet: "KeypadSheet", digit: str) -> None:
        super().__init__(kit, digit)
        self._sheet = sheet
        self.digit = digit
        identify(self, f"keypad.{digit}")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        minimum(self, 44, _HIGH)
        self.retranslate()

    @property
    def extra(self) -> str:
        """The two keys in turn that press this one, where it is not pressed by its own."""
        command = next((name for name, digit in foreign(self.kit.profile).items() if digit == self.digit), "")
        return PROFILES[self.kit.profile].get(command, "")

    def retranslate(self) -> None:
        """The language or the keys changed."""
        names = {"*": translate("keypad", "star"), "#": translate("keypad", "hash")}
        self.setAccessibleName(names.get(self.digit, self.digit))
        extra = self.extra
        self.setAccessibleDescription(translate("button", "Key: {key}").format(key=spoken(extra)) if extra else "")
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Digits and arrows are the pad's."""
        if not self._sheet.take(event):
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the digit in the middle and the keys in the corner."""
        theme = self.kit.theme
        ground, edge, ink = self._colours()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(edge, 1))
        painter.setBrush(ground)
        box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.drawRoundedRect(box, theme.px(RADIUS_BUTTON), theme.px(RADIUS_BUTTON))
        painter.setPen(ink)
        painter.setFont(theme.font(Type.TITLE, strong=True))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, self.text())
        if names := caps(self.extra):
            at = QPointF(self.width() - keycap.width(theme, names) - theme.px(8), self.height() / 2)
            keycap.draw(painter, theme, at, names, None)


class KeypadSheet(CoreSheet):
    """Twelve keys, and how many were pressed."""

    def __init__(self, kit: Kit, over: QWidget) -> None:
        super().__init__(kit, over, "keypad", wide=400, top=24)
        self._sent = 0
        self.card.heading.hide()
        self.title = Label(size=Type.TITLE, strong=True, name="keypad.title")
        self.what = Label(size=Type.SMALL, tone="dim", wrap=True, name="keypad.what")
        self.dots = Label(size=Type.TITLE, tone="brand", name="keypad.dots")
        self.count = Label(size=Type.SMALL, tone="dim", name="keypad.count")
        self.close_button = Button(kit)
        identify(self.close_button, "keypad.close")
        self.close_button.clicked.connect(self.dismiss)
        self._row = QHBoxLayout()
        spaced(self._row, 10)
        self._row.addWidget(self.dots, 1)
        self._row.addWidget(self.count)
        self._across = 0
        self._grid = QGridLayout()
        # Room for the focus ring, which stands outside its key.
        spaced(self._grid, 8, (6, 6, 6, 6))
        self.pad: dict[str, PadKey] = {}
        for digit in KEYS:
            key = PadKey(kit, self, digit)
            key.clicked.connect(partial(self._press, digit))
            self.pad[digit] = key
        self._head = QHBoxLayout()
        spaced(self._head, 10)
        self._head.addWidget(self.title, 1)
        self._head.addWidget(self.close_button)
        self.card.body.addLayout(self._head)
        self.card.body.addWidget(self.what)
        self.card.body.addLayout(self._row)
        page = QWidget()
        page.setLayout(self._grid)
        self.card.body.addWidget(FittingArea(page))
        self._arrange(_ACROSS)
        self.compact()
        self.retranslate()

    def retranslate(self) -> None:
        """The language, or the key profile, changed."""
        self.title.setText(translate("keypad", "Keypad"))
        self.what.setText(
            translate("keypad", "Type the digits, or walk with the arrows and press Enter. They go out at once.")
        )
        self.setAccessibleName(self.title.text())
        self.setAccessibleDescription(self.what.text())
        self.card.setAccessibleName(self.title.text())
        self.close_button.setText(translate("keypad", "Done"))
        self.close_button.retranslate()
        self._count()

    def shrink(self, small: bool) -> None:
        """Two rows of six take less height than four of three, and the pad says by itself what it is."""
        self.what.setVisible(not small)
        self.title.setVisible(not small)
        # What was typed stands beside the button where the title stood.
        holder = self._head if small else self._row
        for other in (self._head, self._row):
            for label in (self.count, self.dots):
                other.removeWidget(label)
        for place, label in enumerate((self.dots, self.count)):
            holder.insertWidget(place, label, 1 if label is self.dots else 0)
        for key in self.pad.values():
            minimum(key, 44, _LOW if small else _HIGH)
            rescale(key, self.kit.theme.zoom)
        self._arrange(_ACROSS_SMALL if small else _ACROSS)

    def _arrange(self, across: int) -> None:
        if across == self._across:
            return
        self._across = across
        for key in self.pad.values():
            self._grid.removeWidget(key)
        for place, digit in enumerate(KEYS):
            self._grid.addWidget(self.pad[digit], place // across, place % across)

    def first_focus(self) -> QWidget:
        """The middle of the pad."""
        return self.pad["5"]

    def show_snapshot(self, snapshot: DeskSnapshot) -> None:
        """Show how many digits went out in this call."""
        sent = snapshot.call.digits_sent if snapshot.call is not None else 0
        if sent != self._sent:
            self._sent = sent
            self._count()
            if self.is_open and sent:
                self.kit.announcer.say(self.count.text())

    def _count(self) -> None:
        self.dots.setText("●" * min(self._sent, _DOTS))
        self.dots.setAccessibleName(translate("keypad", "Digits sent: {count}").format(count=self._sent))
        text = translate("keypad", "Digits sent: {count}") if self._sent else translate("keypad", "Nothing sent yet")
        self.count.setText(text.format(count=self._sent))

    # --- Keys ---------------------------------------------------------------------------------------------------------

    def takes_key(self, name: str) -> bool:
        """Digits and arrows are the pad's while it is open."""
        return name in self.pad or name in _SIDEWAYS or name in _UPWARDS

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Digits act wherever in the sheet the focus is."""
        if not self.take(event):
            super().keyPressEvent(event)

    def take(self, event: QKeyEvent) -> bool:
        """Press a digit, or walk; False where the key is not the pad's."""
        name = name_of(event.key())
        if name in self.pad:
            if not event.isAutoRepeat():
                self.pad[name].setFocus()
                self._press(name)
            return True
        if name in _SIDEWAYS or name in _UPWARDS:
            self._walk(_SIDEWAYS.get(name, 0) + _UPWARDS.get(name, 0) * self._across)
            return True
        return False

    def choose(self, number: int) -> None:
        """Press the digit that a hand profile reaches by two keys in turn."""
        digit = foreign(self.kit.profile).get(f"choose.{number}", str(number))
        self.pad[digit].setFocus()
        self._press(digit)

    def _walk(self, step: int) -> None:
        focus = self.focusWidget()
        digit = focus.digit if isinstance(focus, PadKey) else ""
        place = KEYS.find(digit) + step if digit else 0
        if 0 <= place < len(KEYS):
            self.pad[KEYS[place]].setFocus()

    def _press(self, digit: str, _checked: bool = False) -> None:
        self.kit.send(DigitsPressed(digit))
