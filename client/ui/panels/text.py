"""Text in the call, as it is written (RFC 4103): what both sides said, and a line to write in.

Every key is sent at once. A line is the agent's own until Enter: they can correct all of it, and the other side sees
that too. An input method's letters are sent when the word is chosen.
"""

from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPen, QResizeEvent, QTextCursor
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHBoxLayout,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
)

from client.core.events import TextTyped
from client.core.snapshot import CallSnapshot, DeskSnapshot, TextLineSnapshot
from client.ui import covering
from client.ui.i18n import translate
from client.ui.kit import Kit
from client.ui.panels.text_diff import difference, remainder
from client.ui.theme.scale import maximum_height, minimum, spaced
from client.ui.theme.tokens import Type
from client.ui.times import clock_time
from client.ui.widgets.chip import Chip
from client.ui.widgets.edit import Edit
from client.ui.widgets.label import Label, identify
from client.ui.widgets.panel import Panel

Index = QModelIndex | QPersistentModelIndex
_PAD, _GAP, _BESIDE = 11, 8, 70
"""Design pixels: inside a bubble, between two, and at least beside one."""
_LIMIT = 2000
"""Characters in one line: nobody types as much, and a mistaken paste must not keep the other side reading."""


class LinesModel(QAbstractListModel):
    """The lines, oldest first. Our own line that is still written stands in the box and not here."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: tuple[TextLineSnapshot, ...] = ()

    def show_lines(self, lines: tuple[TextLineSnapshot, ...]) -> None:
        """Show these. Of a conversation that goes on only what is new changes, so the place read stays."""
        lines = tuple(line for line in lines if not (line.ours and line.open) and (line.text or line.open))
        old = self.lines
        if len(lines) < len(old) or any(a.ours is not b.ours for a, b in zip(old, lines, strict=False)):
            self.beginResetModel()
            self.lines = lines
            self.endResetModel()
            return
        if len(lines) > len(old):
            self.beginInsertRows(QModelIndex(), len(old), len(lines) - 1)
            self.lines = lines
            self.endInsertRows()
        self.lines = lines
        for row, (before, after) in enumerate(zip(old, lines, strict=False)):
            if before != after:
                self.dataChanged.emit(self.index(row), self.index(row))

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        """How many lines."""
        return 0 if parent.isValid() else len(self.lines)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Who, when and what; the delegate draws them apart."""
        if role not in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole}:
            return None
        line = self.lines[index.row()]
        return f"{speaker(line)}, {clock_time(line.at)}: {line.text}"


def speaker(line: TextLineSnapshot) -> str:
    """Who wrote a line."""
    return translate("text", "You") if line.ours else translate("text", "The other side")


class BubbleDelegate(QStyledItemDelegate):
    """Draws a line as a bubble: theirs at the left, ours at the right; a bar stands where a line still grows."""

    def __init__(self, kit: Kit, model: LinesModel, view: QListView) -> None:
        super().__init__()
        self._kit, self._model, self._view = kit, model, view

    def _measure(self, line: TextLineSnapshot, wide: int) -> tuple[QSize, int]:
        """The size of the text, and the width of the time behind it."""
        theme = self._kit.theme
        metrics = QFontMetrics(theme.font(Type.BODY))
        time = QFontMetrics(theme.font(Type.CAPTION)).horizontalAdvance(clock_time(line.at)) + theme.px(10)
        room = max(wide - theme.px(2 * _PAD + _BESIDE) - time, theme.px(60))
        flags = int(Qt.TextFlag.TextWrapAnywhere | Qt.TextFlag.TextWordWrap)
        box = metrics.boundingRect(QRect(0, 0, room, 100_000), flags, line.text or " ")
        return QSize(box.width() + theme.px(8), max(box.height(), metrics.height())), time

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """As high as its text at the list's width."""
        wide = self._view.viewport().width()
        text, _ = self._measure(self._model.lines[index.row()], wide)
        return QSize(wide, text.height() + self._kit.theme.px(2 * _PAD - 4 + _GAP))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw the bubble."""
        theme = self._kit.theme
        line = self._model.lines[index.row()]
        row: QRect = option.rect
        text, time = self._measure(line, row.width())
        pad = theme.px(_PAD)
        wide = text.width() + time + 2 * pad
        left = row.right() - wide - 1 if line.ours else row.left() + 1
        box = QRectF(left, row.top() + 1, wide, row.height() - theme.px(_GAP))
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        chosen = option.state & QStyle.StateFlag.State_Selected and option.state & QStyle.StateFlag.State_HasFocus
        edge = theme.colour("brand" if line.open or chosen else "edge")
        high = theme.effective == "high-contrast"
        painter.setPen(QPen(edge, theme.px(2) if chosen else 1) if line.open or chosen or high else Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("brand_soft" if line.ours else "key"))
        painter.drawRoundedRect(box, theme.px(10), theme.px(10))
        painter.setFont(theme.font(Type.BODY))
        painter.setPen(theme.colour("ink"))
        inner = QRectF(left + pad, box.top() + pad - theme.px(2), text.width(), text.height())
        flags = int(Qt.TextFlag.TextWrapAnywhere | Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignLeft)
        painter.drawText(inner, flags, line.text)
        painter.setFont(theme.font(Type.CAPTION))
        painter.setPen(theme.colour("dim"))
        at = QRectF(box.right() - pad - time, box.top(), time, box.height() - pad + theme.px(2))
        painter.drawText(at, int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignBottom), clock_time(line.at))
        if line.open:
            self._caret(painter, line, inner)
        painter.restore()

    def _caret(self, painter: QPainter, line: TextLineSnapshot, inner: QRectF) -> None:
        """A bar behind the last word of a line that is still written."""
        theme = self._kit.theme
        metrics = QFontMetrics(theme.font(Type.BODY))
        if inner.height() > metrics.height() * 1.5:
            return
        left = inner.left() + metrics.horizontalAdvance(line.text) + theme.px(2)
        painter.fillRect(QRectF(left, inner.top() + theme.px(2), theme.px(2), metrics.ascent()), theme.colour("brand"))


class LinesView(QListView):
    """The conversation. It follows its end unless somebody reads further up."""

    def __init__(self, kit: Kit, model: LinesModel) -> None:
        super().__init__()
        identify(self, "text.lines")
        self.setModel(model)
        self.setItemDelegate(BubbleDelegate(kit, model, self))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setDragEnabled(False)
        self.setTabKeyNavigation(False)
        self._follow = True
        self.verticalScrollBar().valueChanged.connect(self._moved)
        self.verticalScrollBar().rangeChanged.connect(lambda _least, _most: self._to_end())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width breaks the lines elsewhere."""
        super().resizeEvent(event)
        self.scheduleDelayedItemsLayout()

    def _moved(self, value: int) -> None:
        self._follow = value >= self.verticalScrollBar().maximum() - 4

    def _to_end(self) -> None:
        if self._follow:
            self.verticalScrollBar().setValue(self.verticalScrollBar().maximum())

    def refit(self) -> None:
        """A line grew: it may need more room."""
        self.scheduleDelayedItemsLayout()


class TextPanel(Panel):
    """The conversation in text, and the box."""

    def __init__(self, kit: Kit) -> None:
        super().__init__(kit, "panel.text", "focus.text")
        self._call: CallSnapshot | None = None
        self._ref = ""
        self._sent = ""
        self.chip = Chip(kit)
        self.heading_row.insertWidget(2, self.chip)
        self.model = LinesModel()
        self.list = LinesView(kit, self.model)
        minimum(self.list, 0, 132)
        self.empty = Label(size=Type.SMALL, tone="dim", wrap=True, name="text.empty")
        self.body.addWidget(self.empty)
        self.body.addWidget(self.list, 1)
        self.box = Edit("text.box")
        minimum(self.box, 0, 62)
        maximum_height(self.box, 62)
        self.box.textChanged.connect(self._typed)
        row = QHBoxLayout()
        spaced(row, 0)
        row.addWidget(self.box)
        self.body.addLayout(row)
        self.retranslate()

    def retranslate(self) -> None:
        """The language changed."""
        self.set_heading(translate("text", "Text in the call"))
        self.chip.setText(translate("text", "real time"))
        self.chip.updateGeometry()
        self.list.setAccessibleName(translate("text", "What was written"))
        self.box.setAccessibleName(translate("text", "Write to the other side"))
        self.box.setAccessibleDescription(
            translate("text", "Every letter is sent at once. Enter begins a new line. Esc leaves the field.")
        )
        self.box.setPlaceholderText(translate("text", "Write; the other side sees every letter. Enter: new line"))
        self._fill()

    def show_snapshot(self, snapshot: DeskSnapshot) -> None:
        """Show the text of the current call. What is in the box is the person's own, as long as the call is the same.

        The box takes up the line that is open already where the call is another one: one that was swapped back to, or
        that a restarted desk took over.
        """
        call = snapshot.call
        self._call = call
        ref = call.ref if call is not None else ""
        if ref != self._ref:
            self._ref = ref
            lines = call.text if call is not None else ()
            self._sent = next((line.text for line in reversed(lines) if line.ours and line.open), "")
            self._set_box(self._sent)
        self._fill()

    @property
    def wanted(self) -> bool:
        """Whether there is anything to show or to write."""
        return self._call is not None and (self._call.can_text or bool(self._call.text))

    def _fill(self) -> None:
        call = self._call
        self.model.show_lines(call.text if call is not None else ())
        self.list.refit()
        self.list.setVisible(bool(self.model.lines))
        hidden = self.kit.hidden
        self.empty.setText(covering.words(hidden) if hidden else translate("text", "Nothing was written yet."))
        self.empty.setVisible(not self.model.lines)
        self.box.setEnabled(call is not None and call.can_text)
        self.list.setFocusPolicy(Qt.FocusPolicy.StrongFocus if self.model.lines else Qt.FocusPolicy.NoFocus)

    def _typed(self) -> None:
        """Send what changed. Letters that an input method still composes are not in the text yet."""
        now = self.box.toPlainText()
        if len(now) > _LIMIT:
            now = now[:_LIMIT]
            self._set_box(now)
            self.kit.announcer.say(translate("text", "This is too long for one line."), urgent=True)
        change = difference(self._sent, now)
        if not change or not self._ref:
            return
        self._sent = remainder(now)
        self.kit.send(TextTyped(change))
        if self._sent != now:
            self._set_box(self._sent)

    def _set_box(self, text: str) -> None:
        """Set the box without sending; the cursor keeps its distance from the end."""
        document = self.box.document()
        behind = document.characterCount() - self.box.textCursor().position()
        self.box.blockSignals(True)
        self.box.setPlainText(text)
        cursor = self.box.textCursor()
        cursor.setPosition(max(0, document.characterCount() - behind), QTextCursor.MoveMode.MoveAnchor)
        self.box.setTextCursor(cursor)
        self.box.blockSignals(False)
