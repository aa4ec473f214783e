"""How the call sounds, in a word, with the figures behind it. Calm: it changes its colour only with its word."""

from collections import deque

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFocusEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from client.core.quality import Verdict
from client.core.snapshot import CallSnapshot, DeskSnapshot, QualitySnapshot
from client.ui import call_words
from client.ui.i18n import translate
from client.ui.kit import Kit
from client.ui.theme.scale import spaced
from client.ui.theme.tokens import Type
from client.ui.widgets.glyph import Glyph, GlyphView
from client.ui.widgets.label import Label
from client.ui.widgets.panel import Panel

_SAMPLES = 60
_BEST, _WORST = 4.4, 1.5
"""Mean opinion scores at the top and at the bottom of the trace."""


def verdict_words(verdict: Verdict | None) -> tuple[str, str]:
    """The word for a quality, and its tone; None while nothing is measured."""
    if verdict is None:
        return translate("quality", "Measuring…"), "dim"
    return {
        Verdict.GOOD: (translate("quality", "Good"), "ok"),
        Verdict.FAIR: (translate("quality", "Fair"), "warn"),
        Verdict.POOR: (translate("quality", "Poor"), "bad"),
    }[verdict]


def figures(quality: QualitySnapshot, *, full: bool = False) -> str:
    """What was measured: in short, or all of it."""
    text = (
        translate("quality", "Heard: {loss}% lost · said: {sent}% lost · jitter {jitter} ms · round trip {delay} ms")
        if full
        else translate("quality", "Loss {loss}% · round trip {delay} ms")
    )
    return text.format(
        loss=f"{quality.loss_percent:.1f}",
        sent=f"{quality.sent_loss_percent:.1f}",
        jitter=f"{quality.jitter_ms:.0f}",
        delay=f"{quality.round_trip_ms:.0f}",
    )


class Trace(QWidget):
    """The last minute as a line: up is good. The word beside it says the same."""

    def __init__(self, kit: Kit) -> None:
        super().__init__()
        self._kit = kit
        self._points: deque[float] = deque(maxlen=_SAMPLES)
        self.tone = "ok"
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def add(self, mos: float) -> None:
        """Take a score."""
        self._points.append(min(max((mos - _WORST) / (_BEST - _WORST), 0.0), 1.0))
        self.update()

    def clear(self) -> None:
        """Forget the last call."""
        self._points.clear()

    def sizeHint(self) -> QSize:
        """Low and wide."""
        return QSize(self._kit.theme.px(120), self._kit.theme.px(40))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the line over its base."""
        theme = self._kit.theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect()).adjusted(1, 3, -1, -3)
        painter.setPen(QPen(theme.colour("line"), 1))
        painter.drawLine(box.bottomLeft(), box.bottomRight())
        if len(self._points) < 2:
            return
        step = box.width() / (_SAMPLES - 1)
        start = box.right() - step * (len(self._points) - 1)
        line = [QPointF(start + step * n, box.bottom() - box.height() * y) for n, y in enumerate(self._points)]
        painter.setPen(QPen(theme.colour(self.tone), theme.px(2), Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        painter.drawPolyline(QPolygonF(line))


class QualityPanel(Panel):
    """The word, the figures, and how the call is protected."""

    def __init__(self, kit: Kit) -> None:
        super().__init__(kit, "panel.quality")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._call: CallSnapshot | None = None
        row = QHBoxLayout()
        spaced(row, 14)
        self._trace = Trace(kit)
        row.addWidget(self._trace, 1)
        words = QVBoxLayout()
        spaced(words, 0)
        line = QHBoxLayout()
        spaced(line, 8)
        self.mos = Label(size=Type.TITLE, strong=True, name="quality.mos")
        self.word = Label(size=Type.TITLE, strong=True, name="quality.word")
        line.addWidget(self.mos)
        line.addWidget(self.word)
        line.addStretch(1)
        self.figures = Label(size=Type.CAPTION, tone="faint", name="quality.figures")
        words.addLayout(line)
        words.addWidget(self.figures)
        row.addLayout(words)
        self.body.addLayout(row)
        self.details = Label(size=Type.CAPTION, tone="faint", wrap=True, name="quality.details")
        self.details.hide()
        self.body.addWidget(self.details)
        self.advice = Label(size=Type.SMALL, tone="warn", wrap=True, name="quality.advice")
        self.body.addWidget(self.advice)
        foot = QHBoxLayout()
        spaced(foot, 8)
        self._sign = GlyphView(kit.theme, Glyph.SHIELD, "ok", 14)
        self.secure = Label(size=Type.CAPTION, tone="faint", wrap=True, name="quality.secure")
        foot.addWidget(self._sign)
        foot.addWidget(self.secure, 1)
        self.body.addLayout(foot)
        self.retranslate()

    def retranslate(self) -> None:
        """The language changed."""
        self.set_heading(translate("quality", "Call quality"))
        self._show()

    def show_snapshot(self, snapshot: DeskSnapshot) -> None:
        """Show how the call sounds."""
        call, before = snapshot.call, self._call
        if call == before:
            return
        if call is None or before is None or call.ref != before.ref:
            self._trace.clear()
        # The same value again is the same second in another snapshot.
        if call is not None and call.quality is not None and (before is None or call.quality != before.quality):
            self._trace.add(call.quality.mos)
        self._call = call
        self._show()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Who comes here to ask gets all of it."""
        super().focusInEvent(event)
        self._show()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """The word is enough again."""
        super().focusOutEvent(event)
        self._show()

    def _show(self) -> None:
        call = self._call
        quality = call.quality if call is not None else None
        word, tone = verdict_words(quality.verdict if quality is not None else None)
        self.word.setText(word)
        self.word.set_tone(tone)
        self._trace.tone = tone if tone != "dim" else "ok"
        self.mos.setText(f"{quality.mos:.1f}" if quality is not None else "")
        self.mos.setVisible(quality is not None)
        self.mos.setAccessibleName(f"MOS {quality.mos:.1f}" if quality is not None else "MOS")
        self.figures.setText(figures(quality) if quality is not None else "")
        details = figures(quality, full=True) if quality is not None else ""
        self.details.setText(details)
        self.details.setVisible(bool(details) and self.hasFocus())
        self.advice.setText(call_words.advice(quality.advice, quality) if quality is not None else "")
        self.advice.setVisible(bool(self.advice.text()))
        spoken = f"{word}, MOS {quality.mos:.1f}. {details}. {self.advice.text()}" if quality is not None else word
        self.setAccessibleDescription(spoken.strip())
        suite, codec = (call.secure, call.codec) if call else ("", "")
        if suite:
            text = translate("quality", "Encrypted: {suite}").format(suite=suite.replace("_", " "))
            self.secure.setText(f"{text} · {codec}" if codec else text)
        else:
            self.secure.setText(translate("quality", "No sound yet"))
        self._sign.show_as(Glyph.SHIELD if suite else Glyph.RING, "ok" if suite else "dim")
