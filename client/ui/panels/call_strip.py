"""The calls beside the current one: one chip each, and beside them what can be done with several calls."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFocusEvent, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QVBoxLayout, QWidget

from client.core.calls import CallState
from client.core.events import CallChosen
from client.core.snapshot import CallSnapshot, DeskSnapshot
from client.ui import call_words
from client.ui.i18n import translate
from client.ui.kit import Kit
from client.ui.theme.scale import rescale, spaced
from client.ui.theme.tokens import RADIUS_BUTTON, Type
from client.ui.times import running
from client.ui.widgets import glyph as glyphs
from client.ui.widgets.button import Button, CommandButton
from client.ui.widgets.flow import FlowLayout
from client.ui.widgets.label import Label, identify

SEVERAL = ("call.split", "call.conference", "call.connect", "call.swap")
"""The one that is most needed keeps its place at the right edge."""
_PAD, _SIGN, _GAP = 12, 15, 8


class CallChip(Button):
    """One call that is not the current one: its sign, whose it is, how it stands. Choosing it makes it current."""

    def __init__(self, kit: Kit, number: int) -> None:
        super().__init__(kit)
        identify(self, f"other-call.{number + 1}")
        self._call: CallSnapshot | None = None
        self._who = ""
        self._state, self._tone, self._sign = "", "dim", glyphs.Glyph.PHONE
        self.clicked.connect(self._choose)

    def show_call(self, call: CallSnapshot) -> None:
        """Show this call."""
        self._call = call
        self._who = call_words.label(self.kit, call)
        self._state, self._tone, self._sign = call_words.state(call, current=False)
        self.setAccessibleName(f"{self._who}: {self._state}")
        self.tick()

    def retranslate(self) -> None:
        """The language changed."""
        if self._call is not None:
            self.show_call(self._call)

    def tick(self) -> None:
        """A second has passed."""
        if self._call is None:
            return
        text = f"{self._state} {running(self.kit.clock() - self._call.since)}"
        if text != self.text():
            wide = len(text) != len(self.text())
            self.setText(text)
            if wide:
                self.updateGeometry()
        self.update()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The time is told to who comes here to ask."""
        self.setAccessibleDescription(self.text())
        super().focusInEvent(event)

    def _choose(self) -> None:
        # A call that rings is answered by its key or its button: a click on its name must not do that.
        if self._call is not None and self._call.state is not CallState.RINGING:
            self.kit.send(CallChosen(self._call.ref))

    def sizeHint(self) -> QSize:
        """The sign, the name and the state side by side."""
        theme = self.kit.theme
        who = QFontMetrics(theme.font(Type.BODY, strong=True)).horizontalAdvance(self._who)
        state = QFontMetrics(theme.font(Type.SMALL, strong=True))
        wide = theme.px(2 * _PAD + _SIGN + 2 * _GAP) + who + state.horizontalAdvance(self.text()) + 2
        return QSize(wide, QFontMetrics(theme.font(Type.BODY)).height() + theme.px(16))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the chip."""
        theme = self.kit.theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        tone = theme.colour(self._tone)
        high = theme.effective == "high-contrast"
        painter.setPen(QPen(tone, theme.px(1)) if high else Qt.PenStyle.NoPen)
        ground = "key" if self._tone == "dim" else f"{self._tone}_soft"
        painter.setBrush(theme.colour("card" if self._tone == "brand" else ground))
        box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.drawRoundedRect(box, theme.px(RADIUS_BUTTON), theme.px(RADIUS_BUTTON))
        side, left = theme.px(_SIGN), theme.px(_PAD)
        glyphs.draw(painter, self._sign, QRectF(left, (self.height() - side) / 2, side, side), tone)
        left += side + theme.px(_GAP)
        font = theme.font(Type.BODY, strong=True)
        painter.setFont(font)
        painter.setPen(theme.colour("ink"))
        middle = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft)
        small = QFontMetrics(theme.font(Type.SMALL, strong=True)).horizontalAdvance(self.text())
        room = self.width() - left - small - theme.px(_GAP + _PAD)
        name = QFontMetrics(font).elidedText(self._who, Qt.TextElideMode.ElideRight, room + 1)
        painter.drawText(QRectF(left, 0, room + 1, self.height()), middle, name)
        left = self.width() - theme.px(_PAD) - small
        painter.setFont(theme.font(Type.SMALL, strong=True))
        painter.setPen(tone)
        painter.drawText(QRectF(left, 0, small + 2, self.height()), middle, self.text())


class CallStrip(QWidget):
    """Chips at the left, actions at the right. Hidden while there is one call or none."""

    def __init__(self, kit: Kit) -> None:
        super().__init__()
        self._kit = kit
        self._offered: set[str] = set()
        self._refs: frozenset[str] = frozenset()
        self._rings = False
        identify(self, "other-calls")
        self.chips: list[CallChip] = []
        column = QVBoxLayout(self)
        spaced(column, 0, (10, 8, 8, 8))
        inner = QWidget()
        self.flow = FlowLayout()
        spaced(self.flow, 8)
        inner.setLayout(self.flow)
        self._inner = inner
        column.addWidget(inner)
        self.hint = Label(size=Type.SMALL, tone="dim", name="other-calls.hint")
        self.flow.addWidget(self.hint)
        self.buttons = {command: CommandButton(kit, command) for command in SEVERAL}
        for button in self.buttons.values():
            self.flow.addWidget(button)
        self.flow.push(*self.buttons.values())
        self.hide()

    def retranslate(self) -> None:
        """The language changed."""
        self.setAccessibleName(translate("call-bar", "Other calls"))
        self.hint.setText(translate("call-bar", "Answering puts your present call on hold."))

    def show_snapshot(self, snapshot: DeskSnapshot) -> None:
        """Show the calls beside the current one."""
        rest = call_words.others(snapshot)
        current = snapshot.call
        self.setVisible(bool(rest))
        self._rings = bool(rest) and rest[0].state is CallState.RINGING and not _rings(current)
        for number, call in enumerate(rest):
            if number == len(self.chips):
                self._add(number)
            self.chips[number].show_call(call)
        for number, chip in enumerate(self.chips):
            chip.setVisible(number < len(rest))
        self.hint.setVisible(self._rings and current is not None and current.state is CallState.TALKING)
        self._offer(snapshot, frozenset(call.ref for call in rest))
        self.update()

    def _offer(self, snapshot: DeskSnapshot, refs: frozenset[str]) -> None:
        """What could be done with these calls once stays where it is, so that nothing moves under the hand."""
        if refs != self._refs:
            self._refs, self._offered = refs, set()
        able = {command for command in SEVERAL if command in snapshot.enabled}
        together = snapshot.call is not None and snapshot.call.in_conference
        self._offered |= able
        self._offered -= {"call.connect", "call.conference"} - able if together else {"call.split"} - able
        for command, button in self.buttons.items():
            button.setVisible(command in self._offered)
            button.setEnabled(command in able)

    def _add(self, number: int) -> None:
        chip = CallChip(self._kit, number)
        self.chips.append(chip)
        self.flow.put(number, chip)
        rescale(self._inner, self._kit.theme.zoom)

    def tick(self) -> None:
        """A second has passed."""
        for chip in self.chips:
            if chip.isVisible():
                chip.tick()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the ground: a frame around a call that waits, so that it is seen without colour."""
        theme = self._kit.theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        thick = theme.px(2) if self._rings else 1
        painter.setPen(QPen(theme.colour("brand" if self._rings else "line"), thick))
        painter.setBrush(theme.colour("brand_soft" if self._rings else "bg"))
        half = thick / 2
        box = QRectF(self.rect()).adjusted(half, half, -half, -half)
        painter.drawRoundedRect(box, theme.px(RADIUS_BUTTON + 3), theme.px(RADIUS_BUTTON + 3))


def _rings(call: CallSnapshot | None) -> bool:
    return call is not None and call.state is CallState.RINGING
