"""Key profiles: which key does what.

A key is named as Qt's `QKeySequence` names it; two keys in turn are written "G, L". No profile asks for two keys at
once: a modifier held with one hand while the other presses a letter is what many of our agents can't do. Single keys
act only while no text field has the focus (WCAG 2.2, 2.1.4). In the hand profiles, every key lies in that hand's half
of the keyboard or can be reached from it (space bar, arrows, Esc and the function row).
"""

from enum import StrEnum
from typing import Final

LEFT_HALF: Final = frozenset("QWERTASDFGZXCVB12345") | {"Tab", "Esc", "Space", "F1", "F2", "F3", "F4", "F5"}
RIGHT_HALF: Final = frozenset("YUIOPHJKLNM67890,./;'[]-=") | {
    "Backspace", "Return", "Space", "Up", "Down", "Left", "Right", "F8", "F9", "F10", "F11", "F12",
}  # fmt: skip


class KeyProfile(StrEnum):
    """For two hands, or for one."""

    STANDARD = "standard"
    LEFT_HAND = "left-hand"
    RIGHT_HAND = "right-hand"


_STANDARD: dict[str, str] = {
    "call.answer": "A",
    "call.reject": "D",
    "call.hang-up": "Q",
    "call.mute": "M",
    "call.hold": "H",
    "work.ready": "R",
    "work.pause": "P",
    "work.save": "S",
    "work.sign-out": "G, O",
    "script.back": "B",
    **{f"choose.{digit}": str(digit) for digit in range(1, 10)},
    "focus.customer": "C",
    "focus.script": "T",
    "focus.codes": "E",
    "focus.notes": "W",
    "focus.history": "Y",
    "focus.next": "Down",
    "focus.previous": "Up",
    "field.leave": "Esc",
    "problem.dismiss": "X",
    "view.palette": "Space",
    "view.help": "F1",
    "view.language": "L",
    "view.theme": "G, T",
    "view.keys": "G, K",
    "view.larger": "=",
    "view.smaller": "-",
    "program.quit": "G, Q",
}

_LEFT_HAND: dict[str, str] = {
    "call.answer": "A",
    "call.reject": "D",
    "call.hang-up": "Q",
    "call.mute": "F",
    "call.hold": "G",
    "work.ready": "R",
    "work.pause": "B",
    "work.save": "S",
    "work.sign-out": "Z, Q",
    "script.back": "V",
    **{f"choose.{digit}": str(digit) for digit in range(1, 6)},
    # The right half's digits come as two keys in turn.
    **{f"choose.{digit + 5}": f"Z, {digit}" for digit in range(1, 5)},
    "focus.customer": "C",
    "focus.script": "T",
    "focus.codes": "E",
    "focus.notes": "W",
    "focus.history": "Z, Z",
    "focus.next": "Z, D",
    "focus.previous": "Z, E",
    "field.leave": "Esc",
    "problem.dismiss": "X",
    "view.palette": "Space",
    "view.help": "F1",
    "view.language": "Z, A",
    "view.theme": "Z, T",
    "view.keys": "Z, C",
    "view.larger": "Z, R",
    "view.smaller": "Z, F",
    "program.quit": "Z, X",
}

_RIGHT_HAND: dict[str, str] = {
    "call.answer": "J",
    "call.reject": "U",
    "call.hang-up": "P",
    "call.mute": "M",
    "call.hold": "H",
    "work.ready": "Y",
    "work.pause": "N",
    "work.save": "K",
    "work.sign-out": "O, P",
    "script.back": "I",
    # 6 to 0 are this hand's digits: 6 chooses the first, 0 the fifth; the rest come as two keys in turn.
    **{f"choose.{index + 1}": key for index, key in enumerate("67890")},
    **{f"choose.{index + 6}": f"O, {key}" for index, key in enumerate("6789")},
    "focus.customer": ";",
    "focus.script": ",",
    "focus.codes": ".",
    "focus.notes": "L",
    "focus.history": "O, H",
    "focus.next": "Down",
    "focus.previous": "Up",
    "field.leave": "F12",
    "problem.dismiss": "Backspace",
    "view.palette": "Space",
    "view.help": "F11",
    "view.language": "O, L",
    "view.theme": "O, N",
    "view.keys": "O, K",
    "view.larger": "=",
    "view.smaller": "-",
    "program.quit": "O, U",
}

PROFILES: dict[KeyProfile, dict[str, str]] = {
    KeyProfile.STANDARD: _STANDARD,
    KeyProfile.LEFT_HAND: _LEFT_HAND,
    KeyProfile.RIGHT_HAND: _RIGHT_HAND,
}


def presses(sequence: str) -> tuple[str, ...]:
    """Split "G, L" into ("G", "L"). A comma alone is the comma key."""
    return (sequence,) if sequence == "," else tuple(sequence.split(", "))
