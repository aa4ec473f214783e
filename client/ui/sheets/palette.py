"""All actions on one key: type a word of either language, or walk with the arrows; Enter does it."""

from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPointF,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter
from PySide6.QtWidgets import QFrame, QLineEdit, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from client.core.commands import COMMANDS, Command
from client.ui.i18n import translate
from client.ui.keynames import caps, spoken
from client.ui.kit import Kit
from client.ui.sheets.sheet import Sheet
from client.ui.theme.tokens import Type
from client.ui.widgets import keycap
from client.ui.widgets.label import Label, identify

Index = QModelIndex | QPersistentModelIndex
_ROW = 40
_STEPS = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: 8, Qt.Key.Key_PageUp: -8}


class Commands(QAbstractListModel):
    """The commands that match."""

    def __init__(self, kit: Kit) -> None:
        super().__init__()
        self._kit = kit
        self.rows: list[Command] = []
        self.reasons: dict[str, str] = {}

    def show_commands(self, rows: list[Command], reasons: dict[str, str]) -> None:
        """Show these, those with a reason as not possible now."""
        self.beginResetModel()
        self.rows, self.reasons = rows, reasons
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        """How many match."""
        return 0 if parent.isValid() else len(self.rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Title, key and reason in words; the delegate draws them apart."""
        if role not in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole}:
            return None
        command = self.rows[index.row()]
        parts = (translate("commands", command.title), spoken(self._kit.key(command.id)), self.reasons.get(command.id))
        return ", ".join(part for part in parts if part)


class CommandDelegate(QStyledItemDelegate):
    """Draws a command: title, group or reason, keys."""

    def __init__(self, kit: Kit, model: Commands) -> None:
        super().__init__()
        self._kit = kit
        self._model = model

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """One line."""
        return QSize(0, self._kit.theme.px(_ROW))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw the row."""
        theme = self._kit.theme
        command = self._model.rows[index.row()]
        reason = self._model.reasons.get(command.id, "")
        box: QRect = option.rect
        painter.save()
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(box, theme.colour("brand_soft"))
            painter.fillRect(QRect(box.left(), box.top(), theme.px(4), box.height()), theme.colour("brand"))
        names = caps(self._kit.key(command.id))
        wide = keycap.width(theme, names)
        right = box.right() - theme.px(12) - wide
        keycap.draw(painter, theme, QPointF(right, box.center().y() + 0.5), names, None)
        left = box.left() + theme.px(16)
        font, small = theme.font(Type.BODY), theme.font(Type.SMALL)
        title = translate("commands", command.title)
        more = reason or translate("groups", command.group)
        room = right - left - theme.px(16)
        flags = Qt.AlignmentFlag.AlignVCenter
        painter.setFont(font)
        painter.setPen(theme.colour("disabled" if reason else "ink"))
        shown = QFontMetrics(font).elidedText(title, Qt.TextElideMode.ElideRight, room)
        painter.drawText(QRect(left, box.top(), room, box.height()), flags | Qt.AlignmentFlag.AlignLeft, shown)
        used = QFontMetrics(font).horizontalAdvance(shown) + theme.px(16)
        painter.setFont(small)
        painter.setPen(theme.colour("faint"))
        rest = QRect(left + used, box.top(), room - used, box.height())
        text = QFontMetrics(small).elidedText(more, Qt.TextElideMode.ElideRight, max(rest.width(), 0))
        painter.drawText(rest, flags | Qt.AlignmentFlag.AlignRight, text)
        painter.restore()


class PaletteSheet(Sheet):
    """The palette."""

    chosen = Signal(str)

    def __init__(self, kit: Kit, over: QWidget) -> None:
        super().__init__(kit, over, "palette", wide=620)
        self._reasons: dict[str, str] = {}
        self._first = ""
        self.card.heading.hide()
        self.input = QLineEdit()
        identify(self.input, "palette.input")
        self.input.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.input.setProperty("scale", "large")
        self.input.textChanged.connect(lambda _text: self._filter())
        self.input.installEventFilter(self)
        self.model = Commands(kit)
        self.list = QListView()
        identify(self.list, "palette.list")
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.list.setModel(self.model)
        self.list.setItemDelegate(CommandDelegate(kit, self.model))
        self.list.setUniformItemSizes(True)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.clicked.connect(lambda index: self._do(index.row()))
        self.none = Label(tone="dim", name="palette.none")
        self.foot = Label(size=Type.SMALL, tone="dim", wrap=True, name="palette.foot")
        self.card.body.addWidget(self.input)
        self.card.body.addWidget(self.none)
        self.card.body.addWidget(self.list, 1)
        self.card.body.addWidget(self.foot)
        self.fill()
        self.retranslate()

    def retranslate(self) -> None:
        """The language changed."""
        self.setAccessibleName(translate("palette", "All actions"))
        self.card.setAccessibleName(translate("palette", "All actions"))
        self.input.setAccessibleName(translate("palette", "What do you want to do?"))
        self.input.setPlaceholderText(translate("palette", "What do you want to do?"))
        self.list.setAccessibleName(translate("palette", "Actions"))
        self.none.setText(translate("palette", "No action has this in its name."))
        self.foot.setText(translate("palette", "↑ ↓ or Tab choose · Enter or F2 does it · Esc closes"))
        self._filter()

    def shrink(self, small: bool) -> None:
        """The hint at the foot can be done without."""
        self.foot.setVisible(not small)

    def first_focus(self) -> QWidget:
        """The line to type in."""
        return self.input

    def offer(self, reasons: dict[str, str], first: str = "") -> None:
        """Open. `reasons` has the commands that can't be done now and why; `first` stands at the top."""
        self._reasons, self._first = reasons, first
        self.input.clear()
        self._filter()
        self.open()

    def _filter(self) -> None:
        words = self.input.text().casefold().split()
        rows = [command for command in COMMANDS if all(word in self._searched(command) for word in words)]
        reasons = self._reasons
        # What can be done stands first, the digits after what has a name; within that, the registry's order.
        rows.sort(
            key=lambda command: (command.id != self._first, command.id in reasons, command.id.startswith("choose."))
        )
        self.model.show_commands(rows, reasons)
        self.none.setVisible(not rows)
        self.list.setVisible(bool(rows))
        if rows:
            self.list.setCurrentIndex(self.model.index(0))
        self._tell()

    def _searched(self, command: Command) -> str:
        return f"{command.title} {self.kit.languages.chinese('commands', command.title)} {command.id}".casefold()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Arrows walk the list while the line keeps the focus; Enter does what is chosen.

        Tab and F2 do the same for a left hand that reaches neither.
        """
        if watched is self.input and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            key = Qt.Key(event.key())
            row = self.list.currentIndex().row()
            if key in _STEPS and self.model.rows:
                row = min(max(row + _STEPS[key], 0), len(self.model.rows) - 1)
                self.list.setCurrentIndex(self.model.index(row))
                self._tell()
                return True
            if key == Qt.Key.Key_Tab and self.model.rows:
                self.list.setCurrentIndex(self.model.index((row + 1) % len(self.model.rows)))
                self._tell()
                return True
            if key in {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_F2}:
                if not event.isAutoRepeat():
                    self._do(row)
                return True
            if key == Qt.Key.Key_Escape:
                self.close_sheet()
                return True
        return super().eventFilter(watched, event)

    def _tell(self) -> None:
        index = self.list.currentIndex()
        if self.is_open and index.isValid():
            self.kit.announcer.say(str(index.data()))

    def _do(self, row: int) -> None:
        if not 0 <= row < len(self.model.rows):
            return
        command = self.model.rows[row].id
        if command in self.model.reasons:
            self.kit.announcer.say(self.model.reasons[command], urgent=True)
            return
        self.close_sheet()
        self.chosen.emit(command)
