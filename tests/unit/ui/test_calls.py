"""Several calls on the screen: what is seen of each, what can be done, and what is said about them."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt

from client.core.agent import AgentState
from client.core.calls import CallState
from client.core.events import CallBack, CallChosen, Invoked
from client.core.keys import KeyProfile
from client.core.snapshot import DeskSnapshot, Direction, Words
from client.ui import samples
from client.ui.call_words import notice
from client.ui.panels.call_strip import CallChip
from tests.unit.ui.conftest import Desk, MakeDesk

K = Qt.Key
_SEVERAL = ("call.swap", "call.connect", "call.conference", "call.split")


def _chips(desk: Desk) -> list[str]:
    chips = [chip for chip in desk.window.call_bar.strip.chips if chip.isVisible()]
    return [f"{chip.accessibleName()} | {chip.text()}" for chip in chips]


def _offered(desk: Desk) -> list[str]:
    return [name for name in _SEVERAL if desk.shown(name)]


def test_one_call_looks_as_it_always_did(desk: Desk) -> None:
    for snapshot in (samples.READY, samples.RINGING, samples.TALKING, samples.WRAP_UP):
        desk.show(snapshot)
        assert not desk.shown("other-calls")


def test_a_second_call_waits_beside_the_present_one(desk: Desk) -> None:
    desk.show(samples.TALKING, samples.SECOND_CALL)
    assert _chips(desk) == ["李*: Waiting | Waiting 00:12"]
    assert desk.text("caller") == "张*"
    assert desk.text("other-calls.hint") == "Answering puts your present call on hold."
    assert {name for name in ("call.answer", "call.reject", "call.hang-up") if desk.shown(name)} == {
        "call.answer",
        "call.reject",
        "call.hang-up",
    }
    assert desk.window.call_bar.strip.isAncestorOf(desk.find("call.answer"))
    assert ("A second call waits. 李*. Answer: A. That puts your present call on hold.", True) in desk.said
    assert desk.window.windowTitle().startswith("● Incoming call")
    desk.press(K.Key_A)
    assert desk.sent == [Invoked("call.answer")]


def test_answering_stands_above_again_for_the_next_single_call(desk: Desk) -> None:
    desk.show(samples.SECOND_CALL, samples.READY, samples.RINGING)
    assert desk.find("call.answer").parentWidget() is desk.window.call_bar.right
    assert desk.shown("call.answer")


def test_the_present_call_keeps_its_buttons_while_another_rings(desk: Desk) -> None:
    desk.show(samples.TALKING)
    before = {name: desk.find(name).geometry() for name in ("call.mute", "call.hold", "call.hang-up", "call.transfer")}
    desk.show(samples.SECOND_CALL)
    assert {name: desk.find(name).geometry() for name in before} == before


@pytest.mark.parametrize("profile", KeyProfile)
def test_several_calls_are_led_by_keys_of_every_profile(make_desk: MakeDesk, profile: KeyProfile) -> None:
    desk = make_desk(keys=profile).show(samples.CONSULTING)
    for command in ("call.swap", "call.connect", "call.conference"):
        desk.window.kit.invoke(command)
    assert desk.sent == [Invoked("call.swap"), Invoked("call.connect"), Invoked("call.conference")]


def test_what_can_be_done_with_two_calls_stands_with_them(desk: Desk) -> None:
    desk.show(samples.CONSULTING)
    assert _chips(desk) == ["张*: On hold | On hold 01:40"]
    assert _offered(desk) == ["call.swap", "call.connect", "call.conference"]
    desk.show(samples.TOGETHER)
    assert desk.text("state") == "Talking together 02:41"
    assert _offered(desk) == ["call.split"]
    desk.press(K.Key_G, K.Key_N)
    assert desk.sent == [Invoked("call.split")]


def test_what_was_offered_stays_in_its_place_while_it_is_not_possible(desk: Desk) -> None:
    desk.show(samples.CONSULTING)
    places = {name: desk.find(name).geometry() for name in _offered(desk)}
    desk.show(replace(samples.CONSULTING, enabled=samples.CONSULTING.enabled - set(_SEVERAL)))
    assert {name: desk.find(name).geometry() for name in _offered(desk)} == places
    assert not any(desk.find(name).isEnabled() for name in places)


def test_a_call_is_chosen_from_its_chip_but_never_answered_by_it(desk: Desk) -> None:
    desk.show(samples.TWO_CALLS)
    chip = desk.find("other-call.1")
    chip.setFocus()
    desk.press(K.Key_Return)
    assert desk.sent == [CallChosen("c7")]
    assert chip.accessibleDescription() == "On hold 00:12"
    desk.show(samples.SECOND_CALL)
    desk.press(K.Key_Return)
    assert desk.sent == [CallChosen("c7")]


def test_every_call_has_a_chip_however_many(desk: Desk) -> None:
    call = samples.TWO_CALLS.calls[1]
    many = tuple(replace(call, ref=f"x{number}", label=Words(f"No {number}", "")) for number in range(6))
    desk.show(replace(samples.TALKING, calls=(samples.TALKING.call, *many)))  # type: ignore[arg-type]
    assert [text.split(":")[0] for text in _chips(desk)] == [f"No {number}" for number in range(6)]
    desk.show(samples.TALKING)
    assert _chips(desk) == []


@pytest.mark.parametrize("state", [state for state in CallState if state is not CallState.ENDED])
def test_every_state_of_another_call_has_words(desk: Desk, state: CallState) -> None:
    other = replace(samples.TWO_CALLS.calls[1], state=state, held=False)
    desk.show(replace(samples.TWO_CALLS, calls=(samples.TWO_CALLS.calls[0], other)))
    assert len(_chips(desk)) == 1
    assert not desk.window.grab().isNull()


@pytest.mark.parametrize(
    ("snapshot", "state", "about"),
    [
        (samples.DIALLING, "Ringing there 00:06", "Outgoing call"),
        (
            samples.EARLY_MEDIA,
            "Ringing there 00:06",
            "Nobody has answered yet: what you hear is a tone or an announcement.",
        ),
        (
            samples.HELD_THERE,
            "You are on hold 02:41",
            "The other side has put you on hold. They do not hear you.",
        ),
        (
            samples.SILENT,
            "On a call 02:41",
            "Nothing arrives from the other side. Ask whether they hear you; if not, hang up and call again.",
        ),
        (
            samples.PASSING_ON,
            "Passing on 02:41",
            "The customer is being passed on. Until that has worked, the call is yours.",
        ),
        (samples.BREAK_NEXT, "On a call 02:41", "Break after this call · Service · Earlier contacts: 2"),
    ],
)
def test_the_bar_says_how_the_call_stands(desk: Desk, snapshot: DeskSnapshot, state: str, about: str) -> None:
    desk.show(snapshot)
    assert desk.text("state") == state
    assert desk.text("caller-about") == about


def test_a_call_as_usual_needs_no_notice() -> None:
    assert samples.TALKING.call is not None
    assert notice(samples.TALKING.call) == ("", "dim")


def test_the_customers_number_is_not_shown_beside_a_colleague(desk: Desk) -> None:
    desk.show(replace(samples.CONSULTING, card=samples.CARD))
    assert desk.text("caller") == "Chen Jianguo (instalments)"
    assert not desk.shown("caller-number")
    assert desk.shown("value.mobile")


def test_what_happens_to_the_calls_is_said(desk: Desk) -> None:
    desk.show(samples.TALKING, samples.CONSULTING)
    assert ("Chen Jianguo (instalments): On a call", False) in desk.said
    assert ("张*: On hold", False) in desk.said
    desk.said.clear()
    desk.show(replace(samples.CONSULTING, calls=samples.CONSULTING.calls[1:]))
    assert desk.said == [("张*: the call is over.", False)]
    desk.said.clear()
    desk.show(samples.TALKING)
    desk.said.clear()
    desk.show(samples.HELD_THERE)
    assert ("You are on hold", False) in desk.said
    assert ("The other side has put you on hold. They do not hear you.", False) in desk.said


def test_silence_is_said_once(desk: Desk) -> None:
    desk.show(samples.TALKING, samples.SILENT, replace(samples.SILENT, break_next=True))
    words = [text for text, _ in desk.said if text.startswith("Nothing arrives")]
    assert len(words) == 1


def test_a_desk_restarted_in_a_call_shows_the_call_before_anybody_signs_in(desk: Desk) -> None:
    desk.show(samples.SIGN_IN_CALL)
    assert desk.text("caller") == "Your call goes on"
    assert desk.text("caller-about") == "Sign in to see the customer."
    assert not any(desk.shown(name) for name in ("caller-number", "work.ready", "call.dial"))
    assert desk.focus == "sign-in.name"
    desk.press(K.Key_Escape, K.Key_M, K.Key_Q)
    assert desk.sent == [Invoked("call.mute"), Invoked("call.hang-up")]
    desk.show(samples.SIGN_IN)
    assert not desk.window.call_bar.isVisible()


def test_nothing_of_the_customer_is_shown_before_sign_in(desk: Desk) -> None:
    call = samples.SIGN_IN_CALL.call
    assert call is not None
    desk.show(replace(samples.SIGN_IN_CALL, call=replace(call, label=Words("张*", "张*")), card=samples.CARD))
    assert desk.text("caller") == "Your call goes on"
    assert not desk.shown("caller-number")


def test_do_not_disturb_is_the_state_and_has_its_key(desk: Desk) -> None:
    desk.show(samples.IDLE, samples.DO_NOT_DISTURB)
    assert desk.text("state") == "Do not disturb 05:12"
    assert desk.text("idle.state") == "Do not disturb"
    assert not desk.shown("work.ready")
    assert ("Do not disturb.", False) in desk.said
    desk.press(K.Key_G, K.Key_D)
    assert desk.sent == [Invoked("work.do-not-disturb")]
    desk.show(samples.IDLE)
    assert ("You can be disturbed again.", False) in desk.said


def test_a_break_after_the_call_is_said_and_stands_in_the_bar(desk: Desk) -> None:
    desk.show(samples.TALKING, samples.BREAK_NEXT)
    assert ("Break after this call.", False) in desk.said
    desk.show(replace(samples.WRAP_UP, break_next=True))
    assert desk.text("caller-about") == "The call is over. Choose a code and save, then your break begins."


def test_messages_wait_with_their_key(desk: Desk) -> None:
    desk.show(samples.READY, samples.MESSAGES)
    assert desk.window.status_bar.items["messages"].accessibleName() == "Messages: 2"
    assert ("Messages: 2", False) in desk.said
    desk.press(K.Key_G, K.Key_V)
    assert desk.sent == [Invoked("call.voicemail")]
    desk.show(samples.READY)
    assert not desk.window.status_bar.items["messages"].isVisible()


def test_several_notes_are_counted(desk: Desk) -> None:
    desk.show(samples.NOTES_WAITING)
    assert desk.text("wrap-up.waiting") == "Notes to write: 2. This is the first."
    assert desk.shown("wrap-up.waiting")
    desk.show(samples.WRAP_UP)
    assert not desk.shown("wrap-up.waiting")


def test_a_note_of_a_call_that_is_over_does_not_wait_for_another_call(desk: Desk) -> None:
    note = samples.NOTES_WAITING.wrap_up
    other = samples.CONSULTING.call
    assert note is not None
    assert other is not None
    desk.show(replace(samples.NOTES_WAITING, state=AgentState.ON_CALL, call=other, calls=(other,)))
    assert desk.text("wrap-up.hint") == "Choose a code first."


def test_an_earlier_customer_is_called_back_from_the_list(desk: Desk) -> None:
    desk.show(samples.READY).press(K.Key_Y)
    assert "Enter calls back" in str(desk.window.agent.today.list.currentIndex().data())
    desk.press(K.Key_Return)
    assert desk.sent == [CallBack("c5")]
    desk.press(K.Key_Down, K.Key_Space)
    assert desk.sent == [CallBack("c5"), CallBack("c4")]


def test_nobody_is_called_back_who_is_not_known(desk: Desk) -> None:
    desk.show(samples.READY)
    desk.window.invoke("focus.history")
    desk.window.agent.today.list.setCurrentIndex(desk.window.agent.today.model.index(2))
    desk.press(K.Key_Return)
    assert desk.sent == []
    assert desk.said[-1][0] == "Nobody knows who this was, so nobody can be called back."


def test_the_list_tells_who_called_whom(desk: Desk) -> None:
    desk.show(samples.READY)
    model = desk.window.agent.today.model
    went = [call.direction is Direction.OUTGOING for call in samples.HISTORY]
    assert ["outgoing" in str(model.index(row).data()) for row in range(len(went))] == went
    missed = replace(samples.HISTORY[2], direction=Direction.OUTGOING)
    assert model.parts(missed)[1:3] == ("Outgoing call", "Not answered")


def test_why_a_command_of_several_calls_cannot_be_done(desk: Desk) -> None:
    desk.show(samples.TALKING)
    for command, why in (
        ("call.swap", "Swap calls: There is only one call"),
        ("call.split", "Talk one by one: Nobody talks together"),
        ("call.dial", "Call somebody: Not in this call as it is now"),
        ("call.voicemail", "Listen to messages: There are no messages"),
    ):
        desk.window.invoke(command)
        assert desk.said[-1] == (why, True)
    desk.show(samples.READY)
    desk.window.invoke("call.keypad")
    assert desk.said[-1] == ("Keypad: No call is on", True)


def test_a_chip_without_a_call_does_nothing(desk: Desk) -> None:
    chip = CallChip(desk.window.kit, 8)
    chip.tick()
    chip.click()
    assert desk.sent == []


@pytest.mark.parametrize("size", [(1000, 700), (1360, 850)])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_what_is_most_needed_is_shown_where_there_is_little_room(
    make_desk: MakeDesk, size: tuple[int, int], language: str
) -> None:
    desk = make_desk(language=language, size=size).show(samples.TALKING)
    shown = [name for name in ("call.transfer", "call.consult", "call.keypad") if desk.shown(name)]
    assert shown[:2] == ["call.transfer", "call.consult"]
    assert len(shown) == 3 or size == (1000, 700)
    desk.window.set_zoom(2.0)
    desk.settle()
    assert all(desk.shown(name) for name in ("call.mute", "call.hold", "call.hang-up"))


def test_where_there_is_little_room_a_notice_has_a_line_of_its_own(make_desk: MakeDesk) -> None:
    desk = make_desk(size=(1000, 700)).show(samples.TALKING, samples.POOR)
    assert desk.shown("caller-notice")
    assert desk.text("caller-notice").startswith("Your network loses 6%")
    assert desk.text("caller-about") == "Service · Earlier contacts: 2"
    desk.window.resize(1360, 850)
    desk.settle()
    assert not desk.shown("caller-notice")
    assert desk.text("caller-about").startswith("Your network loses 6%")
