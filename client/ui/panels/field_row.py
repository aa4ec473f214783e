"""One field of the customer's card: covered, on its way to be shown, or shown for a moment."""

import math

from PySide6.QtCore import QRectF, Qt, QTimer
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from client.core.commands import BY_ID
from client.core.snapshot import CardFieldSnapshot, RevealSnapshot, RevealStage
from client.ui.i18n import translate
from client.ui.kit import Kit
from client.ui.labels import field_label
from client.ui.theme.scale import maximum, minimum, rescale, spaced
from client.ui.theme.tokens import RADIUS_BUTTON, Type
from client.ui.times import running
from client.ui.widgets.button import Button
from client.ui.widgets.chip import Chip
from client.ui.widgets.clear_text import ClearText
from client.ui.widgets.countdown import Countdown
from client.ui.widgets.flow import FlowLayout
from client.ui.widgets.label import Label, identify
from client.ui.widgets.show_button import ShowButton


class FieldRow(QWidget):
    """Label, value, class; and for a field that can be shown, the way there."""

    def __init__(self, kit: Kit, entry: CardFieldSnapshot) -> None:
        super().__init__()
        self._kit = kit
        self.entry = entry
        self._reveal: RevealSnapshot | None = None
        self._opened: OpenField | None = None
        identify(self, f"field.{entry.name}")
        self._column = QVBoxLayout(self)
        spaced(self._column, 4, (0, 9, 0, 9))
        row = QHBoxLayout()
        spaced(row, 8)
        label = Label(field_label(entry.name), size=Type.SMALL, tone="dim", wrap=True)
        minimum(label, 84)
        maximum(label, 104)
        value = Label(entry.value or "—", size=Type.VALUE, wrap=True, name=f"value.{entry.name}")
        row.addWidget(label, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(value, 1)
        self.show_button = ShowButton(kit) if entry.revealable else None
        if self.show_button is not None:
            identify(self.show_button, f"show.{entry.name}")
            name = translate("customer", "Show in clear: {field}").format(field=label.text())
            self.show_button.setAccessibleName(name)
            self.show_button.clicked.connect(lambda: kit.invoke("customer.reveal"))
            row.addWidget(self.show_button, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(Chip(kit, entry.data_class), 0, Qt.AlignmentFlag.AlignVCenter)
        self._column.addLayout(row)
        kind = translate("customer", "masked") if entry.masked else translate("customer", "shown as it is")
        value.setAccessibleName(f"{label.text()}: {value.text()}")
        value.setAccessibleDescription(f"{entry.data_class}, {kind}")

    @property
    def opened(self) -> "OpenField | None":
        """What is open under the row while its field is shown, or on its way there."""
        return self._opened

    def show_reveal(self, reveal: RevealSnapshot | None, *, possible: bool, speakable: bool) -> None:
        """Show how far the field is: whether it could be asked for now, and whether it can be read to the agent."""
        changed, self._reveal = reveal != self._reveal, reveal
        if self.show_button is not None:
            self.show_button.setVisible(reveal is None)
            self.show_button.setEnabled(possible or reveal is not None)
        if not changed:
            return
        if reveal is not None:
            self._open().show_reveal(reveal, speakable=speakable)
        elif self._opened is not None:
            self._close(self._opened)

    def tick(self) -> None:
        """A second has passed."""
        if self._opened is not None:
            self._opened.tick()

    def cover(self) -> None:
        """Take the value off the screen now; the core is told by other ways."""
        if self._opened is not None:
            self._opened.text.show_value(None)

    def _open(self) -> "OpenField":
        if self._opened is None:
            self._opened = OpenField(self._kit, self.entry)
            self._column.addWidget(self._opened)
            rescale(self._opened, self._kit.theme.zoom)
        return self._opened

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A row at the foot of the column would else open out of sight."""
        super().resizeEvent(event)
        if self._opened is not None:
            # Once the layouts above have taken the new height in.
            QTimer.singleShot(0, self, self._scroll_to)

    def _scroll_to(self) -> None:
        parent: QWidget | None = self.parentWidget()
        while parent is not None:
            if isinstance(parent, QScrollArea):
                parent.ensureWidgetVisible(self, 0, self._kit.theme.px(8))
            parent = parent.parentWidget()

    def _close(self, opened: "OpenField") -> None:
        self._opened = None
        opened.text.show_value(None)
        opened.hide()
        self._column.removeWidget(opened)
        opened.deleteLater()


class OpenField(QWidget):
    """The card under a row in which its field is in clear, with the time that is left."""

    def __init__(self, kit: Kit, entry: CardFieldSnapshot) -> None:
        super().__init__()
        self._kit = kit
        self._entry = entry
        self._reveal: RevealSnapshot | None = None
        self._whole = 1.0
        identify(self, f"open.{entry.name}")
        column = QVBoxLayout(self)
        spaced(column, 9, (14, 16, 12, 12))
        self.text = ClearText(kit, f"clear.{entry.name}")
        self.words = Label(wrap=True, name=f"open.{entry.name}.words")
        self.left = Label(size=Type.SMALL, name=f"open.{entry.name}.left")
        self.bar = Countdown(kit)
        time = QHBoxLayout()
        spaced(time, 10)
        time.addWidget(self.bar, 1, Qt.AlignmentFlag.AlignVCenter)
        time.addWidget(self.left)
        self.hide_button = Button(kit, small=True)
        self.hide_button.key_command = "customer.hide"
        identify(self.hide_button, "customer.hide")
        self.hide_button.clicked.connect(lambda: kit.invoke("customer.hide"))
        self.speak_button = Button(kit, small=True)
        self.speak_button.key_command = "customer.speak"
        identify(self.speak_button, "customer.speak")
        self.speak_button.clicked.connect(lambda: kit.invoke("customer.speak"))
        buttons = QWidget()
        flow = FlowLayout()
        spaced(flow, 8)
        buttons.setLayout(flow)
        flow.addWidget(self.hide_button)
        flow.addWidget(self.speak_button)
        column.addWidget(self.text)
        column.addWidget(self.words)
        column.addLayout(time)
        column.addWidget(buttons)

    def show_reveal(self, reveal: RevealSnapshot, *, speakable: bool) -> None:
        """Show how far it is; `speakable` tells whether it can be read to the agent now."""
        before, self._reveal = self._reveal, reveal
        shown = reveal.stage is RevealStage.SHOWN
        if before is None or before.stage is not reveal.stage:
            self._whole = max(1.0, reveal.ends_at - self._kit.clock())
            self.text.show_value(self._kit.safe.get(reveal.lease) if shown else None)
        label = field_label(self._entry.name)
        # Whoever reads the screen by its accessibility tree finds the mask here too.
        self.text.setAccessibleName(f"{label}: {self._entry.value}")
        self.text.setAccessibleDescription(
            translate("customer", "Shown on the screen only. It can be read to you.")
            if speakable
            else translate("customer", "Shown on the screen only.")
        )
        self.text.setVisible(shown)
        self.words.setVisible(not shown)
        self.words.setText(_words(reveal.stage))
        self.bar.setVisible(reveal.stage is not RevealStage.ASKING)
        self.left.setVisible(reveal.stage is not RevealStage.ASKING)
        self.speak_button.setVisible(shown and speakable)
        stop = translate("customer", "Stop asking")
        self.hide_button.setText(translate("commands", BY_ID["customer.hide"].title) if shown else stop)
        self.speak_button.setText(translate("commands", BY_ID["customer.speak"].title))
        for button in (self.hide_button, self.speak_button):
            button.retranslate()
        self.tick()
        self.show()

    def tick(self) -> None:
        """A second has passed."""
        if self._reveal is None:
            return
        left = max(0.0, self._reveal.ends_at - self._kit.clock())
        self.bar.show_left(left / self._whole)
        if self._reveal.stage is RevealStage.SHOWN:
            words = translate("customer", "Covered again in {seconds} s").format(seconds=math.ceil(left))
        else:
            words = translate("customer", "{time} left").format(time=running(left))
        self.left.setText(words)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the card, with the mark of what is under way at its edge."""
        theme = self._kit.theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect()).adjusted(0.5, 4.5, -0.5, -0.5)
        radius = theme.px(RADIUS_BUTTON)
        painter.setPen(theme.colour("brand"))
        painter.setBrush(theme.colour("brand_soft"))
        painter.drawRoundedRect(box, radius, radius)


def _words(stage: RevealStage) -> str:
    if stage is RevealStage.WAITING:
        return translate("customer", "Your supervisor is asked to agree.")
    return translate("customer", "Asking for it…")
