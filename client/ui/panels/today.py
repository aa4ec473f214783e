"""Today: the agent's own figures first, then the calls."""

from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter
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

from client.core.events import CallBack
from client.core.snapshot import DeskSnapshot, Direction, HistorySnapshot, Words
from client.ui.i18n import translate
from client.ui.keynames import cap
from client.ui.kit import Kit
from client.ui.theme.scale import spaced
from client.ui.theme.tokens import Type
from client.ui.times import clock_time, running, spoken
from client.ui.widgets import glyph as glyphs
from client.ui.widgets import keycap
from client.ui.widgets.choice_list import CHOOSING
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
            call = self.calls[index.row()]
            time, *rest = self.parts(call)
            went = translate("today", "outgoing") if call.direction is Direction.OUTGOING else ""
            back = translate("today", "Enter calls back") if call.customer else ""
            return ", ".join(part for part in (time, went, *rest, back) if part)
        return None

    def parts(self, call: HistorySnapshot) -> tuple[str, str, str, str]:
        """Time, customer, outcome and length."""
        outgoing = call.direction is Direction.OUTGOING
        unknown = translate("today", "Outgoing call") if outgoing else translate("today", "Unknown caller")
        customer = call.customer or unknown
        if not call.answered:
            outcome = translate("today", "Not answered") if outgoing else translate("today", "Missed")
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
        chosen = bool(state & QStyle.StateFlag.State_Selected and state & QStyle.StateFlag.State_HasFocus)
        if chosen:
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
        outgoing = call.direction is Direction.OUTGOING
        mark = theme.px(18) if outgoing else 0
        if outgoing:
            side = theme.px(12)
            place = QRectF(left + indent, upper.center().y() - side / 2 + 0.5, side, side)
            glyphs.draw(painter, Glyph.OUT, place, theme.colour("brand"))
        room -= mark
        painter.setFont(body)
        painter.setPen(theme.colour("ink"))
        name = QFontMetrics(body).elidedText(customer, Qt.TextElideMode.ElideRight, room)
        painter.drawText(
            upper.adjusted(indent + mark, 0, 0, 0), Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, name
        )
        self._outcome(painter, call, lower.adjusted(indent, 0, 0, 0), outcome, chosen=chosen)
        painter.restore()

    def _outcome(self, painter: QPainter, call: HistorySnapshot, line: QRect, outcome: str, *, chosen: bool) -> None:
        """The second line: how it ended, and what Enter does where there is somebody to call back."""
        theme = self._kit.theme
        small = theme.font(Type.SMALL)
        outgoing = call.direction is Direction.OUTGOING
        sign, tone = (
            (Glyph.CROSS if outgoing else Glyph.MISSED, "dim" if outgoing else "bad")
            if not call.answered
            else (Glyph.PAUSE, "warn")
            if call.unsent
            else (Glyph.CHECK, "ok")
            if call.code
            else (Glyph.PEN, "warn")
        )
        side = theme.px(13)
        middle = line.center().y()
        glyphs.draw(painter, sign, QRectF(line.left(), middle - side / 2, side, side), theme.colour(tone))
        painter.setFont(small)
        painter.setPen(theme.colour("dim"))
        under = line.adjusted(side + theme.px(6), 0, 0, 0)
        if chosen and call.customer:
            names, back = (cap("Return"),), translate("today", "Call back")
            wide = keycap.width(theme, names)
            keycap.draw(painter, theme, QPointF(under.right() - wide, middle + 0.5), names, None)
            words = under.adjusted(0, 0, -wide - theme.px(6), 0)
            painter.drawText(words, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, back)
            under = words.adjusted(0, 0, -QFontMetrics(small).horizontalAdvance(back) - theme.px(8), 0)
        text = QFontMetrics(small).elidedText(outcome, Qt.TextElideMode.ElideRight, under.width())
        painter.drawText(under, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, text)


class CallsView(QListView):
    """The list. Enter, or the space bar, calls the customer of the chosen entry back."""

    def __init__(self, kit: Kit, model: CallsModel) -> None:
        super().__init__()
        self._kit = kit
        self._calls = model
        self.setModel(model)
        self.doubleClicked.connect(lambda index: self._call_back(index.row()))

    def takes_key(self, name: str) -> bool:
        """Enter and the space bar choose, where there is somebody to call back."""
        row = self.currentIndex().row()
        return name in CHOOSING and 0 <= row < len(self._calls.calls) and bool(self._calls.calls[row].customer)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Call back; a held key calls once."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space}:
            if not event.isAutoRepeat():
                self._call_back(self.currentIndex().row())
            event.accept()
            return
        super().keyPressEvent(event)

    def _call_back(self, row: int) -> None:
        if not 0 <= row < len(self._calls.calls):
            return
        call = self._calls.calls[row]
        if call.customer:
            self._kit.send(CallBack(call.ref))
        else:
            self._kit.announcer.say(translate("today", "Nobody knows who this was, so nobody can be called back."))


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
        self.list = CallsView(kit, self.model)
        identify(self.list, "history")
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
