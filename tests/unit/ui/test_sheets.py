"""The palette, the help page, and the question before the end."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit

from client.core.commands import BY_ID, COMMANDS
from client.core.events import Invoked
from client.core.keys import PROFILES, KeyProfile
from client.ui import samples
from client.ui.keynames import spoken
from client.ui.labels import profile_label
from client.ui.widgets.keycap import Caps
from tests.unit.ui.conftest import Desk, MakeDesk

K = Qt.Key


def _titles(desk: Desk) -> list[str]:
    return [command.id for command in desk.window.sheets.palette.model.rows]


def test_the_palette_offers_every_command(desk: Desk) -> None:
    desk.show(samples.TALKING).press(K.Key_Space)
    assert sorted(_titles(desk)) == sorted(BY_ID)
    assert desk.focus == "palette.input"


def test_what_is_not_possible_says_why(desk: Desk) -> None:
    desk.show(samples.READY).press(K.Key_Space)
    reasons = desk.window.sheets.palette.model.reasons
    assert reasons["call.answer"] == "No call is ringing"
    rows = _titles(desk)
    before = rows[: rows.index("call.answer")]
    assert before
    assert not set(before) & set(reasons)
    desk.type("answer").press(K.Key_Return)
    assert desk.sent == []
    assert desk.said[-1] == ("No call is ringing", True)
    assert desk.shown("palette")


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("words", ["hang up", "挂断", "call.hang"])
def test_an_action_is_found_by_either_name(make_desk: MakeDesk, language: str, words: str) -> None:
    desk = make_desk(language=language).show(samples.TALKING).press(K.Key_Space)
    edit = desk.find("palette.input")
    assert isinstance(edit, QLineEdit)
    edit.setText(words)
    assert _titles(desk) == ["call.hang-up"]
    desk.press(K.Key_Return)
    assert desk.sent == [Invoked("call.hang-up")]
    assert not desk.shown("palette")


def test_arrows_choose_and_escape_gives_the_focus_back(desk: Desk) -> None:
    desk.show(samples.TALKING).press(K.Key_C)
    assert desk.focus == "panel.customer"
    desk.press(K.Key_Space, K.Key_Down)
    assert desk.window.sheets.palette.list.currentIndex().row() == 1
    desk.press(K.Key_Escape)
    assert not desk.shown("palette")
    assert desk.focus == "panel.customer"


def test_a_left_hand_alone_chooses_and_does(desk: Desk) -> None:
    desk.show(samples.TALKING).press(K.Key_Space)
    rows = _titles(desk)
    desk.press(K.Key_Tab)
    assert desk.window.sheets.palette.list.currentIndex().row() == 1
    assert desk.focus == "palette.input"
    desk.press(*[K.Key_Tab] * (len(rows) - 1))
    assert desk.window.sheets.palette.list.currentIndex().row() == 0
    desk.type("call.hang").press(K.Key_F2)
    assert desk.sent == [Invoked("call.hang-up")]


def test_a_call_can_be_answered_while_help_is_open(desk: Desk) -> None:
    desk.show(samples.READY).press(K.Key_F1)
    desk.show(samples.RINGING)
    assert desk.shown("call.answer")
    desk.press(K.Key_A)
    assert desk.sent == [Invoked("call.answer")]


def test_help_has_every_command_with_its_key_in_every_profile(desk: Desk) -> None:
    desk.show(samples.READY).press(K.Key_F1)
    names = {caps.accessibleName() for caps in desk.window.sheets.help.findChildren(Caps)}
    for command in COMMANDS:
        for profile in KeyProfile:
            keys = spoken(PROFILES[profile][command.id])
            assert f"{command.title}, {profile_label(profile)}: {keys}" in names
    desk.press(K.Key_Escape)
    assert not desk.shown("help")


def test_tab_stays_in_a_sheet_and_escape_leaves_it(desk: Desk) -> None:
    desk.show(samples.TALKING)
    desk.window.invoke("program.quit")
    seen = set()
    for _ in range(6):
        desk.press(K.Key_Tab)
        seen.add(desk.focus)
    assert seen == {"quit.stay", "quit.leave"}
    desk.press(K.Key_Escape)
    assert not desk.shown("quit")


def test_closing_asks_only_in_a_call(desk: Desk) -> None:
    closed: list[bool] = []
    desk.window.closing.connect(lambda: closed.append(True))
    desk.show(samples.TALKING)
    assert not desk.window.close()
    assert desk.shown("quit")
    assert desk.focus == "quit.stay"
    desk.press(K.Key_Return)
    assert not desk.shown("quit")
    assert closed == []
    desk.window.close()
    desk.find("quit.leave").setFocus()
    desk.press(K.Key_Return)
    assert closed == [True]


def test_closing_between_calls_asks_nothing(desk: Desk) -> None:
    closed: list[bool] = []
    desk.window.closing.connect(lambda: closed.append(True))
    desk.show(samples.READY).press(K.Key_G, K.Key_Q)
    assert closed == [True]
    assert not desk.window.isVisible()
