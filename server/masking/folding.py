"""One form of a text for all that looks into it, however its characters were typed.

Full-width, circled and mathematical digits and letters become plain ones, all dashes one dash, all kinds of space one
space; what has no width, and marks over and around a character, are left out. Every character of the folded text
knows which one of the original it came from.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

# Letters by their category, but they show nothing.
_BLANK_LETTERS = frozenset("\u115f\u1160\u3164\uffa0\u2800")
_KEPT_CONTROLS = frozenset("\n\t\r\v\f\x85")
_UNSEEN = frozenset({"Cf", "Cc", "Mn", "Me"})
# No compatibility form: they are dashes and dots to who reads them.
_LOOKALIKES = {"\u2212": "-", "ー": "-", "•": "·", "・": "·", "‧": "·", "∙": "·", "●": "·"}
_BY_CATEGORY = {"Pd": "-", "Zs": " ", "Zl": "\n", "Zp": "\n"}

_PLAIN = re.compile(r"[\x20-\x7e\n]*")


@lru_cache(maxsize=4096)
def _fold(character: str) -> str:
    category = unicodedata.category(character)
    digit = unicodedata.digit(character, None)
    if character in _KEPT_CONTROLS:
        folded = character
    elif category in _UNSEEN or character in _BLANK_LETTERS:
        folded = ""
    elif digit is not None:
        folded = str(digit)
    elif category in _BY_CATEGORY:
        folded = _BY_CATEGORY[category]
    else:
        plain = unicodedata.normalize("NFKC", _LOOKALIKES.get(character, character))
        folded = plain if plain == character else "".join(_fold(part) for part in plain if part != character)
    return folded


@dataclass(frozen=True, slots=True)
class Folded:
    """A folded text, and for each of its characters the index of the original character."""

    text: str
    origin: range | list[int]

    def original(self, start: int, end: int) -> tuple[int, int]:
        """Return the stretch of the original that a stretch of the folded text, which must not be empty, came from."""
        return self.origin[start], self.origin[end - 1] + 1


def fold(text: str) -> Folded:
    """Return the folded form of any text."""
    if _PLAIN.fullmatch(text):
        return Folded(text, range(len(text)))
    characters: list[str] = []
    origin: list[int] = []
    for index, character in enumerate(text):
        for part in _fold(character):
            characters.append(part)
            origin.append(index)
    return Folded("".join(characters), origin)
