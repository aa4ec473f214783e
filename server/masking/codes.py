"""Identifiers with letters in them: passports, Hong Kong's identity cards, IBANs, licence plates, passwords."""

import re
from collections.abc import Iterator

from stdnum import iban

from server.masking.kinds import Kind, Span
from server.masking.labels import Label, label_before

_ALONE_BEFORE, _ALONE_AFTER = "(?<![A-Za-z0-9])", "(?![A-Za-z0-9])"
# China's passports and permits: E, G, D, S, P, K with eight digits, EA0000000 and so on, H and M of eight or ten.
_PASSPORT = re.compile(
    rf"{_ALONE_BEFORE}(?:[EGDSPK][ -]?[0-9]{{8}}|E[A-HJ-NP-Z][ -]?[0-9]{{7}}|[HMC][0-9]{{8}}(?:[0-9]{{2}})?)"
    rf"{_ALONE_AFTER}",
    re.IGNORECASE,
)
_LABELLED = re.compile(rf"{_ALONE_BEFORE}(?=[A-Za-z0-9]{{0,4}}[0-9])[A-Za-z0-9]{{6,12}}{_ALONE_AFTER}")
_HONG_KONG = re.compile(rf"{_ALONE_BEFORE}[A-Z]{{1,2}}[0-9]{{6}}\(?[0-9A]\)?", re.IGNORECASE)
_INSURANCE = re.compile(
    rf"{_ALONE_BEFORE}[A-CEGHJ-PR-TW-Z]{{2}} ?[0-9]{{2}} ?[0-9]{{2}} ?[0-9]{{2}} ?[A-D]{_ALONE_AFTER}", re.IGNORECASE
)
_IBAN_START = re.compile(rf"{_ALONE_BEFORE}[A-Z]{{2}}[0-9]{{2}}[ -]?(?=[A-Z0-9])", re.IGNORECASE)
_IBAN_BODY = re.compile(r"[A-Z0-9](?:[ -]?[A-Z0-9]){10,33}", re.IGNORECASE)
_CHINESE_PLATE = re.compile(
    r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-Z][-· ]{0,3}"
    rf"(?:[A-HJ-NP-Z0-9][- ]?){{4,5}}[A-HJ-NP-Z0-9挂学警港澳]{_ALONE_AFTER}",
    re.IGNORECASE,
)
_FOREIGN_PLATE = re.compile(
    rf"{_ALONE_BEFORE}(?=[A-Z -]{{0,6}}[0-9])[A-Z0-9]{{1,8}}(?:[ -][A-Z0-9]{{1,5}}){{0,2}}{_ALONE_AFTER}"
)
_SECRET = re.compile(
    r"(?:密码|口令|验证码|动态码|(?P<word>passwords?|passcode)|\b(?:pin|otp|code)\b)\s?(?:(?P<verb>is|was)\s|[:=是为])\s{0,3}"
    r"[\"'“‘]?(?P<secret>[\x21-\x7e]{3,64})",
    re.IGNORECASE,
)
# What else is said of a password.
_SAID = re.compile(
    r"(?:not|wrong|needed|required|invalid|correct|incorrect|expired|too|the|set|reset|changed|in|on|lost|missing|being|also)\b",
    re.IGNORECASE,
)


def _passports(text: str) -> Iterator[Span]:
    for match in _PASSPORT.finditer(text):
        if label_before(text, match.start()) is not Label.REFERENCE:
            yield Span(Kind.PASSPORT, *match.span())
    for match in _LABELLED.finditer(text):
        label = label_before(text, match.start())
        if label is Label.PASSPORT:
            yield Span(Kind.PASSPORT, *match.span())
        elif label is Label.ACCOUNT and not match[0].isdigit():
            yield Span(Kind.ACCOUNT, *match.span())


def _is_hong_kong(number: str) -> bool:
    """Check as the register does: letters count from A = 10, a missing first one is 36, weights 9 to 1, modulo 11."""
    letters = re.sub(r"[()]", "", number).upper().rjust(9)
    values = [36 if letter == " " else int(letter, 36) for letter in letters]
    return sum(weight * value for weight, value in zip(range(9, 0, -1), values, strict=True)) % 11 == 0


def _identities(text: str) -> Iterator[Span]:
    for match in _HONG_KONG.finditer(text):
        if _is_hong_kong(match[0]):
            yield Span(Kind.ID_CARD, *match.span())
    for match in _INSURANCE.finditer(text):
        yield Span(Kind.ID_CARD, *match.span())


def _ibans(text: str) -> Iterator[Span]:
    for start in _IBAN_START.finditer(text):
        body = _IBAN_BODY.match(text, start.end())
        if body is None:
            continue
        # What follows may be a word of the sentence, so the longest stretch that passes the check (ISO 13616) counts.
        for end in range(body.end(), start.end() + 10, -1):
            if text[end - 1].isalnum() and not text[end : end + 1].isalnum() and _is_iban(text[start.start() : end]):
                yield Span(Kind.ACCOUNT, start.start(), end)
                break


def _is_iban(written: str) -> bool:
    number = re.sub(r"[\s-]", "", written).upper()
    return number.isascii() and bool(iban.is_valid(number, check_country=False))


def _plates(text: str) -> Iterator[Span]:
    for match in _CHINESE_PLATE.finditer(text):
        yield Span(Kind.PLATE, *match.span())
    for match in _FOREIGN_PLATE.finditer(text):
        if label_before(text, match.start()) is Label.PLATE:
            yield Span(Kind.PLATE, *match.span())


def _secrets(text: str) -> Iterator[Span]:
    for match in _SECRET.finditer(text):
        secret = match["secret"]
        # "The code is written down" tells no code; a password may be any word, a code has digits.
        said = match["verb"] and (_SAID.match(secret) if match["word"] else not any(map(str.isdigit, secret)))
        if not said:
            yield Span(Kind.SECRET, *match.span("secret"))


def codes(text: str) -> Iterator[Span]:
    """Yield the identifiers with letters in a folded text."""
    yield from _secrets(text)
    yield from _ibans(text)
    yield from _plates(text)
    yield from _passports(text)
    yield from _identities(text)
