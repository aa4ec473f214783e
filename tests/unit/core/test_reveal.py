"""A field in clear: who may ask, what is shown, and everything that covers it again."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from client.core import events, intents
from client.core import telephony as tel
from client.core.snapshot import (
    CardFieldSnapshot,
    CardSnapshot,
    RevealReasonSnapshot,
    RevealStage,
    Sheet,
    Words,
)
from tests.unit.core.playbook import CALL, CODES, REF, Playbook, of_kind

LEASE = "l_0123456789abcdef"
REASONS = (RevealReasonSnapshot("call-back", Words("To call back", "回拨")),)
CARD = CardSnapshot(
    known=True,
    fields=(
        CardFieldSnapshot("name", "C2", masked=True, value="张*"),
        CardFieldSnapshot("mobile", "C2", masked=True, value="138****1234", revealable=True),
        CardFieldSnapshot("address", "C2", masked=True, value="上海市****", revealable=True),
    ),
)
OTHER_CALL = CALL + 1
HEADSET_CHOSEN = (
    events.SoundRemembered("microphone", "headset", "loudspeaker", "left"),
    tel.SoundChanged("microphone", "headset", ring="loudspeaker"),
)


def in_call(trust: int = 2) -> Playbook:
    """An agent talks to a customer of whom two fields can be revealed."""
    desk = Playbook().talking()
    desk.happens(
        events.DeviceReady("Bank", CODES, (), reveal_reasons=REASONS, may_type_reason=True),
        events.WindowFocus(focused=True),
        events.CardArrived(REF, CARD, None, trust, ()),
    )
    desk.wanted.clear()
    return desk


def asked(desk: Playbook) -> int:
    """The number of the request that was sent last."""
    asks = of_kind(desk.wanted, intents.AskReveal)
    assert isinstance(asks[-1], intents.AskReveal)
    return asks[-1].request


def asking() -> Playbook:
    """The desk has asked."""
    desk = in_call()
    desk.happens(events.RevealSubmitted("mobile", "call-back"))
    return desk


def granted(desk: Playbook, *, shown: bool = True) -> events.RevealAnswered:
    """The server's answer to the last request."""
    return events.RevealAnswered(LEASE, "mobile", shown, 20, desk.now + 60, asked(desk))


def waiting() -> Playbook:
    """A supervisor is asked."""
    desk = asking()
    desk.happens(granted(desk, shown=False))
    return desk


def shown() -> Playbook:
    """The value is on the screen."""
    desk = asking()
    desk.happens(granted(desk))
    return desk


def ends(desk: Playbook) -> list[tuple[str, str]]:
    """The leases that were ended, and why."""
    return [(one.lease, one.reason) for one in desk.wanted if isinstance(one, intents.EndReveal)]


def test_a_field_is_chosen_with_a_reason_and_asked_for() -> None:
    desk = in_call()
    assert "customer.reveal" in desk.sees.enabled
    desk.presses("customer.reveal")
    assert desk.sees.sheet is Sheet.REVEAL
    assert desk.sees.reveal_reasons == REASONS
    assert desk.happens(events.RevealSubmitted("mobile", "call-back")) == [
        intents.AskReveal(REF, "mobile", "call-back", "", 1)
    ]
    assert desk.sees.sheet is None
    assert desk.sees.reveal is not None
    assert desk.sees.reveal.stage is RevealStage.ASKING


def test_a_typed_reason_will_do_where_it_is_allowed() -> None:
    desk = in_call()
    assert desk.happens(events.RevealSubmitted("mobile", typed_reason="  asked twice ")) == [
        intents.AskReveal(REF, "mobile", "", "asked twice", 1)
    ]
    desk = in_call()
    desk.happens(events.DeviceReady("Bank", CODES, (), reveal_reasons=REASONS, may_type_reason=False))
    assert desk.happens(events.RevealSubmitted("mobile", typed_reason="asked twice")) == []


@pytest.mark.parametrize(
    "wish",
    [
        events.RevealSubmitted("name", "call-back"),
        events.RevealSubmitted("password", "call-back"),
        events.RevealSubmitted("mobile", "curiosity"),
        events.RevealSubmitted("mobile"),
        events.RevealSubmitted("mobile", typed_reason="   "),
        events.RevealSubmitted("mobile", "call-back", "and also"),
    ],
)
def test_what_may_not_be_asked_is_not_asked(wish: events.RevealSubmitted) -> None:
    desk = in_call()
    assert desk.happens(wish) == []
    assert desk.sees.reveal is None


def test_the_value_is_shown_for_its_seconds_and_then_covered() -> None:
    desk = shown()
    assert desk.sees.reveal is not None
    assert (desk.sees.reveal.stage, desk.sees.reveal.lease) == (RevealStage.SHOWN, LEASE)
    assert desk.sees.reveal.ends_at == desk.now + 20
    assert intents.TellShown(LEASE, desk.now) in desk.wanted
    assert intents.Later(20, events.RevealDue(LEASE)) in desk.wanted
    desk.now += 20
    assert desk.happens(events.RevealDue(LEASE)) == [intents.EndReveal(REF, LEASE, "expired", 20.0)]
    assert desk.sees.reveal is None
    assert "customer.reveal" in desk.sees.enabled


def test_one_field_at_a_time() -> None:
    desk = shown()
    assert "customer.reveal" not in desk.sees.enabled
    assert desk.happens(events.RevealSubmitted("address", "call-back")) == []
    assert desk.sees.reveal is not None
    assert desk.sees.reveal.name == "mobile"


def test_the_time_of_an_earlier_field_does_not_cover_the_next() -> None:
    desk = shown()
    desk.presses("customer.hide")
    desk.happens(events.RevealSubmitted("address", "call-back"))
    desk.happens(events.RevealAnswered("l_next", "address", True, 20, desk.now + 60, asked(desk)))
    assert desk.happens(events.RevealDue(LEASE)) == []
    assert desk.sees.reveal is not None


def _second_call_answered(desk: Playbook) -> None:
    desk.happens(tel.CallIncoming(OTHER_CALL, "c_reference2"))
    desk.presses("call.answer")


def _consult(desk: Playbook) -> None:
    desk.presses("call.consult")
    desk.happens(events.DialSubmitted(entry="chen"))


CAUSES: dict[str, tuple[str, Callable[[Playbook], object]]] = {
    "the agent hides it": ("hidden", lambda desk: desk.presses("customer.hide")),
    "the customer hangs up": ("call-left", lambda desk: desk.happens(tel.CallEnded(CALL, tel.CallEnd.REMOTE))),
    "the agent hangs up": ("call-left", lambda desk: desk.presses("call.hang-up")),
    "the agent holds": ("call-left", lambda desk: desk.presses("call.hold")),
    "a colleague is asked": ("call-left", _consult),
    "a second call is taken": ("call-left", _second_call_answered),
    "the customer is passed on": (
        "call-left",
        lambda desk: (desk.presses("call.transfer"), desk.happens(events.DialSubmitted(entry="chen"))),
    ),
    "the engine dies": ("call-left", lambda desk: desk.happens(tel.EngineStopped(1, again_in=1.0))),
    "trust drops to masked": ("trust-lost", lambda desk: desk.happens(events.TrustChanged(1, ()))),
    "trust drops to nothing": ("trust-lost", lambda desk: desk.happens(events.TrustChanged(0, ()))),
    "the link is lost": ("connection-lost", lambda desk: desk.happens(events.LinkChanged(connected=False))),
    "the session is over": ("session-ended", lambda desk: desk.happens(events.SignedOut("signed-in-elsewhere"))),
    "another card comes": (
        "not-shown",
        lambda desk: desk.happens(events.CardArrived(REF, CardSnapshot(known=False), None, 2, ())),
    ),
    "the server ends it": ("expired", lambda desk: desk.happens(events.RevealEnded(LEASE, "expired"))),
}
LOOKING_AWAY: dict[str, tuple[str, Callable[[Playbook], object]]] = {
    "the window loses the focus": ("focus-lost", lambda desk: desk.happens(events.WindowFocus(focused=False))),
    "the PC is locked": ("locked", lambda desk: desk.happens(events.WindowFocus(focused=False, locked=True))),
    "the PC is locked under the window": (
        "locked",
        lambda desk: desk.happens(events.WindowFocus(focused=True, locked=True)),
    ),
}


@pytest.mark.parametrize("cause", [*CAUSES, *LOOKING_AWAY])
def test_what_covers_a_field_covers_it_at_once_and_is_told_once(cause: str) -> None:
    reason, happen = (CAUSES | LOOKING_AWAY)[cause]
    desk = shown()
    desk.now += 3
    happen(desk)
    assert desk.sees.reveal is None
    assert ends(desk) == [(LEASE, reason)]
    # Nothing that comes late ends it again, nor shows it.
    desk.happens(events.RevealDue(LEASE), events.RevealEnded(LEASE, "expired"), granted(desk))
    desk.presses("customer.hide")
    assert ends(desk) == [(LEASE, reason)]
    assert desk.sees.reveal is None


@pytest.mark.parametrize("cause", CAUSES)
def test_who_waits_for_a_supervisor_stops_waiting(cause: str) -> None:
    reason, happen = CAUSES[cause]
    desk = waiting()
    assert desk.sees.reveal is not None
    assert desk.sees.reveal.stage is RevealStage.WAITING
    happen(desk)
    assert desk.sees.reveal is None
    assert ends(desk) == [(LEASE, reason)]


@pytest.mark.parametrize("cause", [cause for cause in CAUSES if cause != "the server ends it"])
def test_an_answer_to_who_has_given_up_is_ended_as_it_comes(cause: str) -> None:
    reason, happen = CAUSES[cause]
    desk = asking()
    happen(desk)
    assert ends(desk) == []
    desk.happens(granted(desk))
    assert ends(desk) == [(LEASE, reason)]
    assert desk.sees.reveal is None
    assert not of_kind(desk.wanted, intents.TellShown)


@pytest.mark.parametrize("cause", LOOKING_AWAY)
def test_who_looks_away_while_waiting_is_shown_nothing_unless_they_are_back(cause: str) -> None:
    reason, happen = LOOKING_AWAY[cause]
    desk = waiting()
    happen(desk)
    assert ends(desk) == []
    desk.happens(granted(desk))
    assert ends(desk) == [(LEASE, reason)]
    assert not of_kind(desk.wanted, intents.TellShown)
    desk = waiting()
    happen(desk)
    desk.happens(events.WindowFocus(focused=True), granted(desk))
    assert ends(desk) == []
    assert of_kind(desk.wanted, intents.TellShown)


def test_a_window_that_never_said_that_it_has_the_focus_shows_nothing() -> None:
    desk = Playbook().talking()
    desk.happens(
        events.DeviceReady("Bank", CODES, (), reveal_reasons=REASONS),
        events.CardArrived(REF, CARD, None, 2, ()),
        events.RevealSubmitted("mobile", "call-back"),
    )
    desk.happens(granted(desk))
    assert ends(desk) == [(LEASE, "focus-lost")]


def test_a_card_that_comes_again_unchanged_covers_nothing() -> None:
    desk = shown()
    desk.happens(events.CardArrived(REF, replace(CARD), None, 2, ()))
    assert ends(desk) == []


def test_a_call_that_rings_meanwhile_covers_nothing() -> None:
    desk = shown()
    desk.happens(tel.CallIncoming(OTHER_CALL, "c_reference2"))
    assert ends(desk) == []


@pytest.mark.parametrize(
    "code",
    ["trust-too-low", "reveal-refused", "reveal-too-often", "reveal-running", "device-proof-wrong", "unavailable"],
)
def test_a_refusal_is_told_in_words_and_the_agent_may_try_again(code: str) -> None:
    desk = asking()
    desk.happens(events.RevealRefused("mobile", code, asked(desk)))
    assert desk.problem == code
    assert desk.sees.reveal is None
    desk.happens(events.RevealSubmitted("mobile", "call-back"))
    assert of_kind(desk.wanted, intents.AskReveal)
    assert desk.sees.reveal is not None


def test_a_refusal_of_what_was_given_up_is_not_told() -> None:
    desk = asking()
    desk.presses("customer.hide")
    desk.happens(events.RevealRefused("mobile", "reveal-refused", asked(desk)))
    assert desk.problem == ""
    desk.happens(granted(desk))
    assert ends(desk) == []


@pytest.mark.parametrize(
    ("reason", "code"), [("not-approved", "reveal-not-approved"), ("not-shown", "reveal-not-shown")]
)
def test_what_came_to_nothing_is_told_in_words(reason: str, code: str) -> None:
    desk = waiting()
    desk.happens(events.RevealEnded(LEASE, reason))
    assert desk.problem == code
    assert ends(desk) == [(LEASE, reason)]


def test_nothing_can_be_revealed_below_t2_nor_without_a_connection() -> None:
    desk = in_call(trust=1)
    assert "customer.reveal" not in desk.sees.enabled
    assert desk.happens(events.RevealSubmitted("mobile", "call-back")) == []
    desk = in_call()
    desk.happens(events.LinkChanged(connected=False))
    assert "customer.reveal" not in desk.sees.enabled


def test_the_sheet_goes_when_nothing_can_be_asked_any_more() -> None:
    desk = in_call()
    desk.presses("customer.reveal")
    desk.happens(tel.CallEnded(CALL, tel.CallEnd.REMOTE))
    assert desk.sees.sheet is None


def test_it_is_read_aloud_only_while_it_is_shown() -> None:
    desk = waiting()
    desk.happens(events.PrivateVoiceFound(), *HEADSET_CHOSEN)
    assert desk.presses("customer.speak") == []
    desk.happens(granted(desk))
    assert desk.presses("customer.speak") == [intents.SpeakReveal(LEASE, "headset", "right")]


def test_without_a_voice_nothing_is_read_aloud_and_it_is_covered_in_time() -> None:
    desk = shown()
    desk.happens(*HEADSET_CHOSEN)
    assert "customer.speak" not in desk.sees.enabled
    assert desk.presses("customer.speak") == []
    desk.happens(events.RevealDue(LEASE))
    assert ends(desk) == [(LEASE, "expired")]


@pytest.mark.parametrize(
    ("chosen", "ring", "used", "private"),
    [
        ("headset", "", "headset", True),
        ("headset", "loudspeaker", "headset", True),
        ("headset", "", "", False),
        ("", "", "", False),
        # Nobody said that what the system chose is a headset.
        ("", "", "headset", False),
        # The headset was pulled out, and the call goes on at what is left.
        ("headset", "", "loudspeaker", False),
        ("headset", "headset", "headset", False),
        ("headset:1", "headset", "headset:1", False),
    ],
)
def test_it_is_read_aloud_only_where_nobody_else_hears_it(chosen: str, ring: str, used: str, private: bool) -> None:
    desk = shown()
    desk.happens(
        events.PrivateVoiceFound(), events.SoundRemembered("", chosen, ring, "both"), tel.SoundChanged("", used)
    )
    wanted = desk.presses("customer.speak")
    assert wanted == ([intents.SpeakReveal(LEASE, used, "both")] if private else [])
    assert desk.problem == ("" if private else "reveal-not-private")
    desk.happens(*HEADSET_CHOSEN)
    assert of_kind(desk.presses("customer.speak"), intents.SpeakReveal)
    assert desk.problem == ""


def test_a_clock_that_is_set_back_or_forth_tells_no_nonsense() -> None:
    for moved in (-500.0, 50_000.0):
        desk = shown()
        desk.now += moved
        desk.presses("customer.hide")
        end = of_kind(desk.wanted, intents.EndReveal)[0]
        assert isinstance(end, intents.EndReveal)
        assert 0 <= end.shown_seconds <= 600


# --- Trust ------------------------------------------------------------------------------------------------------------


def test_at_t1_nothing_is_revealable_any_more_and_the_card_is_asked_for_again() -> None:
    desk = in_call()
    wanted = desk.happens(events.TrustChanged(1, ("screen-capture-possible",)))
    assert intents.FetchCard(REF) in wanted
    assert desk.sees.card is not None
    assert not any(entry.revealable for entry in desk.sees.card.fields)
    assert desk.sees.card.value("mobile") == "138****1234"
    assert desk.sees.status.trust == 1


def test_at_t0_the_card_and_the_names_in_the_list_are_gone() -> None:
    desk = in_call()
    wanted = desk.happens(events.TrustChanged(0, ("no-posture",)))
    assert desk.sees.card is None
    assert desk.sees.call is not None
    assert desk.sees.call.label is None
    assert desk.sees.history == ()
    assert {intents.FetchCard(REF), intents.FetchHistory()} <= set(wanted)


def test_a_card_that_waits_for_its_call_is_forgotten_when_trust_drops() -> None:
    desk = Playbook().ready()
    desk.happens(events.CardArrived(REF, CARD, None, 2, ()), events.TrustChanged(1, ()))
    assert intents.FetchCard(REF) in desk.happens(tel.CallIncoming(CALL, REF))
    assert desk.sees.card is None


def test_more_trust_asks_for_the_card_again_and_takes_nothing_away() -> None:
    desk = in_call(trust=1)
    wanted = desk.happens(events.TrustChanged(2, ()))
    assert intents.FetchCard(REF) in wanted
    assert desk.sees.card == CARD
    assert desk.happens(events.TrustChanged(2, ())) == []
