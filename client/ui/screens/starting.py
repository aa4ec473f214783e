"""Starting: the desk looks for its keys and for the server."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from client.core.snapshot import DeskSnapshot
from client.ui.i18n import translate
from client.ui.kit import Kit
from client.ui.panels.problem import ProblemView
from client.ui.theme.scale import maximum, spaced
from client.ui.theme.tokens import Type
from client.ui.widgets.label import Label, identify
from client.ui.widgets.mark import Mark


class StartingScreen(QWidget):
    """A name and a line. A problem at the start is told here."""

    def __init__(self, kit: Kit) -> None:
        super().__init__()
        identify(self, "screen.starting")
        layout = QVBoxLayout(self)
        spaced(layout, 14, (24, 24, 24, 24))
        centre = Qt.AlignmentFlag.AlignHCenter
        self.text = Label(size=Type.VALUE, tone="dim", name="starting.text")
        self.problem = ProblemView(kit, "starting.problem", dismissable=False)
        maximum(self.problem, 560)
        layout.addStretch(2)
        layout.addWidget(Mark(kit, 56), 0, centre)
        layout.addWidget(Label("Hearthline", size=Type.HERO, strong=True), 0, centre)
        layout.addWidget(self.text, 0, centre)
        layout.addSpacing(8)
        layout.addWidget(self.problem)
        layout.setAlignment(self.problem, centre)
        layout.addStretch(3)
        self.retranslate()

    def retranslate(self) -> None:
        """The language changed."""
        self.text.setText(translate("starting", "Starting: this PC's keys, then the server…"))

    def show_snapshot(self, snapshot: DeskSnapshot) -> None:
        """Show a problem, if there is one."""
        self.problem.show_problem(snapshot.problem)

    def first_focus(self) -> QWidget | None:
        """Nothing to type here."""
        return None
