"""What two people write to each other in a call: T.140 as it arrives, character by character, kept as lines."""

from collections.abc import Callable

from client.core.snapshot import TextLineSnapshot

ERASE = "\u0008"
NEW_LINES = frozenset("\u2028\u2029\n\r")
_IGNORED = frozenset("\ufeff\u0007")
"""Byte order marks are keep-alives, and a bell is no character (T.140, clause 8)."""
_LINES = 500


class TextLog:
    """Both sides' lines in the order in which they were begun."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._lines: list[TextLineSnapshot] = []

    def write(self, text: str, *, ours: bool) -> None:
        """Take characters of one side. An erasure takes back that side's last one, which may be a line's end."""
        previous = ""
        for character in text:
            if character == "\n" and previous == "\r":
                previous = character
                continue
            previous = character
            if character == ERASE:
                self._erase(ours)
            elif character in NEW_LINES:
                self._end(ours)
            elif character not in _IGNORED and (character.isprintable() or character == "\ufffd"):
                self._add(character, ours)

    @property
    def lines(self) -> tuple[TextLineSnapshot, ...]:
        """What the screen shows."""
        return tuple(self._lines)

    def _last(self, ours: bool) -> int | None:
        return next((i for i in range(len(self._lines) - 1, -1, -1) if self._lines[i].ours is ours), None)

    def _add(self, character: str, ours: bool) -> None:
        at = self._last(ours)
        if at is None or not self._lines[at].open:
            self._lines.append(TextLineSnapshot(ours, self._clock(), character, open=True))
            del self._lines[:-_LINES]
        else:
            line = self._lines[at]
            self._lines[at] = TextLineSnapshot(ours, line.at, line.text + character, open=True)

    def _end(self, ours: bool) -> None:
        at = self._last(ours)
        if at is not None and self._lines[at].open:
            line = self._lines[at]
            self._lines[at] = TextLineSnapshot(ours, line.at, line.text)

    def _erase(self, ours: bool) -> None:
        at = self._last(ours)
        if at is None:
            return
        line = self._lines[at]
        if not line.open:
            # The line's end is what is taken back.
            self._lines[at] = TextLineSnapshot(ours, line.at, line.text, open=True)
        elif len(line.text) > 1:
            self._lines[at] = TextLineSnapshot(ours, line.at, line.text[:-1], open=True)
        else:
            del self._lines[at]
