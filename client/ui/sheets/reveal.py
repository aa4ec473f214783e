"""Which field to show in clear, and why. Digits choose both; a reason may be typed where the organisation lets it."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from client.core.events import RevealSubmitted
from client.core.snapshot import CardFieldSnapshot, DeskSnapshot
from client.ui.i18n import translate
from client.ui.kit import Kit
from client.ui.labels import field_label
from client.ui.sheets.sheet import CoreSheet
from client.ui.theme.scale import rescale, spaced
from client.ui.theme.tokens import Type
from client.ui.widgets.button import Button
from client.ui.widgets.choice_list import Choice, ChoiceList
from client.ui.widgets.column import FittingArea
from client.ui.widgets.label import Label, identify

_LONGEST_REASON = 200
_DIGITS = 9


class RevealSheet(CoreSheet):
    """First the field, where it is not known from the focus; then the reason."""

    def __init__(self, kit: Kit, over: QWidget) -> None:
        super().__init__(kit, over, "reveal", wide=560, top=60)
        self._snapshot = DeskSnapshot()
        self._name = ""
        self.wanted = ""
        """The field that the person meant when they opened the sheet; empty where they meant none."""
        self.card.heading.hide()
        self.title = Label(size=Type.TITLE, strong=True, wrap=True, name="reveal.title")
        self.what = Label(tone="dim", wrap=True, name="reveal.what")
        self.list = ChoiceList(kit, "reveal.list")
        self.list.chosen.connect(self._chosen)
        self.typed_title = Label(size=Type.SMALL, tone="dim", strong=True)
        self.typed = QLineEdit()
        identify(self.typed, "reveal.typed")
        self.typed.setMaxLength(_LONGEST_REASON)
        self.typed.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.typed.setAcceptDrops(False)
        self.typed.returnPressed.connect(self._submit_typed)
        self.typed_title.setBuddy(self.typed)
        self.submit = Button(kit, kind="primary")
        identify(self.submit, "reveal.submit")
        self.submit.clicked.connect(self._submit_typed)
        self.foot = Label(size=Type.SMALL, tone="dim", wrap=True, name="reveal.foot")
        page = QWidget()
        column = QVBoxLayout(page)
        # Room for the focus ring, which stands outside its widget.
        spaced(column, 10, (7, 6, 7, 6))
        self.typed_row = QWidget()
        row = QHBoxLayout(self.typed_row)
        spaced(row, 10)
        row.addWidget(self.typed, 1)
        row.addWidget(self.submit)
        for part in (self.title, self.what, self.list, self.typed_title, self.typed_row, self.foot):
            column.addWidget(part)
        self.card.body.addWidget(FittingArea(page), 1)
        self.compact()
        self.retranslate()

    def retranslate(self) -> None:
        """The language, or the key profile, changed."""
        self.typed_title.setText(translate("reveal", "Or in your own words"))
        self.typed.setAccessibleName(translate("reveal", "Your reason, in your own words"))
        self.typed.setPlaceholderText(translate("reveal", "for example: the customer asked which number we have"))
        self.submit.setText(translate("reveal", "Show it"))
        self.submit.retranslate()
        self.foot.setText(translate("reveal", "↑ ↓ walk · Enter or the space bar chooses · Esc closes"))
        self._fill()

    def show_snapshot(self, snapshot: DeskSnapshot) -> None:
        """Show what can be shown, and why it may be."""
        self._snapshot = snapshot
        if self._name not in {entry.name for entry in self._fields}:
            self._name = ""
        self._fill()

    def open(self) -> None:
        """Begin with the field that the person meant, or with the only one that there is."""
        fields = [entry.name for entry in self._fields]
        self._name = self.wanted if self.wanted in fields else fields[0] if len(fields) == 1 else ""
        self.wanted = ""
        self.typed.clear()
        self._fill()
        super().open()

    def close_sheet(self) -> None:
        """Leave nothing of what was typed."""
        super().close_sheet()
        self.typed.clear()

    def first_focus(self) -> QWidget:
        """The list, or the line where there are no reasons to choose from."""
        return self.list if self.list.choices.rows else self.typed

    def shrink(self, small: bool) -> None:
        """Where there is little room the card takes all of it."""
        self.foot.setVisible(not small)
        self._column.setStretch(0, 1 if small else 0)

    @property
    def _fields(self) -> tuple[CardFieldSnapshot, ...]:
        card = self._snapshot.card
        return tuple(entry for entry in card.fields if entry.revealable) if card is not None else ()

    @property
    def count(self) -> int:
        """How many entries the digits can choose from."""
        return min(len(self.list.choices.rows), _DIGITS)

    def choose(self, number: int) -> None:
        """Choose an entry, counted from 1."""
        if number <= self.count:
            self.list.choose(number - 1)

    def _fill(self) -> None:
        field = field_label(self._name) if self._name else ""
        if field:
            self.title.setText(translate("reveal", "Show in clear: {field}").format(field=field))
            self.what.setText(translate("reveal", "Why do you need it? The reason is kept with the call."))
            rows = tuple(
                Choice(reason.id, self.kit.words(reason.label), command=_digit(number))
                for number, reason in enumerate(self._snapshot.reveal_reasons, 1)
            )
        else:
            self.title.setText(translate("reveal", "Show a field in clear"))
            self.what.setText(translate("reveal", "Which one? It is shown for a moment, then covered again by itself."))
            rows = tuple(
                Choice(entry.name, field_label(entry.name), entry.value, command=_digit(number))
                for number, entry in enumerate(self._fields, 1)
            )
        self.list.show_rows(rows)
        self.list.setVisible(bool(rows))
        self.list.high(len(rows))
        self.list.setAccessibleName(self.title.text())
        typing = bool(field) and self._snapshot.may_type_reason
        self.typed_title.setVisible(typing)
        self.typed_row.setVisible(typing)
        self.setAccessibleName(self.title.text())
        self.setAccessibleDescription(self.what.text())
        self.card.setAccessibleName(self.title.text())

    def _chosen(self, key: str) -> None:
        if self._name:
            self.kit.send(RevealSubmitted(self._name, reason=key))
            return
        self._name = key
        self._fill()
        rescale(self, self.kit.theme.zoom)
        self.first_focus().setFocus()
        self.kit.announcer.say(self.title.text())

    def _submit_typed(self) -> None:
        typed = self.typed.text().strip()
        if not typed:
            self.typed.setFocus()
            self.kit.announcer.say(translate("reveal", "Type a reason first."), urgent=True)
            return
        self.kit.send(RevealSubmitted(self._name, typed_reason=typed))


def _digit(number: int) -> str:
    return f"choose.{number}" if number <= _DIGITS else ""
