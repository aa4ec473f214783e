"""Text on the screen. Plain text always: what comes from a server is never read as markup, nor can it be taken away."""

import html
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from client.ui.theme.tokens import Type


def identify(widget: QWidget, identifier: str) -> None:
    """Give a widget its stable name, for tests and for assistive technology."""
    widget.setObjectName(identifier)
    widget.setAccessibleIdentifier(identifier)


def set_property(widget: QWidget, name: str, value: Any) -> None:
    """Set a property that the style sheet reads, and have it read again."""
    if widget.property(name) != value:
        widget.setProperty(name, value)
        widget.style().unpolish(widget)
        widget.style().polish(widget)


class Label(QLabel):
    """A line or a paragraph that can't be selected, copied, dragged or right-clicked."""

    def __init__(
        self,
        text: str = "",
        *,
        size: Type = Type.BODY,
        tone: str = "ink",
        strong: bool = False,
        wrap: bool = False,
        name: str = "",
    ) -> None:
        super().__init__(text)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setTextInteractionFlags(Qt.TextInteractionFlag.NoTextInteraction)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.setProperty("type", str(size))
        self.setProperty("tone", tone)
        self.setProperty("strong", strong)
        self.setWordWrap(wrap)
        if wrap:
            policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
            policy.setHeightForWidth(True)
            self.setSizePolicy(policy)
        if name:
            identify(self, name)

    def set_tone(self, tone: str) -> None:
        """Change the colour."""
        set_property(self, "tone", tone)


class Paragraph(Label):
    """Words to be read aloud to a customer: generous lines. The text is escaped, so it stays plain."""

    def __init__(self, *, size: Type = Type.SAY, line_height: int = 150, name: str = "") -> None:
        super().__init__(size=size, wrap=True, name=name)
        self.setTextFormat(Qt.TextFormat.RichText)
        self._line_height = line_height
        self._plain = ""

    def show_text(self, text: str) -> None:
        """Show a plain text."""
        if text == self._plain:
            return
        self._plain = text
        lines = html.escape(text).replace("\n", "<br>")
        self.setText(f'<p style="line-height:{self._line_height}%; margin:0">{lines}</p>')
        self.setAccessibleName(text)
