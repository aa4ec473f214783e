"""Names in Latin letters in free text: after a title or "my name is", or a frequent given name in capitals."""

import re
from collections.abc import Iterator

from server.masking.kinds import Kind, Span
from server.masking.surnames import GIVEN_NAMES, PINYIN_SURNAMES

_CAPITAL = r"[A-Z\u00c0-\u00dd][A-Za-z\u00c0-\u024f'’-]{1,24}"
_PROPER = r"[A-Z\u00c0-\u00dd]['’]?[A-Z]?[a-z\u00df-\u024f]{1,24}(?:[-'’]?[A-Z][a-z\u00df-\u024f]{1,24})?"
_NAME = rf"{_CAPITAL}(?: {_CAPITAL}| [A-Z]\.){{0,3}}"
_TITLED = re.compile(rf"\b(?:Mrs?|Ms|Miss|Mx|Dr|Prof|Sir|Madam)\b\.? ?({_NAME})")
_INTRODUCING = (
    r"name(?: is|'s| ?[:=])?|i am|i'm|this is|it's|speaking (?:to|with)|spoke (?:to|with)|speak (?:to|with)|cardholder|"
    r"card holder|account holder|policyholder|beneficiary|payee|recipient|attn|wife|husband|son|daughter|mother|father|"
    r"spouse|partner|dear"
)
_INTRODUCED = re.compile(rf"(?i:\b(?:{_INTRODUCING})\b)[ ,:]{{1,3}}({_NAME})")
# After these a single word with a capital letter may be anything; two are a name, unless they shout.
_LEADING = (
    r"called|customer|client|caller|holder|contact|attention|from|for|with|call|ask(?: for)?|tell|email|inform|remind|"
    r"and|both|hi|hello|by"
)
_LED = re.compile(rf"(?i:\b(?:{_LEADING})\b)[ ,:]{{1,3}}({_PROPER}(?: {_PROPER}){{1,3}})(?![A-Za-z0-9])")
_ACTING = re.compile(
    rf"({_PROPER} {_PROPER})(?i: (?:has |had |also |just |again |now )?(?:ask|call|say|said|want|need|report|dispute|"
    r"live|lost|paid|pay|request|complain|confirm|agree|would|will|is|was|moved?|claim|refuse|insist|wrote|sent|told|"
    r"change|cancel|order|visit|wishe|forgot|think|thought|apologi|accept|reject|decline|promise|mention|phone|rang|rung|"
    r"contact|cannot|can)"
    r"(?:s|es|d|ed|ing)?\b)"
)
_SMALL = re.compile(r"\b(?:my|full|his|her) name(?: is|'s)? ([a-z'’-]{2,24}(?: [a-z'’-]{2,24})?)\b", re.IGNORECASE)
_WORDS = re.compile(rf"(?<![A-Za-z]){_NAME}(?![a-z])")
_WORDS_NO_NAMES = """
the this that i it we you they he she monday tuesday wednesday thursday friday saturday sunday january february
march april may june july august september october november december customer client agent bank card account
please thanks china beijing shanghai hong kong visa mastercard unionpay support team service center centre head
office branch english chinese email phone passport id vip pos atm app sms pin otp street road avenue gold
platinum flight hotel order ticket case invoice there all again today tomorrow yesterday mr mrs ms dr london
paris new york america britain christmas easter wechat alipay apple google amazon paypal is was has not and or
if no yes ok
"""
_NO_NAMES = frozenset(_WORDS_NO_NAMES.split())
_WORDS_AFTER = """
and or is was has calling speaking from here with on at to my i the but not who about for
"""
_AFTER_NAME = frozenset(_WORDS_AFTER.split())


def english_names(text: str) -> Iterator[Span]:
    """Yield the names in Latin letters in a folded text."""
    for pattern in (_TITLED, _INTRODUCED, _LED, _ACTING):
        for match in pattern.finditer(text):
            yield from _named(text, *match.span(1))
    for match in _SMALL.finditer(text):
        words = match[1].split(" ")
        if words[0].lower() not in _NO_NAMES | _AFTER_NAME:
            last = len(words) == 2 and words[1].lower() in _AFTER_NAME
            yield Span(Kind.NAME, match.start(1), match.start(1) + len(words[0] if last else match[1]))
    for match in _WORDS.finditer(text):
        words = match[0].lower().split(" ")
        for index, word in enumerate(words):
            follows = words[index + 1] if index + 1 < len(words) else ""
            if word in GIVEN_NAMES and (
                (follows and follows not in _NO_NAMES) or (len(words) == 1 and not _starts(text, match))
            ):
                yield from _named(text, match.start() + len(" ".join(words[:index])) + (index > 0), match.end())
                break
            pinyin = word in PINYIN_SURNAMES or follows in PINYIN_SURNAMES
            if pinyin and len(words) == 2 and index == 0 and not set(words) & _NO_NAMES:
                yield Span(Kind.NAME, *match.span())
                break


def _starts(text: str, match: re.Match[str]) -> bool:
    """A single word has a capital letter at the start of a sentence whatever it is: Mark, Will, Grace."""
    return text[max(0, match.start() - 2) : match.start()].strip() in {"", ".", "!", "?"} and match[0].lower() in {
        "mark",
        "will",
        "grace",
        "bill",
        "may",
    }


def _named(text: str, start: int, end: int) -> Iterator[Span]:
    """Leave off at the first word that is none of a name."""
    last = start
    position = start
    for word in text[start:end].split(" "):
        if word.strip("'’-.").lower() in _NO_NAMES:
            break
        position += len(word)
        last = position
        position += 1
    if last > start:
        yield Span(Kind.NAME, start, last)
