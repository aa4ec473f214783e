"""A list of which one entry is chosen: arrows walk, Enter or the space bar chooses, and so does a click."""

from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QPersistentModelIndex,
    QPointF,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter
from PySide6.QtWidgets import QAbstractItemView, QFrame, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from client.ui.i18n import translate
from client.ui.keynames import caps
from client.ui.kit import Kit
from client.ui.theme.tokens import Type
from client.ui.widgets import glyph as glyphs
from client.ui.widgets import keycap
from client.ui.widgets.glyph import Glyph
from client.ui.widgets.label import identify

Index = QModelIndex | QPersistentModelIndex
CHOOSING = frozenset({"Return", "Space"})
_ROW = 40


@dataclass(frozen=True)
class Choice:
    """One entry: what it stands for, its words, what explains it, whether it is the chosen one, its command's key."""

    key: str
    title: str
    more: str = ""
    on: bool = False
    command: str = ""


class Choices(QAbstractListModel):
    """The entries."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: tuple[Choice, ...] = ()

    def show_rows(self, rows: tuple[Choice, ...]) -> None:
        """Replace them."""
        self.beginResetModel()
        self.rows = rows
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        """How many."""
        return 0 if parent.isValid() else len(self.rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The entry in words; the delegate draws it in parts."""
        if role not in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole}:
            return None
        row = self.rows[index.row()]
        chosen = translate("choices", "chosen") if row.on else ""
        return ", ".join(part for part in (row.title, row.more, chosen) if part)


class ChoiceDelegate(QStyledItemDelegate):
    """Draws an entry in one line."""

    def __init__(self, kit: Kit, model: Choices, *, marks: bool) -> None:
        super().__init__()
        self._kit, self._model, self._marks = kit, model, marks

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """One line."""
        return QSize(0, self._kit.theme.px(_ROW))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw mark, words, explanation and key."""
        theme = self._kit.theme
        row = self._model.rows[index.row()]
        box: QRect = option.rect
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if option.state & QStyle.StateFlag.State_Selected and option.state & QStyle.StateFlag.State_HasFocus:
            painter.fillRect(box, theme.colour("brand_soft"))
            painter.fillRect(QRect(box.left(), box.top(), theme.px(4), box.height()), theme.colour("brand"))
        left = box.left() + theme.px(14)
        if self._marks:
            side = theme.px(15)
            if row.on:
                mark = QRectF(left, box.center().y() - side / 2 + 0.5, side, side)
                glyphs.draw(painter, Glyph.CHECK, mark, theme.colour("brand"))
            left += side + theme.px(10)
        right = box.right() - theme.px(10)
        if row.command:
            names = caps(self._kit.key(row.command))
            right -= keycap.width(theme, names)
            keycap.draw(painter, theme, QPointF(right, box.center().y() + 0.5), names, None)
            right -= theme.px(12)
        flags = Qt.AlignmentFlag.AlignVCenter
        small = QFontMetrics(theme.font(Type.SMALL))
        more = small.elidedText(row.more, Qt.TextElideMode.ElideRight, max(0, (right - left) // 2))
        painter.setFont(theme.font(Type.SMALL))
        painter.setPen(theme.colour("dim"))
        painter.drawText(QRect(left, box.top(), right - left, box.height()), flags | Qt.AlignmentFlag.AlignRight, more)
        room = right - left - (small.horizontalAdvance(more) + theme.px(12) if more else 0)
        font = theme.font(Type.BODY, strong=row.on)
        painter.setFont(font)
        painter.setPen(theme.colour("ink"))
        title = QFontMetrics(font).elidedText(row.title, Qt.TextElideMode.ElideRight, room)
        painter.drawText(QRect(left, box.top(), room, box.height()), flags | Qt.AlignmentFlag.AlignLeft, title)
        painter.restore()


class ChoiceList(QListView):
    """The list. `chosen` carries the entry's key."""

    chosen = Signal(str)

    def __init__(self, kit: Kit, identifier: str, *, marks: bool = False) -> None:
        super().__init__()
        self._kit = kit
        identify(self, identifier)
        self.choices = Choices()
        self.setModel(self.choices)
        self.setItemDelegate(ChoiceDelegate(kit, self.choices, marks=marks))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.setDragEnabled(False)
        self.setUniformItemSizes(True)
        self.setTabKeyNavigation(False)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.clicked.connect(lambda index: self.choose(index.row()))

    def show_rows(self, rows: tuple[Choice, ...]) -> None:
        """Show these. The place of who walks here stays; else it is the chosen entry, or the first."""
        if rows == self.choices.rows:
            return
        keys = [row.key for row in rows]
        row = self.currentIndex().row()
        here = 0 <= row < len(self.choices.rows) and (self.hasFocus() or not any(entry.on for entry in rows))
        before = self.choices.rows[row].key if here else None
        fresh = next((number for number, entry in enumerate(rows) if entry.on), 0)
        self.choices.show_rows(rows)
        if rows:
            self.setCurrentIndex(self.choices.index(keys.index(before) if before in keys else fresh))

    def sizeHint(self) -> QSize:
        """Two entries will do; what is left over is taken where there is something."""
        return QSize(self._kit.theme.px(260), self._kit.theme.px(_ROW) * 2 + 2)

    def high(self, rows: int) -> None:
        """Be as high as this many entries."""
        self.setFixedHeight(self._kit.theme.px(_ROW) * rows + 2)

    def choose(self, row: int) -> None:
        """Choose the entry of this row, counted from 0; nothing where there is none."""
        if 0 <= row < len(self.choices.rows):
            self.setCurrentIndex(self.choices.index(row))
            self.chosen.emit(self.choices.rows[row].key)

    def takes_key(self, name: str) -> bool:
        """Enter and the space bar choose here."""
        return name in CHOOSING

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Choose; a held key chooses once."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space}:
            if not event.isAutoRepeat():
                self.choose(self.currentIndex().row())
            event.accept()
            return
        super().keyPressEvent(event)
