"""Long rows of digits that belong to nobody: dates and times, amounts of money, addresses of machines, hotlines."""

import re

_YEAR, _MONTH, _DAY = "(?:19|20)[0-9]{2}", "(?:0?[1-9]|1[0-2])", "(?:0?[1-9]|[12][0-9]|3[01])"
_CLOCK = r"(?:[01]?[0-9]|2[0-3])[:. ]?[0-5][0-9](?:[:. ]?[0-5][0-9])?"
_DATE = rf"(?:{_YEAR}[-/. ]?{_MONTH}[-/. ]?{_DAY}|{_DAY}[-/. ]{_MONTH}[-/. ]{_YEAR}|{_MONTH}[-/. ]{_DAY}[-/. ]{_YEAR})"
_DATES = re.compile(rf"{_DATE}(?:[ \-]{{1,3}}(?:{_DATE}|{_CLOCK}|[0-2]?[0-9]))?")
_YEARS = re.compile(r"(?:19|20)[0-9]{2} ?[-/] ?(?:19|20)[0-9]{2}")
_MACHINE = re.compile(r"(?:[0-9]{1,3}\.){3}[0-9]{1,3}")
_HOTLINE = re.compile(r"[48]00[- ]?[0-9]{3}[- ]?[0-9]{4}|400[- ]?[0-9]{4}[- ]?[0-9]{3}")
_AMOUNT = re.compile(r"[0-9]{1,12}(?:\.[0-9]{1,2})?")
_MONEY_BEFORE = re.compile(
    r"(?:[¥￥$€£]|rmb|cny|usd|eur|gbp|hkd|人民币|金额|余额|额度|amount|balance)[ :为是of]{0,4}$", re.IGNORECASE
)
_MONEY_AFTER = re.compile(r"\s?(?:元|块|万|亿|圆|美元|港币|yuan|rmb|cny|usd|dollars|pounds|euros)", re.IGNORECASE)


def is_date(written: str) -> bool:
    """Whether this is one or two dates, or a date and a time, with something between year, month and day."""
    return len(written) <= 40 and not written[:8].isdigit() and _DATES.fullmatch(written) is not None


def harmless(text: str, start: int, end: int) -> bool:
    """Whether the digits from `start` to before `end` of a folded text are plainly none of a customer's numbers."""
    written = text[start:end]
    if len(written) > 40:
        return False
    if (
        _DATES.fullmatch(written)
        or _MACHINE.fullmatch(written)
        or _YEARS.fullmatch(written)
        or _HOTLINE.fullmatch(written)
    ):
        return True
    return _AMOUNT.fullmatch(written) is not None and (
        _MONEY_BEFORE.search(text[max(0, start - 8) : start]) is not None or _MONEY_AFTER.match(text, end) is not None
    )
