"""The customer's card. What it shows is masked already; nothing on it can be selected, copied, dragged or printed."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from client.core.snapshot import CardSnapshot, ContactSnapshot, DeskSnapshot, Direction
from client.ui import covering
from client.ui.i18n import translate
from client.ui.kit import Kit
from client.ui.labels import channel_label
from client.ui.panels.field_row import FieldRow
from client.ui.theme.scale import minimum, rescale, spaced
from client.ui.theme.tokens import Type
from client.ui.times import day
from client.ui.widgets.button import CommandButton
from client.ui.widgets.label import Label
from client.ui.widgets.panel import Panel, Rule


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
        self.rows: dict[str, FieldRow] = {}
        self._back: QWidget | None = None
        """What had led to the field that was just covered, if the focus was with it."""
        self._show_one = CommandButton(kit, "customer.reveal", kind="quiet")
        self.heading_row.addWidget(self._show_one)
        self._message = Label(tone="dim", wrap=True, name="customer.message")
        self.body.addWidget(self._message)
        self._rows = QWidget()
        self._list = QVBoxLayout(self._rows)
        spaced(self._list, 0)
        self.body.addWidget(self._rows)
        self._card_key = CommandButton(kit, "customer.digits", kind="quiet")
        self.body.addWidget(self._card_key, 0, Qt.AlignmentFlag.AlignLeft)
        self.body.addStretch(1)
        self.retranslate()

    def retranslate(self) -> None:
        """The language changed."""
        self.set_heading(translate("customer", "Customer"))
        self._fill()
        self._show_reveal()
        self._explain()

    def show_snapshot(self, snapshot: DeskSnapshot) -> None:
        """Show the customer of the call."""
        self._snapshot = snapshot
        if snapshot.card != self._card:
            self._card = snapshot.card
            self._fill()
        self._show_reveal()
        self._explain()

    def tick(self) -> None:
        """A second has passed."""
        for row in self.rows.values():
            row.tick()

    def cover(self) -> None:
        """Take what is in clear off the screen now, before the core has decided anything."""
        for row in self.rows.values():
            row.cover()

    def field_of(self, widget: QWidget | None) -> str:
        """The field that can be shown in whose row the focus is, or an empty string."""
        for name, row in self.rows.items():
            if row.entry.revealable and widget is not None and (row is widget or row.isAncestorOf(widget)):
                return name
        return ""

    def reveal_focus(self) -> QWidget | None:
        """Where the focus goes while a field is in clear, or on its way there; and once more when it is over."""
        opened = next((row.opened for row in self.rows.values() if row.opened is not None), None)
        return opened.hide_button if opened is not None else self._back

    def _show_reveal(self) -> None:
        reveal, possible = self._snapshot.reveal, "customer.reveal" in self._snapshot.enabled
        self._back = None
        for name, row in self.rows.items():
            own = reveal if reveal is not None and reveal.name == name else None
            held = row.opened is not None and row.isAncestorOf(self.window().focusWidget() or self)
            row.show_reveal(own, possible=possible, speakable="customer.speak" in self._snapshot.enabled)
            if held and own is None and row.show_button is not None and row.show_button.isEnabled():
                self._back = row.show_button
        self._show_one.setVisible(reveal is None and any(row.entry.revealable for row in self.rows.values()))
        self._show_one.setEnabled(possible)
        can_key = "customer.digits" in self._snapshot.enabled
        self._card_key.setVisible(can_key)
        self._card_key.setEnabled(can_key)

    def _explain(self) -> None:
        card, status = self._card, self._snapshot.status
        text = ""
        call = self._snapshot.call
        if self.kit.hidden is not None:
            text = covering.words(self.kit.hidden)
        elif card is None and call is not None and call.label is not None and call.direction is Direction.OUTGOING:
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
                # Out of the tree at once: till it is deleted, assistive technology would still find it there.
                widget.setParent(None)
                widget.deleteLater()
        self.rows = {}
        card = self._card
        if card is None:
            return
        for number, entry in enumerate(card.fields):
            if number:
                self._list.addWidget(Rule(self.kit))
            self.rows[entry.name] = FieldRow(self.kit, entry)
            self._list.addWidget(self.rows[entry.name])
        if card.contacts:
            title = Label(translate("customer", "Earlier contacts"), size=Type.SMALL, tone="dim", strong=True)
            title.setContentsMargins(0, self.kit.theme.px(16), 0, self.kit.theme.px(4))
            self._list.addWidget(title)
            for number, contact in enumerate(card.contacts):
                if number:
                    self._list.addWidget(Rule(self.kit))
                self._list.addWidget(ContactRow(self.kit, contact))
        rescale(self._rows, self.kit.theme.zoom)
