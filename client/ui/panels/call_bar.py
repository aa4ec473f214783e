"""The call bar: what goes on, with whom, for how long, and what can be done about it. It never leaves the view."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QGroupBox, QHBoxLayout, QVBoxLayout, QWidget

from client.core.agent import AgentState
from client.core.calls import CallState
from client.core.snapshot import DeskSnapshot, Direction, Screen
from client.ui import call_words
from client.ui.i18n import translate
from client.ui.kit import Kit
from client.ui.labels import agent_state, work_label
from client.ui.panels.call_strip import CallStrip
from client.ui.theme.scale import spaced
from client.ui.theme.tokens import Type
from client.ui.times import running
from client.ui.widgets.button import CommandButton
from client.ui.widgets.chip import Pill
from client.ui.widgets.flow import FlowLayout
from client.ui.widgets.glyph import Glyph, GlyphView
from client.ui.widgets.label import Label, identify, set_property

_WIDE = 900
"""Design pixels from which on the actions stand beside the caller and not below."""
_ROOMY = 1200
"""Design pixels from which on there is room for a whole sentence beside the actions."""
_CALLER = 340
"""Design pixels that state and caller keep for themselves beside the actions."""
_MORE = ("call.transfer", "call.consult", "call.keypad", "call.dial")
"""What stands there only where there is room for it, in the order of need."""
_RINGING = ("call.answer", "call.reject")


class CallBar(QGroupBox):
    """State, caller and actions."""

    def __init__(self, kit: Kit) -> None:
        super().__init__()
        self._kit = kit
        self._snapshot = DeskSnapshot()
        self._wide: bool | None = None
        self._offered: set[str] = set()
        self._offered_for = ""
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
        self.notice = Label(size=Type.SMALL, tone="warn", wrap=True, name="caller-notice")
        self._out = GlyphView(kit.theme, Glyph.OUT, "brand", 18)
        self.strip = CallStrip(kit)
        self.buttons = {
            command: CommandButton(kit, command, kind=kind, large=large)
            for command, kind, large in (
                ("call.keypad", "plain", False),
                ("call.consult", "plain", False),
                ("call.transfer", "plain", False),
                ("call.dial", "plain", False),
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
        line.addWidget(self._out)
        line.addWidget(self.who)
        line.addWidget(self.number)
        names.addWidget(title)
        names.addWidget(self.about)
        left.addLayout(names, 1)
        self.right = QWidget()
        self._flow = FlowLayout(right=True)
        spaced(self._flow, 8)
        self.right.setLayout(self._flow)
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
        self._fit()

    def _arrange(self, *, wide: bool) -> None:
        if wide == self._wide:
            return
        self._wide = wide
        for part in (self.left, self.right, self.notice, self.strip):
            self._grid.removeWidget(part)
        middle = Qt.AlignmentFlag.AlignVCenter
        self._grid.addWidget(self.left, 0, 0, middle)
        self._grid.addWidget(self.right, 0 if wide else 1, 1 if wide else 0, middle)
        self._grid.addWidget(self.notice, 2, 0, 1, 2)
        self._grid.addWidget(self.strip, 3, 0, 1, 2)
        self._grid.setColumnStretch(0, 1)
        self._flow.align_right(wide)
        # What is always there keeps its place at the edge: the right one in one row, the left one in two.
        always = [command for command in self.buttons if command not in _MORE]
        order = [*reversed(_MORE), *always] if wide else [*always, *_MORE]
        for command in order:
            if self.buttons[command].parent() is not self.strip.flow.parentWidget():
                self._flow.removeWidget(self.buttons[command])
                self._flow.addWidget(self.buttons[command])

    def show_snapshot(self, snapshot: DeskSnapshot) -> None:
        """Show what goes on."""
        self._snapshot = snapshot
        call = snapshot.call
        ringing = call is not None and call.state is CallState.RINGING
        set_property(self.who, "type", str(Type.HERO if ringing else Type.TITLE))
        set_property(self.number, "type", str(Type.TITLE if ringing else Type.VALUE))
        # Where the state has the sign already, a second one would say nothing more.
        self._out.setVisible(
            call is not None
            and call.direction is Direction.OUTGOING
            and call_words.state(call, current=True)[2] is not Glyph.OUT
        )
        self.who.setText(self._who(snapshot))
        self.number.setText(self._number(snapshot))
        self.number.setVisible(bool(self.number.text()))
        self.muted.setVisible(call is not None and call.muted)
        self._show_buttons(snapshot)
        self.strip.show_snapshot(snapshot)
        self.buttons["call.mute"].set_on(call is not None and call.muted)
        self.buttons["call.hold"].set_on(call is not None and call.held)
        self._fit()
        self.tick()
        self.update()

    def _show_buttons(self, snapshot: DeskSnapshot) -> None:
        call = snapshot.call
        here = call is not None and call.state is CallState.RINGING
        beside = not here and call_words.ringing(snapshot) is not None
        self._move_answer(beside=beside)
        in_call = call is not None and not here
        signed_in = snapshot.screen is Screen.AGENT
        shown = {
            "call.answer": here or beside,
            "call.reject": here or beside,
            "call.mute": in_call,
            "call.hold": in_call,
            "call.hang-up": in_call,
            "work.ready": signed_in
            and call is None
            and snapshot.state is AgentState.NOT_READY
            and (not snapshot.do_not_disturb or "work.ready" in snapshot.enabled),
            "work.pause": signed_in and call is None and snapshot.state is AgentState.READY,
        }
        for command, button in self.buttons.items():
            if command not in _MORE:
                button.setVisible(shown[command])
            button.setEnabled(command in snapshot.enabled)
        # What could be done in this call once stays where it is, so that nothing moves under the hand.
        ref = call.ref if call is not None else ""
        if ref != self._offered_for:
            self._offered, self._offered_for = set(), ref
        self._offered |= {command for command in _MORE if command in snapshot.enabled}
        self._offered -= {"call.dial"} if call is not None or snapshot.wrap_up is not None else set()
        if here:
            self._offered = set()
        self.right.setVisible(any(shown.values()) or bool(self._offered))

    def _move_answer(self, *, beside: bool) -> None:
        """Answering stands with the call that rings: above, or with the calls beside the current one."""
        holder = self.strip.flow if beside else self._flow
        for command in _RINGING:
            button = self.buttons[command]
            if button.parentWidget() is not holder.parentWidget():
                for flow in (self.strip.flow, self._flow):
                    flow.removeWidget(button)
                holder.addWidget(button)
                if beside:
                    holder.push(button)
                button.set_large(not beside)

    def _fit(self) -> None:
        """Show as much of what is offered as there is room for, and the words where they have room."""
        theme, gap = self._kit.theme, self._flow.spacing()
        self._show_words(roomy=self.width() >= theme.px(_ROOMY))
        margins = self._grid.contentsMargins()
        room = self.width() - margins.left() - margins.right()
        if self._wide:
            room -= theme.px(_CALLER) + (0 if self.muted.isHidden() else self.muted.sizeHint().width())
        for command in self.buttons:
            here = self.buttons[command].parentWidget() is self.right
            if command not in _MORE and here and not self.buttons[command].isHidden():
                room -= self.buttons[command].sizeHint().width() + gap
        for command in _MORE:
            wide = self.buttons[command].sizeHint().width() + gap
            fits = command in self._offered and wide <= room
            room -= wide if fits else 0
            self.buttons[command].setVisible(fits)

    def _show_words(self, *, roomy: bool) -> None:
        """The line below the name. What the agent should know takes its place, or a line of its own."""
        about, (notice, tone) = self._about(self._snapshot), self._notice(self._snapshot)
        self.about.setText(notice if notice and roomy else about)
        self.about.set_tone(tone if notice and roomy else "dim")
        self.about.setVisible(bool(self.about.text()))
        self.notice.setText(notice)
        self.notice.set_tone(tone)
        self.notice.setVisible(bool(notice) and not roomy)

    def tick(self) -> None:
        """A second has passed."""
        snapshot = self._snapshot
        call = snapshot.call
        if call is not None:
            words, tone, glyph = call_words.state(call, current=True)
        elif snapshot.do_not_disturb and snapshot.state is AgentState.NOT_READY:
            words, tone, glyph = translate("states", "Do not disturb"), "warn", Glyph.PAUSE
        else:
            words, tone, glyph = agent_state(snapshot.state)
        since = call.since if call else snapshot.state_since
        counted = since > 0 and (call is not None or snapshot.state is not AgentState.OFFLINE)
        time = f" {running(self._kit.clock() - since)}" if counted else ""
        ringing = call is not None and call.state is CallState.RINGING
        self.pill.show_state(words + time, tone, glyph, spoken=words, outlined=ringing)
        self.strip.tick()

    # --- Words --------------------------------------------------------------------------------------------------------

    def _who(self, snapshot: DeskSnapshot) -> str:
        call = snapshot.call
        if call is None and snapshot.wrap_up is None:
            return snapshot.person.display_name if snapshot.person else ""
        if snapshot.person is None:
            # Whoever restarted the desk has not shown yet who they are: the call goes on, and that is all.
            rings = call is not None and call.state is CallState.RINGING
            return translate("call-bar", "Incoming call") if rings else translate("call-bar", "Your call goes on")
        # The card is the customer's; who is spoken with may be a colleague while it stays in view.
        name = self._kit.words(call.label) if call is not None and call.label is not None else ""
        name = name or (snapshot.card.value("name") if snapshot.card else "")
        if call is not None and call.state is CallState.RINGING:
            return translate("call-bar", "Incoming call") + (f" · {name}" if name else "")
        if name:
            return name
        if snapshot.card is not None and not snapshot.card.known:
            return translate("call-bar", "Unknown caller")
        return translate("call-bar", "Caller")

    @staticmethod
    def _number(snapshot: DeskSnapshot) -> str:
        card = snapshot.card
        if card is None or snapshot.person is None or (snapshot.call is None and snapshot.wrap_up is None):
            return ""
        if snapshot.call is not None and not call_words.is_of(card, snapshot.call):
            return ""
        return card.value("mobile") or card.value("phone")

    @staticmethod
    def _notice(snapshot: DeskSnapshot) -> tuple[str, str]:
        if snapshot.call is None or snapshot.person is None:
            return "", "dim"
        return call_words.notice(snapshot.call)

    @staticmethod
    def _about(snapshot: DeskSnapshot) -> str:
        call, person, card = snapshot.call, snapshot.person, snapshot.card
        if call is None and snapshot.wrap_up is None:
            parts = [person.team, work_label(person.work_type)] if person else []
            return " · ".join(part for part in parts if part)
        if call is None:
            if snapshot.break_next:
                return translate("call-bar", "The call is over. Choose a code and save, then your break begins.")
            return translate("call-bar", "The call is over. Choose a code and save.")
        if person is None:
            return translate("call-bar", "Sign in to see the customer.")
        parts = [translate("call-bar", "Break after this call")] if snapshot.break_next else []
        if call.direction is Direction.OUTGOING:
            parts.append(translate("call-bar", "Outgoing call"))
        if card is None and (call.label is None or call.direction is Direction.INCOMING):
            if not snapshot.status.server_connected:
                parts.append(
                    translate("call-bar", "The server is away, so the caller's record can't be shown. You can talk.")
                )
            else:
                parts.append(translate("call-bar", "Looking the caller up…"))
        elif card is not None and call_words.is_of(card, call):
            parts.append(work_label(person.work_type))
            if card.known:
                count = len(card.contacts)
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
