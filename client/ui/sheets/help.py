"""Every command with its key in every profile, and how the keys work."""

from itertools import groupby

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from client.core.commands import COMMANDS
from client.core.keys import PROFILES, KeyProfile
from client.ui.i18n import translate
from client.ui.keynames import caps, spoken
from client.ui.kit import Kit
from client.ui.labels import profile_label
from client.ui.sheets.sheet import Sheet
from client.ui.theme.scale import rescale, spaced
from client.ui.theme.tokens import Type
from client.ui.widgets.button import Button
from client.ui.widgets.column import scroll_area
from client.ui.widgets.keycap import Caps
from client.ui.widgets.label import Label, identify
from client.ui.widgets.panel import Rule


class HelpSheet(Sheet):
    """The help page."""

    def __init__(self, kit: Kit, over: QWidget) -> None:
        super().__init__(kit, over, "help", wide=900, top=20)
        self.title = Label(size=Type.TITLE, strong=True, name="help.title")
        self.card.heading.hide()
        self.close_button = Button(kit)
        identify(self.close_button, "help.close")
        self.close_button.clicked.connect(self.close_sheet)
        head = QHBoxLayout()
        spaced(head, 12)
        head.addWidget(self.title, 1)
        head.addWidget(self.close_button)
        self.card.body.addLayout(head)
        self.area = scroll_area()
        # The page can have the focus, so that the arrows and the page keys scroll it.
        self.area.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        identify(self.area, "help.page")
        self.card.body.addWidget(self.area, 1)
        self.fill()
        kit.theme.changed.connect(self.retranslate)
        self.retranslate()

    def first_focus(self) -> QWidget:
        """The page."""
        return self.area

    def retranslate(self) -> None:
        """The language, or the key profile, changed."""
        self.setAccessibleName(translate("help", "Keys and help"))
        self.card.setAccessibleName(translate("help", "Keys and help"))
        self.area.setAccessibleName(translate("help", "Keys and help"))
        self.title.setText(translate("help", "Keys and help"))
        self.close_button.setText(translate("help", "Close"))
        self.close_button.retranslate()
        if self.is_open:
            self._fill()

    def open(self) -> None:
        """The page is made when it is wanted: it has some two hundred widgets, and the desk must start fast."""
        self._fill()
        super().open()

    def _fill(self) -> None:
        at = self.area.verticalScrollBar().value()
        self.area.setWidget(self._page())
        rescale(self.area, self.kit.theme.zoom)
        self.area.verticalScrollBar().setValue(at)

    def _page(self) -> QWidget:
        page = QWidget()
        column = QVBoxLayout(page)
        spaced(column, 8, (2, 2, 14, 12))
        for text in (
            translate(
                "help",
                "A key acts when no text field has the focus. Esc leaves a text field. "
                "Two keys are pressed one after the other, never together.",
            ),
            translate(
                "help",
                "Digits belong to the panel with the focus: the script or the wrap-up codes. Where neither has it, "
                "they choose in the script during a call and in the codes after it. The keys are drawn where they act.",
            ),
            translate(
                "help",
                "Tab moves on, Shift+Tab back. Enter presses the button with the focus. "
                "The space bar opens all actions; in a list of choices, and on the keypad, it chooses.",
            ),
        ):
            column.addWidget(Label(text, tone="dim", wrap=True))
        column.addSpacing(8)
        grid = QGridLayout()
        spaced(grid, 8)
        grid.setColumnStretch(0, 4)
        for place in range(1, 4):
            grid.setColumnMinimumWidth(place, self.kit.theme.px(104))
        row = 0
        for place, profile in enumerate(KeyProfile):
            label = Label(profile_label(profile), size=Type.SMALL, strong=True)
            label.set_tone("brand" if profile is self.kit.profile else "dim")
            grid.addWidget(label, row, place + 1)
        for group, commands in groupby(COMMANDS, key=lambda command: command.group):
            row += 1
            title = Label(translate("groups", group), size=Type.SMALL, tone="dim", strong=True)
            title.setContentsMargins(0, self.kit.theme.px(12), 0, 0)
            grid.addWidget(title, row, 0, 1, 4)
            for command in commands:
                row += 1
                grid.addWidget(Rule(self.kit), row, 0, 1, 4)
                row += 1
                name = Label(translate("commands", command.title), wrap=True)
                grid.addWidget(name, row, 0)
                for place, profile in enumerate(KeyProfile):
                    sequence = PROFILES[profile].get(command.id, "")
                    keys = Caps(self.kit, caps(sequence))
                    keys.setAccessibleName(f"{name.text()}, {profile_label(profile)}: {spoken(sequence)}")
                    grid.addWidget(keys, row, place + 1, Qt.AlignmentFlag.AlignVCenter)
        column.addLayout(grid)
        column.addStretch(1)
        return page
