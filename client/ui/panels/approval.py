"""On a supervisor's screen: an agent waits for a second person to agree. One at a time, the oldest first."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QGroupBox, QHBoxLayout, QWidget

from client.core.events import ApprovalDecided
from client.core.snapshot import ApprovalSnapshot, DeskSnapshot
from client.ui.i18n import translate
from client.ui.kit import Kit
from client.ui.labels import field_label, readable
from client.ui.theme.scale import maximum, minimum, spaced
from client.ui.theme.tokens import Type
from client.ui.times import running
from client.ui.widgets.button import CommandButton
from client.ui.widgets.countdown import Countdown
from client.ui.widgets.flow import FlowLayout
from client.ui.widgets.glyph import Glyph, GlyphView
from client.ui.widgets.label import Label, identify

_READING_SECONDS = 1.0
"""One that comes to the front right after a decision is not decided by the second half of a double press."""


class ApprovalBanner(QGroupBox):
    """Who asks, for what, why, and how long there is to answer."""

    def __init__(self, kit: Kit) -> None:
        super().__init__()
        self._kit = kit
        self._snapshot = DeskSnapshot()
        self._front = ""
        self._decided_at: float | None = None
        self._whole = 1.0
        identify(self, "approval")
        self.setFlat(True)
        grid = QGridLayout(self)
        spaced(grid, 4, (26, 12, 20, 13))
        sign = QHBoxLayout()
        spaced(sign, 0, (0, 2, 11, 0))
        sign.addWidget(GlyphView(kit.theme, Glyph.EYE, "brand", 22))
        grid.addLayout(sign, 0, 0)
        grid.setColumnStretch(1, 1)
        self.who = Label(size=Type.VALUE, strong=True, wrap=True, name="approval.who")
        self.why = Label(wrap=True, name="approval.why")
        self.left = Label(size=Type.SMALL, tone="dim", wrap=True, name="approval.left")
        self.bar = Countdown(kit)
        minimum(self.bar, 120)
        maximum(self.bar, 180)
        time = QHBoxLayout()
        spaced(time, 10)
        time.addWidget(self.bar, 0, Qt.AlignmentFlag.AlignVCenter)
        time.addWidget(self.left, 1)
        buttons = QWidget()
        flow = FlowLayout()
        spaced(flow, 8, (0, 6, 0, 0))
        buttons.setLayout(flow)
        self.approve = CommandButton(kit, "approval.approve", kind="primary")
        self.refuse = CommandButton(kit, "approval.refuse")
        flow.addWidget(self.approve)
        flow.addWidget(self.refuse)
        grid.addWidget(self.who, 0, 1)
        grid.addWidget(self.why, 1, 1)
        grid.addLayout(time, 2, 1)
        grid.addWidget(buttons, 3, 1)
        self.hide()

    def retranslate(self) -> None:
        """The language changed."""
        self.show_snapshot(self._snapshot)

    def show_snapshot(self, snapshot: DeskSnapshot) -> None:
        """Show who waits longest, or nobody."""
        self._snapshot = snapshot
        front = self._first
        self.setVisible(front is not None)
        if front is None:
            self._front = ""
            return
        if front.lease != self._front:
            self._front = front.lease
            self._whole = max(1.0, front.ends_at - self._kit.clock())
        self.who.setText(asks(front))
        self.why.setText(because(self._kit, front, snapshot))
        enabled = snapshot.enabled
        self.approve.setEnabled("approval.approve" in enabled)
        self.refuse.setEnabled("approval.refuse" in enabled)
        self.setAccessibleName(self.who.text())
        self.setAccessibleDescription(self.why.text())
        self.tick()

    def tick(self) -> None:
        """A second has passed."""
        front = self._first
        if front is None:
            return
        left = max(0.0, front.ends_at - self._kit.clock())
        self.bar.show_left(left / self._whole)
        words = translate("approval", "{time} left to answer").format(time=running(left))
        more = len(self._snapshot.approvals) - 1
        if more:
            words += translate("approval", " · {count} more after this one").format(count=more)
        self.left.setText(words)

    def decide(self, *, approved: bool) -> None:
        """Decide about the one that is shown."""
        front, now = self._first, self._kit.clock()
        if front is None:
            return
        if self._decided_at is not None and 0 <= now - self._decided_at < _READING_SECONDS:
            self._kit.announcer.say(asks(front), urgent=True)
            return
        self._decided_at = now
        self._kit.send(ApprovalDecided(front.lease, approved))

    @property
    def _first(self) -> ApprovalSnapshot | None:
        return next(iter(self._snapshot.approvals), None)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the band."""
        theme = self._kit.theme
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.colour("brand_soft"))
        painter.fillRect(0, 0, theme.px(6), self.height(), theme.colour("brand"))
        painter.fillRect(0, self.height() - 1, self.width(), 1, theme.colour("line"))


def asks(approval: ApprovalSnapshot) -> str:
    """Who asks, and for what."""
    text = translate("approval", "{name} asks to see in clear: {field}")
    return text.format(name=approval.display_name, field=field_label(approval.name))


def because(kit: Kit, approval: ApprovalSnapshot, snapshot: DeskSnapshot) -> str:
    """Why they ask."""
    known = next((reason for reason in snapshot.reveal_reasons if reason.id == approval.reason), None)
    reason = kit.words(known.label) if known is not None else approval.typed_reason or readable(approval.reason)
    return translate("approval", "Reason: {reason}").format(reason=reason)
