"""The check before the shift: the meter, the echo from the edge, the network, and a verdict in words."""

from typing import Final

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QGridLayout, QGroupBox, QHBoxLayout, QVBoxLayout, QWidget

from client.core.check import Finding
from client.core.events import CheckStarted
from client.core.quality_watch import Advice
from client.core.snapshot import CheckSnapshot, CheckStage, DeskSnapshot, QualitySnapshot
from client.ui import call_words
from client.ui.i18n import translate
from client.ui.kit import Kit
from client.ui.panels.quality import figures, verdict_words
from client.ui.sheets.sheet import CoreSheet
from client.ui.theme.scale import rescale, spaced
from client.ui.theme.tokens import RADIUS_BUTTON, Type
from client.ui.widgets.button import Button, CommandButton
from client.ui.widgets.column import FittingArea
from client.ui.widgets.glyph import Glyph, GlyphView
from client.ui.widgets.label import Label, identify
from client.ui.widgets.meter import Meter

_RUNNING = {CheckStage.CALLING, CheckStage.MEASURING}
_OVER = {CheckStage.DONE, CheckStage.FAILED}
_NETWORK: Final = {
    Finding.LOSS: Advice.LOSS,
    Finding.SENT_LOSS: Advice.SENT_LOSS,
    Finding.JITTER: Advice.JITTER,
    Finding.DELAY: Advice.DELAY,
}


def finding_words(finding: str, quality: QualitySnapshot | None) -> str:
    """What is wrong and what to do about it."""
    texts = {
        Finding.NO_MICROPHONE: translate(
            "check", "There is no microphone. Plug your headset in, or choose another microphone."
        ),
        Finding.NO_SPEAKER: translate("check", "There is no headphone. Plug your headset in, or choose another one."),
        Finding.QUIET: translate(
            "check",
            "The microphone heard nothing. Switch the headset's own mute off, move the microphone to your mouth, "
            "or choose another microphone.",
        ),
        Finding.NO_ECHO: translate(
            "check",
            "Your voice did not come back. Check again; if it stays so, restart the router or try another network.",
        ),
        Finding.NO_LINE: translate(
            "check", "The telephone line is not registered. Check your internet connection, then check again."
        ),
    }
    if finding not in set(Finding):
        return finding
    known = Finding(finding)
    return call_words.advice(_NETWORK[known], quality) if known in _NETWORK else texts[known]


class Result(QGroupBox):
    """What came of a check, on its own ground. It can have the focus, so that it is read and scrolled through."""

    def __init__(self, kit: Kit) -> None:
        super().__init__()
        self._kit = kit
        self.well = False
        identify(self, "check.result")
        self.setFlat(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the ground."""
        theme = self._kit.theme
        tone = "ok" if self.well else "warn"
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.colour(tone), 1))
        painter.setBrush(theme.colour(f"{tone}_soft"))
        radius = theme.px(RADIUS_BUTTON)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), radius, radius)


class CheckSheet(CoreSheet):
    """Meters, one button, and what came of it."""

    def __init__(self, kit: Kit, over: QWidget) -> None:
        super().__init__(kit, over, "check", wide=640, top=24)
        self._check = CheckSnapshot(CheckStage.LISTENING)
        self.card.heading.hide()
        self.title = Label(size=Type.TITLE, strong=True, name="check.title")
        self.devices = CommandButton(kit, "sound.choose")
        self.close_button = Button(kit)
        identify(self.close_button, "check.close")
        self.close_button.clicked.connect(self.dismiss)
        head = QHBoxLayout()
        spaced(head, 10)
        head.addWidget(self.title, 1)
        head.addWidget(self.devices)
        head.addWidget(self.close_button)
        self.card.body.addLayout(head)
        page = QWidget()
        column = QVBoxLayout(page)
        spaced(column, 12, (7, 6, 7, 7))
        column.addWidget(self._make_verdict())
        self.stage = Label(wrap=True, name="check.stage")
        column.addWidget(self.stage)
        grid = QGridLayout()
        spaced(grid, 12)
        self.meters = {name: Meter(kit, f"check.{name}") for name in ("capture", "playback")}
        self._names = {name: Label(size=Type.SMALL, tone="dim", strong=True) for name in self.meters}
        for row, name in enumerate(self.meters):
            grid.addWidget(self._names[name], row, 0)
            grid.addWidget(self.meters[name], row, 1, Qt.AlignmentFlag.AlignVCenter)
        grid.setColumnStretch(1, 1)
        column.addLayout(grid)
        row_of_start = QHBoxLayout()
        spaced(row_of_start, 14, (0, 4, 0, 4))
        self.start = Button(kit, kind="primary", large=True)
        identify(self.start, "check.start")
        self.start.clicked.connect(lambda: self.kit.send(CheckStarted()))
        self.left = Label(size=Type.VALUE, tone="dim", wrap=True, name="check.left")
        row_of_start.addWidget(self.start)
        row_of_start.addWidget(self.left, 1)
        column.addLayout(row_of_start)
        column.addStretch(1)
        self.card.body.addWidget(FittingArea(page))
        self.compact()
        self.retranslate()

    def _make_verdict(self) -> QWidget:
        self._verdict = Result(self.kit)
        verdict = QGridLayout(self._verdict)
        spaced(verdict, 8, (14, 12, 14, 14))
        verdict.setColumnStretch(1, 1)
        self._sign = GlyphView(self.kit.theme, Glyph.CHECK, "ok", 24)
        self.verdict = Label(size=Type.TITLE, strong=True, wrap=True, name="check.verdict")
        self.figures = Label(size=Type.SMALL, tone="dim", wrap=True, name="check.figures")
        verdict.addWidget(self._sign, 0, 0, Qt.AlignmentFlag.AlignTop)
        verdict.addWidget(self.verdict, 0, 1)
        self.findings = [Label(wrap=True, name=f"check.finding.{number + 1}") for number in range(len(Finding))]
        for number, label in enumerate(self.findings):
            verdict.addWidget(label, number + 1, 1)
        verdict.addWidget(self.figures, len(self.findings) + 1, 1)
        return self._verdict

    def retranslate(self) -> None:
        """The language changed."""
        self.title.setText(translate("check", "Check sound and network"))
        self.setAccessibleName(self.title.text())
        self.card.setAccessibleName(self.title.text())
        words = {
            "capture": translate("check", "Your microphone"),
            "playback": translate("check", "What you hear"),
        }
        for name, meter in self.meters.items():
            self._names[name].setText(words[name])
            meter.setAccessibleName(words[name])
        self.close_button.setText(translate("check", "Done"))
        self.close_button.retranslate()
        self._show()

    def first_focus(self) -> QWidget:
        """What there is to be done, or to be read."""
        if self._check.stage in _OVER:
            return self._verdict
        return self.close_button if self._check.stage in _RUNNING else self.start

    def show_snapshot(self, snapshot: DeskSnapshot) -> None:
        """Show how far the check is."""
        self.devices.setEnabled("sound.choose" in snapshot.enabled)
        check = snapshot.check or CheckSnapshot(CheckStage.LISTENING)
        before, self._check = self._check, check
        self.meters["capture"].show_level(check.capture_level)
        self.meters["playback"].show_level(check.playback_level)
        if check.stage in _RUNNING and (self.start.hasFocus() or self._verdict.hasFocus()):
            self.close_button.setFocus(Qt.FocusReason.OtherFocusReason)
        if (before.stage, before.seconds_left, before.findings, before.quality) != (
            check.stage,
            check.seconds_left,
            check.findings,
            check.quality,
        ):
            self._show()
        if before.stage is not check.stage and self.is_open:
            if check.stage in _OVER:
                # The result takes the focus: it is read, and it is in view however little room there is.
                self._verdict.setFocus(Qt.FocusReason.OtherFocusReason)
            self.kit.announcer.say(self._verdict.accessibleName() if check.stage in _OVER else self.stage.text())

    def _show(self) -> None:
        check = self._check
        running = check.stage in _RUNNING
        self.stage.setText(
            {
                CheckStage.LISTENING: translate(
                    "check",
                    "Say something: the upper bar should move. Then start. "
                    "For ten seconds you hear your own voice, and the network is measured.",
                ),
                CheckStage.CALLING: translate("check", "Calling the echo…"),
                CheckStage.MEASURING: translate("check", "Speak now. You hear yourself a moment later."),
            }.get(check.stage, "")
        )
        again = check.stage in _OVER
        self.stage.setVisible(not again)
        self.start.setText(translate("check", "Check again") if again else translate("check", "Start the check"))
        self.start.retranslate()
        self.start.setEnabled(not running)
        left = translate("check", "{seconds} s left").format(seconds=check.seconds_left)
        self.left.setText(left if check.stage is CheckStage.MEASURING else "")
        self._verdict.setVisible(again)
        if again:
            self._show_result(check)

    def _show_result(self, check: CheckSnapshot) -> None:
        well = check.stage is CheckStage.DONE and not check.findings
        self._verdict.well = well
        self._sign.show_as(Glyph.CHECK if well else Glyph.WARN, "ok" if well else "warn")
        self.verdict.setText(
            translate("check", "All is well. You can begin.")
            if well
            else translate("check", "The check could not be finished.")
            if check.stage is CheckStage.FAILED
            else translate("check", "Something needs to be put right before you begin.")
        )
        self.verdict.set_tone("ok" if well else "warn")
        for number, label in enumerate(self.findings):
            label.setVisible(number < len(check.findings))
            if number < len(check.findings):
                label.setText(finding_words(check.findings[number], check.quality))
        quality = check.quality
        text = ""
        if quality is not None:
            text = f"{verdict_words(quality.verdict)[0]} · MOS {quality.mos:.1f} · {figures(quality, full=True)}"
        self.figures.setText(text)
        self.figures.setVisible(bool(text))
        found = [label.text() for label in self.findings[: len(check.findings)]]
        self._verdict.setAccessibleName(" ".join([self.verdict.text(), *found]))
        rescale(self._verdict, self.kit.theme.zoom)
