"""What is masked in free text, and what is left alone."""

import pytest

from server.masking.free_text import find, mask_text
from server.masking.kinds import Kind, Span


@pytest.mark.parametrize(
    "written",
    [
        "13812345678",
        "138 1234 5678",
        "138-1234-5678",
        "138‒1234—5678",
        "138,1234，5678",
        "１３８１２３４５６７８",
        "１３８　１２３４　５６７８",
        "①③⑧①②③④⑤⑥⑦⑧",
        "1️⃣3️⃣8️⃣1️⃣2️⃣3️⃣4️⃣5️⃣6️⃣7️⃣8️⃣",
        "1\u200b3\u200c8\u200d1\u20602\ufeff3\u00ad4\u20615\u20626\u206478",
        "138\n1234\n5678",
        "138 1234\r\n    5678",
        "一三八一二三四五六七八",
        "幺三八，幺两三四，五六七八",
        "壹叁捌壹贰叁肆伍陆柒捌",
        "一三八嗯1234，五六七八",
        "one three eight one two three four five six seven eight",
        "One Three Eight, one two three four... five six seven eight",
        "1 3 8 1 2 3 4 5 6 7 8",
        "١٣٨١٢٣٤٥٦٧٨",
        "86 138 1234 5678",
        "0086-13812345678",
    ],
)
def test_a_mobile_is_masked_however_it_is_written(written: str) -> None:
    masked = mask_text(f"请打 {written} 找我")
    assert masked.replace("\ufe0f", "").replace("\u20e3", "") == "请打 138****5678 找我"


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("我一13812345678", "我一138****5678"),
        ("+86 138 1234 5678", "138****5678"),
        ("13812345678/13987654321", "138****5678/139****4321"),
        ("138三个八1234 5", "138****2345"),
        ("one three eight double five two three four oh seven eight", "138****4078"),
        ("call +44 20 7946 0958 now", "call ****0958 now"),
        ("(415) 555-0123 ext. 22", "****0123"),
        ("座机 62345678", "座机 ****5678"),
        ("call 555-1234", "call ***"),
        ("身份证11010519491231002X，", "身份证1****************X，"),
        ("110105 19491231 002 x", "1****************X"),
        # Its end alone would pass for a card, whose mask shows more.
        ("11010\n5193905080006", "1****************6"),
        ("44030519300406580，X", "4****************X"),
        # A slip in the last character hides nothing.
        ("证件号 110105194912310021", "证件号 1****************1"),
        ("SSN 078-05-1120.", "SSN ***."),
        ("A123456(3)", "***"),
        ("NI number AB 12 34 56 C", "NI number ***"),
        ("卡号 6222 0212 3456 7894", "卡号 622202******7894"),
        ("六二二二 零二幺二 三四五六 七八九四", "622202******7894"),
        # Not a card by its check digit, and still somebody's number.
        ("6222 0212 3456 7895", "****7895"),
        ("DE89 3704 0044 0532 0130 00 thanks", "DE****3000 thanks"),
        ("账号 6001234567", "账号 ****4567"),
        ("123456789012", "****9012"),
        ("zhangwei＠163.com", "z***@163.com"),
        ("wei(at)zhangwei.cn", "***"),
        ("护照 E12345678", "护照 E*******8"),
        ("passport no. 812415868", "passport no. 8*******8"),
        ("沪A·12345 停在门口", "沪A***** 停在门口"),
        ("license plate 3XJE041", "license plate ***"),
        ("1985年3月12日出生", "****-**-**出生"),
        ("生日一九八五年三月十二日", "生日****-**-**"),
        ("born on March 12, 1985", "born on ****-**-**"),
        ("验证码是 483920", "验证码是 ***"),
        ("密码：abc123!", "密码：***"),
        ("my password is hunter2", "my password is ***"),
        ("CVV 123", "CVV ***"),
        ("住在浙江省杭州市西湖区文三路1号，很近", "住在浙江省杭州市***，很近"),
        ("住在朝阳区建国路88号SOHO现代城3号楼1201，很近", "住在***，很近"),
        ("moved to 12 Baker Street, London NW1 6XE today", "moved to *** today"),
        ("我叫张伟，你好", "我叫张*，你好"),
        ("请找王小明先生", "请找王*先生"),
        ("欧阳娜娜来电", "欧*来电"),
        ("My name is John Smith.", "My name is J*."),
        ("my name is john smith", "my name is j*"),
        ("spoke to Zhang Wei at noon", "spoke to Z* at noon"),
    ],
)
def test_what_is_masked(text: str, masked: str) -> None:
    assert mask_text(text) == masked


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2024-03-15 10:30 付款 12345678.90元",
        "20240315 那天",
        "服务器 192.168.100.200",
        "热线 400-820-8820",
        "订单号 2024031512345",
        "等了 15 分钟，第 3 次",
        "价格一百三十八元，三个八折",
        "balance $ 1,234,567.89",
        "between 2019-2024",
        "Is the branch open on Saturday?",
        "您好，请问周末营业吗？",
        "方便的话明天给您回电，祝您生活愉快。",
        "I waited 15 minutes in the queue.",
        "我在路上，知道了，马上到。",
        "输入文字，对方逐字看到。回车换行",
        "等待时长：麦克风已静音，公司同时通知双方",
        "The code is written down, and the pin is needed.",
        "Sealed with AES-256 under HTTPS and WebSocket.",
    ],
)
def test_what_is_nobodys_is_left_as_it_was(text: str) -> None:
    assert mask_text(text) == text
    assert find(text) == ()


def test_places_are_those_of_the_original_text() -> None:
    text = "ﷺ电话１３８\u200b１２３４５６７８。"
    assert [text[span.start : span.end] for span in find(text)] == ["１３８\u200b１２３４５６７８"]


def test_a_mobile_inside_a_card_is_not_shown_by_the_cards_mask() -> None:
    text = "62 13812345678 5"
    assert "1381" not in mask_text(text)


@pytest.mark.parametrize(
    ("known", "text", "masked"),
    [
        ((Kind.NAME, "云舒"), "见到云舒就好", "见到云*就好"),
        ((Kind.NAME, "Rose Tan"), "rose  tan said", "r* said"),
        ((Kind.ACCOUNT, "88012"), "尾号八八 012 的", "尾号*** 的"),
        ((Kind.ACCOUNT, "12"), "12 个", "12 个"),
        ((Kind.NAME, "Ann"), "annual", "annual"),
    ],
)
def test_known_values_are_found_where_nothing_else_tells_them(known: tuple[Kind, str], text: str, masked: str) -> None:
    assert mask_text(text, [known]) == masked


def test_spans_tell_the_kind() -> None:
    assert find("卡 4111111111111111") == (Span(Kind.BANK_CARD, 2, 18),)
