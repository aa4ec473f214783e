"""A problem in words: what happened, what it means, what to do. It waits to be read and blocks nothing."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QGridLayout, QGroupBox, QHBoxLayout

from client.core.problems import Problem
from client.ui.i18n import translate
from client.ui.kit import Kit
from client.ui.theme.scale import spaced
from client.ui.theme.tokens import RADIUS, Type
from client.ui.widgets.button import CommandButton
from client.ui.widgets.glyph import Glyph, GlyphView
from client.ui.widgets.label import Label, identify


class ProblemView(QGroupBox):
    """The banner above the work, and the same words inside a form."""

    def __init__(self, kit: Kit, identifier: str, *, dismissable: bool) -> None:
        super().__init__()
        self._kit = kit
        self._problem: Problem | None = None
        self._banner = dismissable
        identify(self, identifier)
        self.setFlat(True)
        grid = QGridLayout(self)
        spaced(grid, 3, (26, 10, 20, 12) if dismissable else (16, 12, 16, 14))
        sign = QHBoxLayout()
        spaced(sign, 0, (0, 2, 11, 0))
        sign.addWidget(GlyphView(kit.theme, Glyph.WARN, "warn", 22))
        grid.addLayout(sign, 0, 0)
        grid.setColumnStretch(1, 1)
        self.happened = Label(size=Type.VALUE, strong=True, wrap=True, name=f"{identifier}.happened")
        self.means = Label(tone="dim", wrap=True, name=f"{identifier}.means")
        self.do = Label(wrap=True, name=f"{identifier}.do")
        grid.addWidget(self.happened, 0, 1)
        grid.addWidget(self.means, 1, 1, 1, 2)
        grid.addWidget(self.do, 2, 1, 1, 2)
        if dismissable:
            self.dismiss = CommandButton(kit, "problem.dismiss", kind="quiet")
            grid.addWidget(self.dismiss, 0, 2, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.hide()

    def retranslate(self) -> None:
        """The language changed."""
        self.show_problem(self._problem)

    def show_problem(self, problem: Problem | None) -> None:
        """Show this problem, or none."""
        self._problem = problem
        self.setVisible(problem is not None)
        if problem is None:
            return
        happened, means, do = in_words(problem)
        self.happened.setText(happened)
        self.means.setText(means)
        self.do.setText(translate("problem", "What to do: {do}").format(do=do))
        self.setAccessibleName(happened)
        self.setAccessibleDescription(f"{means} {self.do.text()}")

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the ground: a band as a banner, a card inside a form."""
        theme = self._kit.theme
        painter = QPainter(self)
        soft, edge = theme.colour("warn_soft"), theme.colour("warn")
        if self._banner:
            painter.fillRect(self.rect(), soft)
            painter.fillRect(0, 0, theme.px(6), self.height(), edge)
            painter.fillRect(0, self.height() - 1, self.width(), 1, theme.colour("line"))
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(edge, 1))
        painter.setBrush(soft)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), theme.px(RADIUS), theme.px(RADIUS))


def in_words(problem: Problem) -> tuple[str, str, str]:
    """What happened, what it means and what to do, in the language in force."""
    return (
        translate("problems", problem.happened),
        translate("problems", problem.means),
        translate("problems", problem.do),
    )


def spoken(problem: Problem) -> str:
    """All of it, to be announced."""
    happened, means, do = in_words(problem)
    return f"{happened} {means} {do}"
