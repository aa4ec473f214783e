"""Today: the agent's own figures first, then the calls."""

from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHBoxLayout,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
)

from client.core.snapshot import DeskSnapshot, HistorySnapshot, Words
from client.ui.i18n import translate
from client.ui.kit import Kit
from client.ui.theme.scale import spaced
from client.ui.theme.tokens import Type
from client.ui.times import clock_time, running, spoken
from client.ui.widgets import glyph as glyphs
from client.ui.widgets.glyph import Glyph
from client.ui.widgets.label import Label, identify
from client.ui.widgets.panel import Panel

Index = QModelIndex | QPersistentModelIndex
_ROWS_SHOWN = 8
_ROW = 46


class CallsModel(QAbstractListModel):
    """Today's calls, newest first."""

    def __init__(self, kit: Kit) -> None:
        super().__init__()
        self._kit = kit
        self.calls: tuple[HistorySnapshot, ...] = ()
        self.codes: dict[str, Words] = {}

    def show_calls(self, calls: tuple[HistorySnapshot, ...], codes: dict[str, Words]) -> None:
        """Replace the list."""
        self.beginResetModel()
        self.calls, self.codes = calls, codes
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        """How many calls."""
        return 0 if parent.isValid() else len(self.calls)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The row in words; the delegate draws it in parts."""
        if role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole}:
            return ", ".join(part for part in self.parts(self.calls[index.row()]) if part)
        return None

    def parts(self, call: HistorySnapshot) -> tuple[str, str, str, str]:
        """Time, customer, outcome and length."""
        customer = call.customer or translate("today", "Unknown caller")
        if not call.answered:
            outcome = translate("today", "Missed")
        elif call.unsent:
            outcome = translate("today", "Kept here, not sent yet")
        elif call.code:
            outcome = self._kit.words(self.codes[call.code]) if call.code in self.codes else call.code
        else:
            outcome = translate("today", "Not coded yet")
        return clock_time(call.at), customer, outcome, running(call.seconds) if call.seconds is not None else ""


class CallDelegate(QStyledItemDelegate):
    """Draws a call in two lines."""

    def __init__(self, kit: Kit, model: CallsModel) -> None:
        super().__init__()
        self._kit = kit
        self._model = model

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Two lines high."""
        return QSize(0, self._kit.theme.px(_ROW))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw time, sign, customer, outcome and length."""
        theme = self._kit.theme
        call = self._model.calls[index.row()]
        time, customer, outcome, length = self._model.parts(call)
        box: QRect = option.rect
        state = option.state
        painter.save()
        if state & QStyle.StateFlag.State_Selected and state & QStyle.StateFlag.State_HasFocus:
            painter.fillRect(box, theme.colour("brand_soft"))
            painter.fillRect(QRect(box.left(), box.top(), theme.px(3), box.height()), theme.colour("brand"))
        painter.fillRect(QRect(box.left(), box.bottom(), box.width(), 1), theme.colour("line"))
        small, body = theme.font(Type.SMALL), theme.font(Type.BODY)
        left, right = box.left() + theme.px(6), box.right() - theme.px(6)
        half = box.height() // 2
        upper = QRect(left, box.top() + theme.px(3), right - left, half)
        lower = QRect(left, box.top() + half - theme.px(2), right - left, half)
        painter.setFont(small)
        painter.setPen(theme.colour("dim"))
        painter.drawText(upper, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, length)
        painter.drawText(upper, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, time)
        indent = QFontMetrics(small).horizontalAdvance("00:00") + theme.px(12)
        room = upper.width() - indent - QFontMetrics(small).horizontalAdvance(length) - theme.px(8)
        painter.setFont(body)
        painter.setPen(theme.colour("ink"))
        name = QFontMetrics(body).elidedText(customer, Qt.TextElideMode.ElideRight, room)
        painter.drawText(
            upper.adjusted(indent, 0, 0, 0), Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, name
        )
        sign, tone = (
            (Glyph.MISSED, "bad")
            if not call.answered
            else (Glyph.PAUSE, "warn")
            if call.unsent
            else (Glyph.CHECK, "ok")
            if call.code
            else (Glyph.PEN, "warn")
        )
        side = theme.px(13)
        middle = lower.center().y()
        glyphs.draw(painter, sign, QRectF(left + indent, middle - side / 2, side, side), theme.colour(tone))
        painter.setFont(small)
        painter.setPen(theme.colour("dim"))
        under = lower.adjusted(indent + side + theme.px(6), 0, 0, 0)
        text = QFontMetrics(small).elidedText(outcome, Qt.TextElideMode.ElideRight, under.width())
        painter.drawText(under, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, text)
        painter.restore()


class TodayPanel(Panel):
    """Figures and calls."""

    def __init__(self, kit: Kit) -> None:
        super().__init__(kit, "panel.history", "focus.history")
        figures = QHBoxLayout()
        spaced(figures, 22, (0, 0, 0, 4))
        self.count = Label(size=Type.TITLE, strong=True, name="today.count")
        self.average = Label(size=Type.TITLE, strong=True, name="today.average")
        self._captions = (Label(size=Type.CAPTION, tone="faint"), Label(size=Type.CAPTION, tone="faint"))
        for number, caption in zip((self.count, self.average), self._captions, strict=True):
            column = QVBoxLayout()
            spaced(column, 0)
            column.addWidget(number)
            column.addWidget(caption)
            figures.addLayout(column)
        figures.addStretch(1)
        self.body.addLayout(figures)
        self.empty = Label(size=Type.SMALL, tone="dim", wrap=True, name="today.empty")
        self.body.addWidget(self.empty)
        self.model = CallsModel(kit)
        self.list = QListView()
        identify(self.list, "history")
        self.list.setModel(self.model)
        self.list.setItemDelegate(CallDelegate(kit, self.model))
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.list.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.list.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.list.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.list.setDragEnabled(False)
        self.list.setUniformItemSizes(True)
        self.list.setTabKeyNavigation(False)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.body.addWidget(self.list)
        self.body.addStretch(1)
        # The list is what takes the focus; two stops for one panel would be one too many.
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        kit.theme.changed.connect(self._fit)
        self.retranslate()

    def retranslate(self) -> None:
        """The language changed."""
        self.set_heading(translate("today", "Today"))
        self.list.setAccessibleName(translate("today", "Today's calls"))
        self._captions[0].setText(translate("today", "calls answered"))
        self._captions[1].setText(translate("today", "average talk time"))
        self.empty.setText(translate("today", "Your calls of today will stand here."))
        self.model.show_calls(self.model.calls, self.model.codes)
        self._figures()

    def show_snapshot(self, snapshot: DeskSnapshot) -> None:
        """Show the agent's day."""
        codes = {code.id: code.label for code in snapshot.codes}
        if snapshot.history != self.model.calls or codes != self.model.codes:
            row = self.list.currentIndex().row()
            self.model.show_calls(snapshot.history, codes)
            if row >= 0 and self.model.calls:
                self.list.setCurrentIndex(self.model.index(min(row, len(self.model.calls) - 1)))
        self._figures()

    def _figures(self) -> None:
        talks = [call.seconds for call in self.model.calls if call.answered and call.seconds is not None]
        answered = sum(call.answered for call in self.model.calls)
        self.count.setText(str(answered))
        self.average.setText(spoken(sum(talks) / len(talks)) if talks else "—")
        for number, caption in zip((self.count, self.average), self._captions, strict=True):
            number.setAccessibleName(f"{number.text()} {caption.text()}")
        self.empty.setVisible(not self.model.calls)
        self.list.setVisible(bool(self.model.calls))
        self._fit()

    def _fit(self) -> None:
        rows = min(len(self.model.calls), _ROWS_SHOWN)
        self.list.setFixedHeight(self.kit.theme.px(_ROW) * rows + 2)
