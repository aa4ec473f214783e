"""Postal addresses in free text, Chinese and English."""

import re
from collections.abc import Iterator

from server.masking.kinds import Kind, Span
from server.masking.regions import SHORT_PROVINCE

_NUMBER = r"(?:[0-9]{1,5}|[A-Za-z][0-9]{0,3}|[零〇一二三四五六七八九十百两甲乙丙丁]{1,5})(?:[-之][0-9]{1,4})?"
_UNIT = re.compile(
    rf"\s{{0,2}}(?P<detail>{_NUMBER}\s?(?:号院|号楼|号弄|号|弄|栋|幢|座|单元|室|楼|层|院|组|户|铺|房))"
    r"|(?P<road>大道|大街|街道|胡同|小区|花园|公寓|大厦|广场|家园|新村|路|街|巷|里|苑|村|镇|乡|庄|屯|社区|道(?!歉|理))"
    r"|(?P<area>自治区|自治州|地区|新区|开发区|市(?!场|民|值)|区(?!别|分|块)|县|旗|州|盟|省)"
)
# Between two units stand names only; with these words or marks something else begins.
_STOP = re.compile(
    r"[^\u4e00-\u9fffA-Za-z0-9 #()-]|[在到是于至住从的为址把给往寄送改换]|账号|卡号|电话|手机|号码|月|年"
)
_TAIL = re.compile(
    r"(?:\s?#?[0-9A-Za-z]{1,5}(?:-[0-9]{1,5})?(?:号|室|房|楼)?(?![0-9A-Za-z元年月日个%]))?(?:\s{1,3}[0-9]{6}(?![0-9]))?"
)
_LONGEST_NAME = 9

_SUFFIXES = (
    "street|st|road|rd|avenue|ave|lane|ln|drive|dr|court|ct|boulevard|blvd|way|place|pl|square|sq|terrace|close|crescent|"
    "gardens?|grove|hill|hills|mews|park|parkway|pkwy|highway|hwy|row|walk|view|rise|circle|cir|trail|loop|alley|path|"
    "plaza|point|points|ridge|run|shore|shores|spring|springs|station|summit|track|turnpike|union|valley|village|villages|"
    "ville|vista|wall|well|wells|mill|mills|mission|motorway|mount|mountain|neck|orchard|oval|overpass|underpass|passage|"
    "pike|pine|pines|plain|plains|port|ports|prairie|radial|ramp|ranch|rapid|rapids|rest|river|route|shoal|shoals|skyway|"
    "spur|spurs|stravenue|stream|throughway|trace|trafficway|tunnel|unions|viaduct|walks|bay|beach|bend|bluff|branch|"
    "bridge|brook|burg|bypass|camp|canyon|cape|causeway|center|centre|cliff|club|common|corner|corners|course|cove|creek|"
    "crest|crossing|crossroad|curve|dale|dam|divide|estate|estates|expressway|extension|fall|falls|ferry|field|fields|flat|"
    "flats|ford|forest|forge|fork|forks|fort|freeway|gateway|glen|green|harbor|haven|heights|hollow|inlet|island|isle|"
    "islands|pass|junction|key|keys|knoll|lake|lakes|land|landing|light|lights|loaf|locks|lodge|mall|manor|meadow|meadows|quay"
)
_FLAT = r"(?:apt|apartment|suite|unit|flat|room|rm|floor|studio|#)\.?\s?#?[0-9A-Za-z]{1,5}"
_POSTCODE = r"(?:[0-9]{5}(?:-[0-9]{4})?|[A-Z]{1,2}[0-9][A-Z0-9]?\s?[0-9][A-Z]{2})"
_PLACE = r"[A-Za-z][A-Za-z.'-]{0,24}"
_TOWN = rf"(?:[,\s]{{1,3}}{_PLACE}){{1,6}}[,\s]{{1,3}}{_POSTCODE}\b"
_CORE_SUFFIXES = "street|st|road|rd|avenue|ave|lane|drive|court|boulevard|blvd|terrace|crescent|highway"
_NAMED = r"[A-Z][A-Za-z.'-]{0,24}"
_AFTER_STREET = rf"\b\.?(?:[,\s]{{1,3}}(?i:{_FLAT})\b)?(?i:{_TOWN})?"
_HOUSE = rf"(?<![A-Za-z0-9])(?:(?i:{_FLAT})[,\s]{{1,3}})?[0-9]{{1,6}}[A-Za-z]?,?\s{{1,2}}"
# In small letters only with the endings that are no everyday words.
_STREETS = (
    re.compile(rf"{_HOUSE}(?:{_NAMED}\s{{1,2}}){{1,3}}?(?i:(?:{_SUFFIXES})s?){_AFTER_STREET}"),
    re.compile(rf"{_HOUSE}(?:{_PLACE}\s{{1,2}}){{1,2}}?(?i:{_CORE_SUFFIXES}){_AFTER_STREET}"),
)
_FLAT_FIRST = re.compile(
    rf"(?<![A-Za-z0-9]){_FLAT}[,\s]{{1,3}}(?:{_PLACE}[,\s]{{1,3}}){{1,6}}{_POSTCODE}\b", re.IGNORECASE
)
_FORCES = re.compile(
    rf"(?<![A-Za-z])(?:[A-Z]{{3,4}}\s{_PLACE}\s{{1,2}})?(?:[FAD]PO)\s(?:AA|AE|AP)\s[0-9]{{5}}(?![0-9])"
)
_BOX = re.compile(
    rf"(?<![A-Za-z])(?:p\.?\s?o\.?\s?box|psc\s[0-9]{{1,5}},?\sbox|unit\s[0-9]{{1,5}}\sbox)\s[0-9]{{1,6}}\b(?:{_TOWN})?",
    re.IGNORECASE,
)


def _chinese(text: str) -> Iterator[Span]:
    chain: list[re.Match[str]] = []
    for unit in _UNIT.finditer(text):
        if chain and not _joined(text, chain[-1].end(), unit.start()):
            yield from _address(text, chain)
            chain = []
        chain.append(unit)
    yield from _address(text, chain)


def _joined(text: str, end: int, start: int) -> bool:
    return start - end <= _LONGEST_NAME and _STOP.search(text, end, start) is None


def _address(text: str, chain: list[re.Match[str]]) -> Iterator[Span]:
    """A chain is an address if it goes down to a house, or to a street of a named district."""
    kinds = [unit.lastgroup for unit in chain]
    details = [index for index, kind in enumerate(kinds) if kind == "detail"]
    places = [index for index, kind in enumerate(kinds) if kind in {"road", "area"}]
    if not places or not ((details and places[0] < details[-1]) or (kinds.count("area") >= 1 and "road" in kinds)):
        return
    first = chain[places[0]]
    start = _name_start(text, first.start())
    if start == first.start():
        return
    end = chain[-1].end()
    if details and (tail := _TAIL.match(text, end)):
        end = tail.end()
    yield Span(Kind.ADDRESS, start, end)


def _name_start(text: str, end: int) -> int:
    """Return where the name before an address's first unit begins: at its province, or after the last stop."""
    low = max(0, end - _LONGEST_NAME)
    start = low
    for stop in _STOP.finditer(text, low, end):
        start = stop.end()
    if (province := SHORT_PROVINCE.search(text, start, end + 3)) and province.start() < end:
        return province.start()
    while start < end and text[start] in " -()#":
        start += 1
    return start


def addresses(text: str) -> Iterator[Span]:
    """Yield the postal addresses in a folded text."""
    yield from _chinese(text)
    for pattern in (*_STREETS, _FLAT_FIRST, _FORCES, _BOX):
        for match in pattern.finditer(text):
            yield Span(Kind.ADDRESS, *match.span())
