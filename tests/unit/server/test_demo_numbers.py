"""The demo's customers have numbers that pass every check, so that their masks are those of real ones."""

import random

from hypothesis import given
from hypothesis import strategies as st

from server.demo import numbers
from server.masking import formats


@given(st.integers())
def test_the_demos_numbers_are_right(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311
    card, identity, mobile = numbers.card_number(chance), numbers.id_card(chance), numbers.mobile(chance)
    assert card[-1] == numbers.luhn_digit(card[:-1])
    assert identity[-1] == numbers.id_check(identity[:-1])
    # A card that failed the check would keep its last four digits only.
    assert (formats.card_number(card)[:6], formats.card_number(card).count(formats.STAR)) == (card[:6], 6)
    assert formats.id_card(identity).count(formats.STAR) == 16
    assert formats.phone(mobile)[3:7] == "****"


def test_published_check_digits() -> None:
    assert numbers.luhn_digit("7992739871") == "3"
    assert numbers.id_check("11010519491231002") == "X"
