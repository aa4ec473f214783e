"""Live changes, told to assistive technology: Qt's announcement events (since 6.8)."""

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QWidget


class Announcer(QObject):
    """Says things to a screen reader. `said` carries the text and whether it may interrupt."""

    said = Signal(str, bool)

    def __init__(self, speaker: QWidget) -> None:
        super().__init__(speaker)
        self._speaker = speaker

    def say(self, text: str, *, urgent: bool = False) -> None:
        """Announce a text; `urgent` interrupts what is being spoken (an incoming call, a problem)."""
        if not text:
            return
        event = QAccessibleAnnouncementEvent(self._speaker, text)
        kind = QAccessible.AnnouncementPoliteness
        event.setPoliteness(kind.Assertive if urgent else kind.Polite)
        QAccessible.updateAccessibility(event)
        self.said.emit(text, urgent)
