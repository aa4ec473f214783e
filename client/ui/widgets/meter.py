"""A level as a bar, with its value for assistive technology."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QProgressBar, QSizePolicy

from client.ui.kit import Kit
from client.ui.widgets.label import identify

_BARS = 28
_STEP = 5
"""Percent below which a change is not worth telling."""


class Meter(QProgressBar):
    """From 0 to 1, drawn as a row of small bars: how many are filled shows without colour."""

    def __init__(self, kit: Kit, identifier: str) -> None:
        super().__init__()
        self._kit = kit
        self._level = 0.0
        identify(self, identifier)
        self.setRange(0, 100)
        self.setTextVisible(False)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_level(self, level: float) -> None:
        """Show a level. Its value, which a screen reader follows, changes in whole steps."""
        self._level = min(max(level, 0.0), 1.0)
        self.setValue(round(self._level * 100 / _STEP) * _STEP)
        self.update()

    def sizeHint(self) -> QSize:
        """Low and wide."""
        return QSize(self._kit.theme.px(220), self._kit.theme.px(18))

    def minimumSizeHint(self) -> QSize:
        """Half as wide will do."""
        return QSize(self._kit.theme.px(110), self._kit.theme.px(18))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the bars."""
        theme = self._kit.theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        gap = theme.px(3)
        wide = max(1.0, (self.width() - gap * (_BARS - 1)) / _BARS)
        # Loudness is felt in ratios: the square root opens the quiet end, where speech mostly is.
        filled = round(self._level**0.5 * _BARS)
        for number in range(_BARS):
            box = QRectF(number * (wide + gap) + 0.5, 0.5, wide - 1, self.height() - 1)
            on = number < filled
            painter.setPen(Qt.PenStyle.NoPen if on else QPen(theme.colour("edge"), 1))
            painter.setBrush(theme.colour("ok_solid" if on else "card"))
            painter.drawRoundedRect(box, theme.px(2), theme.px(2))
