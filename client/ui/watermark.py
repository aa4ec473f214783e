"""The watermark over the window: a pattern that eyes pass over and cameras do not, and words where policy wants them.

It lies over everything in the window, so it is in every picture of the window. It is one pixmap, made once an hour,
that Qt tiles over what it repaints anyway.
"""

import math
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from PySide6.QtCore import QEvent, QObject, QPointF, QRect, Qt, QTimer
from PySide6.QtGui import QColor, QFontMetricsF, QImage, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QWidget

from client.core.snapshot import DeskSnapshot
from client.ui.kit import Kit
from client.ui.theme.tokens import ThemeName, Type

MakeTile = Callable[[str, str, float], Sequence[int]]
"""The tile of a device's id, a person's name and a time: a square of cells, row by row, +1 lighter and -1 darker."""
CELL = 4
"""Pixels along one side of a cell, as the reader expects them (`provisioning.watermark.pattern.CELL`)."""
_DEPTH = 5
_DEPTH_ON_BLACK = 8
"""Of 255: how much darker a dark cell is than a light one. Near black eyes see less, and cameras too."""
_WORDS_ALPHA = 0.09
_AGAIN_MS = 60_000
_TURNED = -18.0
"""Degrees."""
_INVISIBLE = frozenset({"invisible", "both"})
_VISIBLE = frozenset({"visible", "both"})


class Watermark(QWidget):
    """Lies over the window, lets the pointer through, and has nothing to tell to assistive technology."""

    def __init__(self, window: QWidget, kit: Kit, make_tile: MakeTile) -> None:
        super().__init__(window)
        self._kit = kit
        self._make_tile = make_tile
        self._key: tuple[str, str, int, int] | None = None
        self._tile: QPixmap | None = None
        self.words = ""
        """What the visible one says; empty without it."""
        self._snapshot = DeskSnapshot()
        # The hour changes whether anything happens at the desk or not.
        self._timer = QTimer(self)
        self._timer.setInterval(_AGAIN_MS)
        self._timer.timeout.connect(lambda: self.show_snapshot(self._snapshot))
        self._timer.start()
        self.setObjectName("watermark")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAttribute(Qt.WidgetAttribute.WA_NoSystemBackground)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        window.installEventFilter(self)
        kit.theme.changed.connect(lambda: self.show_snapshot(self._snapshot))
        self.hide()

    def show_snapshot(self, snapshot: DeskSnapshot) -> None:
        """Mark the window of who is signed in, as the policy wants it."""
        self._snapshot = snapshot
        person, policy = snapshot.person, snapshot.policy
        if person is None or policy.watermark not in _INVISIBLE | _VISIBLE:
            self.hide()
            return
        now = self._kit.clock()
        depth = _DEPTH_ON_BLACK if self._kit.theme.effective is ThemeName.HIGH_CONTRAST else _DEPTH
        key = (policy.device, person.name, int(now // 3600), depth)
        if key != self._key:
            self._key = key
            self._tile = None
        if policy.watermark in _INVISIBLE and self._tile is None:
            self._tile = _pixmap(self._make_tile(policy.device, person.name, now), depth)
            self.update()
        if policy.watermark not in _INVISIBLE:
            self._tile = None
        words = _words(policy.device, person.name, now) if policy.watermark in _VISIBLE else ""
        if words != self.words:
            self.words = words
            self.update()
        self._fit()
        self.show()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay over all of the window."""
        if event.type() in {QEvent.Type.Resize, QEvent.Type.ChildAdded}:
            self._fit()
        return False

    def _fit(self) -> None:
        window = self.parentWidget()
        if window is not None and self.geometry() != window.rect():
            self.setGeometry(window.rect())
        self.raise_()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Tile what is repainted."""
        painter = QPainter(self)
        if self._tile is not None:
            box = event.rect()
            painter.drawTiledPixmap(box, self._tile, box.topLeft())
        if self.words:
            self._draw_words(painter, event.rect())

    def _draw_words(self, painter: QPainter, box: QRect) -> None:
        """The words again and again, aslant."""
        theme = self._kit.theme
        font = theme.font(Type.BODY)
        colour = QColor(theme.colour("ink"))
        colour.setAlphaF(_WORDS_ALPHA)
        painter.setFont(font)
        painter.setPen(colour)
        painter.setClipRect(box)
        metrics = QFontMetricsF(font)
        wide, high = metrics.horizontalAdvance(self.words) + theme.px(90), metrics.height() + theme.px(110)
        painter.rotate(_TURNED)
        reach = math.hypot(self.width(), self.height())
        rows = int(reach // high) + 2
        for row in range(-1, 2 * rows):
            shift = (row % 2) * wide / 2
            for column in range(-2, int(reach // wide) + 3):
                painter.drawText(QPointF(column * wide - shift, row * high), self.words)


def _words(device: str, person: str, now: float) -> str:
    return f"{person} · {device} · {datetime.fromtimestamp(now, UTC):%Y-%m-%d %H}h UTC"


def _pixmap(cells: Sequence[int], depth: int) -> QPixmap:
    """White a little over light cells and black over dark ones: the step between is the same on every ground.

    On white only the dark ones show, on black only the light ones, and between them both.
    """
    side = math.isqrt(len(cells))
    image = QImage(side, side, QImage.Format.Format_ARGB32_Premultiplied)
    for number, cell in enumerate(cells):
        ground = 255 if cell > 0 else 0
        image.setPixelColor(number % side, number // side, QColor(ground, ground, ground, depth))
    return QPixmap.fromImage(image.scaled(side * CELL, side * CELL))
