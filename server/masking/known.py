"""Values that are known beforehand: the customer's own, when the server knows who the text is about.

A name that nothing marks as one can only be found by knowing it.
"""

import re
from collections.abc import Iterable, Iterator

from server.masking.digits import Run, runs
from server.masking.folding import fold
from server.masking.kinds import Kind, Span

_FEWEST_CHARACTERS = 2
_FEWEST_DIGITS = 4
_SEPARATORS = re.compile(r"[\s\-.,·]+")


def known_values(text: str, values: Iterable[tuple[Kind, str]]) -> Iterator[Span]:
    """Yield where the given values stand in a folded text, however they are spaced, and digits however written."""
    text_runs: list[Run] | None = None
    for kind, value in values:
        plain = _SEPARATORS.sub("", fold(value).text)
        if plain.isascii() and plain.lstrip("+").isdigit():
            if len(plain) >= _FEWEST_DIGITS:
                text_runs = runs(text) if text_runs is None else text_runs
                yield from _digits(text_runs, kind, plain.lstrip("+"))
        elif len(plain) >= _FEWEST_CHARACTERS:
            pattern = r"[\s\-.,·]{0,3}".join(re.escape(character) for character in plain)
            whole = rf"(?<![A-Za-z0-9])(?:{pattern})(?![A-Za-z0-9])" if plain.isascii() else pattern
            for match in re.finditer(whole, text, re.IGNORECASE):
                yield Span(kind, *match.span())


def _digits(text_runs: Iterable[Run], kind: Kind, plain: str) -> Iterator[Span]:
    for run in text_runs:
        written = run.text(0, len(run.digits))
        found = written.find(plain)
        while found >= 0:
            yield Span(kind, run.digits[found].start, run.digits[found + len(plain) - 1].end)
            found = written.find(plain, found + len(plain))
