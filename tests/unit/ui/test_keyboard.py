"""Keys: what they do in the three profiles, and what they must not do."""

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit

from client.core.commands import COMMANDS
from client.core.events import Invoked
from client.core.keys import PROFILES, KeyProfile
from client.ui import samples
from client.ui.keyboard import Sequences, Verdict
from client.ui.keynames import caps, name_of
from tests.unit.ui.conftest import Desk, MakeDesk

K = Qt.Key


def _strike(desk: Desk, key: Qt.Key, at_ms: int, *, held: bool = False) -> None:
    focus = desk.window.focusWidget()
    assert focus is not None
    event = QKeyEvent(
        QEvent.Type.KeyPress, key, Qt.KeyboardModifier.NoModifier, chr(key).lower() if key < 256 else "", held
    )
    event.setTimestamp(at_ms)
    QApplication.sendEvent(focus, event)


@pytest.mark.parametrize(
    ("profile", "answer", "hang_up"),
    [
        (KeyProfile.STANDARD, K.Key_A, K.Key_Q),
        (KeyProfile.LEFT_HAND, K.Key_A, K.Key_Q),
        (KeyProfile.RIGHT_HAND, K.Key_J, K.Key_P),
    ],
)
def test_one_key_answers_and_one_hangs_up(
    make_desk: MakeDesk, profile: KeyProfile, answer: Qt.Key, hang_up: Qt.Key
) -> None:
    desk = make_desk(keys=profile).show(samples.READY, samples.RINGING).press(answer)
    desk.show(samples.TALKING).press(hang_up)
    assert desk.sent == [Invoked("call.answer"), Invoked("call.hang-up")]


@pytest.mark.parametrize("profile", KeyProfile)
def test_every_command_is_reached_within_two_presses(profile: KeyProfile) -> None:
    sequences = Sequences(profile)
    for command in COMMANDS:
        keys = PROFILES[profile][command.id]
        pressed = [keys] if keys == "," else keys.split(", ")
        results = [sequences.press(key) for key in pressed]
        assert results[-1] == (Verdict.COMMAND, command.id)
        assert len(pressed) <= 2


@pytest.mark.parametrize("profile", KeyProfile)
def test_every_key_of_a_profile_is_one_that_qt_reports(profile: KeyProfile) -> None:
    names = {name_of(key) for key in Qt.Key}
    for sequence in PROFILES[profile].values():
        assert set([sequence] if sequence == "," else sequence.split(", ")) <= names
        assert all(caps(sequence))


def test_what_is_not_possible_is_not_sent_and_the_reason_is_said(desk: Desk) -> None:
    desk.show(samples.READY).press(K.Key_A)
    assert desk.sent == []
    assert desk.said[-1] == ("Answer: No call is ringing", True)


def test_single_keys_are_typing_while_a_field_has_the_focus(desk: Desk) -> None:
    desk.show(samples.TALKING).press(K.Key_W)
    assert desk.focus == "notes"
    desk.press(K.Key_Q, K.Key_Space, K.Key_1)
    assert [event for event in desk.sent if isinstance(event, Invoked)] == []
    assert str(desk.find("notes").property("plainText")).startswith("q 1")
    desk.press(K.Key_Escape)
    assert desk.focus == "panel.codes"
    desk.press(K.Key_M)
    assert desk.sent[-1] == Invoked("call.mute")


def test_the_right_hand_leaves_a_field_with_its_own_key(make_desk: MakeDesk) -> None:
    desk = make_desk(keys=KeyProfile.RIGHT_HAND).show(samples.TALKING).press(K.Key_L)
    assert desk.focus == "notes"
    desk.press(K.Key_F12)
    assert desk.focus == "panel.codes"


def test_function_keys_act_in_a_field(desk: Desk) -> None:
    desk.show(samples.TALKING).press(K.Key_W, K.Key_F1)
    assert desk.shown("help")


def test_two_keys_in_turn_and_the_hint_between(desk: Desk) -> None:
    desk.show(samples.READY).press(K.Key_G)
    assert desk.shown("key-hint")
    assert "Sign out" in desk.said[-1][0]
    desk.press(K.Key_O)
    assert not desk.shown("key-hint")
    assert desk.sent == [Invoked("work.sign-out")]


@pytest.mark.parametrize("other", [K.Key_Escape, K.Key_M, K.Key_A])
def test_another_key_ends_the_waiting_and_does_nothing_else(desk: Desk, other: Qt.Key) -> None:
    desk.show(samples.TALKING).press(K.Key_G, other)
    assert not desk.shown("key-hint")
    assert desk.sent == []
    desk.press(K.Key_M)
    assert desk.sent == [Invoked("call.mute")]


def test_a_modifier_alone_does_not_end_the_waiting(desk: Desk) -> None:
    desk.show(samples.READY).press(K.Key_G, K.Key_Shift, K.Key_O)
    assert desk.sent == [Invoked("work.sign-out")]


def test_shift_ctrl_and_alt_make_another_key_of_a_letter(desk: Desk) -> None:
    desk.show(samples.TALKING)
    for modifier in (Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier):
        QTest.keyClick(desk.window.focusWidget(), K.Key_M, modifier)
    assert desk.sent == []


def test_a_held_key_acts_once(desk: Desk) -> None:
    desk.show(samples.TALKING)
    _strike(desk, K.Key_M, 1000)
    for number in range(5):
        _strike(desk, K.Key_M, 1500 + 30 * number, held=True)
    assert desk.sent == [Invoked("call.mute")]


def test_a_double_strike_does_nothing(make_desk: MakeDesk) -> None:
    desk = make_desk(double_strike_ms=250).show(samples.TALKING)
    _strike(desk, K.Key_M, 1000)
    _strike(desk, K.Key_M, 1100)
    assert desk.sent == [Invoked("call.mute")]
    _strike(desk, K.Key_M, 1500)
    assert desk.sent == [Invoked("call.mute")] * 2
    _strike(desk, K.Key_H, 1510)
    assert desk.sent[-1] == Invoked("call.hold")


def test_moving_on_twice_is_no_double_strike(make_desk: MakeDesk) -> None:
    desk = make_desk(double_strike_ms=250).show(samples.READY)
    start = desk.focus
    _strike(desk, K.Key_Down, 1000)
    once = desk.focus
    _strike(desk, K.Key_Down, 1050)
    assert len({start, once, desk.focus}) == 3
    once = desk.focus
    _strike(desk, K.Key_Tab, 1060)
    twice = desk.focus
    _strike(desk, K.Key_Tab, 1070)
    assert len({once, twice, desk.focus}) == 3


def test_digits_belong_to_the_panel_with_the_focus(desk: Desk) -> None:
    desk.show(samples.TALKING).press(K.Key_2)
    desk.press(K.Key_E, K.Key_5)
    desk.press(K.Key_T, K.Key_1)
    assert desk.sent == [Invoked("choose.2", "script"), Invoked("choose.5", "codes"), Invoked("choose.1", "script")]


def test_digits_choose_codes_when_the_call_is_over(desk: Desk) -> None:
    desk.show(samples.TALKING, samples.WRAP_UP).press(K.Key_3)
    assert desk.sent == [Invoked("choose.3", "codes")]


def test_a_digit_without_an_entry_is_not_sent(desk: Desk) -> None:
    desk.show(samples.TALKING).press(K.Key_9)
    assert desk.sent == []


def test_digit_keys_are_drawn_only_where_they_act(desk: Desk) -> None:
    desk.show(samples.TALKING)
    assert (desk.window.agent.script._buttons[0].show_keys, desk.window.agent.wrap_up.codes.buttons[0].show_keys) == (
        True,
        False,
    )
    desk.press(K.Key_E)
    assert (desk.window.agent.script._buttons[0].show_keys, desk.window.agent.wrap_up.codes.buttons[0].show_keys) == (
        False,
        True,
    )


def test_enter_presses_the_focused_button(desk: Desk) -> None:
    desk.show(samples.RINGING)
    desk.find("call.reject").setFocus()
    desk.press(K.Key_Return)
    assert desk.sent == [Invoked("call.reject")]


def test_space_opens_all_actions_with_the_focused_command_first(desk: Desk) -> None:
    desk.show(samples.TALKING)
    desk.find("call.hold").setFocus()
    desk.press(K.Key_Space)
    assert desk.shown("palette")
    desk.press(K.Key_Return)
    assert desk.sent == [Invoked("call.hold")]


def test_space_presses_a_form_s_button(desk: Desk) -> None:
    desk.show(samples.SIGN_IN)
    desk.find("sign-in.reveal").setFocus()
    desk.press(K.Key_Space)
    edit = desk.find("sign-in.password")
    assert isinstance(edit, QLineEdit)
    assert edit.echoMode() is QLineEdit.EchoMode.Normal
    assert not desk.shown("palette")


def test_arrows_walk_a_list_and_leave_it_at_its_end(desk: Desk) -> None:
    desk.show(samples.READY).press(K.Key_Y)
    assert desk.focus == "history"
    rows = len(samples.HISTORY)
    desk.press(*[K.Key_Down] * (rows - 1))
    assert desk.window.agent.today.list.currentIndex().row() == rows - 1
    assert desk.focus == "history"
    desk.press(K.Key_Down)
    assert desk.focus != "history"


@pytest.mark.parametrize("profile", KeyProfile)
def test_the_profile_switches_by_keys_and_is_kept(make_desk: MakeDesk, profile: KeyProfile) -> None:
    desk = make_desk(keys=profile).show(samples.READY)
    sequence = PROFILES[profile]["view.keys"].split(", ")
    desk.press(*[getattr(K, f"Key_{name}") for name in sequence])
    assert desk.preferences.read().keys is not profile
    assert desk.window.kit.profile is desk.preferences.read().keys


def test_an_input_method_is_left_alone(desk: Desk) -> None:
    """While a field composes, keys without a name or with text of their own go to the field."""
    desk.show(samples.TALKING).press(K.Key_W)
    focus = desk.window.focusWidget()
    assert focus is not None
    event = QKeyEvent(QEvent.Type.KeyPress, 0, Qt.KeyboardModifier.NoModifier, "你")
    QApplication.sendEvent(focus, event)
    assert "你" in str(desk.find("notes").property("plainText"))
