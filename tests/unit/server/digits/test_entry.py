"""Keying a card: what a customer's keys come to."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import luhn

from provisioning.api import DigitsStage
from server.digits import cards
from server.digits.entry import TRIES, Entry

TODAY = date(2026, 11, 30)
VISA = "4111111111111111"
AMEX = "378282246310005"


def entry(keys: str = "") -> Entry:
    made = Entry(lambda: TODAY)
    press(made, keys)
    return made


def press(keying: Entry, keys: str) -> None:
    for tone in keys:
        keying.key(tone)


def with_check_digit(body: str) -> str:
    return body + luhn.calc_check_digit(body)


def test_a_whole_card() -> None:
    keying = entry(f"{VISA}#1226#123#")
    assert keying.stage is DigitsStage.CHECKING
    assert [bytes(part).decode() for part in keying.parts()] == [VISA, "1226", "123"]
    assert keying.counts == (16, 4, 3)


def test_what_the_agent_sees_on_the_way() -> None:
    keying = entry()
    assert (keying.received, keying.expected, keying.valid) == (0, 0, None)
    press(keying, VISA[:12])
    assert (keying.received, keying.expected, keying.valid) == (12, 16, None)
    press(keying, VISA[12:])
    assert (keying.received, keying.expected, keying.valid) == (16, 16, True)
    press(keying, "#")
    assert (keying.stage, keying.received, keying.expected, keying.valid) == (DigitsStage.EXPIRY, 0, 4, None)
    press(keying, "12")
    assert keying.valid is None
    press(keying, "26")
    assert keying.valid is True


def test_a_wrong_number_is_seen_as_soon_as_it_is_complete() -> None:
    keying = entry("4111111111111112")
    assert keying.valid is False
    press(keying, "#")
    assert (keying.stage, keying.received, keying.valid) == (DigitsStage.NUMBER, 0, False)
    press(keying, "4")
    assert keying.valid is None


def test_a_star_takes_back_what_is_being_keyed_and_nothing_else() -> None:
    keying = entry(f"4222*{VISA}#0101*0130#99*123#")
    assert [bytes(part).decode() for part in keying.parts()] == [VISA, "0130", "123"]


def test_three_wrong_numbers_end_it() -> None:
    keying = entry("4111111111111112#" * TRIES)
    assert (keying.stage, keying.outcome) == (DigitsStage.FAILED, "wrong-number")


def test_tries_are_counted_for_each_part() -> None:
    keying = entry("1111#1111#" + f"{VISA}#" + "0101#0101#" + "1226#" + "12#12#" + "123#")
    assert keying.stage is DigitsStage.CHECKING
    assert entry(f"{VISA}#" + "0126#" * TRIES).outcome == "wrong-expiry"
    assert entry(f"{VISA}#1226#" + "12#" * TRIES).outcome == "wrong-code"


@pytest.mark.parametrize(
    ("expiry", "good"),
    [
        ("1126", True),
        ("1026", False),
        ("1226", True),
        ("0027", False),
        ("1327", False),
        ("1146", True),
        ("1247", False),
        ("127", False),
    ],
)
def test_a_month_that_is_over_or_is_none(expiry: str, *, good: bool) -> None:
    keying = entry(f"{VISA}#{expiry}#")
    assert (keying.stage is DigitsStage.CODE) == good


def test_the_code_of_some_cards_has_four_digits() -> None:
    assert entry(f"{AMEX}#1226#123#").stage is DigitsStage.CODE
    keying = entry(f"{AMEX}#1226#1234#")
    assert keying.stage is DigitsStage.CHECKING
    assert entry(f"{VISA}#1226#1234#").stage is DigitsStage.CODE


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("411111111111", 16), ("51000000000000", 16), ("222100000000000", 16), ("622202000000000", 16),
        ("37828224631000", 15), ("3528000000000000", 16), ("30000000000000", 16), ("9999", 0),
    ],
)  # fmt: skip
def test_how_many_digits_are_to_come(body: str, expected: int) -> None:
    assert cards.expected_length(body) == expected


@pytest.mark.parametrize("length", [16, 17, 18, 19])
def test_a_unionpay_number_may_be_longer_than_16(length: int) -> None:
    number = with_check_digit("622202" + "3" * (length - 7))
    keying = entry(number)
    assert (keying.received, keying.expected, keying.valid) == (length, length, True)
    press(keying, "#")
    assert keying.stage is DigitsStage.EXPIRY


def test_too_many_digits_are_wrong_and_can_be_taken_back() -> None:
    keying = entry("6" * 25)
    assert (keying.received, keying.valid) == (cards.LONGEST_NUMBER, False)
    press(keying, "*")
    assert (keying.received, keying.valid) == (0, None)
    press(keying, f"{VISA}#12261")
    assert keying.valid is False
    press(keying, "#")
    assert keying.stage is DigitsStage.EXPIRY


def test_what_ends_it_wipes_it() -> None:
    keying = entry(f"{VISA}#1226#123#")
    number, expiry, code = keying.parts()
    keying.decline("insufficient-funds")
    assert not any((*number, *expiry, *code))
    assert (keying.stage, keying.outcome) == (DigitsStage.DECLINED, "insufficient-funds")
    keying.accept()
    assert keying.stage is DigitsStage.DECLINED


def test_a_star_wipes_what_it_takes_back() -> None:
    keying = entry("4111*")
    assert not any(keying._digits)


def test_the_digits_are_in_no_repr() -> None:
    keying = entry(f"{VISA}#12")
    assert not any(character.isdigit() for character in repr(keying))


def test_an_incomplete_card_is_handed_to_nobody() -> None:
    with pytest.raises(ValueError, match="not complete"):
        entry(f"{VISA}#1226#12").parts()


class Model:
    """The same, told in strings and in the words of the instructions that a customer gets."""

    def __init__(self) -> None:
        self.taken: list[str] = []
        self.now = ""
        self.excess = False
        self.wrong = 0
        self.failed = False

    def good(self) -> bool:
        if self.excess:
            return False
        match len(self.taken):
            case 0:
                return cards.number_is_valid(self.now)
            case 1:
                return cards.expiry_is_valid(self.now, TODAY)
            case _:
                return len(self.now) == cards.scheme_of(self.taken[0]).code

    def key(self, tone: str) -> None:
        if self.failed or len(self.taken) == 3 or tone not in "0123456789*#":
            return
        longest = (19, 4, 4)[len(self.taken)]
        if tone.isdigit():
            if len(self.now) < longest:
                self.now += tone
            else:
                self.excess = True
        elif tone == "#" and (self.now or self.excess):
            if self.good():
                self.taken.append(self.now)
                self.wrong = 0
            else:
                self.wrong += 1
                self.failed = self.wrong == TRIES
            self.now, self.excess = "", False
        elif tone == "*":
            self.now, self.excess = "", False


_numbers = st.sampled_from(
    [VISA, AMEX, "4111111111111112", "6222023333333333", with_check_digit("622202" + "3" * 12), "12", "5" * 30]
)
_pieces = st.one_of(
    _numbers.map(lambda number: number + "#"),
    st.sampled_from(["1226#", "0130#", "0120#", "123#", "1234#", "#", "*", "*#", "A", "12*"]),
    st.text("0123456789*#", max_size=6),
)


@given(st.lists(_pieces, max_size=14).map("".join))
def test_any_keys_come_to_what_the_instructions_say(keys: str) -> None:
    keying, model = entry(), Model()
    for tone in keys:
        keying.key(tone)
        model.key(tone)
        if model.failed:
            assert keying.stage is DigitsStage.FAILED
            assert not any(keying._digits)
            continue
        stages = (DigitsStage.NUMBER, DigitsStage.EXPIRY, DigitsStage.CODE, DigitsStage.CHECKING)
        assert keying.stage is stages[len(model.taken)]
        assert keying.received == len(model.now)
        # Nothing is left behind what was keyed.
        assert bytes(keying._digits).rstrip(b"\0").decode() == "".join(model.taken) + model.now
        if len(model.taken) == 3:
            assert [bytes(part).decode() for part in keying.parts()] == model.taken
        elif model.now:
            assert (keying.valid is True) == model.good()
