"""The frame of the two forms: one card in the middle, one thing to do."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from client.ui.i18n import translate
from client.ui.kit import Kit
from client.ui.panels.problem import ProblemView
from client.ui.theme.scale import maximum, minimum, spaced
from client.ui.theme.tokens import Type
from client.ui.widgets.button import Button
from client.ui.widgets.column import scroll_area
from client.ui.widgets.label import Label, identify, set_property
from client.ui.widgets.mark import Mark
from client.ui.widgets.panel import Panel


class Field(QWidget):
    """A labelled line to type in, with a hint below."""

    def __init__(self, identifier: str, *, secret: bool = False) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        spaced(column, 5)
        self.label = Label(size=Type.SMALL, tone="dim", strong=True)
        self.edit = QLineEdit()
        identify(self.edit, identifier)
        set_property(self.edit, "scale", "large")
        self.edit.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.edit.setAcceptDrops(False)
        if secret:
            self.edit.setEchoMode(QLineEdit.EchoMode.Password)
        self.label.setBuddy(self.edit)
        self.hint = Label(size=Type.SMALL, tone="dim", wrap=True, name=f"{identifier}.hint")
        self.line = QHBoxLayout()
        """The field, and after it what belongs to it: the keyboard goes the same way."""
        spaced(self.line, 8)
        self.line.addWidget(self.edit, 1)
        column.addWidget(self.label)
        column.addLayout(self.line)
        column.addWidget(self.hint)
        self.show_hint("")

    def set_words(self, label: str, placeholder: str = "") -> None:
        """Name the field."""
        self.label.setText(label)
        self.edit.setAccessibleName(label)
        self.edit.setPlaceholderText(placeholder)

    def show_hint(self, text: str, tone: str = "dim") -> None:
        """Say something about the field, or nothing."""
        self.hint.setText(text)
        self.hint.set_tone(tone)
        self.hint.setVisible(bool(text))
        self.edit.setAccessibleDescription(text)


class FormScreen(QWidget):
    """A card with a heading, fields, a problem in its place, and one button. Enter in a field submits."""

    def __init__(self, kit: Kit, identifier: str, submit: Callable[[], None]) -> None:
        super().__init__()
        self.kit = kit
        identify(self, f"screen.{identifier}")
        outer = QVBoxLayout(self)
        spaced(outer, 0)
        area = scroll_area()
        page = QWidget()
        page_layout = QVBoxLayout(page)
        spaced(page_layout, 0, (20, 20, 20, 20))
        area.setWidget(page)
        outer.addWidget(area)
        self.card = Panel(kit, f"panel.{identifier}")
        self.card.heading.hide()
        spaced(self.card.body, 16, (34, 22, 34, 30))
        maximum(self.card, 500)
        minimum(self.card, 280)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self.card, 100)
        row.addStretch(1)
        page_layout.addStretch(2)
        page_layout.addLayout(row)
        page_layout.addStretch(3)

        head = QHBoxLayout()
        spaced(head, 14)
        head.addWidget(Mark(kit, 44), 0, Qt.AlignmentFlag.AlignTop)
        names = QVBoxLayout()
        spaced(names, 1)
        self.title = Label(size=Type.TITLE, strong=True, wrap=True, name=f"{identifier}.title")
        self.lead = Label(tone="dim", wrap=True, name=f"{identifier}.lead")
        names.addWidget(self.title)
        names.addWidget(self.lead)
        head.addLayout(names, 1)
        self.card.body.addLayout(head)
        self.problem = ProblemView(kit, f"{identifier}.problem", dismissable=False)
        self.card.body.addWidget(self.problem)
        self.fields = QVBoxLayout()
        spaced(self.fields, 14)
        self.card.body.addLayout(self.fields)
        self.submit = Button(kit, kind="primary", large=True, wide=True)
        identify(self.submit, f"{identifier}.submit")
        self.submit.clicked.connect(submit)
        self.card.body.addWidget(self.submit)
        self.progress = Label(size=Type.SMALL, tone="dim", wrap=True, name=f"{identifier}.progress")
        self.card.body.addWidget(self.progress)

    def add(self, field: Field) -> None:
        """Put a field into the card; Enter in it submits."""
        self.fields.addWidget(field)
        field.edit.returnPressed.connect(self.submit.click)

    def show_busy(self, busy: bool, text: str) -> None:
        """While the desk works on it nothing can be changed, and a line says what is going on."""
        self.submit.setEnabled(not busy)
        self.progress.setText(text if busy else "")
        self.progress.setVisible(busy)

    def missing(self) -> str:
        """The words for a field that must be filled in."""
        return translate("form", "Please fill this in.")
