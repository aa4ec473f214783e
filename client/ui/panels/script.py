"""The script: where the conversation is, what to say, what the customer may answer."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from client.core.events import AnswerChosen
from client.core.snapshot import DeskSnapshot, ScriptSnapshot
from client.ui.i18n import translate
from client.ui.kit import Kit
from client.ui.theme.scale import rescale, spaced
from client.ui.theme.tokens import Type
from client.ui.widgets.button import Button, CommandButton
from client.ui.widgets.flow import FlowLayout
from client.ui.widgets.label import Label, Paragraph, identify
from client.ui.widgets.panel import Panel


class StepBar(QWidget):
    """One bar a step: done, now, to come. The words above say the same."""

    def __init__(self, kit: Kit) -> None:
        super().__init__()
        self._kit = kit
        self._step, self._steps = 0, 0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_step(self, step: int, steps: int) -> None:
        """Show step `step`, counted from 0, of `steps`."""
        self._step, self._steps = step, steps
        self.update()

    def sizeHint(self) -> QSize:
        """Thin."""
        return QSize(0, self._kit.theme.px(10))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the bars; the present one is thicker, so that it shows without colour."""
        theme = self._kit.theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        if not self._steps:
            return
        gap = theme.px(6)
        wide = (self.width() - gap * (self._steps - 1)) / self._steps
        for number in range(self._steps):
            high = theme.px(10 if number == self._step else 6)
            box = QRectF(number * (wide + gap), (self.height() - high) / 2, wide, high)
            colour = "ok_solid" if number < self._step else "brand_solid" if number == self._step else "edge"
            painter.setBrush(theme.colour(colour))
            painter.drawRoundedRect(box, high / 2, high / 2)


class SayBar(QWidget):
    """The bar that marks what is to be said."""

    def __init__(self, kit: Kit) -> None:
        super().__init__()
        self._kit = kit
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)

    def sizeHint(self) -> QSize:
        """Narrow."""
        return QSize(self._kit.theme.px(4), 0)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the bar."""
        QPainter(self).fillRect(self.rect(), self._kit.theme.colour("brand"))


class ScriptPanel(Panel):
    """The script of the call."""

    def __init__(self, kit: Kit) -> None:
        super().__init__(kit, "panel.script", "focus.script")
        self._script: ScriptSnapshot | None = None
        self._owns_digits = True
        self.position = Label(size=Type.SMALL, tone="dim", name="script.position")
        self.heading_row.addWidget(self.position)
        self._steps = StepBar(kit)
        self.body.addWidget(self._steps)
        self._title = Label(strong=True, wrap=True, name="script.title")
        self.body.addWidget(self._title)
        row = QHBoxLayout()
        spaced(row, 14, (0, 2, 0, 8))
        row.addWidget(SayBar(kit))
        self.say = Paragraph(line_height=118, name="script.say")
        row.addWidget(self.say, 1)
        self.body.addLayout(row)
        self._answers = QWidget()
        self._flow = FlowLayout()
        spaced(self._flow, 8)
        self._answers.setLayout(self._flow)
        self._buttons: list[Button] = []
        foot = QVBoxLayout()
        spaced(foot, 14)
        foot.addWidget(self._answers)
        self.back = CommandButton(kit, "script.back", kind="quiet")
        foot.addWidget(self.back, 0, Qt.AlignmentFlag.AlignLeft)
        self.body.addLayout(foot)
        self.body.addStretch(1)
        self._snapshot = DeskSnapshot()
        self.retranslate()

    @property
    def count(self) -> int:
        """How many answers there are to choose from."""
        return len(self._script.steps[self._script.step].answers) if self._script else 0

    def own_digits(self, owns: bool) -> None:
        """Whether the digits choose here; the keys are drawn only where they act."""
        self._owns_digits = owns
        for button in self._buttons:
            button.show_keys = owns
            button.update()

    def retranslate(self) -> None:
        """The language changed."""
        self._fill()

    def show_snapshot(self, snapshot: DeskSnapshot) -> None:
        """Show where the script is."""
        self._snapshot = snapshot
        self.back.setEnabled("script.back" in snapshot.enabled)
        if snapshot.script != self._script:
            self._script = snapshot.script
            self._fill()

    def _fill(self) -> None:
        script = self._script
        heading = translate("script", "Script")
        if script is None:
            self.set_heading(heading)
            self.say.show_text(translate("script", "There is no script for this call."))
            for part in (self._steps, self._title, self._answers, self.back, self.position):
                part.hide()
            return
        for part in (self._steps, self._title, self._answers, self.back, self.position):
            part.show()
        words = self.kit.words
        self.set_heading(f"{heading} · {words(script.title)}")
        step = script.steps[script.step]
        position = translate("script", "Step {step} of {steps}")
        self.position.setText(position.format(step=script.step + 1, steps=len(script.steps)))
        self._steps.show_step(script.step, len(script.steps))
        self._title.setText(words(step.title))
        self.say.show_text(words(step.say))
        for number, answer in enumerate(step.answers):
            if number == len(self._buttons):
                self._add(number)
            self._buttons[number].setText(words(answer.label))
            self._buttons[number].retranslate()
        for number, button in enumerate(self._buttons):
            button.setVisible(number < len(step.answers))
        self._answers.setVisible(bool(step.answers))
        rescale(self._answers, self.kit.theme.zoom)

    def _add(self, number: int) -> None:
        button = Button(self.kit)
        button.key_command = f"choose.{number + 1}" if number < 9 else ""
        button.show_keys = self._owns_digits
        identify(button, f"script.answer.{number + 1}")
        button.clicked.connect(lambda: self.kit.send(AnswerChosen(number)))
        self._buttons.append(button)
        self._flow.addWidget(button)
