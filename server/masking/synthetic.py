"""A labelled synthetic set: texts as agents and customers write them, with invented values in known places.

The same seed makes the same set. The part to develop on and the part kept apart share no sentence and have seeds of
their own: whoever works on the finders looks at the first only, and the second says what they are worth.
"""

import random
import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from faker import Faker
from stdnum import luhn
from stdnum.cn import ric

from server.masking.kinds import Kind, Span
from server.masking.samples import apart, develop

_SLOT = re.compile(r"\{(\w+)\}")
_SEEDS = {"develop": 4101, "apart": 7907}
_CHINESE_DIGITS = str.maketrans("0123456789", "零一二三四五六七八九")
_FULL_WIDTH = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}
_ENGLISH_DIGITS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


class Part(StrEnum):
    """Which half of the set."""

    DEVELOP = "develop"
    APART = "apart"


@dataclass(frozen=True)
class Sample:
    """A text, its language, and the values in it."""

    text: str
    language: str
    values: tuple[Span, ...]


def samples(part: Part, count: int = 1500) -> list[Sample]:
    """Return `count` samples of each language."""
    templates = {Part.DEVELOP: develop, Part.APART: apart}[part]
    made = []
    for language, locale, lines in (("zh", "zh_CN", templates.CHINESE), ("en", "en_US", templates.ENGLISH)):
        maker = _Maker(language, locale, _SEEDS[part])
        made += [maker.sample(lines[index % len(lines)]) for index in range(count)]
    return made


class _Maker:
    def __init__(self, language: str, locale: str, seed: int) -> None:
        self._language = language
        self._chance = random.Random(seed)  # noqa: S311
        self._fake: Any = Faker(locale)
        self._british: Any = Faker("en_GB")
        self._fake.seed_instance(seed)
        self._british.seed_instance(seed)
        self._slots: dict[str, tuple[Kind | None, Callable[[], str]]] = {
            "name": (Kind.NAME, self._name),
            "mobile": (Kind.PHONE, lambda: self._disguised(self._mobile())),
            "fixed": (Kind.PHONE, self._fixed),
            "id": (Kind.ID_CARD, lambda: self._disguised(self._id_card())),
            "ssn": (Kind.ID_CARD, lambda: str(self._fake.ssn())),
            "passport": (Kind.PASSPORT, self._passport),
            "card": (Kind.BANK_CARD, lambda: self._disguised(self._card(), group=4)),
            "account": (Kind.ACCOUNT, lambda: self._digits(self._chance.randrange(10, 20), first="123456789")),
            "iban": (Kind.ACCOUNT, lambda: str(self._british.iban())),
            "email": (Kind.EMAIL, lambda: str(self._fake.email())),
            "address": (Kind.ADDRESS, self._address),
            "plate": (Kind.PLATE, self._plate),
            "birth": (Kind.BIRTH_DATE, self._birth),
            "secret": (Kind.SECRET, lambda: self._digits(6)),
            "order": (None, lambda: self._digits(self._chance.randrange(10, 15), first="123456789")),
            "date": (None, lambda: f"{self._fake.date_between('-3y', '-1d'):%Y-%m-%d}"),
            "time": (None, lambda: f"{self._chance.randrange(24):02d}:{self._chance.randrange(60):02d}"),
            "amount": (None, lambda: f"{self._chance.randrange(100, 900_000) / 100:,.2f}"),
            "small": (None, lambda: str(self._chance.randrange(2, 60))),
        }

    def sample(self, template: str) -> Sample:
        text, values, last = "", [], 0
        for slot in _SLOT.finditer(template):
            text += template[last : slot.start()]
            kind, make = self._slots[slot[1]]
            value = make()
            if kind is not None:
                values.append(Span(kind, len(text), len(text) + len(value)))
            text += value
            last = slot.end()
        return Sample(text + template[last:], self._language, tuple(values))

    def _name(self) -> str:
        return str(
            self._fake.name() if self._language == "zh" else f"{self._fake.first_name()} {self._fake.last_name()}"
        )

    def _digits(self, count: int, first: str = "0123456789") -> str:
        return self._chance.choice(first) + "".join(self._chance.choices("0123456789", k=count - 1))

    def _mobile(self) -> str:
        return f"1{self._chance.choice('3456789')}{self._digits(9)}"

    def _fixed(self) -> str:
        if self._language == "en":
            return str(self._chance.choice((self._fake, self._british)).phone_number())
        area = self._chance.choice(("010", "021", "0755", "0571", "028"))
        number = self._digits(8, first="2345678")
        return self._chance.choice(
            (f"{area}-{number}", f"({area}){number}", f"{area} {number[:4]} {number[4:]}", area + number)
        )

    def _id_card(self) -> str:
        body = (
            str(self._fake.ssn())[:17]
            if self._language == "zh"
            else f"110105{self._fake.date_of_birth(minimum_age=18):%Y%m%d}{self._digits(3)}"
        )
        return body + ric.calc_check_digit(f"{body}0")

    def _passport(self) -> str:
        letter = self._chance.choice(("E", "G", "EA", "EJ"))
        return letter + self._digits(9 - len(letter)) if self._language == "zh" else str(self._fake.passport_number())

    def _card(self) -> str:
        body = self._chance.choice(("622588", "621700", "622202", "411111", "510510")) + self._digits(
            self._chance.choice((9, 12))
        )
        return body + luhn.calc_check_digit(body)

    def _address(self) -> str:
        if self._language == "en":
            return str(self._chance.choice((self._fake, self._british)).address())
        written = str(self._fake.address())
        if self._chance.random() < 0.5:
            # Streets with a house and a room, as most people write them, and no postal code.
            road = self._chance.choice(("文三路", "漕溪北路", "人民大道", "建设街", "解放西路", "桃园小区", "长安街"))
            city, district = self._chance.choice(
                (("杭州市", "西湖区"), ("上海市", "徐汇区"), ("深圳市", "南山区"), ("成都市", "武侯区"))
            )
            number, block, room = (self._chance.randrange(*limits) for limits in ((1, 400), (1, 30), (101, 2900)))
            house = f"{number}号{block}栋{room}室"
            return self._chance.choice(
                (f"{city}{district}{road}{house}", f"{district}{road}{house}", f"{city}{district}{road} {house}")
            )
        return written

    def _plate(self) -> str:
        if self._language == "en":
            return str(self._chance.choice((self._fake, self._british)).license_plate())
        plate = str(self._fake.license_plate())
        return plate if self._chance.random() < 0.5 else plate.replace("-", "")

    def _birth(self) -> str:
        born = self._fake.date_of_birth(minimum_age=18)
        chinese = (f"{born.year}年{born.month}月{born.day}日", f"{born:%Y-%m-%d}", f"{born:%Y/%m/%d}", f"{born:%Y%m%d}")
        english = (
            f"{born:%B} {born.day}, {born.year}",
            f"{born.day} {born:%b} {born.year}",
            f"{born:%m/%d/%Y}",
            f"{born:%Y-%m-%d}",
        )
        return self._chance.choice(chinese if self._language == "zh" else english)

    def _disguised(self, number: str, group: int = 0) -> str:
        """Write a number as people and programs do."""
        size = group or 4
        head = 0 if group else 3
        parts = [number[:head], *(number[at : at + size] for at in range(head, len(number), size))]
        parts = [part for part in parts if part]
        half = len(number) // 2
        ways = (
            " ".join(parts),
            "-".join(parts),
            number.translate(_FULL_WIDTH),
            "\u200b".join(number),
            f"{number[:half]}\n{number[half:]}",
            self._read_aloud(number),
        )
        # A third stays plain.
        return ways[how] if (how := self._chance.randrange(9)) < len(ways) else number

    def _read_aloud(self, number: str) -> str:
        if not number.isdigit():
            return number
        if self._language == "en":
            return " ".join(_ENGLISH_DIGITS[int(digit)] for digit in number)
        read = number.translate(_CHINESE_DIGITS)
        return read.replace("一", "幺") if self._chance.random() < 0.5 else read
