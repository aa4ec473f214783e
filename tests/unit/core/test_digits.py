"""A card that is keyed in: what the agent can do, and what the screen is told."""

import pytest

from client.core import events, intents
from client.core import telephony as tel
from client.core.snapshot import DigitsSnapshot, Sheet
from tests.unit.core.playbook import CALL, REF, Playbook, of_kind

DIGITS = "d_0123456789abcdef"


def in_call() -> Playbook:
    desk = Playbook().talking()
    desk.happens(events.LinkChanged(connected=True))
    desk.wanted.clear()
    return desk


def arrived(stage: str, received: int = 0, *, digits: str = DIGITS, ref: str = REF, outcome: str = "") -> events.Event:
    return events.DigitsArrived(ref, digits, DigitsSnapshot(stage, received, 16, outcome=outcome))


def keying() -> Playbook:
    desk = in_call()
    desk.happens(events.Invoked("customer.digits"), events.DigitsAsked("12.50"), arrived("number"))
    return desk


def stage(desk: Playbook) -> str:
    return desk.sees.digits.stage if desk.sees.digits is not None else ""


def test_asking_for_a_card() -> None:
    desk = in_call()
    desk.happens(events.Invoked("customer.digits"))
    assert desk.sees.sheet is Sheet.DIGITS
    desk.happens(events.DigitsAsked("12.50"))
    assert of_kind(desk.wanted, intents.AskDigits) == [intents.AskDigits(REF, "12.50")]
    assert stage(desk) == "asking"
    desk.happens(arrived("number", 4))
    assert desk.sees.digits == DigitsSnapshot("number", 4, 16)


@pytest.mark.parametrize("amount", ["12,50", "-1", "12.5", "1234567890", "abc"])
def test_an_amount_that_is_none_is_not_sent(amount: str) -> None:
    desk = in_call()
    desk.happens(events.DigitsAsked(amount))
    assert of_kind(desk.wanted, intents.AskDigits) == []


def test_only_one_at_a_time() -> None:
    desk = keying()
    desk.happens(events.DigitsAsked())
    assert len(of_kind(desk.wanted, intents.AskDigits)) == 1


def test_not_without_a_connected_call_or_the_server() -> None:
    desk = Playbook().ready()
    assert "customer.digits" not in desk.sees.enabled
    desk = in_call()
    assert "customer.digits" in desk.sees.enabled
    desk.happens(events.LinkChanged(connected=False))
    assert "customer.digits" not in desk.sees.enabled


def test_stopping_it() -> None:
    desk = keying()
    desk.happens(events.Invoked("customer.digits-cancel"))
    assert of_kind(desk.wanted, intents.CancelDigits) == [intents.CancelDigits(REF, DIGITS)]
    desk.happens(arrived("number", 5))
    assert stage(desk) == "cancelled"
    assert "customer.digits-cancel" not in desk.sees.enabled


def test_stopping_it_before_the_server_has_answered() -> None:
    desk = in_call()
    desk.happens(events.DigitsAsked(), events.Invoked("customer.digits-cancel"))
    assert of_kind(desk.wanted, intents.CancelDigits) == []
    desk.happens(arrived("number"), arrived("number", 1))
    assert of_kind(desk.wanted, intents.CancelDigits) == [intents.CancelDigits(REF, DIGITS)]
    assert stage(desk) == "cancelled"


def test_a_card_that_was_accepted_all_the_same_is_told() -> None:
    desk = keying()
    desk.happens(events.Invoked("customer.digits-cancel"), arrived("accepted", outcome="accepted"))
    assert stage(desk) == "accepted"


def test_what_the_payment_service_has_cannot_be_stopped() -> None:
    desk = keying()
    desk.happens(arrived("checking"))
    assert "customer.digits-cancel" not in desk.sees.enabled


def test_keying_goes_on_behind_a_closed_sheet_and_its_end_stays_until_it_is_seen() -> None:
    desk = keying()
    desk.happens(events.SheetClosed(), arrived("code", 3), arrived("declined", outcome="insufficient-funds"))
    assert stage(desk) == "declined"
    desk.happens(events.Invoked("customer.digits"))
    assert (desk.sees.sheet, stage(desk)) == (Sheet.DIGITS, "declined")
    desk.happens(events.SheetClosed())
    assert desk.sees.digits is None


def test_the_call_ends() -> None:
    desk = keying()
    desk.happens(events.SheetClosed(), tel.CallEnded(CALL, tel.CallEnd.REMOTE))
    assert stage(desk) == "failed"
    assert desk.sees.digits is not None
    assert desk.sees.digits.outcome == "call-ended"


def test_a_charge_that_outlives_the_call_is_told() -> None:
    desk = keying()
    desk.happens(arrived("checking"), tel.CallEnded(CALL, tel.CallEnd.REMOTE))
    assert stage(desk) == "checking"
    desk.happens(arrived("accepted", outcome="accepted"))
    assert stage(desk) == "accepted"


def test_a_refusal() -> None:
    desk = in_call()
    desk.happens(events.Invoked("customer.digits"), events.DigitsAsked(), events.DigitsRefused("digits-unavailable"))
    assert desk.sees.digits is None
    assert desk.sees.sheet is None
    assert desk.sees.problem is not None
    assert desk.sees.problem.code == "digits-unavailable"


def test_what_is_of_another_call_or_another_card_is_not_shown() -> None:
    desk = keying()
    desk.happens(arrived("code", 2, ref="c_somebody_else"), arrived("code", 2, digits="d_another_0123456789"))
    assert stage(desk) == "number"


def test_signing_out_forgets_it() -> None:
    desk = keying()
    desk.happens(events.SignedOut("session-required"))
    desk.happens(tel.CallEnded(CALL, tel.CallEnd.REMOTE))
    assert desk.sees.person is None or stage(desk) in {"", "failed"}
