"""Numbers in free text: telephones, identity cards, bank cards, accounts, codes.

First what proves itself (an identity card's check character, a mobile's shape, Luhn), even if the run goes on before or
after it; then every other number that is long enough to be somebody's, unless it is plainly something else: a date, an
amount, an order. A doubt counts as a value.
"""

import re
from collections.abc import Callable, Iterator
from itertools import pairwise

from server.masking import identifiers
from server.masking.digits import Run, runs
from server.masking.harmless import harmless, is_date
from server.masking.kinds import Kind, Span
from server.masking.labels import Label, label_before

_ID_END = re.compile(r"[\s,.、。;/()\-·]{0,5}[Xx](?![A-Za-z0-9])")
_EXTENSION = re.compile(r"\s?(?:x|ext\.?|extension|转|分机)\s?[0-9]{1,6}(?![0-9])", re.IGNORECASE)
_OPENING = re.compile(r"\+ ?\(?$|\($")
_LONG = 8
_SHORTEST = {Label.PHONE: 7, Label.ACCOUNT: 6, Label.CARD: 8, Label.ID_CARD: 6, Label.PASSPORT: 6, Label.SECRET: 3}
_KINDS = {
    Label.PHONE: Kind.PHONE,
    Label.ACCOUNT: Kind.ACCOUNT,
    Label.CARD: Kind.BANK_CARD,
    Label.ID_CARD: Kind.ID_CARD,
    Label.PASSPORT: Kind.PASSPORT,
    Label.SECRET: Kind.SECRET,
    Label.BIRTH: Kind.BIRTH_DATE,
}
_SHORT_TELEPHONE = re.compile(r"[0-9]{3}[- ][0-9]{4}|[2-9][0-9]{3}[- ][0-9]{4}")
_NORTH_AMERICAN = re.compile(r"(?:(?:00)?1[-. ]?)?\(?[0-9]{3}[)\-. ]{1,2}[0-9]{3}[-. ][0-9]{4}")
_SOCIAL_SECURITY = re.compile(r"[0-9]{3}[- ][0-9]{2}[- ][0-9]{4}")


class _Reading:
    """One run of one text, and which of its digits have been found to be part of something."""

    def __init__(self, text: str, run: Run) -> None:
        self._text = text
        self._run = run
        self._taken = [False] * len(run.digits)

    def spans(self) -> Iterator[Span]:
        # An identity card proves itself best and its mask is the strictest, so nothing else may take a part of one.
        yield from self._windows(self._identity)
        yield from self._windows(self._mobile_or_card)
        for start, end in pairwise(sorted(self._run.far)):
            for rest in self._untaken(start, end):
                yield from self._unproven(*rest)

    def _windows(self, proven: Callable[[int, int], Span | None]) -> Iterator[Span]:
        """Look at every stretch between two breaks, the far ones too: a number may go on in the next line."""
        breaks = sorted(self._run.breaks)
        free_from = 0
        for index, start in enumerate(breaks):
            if start < free_from:
                continue
            # No more than so many ends can be within reach, since between two breaks there is at least one digit.
            for end in reversed(breaks[index + 1 : index + 1 + identifiers.LONGEST_CARD]):
                if end - start > identifiers.LONGEST_CARD or any(self._taken[start:end]):
                    continue
                if span := proven(start, end):
                    yield span
                    free_from = end
                    break

    def _identity(self, start: int, end: int) -> Span | None:
        if end - start not in {17, 18}:
            return None
        number, id_end = self._with_x(start, end)
        return self._take(Kind.ID_CARD, start, end, id_end) if identifiers.is_id_card(number) else None

    def _mobile_or_card(self, start: int, end: int) -> Span | None:
        digits = self._run.text(start, end)
        if identifiers.is_mobile(digits) and not self._is_amid_single_digits(start, end):
            return self._take(Kind.PHONE, start, end)
        if {start, end} <= self._run.far and self._is_card(digits, start, end):
            return self._take(self._card_kind(digits, start, end), start, end)
        return None

    def _is_card(self, digits: str, start: int, end: int) -> bool:
        """Luhn lets one of ten orders through, so where an order is named the length has to be right too."""
        if not identifiers.is_card(digits):
            return False
        points = [point for point in range(start, end + 1) if point in self._run.far]
        places = [(start, end), *pairwise(points)]
        if any(is_date(self._written(*place)) for place in places) or harmless(self._text, *self._place(start, end)):
            return False
        return len(digits) >= 15 or label_before(self._text, self._place(start, end)[0]) is not Label.REFERENCE

    def _unproven(self, start: int, end: int) -> Iterator[Span]:
        first, last = self._place(start, end)
        label = label_before(self._text, first)
        written = self._written(start, end)
        number, id_end = self._with_x(start, end)
        international = self._text[max(0, first - 4) : first].rstrip(" (").endswith("+")
        count = end - start
        if is_date(written):
            if label is Label.BIRTH:
                yield self._take(Kind.BIRTH_DATE, start, end)
        elif label in _SHORTEST and count >= _SHORTEST[label] and not (count > 8 and label is Label.SECRET):
            yield self._take(_KINDS[label], start, end, id_end)
        elif label is Label.BIRTH and count >= 6:
            yield self._take(Kind.BIRTH_DATE, start, end)
        elif harmless(self._text, first, last):
            return
        elif (
            _NORTH_AMERICAN.fullmatch(written)
            or (identifiers.is_fixed(number) and label is not Label.REFERENCE)
            or (international and count >= 7)
        ):
            yield self._take(Kind.PHONE, start, end)
        elif label is Label.REFERENCE and count != 18:
            return
        elif _SOCIAL_SECURITY.fullmatch(written):
            yield self._take(Kind.ID_CARD, start, end)
        elif _SHORT_TELEPHONE.fullmatch(written):
            yield self._take(Kind.PHONE, start, end)
        elif count >= _LONG:
            yield self._take(self._long_kind(number, international=international), start, end, id_end)

    def _long_kind(self, number: str, *, international: bool) -> Kind:
        if identifiers.is_like_id_card(number):
            return Kind.ID_CARD
        return Kind.PHONE if identifiers.is_telephone(number, international=international) else Kind.ACCOUNT

    def _is_amid_single_digits(self, start: int, end: int) -> bool:
        """In digits read one by one everything stands between two breaks, and a mobile in their midst is chance."""
        return (start not in self._run.far or end not in self._run.far) and all(
            index in self._run.breaks for index in range(start, end + 1)
        )

    def _card_kind(self, number: str, start: int, end: int) -> Kind:
        """A card's mask shows six digits at the front; of an identity card or a mobile that would be too much."""
        label = label_before(self._text, self._place(start, end)[0])
        if identifiers.is_like_id_card(number) or label is Label.ID_CARD:
            return Kind.ID_CARD
        ends = [point for point in range(start, end + 1) if point in self._run.breaks]
        for head in ends:
            for tail in ends:
                if 11 <= tail - head <= 15 and identifiers.is_mobile(self._run.text(head, tail)):
                    return Kind.ACCOUNT
        return Kind.BANK_CARD

    def _untaken(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        first = None
        for index in range(start, end + 1):
            free = index < end and not self._taken[index]
            if free and first is None:
                first = index
            elif not free and first is not None:
                yield first, index
                first = None

    def _with_x(self, start: int, end: int) -> tuple[str, int]:
        """Return the digits, and the X after seventeen of them that is an identity card's last character."""
        number, last = self._run.text(start, end), self._place(start, end)[1]
        found = _ID_END.match(self._text, last) if end - start == 17 else None
        return (f"{number}X", found.end()) if found else (number, last)

    def _written(self, start: int, end: int) -> str:
        first, last = self._place(start, end)
        return self._text[first:last]

    def _place(self, start: int, end: int) -> tuple[int, int]:
        return self._run.digits[start].start, self._run.digits[end - 1].end

    def _take(self, kind: Kind, start: int, end: int, last: int | None = None) -> Span:
        for index in range(start, end):
            self._taken[index] = True
        first, ending = self._place(start, end)
        ending = max(ending, last or 0)
        if kind is Kind.PHONE and (extension := _EXTENSION.match(self._text, ending)):
            ending = extension.end()
        if kind is Kind.PHONE and (opening := _OPENING.search(self._text[max(0, first - 3) : first])):
            first -= len(opening[0])
        return Span(kind, first, ending)


def numbers(text: str) -> Iterator[Span]:
    """Yield the numbers in a folded text. Takes time in proportion to the text, whatever it holds."""
    for run in runs(text):
        yield from _Reading(text, run).spans()
