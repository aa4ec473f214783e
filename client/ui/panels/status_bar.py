"""The line at the foot: what is proven about this desk and this session. Always in view, never loud."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QGroupBox, QHBoxLayout, QSizePolicy, QWidget

from client.core.snapshot import DeskSnapshot, Screen
from client.core.telephony import RegistrationState
from client.ui.i18n import translate
from client.ui.kit import Kit
from client.ui.labels import line_state, profile_label, trust_words
from client.ui.theme.scale import spaced
from client.ui.theme.tokens import Type
from client.ui.widgets.flow import FlowLayout
from client.ui.widgets.glyph import Glyph, GlyphView
from client.ui.widgets.keycap import KeyCap
from client.ui.widgets.label import Label, identify

_COMPACT_BELOW = 1100
"""Design pixels."""


_QUIET = {"server", "engine"}
_KEYS = {"messages": "call.voicemail"}


class Item(QWidget):
    """A sign, a strong word, and a quiet one."""

    def __init__(self, kit: Kit, identifier: str, command: str = "") -> None:
        super().__init__()
        identify(self, f"status.{identifier}")
        row = QHBoxLayout(self)
        spaced(row, 6)
        self._sign = GlyphView(kit.theme, Glyph.DOT, "dim", 13)
        self._word = Label(size=Type.SMALL, strong=True)
        self._more = Label(size=Type.SMALL, tone="dim")
        self._roomy = True
        self.well = False
        for part in (self._sign, self._word, self._more):
            row.addWidget(part)
        if command:
            row.addWidget(KeyCap(kit, command))

    def show_more(self, roomy: bool) -> None:
        """Whether there is room for what explains the word."""
        self._roomy = roomy
        self._more.setVisible(bool(self._more.text()) and (roomy or not self._word.text()))

    def show_words(self, glyph: Glyph, tone: str, word: str, more: str = "", *, spoken: str = "") -> None:
        """Show this; without words nothing is shown. `spoken` says what only the sign shows."""
        self.setVisible(bool(word or more))
        self.well = tone == "ok"
        self._sign.show_as(glyph, tone)
        self._word.setText(word)
        self._word.set_tone(tone)
        self._word.setVisible(bool(word))
        self._more.setText(more)
        self._more.setVisible(bool(more) and (self._roomy or not word))
        self.setAccessibleName(f"{word} {more or spoken}".strip() if word or more else "")


class StatusBar(QGroupBox):
    """The items. As a whole it can have the focus, so that it can be read at any time."""

    def __init__(self, kit: Kit) -> None:
        super().__init__()
        self._kit = kit
        self._snapshot = DeskSnapshot()
        self._typing = False
        self._compact = False
        identify(self, "status")
        self.setFlat(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        flow = FlowLayout(row_gap=25)
        spaced(flow, 20, (20, 6, 20, 6))
        self.setLayout(flow)
        self.items = {
            name: Item(kit, name, _KEYS.get(name, ""))
            for name in ("line", "server", "engine", "trust", "recording", "watchers", "unsent", "messages")
        }
        for item in self.items.values():
            flow.addWidget(item)
        self._typing_words, typing = self._hint("field.leave", flow)
        self._typing_parts = typing
        self.profile = Label(size=Type.SMALL, tone="dim", name="status.profile")
        flow.addWidget(self.profile)
        self._all_words, self._all_parts = self._hint("view.palette", flow)
        flow.push(typing, self.profile, self._all_parts)
        self.retranslate()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where there is little room the signs and levels stay, and what explains them goes."""
        super().resizeEvent(event)
        compact = self.width() < self._kit.theme.px(_COMPACT_BELOW)
        if compact is not self._compact:
            self._compact = compact
            self._show_hints()

    def _hint(self, command: str, flow: FlowLayout) -> tuple[Label, QWidget]:
        holder = QWidget()
        row = QHBoxLayout(holder)
        spaced(row, 6)
        words = Label(size=Type.SMALL, tone="dim")
        row.addWidget(words)
        row.addWidget(KeyCap(self._kit, command))
        flow.addWidget(holder)
        return words, holder

    def retranslate(self) -> None:
        """The language, or the key profile, changed."""
        self._typing_words.setText(translate("status", "Leave the field"))
        self._all_words.setText(translate("status", "All actions"))
        self.show_snapshot(self._snapshot)

    def show_typing(self, typing: bool) -> None:
        """Whether a text field has the focus, so that single keys do not act."""
        self._typing = typing
        self._show_hints()

    def _show_hints(self) -> None:
        """While a field is typed into, the space bar is a space: only the way out of the field is told."""
        self._typing_parts.setVisible(self._typing)
        self._all_parts.setVisible(not self._typing)
        self.profile.setVisible(not self._compact)
        for name, item in self.items.items():
            item.show_more(not self._compact)
            # Where there is little room, no news of the machinery is good news.
            item.setVisible(bool(item.accessibleName()) and not (self._compact and name in _QUIET and item.well))

    def show_snapshot(self, snapshot: DeskSnapshot) -> None:
        """Show how desk and session stand."""
        self._snapshot = snapshot
        status, kit = snapshot.status, self._kit
        signed_in = snapshot.person is not None
        telephones = signed_in and snapshot.screen is not Screen.SUPERVISOR
        words, tone, glyph = line_state(status.registration)
        registered = status.registration is RegistrationState.REGISTERED
        edge = kit.words(status.edge) if registered and status.edge else ""
        self.items["line"].show_words(glyph, tone, words if telephones else "", edge if telephones else "")
        server = translate("status", "Server")
        if status.server_connected:
            self.items["server"].show_words(Glyph.CHECK, "ok", server, spoken=translate("status", "connected"))
        else:
            away = translate("status", "away")
            self.items["server"].show_words(Glyph.CROSS, "bad", server if signed_in else "", away if signed_in else "")
        engine = translate("status", "Engine") if telephones else ""
        if status.engine_running:
            self.items["engine"].show_words(Glyph.CHECK, "ok", engine, spoken=translate("status", "running"))
        else:
            starting = translate("status", "starting") if telephones else ""
            self.items["engine"].show_words(Glyph.RING, "warn", engine, starting)
        self._show_trust(snapshot)
        if status.recording:
            self.items["recording"].show_words(Glyph.DOT, "bad", translate("status", "Recording"))
        else:
            self.items["recording"].show_words(
                Glyph.RING, "dim", "", translate("status", "Not recording") if telephones else ""
            )
        names = translate("status", ", ").join(status.watchers)
        if names:
            self.items["watchers"].show_words(
                Glyph.EYE, "brand", translate("status", "Listening: {names}").format(names=names)
            )
        else:
            quiet = translate("status", "Nobody listens") if telephones else ""
            self.items["watchers"].show_words(Glyph.EYE, "dim", "", quiet)
        unsent = translate("status", "{count} to send").format(count=status.unsent) if status.unsent else ""
        self.items["unsent"].show_words(Glyph.PAUSE, "warn", unsent)
        messages = translate("status", "Messages: {count}").format(count=snapshot.messages)
        self.items["messages"].show_words(Glyph.LETTER, "brand", messages if snapshot.messages and telephones else "")
        self.profile.setText(profile_label(kit.profile))
        self._show_hints()
        self.setAccessibleName(translate("status", "Status"))
        shown = (item.accessibleName() for item in self.items.values() if item.accessibleName())
        self.setAccessibleDescription(translate("status", "; ").join(shown))

    def _show_trust(self, snapshot: DeskSnapshot) -> None:
        status = snapshot.status
        if status.trust is None:
            self.items["trust"].show_words(Glyph.SHIELD, "dim", "")
            return
        words = trust_words(status.trust, status.trust_reasons, most=3)
        tone = "ok" if status.trust >= 1 else "warn"
        level = translate("status", "Trust T{level}").format(level=status.trust)
        self.items["trust"].show_words(Glyph.SHIELD, tone, level, words)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the ground."""
        theme = self._kit.theme
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.colour("card"))
        painter.fillRect(0, 0, self.width(), 1, theme.colour("line"))
