"""Names of keys: from Qt's key codes to the names of the profiles, and from those to what stands on a key-cap."""

from typing import Final

from PySide6.QtCore import QT_TRANSLATE_NOOP, Qt
from PySide6.QtGui import QKeySequence

from client.core.keys import presses
from client.ui.i18n import translate

_SAME: Final = {Qt.Key.Key_Enter: "Return", Qt.Key.Key_Plus: "=", Qt.Key.Key_Underscore: "-", Qt.Key.Key_Backtab: "Tab"}

_CAPS: Final = {
    "Space": QT_TRANSLATE_NOOP("keys", "Space"),
    "Return": QT_TRANSLATE_NOOP("keys", "Enter"),
    "Backspace": QT_TRANSLATE_NOOP("keys", "Backspace"),
    "Tab": QT_TRANSLATE_NOOP("keys", "Tab"),
    "Up": "↑",
    "Down": "↓",
    "Left": "←",
    "Right": "→",
    "-": "−",
}


def name_of(key: int) -> str:
    """The profile's name of a Qt key code; empty for modifiers and keys without a name."""
    try:
        code = Qt.Key(key)
    except ValueError:
        return ""
    if code in _MODIFIERS:
        return ""
    return _SAME.get(code) or QKeySequence(code).toString(QKeySequence.SequenceFormat.PortableText)


_MODIFIERS: Final = {
    Qt.Key.Key_Shift, Qt.Key.Key_Control, Qt.Key.Key_Alt, Qt.Key.Key_AltGr, Qt.Key.Key_Meta, Qt.Key.Key_CapsLock,
    Qt.Key.Key_NumLock, Qt.Key.Key_ScrollLock, Qt.Key.Key_unknown,
}  # fmt: skip


def cap(press: str) -> str:
    """What stands on the key-cap of one key."""
    text = str(_CAPS.get(press, press))
    return translate("keys", text)


def caps(sequence: str) -> tuple[str, ...]:
    """What stands on the key-caps of a profile's sequence; nothing for an empty one."""
    return tuple(cap(press) for press in presses(sequence)) if sequence else ()


def spoken(sequence: str) -> str:
    """The sequence for a screen reader: 'G, then O'."""
    return translate("keys", ", then ").join(caps(sequence))
