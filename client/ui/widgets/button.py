"""Buttons: a text, and the key that does the same."""

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QPushButton, QSizePolicy, QStyle, QStyleOptionButton

from client.core.commands import BY_ID
from client.ui.i18n import translate
from client.ui.keynames import caps, spoken
from client.ui.kit import Kit
from client.ui.theme.tokens import RADIUS_BUTTON, Type
from client.ui.widgets import glyph as glyphs
from client.ui.widgets import keycap
from client.ui.widgets.glyph import Glyph
from client.ui.widgets.label import identify

_SOLIDS = {"primary": "brand", "go": "ok", "danger": "bad"}


class Button(QPushButton):
    """A button drawn from tokens. `kind` is 'plain', 'primary', 'go', 'danger' or 'quiet'."""

    def __init__(
        self,
        kit: Kit,
        text: str = "",
        *,
        kind: str = "plain",
        large: bool = False,
        wide: bool = False,
        small: bool = False,
    ) -> None:
        super().__init__(text)
        self.kit = kit
        self.kind = kind
        self.on = False
        self.show_keys = True
        self.key_command = ""
        self._large = large
        self._wide = wide
        self._small = small
        self.setAutoDefault(False)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        across = QSizePolicy.Policy.Expanding if wide else QSizePolicy.Policy.Fixed
        policy = QSizePolicy(across, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(wide)
        self.setSizePolicy(policy)

    def set_on(self, on: bool) -> None:
        """Show a toggle as on: a check mark, a thicker edge, and the checked state for assistive technology."""
        if on != self.on or not self.isCheckable():
            self.on = on
            self.setCheckable(True)
            self.setChecked(on)
            self.updateGeometry()
            self.update()

    def set_large(self, large: bool) -> None:
        """Make it the one thing to press now, or a button among others."""
        if large is not self._large:
            self._large = large
            self.updateGeometry()
            self.update()

    def nextCheckState(self) -> None:
        """A toggle shows what is so, not what was asked: only a snapshot changes it."""

    @property
    def caps(self) -> tuple[str, ...]:
        """The keys drawn on the button."""
        return caps(self.kit.key(self.key_command)) if self.key_command else ()

    def retranslate(self) -> None:
        """The language, the keys or the size changed."""
        key = spoken(self.kit.key(self.key_command)) if self.key_command else ""
        self.setAccessibleName(self.text())
        self.setAccessibleDescription(translate("button", "Key: {key}").format(key=key) if key else "")
        self.updateGeometry()
        self.update()

    # --- Geometry -----------------------------------------------------------------------------------------------------

    @property
    def _type(self) -> Type:
        return Type.SAY if self._large else Type.SMALL if self._small else Type.BODY

    def _pads(self) -> tuple[int, int]:
        theme = self.kit.theme
        across, down = (18, 13) if self._large else (8, 3) if self._small else (12, 7) if self._wide else (12, 8)
        return theme.px(across), theme.px(down)

    def _extras(self) -> int:
        theme = self.kit.theme
        wide = theme.px(9) + keycap.width(theme, self.caps) if self.caps else 0
        return wide + (theme.px(22) if self.on else 0)

    def _text_height(self, room: int) -> int:
        metrics = QFontMetrics(self.kit.theme.font(self._type, strong=self._strong))
        flags = Qt.TextFlag.TextWordWrap.value
        return metrics.boundingRect(QRect(0, 0, max(room, 1), 10_000), flags, self.text()).height()

    @property
    def _strong(self) -> bool:
        return self.kind in _SOLIDS or self.on

    def sizeHint(self) -> QSize:
        """As wide as the text and its keys."""
        across, down = self._pads()
        metrics = QFontMetrics(self.kit.theme.font(self._type, strong=self._strong))
        wide = metrics.horizontalAdvance(self.text()) + self._extras() + 2 * across + 2
        return QSize(wide, max(metrics.height(), keycap.height(self.kit.theme)) + 2 * down)

    def minimumSizeHint(self) -> QSize:
        """A wide button may break its text; another is never cut."""
        full = self.sizeHint()
        return QSize(min(full.width(), self._extras() + self.kit.theme.px(80)), full.height()) if self._wide else full

    def hasHeightForWidth(self) -> bool:
        """Whether the height depends on the width."""
        return self._wide

    def heightForWidth(self, width: int) -> int:
        """The height when the text is broken into lines."""
        across, down = self._pads()
        room = width - 2 * across - self._extras()
        return max(self._text_height(room), keycap.height(self.kit.theme)) + 2 * down

    # --- Drawing ------------------------------------------------------------------------------------------------------

    def _colours(self) -> tuple[QColor, QColor, QColor]:
        """Ground, edge and text."""
        theme = self.kit.theme
        option = QStyleOptionButton()
        self.initStyleOption(option)
        hover = bool(option.state & QStyle.StateFlag.State_MouseOver)
        if not self.isEnabled():
            return theme.colour("card"), theme.colour("line"), theme.colour("disabled")
        if self.kind in _SOLIDS:
            solid = _SOLIDS[self.kind]
            ground = theme.colour(f"{solid}_solid")
            return ground, ground, theme.colour(f"on_{solid}")
        if self.on:
            return theme.colour("brand_soft"), theme.colour("brand"), theme.colour("brand")
        ground = theme.colour("pressed" if self.isDown() else "hover" if hover else "card")
        edge = theme.colour("edge")
        if self.kind == "quiet":
            edge = QColor(0, 0, 0, 0)
            ground = ground if hover or self.isDown() else QColor(0, 0, 0, 0)
        return ground, edge, theme.colour("ink" if self.kind != "quiet" else "dim")

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw ground, text and keys."""
        theme = self.kit.theme
        ground, edge, ink = self._colours()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        thick = theme.px(2) if self.on else 1
        box = QRectF(self.rect()).adjusted(thick / 2, thick / 2, -thick / 2, -thick / 2)
        pen = QPen(edge, thick)
        if not self.isEnabled():
            pen.setStyle(Qt.PenStyle.DashLine)
        painter.setPen(pen)
        painter.setBrush(ground)
        painter.drawRoundedRect(box, theme.px(RADIUS_BUTTON), theme.px(RADIUS_BUTTON))

        across, _ = self._pads()
        left, middle = across, self.height() / 2
        if self.on:
            side = theme.px(15)
            glyphs.draw(painter, Glyph.CHECK, QRectF(left, middle - side / 2, side, side), ink)
            left += theme.px(22)
        names = self.caps
        wide = keycap.width(theme, names)
        right = self.width() - across - (wide + theme.px(9) if names else 0)
        painter.setPen(ink)
        painter.setFont(theme.font(self._type, strong=self._strong))
        flags = Qt.AlignmentFlag.AlignVCenter | (
            Qt.AlignmentFlag.AlignLeft
            if self.key_command or (self._wide and not self._large)
            else Qt.AlignmentFlag.AlignHCenter
        )
        painter.drawText(
            QRectF(left, 0, right - left, self.height()), int(flags | Qt.TextFlag.TextWordWrap), self.text()
        )
        if names and self.show_keys:
            solid = self.kind in _SOLIDS and self.isEnabled()
            at = QPointF(self.width() - across - wide, middle)
            keycap.draw(painter, theme, at, names, ink if solid else None)


class CommandButton(Button):
    """A button for a command of the registry. Its name on the screen, its key and its object name come from there."""

    def __init__(self, kit: Kit, command: str, *, kind: str = "plain", large: bool = False, wide: bool = False) -> None:
        super().__init__(kit, kind=kind, large=large, wide=wide)
        self.command = command
        self.key_command = command
        identify(self, command)
        self.clicked.connect(lambda: kit.invoke(command))
        self.retranslate()

    def retranslate(self) -> None:
        """Take title and key again."""
        self.setText(translate("commands", BY_ID[self.command].title))
        super().retranslate()
