"""Addresses of electronic mail in free text."""

import re
from collections.abc import Iterator

from server.masking.kinds import Kind, Span

_AT = re.compile(r"\s?[(\[]at[)\]]\s?|\s?@\s?", re.IGNORECASE)
_LOCAL_END = re.compile(r"[A-Za-z0-9.!#$%&'+/=?^_`{|}~-]{1,64}\Z")
_DOMAIN = re.compile(r"[A-Za-z0-9-]{1,63}(?:(?:\.\s?|\s?[(\[]dot[)\]]\s?)[A-Za-z0-9-]{1,63}){1,8}", re.IGNORECASE)


def mail(text: str) -> Iterator[Span]:
    """Yield the addresses in a folded text: something of RFC 5321's length on both sides of an @."""
    for at in _AT.finditer(text):
        local = _LOCAL_END.search(text[max(0, at.start() - 64) : at.start()])
        domain = _DOMAIN.match(text, at.end())
        if local and domain:
            yield Span(Kind.EMAIL, at.start() - len(local[0]), domain.end())
