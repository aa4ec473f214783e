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
    "call.swap": "U",
    "call.dial": "K",
    "call.redial": "G, R",
    "call.consult": "I",
    "call.transfer": "F",
    "call.connect": "J",
    "call.conference": "N",
    "call.split": "G, N",
    "call.keypad": "O",
    "call.voicemail": "G, V",
    "work.ready": "R",
    "work.pause": "P",
    "work.do-not-disturb": "G, D",
    "work.save": "S",
    "work.sign-out": "G, O",
    "customer.reveal": "Z",
    "customer.hide": "G, H",
    "customer.speak": "G, Z",
    "customer.digits": "G, P",
    "customer.digits-cancel": "G, X",
    "approval.approve": "G, A",
    "approval.refuse": "G, U",
    "script.back": "B",
    **{f"choose.{digit}": str(digit) for digit in range(1, 10)},
    "focus.customer": "C",
    "focus.script": "T",
    "focus.codes": "E",
    "focus.notes": "W",
    "focus.history": "Y",
    "focus.text": "V",
    "focus.wall": "G, W",
    "focus.filter": "G, F",
    "focus.next": "Down",
    "focus.previous": "Up",
    "field.leave": "Esc",
    "sound.choose": "G, S",
    "sound.check": "G, C",
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
    "call.swap": "F2",
    "call.dial": "F3",
    "call.redial": "F5, R",
    "call.consult": "F5, E",
    "call.transfer": "F4",
    "call.connect": "Z, S",
    "call.conference": "Z, W",
    "call.split": "Z, G",
    "call.keypad": "Z, V",
    "call.voicemail": "F5, V",
    "work.ready": "R",
    "work.pause": "B",
    "work.do-not-disturb": "F5, D",
    "work.save": "S",
    "work.sign-out": "Z, Q",
    "customer.reveal": "F5, Z",
    "customer.hide": "F5, X",
    "customer.speak": "F5, A",
    "customer.digits": "F5, G",
    "customer.digits-cancel": "F5, B",
    "approval.approve": "F5, 1",
    "approval.refuse": "F5, 2",
    "script.back": "V",
    **{f"choose.{digit}": str(digit) for digit in range(1, 6)},
    # The right half's digits come as two keys in turn.
    **{f"choose.{digit + 5}": f"Z, {digit}" for digit in range(1, 5)},
    "focus.customer": "C",
    "focus.script": "T",
    "focus.codes": "E",
    "focus.notes": "W",
    "focus.history": "Z, Z",
    "focus.text": "F5, T",
    "focus.wall": "F5, W",
    "focus.filter": "F5, F",
    "focus.next": "Z, D",
    "focus.previous": "Z, E",
    "field.leave": "Esc",
    "sound.choose": "F5, S",
    "sound.check": "F5, C",
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
    "call.swap": "/",
    "call.dial": "F8",
    "call.redial": "O, J",
    "call.consult": "F10",
    "call.transfer": "F9",
    "call.connect": "]",
    "call.conference": "[",
    "call.split": "O, [",
    "call.keypad": "'",
    "call.voicemail": "O, M",
    "work.ready": "Y",
    "work.pause": "N",
    "work.do-not-disturb": "O, Y",
    "work.save": "K",
    "work.sign-out": "O, P",
    "customer.reveal": "-",
    "customer.hide": "O, -",
    "customer.speak": "O, =",
    "customer.digits": "O, ]",
    "customer.digits-cancel": "O, Backspace",
    "approval.approve": "O, 0",
    "approval.refuse": "O, ,",
    "script.back": "I",
    # 6 to 0 are this hand's digits: 6 chooses the first, 0 the fifth; the rest come as two keys in turn.
    **{f"choose.{index + 1}": key for index, key in enumerate("67890")},
    **{f"choose.{index + 6}": f"O, {key}" for index, key in enumerate("6789")},
    "focus.customer": ";",
    "focus.script": ",",
    "focus.codes": ".",
    "focus.notes": "L",
    "focus.history": "O, H",
    "focus.text": "O, I",
    "focus.wall": "O, /",
    "focus.filter": "O, '",
    "focus.next": "Down",
    "focus.previous": "Up",
    "field.leave": "F12",
    "sound.choose": "O, ;",
    "sound.check": "O, .",
    "problem.dismiss": "Backspace",
    "view.palette": "Space",
    "view.help": "F11",
    "view.language": "O, L",
    "view.theme": "O, N",
    "view.keys": "O, K",
    "view.larger": "=",
    "view.smaller": "O, Left",
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
