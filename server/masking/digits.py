"""Digits as people write, type and read them aloud, and the runs they form.

A run is digits with nothing between them but what people put between digits: spaces, hyphens, commas, line breaks, a
hesitation. 一三八, 幺三八, 三个八, "double five" and "oh" are digits here; whether they mean anything others decide.
"""

import re
from dataclasses import dataclass
from itertools import pairwise

_ENGLISH_DIGITS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_VALUES = {
    **{str(digit): str(digit) for digit in range(10)},
    **dict(zip("零一二三四五六七八九", "0123456789", strict=True)),
    **dict(zip("〇壹贰叁肆伍陆柒捌玖", "0123456789", strict=True)),
    **dict(zip("○壱貳參肆伍陸柒捌玖", "0123456789", strict=True)),
    **dict(zip("洞幺两拐", "0127", strict=True)),
    **dict(zip("兩俩", "22", strict=True)),
    **dict(zip(_ENGLISH_DIGITS, "0123456789", strict=True)),
    **dict(zip(("oh", "o", "nought", "niner"), "0009", strict=True)),
}
_CHINESE = "".join(key for key in _VALUES if len(key) == 1 and not key.isascii())
_ENGLISH = "|".join(key for key in _VALUES if key.isalpha() and key.isascii())
_TOKEN = re.compile(
    rf"(?P<times>[两俩二三四五2-5])个(?P<repeated>[0-9{_CHINESE}])"
    rf"|(?P<digit>[0-9])|(?P<chinese>[{_CHINESE}])"
    rf"|(?<![A-Za-z0-9])(?:(?P<many>double|triple)[ -])?(?P<english>{_ENGLISH}|[0-9])(?![A-Za-z0-9])",
    re.IGNORECASE,
)
_GAP = re.compile(r"[\s,.、。;/\\|_()\-·嗯呃额啊哦杠]{0,10}")
_CLOSE_GAP = re.compile(r"[ \t]?[(\-.·)]?[ \t]?[(]?")


@dataclass(frozen=True, slots=True)
class Digit:
    """A digit, and where it stands in the folded text. Those of "double five" stand in the same place."""

    value: str
    start: int
    end: int
    script: str


@dataclass(frozen=True, slots=True)
class Run:
    """Digits that may belong together. `breaks` are the indices at which a number may begin or end, 0 and the length
    among them; at the `far` ones of these, what stands between is more than one puts inside a number without thinking.
    """

    digits: tuple[Digit, ...]
    breaks: frozenset[int]
    far: frozenset[int]

    def text(self, start: int, end: int) -> str:
        """Return the digits from one index to before another, as ASCII."""
        return "".join(digit.value for digit in self.digits[start:end])


def _tokens(text: str) -> list[Digit]:
    found: list[Digit] = []
    for match in _TOKEN.finditer(text):
        start, end = match.span()
        if match["times"]:
            times = int(_VALUES[match["times"]])
            found.extend([Digit(_VALUES[match["repeated"]], start, end, "times")] * times)
        elif match["english"]:
            times = {"double": 2, "triple": 3}.get((match["many"] or "").lower(), 1)
            found.extend([Digit(_VALUES[match["english"].lower()], start, end, "english")] * times)
        else:
            found.append(Digit(_VALUES[match[0]], start, end, "digit" if match["digit"] else "chinese"))
    return found


def runs(text: str) -> list[Run]:
    """Return the runs of a folded text, from left to right. Takes time in proportion to the text."""
    result: list[Run] = []
    digits: list[Digit] = []
    breaks: list[int] = [0]
    far: set[int] = set()

    def close() -> None:
        if digits:
            result.append(Run(tuple(digits), frozenset({*breaks, len(digits)}), frozenset(far | {0, len(digits)})))

    tokens = _tokens(text)
    for before, digit in pairwise([None, *tokens]):
        assert digit is not None  # noqa: S101  # only the first of the list is None, and it is never the second of a pair
        if before is not None and before.start != digit.start:
            if not _GAP.fullmatch(text, before.end, digit.start):
                close()
                digits, breaks, far = [], [0], set()
            elif before.end != digit.start or before.script != digit.script:
                breaks.append(len(digits))
                if not _CLOSE_GAP.fullmatch(text, before.end, digit.start):
                    far.add(len(digits))
        digits.append(digit)
    close()
    return result


def as_typed(text: str) -> str:
    """Return a number from a folded text as one would type it: spoken digits as ASCII, and nothing between them."""

    def typed(match: re.Match[str]) -> str:
        return "".join(digit.value for digit in _tokens(match[0]))

    return re.sub(r"[^0-9A-Za-z]", "", _TOKEN.sub(typed, text))
