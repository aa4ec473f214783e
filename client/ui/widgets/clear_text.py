"""A value in clear, painted character by character from where it is: no text of it is ever made.

It can't be selected, copied, dragged or hovered over for a tip, and takes no input. Its accessible name is the mask.
"""

import unicodedata
from collections.abc import Iterator

from PySide6.QtCore import QPointF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from client.ui.clear import Clear
from client.ui.kit import Kit
from client.ui.theme.tokens import Type
from client.ui.widgets.label import identify

_ZERO_WIDTH_JOINER = "\u200d"
_LINE = 1.35
"""Line height, as a part of the font's own."""
_GROUPS: dict[int, tuple[int, ...]] = {
    11: (3, 4, 4),
    15: (4, 4, 4, 3),
    16: (4, 4, 4, 4),
    18: (6, 8, 4),
    19: (4, 4, 4, 4, 3),
}
"""How figures stand together so that they can be read out, by how many there are: mobiles, cards, ID cards."""
_GAP = 0.45
"""The gap between two groups, as a part of a figure's width."""


def clusters(characters: Iterator[str]) -> Iterator[str]:
    """What is drawn at once: a character with the marks upon it. What can't be seen becomes a space, or nothing."""
    held = ""
    for character in characters:
        kind = unicodedata.category(character)
        if held and (kind.startswith("M") or character == _ZERO_WIDTH_JOINER or held.endswith(_ZERO_WIDTH_JOINER)):
            held += character
            continue
        if held:
            yield held
        # A mark that turns the direction of writing round, say, may not make the agent read another value.
        held = " " if kind in {"Cc", "Zl", "Zp", "Zs"} else "" if kind == "Cf" else character
    if held:
        yield held


class ClearText(QWidget):
    """Shows one value, in as many lines as it takes."""

    def __init__(self, kit: Kit, identifier: str) -> None:
        super().__init__()
        self._kit = kit
        self._value: Clear | None = None
        identify(self, identifier)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def show_value(self, value: Clear | None) -> None:
        """Paint this value, or nothing."""
        self._value = value
        self.updateGeometry()
        self.repaint()

    @property
    def shows(self) -> bool:
        """Whether there is something to be painted."""
        return self._value is not None

    def _font(self) -> QFont:
        # What has to be told apart letter by letter, such as an address of e-mail, is in letters of one width.
        return self._kit.theme.font(Type.TITLE, mono=not any(_is_wide(cluster) for cluster in self._drawn()))

    def _metrics(self) -> QFontMetricsF:
        return QFontMetricsF(self._font())

    def _drawn(self) -> Iterator[str]:
        return clusters(self._value.characters()) if self._value is not None else iter(())

    def _places(self, room: float) -> list[QPointF]:
        """Where each cluster's base line begins. Words are kept together where they can be."""
        metrics = self._metrics()
        gaps = self._gaps()
        high = metrics.height() * _LINE
        places: list[QPointF] = []
        left, line, word = 0.0, 0, 0
        for number, cluster in enumerate(self._drawn()):
            wide = metrics.horizontalAdvance(cluster)
            if number in gaps and left:
                left += metrics.horizontalAdvance("0") * _GAP
                word = number
            if _may_break(cluster):
                word = number + (1 if cluster == " " else 0)
            if left + wide > room and left and cluster != " ":
                line += 1
                begin = places[word].x() if 0 < word < number and places[word].x() > 0 else left
                moved = range(word, number) if begin < left else range(0)
                for index in moved:
                    places[index] = QPointF(places[index].x() - begin, line)
                left -= begin
            places.append(QPointF(left, line))
            left += wide
        return [QPointF(place.x(), place.y() * high + metrics.ascent()) for place in places]

    def _gaps(self) -> frozenset[int]:
        """Before which figures a gap stands; only where all are figures, the last of an ID card apart."""
        count, figures, last = 0, 0, ""
        for last in self._drawn():
            count += 1
            figures += last in "0123456789"
        id_card = count == 18 and last in "Xx"
        groups = _GROUPS.get(count, ()) if figures == count or (id_card and figures == count - 1) else ()
        return frozenset(sum(groups[:index]) for index in range(1, len(groups)))

    def sizeHint(self) -> QSize:
        """One line."""
        metrics = self._metrics()
        return QSize(self._kit.theme.px(120), round(metrics.height() * _LINE))

    def hasHeightForWidth(self) -> bool:
        """More lines where there is less room."""
        return True

    def heightForWidth(self, width: int) -> int:
        """The height of the lines."""
        metrics = self._metrics()
        lines = self._places(width)
        last = lines[-1].y() - metrics.ascent() if lines else 0.0
        return round(last + metrics.height() * _LINE)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """More or less room."""
        super().resizeEvent(event)
        self.updateGeometry()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the value, one character a call."""
        painter = QPainter(self)
        painter.setFont(self._font())
        painter.setPen(self._kit.theme.colour("ink"))
        for place, cluster in zip(self._places(self.width()), self._drawn(), strict=False):
            painter.drawText(place, cluster)


def _may_break(cluster: str) -> bool:
    """Whether a line may begin here: at a space, and at any character of a script that is written without spaces."""
    return cluster == " " or _is_wide(cluster)


def _is_wide(cluster: str) -> bool:
    return unicodedata.east_asian_width(cluster[0]) in {"W", "F"}
