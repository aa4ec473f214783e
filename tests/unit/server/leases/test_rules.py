"""The rules alone, for every combination that there is."""

import itertools
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provisioning.api import LeaseEnd, LeaseState, ProblemType
from provisioning.data_policy import CallState, Clearance
from provisioning.default_policy import default_policy
from provisioning.trust import DataClass, TrustLevel, WorkType
from server.calls.models import Call, Direction
from server.leases.models import LeaseRow
from server.leases.rules import GRACE, WINDOW, Standing, broken, call_state, check_often, check_reason, terms, timed_out
from server.problems import Refused

NOW = datetime(2026, 11, 24, 14, tzinfo=UTC)
FOUR_HOURS = timedelta(hours=4)


def test_a_lease_needs_all_at_once_and_never_a_secret() -> None:
    policy = default_policy()
    combinations = itertools.product(
        policy.fields, (True, False), (True, False), TrustLevel, Clearance, WorkType, CallState
    )
    given_out = 0
    for rule, signed_in, connected, trust, clearance, work, state in combinations:
        standing = Standing(signed_in, connected, trust, clearance, work, state)
        try:
            terms(policy, rule.name, standing)
        except Refused:
            continue
        given_out += 1
        assert (signed_in, connected, state) == (True, True, CallState.CONNECTED)
        assert trust >= TrustLevel.T2
        assert rule.data_class is DataClass.C2
        assert clearance >= rule.clearance
        assert broken(standing) is None
    assert given_out > 0


@pytest.mark.parametrize(
    ("changes", "refused", "end"),
    [
        ({"signed_in": False}, ProblemType.SESSION_REQUIRED, LeaseEnd.SESSION_ENDED),
        ({"connected": False}, ProblemType.REVEAL_REFUSED, LeaseEnd.CONNECTION_LOST),
        ({"call_state": CallState.RINGING}, ProblemType.REVEAL_REFUSED, LeaseEnd.CALL_LEFT),
        ({"call_state": CallState.WRAP_UP}, ProblemType.REVEAL_REFUSED, LeaseEnd.CALL_LEFT),
        ({"trust": TrustLevel.T1}, ProblemType.TRUST_TOO_LOW, LeaseEnd.TRUST_LOST),
        ({"clearance": Clearance.BASIC}, ProblemType.REVEAL_REFUSED, None),
        ({"work_type": WorkType.MARKETING}, ProblemType.REVEAL_REFUSED, None),
    ],
)
def test_each_thing_that_is_missing_has_its_own_answer(
    changes: dict[str, object], refused: ProblemType, end: LeaseEnd | None
) -> None:
    good: dict[str, object] = {
        "signed_in": True,
        "connected": True,
        "trust": TrustLevel.T2,
        "clearance": Clearance.STANDARD,
        "work_type": WorkType.SERVICE,
        "call_state": CallState.CONNECTED,
    }
    assert terms(default_policy(), "phone", Standing(**good)).seconds == 20  # type: ignore[arg-type]
    standing = Standing(**(good | changes))  # type: ignore[arg-type]
    with pytest.raises(Refused) as caught:
        terms(default_policy(), "phone", standing)
    assert caught.value.problem.problem_type is refused
    assert broken(standing) is end


def test_how_far_a_call_is() -> None:
    incoming = Call(ref="c_12345678", direction=Direction.INCOMING, offered_at=NOW)
    assert call_state(incoming, NOW, FOUR_HOURS) is CallState.RINGING
    incoming.answered_at = NOW
    assert call_state(incoming, NOW, FOUR_HOURS) is CallState.CONNECTED
    # Nobody reported its end.
    assert call_state(incoming, NOW + FOUR_HOURS, FOUR_HOURS) is CallState.WRAP_UP
    incoming.ended_at = NOW
    assert call_state(incoming, NOW, FOUR_HOURS) is CallState.WRAP_UP
    # A desk that reports the answer of what the edge never dialled.
    outgoing = Call(ref="c_12345679", direction=Direction.OUTGOING, offered_at=NOW, answered_at=NOW)
    assert call_state(outgoing, NOW, FOUR_HOURS) is CallState.RINGING
    outgoing.dialled_at = NOW
    assert call_state(outgoing, NOW, FOUR_HOURS) is CallState.CONNECTED


@given(st.lists(st.integers(1, 3599), max_size=12), st.integers(1, 8))
def test_the_wait_is_over_when_it_says(ages: list[int], per_hour: int) -> None:
    granted = sorted(NOW - timedelta(seconds=age) for age in ages)
    try:
        check_often(granted, per_hour, NOW)
        assert len(granted) < per_hour
    except Refused as refused:
        assert len(granted) >= per_hour
        wait = timedelta(seconds=refused.problem.retry_after or 0)
        left = [moment for moment in granted if moment > NOW + wait - WINDOW]
        check_often(left, per_hour, NOW + wait)
        sooner = NOW + wait - timedelta(seconds=2)
        with pytest.raises(Refused):
            check_often([moment for moment in granted if moment > sooner - WINDOW], per_hour, sooner)


def test_a_reason_is_of_the_list_or_typed_where_that_is_allowed() -> None:
    policy = default_policy()
    check_reason(policy, "identity-check", "")
    check_reason(policy, "", "typed")
    with pytest.raises(Refused):
        check_reason(policy, "invented", "")
    strict = policy.model_copy(update={"typed_reason": False})
    with pytest.raises(Refused):
        check_reason(strict, "", "typed")


def test_when_a_lease_is_over_by_the_clock() -> None:
    waiting = LeaseRow(state=LeaseState.WAITING, asked_at=NOW, expires_at=NOW + timedelta(seconds=60))
    assert timed_out(waiting, NOW + timedelta(seconds=59)) is None
    assert timed_out(waiting, NOW + timedelta(seconds=60)) is LeaseEnd.NOT_APPROVED
    later = NOW + timedelta(seconds=30)
    until = later + timedelta(seconds=20) + GRACE
    granted = LeaseRow(state=LeaseState.GRANTED, asked_at=NOW, granted_at=later, expires_at=until)
    assert timed_out(granted, until - timedelta(seconds=1)) is None
    assert timed_out(granted, until) is LeaseEnd.NOT_SHOWN
    assert timed_out(granted, later - timedelta(seconds=4)) is None
    assert timed_out(granted, later - timedelta(seconds=6)) is LeaseEnd.NOT_SHOWN
    granted.shown_at = later
    assert timed_out(granted, until) is LeaseEnd.EXPIRED
