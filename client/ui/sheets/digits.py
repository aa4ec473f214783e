"""The customer keys in a card: three steps that fill up, what to say, and a way to stop. No digit is ever here."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from client.core.digits import is_amount
from client.core.events import DigitsAsked
from client.core.snapshot import DeskSnapshot, DigitsSnapshot
from client.ui import digits_words as words
from client.ui.i18n import translate
from client.ui.kit import Kit
from client.ui.sheets.sheet import CoreSheet
from client.ui.theme.scale import rescale, spaced
from client.ui.theme.tokens import Type
from client.ui.widgets.button import Button, CommandButton
from client.ui.widgets.column import FittingArea
from client.ui.widgets.label import Label, identify

_LONGEST_AMOUNT = 12
_FILLED, _EMPTY = "●", "○"
_MOST_DOTS = 19


class Step(QWidget):
    """One thing that is keyed: its name, dots that fill, and how many there are."""

    def __init__(self, step: str) -> None:
        super().__init__()
        self.step = step
        identify(self, f"digits.{step}")
        self.name = Label(strong=True)
        self.dots = Label(size=Type.VALUE, tone="brand", name=f"digits.{step}.dots")
        self.count = Label(size=Type.SMALL, tone="dim", name=f"digits.{step}.count")
        grid = QGridLayout(self)
        spaced(grid, 3)
        grid.addWidget(self.name, 0, 0)
        grid.addWidget(self.count, 0, 1, Qt.AlignmentFlag.AlignRight)
        grid.addWidget(self.dots, 1, 0, 1, 2)
        grid.setColumnStretch(0, 1)

    def show_view(self, view: DigitsSnapshot | None) -> None:
        """Show how far this step is."""
        self.name.setText(words.step_label(self.step))
        stages = (*words.STEPS, "checking")
        at = stages.index(view.stage) if view is not None and view.stage in stages else -1
        mine = words.STEPS.index(self.step)
        now = view is not None and at == mine
        done = at > mine or (view is not None and view.stage == "accepted")
        self.name.set_tone("" if now else "dim")
        if now and view is not None:
            empty = max((view.expected or view.received + 1) - view.received, 0)
            self.dots.setText(_FILLED * min(view.received, _MOST_DOTS) + _EMPTY * empty)
            self.dots.set_tone("bad" if view.valid is False else "ok" if view.valid else "brand")
            self.count.setText(words.count(view))
        else:
            self.dots.setText("")
            self.count.setText(translate("digits", "Done") if done else translate("digits", "To come"))
        self.count.set_tone("ok" if done else "dim")
        self.dots.setVisible(now)
        self.dots.setAccessibleName(self.count.text())
        self.setAccessibleName(f"{self.name.text()}: {self.count.text()}")


class DigitsSheet(CoreSheet):
    """First how much, where the agent knows it; then the steps; then how it ended."""

    def __init__(self, kit: Kit, over: QWidget) -> None:
        super().__init__(kit, over, "digits", wide=520, top=40)
        self._snapshot = DeskSnapshot()
        self._shown: str | None = None
        self._small = False
        self.card.heading.hide()
        self.title = Label(size=Type.TITLE, strong=True, wrap=True, name="digits.title")
        self.guidance = Label(wrap=True, name="digits.guidance")
        self.promise = Label(size=Type.SMALL, tone="dim", wrap=True, name="digits.promise")
        self.amount_title = Label(size=Type.SMALL, tone="dim", strong=True)
        self.amount = QLineEdit()
        identify(self.amount, "digits.amount")
        self.amount.setMaxLength(_LONGEST_AMOUNT)
        self.amount.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.amount.setAcceptDrops(False)
        self.amount.returnPressed.connect(self._begin)
        self.amount_title.setBuddy(self.amount)
        self.begin = Button(kit, kind="primary")
        identify(self.begin, "digits.begin")
        self.begin.clicked.connect(self._begin)
        self.steps = tuple(Step(step) for step in words.STEPS)
        self.stop = CommandButton(kit, "customer.digits-cancel")
        self.close_button = Button(kit)
        identify(self.close_button, "digits.close")
        self.close_button.clicked.connect(self.dismiss)
        page = QWidget()
        column = QVBoxLayout(page)
        # Room for the focus ring, which stands outside its widget.
        spaced(column, 12, (7, 6, 7, 6))
        self._steps = QWidget()
        inner = QVBoxLayout(self._steps)
        spaced(inner, 12)
        for step in self.steps:
            inner.addWidget(step)
        row = QHBoxLayout()
        spaced(row, 10)
        row.addWidget(self.stop)
        row.addStretch(1)
        row.addWidget(self.close_button)
        row.addWidget(self.begin)
        for part in (self.title, self.guidance, self.amount_title, self.amount, self._steps, self.promise):
            column.addWidget(part)
        column.addLayout(row)
        column.addStretch(1)
        self._area = FittingArea(page)
        self.card.body.addWidget(self._area, 1)
        self.compact()
        self.retranslate()

    def retranslate(self) -> None:
        """The language, or the key profile, changed."""
        self.title.setText(translate("digits", "The customer keys in a card"))
        self.amount_title.setText(translate("digits", "Amount, such as 12.50; empty if the bank knows it"))
        self.amount.setAccessibleName(self.amount_title.text())
        self.begin.setText(translate("digits", "Let them key"))
        self.close_button.setText(translate("digits", "Close"))
        for button in (self.begin, self.close_button):
            button.retranslate()
        self.promise.setText(
            translate(
                "digits", "You both go on hearing each other. The keys are neither heard, seen nor recorded here."
            )
        )
        self.setAccessibleName(self.title.text())
        self.card.setAccessibleName(self.title.text())
        self._fill()

    def show_snapshot(self, snapshot: DeskSnapshot) -> None:
        """Show how far it is."""
        self._snapshot = snapshot
        before = self._shown
        self._fill()
        if self.is_open and before != self._shown:
            rescale(self, self.kit.theme.zoom)
            self.first_focus().setFocus()

    def close_sheet(self) -> None:
        """Leave nothing of what was typed."""
        super().close_sheet()
        self.amount.clear()

    def first_focus(self) -> QWidget:
        """The amount before it begins; then the way out, which changes nothing."""
        return self.amount if self._snapshot.digits is None else self.close_button

    def shrink(self, small: bool) -> None:
        """Where there is little room the card takes all of it, and shows the present step alone."""
        self._small = small
        self._column.setStretch(0, 100 if small else 0)
        # A bar that came for a moment would make a line break elsewhere, and then be needed.
        bar = Qt.ScrollBarPolicy.ScrollBarAsNeeded if small else Qt.ScrollBarPolicy.ScrollBarAlwaysOff
        self._area.setVerticalScrollBarPolicy(bar)
        self._fill()

    def _fill(self) -> None:
        view = self._snapshot.digits
        over = view is not None and words.is_over(view)
        going = view is not None and not over
        if view is None:
            text = translate(
                "digits", "They press the keys of their telephone; you see how many, and whether it is right."
            )
            self.guidance.set_tone("dim")
        else:
            text = words.guidance(view)
            self.guidance.set_tone(words.tone(view))
        self.guidance.setText(text)
        self.setAccessibleDescription(text)
        for part in (self.amount_title, self.amount, self.begin):
            part.setVisible(view is None)
        self.title.setVisible(not (self._small and going))
        self.promise.setVisible(not self._small)
        self._steps.setVisible(going or (view is not None and view.stage == "accepted" and not self._small))
        for step in self.steps:
            step.show_view(view)
            step.setVisible(not self._small or (view is not None and view.stage == step.step))
        self.stop.setVisible(going)
        self.stop.setEnabled("customer.digits-cancel" in self._snapshot.enabled)
        self._shown = None if view is None else "going" if going else "over"
        self._area.updateGeometry()

    def _begin(self) -> None:
        amount = self.amount.text().strip()
        if not is_amount(amount):
            self.amount.setFocus()
            self.kit.announcer.say(translate("digits", "Type an amount such as 12.50, or nothing."), urgent=True)
            return
        self.kit.send(DigitsAsked(amount))
