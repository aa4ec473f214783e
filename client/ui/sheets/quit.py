"""Asked only when closing would cut a call."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from client.ui.i18n import translate
from client.ui.kit import Kit
from client.ui.sheets.sheet import Sheet
from client.ui.theme.scale import spaced
from client.ui.theme.tokens import Type
from client.ui.widgets.button import Button
from client.ui.widgets.label import Label, identify


class QuitSheet(Sheet):
    """Stay, or close and end the call."""

    confirmed = Signal()

    def __init__(self, kit: Kit, over: QWidget) -> None:
        super().__init__(kit, over, "quit", wide=480, top=110)
        self.card.heading.hide()
        self.title = Label(size=Type.TITLE, strong=True, wrap=True, name="quit.title")
        self.text = Label(tone="dim", wrap=True, name="quit.text")
        self.stay = Button(kit, kind="primary")
        self.leave = Button(kit, kind="danger")
        identify(self.stay, "quit.stay")
        identify(self.leave, "quit.leave")
        self.stay.clicked.connect(self.close_sheet)
        self.leave.clicked.connect(self._leave)
        row = QHBoxLayout()
        spaced(row, 10, (0, 12, 0, 0))
        row.addStretch(1)
        row.addWidget(self.stay)
        row.addWidget(self.leave)
        for part in (self.title, self.text):
            self.card.body.addWidget(part)
        self.card.body.addLayout(row)
        self.compact()
        self.retranslate()

    def retranslate(self) -> None:
        """The language changed."""
        self.title.setText(translate("quit", "A call is on."))
        self.text.setText(translate("quit", "Closing the desk ends the call. Your note is kept."))
        self.stay.setText(translate("quit", "Stay in the call"))
        self.leave.setText(translate("quit", "End the call and close"))
        self.setAccessibleName(self.title.text())
        self.setAccessibleDescription(self.text.text())
        self.card.setAccessibleName(self.title.text())
        for button in (self.stay, self.leave):
            button.retranslate()

    def first_focus(self) -> QWidget:
        """The harmless answer."""
        return self.stay

    def _leave(self) -> None:
        self.close_sheet()
        self.confirmed.emit()
