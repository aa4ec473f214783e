"""The sheet on which an agent sees how far a customer is with keying in a card."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt

from client.core.events import DigitsAsked, Invoked, SheetClosed
from client.core.snapshot import DeskSnapshot, DigitsSnapshot
from client.ui import samples
from tests.unit.ui.conftest import Desk, MakeDesk

K = Qt.Key


@pytest.fixture
def desk(make_desk: MakeDesk) -> Desk:
    return make_desk().show(samples.READY)


def keyed(stage: str, received: int = 0, expected: int = 0, *, valid: bool | None = None) -> DeskSnapshot:
    return replace(samples.DIGITS_NUMBER, digits=DigitsSnapshot(stage, received, expected, valid))


def test_by_keys_alone_the_agent_lets_the_customer_key(desk: Desk) -> None:
    desk.show(replace(samples.TALKING, enabled=samples.DIGITS.enabled)).press(K.Key_G, K.Key_P)
    assert desk.sent == [Invoked("customer.digits")]
    desk.show(samples.DIGITS)
    assert desk.focus == "digits.amount"
    desk.type("12.50").press(K.Key_Return)
    assert desk.sent[-1] == DigitsAsked("12.50")


def test_an_amount_that_is_none_is_said_and_not_sent(desk: Desk) -> None:
    desk.show(samples.DIGITS).type("12,5").press(K.Key_Return)
    assert not [event for event in desk.sent if isinstance(event, DigitsAsked)]
    assert ("Type an amount such as 12.50, or nothing.", True) in desk.said


def test_dots_fill_and_the_count_is_in_words(desk: Desk) -> None:
    desk.show(samples.DIGITS, samples.DIGITS_NUMBER)
    assert desk.text("digits.number.dots") == "●" * 12 + "○" * 4
    assert desk.text("digits.number.count") == "12 of 16"
    assert desk.find("digits.number").accessibleName() == "Card number: 12 of 16"
    desk.show(samples.DIGITS_VALID)
    assert desk.text("digits.number.count") == "16 of 16, valid"
    desk.show(samples.DIGITS_CODE)
    assert desk.text("digits.number.count") == "Done"
    assert desk.text("digits.code.dots") == "●●○"
    assert not desk.shown("digits.number.dots")


def test_what_to_say_changes_with_the_step(desk: Desk) -> None:
    desk.show(samples.DIGITS, samples.DIGITS_NUMBER)
    assert desk.text("digits.guidance").startswith("Ask for the card number")
    desk.show(samples.DIGITS_WRONG)
    assert desk.text("digits.guidance").startswith("That number is not right")
    desk.show(keyed("expiry"))
    assert desk.text("digits.guidance").startswith("Ask for month and year")


def test_steps_ends_and_errors_are_spoken_and_single_digits_are_not(desk: Desk) -> None:
    desk.show(samples.DIGITS, keyed("number"))
    desk.said.clear()
    desk.show(keyed("number", 1), keyed("number", 2, 16), keyed("number", 15, 16))
    assert desk.said == []
    desk.show(keyed("number", 16, 16, valid=True))
    assert desk.said == [("16 of 16, valid", False)]
    desk.show(samples.DIGITS_WRONG)
    assert desk.said[-1] == ("That number is not right. Ask for it once more, from the first digit.", True)
    desk.show(keyed("expiry"))
    assert desk.said[-1][0].startswith("Ask for month and year")
    desk.show(samples.DIGITS_PAID)
    assert desk.said[-1] == ("Paid. The card was accepted.", True)


def test_an_end_is_spoken_behind_a_closed_sheet_too(desk: Desk) -> None:
    going, lost = replace(samples.DIGITS_NUMBER, sheet=None), replace(samples.DIGITS_LOST, sheet=None)
    desk.show(going, lost)
    assert desk.said[-1][0].startswith("The edge was lost.")


def test_stopping_and_closing_are_two_things(desk: Desk) -> None:
    desk.show(samples.DIGITS, samples.DIGITS_NUMBER)
    assert desk.focus == "digits.close"
    desk.press(K.Key_G, K.Key_X)
    assert desk.sent[-1] == Invoked("customer.digits-cancel")
    desk.press(K.Key_Escape)
    assert desk.sent[-1] == SheetClosed()
    desk.show(samples.DIGITS_CHECKING)
    assert not desk.find("customer.digits-cancel").isEnabled()


@pytest.mark.parametrize(
    "outcome",
    ["no-events", "no-call", "edge-lost", "timeout", "call-ended", "payment-unknown", "wrong-number", "edge-slow"],
)
def test_every_failure_has_words(desk: Desk, outcome: str) -> None:
    failed = replace(samples.DIGITS, digits=DigitsSnapshot("failed", outcome=outcome))
    desk.show(samples.DIGITS, samples.DIGITS_NUMBER, failed)
    assert len(desk.text("digits.guidance")) > 20
    assert not desk.shown("digits.number")
    assert desk.focus == "digits.close"


def test_with_little_room_the_present_step_is_what_stays(make_desk: MakeDesk) -> None:
    desk = make_desk(size=(1000, 700), zoom=2.0).show(samples.READY, samples.DIGITS, samples.DIGITS_CODE)
    assert desk.shown("digits.code")
    assert not desk.shown("digits.number")
    assert not desk.shown("digits.promise")
