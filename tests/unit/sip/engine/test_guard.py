"""When the engine ends a call by itself: never while anybody can, and always when nobody can any more."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from client.sip.engine.guard import Signs, is_dead
from client.sip.patience import Patience

PATIENCE = Patience(ringing=30.0, silence=30.0, edge=60.0, hopeless=120.0)
SECONDS = st.floats(0.0, 1_000.0)


def signs(
    desk_gone: float = 0.0,
    edge_gone: float = 0.0,
    unheard: float = 0.0,
    unsignalled: float = 1_000.0,
    *,
    ringing: bool = False,
) -> Signs:
    return Signs(desk_gone, edge_gone, unheard, unsignalled, ringing)


@pytest.mark.parametrize(
    ("signs", "dead"),
    [
        # The desk crashed and the customer talks on: nobody is cut off, for however long.
        (signs(desk_gone=900.0), False),
        (signs(desk_gone=31.0, unheard=31.0), True),
        # The silence began before the desk went; a restarting desk has its time all the same.
        (signs(desk_gone=5.0, unheard=300.0), False),
        (signs(desk_gone=300.0, unheard=5.0), False),
        (signs(desk_gone=61.0, edge_gone=61.0), True),
        (signs(desk_gone=61.0, edge_gone=10.0), False),
        (signs(desk_gone=31.0, unheard=31.0, ringing=True), True),
        (signs(desk_gone=10.0, unheard=100.0, ringing=True), False),
        # With a desk, silence alone never ends a call.
        (signs(unheard=900.0), False),
        (signs(edge_gone=900.0), False),
        (signs(unheard=900.0, edge_gone=900.0), True),
        (signs(unheard=900.0, edge_gone=900.0, unsignalled=10.0), False),
    ],
)
def test_a_call_is_ended_only_when_nobody_else_can(signs: Signs, dead: bool) -> None:
    assert is_dead(signs, PATIENCE) is dead


@given(SECONDS, SECONDS, st.booleans())
def test_what_is_heard_with_a_desk_is_never_ended(edge_gone: float, unsignalled: float, ringing: bool) -> None:
    assert not is_dead(Signs(0.0, edge_gone, 0.0, unsignalled, ringing), PATIENCE)


@given(SECONDS, SECONDS, SECONDS, SECONDS, st.booleans())
def test_without_a_desk_silence_always_ends(
    desk_gone: float, edge_gone: float, unheard: float, unsignalled: float, ringing: bool
) -> None:
    if min(desk_gone, unheard) > PATIENCE.silence:
        assert is_dead(Signs(desk_gone, edge_gone, unheard, unsignalled, ringing), PATIENCE)
