"""Whom to call, to ask, or to pass the customer on to: one list, narrowed by typing; a number where that is allowed."""

from PySide6.QtCore import QEvent, QObject, QRegularExpression, Qt
from PySide6.QtGui import QKeyEvent, QRegularExpressionValidator
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from client.core.events import DialSubmitted
from client.core.keys import PROFILES, presses
from client.core.snapshot import DeskSnapshot, DirectoryEntrySnapshot
from client.core.snapshot import Sheet as Which
from client.ui import call_words
from client.ui.i18n import translate
from client.ui.keynames import name_of, spoken
from client.ui.kit import Kit
from client.ui.labels import kind_label
from client.ui.sheets.sheet import CoreSheet
from client.ui.theme.scale import minimum, spaced
from client.ui.theme.tokens import Type
from client.ui.widgets.button import Button
from client.ui.widgets.choice_list import Choice, ChoiceList
from client.ui.widgets.column import FittingArea
from client.ui.widgets.label import Label, identify, set_property

_WHILE_RINGING = ("call.answer", "call.reject")


class DirectoryList(ChoiceList):
    """The directory. What is typed here goes on in the line above; a call that rings meanwhile keeps its keys."""

    def __init__(self, kit: Kit, line: QLineEdit) -> None:
        super().__init__(kit, "dial.list")
        self._line = line
        self.rings = False

    def takes_key(self, name: str) -> bool:
        """Enter and the space bar choose; letters are typed into the line above."""
        return super().takes_key(name) or self._types(name)

    def _types(self, name: str) -> bool:
        if len(name) != 1 or not name.isalpha():
            return False
        profile = PROFILES[self._kit.profile]
        # The first of two keys for a digit stays that: in a hand profile it is how that hand reaches the digits.
        first = {presses(keys)[0] for command, keys in profile.items() if command.startswith("choose.")}
        kept = {profile[command] for command in _WHILE_RINGING} if self.rings else set()
        return name not in first | kept

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go on typing in the line above."""
        if self._types(name_of(event.key())) and event.text():
            self._line.setFocus(Qt.FocusReason.OtherFocusReason)
            self._line.insert(event.text())
            return
        super().keyPressEvent(event)


class DialSheet(CoreSheet):
    """Calls, asks or transfers, as the snapshot says."""

    def __init__(self, kit: Kit, over: QWidget) -> None:
        super().__init__(kit, over, "dial", wide=620, top=30)
        self._snapshot = DeskSnapshot()
        self.card.heading.hide()
        self.title = Label(size=Type.TITLE, strong=True, wrap=True, name="dial.title")
        self.what = Label(tone="dim", wrap=True, name="dial.what")
        self.filter = QLineEdit()
        identify(self.filter, "dial.filter")
        self.list = DirectoryList(kit, self.filter)
        self.none = Label(tone="dim", wrap=True, name="dial.none")
        self.number = QLineEdit()
        identify(self.number, "dial.number")
        self.number.setInputMethodHints(Qt.InputMethodHint.ImhDialableCharactersOnly)
        self.number.setValidator(QRegularExpressionValidator(QRegularExpression(r"\+?[0-9 ()*#-]{0,31}"), self))
        self.submit = Button(kit, kind="primary")
        identify(self.submit, "dial.submit")
        self.number_title = Label(size=Type.SMALL, tone="dim", strong=True)
        self.number_title.setBuddy(self.number)
        self.foot = Label(size=Type.SMALL, tone="dim", wrap=True, name="dial.foot")
        for edit in (self.filter, self.number):
            edit.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
            edit.setAcceptDrops(False)
        self.filter.installEventFilter(self)
        self.filter.textChanged.connect(self._narrow)
        self.list.chosen.connect(lambda entry: self.kit.send(DialSubmitted(entry=entry)))
        self.number.returnPressed.connect(self._dial)
        self.submit.clicked.connect(self._dial)
        minimum(self.list, 0, 82)
        page = QWidget()
        self._page = QVBoxLayout(page)
        # Room for the focus ring, which stands outside its widget.
        spaced(self._page, 10, (7, 6, 7, 6))
        for part in (self.title, self.what, self.filter, self.none):
            self._page.addWidget(part)
        self._page.addWidget(self.list, 1)
        self.number_row = QWidget()
        row = QHBoxLayout(self.number_row)
        spaced(row, 10)
        row.addWidget(self.number_title)
        row.addWidget(self.number, 1)
        row.addWidget(self.submit)
        self._page.addWidget(self.number_row)
        self._page.addWidget(self.foot)
        self.card.body.addWidget(FittingArea(page), 1)
        self.fill()
        self.retranslate()

    def retranslate(self) -> None:
        """The language, or the key profile, changed."""
        self.filter.setAccessibleName(translate("dial", "Type a name to narrow the list"))
        self.filter.setPlaceholderText(translate("dial", "Type a name to narrow the list"))
        self.list.setAccessibleName(translate("dial", "Directory"))
        self.number_title.setText(translate("dial", "Or a number"))
        self.number.setAccessibleName(translate("dial", "Or a number"))
        self.number.setPlaceholderText(translate("dial", "for example 021 5555 1234"))
        self.foot.setText(translate("dial", "↑ ↓ walk · Enter or the space bar chooses · Esc closes"))
        self.show_snapshot(self._snapshot)

    def shrink(self, small: bool) -> None:
        """The hint at the foot can be done without, and the title, for the line below says as much.

        The list stands right below that line then, so that both are in view; the line to type in comes after it.
        """
        self.foot.setVisible(not small)
        self._page.removeWidget(self.filter)
        self._page.insertWidget(self._page.indexOf(self.list) + 1 if small else 2, self.filter)
        self.title.setVisible(not small)
        set_property(self.what, "type", str(Type.SMALL if small else Type.BODY))
        set_property(self.filter, "scale", "" if small else "large")

    def first_focus(self) -> QWidget:
        """The list; where there is none, the number."""
        if self.list.isVisibleTo(self):
            return self.list
        return self.number if self.number_row.isVisibleTo(self) else self.card

    def open(self) -> None:
        """Begin anew: what was typed the last time is gone."""
        self.filter.clear()
        self.number.clear()
        self._narrow()
        if self.list.choices.rows:
            self.list.setCurrentIndex(self.list.choices.index(0))
        super().open()

    def show_snapshot(self, snapshot: DeskSnapshot) -> None:
        """Show for which purpose somebody is chosen, and from whom."""
        self._snapshot = snapshot
        title, what, act = self._words(snapshot)
        self.title.setText(title)
        self.what.setText(what)
        self.submit.setText(act)
        self.submit.retranslate()
        self.setAccessibleName(title)
        self.setAccessibleDescription(what)
        self.card.setAccessibleName(title)
        self.number_row.setVisible(snapshot.may_dial_numbers)
        ringing = call_words.ringing(snapshot)
        self.list.rings = ringing is not None
        self._narrow()

    def choose(self, number: int) -> None:
        """Choose the entry of this number, counted from 1."""
        self.list.choose(number - 1)

    @property
    def count(self) -> int:
        """How many entries there are to choose from."""
        return len(self.list.choices.rows)

    def _words(self, snapshot: DeskSnapshot) -> tuple[str, str, str]:
        """Title, what will happen, and the word on the button."""
        key = self.kit.key
        if snapshot.sheet is Which.TRANSFER:
            what = translate(
                "dial",
                "The customer is passed on at once, and the call is over for you. "
                "To speak with the colleague first, close this and press {key}.",
            )
            return (
                translate("dial", "Transfer the call"),
                what.format(key=spoken(key("call.consult"))),
                translate("dial", "Transfer"),
            )
        if snapshot.sheet is Which.CONSULT:
            what = translate(
                "dial",
                "The customer is put on hold while you speak with the colleague. "
                "Then {connect} connects the two, and {swap} takes you back to the customer.",
            )
            keys = {"connect": spoken(key("call.connect")), "swap": spoken(key("call.swap"))}
            return translate("dial", "Ask a colleague"), what.format(**keys), translate("dial", "Call")
        on = snapshot.call is not None
        what = (
            translate("dial", "Your present call is put on hold while you call.")
            if on
            else translate("dial", "The call goes out at once. Calls from customers wait meanwhile.")
        )
        return translate("dial", "Call somebody"), what, translate("dial", "Call")

    def _narrow(self) -> None:
        words = self.filter.text().casefold().split()
        found = [entry for entry in self._snapshot.directory if all(word in _searched(entry) for word in words)]
        self.list.show_rows(
            tuple(
                Choice(
                    entry.id,
                    self.kit.words(entry.label),
                    kind_label(entry.kind),
                    command=f"choose.{number + 1}" if number < 9 else "",
                )
                for number, entry in enumerate(found)
            )
        )
        everybody = self._snapshot.directory
        self.filter.setVisible(bool(everybody))
        self.list.setVisible(bool(found))
        self.none.setVisible(not found)
        self.none.setText(
            translate("dial", "Nobody has this in their name.")
            if everybody
            else translate("dial", "Your organisation has put nobody into the directory yet.")
        )
        self._page.setAlignment(Qt.AlignmentFlag(0) if found else Qt.AlignmentFlag.AlignTop)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Arrows walk the list while the line keeps the focus; Enter chooses."""
        if watched is self.filter and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()), 0)
            rows = self.list.choices.rows
            if step and rows:
                row = min(max(self.list.currentIndex().row() + step, 0), len(rows) - 1)
                self.list.setCurrentIndex(self.list.choices.index(row))
                self.kit.announcer.say(str(self.list.currentIndex().data()))
                return True
            if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
                if not event.isAutoRepeat():
                    self.list.choose(self.list.currentIndex().row())
                return True
        return super().eventFilter(watched, event)

    def _dial(self) -> None:
        number = "".join(letter for letter in self.number.text() if letter in "+0123456789*#")
        if not any(letter.isdigit() for letter in number):
            self.number.setFocus()
            self.kit.announcer.say(translate("dial", "Type a number first."), urgent=True)
            return
        self.kit.send(DialSubmitted(number=number))


def _searched(entry: DirectoryEntrySnapshot) -> str:
    return f"{entry.label.en} {entry.label.zh} {entry.kind} {kind_label(entry.kind)} {entry.id}".casefold()
