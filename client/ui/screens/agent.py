"""The agent's screen: customer, script, notes and codes; between calls the desk's own state and the day."""

from PySide6.QtWidgets import QVBoxLayout, QWidget

from client.core.agent import AgentState
from client.core.calls import CallState
from client.core.snapshot import DeskSnapshot
from client.ui.kit import Kit
from client.ui.panels.customer import CustomerPanel
from client.ui.panels.desk_check import DeskCheck
from client.ui.panels.idle import IdlePanel
from client.ui.panels.quality import QualityPanel
from client.ui.panels.script import ScriptPanel
from client.ui.panels.text import TextPanel
from client.ui.panels.today import TodayPanel
from client.ui.panels.wrap_up import WrapUpPanel
from client.ui.theme.scale import spaced
from client.ui.widgets.column import Column, Columns
from client.ui.widgets.label import identify

_ONE_COLUMN_BELOW = 1060
"""Design pixels."""
_NOT_YET = {CallState.RINGING, CallState.DIALLING, CallState.CALLING}
"""States in which there is no sound to be measured."""


class AgentScreen(QWidget):
    """Three columns, or one."""

    def __init__(self, kit: Kit) -> None:
        super().__init__()
        identify(self, "screen.agent")
        self._snapshot = DeskSnapshot()
        self.customer = CustomerPanel(kit)
        self.check = DeskCheck(kit)
        self.script = ScriptPanel(kit)
        self.text = TextPanel(kit)
        self.idle = IdlePanel(kit)
        self.wrap_up = WrapUpPanel(kit)
        self.quality = QualityPanel(kit)
        self.today = TodayPanel(kit)
        left = Column(self.customer, self.check, fill=(self.customer, self.check))
        self._middle = Column(self.script, self.text, self.idle, fill=(self.script, self.idle))
        right = Column(self.wrap_up, self.quality, self.today, fill=(self.today,))
        self.columns = Columns(kit, [left, self._middle, right], [388, 0, 382], [0, 1, 2], _ONE_COLUMN_BELOW)
        layout = QVBoxLayout(self)
        spaced(layout, 0)
        layout.addWidget(self.columns)

    def show_snapshot(self, snapshot: DeskSnapshot) -> None:
        """Show the work, or the quiet between."""
        self._snapshot = snapshot
        working = snapshot.call is not None or snapshot.wrap_up is not None
        for panel, shown in (
            (self.customer, working),
            (self.check, not working),
            (self.script, working),
            (self.idle, not working),
            (self.wrap_up, snapshot.wrap_up is not None),
            (self.quality, snapshot.call is not None and snapshot.call.state not in _NOT_YET),
        ):
            panel.setVisible(shown)
        parts = (self.customer, self.check, self.script, self.text, self.idle, self.wrap_up, self.quality, self.today)
        for part in parts:
            part.show_snapshot(snapshot)
        self.text.setVisible(self.text.wanted)
        # Where both sides write, what they write takes the room that the script leaves.
        self._middle.fill(self.text if self.text.wanted else self.script, self.idle)
        self.columns.set_order([1, 0, 2] if not working else [0, 1, 2])

    def tick(self) -> None:
        """A second has passed."""
        self.idle.tick()
        self.customer.tick()

    def digit_panel(self, focus: QWidget | None) -> str:
        """Whose the digits are: the panel with the focus; else the script's in a call and the codes' after it."""
        if focus is not None:
            for panel, name in ((self.wrap_up, "codes"), (self.script, "script")):
                if panel.isVisible() and (panel is focus or panel.isAncestorOf(focus)):
                    return name
        snapshot = self._snapshot
        if snapshot.wrap_up is None:
            return "script"
        over = snapshot.state is AgentState.WRAP_UP or snapshot.call is None
        return "codes" if over or snapshot.script is None else "script"

    def show_digits(self, panel: str) -> None:
        """Draw the digits' keys where they act."""
        self.script.own_digits(panel == "script")
        self.wrap_up.own_digits(panel == "codes")

    def can_choose(self, panel: str, number: int) -> bool:
        """Whether the panel has an entry of this number, counted from 1."""
        return number <= (self.wrap_up.count if panel == "codes" else self.script.count)

    def place(self, command: str) -> QWidget | None:
        """Where a focus command goes, or None where that is not on the screen now."""
        target: QWidget | None = {
            "focus.customer": self.customer,
            "focus.script": self.script,
            "focus.codes": self.wrap_up,
            "focus.notes": self.wrap_up.notes,
            "focus.history": self.today.list,
            "focus.text": self.text.box if self.text.box.isEnabled() else self.text.list,
        }.get(command)
        return target if target is not None and target.isVisible() and target.isEnabled() else None

    def first_focus(self) -> QWidget | None:
        """Where the focus is when nothing else has it."""
        over = self._snapshot.call is None
        if (field := self.customer.reveal_focus()) is not None:
            return field
        order = (self.wrap_up, self.script) if over else (self.script, self.customer)
        return next((panel for panel in order if panel.isVisible()), None)
