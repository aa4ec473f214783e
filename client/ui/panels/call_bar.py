"""The call bar: what goes on, with whom, for how long, and what can be done about it. It never leaves the view."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QGroupBox, QHBoxLayout, QVBoxLayout, QWidget

from client.core.agent import AgentState
from client.core.calls import CallState
from client.core.snapshot import DeskSnapshot
from client.ui.i18n import translate
from client.ui.kit import Kit
from client.ui.labels import agent_state, call_state, work_label
from client.ui.theme.scale import spaced
from client.ui.theme.tokens import Type
from client.ui.times import running
from client.ui.widgets.button import CommandButton
from client.ui.widgets.chip import Pill
from client.ui.widgets.flow import FlowLayout
from client.ui.widgets.glyph import Glyph
from client.ui.widgets.label import Label, identify, set_property

_WIDE = 900
"""Design pixels from which on the actions stand beside the caller and not below."""


class CallBar(QGroupBox):
    """State, caller and actions."""

    def __init__(self, kit: Kit) -> None:
        super().__init__()
        self._kit = kit
        self._snapshot = DeskSnapshot()
        self._wide: bool | None = None
        identify(self, "call-bar")
        self.setFlat(True)
        self.pill = Pill(kit)
        identify(self.pill, "state")
        self.muted = Pill(kit)
        identify(self.muted, "muted")
        self.muted.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.who = Label(size=Type.TITLE, strong=True, name="caller")
        self.number = Label(size=Type.VALUE, name="caller-number")
        self.about = Label(size=Type.SMALL, tone="dim", wrap=True, name="caller-about")
        self.buttons = {
            command: CommandButton(kit, command, kind=kind, large=large)
            for command, kind, large in (
                ("call.answer", "go", True),
                ("call.reject", "plain", True),
                ("call.mute", "plain", False),
                ("call.hold", "plain", False),
                ("call.hang-up", "danger", False),
                ("work.ready", "go", False),
                ("work.pause", "plain", False),
            )
        }
        self.left = QWidget()
        left = QHBoxLayout(self.left)
        spaced(left, 14)
        left.addWidget(self.pill)
        left.addWidget(self.muted)
        names = QVBoxLayout()
        spaced(names, 0)
        title = QWidget()
        line = FlowLayout(row_gap=0)
        spaced(line, 10)
        title.setLayout(line)
        line.addWidget(self.who)
        line.addWidget(self.number)
        names.addWidget(title)
        names.addWidget(self.about)
        left.addLayout(names, 1)
        self.right = QWidget()
        self._flow = FlowLayout(right=True)
        spaced(self._flow, 8)
        self.right.setLayout(self._flow)
        for button in self.buttons.values():
            self._flow.addWidget(button)
        self._grid = QGridLayout(self)
        spaced(self._grid, 12, (20, 13, 20, 13))
        self._arrange(wide=True)
        self.retranslate()

    def retranslate(self) -> None:
        """The language changed."""
        self.setAccessibleName(translate("call-bar", "Call"))
        text = translate("call-bar", "Muted")
        self.muted.show_state(text, "warn", Glyph.MUTE)
        self.show_snapshot(self._snapshot)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """There may be room for one row, or only for two."""
        super().resizeEvent(event)
        self._arrange(wide=self.width() >= self._kit.theme.px(_WIDE))

    def _arrange(self, *, wide: bool) -> None:
        if wide == self._wide:
            return
        self._wide = wide
        for part in (self.left, self.right):
            self._grid.removeWidget(part)
        middle = Qt.AlignmentFlag.AlignVCenter
        self._grid.addWidget(self.left, 0, 0, middle)
        self._grid.addWidget(self.right, 0 if wide else 1, 1 if wide else 0, middle)
        self._grid.setColumnStretch(0, 1)
        self._flow.align_right(wide)

    def show_snapshot(self, snapshot: DeskSnapshot) -> None:
        """Show what goes on."""
        self._snapshot = snapshot
        call = snapshot.call
        ringing = call is not None and call.state is CallState.RINGING
        set_property(self.who, "type", str(Type.HERO if ringing else Type.TITLE))
        set_property(self.number, "type", str(Type.TITLE if ringing else Type.VALUE))
        self.who.setText(self._who(snapshot))
        self.number.setText(self._number(snapshot))
        self.number.setVisible(bool(self.number.text()))
        self.about.setText(self._about(snapshot))
        self.about.setVisible(bool(self.about.text()))
        self.muted.setVisible(call is not None and call.muted)
        in_call = call is not None and not ringing
        shown = {
            "call.answer": ringing,
            "call.reject": ringing,
            "call.mute": in_call,
            "call.hold": in_call,
            "call.hang-up": in_call,
            "work.ready": call is None and snapshot.state is AgentState.NOT_READY,
            "work.pause": call is None and snapshot.state is AgentState.READY,
        }
        for command, button in self.buttons.items():
            button.setVisible(shown[command])
            button.setEnabled(command in snapshot.enabled)
        self.right.setVisible(any(shown.values()))
        self.buttons["call.mute"].set_on(call is not None and call.muted)
        self.buttons["call.hold"].set_on(call is not None and call.held)
        self.tick()
        self.update()

    def tick(self) -> None:
        """A second has passed."""
        snapshot = self._snapshot
        words, tone, glyph = call_state(snapshot.call.state) if snapshot.call else agent_state(snapshot.state)
        since = snapshot.call.since if snapshot.call else snapshot.state_since
        counted = since > 0 and snapshot.state is not AgentState.OFFLINE
        time = f" {running(self._kit.clock() - since)}" if counted else ""
        self.pill.show_state(words + time, tone, glyph, spoken=words, outlined=snapshot.state is AgentState.RINGING)

    # --- Words --------------------------------------------------------------------------------------------------------

    def _who(self, snapshot: DeskSnapshot) -> str:
        if snapshot.call is None and snapshot.wrap_up is None:
            return snapshot.person.display_name if snapshot.person else ""
        name = snapshot.card.value("name") if snapshot.card else ""
        if snapshot.call is not None and snapshot.call.state is CallState.RINGING:
            return translate("call-bar", "Incoming call") + (f" · {name}" if name else "")
        if name:
            return name
        if snapshot.card is not None and not snapshot.card.known:
            return translate("call-bar", "Unknown caller")
        return translate("call-bar", "Caller")

    @staticmethod
    def _number(snapshot: DeskSnapshot) -> str:
        card = snapshot.card
        if card is None or (snapshot.call is None and snapshot.wrap_up is None):
            return ""
        return card.value("mobile") or card.value("phone")

    @staticmethod
    def _about(snapshot: DeskSnapshot) -> str:
        person = snapshot.person
        if snapshot.call is None and snapshot.wrap_up is None:
            return " · ".join(part for part in (person.team, work_label(person.work_type)) if part) if person else ""
        if snapshot.call is None:
            return translate("call-bar", "The call is over. Choose a code and save.")
        if snapshot.card is None:
            if not snapshot.status.server_connected:
                return translate("call-bar", "The server is away, so the caller's record can't be shown. You can talk.")
            return translate("call-bar", "Looking the caller up…")
        parts = [work_label(person.work_type)] if person else []
        if snapshot.card.known:
            count = len(snapshot.card.contacts)
            parts.append(translate("call-bar", "Earlier contacts: {count}").format(count=count))
        else:
            parts.append(translate("call-bar", "Not in your customers' records"))
        return " · ".join(part for part in parts if part)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the ground. An incoming call is told by words, size and a thick frame as well as by colour."""
        theme = self._kit.theme
        painter = QPainter(self)
        call = self._snapshot.call
        if call is not None and call.state is CallState.RINGING:
            painter.fillRect(self.rect(), theme.colour("brand_soft"))
            edge = theme.px(5)
            brand = theme.colour("brand")
            for box in (
                QRectF(0, 0, self.width(), edge),
                QRectF(0, self.height() - edge, self.width(), edge),
                QRectF(0, 0, edge, self.height()),
                QRectF(self.width() - edge, 0, edge, self.height()),
            ):
                painter.fillRect(box, brand)
            return
        painter.fillRect(self.rect(), theme.colour("card"))
        painter.fillRect(0, self.height() - 1, self.width(), 1, theme.colour("line"))
