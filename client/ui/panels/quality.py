"""How the call sounds, in a word, with the figures behind it. Calm: it changes its colour only with its word."""

from collections import deque

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from client.core.snapshot import CallSnapshot, DeskSnapshot
from client.ui.i18n import translate
from client.ui.kit import Kit
from client.ui.theme.scale import spaced
from client.ui.theme.tokens import Type
from client.ui.widgets.glyph import Glyph, GlyphView
from client.ui.widgets.label import Label
from client.ui.widgets.panel import Panel

_SAMPLES = 60
_GOOD = (1.0, 200.0)
_FAIR = (4.0, 400.0)
"""Loss in percent and round trip in milliseconds. ITU-T G.114: 150 ms one way go unnoticed, 400 ms are the limit."""


def verdict(loss_percent: float | None, round_trip_ms: float | None) -> str:
    """'good', 'fair', 'poor', or an empty string while nothing is measured."""
    if loss_percent is None or round_trip_ms is None:
        return ""
    for name, (loss, delay) in (("good", _GOOD), ("fair", _FAIR)):
        if loss_percent < loss and round_trip_ms < delay:
            return name
    return "poor"


class Trace(QWidget):
    """The last minute as a line: up is good. The word beside it says the same."""

    def __init__(self, kit: Kit) -> None:
        super().__init__()
        self._kit = kit
        self._points: deque[float] = deque(maxlen=_SAMPLES)
        self.tone = "ok"
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def add(self, loss_percent: float, round_trip_ms: float) -> None:
        """Take a measurement."""
        worst = max(loss_percent / _FAIR[0], round_trip_ms / _FAIR[1])
        self._points.append(max(0.0, 1 - min(worst, 1.25) / 1.25))
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
        self._call: CallSnapshot | None = None
        row = QHBoxLayout()
        spaced(row, 14)
        self._trace = Trace(kit)
        row.addWidget(self._trace, 1)
        words = QVBoxLayout()
        spaced(words, 0)
        self.word = Label(size=Type.TITLE, strong=True, name="quality.word")
        self.figures = Label(size=Type.CAPTION, tone="faint", name="quality.figures")
        words.addWidget(self.word)
        words.addWidget(self.figures)
        row.addLayout(words)
        self.body.addLayout(row)
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
        if call is not None and call.loss_percent is not None and call.round_trip_ms is not None:
            self._trace.add(call.loss_percent, call.round_trip_ms)
        self._call = call
        self._show()

    def _show(self) -> None:
        call = self._call
        loss = call.loss_percent if call else None
        delay = call.round_trip_ms if call else None
        word, tone = {
            "good": (translate("quality", "Good"), "ok"),
            "fair": (translate("quality", "Fair"), "warn"),
            "poor": (translate("quality", "Poor"), "bad"),
            "": (translate("quality", "Measuring…"), "dim"),
        }[verdict(loss, delay)]
        self.word.setText(word)
        self.word.set_tone(tone)
        self._trace.tone = tone if tone != "dim" else "ok"
        figures = ""
        if loss is not None and delay is not None:
            figures = translate("quality", "Loss {loss}% · round trip {delay} ms")
            figures = figures.format(loss=f"{loss:.1f}", delay=f"{delay:.0f}")
        self.figures.setText(figures)
        poor = translate("quality", "Sound is being lost. Move closer to the router, or use a network cable.")
        self.advice.setText(poor if verdict(loss, delay) == "poor" else "")
        self.advice.setVisible(bool(self.advice.text()))
        suite, codec = (call.secure, call.codec) if call else ("", "")
        if suite:
            text = translate("quality", "Encrypted: {suite}").format(suite=suite.replace("_", " "))
            self.secure.setText(f"{text} · {codec}" if codec else text)
        else:
            self.secure.setText(translate("quality", "No sound yet"))
        self._sign.show_as(Glyph.SHIELD if suite else Glyph.RING, "ok" if suite else "dim")
