"""Dates of birth in free text: a date, in digits or words, that the words about it call one."""

import re
from collections.abc import Iterator

from server.masking.kinds import Kind, Span
from server.masking.labels import Label, label_before

_NUMERAL = "[0-9零〇○一二三四五六七八九十]"
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)\.?"
)
_DATE = re.compile(
    rf"(?<![0-9])(?:{_NUMERAL}{{2,4}}\s?年(?:\s?{_NUMERAL}{{1,3}}\s?月(?:\s?{_NUMERAL}{{1,3}}\s?[日号]?)?)?"
    r"|(?:18|19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])"
    r"|(?:18|19|20)[0-9]{2}\s?[-/.]\s?[0-9]{1,2}\s?[-/.]\s?[0-9]{1,2}"
    r"|[0-9]{1,2}\s?[-/.]\s?[0-9]{1,2}\s?[-/.]\s?(?:[0-9]{4}|[0-9]{2})"
    rf"|{_MONTH}\s{{1,3}}[0-9]{{1,2}}(?:st|nd|rd|th)?,?\s{{1,3}}[0-9]{{4}}"
    rf"|[0-9]{{1,2}}(?:st|nd|rd|th)?(?:\sof)?\s{{1,3}}{_MONTH},?\s{{1,3}}[0-9]{{4}}"
    rf"|{_NUMERAL}{{1,3}}\s?月\s?{_NUMERAL}{{1,3}}\s?[日号])(?![0-9])",
    re.IGNORECASE,
)
_BORN_AFTER = re.compile(r"\s?(?:出生|生日|生人|生的|生(?![活产效成])|的生日|is (?:my|his|her) birth)")


def birth_dates(text: str) -> Iterator[Span]:
    """Yield the dates of birth in a folded text."""
    for match in _DATE.finditer(text):
        if _BORN_AFTER.match(text, match.end()) or label_before(text, match.start()) is Label.BIRTH:
            yield Span(Kind.BIRTH_DATE, *match.span())
