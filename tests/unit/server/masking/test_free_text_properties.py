"""Whatever the text: no failure, no leak, nothing changed that is no value, and no time lost on hostile input."""

import string
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import luhn
from stdnum.cn import ric

from server.masking.folding import fold
from server.masking.free_text import find, mask_text
from server.masking.kinds import Kind

_PIECES = st.sampled_from(
    [
        *"0123456789一二三幺两XxEeoO张王先生路号市区@.-/ ,，。:\n\u200b\ufe0f１２①+()*元年月日",
        *("电话", "卡号", "密码", "double ", "one ", "born "),
    ]
)
NOISE = st.one_of(st.text(max_size=80), st.lists(_PIECES, max_size=80).map("".join))
# Words only: a digit beside a value would be part of it.
BEFORE = st.sampled_from(
    [
        "",
        "请记一下 ",
        "客户说他的号码是",
        "电话：",
        "here it is: ",
        "身份证\n",
        "卡号",
        "账户",
        "（",
        "订单号 ",
        "生日 ",
        "￥",
    ]
)
AFTER = st.sampled_from(["", "，谢谢", " please", "\n", "元", "号"])
BETWEEN = st.sampled_from(["", "", "", " ", "-", "\u200b", "\n", "，", ".", " - ", "\u00ad", "\u3000"])


def _chinese(digit: str) -> str:
    return "零一二三四五六七八九"[int(digit)] if digit.isdigit() else digit


def _wide(digit: str) -> str:
    return chr(ord(digit) + 0xFEE0)


SCRIPTS = st.sampled_from([str, _chinese, _wide])
_NUMERALS = {ord(numeral): str(index) for index, numeral in enumerate("零一二三四五六七八九")}


@st.composite
def _mobiles(draw: st.DrawFn) -> tuple[str, int, int]:
    return draw(st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True)), 3, 4


@st.composite
def _cards(draw: st.DrawFn) -> tuple[str, int, int]:
    body = draw(st.from_regex(r"(62|4|5[1-5])[0-9]{13,16}", fullmatch=True))
    return body + luhn.calc_check_digit(body), 6, 4


@st.composite
def _id_cards(draw: st.DrawFn) -> tuple[str, int, int]:
    region, born = draw(st.sampled_from(["110105", "310104", "440305"])), draw(st.dates())
    body = f"{region}{draw(st.integers(1930, 2020))}{born:%m%d}{draw(st.integers(0, 999)):03d}"
    return body + ric.calc_check_digit(f"{body}0"), 1, 1


def _longest_told(value: str, text: str) -> int:
    """Return the length of the longest stretch of a value's digits that a text still tells in one run."""
    plain = fold(text).text.translate(_NUMERALS)
    told = "".join(character if character in string.digits + "X" else " " for character in plain)
    return max(
        length
        for length in range(len(value) + 1)
        if any(value[start : start + length] in told for start in range(len(value) - length + 1))
    )


@given(BEFORE, st.one_of(_mobiles(), _cards(), _id_cards()), SCRIPTS, st.data(), AFTER)
def test_no_more_of_a_number_is_told_than_its_mask_allows(
    before: str, number: tuple[str, int, int], script: Callable[[str], str], data: st.DataObject, after: str
) -> None:
    value, head, tail = number
    written = "".join(script(digit) + data.draw(BETWEEN) for digit in value[:-1]) + script(value[-1])
    masked = mask_text(before + written + after)
    assert _longest_told(value, masked) <= max(head, tail)


@given(BEFORE, _mobiles(), SCRIPTS, AFTER)
def test_the_measure_of_what_is_told_sees_a_leak(
    before: str, number: tuple[str, int, int], script: Callable[[str], str], after: str
) -> None:
    assert _longest_told(number[0], before + "".join(map(script, number[0][:9])) + after) == 9


@given(NOISE)
def test_spans_are_in_order_inside_the_text_and_never_over_another(text: str) -> None:
    last = 0
    for span in find(text):
        assert last <= span.start < span.end <= len(text)
        last = span.end


@given(NOISE)
def test_all_outside_the_spans_stays_as_it_was(text: str) -> None:
    masked = mask_text(text)
    position = last = 0
    for span in find(text):
        between = text[last : span.start]
        position = masked.index(between, position) + len(between)
        last = span.end
    assert masked.endswith(text[last:])


@given(NOISE, st.text(min_size=1, max_size=12))
def test_known_values_never_make_it_fail(text: str, value: str) -> None:
    for kind in Kind:
        mask_text(text + value, [(kind, value)])


_HOSTILE = """
1|1 |1-|1/|13812345678 |6222 |一|one |double |三个|a|A|A |Aa |Mr |张|张先生|@|a@|a@a.|a.|路|号|1号|路1号|市|1 Aa |1 a |
flat 1 |PO Box 1 |DE89|DE89 |E1|沪A|沪A-|2024-|年|12月|生日|电话|密码是|my name is |(|+|*|姓名|March |ﷺ
"""


@pytest.mark.parametrize("piece", [*_HOSTILE.replace("\n", "").split("|"), "\u200b", "\n", " ", "\ud800"])
def test_hostile_repetition_comes_back(piece: str) -> None:
    # Work that grew with a power of the length would not come back from this within the test's time.
    masked = mask_text("电话" + piece * (20_000 // len(piece)) + "!")
    assert masked.endswith(("!", "*"))
