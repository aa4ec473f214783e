"""The sheets that the core lays over the screen: whom to call, the keypad, the sound devices, the check."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QWidget

from client.core.check import Finding
from client.core.events import CheckStarted, DialSubmitted, DigitsPressed, Invoked, SheetClosed, SoundChosen
from client.core.keys import PROFILES, KeyProfile
from client.core.snapshot import CheckSnapshot, CheckStage, DeskSnapshot, Sheet
from client.ui import samples
from client.ui.keynames import spoken
from client.ui.sheets.check import finding_words
from client.ui.sheets.keypad import KEYS, foreign
from client.ui.widgets.choice_list import ChoiceList
from tests.unit.ui.conftest import Desk, MakeDesk

K = Qt.Key
_BY_SHEET = {
    Sheet.DIAL: (samples.DIAL, "dial", "dial.list"),
    Sheet.CONSULT: (samples.CONSULT, "dial", "dial.list"),
    Sheet.TRANSFER: (samples.TRANSFER, "dial", "dial.list"),
    Sheet.KEYPAD: (samples.KEYPAD, "keypad", "keypad.5"),
    Sheet.SOUND: (samples.SOUND, "sound", "sound.capture"),
    Sheet.CHECK: (samples.CHECK, "check", "check.start"),
    Sheet.REVEAL: (samples.REVEAL, "reveal", "reveal.list"),
    Sheet.DIGITS: (samples.DIGITS, "digits", "digits.amount"),
}


def _list(desk: Desk, name: str) -> ChoiceList:
    found = desk.find(name)
    assert isinstance(found, ChoiceList)
    return found


def _rows(desk: Desk, name: str) -> list[str]:
    model = _list(desk, name).choices
    return [str(model.index(row).data()) for row in range(model.rowCount())]


def _without(snapshot: DeskSnapshot) -> DeskSnapshot:
    return replace(snapshot, sheet=None)


@pytest.mark.parametrize("which", Sheet)
def test_a_sheet_comes_and_goes_with_the_snapshot(desk: Desk, which: Sheet) -> None:
    snapshot, name, first = _BY_SHEET[which]
    desk.show(_without(snapshot))
    before = desk.focus
    desk.show(snapshot)
    assert desk.shown(name)
    assert desk.focus == first
    assert QAccessible.queryAccessibleInterface(desk.find(name)).role() is QAccessible.Role.Dialog
    desk.press(K.Key_Escape)
    assert desk.sent == [SheetClosed()]
    assert desk.shown(name)
    desk.show(_without(snapshot))
    assert not desk.shown(name)
    assert desk.focus == before


@pytest.mark.parametrize("which", Sheet)
def test_tab_goes_round_in_a_sheet(desk: Desk, which: Sheet) -> None:
    snapshot, name, _ = _BY_SHEET[which]
    desk.show(_without(snapshot), snapshot)
    sheet = desk.find(name)
    for _ in range(24):
        desk.press(K.Key_Tab)
        focus = desk.window.focusWidget()
        assert isinstance(focus, QWidget)
        assert sheet.isAncestorOf(focus)


@pytest.mark.parametrize("which", Sheet)
@pytest.mark.parametrize("profile", KeyProfile)
def test_a_sheet_is_left_by_the_profiles_own_key(make_desk: MakeDesk, which: Sheet, profile: KeyProfile) -> None:
    desk = make_desk(keys=profile).show(_BY_SHEET[which][0])
    desk.press(getattr(K, f"Key_{PROFILES[profile]['field.leave']}".replace("Esc", "Escape")))
    assert desk.sent == [SheetClosed()]


def test_what_the_person_opened_lies_above_what_the_core_opens(desk: Desk) -> None:
    desk.show(samples.TALKING).press(K.Key_F1)
    desk.show(samples.KEYPAD)
    assert desk.focus == "help.page"
    desk.press(K.Key_Escape)
    assert desk.sent == []
    assert not desk.shown("help")
    assert desk.shown("keypad")


def test_another_sheet_takes_the_place_of_the_first(desk: Desk) -> None:
    desk.show(samples.SOUND, samples.CHECK)
    assert desk.shown("check")
    assert not desk.shown("sound")
    assert desk.focus == "check.start"


# --- Whom to call -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", [K.Key_Return, K.Key_Space])
def test_the_list_is_walked_and_chosen_from(desk: Desk, key: Qt.Key) -> None:
    desk.show(samples.CONSULT).press(K.Key_Down, key)
    assert desk.sent == [DialSubmitted(entry="zhou")]


def test_an_entry_says_what_it_is(desk: Desk) -> None:
    desk.show(samples.DIAL)
    assert _rows(desk, "dial.list")[0] == "Chen Jianguo (instalments), Colleague"
    assert _rows(desk, "dial.list")[3] == "Card services, Queue"


@pytest.mark.parametrize(
    ("profile", "keys", "entry"),
    [
        (KeyProfile.STANDARD, [K.Key_3], "liu"),
        (KeyProfile.LEFT_HAND, [K.Key_3], "liu"),
        (KeyProfile.LEFT_HAND, [K.Key_Z, K.Key_2], "echo"),
        (KeyProfile.RIGHT_HAND, [K.Key_7], "zhou"),
        (KeyProfile.RIGHT_HAND, [K.Key_O, K.Key_7], "echo"),
    ],
)
def test_an_entry_is_chosen_by_its_digit_with_one_hand(
    make_desk: MakeDesk, profile: KeyProfile, keys: list[Qt.Key], entry: str
) -> None:
    desk = make_desk(keys=profile).show(samples.DIAL).press(*keys)
    assert desk.sent == [DialSubmitted(entry=entry)]


def test_typing_narrows_the_list(desk: Desk) -> None:
    desk.show(samples.DIAL)
    QTest.keyClicks(desk.window.focusWidget(), "l")
    assert desk.focus == "dial.filter"
    desk.type("ost")
    assert _rows(desk, "dial.list") == ["Lost card hotline, Service"]
    desk.press(K.Key_Return)
    assert desk.sent == [DialSubmitted(entry="lost")]
    desk.type("xx")
    assert desk.text("dial.none") == "Nobody has this in their name."
    desk.press(K.Key_Return)
    assert len(desk.sent) == 1


@pytest.mark.parametrize("words", ["陈建国", "instalments", "colleague chen", "同事 chen"])
def test_an_entry_is_found_by_either_name_and_by_its_kind(make_desk: MakeDesk, words: str) -> None:
    desk = make_desk(language="zh" if "同事" in words else "en").show(samples.DIAL)
    line = desk.find("dial.filter")
    assert isinstance(line, QLineEdit)
    line.setText(words)
    assert len(_rows(desk, "dial.list")) == 1


def test_arrows_walk_the_list_from_the_line(desk: Desk) -> None:
    desk.show(samples.DIAL)
    desk.find("dial.filter").setFocus()
    desk.press(K.Key_Down, K.Key_Down, K.Key_Up, K.Key_Return)
    assert desk.said[-1] == ("Zhou Min (complaints), Colleague", False)
    assert desk.sent == [DialSubmitted(entry="zhou")]


def test_a_call_that_rings_keeps_its_keys_over_the_list(desk: Desk) -> None:
    ringing = replace(samples.CONSULT, calls=samples.SECOND_CALL.calls, enabled=samples.SECOND_CALL.enabled)
    desk.show(ringing).press(K.Key_A)
    assert desk.sent == [Invoked("call.answer")]
    desk.show(samples.CONSULT).press(K.Key_A)
    assert desk.focus == "dial.filter"
    assert len(desk.sent) == 1


def test_a_number_is_typed_only_where_that_is_allowed(desk: Desk) -> None:
    desk.show(samples.CONSULT)
    assert not desk.shown("dial.number")
    desk.show(samples.TALKING, samples.TRANSFER)
    number = desk.find("dial.number")
    number.setFocus()
    desk.press(K.Key_Return)
    assert desk.said[-1] == ("Type a number first.", True)
    desk.type("+86 (21) 5555-1234x").press(K.Key_Return)
    assert desk.sent == [DialSubmitted(number="+862155551234")]
    desk.find("dial.submit").click()  # type: ignore[attr-defined]
    assert len(desk.sent) == 2


def test_what_was_typed_is_gone_the_next_time(desk: Desk) -> None:
    desk.show(samples.DIAL)
    for name in ("dial.filter", "dial.number"):
        desk.find(name).setFocus()
        desk.type("55")
    desk.show(samples.READY, samples.DIAL)
    assert desk.text("dial.filter") == desk.text("dial.number") == ""
    assert len(_rows(desk, "dial.list")) == len(samples.DIRECTORY)


@pytest.mark.parametrize("profile", KeyProfile)
def test_the_sheet_says_what_will_happen(make_desk: MakeDesk, profile: KeyProfile) -> None:
    desk = make_desk(keys=profile).show(samples.DIAL)
    assert desk.text("dial.what") == "The call goes out at once. Calls from customers wait meanwhile."
    desk.show(samples.CONSULT)
    keys = PROFILES[profile]
    assert desk.text("dial.what") == (
        "The customer is put on hold while you speak with the colleague. Then "
        f"{spoken(keys['call.connect'])} connects the two, "
        f"and {spoken(keys['call.swap'])} takes you back to the customer."
    )
    assert desk.find("dial").accessibleDescription() == desk.text("dial.what")
    desk.show(samples.TRANSFER)
    assert f"close this and press {spoken(keys['call.consult'])}." in desk.text("dial.what")
    desk.show(replace(samples.DIAL, call=samples.TALKING.call))
    assert desk.text("dial.what") == "Your present call is put on hold while you call."


def test_an_empty_directory_is_explained(desk: Desk) -> None:
    desk.show(replace(samples.DIAL, directory=()))
    assert desk.text("dial.none") == "Your organisation has put nobody into the directory yet."
    assert desk.focus == "dial.number"
    desk.show(samples.READY, replace(samples.DIAL, directory=(), may_dial_numbers=False))
    assert desk.shown("dial")


# --- The keypad -------------------------------------------------------------------------------------------------------


def test_digits_go_out_as_they_are_pressed_and_show_as_dots(desk: Desk) -> None:
    desk.show(samples.TALKING, samples.KEYPAD)
    for digit in KEYS:
        QTest.keyClicks(desk.window.focusWidget(), digit)
    assert desk.sent == [DigitsPressed(digit) for digit in KEYS]
    assert desk.text("keypad.dots") == "●" * 6
    assert desk.text("keypad.count") == "Digits sent: 6"
    call = samples.KEYPAD.call
    assert call is not None
    desk.show(replace(samples.KEYPAD, call=replace(call, digits_sent=40)))
    assert desk.text("keypad.dots") == "●" * 16
    assert desk.said[-1] == ("Digits sent: 40", False)
    desk.show(replace(samples.KEYPAD, call=replace(call, digits_sent=0)))
    assert desk.text("keypad.count") == "Nothing sent yet"


def test_the_same_digit_twice_is_two_digits_and_a_held_one_is_one(make_desk: MakeDesk) -> None:
    desk = make_desk(double_strike_ms=1000).show(samples.KEYPAD)
    desk.press(K.Key_1, K.Key_1)
    assert desk.sent == [DigitsPressed("1")] * 2


def test_the_pad_is_walked_by_arrows_and_pressed_by_enter_or_space(desk: Desk) -> None:
    desk.show(samples.KEYPAD).press(K.Key_Up, K.Key_Left, K.Key_Return, K.Key_Down, K.Key_Right, K.Key_Space)
    assert desk.sent == [DigitsPressed("1"), DigitsPressed("5")]
    desk.press(K.Key_Down, K.Key_Down, K.Key_Down, K.Key_Return)
    assert desk.sent[-1] == DigitsPressed("0")


@pytest.mark.parametrize("profile", KeyProfile)
def test_every_digit_can_be_pressed_with_one_hand(make_desk: MakeDesk, profile: KeyProfile) -> None:
    desk = make_desk(keys=profile).show(samples.KEYPAD)
    for command, digit in foreign(profile).items():
        for key in PROFILES[profile][command].split(", "):
            desk.press(getattr(K, f"Key_{key}"))
        assert desk.sent[-1] == DigitsPressed(digit)
        description = desk.find(f"keypad.{digit}").accessibleDescription()
        assert description == f"Key: {spoken(PROFILES[profile][command])}"
    # What is left is reached by moving on, which every profile can, and pressed by the space bar.
    for digit in KEYS:
        desk.find(f"keypad.{digit}").setFocus()
        desk.press(K.Key_Space)
        assert desk.sent[-1] == DigitsPressed(digit)


def test_other_keys_do_what_they_always_do_over_the_pad(desk: Desk) -> None:
    desk.show(samples.KEYPAD).press(K.Key_M)
    assert desk.sent == [Invoked("call.mute")]


def test_the_keys_of_the_pad_have_names(desk: Desk) -> None:
    desk.show(samples.KEYPAD)
    assert [desk.find(f"keypad.{digit}").accessibleName() for digit in "5*#"] == ["5", "star", "hash"]


# --- The sound devices ------------------------------------------------------------------------------------------------


def test_a_device_is_taken_at_once(desk: Desk) -> None:
    desk.show(samples.SOUND)
    assert _rows(desk, "sound.capture") == [
        "As the system",
        "Jabra Evolve2 30, in use, chosen",
        "Built-in microphone",
    ]
    desk.press(K.Key_Down, K.Key_Return)
    assert desk.sent == [SoundChosen("Built-in microphone", "", "Built-in speakers", "left")]


def test_what_is_chosen_already_is_not_chosen_again(desk: Desk) -> None:
    desk.show(samples.SOUND).press(K.Key_Return)
    assert desk.sent == []


def test_the_other_choices_are_kept(desk: Desk) -> None:
    desk.show(samples.SOUND)
    for name, row, sent in (
        ("sound.ring", 0, SoundChosen("Jabra Evolve2 30", "", "", "left")),
        ("sound.playback", 1, SoundChosen("Jabra Evolve2 30", "Jabra Evolve2 30", "Built-in speakers", "left")),
        ("sound.ear", 2, SoundChosen("Jabra Evolve2 30", "", "Built-in speakers", "right")),
    ):
        _list(desk, name).choose(row)
        assert desk.sent[-1] == sent


def test_the_systems_choice_says_what_it_is_now_and_a_lost_device_that_it_is_lost(desk: Desk) -> None:
    desk.show(samples.SOUND)
    assert _rows(desk, "sound.playback")[0] == "As the system, Jabra Evolve2 30, chosen"
    gone = replace(samples.SOUND.sound, captures=("Built-in microphone",), used_capture="Built-in microphone")
    desk.show(replace(samples.SOUND, sound=gone))
    assert _rows(desk, "sound.capture")[2] == "Jabra Evolve2 30, not plugged in, chosen"
    assert _rows(desk, "sound.capture")[1] == "Built-in microphone, in use"


def test_the_ear_is_explained_for_who_uses_a_screen_reader(desk: Desk) -> None:
    desk.show(samples.SOUND)
    assert _rows(desk, "sound.ear") == [
        "Both ears",
        "Left ear, screen reader right, chosen",
        "Right ear, screen reader left",
    ]
    assert "screen reader" in desk.find("sound.ear").accessibleDescription()


# --- The check --------------------------------------------------------------------------------------------------------


def test_the_meter_has_a_value(desk: Desk) -> None:
    desk.show(samples.CHECK)
    meter = QAccessible.queryAccessibleInterface(desk.find("check.capture"))
    assert meter.role() is QAccessible.Role.ProgressBar
    assert meter.text(QAccessible.Text.Name) == "Your microphone"
    assert desk.find("check.capture").property("value") == 30
    desk.show(replace(samples.CHECK, check=CheckSnapshot(CheckStage.LISTENING, 1.4)))
    assert desk.find("check.capture").property("value") == 100


def test_the_check_is_started_and_its_stages_are_told(desk: Desk) -> None:
    desk.show(samples.CHECK).press(K.Key_Return)
    assert desk.sent == [CheckStarted()]
    desk.show(replace(samples.CHECK, check=CheckSnapshot(CheckStage.CALLING)))
    assert desk.said[-1] == ("Calling the echo…", False)
    assert desk.focus == "check.close"
    desk.show(samples.CHECK_RUNNING)
    assert desk.text("check.stage") == "Speak now. You hear yourself a moment later."
    assert desk.text("check.left") == "7 s left"
    assert not desk.find("check.start").isEnabled()
    desk.show(samples.CHECK_WELL)
    assert desk.text("check.verdict") == "All is well. You can begin."
    assert desk.focus == "check.result"
    assert desk.said[-1] == ("All is well. You can begin.", False)
    assert desk.text("check.start") == "Check again"
    assert desk.text("check.figures").startswith("Good · MOS 4.3 · Heard: 0.2% lost")


def test_what_is_wrong_comes_with_what_to_do(desk: Desk) -> None:
    desk.show(samples.CHECK, samples.CHECK_BAD)
    assert desk.text("check.verdict") == "Something needs to be put right before you begin."
    assert desk.text("check.finding.1").startswith("The microphone heard nothing. Switch the headset's own mute off")
    assert desk.text("check.finding.2").startswith("Your network loses 4% of what you should hear.")
    assert not desk.shown("check.finding.3")
    assert desk.find("check.result").accessibleName().count("Your network loses 4%") == 1


@pytest.mark.parametrize("finding", Finding)
def test_every_finding_has_words(desk: Desk, finding: Finding) -> None:
    assert len(finding_words(finding, samples.BAD)) > 30
    desk.show(replace(samples.CHECK, check=CheckSnapshot(CheckStage.FAILED, findings=(finding,))))
    assert desk.text("check.verdict") == "The check could not be finished."
    assert desk.text("check.finding.1") == finding_words(finding, None)


def test_a_finding_that_this_version_does_not_know_is_shown_as_it_is() -> None:
    assert finding_words("gremlins", None) == "gremlins"


# --- The wall ---------------------------------------------------------------------------------------------------------


def test_a_supervisor_goes_to_the_wall_and_its_filter_by_keys(desk: Desk) -> None:
    desk.show(samples.SUPERVISOR).press(K.Key_G, K.Key_F)
    assert desk.focus == "wall.filter"
    desk.press(K.Key_Escape, K.Key_Tab, K.Key_G, K.Key_W)
    assert desk.focus == "wall"
    desk.show(samples.READY)
    desk.window.invoke("focus.wall")
    assert desk.said[-1] == ("Go to the wall: Not on the screen now", True)


# --- Moving on in a hand profile --------------------------------------------------------------------------------------


def test_the_left_hand_walks_a_list_with_its_own_keys(make_desk: MakeDesk) -> None:
    desk = make_desk(keys=KeyProfile.LEFT_HAND).show(samples.DIAL)
    desk.press(K.Key_Z, K.Key_D, K.Key_Z, K.Key_D, K.Key_Z, K.Key_E, K.Key_Space)
    assert desk.sent == [DialSubmitted(entry="zhou")]


def test_what_is_taller_than_its_view_is_scrolled_through_before_the_focus_moves_on(make_desk: MakeDesk) -> None:
    desk = make_desk(zoom=2.0, size=(1000, 700)).show(samples.READY, samples.TALKING).press(K.Key_C)
    desk.settle()
    seen = 0
    while desk.focus == "panel.customer" and seen < 40:
        desk.press(K.Key_Down)
        seen += 1
    assert 1 < seen < 40
    assert desk.focus == "panel.script"


@pytest.mark.parametrize("which", Sheet)
@pytest.mark.parametrize(("zoom", "size"), [(1.0, (1000, 700)), (2.0, (1360, 850)), (2.0, (1000, 700))])
def test_the_focus_of_a_sheet_is_in_view_at_every_size(
    make_desk: MakeDesk, which: Sheet, zoom: float, size: tuple[int, int]
) -> None:
    snapshot, _, first = _BY_SHEET[which]
    desk = make_desk(language="zh", zoom=zoom, size=size).show(_without(snapshot), snapshot)
    desk.settle()
    widget = desk.find(first)
    assert desk.focus == first
    assert widget.visibleRegion().boundingRect().height() >= min(widget.height(), 36 * zoom)
