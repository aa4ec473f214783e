"""The customer's card. What it shows is masked already; nothing on it can be selected, copied, dragged or printed."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from client.core.snapshot import CardFieldSnapshot, CardSnapshot, ContactSnapshot, DeskSnapshot, Direction
from client.ui.i18n import translate
from client.ui.kit import Kit
from client.ui.labels import channel_label, field_label
from client.ui.theme.scale import maximum, minimum, rescale, spaced
from client.ui.theme.tokens import Type
from client.ui.times import day
from client.ui.widgets.chip import Chip
from client.ui.widgets.label import Label, identify
from client.ui.widgets.panel import Panel, Rule


class FieldRow(QWidget):
    """One field: label, value, class."""

    def __init__(self, kit: Kit, entry: CardFieldSnapshot) -> None:
        super().__init__()
        identify(self, f"field.{entry.name}")
        row = QHBoxLayout(self)
        spaced(row, 10, (0, 9, 0, 9))
        label = Label(field_label(entry.name), size=Type.SMALL, tone="dim", wrap=True)
        minimum(label, 84)
        maximum(label, 104)
        value = Label(entry.value or "—", size=Type.VALUE, wrap=True, name=f"value.{entry.name}")
        chip = Chip(kit, entry.data_class)
        row.addWidget(label, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(value, 1)
        row.addWidget(chip, 0, Qt.AlignmentFlag.AlignVCenter)
        kind = translate("customer", "masked") if entry.masked else translate("customer", "shown as it is")
        value.setAccessibleName(f"{label.text()}: {value.text()}")
        value.setAccessibleDescription(f"{entry.data_class}, {kind}")


class ContactRow(QWidget):
    """One earlier contact."""

    def __init__(self, kit: Kit, contact: ContactSnapshot) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        spaced(row, 10, (0, 8, 0, 8))
        when = Label(day(contact.at), size=Type.SMALL, tone="dim")
        minimum(when, 46)
        text = f"{channel_label(contact.channel)} · {kit.words(contact.summary)}"
        row.addWidget(when, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(Label(text, wrap=True), 1)


class CustomerPanel(Panel):
    """The card, and earlier contacts."""

    def __init__(self, kit: Kit) -> None:
        super().__init__(kit, "panel.customer", "focus.customer")
        self._card: CardSnapshot | None = None
        self._snapshot = DeskSnapshot()
        self._message = Label(tone="dim", wrap=True, name="customer.message")
        self.body.addWidget(self._message)
        self._rows = QWidget()
        self._list = QVBoxLayout(self._rows)
        spaced(self._list, 0)
        self.body.addWidget(self._rows)
        self.body.addStretch(1)
        self.retranslate()

    def retranslate(self) -> None:
        """The language changed."""
        self.set_heading(translate("customer", "Customer"))
        self._fill()
        self._explain()

    def show_snapshot(self, snapshot: DeskSnapshot) -> None:
        """Show the customer of the call."""
        self._snapshot = snapshot
        if snapshot.card != self._card:
            self._card = snapshot.card
            self._fill()
        self._explain()

    def _explain(self) -> None:
        card, status = self._card, self._snapshot.status
        text = ""
        call = self._snapshot.call
        if card is None and call is not None and call.label is not None and call.direction is Direction.OUTGOING:
            text = translate("customer", "There is no customer's record in this call.")
        elif card is None and not status.server_connected:
            text = translate("customer", "The record can't be shown while the server is away. It comes by itself.")
        elif card is None:
            text = translate("customer", "The record is on its way…")
        elif not card.known:
            text = translate("customer", "The caller is not in your customers' records.")
        elif not card.fields:
            text = translate("customer", "At this trust level no field may be shown here.")
        self._message.setText(text)
        self._message.setVisible(bool(text))

    def _fill(self) -> None:
        while (item := self._list.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        card = self._card
        if card is None:
            return
        for number, entry in enumerate(card.fields):
            if number:
                self._list.addWidget(Rule(self.kit))
            self._list.addWidget(FieldRow(self.kit, entry))
        if card.contacts:
            title = Label(translate("customer", "Earlier contacts"), size=Type.SMALL, tone="dim", strong=True)
            title.setContentsMargins(0, self.kit.theme.px(16), 0, self.kit.theme.px(4))
            self._list.addWidget(title)
            for number, contact in enumerate(card.contacts):
                if number:
                    self._list.addWidget(Rule(self.kit))
                self._list.addWidget(ContactRow(self.kit, contact))
        rescale(self._rows, self.kit.theme.zoom)
