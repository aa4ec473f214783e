"""A field for several lines that can be covered; nothing is dragged out of it, and nothing dropped into it."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QMouseEvent, QTextDocument
from PySide6.QtWidgets import QLineEdit, QPlainTextDocumentLayout, QPlainTextEdit
from shiboken6 import isValid

from client.ui.widgets.label import identify


class Edit(QPlainTextEdit):
    """Plain text. Covered, it shows and tells nothing; its text, cursor and undo steps come back with it."""

    def __init__(self, name: str) -> None:
        super().__init__()
        identify(self, name)
        self.setTabChangesFocus(True)
        self.setAcceptDrops(False)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self._kept: QTextDocument | None = None
        self._cursor = (0, 0)
        self._hint = ""

    @property
    def is_covered(self) -> bool:
        """Whether the text is out of sight."""
        return self._kept is not None

    def cover(self, words: str) -> None:
        """Put the text out of sight, and say why instead."""
        if self._kept is None:
            cursor = self.textCursor()
            self._cursor = cursor.anchor(), cursor.position()
            self._kept = self.document()
            # A document that is still the parent's child would be deleted when another takes its place.
            self._kept.setParent(None)
            self._hint = self.placeholderText()
            self._use(self._empty())
            super().setReadOnly(True)
        self.setPlaceholderText(words)

    def uncover(self) -> None:
        """Show the text again."""
        if self._kept is None:
            return
        empty, kept, self._kept = self.document(), self._kept, None
        empty.setParent(None)
        kept.setParent(self)
        self._use(kept)
        super().setReadOnly(False)
        self.setPlaceholderText(self._hint)
        last = kept.characterCount() - 1
        cursor = self.textCursor()
        cursor.setPosition(min(self._cursor[0], last))
        cursor.setPosition(min(self._cursor[1], last), cursor.MoveMode.KeepAnchor)
        self.setTextCursor(cursor)

    def _use(self, document: QTextDocument) -> None:
        # Nothing was typed: who listens for that must not take the change for one.
        was = self.blockSignals(True)
        document.setDefaultFont(self.font())
        self.setDocument(document)
        self.blockSignals(was)

    def _empty(self) -> QTextDocument:
        document = QTextDocument(self)
        document.setDocumentLayout(QPlainTextDocumentLayout(document))
        return document

    def toPlainText(self) -> str:
        """The text, in sight or not."""
        return super().toPlainText() if self._kept is None else self._kept.toPlainText()

    def setPlainText(self, text: str) -> None:
        """Replace the text, in sight or not."""
        if self._kept is None:
            super().setPlainText(text)
        else:
            self._kept.setPlainText(text)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A press into a selection would begin to drag it out of the window: it places the cursor instead."""
        place = self.cursorForPosition(event.position().toPoint())
        held = self.textCursor()
        extends = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        inside = held.hasSelection() and held.selectionStart() <= place.position() <= held.selectionEnd()
        if event.button() is Qt.MouseButton.LeftButton and inside and not extends:
            self.setTextCursor(place)
        super().mousePressEvent(event)


class LineCover:
    """Keeps the text of a field for one line out of sight, from now until it is lifted."""

    def __init__(self, line: QLineEdit) -> None:
        self._line = line
        self._text, self._place, self._read_only = line.text(), line.cursorPosition(), line.isReadOnly()
        self._set("")
        line.setReadOnly(True)

    def lift(self) -> None:
        """Put the text back, where the field is still there and nothing else stands in it."""
        if not isValid(self._line):
            return
        self._line.setReadOnly(self._read_only)
        if not self._line.text() and self._line.isVisible():
            self._set(self._text)
            self._line.setCursorPosition(self._place)

    def _set(self, text: str) -> None:
        # What is listed below for what was typed stays as it is: nobody has typed anything.
        was = self._line.blockSignals(True)
        self._line.setText(text)
        self._line.blockSignals(was)
