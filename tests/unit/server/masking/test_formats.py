"""A mask never lets more through than it promises, whatever it is given."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.masking import formats
from server.masking.kinds import Kind

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
        ("phone", "１３８１２３４５６７８", "138****5678"),
        ("phone", "+442071838750", "****8750"),
        ("phone", "(0571) 8888-1234", "****1234"),
        ("phone", "001-239-515-0008x0637", "****0008"),
        ("phone", "110", "***"),
        ("id-card", "11010519491231002X", "1****************X"),
        ("id-card", "110105 19491231 002x", "1****************X"),
        ("id-card", "110105491231002", "1*************2"),
        ("id-card", "078-05-1120", "***"),
        ("passport", "E12345678", "E*******8"),
        ("passport", "e 1234 5678", "E*******8"),
        ("passport", "护照", "***"),
        ("card-number", "6225 8812 3456 1237", "******" + "******" + "1237"),
        ("card-number", "4111-1111-1111-1111", "411111******1111"),
        ("card-number", "1234567890", "***"),
        ("account", "6001234567", "****4567"),
        ("account", "DE89 3704 0044 0532 0130 00", "DE****3000"),
        ("account", "123456", "***"),
        ("plate", "沪A·12345", "沪A*****"),
        ("plate", "粤BD12345", "粤B*****"),
        ("plate", "ABC 123", "***"),
        ("birth-date", "1985年3月12日", "****-**-**"),
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
    assert formats.MASKS[mask](value) == masked


def test_every_kind_has_its_mask() -> None:
    assert {kind.value for kind in Kind} < set(formats.MASKS)


@pytest.mark.parametrize(
    ("mask", "most"),
    [
        ("name", 1),
        ("phone", 7),
        ("id-card", 2),
        ("passport", 2),
        ("card-number", 10),
        ("account", 6),
        ("plate", 2),
        ("birth-date", 0),
        ("covered", 0),
        ("amount", 0),
    ],
)
@given(value=st.one_of(ANYTHING, st.from_regex(r"[A-Z沪]{0,2}[0-9]{3,20}X?", fullmatch=True)))
def test_no_more_characters_are_kept_than_the_mask_allows(mask: str, most: int, value: str) -> None:
    masked = formats.MASKS[mask](value)
    assert sum(character.isalnum() for character in masked) <= most
    assert "**" in masked or mask == "name"


@given(st.one_of(ANYTHING, st.from_regex(r"(广东省|上海市|新疆维吾尔自治区)[\u4e00-\u9fff0-9 ]{0,40}", fullmatch=True)))
def test_an_address_keeps_no_digit_and_at_most_province_and_city(value: str) -> None:
    kept = formats.address(value).replace(formats.STAR, "")
    assert not any(character.isdigit() for character in kept)
    assert len(kept) <= len("新疆维吾尔自治区") + 9


@given(st.one_of(ANYTHING, st.emails()))
def test_an_address_of_mail_keeps_one_character_before_the_at(value: str) -> None:
    local, _at, _domain = formats.email(value).partition("@")
    assert len(local.replace(formats.STAR, "")) <= 1


@given(st.sampled_from(sorted(formats.MASKS)), ANYTHING)
def test_no_mask_fails_on_any_text(mask: str, value: str) -> None:
    assert formats.STAR in formats.MASKS[mask](value)
