"""Languages: English is the source, Simplified Chinese a Qt Linguist catalogue."""

from PySide6.QtCore import QCoreApplication

from client.core.snapshot import Words


def translate(context: str, text: str) -> str:
    """Return `text` in the language in force. lupdate finds the calls by this name, so give it literals."""
    return QCoreApplication.translate(context, text)


def pick(words: Words, language: str) -> str:
    """The organisation's words in the language in force; the other language where one is missing."""
    return (words.zh or words.en) if language == "zh" else (words.en or words.zh)
