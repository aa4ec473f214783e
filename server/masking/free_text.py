"""Free text: notes, chat, real-time text, scripts, comments. Finds the values in it, and masks them where they stand.

Neither function raises, whatever the text, and both take time in proportion to its length.
"""

from collections.abc import Iterable, Iterator

from server.masking.addresses import addresses
from server.masking.chinese_names import chinese_names
from server.masking.codes import codes
from server.masking.dates import birth_dates
from server.masking.digits import as_typed
from server.masking.english_names import english_names
from server.masking.folding import fold
from server.masking.formats import COVERED, MASKS
from server.masking.kinds import Kind, Span
from server.masking.known import known_values
from server.masking.mail import mail
from server.masking.numbers import numbers

# Their masks read typed digits; in a text they may be spoken.
_IN_DIGITS = frozenset({Kind.PHONE, Kind.ID_CARD, Kind.BANK_CARD, Kind.ACCOUNT})


def find(text: str, known: Iterable[tuple[Kind, str]] = ()) -> tuple[Span, ...]:
    """Return the customers' values in a text, from left to right, none over another.

    Args:
        text: any text, Chinese or English or both.
        known: values that the text may hold and that are to be found even where nothing else tells them, such as the
            name of the customer it is about.
    """
    return tuple(Span(kind, start, end) for kind, start, end, _value in _found(text, known))


def mask_text(text: str, known: Iterable[tuple[Kind, str]] = ()) -> str:
    """Return the text with every value in it masked. What is no value stays as it was, character by character."""
    parts = []
    last = 0
    for kind, start, end, value in _found(text, known):
        parts += [text[last:start], MASKS[kind](value) if value is not None else COVERED]
        last = end
    return "".join((*parts, text[last:]))


def _found(text: str, known: Iterable[tuple[Kind, str]]) -> Iterator[tuple[Kind, int, int, str | None]]:
    folded = fold(text)
    if not folded.text:
        return
    before = 0
    for span, whole in _apart(_all(folded.text, known), len(folded.text)):
        start, end = folded.original(span.start, span.end)
        # A character that folds to several can be of two spans.
        start = max(start, before)
        if start < end:
            yield span.kind, start, end, _value(folded.text[span.start : span.end], span.kind) if whole else None
            before = end


def _all(text: str, known: Iterable[tuple[Kind, str]]) -> Iterator[Span]:
    """Yield all that is found, what is surest first."""
    yield from known_values(text, known)
    yield from mail(text)
    yield from codes(text)
    yield from birth_dates(text)
    yield from numbers(text)
    yield from addresses(text)
    yield from chinese_names(text)
    yield from english_names(text)


def _apart(spans: Iterable[Span], length: int) -> list[tuple[Span, bool]]:
    """Let the first come keep its place. Of a later one what still stands free is kept too, and covered altogether."""
    taken = bytearray(length)
    kept: list[tuple[Span, bool]] = []
    for span in spans:
        free = span.start
        whole = not any(taken[span.start : span.end])
        for index in range(span.start, span.end + 1):
            if index < span.end and not taken[index]:
                continue
            if free < index:
                kept.append((Span(span.kind, free, index), whole))
            free = index + 1
        taken[span.start : span.end] = b"\x01" * (span.end - span.start)
    return sorted(kept, key=lambda found: found[0].start)


def _value(written: str, kind: Kind) -> str:
    return as_typed(written) if kind in _IN_DIGITS else written
