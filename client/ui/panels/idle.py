"""Between calls the middle of the screen is quiet: the state, how long, what comes next, and the one key for it."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout

from client.core.agent import AgentState
from client.core.commands import BY_ID
from client.core.snapshot import DeskSnapshot
from client.core.telephony import RegistrationState
from client.ui.i18n import translate
from client.ui.kit import Kit
from client.ui.labels import agent_state
from client.ui.theme.scale import maximum, spaced
from client.ui.theme.tokens import Type
from client.ui.times import running
from client.ui.widgets.glyph import Glyph, GlyphView
from client.ui.widgets.keycap import KeyCap
from client.ui.widgets.label import Label
from client.ui.widgets.panel import Panel

_ACTIONS = (
    "work.do-not-disturb",
    "work.ready",
    "work.pause",
    "call.dial",
    "call.voicemail",
    "sound.check",
    "view.palette",
    "view.help",
)
_STATES = {"work.ready": AgentState.NOT_READY, "work.pause": AgentState.READY}


class IdlePanel(Panel):
    """The middle, while nobody calls."""

    def __init__(self, kit: Kit) -> None:
        super().__init__(kit, "panel.idle")
        self._snapshot = DeskSnapshot()
        centre = Qt.AlignmentFlag.AlignHCenter
        self.heading.hide()
        self._sign = GlyphView(kit.theme, Glyph.PAUSE, "dim", 40)
        self.word = Label(size=Type.DISPLAY, strong=True, name="idle.state")
        self.time = Label(size=Type.TITLE, tone="dim", name="idle.time")
        self.next = Label(size=Type.VALUE, tone="dim", wrap=True, name="idle.next")
        self.next.setAlignment(centre)
        maximum(self.next, 460)
        self.body.addSpacing(40)
        self.body.addStretch(2)
        self.body.addWidget(self._sign, 0, centre)
        self.body.addWidget(self.word, 0, centre)
        self.body.addWidget(self.time, 0, centre)
        self.body.addSpacing(12)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self.next, 8)
        row.addStretch(1)
        self.body.addLayout(row)
        self.body.addSpacing(20)
        self._actions: list[tuple[str, KeyCap, Label]] = []
        grid = QGridLayout()
        spaced(grid, 10)
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, 1)
        for number, command in enumerate(_ACTIONS):
            cap, label = KeyCap(kit, command), Label(tone="dim")
            grid.addWidget(cap, number, 0, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            grid.addWidget(label, number, 1)
            self._actions.append((command, cap, label))
        self.body.addLayout(grid)
        self.body.addStretch(3)
        self.body.addSpacing(40)
        self.retranslate()

    def retranslate(self) -> None:
        """The language changed."""
        self.setAccessibleName(translate("idle", "Your state"))
        self.show_snapshot(self._snapshot)

    def show_snapshot(self, snapshot: DeskSnapshot) -> None:
        """Show the agent's state."""
        self._snapshot = snapshot
        words, tone, glyph = agent_state(snapshot.state)
        if snapshot.do_not_disturb and snapshot.state is AgentState.NOT_READY:
            words, tone = translate("states", "Do not disturb"), "warn"
        self.word.setText(words)
        self._sign.show_as(glyph, tone)
        self.next.setText(self._next(snapshot))
        actions = {
            "work.do-not-disturb": translate("idle", "Let calls through again"),
            "work.ready": translate("idle", "Take calls"),
            "work.pause": translate("idle", "Take a break"),
            "call.dial": translate("idle", "Call somebody"),
            "call.voicemail": translate("idle", "Listen to messages ({count})").format(count=snapshot.messages),
            "sound.check": translate("idle", "Check sound and network"),
            "view.palette": translate("idle", "All actions"),
            "view.help": translate("idle", "Keys and help"),
        }
        for command, cap, label in self._actions:
            label.setText(actions[command])
            visible = self._offers(command, snapshot)
            cap.setVisible(visible)
            label.setVisible(visible)
        self.tick()

    def tick(self) -> None:
        """A second has passed."""
        since = self._snapshot.state_since
        self.time.setText(running(self.kit.clock() - since) if since > 0 else "")

    @staticmethod
    def _offers(command: str, snapshot: DeskSnapshot) -> bool:
        if command == "work.do-not-disturb":
            return snapshot.do_not_disturb
        if command in _STATES:
            able = not snapshot.do_not_disturb or command in snapshot.enabled
            return snapshot.state is _STATES[command] and able
        if command == "call.voicemail":
            return snapshot.messages > 0
        return BY_ID[command].local or command in snapshot.enabled

    @staticmethod
    def _next(snapshot: DeskSnapshot) -> str:
        if snapshot.do_not_disturb and snapshot.state is AgentState.NOT_READY:
            return translate("idle", "Nobody can call you until you switch this off.")
        if snapshot.state is AgentState.READY:
            if snapshot.status.registration is not RegistrationState.REGISTERED:
                return translate("idle", "Calls come in again as soon as the telephone line is back.")
            return translate("idle", "The next call rings here by itself.")
        if snapshot.status.registration is not RegistrationState.REGISTERED:
            return translate("idle", "You can take calls as soon as the telephone line is registered.")
        return translate("idle", "No calls come in until you are ready.")
