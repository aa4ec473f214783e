"""A mask never lets more through than it promises, whatever it is given."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.customers import masks
from server.demo import numbers

ANYTHING = st.text(max_size=60)


@pytest.mark.parametrize(
    ("mask", "value", "masked"),
    [
        ("name", "张伟", "张*"),
        ("name", "欧阳娜娜", "欧*"),
        ("name", "John Smith", "J*"),
        ("name", "", "***"),
        ("name", "13800001234", "***"),
        ("phone", "+8613812345678", "138****5678"),
        ("phone", "138 1234 5678", "138****5678"),
        ("phone", "+442071838750", "****8750"),
        ("phone", "110", "***"),
        ("phone", "138123456７８", "***"),
        ("id-card", "11010519491231002X", "1****************X"),
        ("id-card", "110105491231002", "***"),
        ("card-number", "6225 8812 3456 1234", "622588******1234"),
        ("card-number", "6225881234561234567", "622588*********4567"),
        ("card-number", "1234567890", "***"),
        ("address", "上海市徐汇区漕溪北路 88 号", "上海市***"),
        ("address", "浙江省杭州市西湖区文三路 1 号", "浙江省杭州市***"),
        ("address", "浙江省西湖区文三路 1 号", "浙江省***"),
        ("address", "漕溪北路 88 号", "***"),
        ("address", "88 North Caoxi Road, Shanghai", "***"),
        ("email", "zhang.wei@163.com", "z***@163.com"),
        ("email", "wei@zhangwei.cn", "w***@***"),
        ("email", "no address", "***"),
        ("amount", "23456.78", "￥ **,***"),
        ("covered", "anything", "***"),
    ],
)
def test_what_is_left_of_a_value(mask: str, value: str, masked: str) -> None:
    assert masks.MASKS[mask](value) == masked


@given(ANYTHING)
def test_a_name_keeps_one_character(value: str) -> None:
    assert len(masks.name(value).replace(masks.STAR, "")) <= 1


@given(st.one_of(ANYTHING, st.from_regex(r"\+?\d{3,19}", fullmatch=True)))
def test_a_telephone_number_keeps_seven_digits_at_most_and_never_half_of_the_subscriber(value: str) -> None:
    masked = masks.phone(value)
    kept = masked.replace(masks.STAR, "")
    assert len(kept) <= 7
    assert "****" in masked or masked == "***"


@given(st.one_of(ANYTHING, st.from_regex(r"\d{10,20}", fullmatch=True)))
def test_a_card_number_keeps_the_first_six_and_the_last_four_at_most(value: str) -> None:
    masked = masks.card_number(value)
    kept = masked.replace(masks.STAR, "")
    assert len(kept) in (0, 10)
    assert masked.count(masks.STAR) >= 3


@given(st.one_of(ANYTHING, st.from_regex(r"\d{14,18}[\dXx]", fullmatch=True)))
def test_an_identity_card_keeps_two_characters_at_most(value: str) -> None:
    assert len(masks.id_card(value).replace(masks.STAR, "")) in (0, 2)


@given(st.one_of(ANYTHING, st.from_regex(r"(广东省|上海市|新疆维吾尔自治区)[\u4e00-\u9fff0-9 ]{0,40}", fullmatch=True)))
def test_an_address_keeps_no_digit_and_at_most_province_and_city(value: str) -> None:
    kept = masks.address(value).replace(masks.STAR, "")
    assert not any(character.isdigit() for character in kept)
    assert len(kept) <= len("新疆维吾尔自治区") + 9
    assert value.strip().startswith(kept)


@given(st.one_of(ANYTHING, st.emails()))
def test_an_address_of_mail_keeps_one_character_before_the_at(value: str) -> None:
    local, at, domain = masks.email(value).partition("@")
    assert len(local.replace(masks.STAR, "")) <= 1
    assert domain in ("", "***") or (at and domain in value.lower())


@given(ANYTHING)
def test_an_amount_keeps_nothing(value: str) -> None:
    assert masks.amount(value) == "￥ **,***"
    assert masks.covered(value) == "***"


@given(st.sampled_from(sorted(masks.MASKS)), ANYTHING)
def test_no_mask_fails_on_any_text(mask: str, value: str) -> None:
    assert masks.STAR in masks.MASKS[mask](value)


@given(st.integers())
def test_the_demos_numbers_are_right(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311
    card, identity, mobile = numbers.card_number(chance), numbers.id_card(chance), numbers.mobile(chance)
    assert card[-1] == numbers.luhn_digit(card[:-1])
    assert identity[-1] == numbers.id_check(identity[:-1])
    assert masks.card_number(card).count(masks.STAR) == 6
    assert masks.id_card(identity).count(masks.STAR) == 16
    assert masks.phone(mobile)[3:7] == "****"


def test_published_check_digits() -> None:
    assert numbers.luhn_digit("7992739871") == "3"
    assert numbers.id_check("11010519491231002") == "X"
