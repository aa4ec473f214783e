"""Text in the call: every change is sent at once, and what is sent makes the other side's line the same as ours."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtWidgets import QApplication, QPlainTextEdit

from client.core.events import Invoked, TextTyped
from client.core.keys import KeyProfile
from client.core.snapshot import DeskSnapshot, TextLineSnapshot
from client.ui import samples
from client.ui.panels.text_diff import ERASE, NEW_LINE, difference, remainder
from tests.unit.ui.conftest import Desk, MakeDesk

K = Qt.Key
_TALK = samples.TALKING.call
assert _TALK is not None
EMPTY = replace(samples.TALKING, call=replace(_TALK, can_text=True))


def _box(desk: Desk) -> QPlainTextEdit:
    box = desk.find("text.box")
    assert isinstance(box, QPlainTextEdit)
    return box


def _sent(desk: Desk) -> str:
    return "".join(event.text for event in desk.sent if isinstance(event, TextTyped))


def _received(text: str) -> list[str]:
    """What the other side's screen shows after this text (T.140)."""
    lines = [""]
    for letter in text:
        if letter == NEW_LINE:
            lines.append("")
        elif letter == ERASE:
            lines[-1] = lines[-1][:-1]
        else:
            lines[-1] += letter
    return lines


_LINE = st.text(st.characters(blacklist_categories=["Cs", "Cc", "Zl", "Zp"]), max_size=12)


@given(_LINE, st.text(st.sampled_from("ab你😀\n"), max_size=12))
def test_what_is_sent_makes_the_lines_equal(sent: str, now: str) -> None:
    assert _received(sent + difference(sent, now)) == now.split("\n")
    assert remainder(now) == now.rpartition("\n")[2]


def test_the_panel_is_there_only_where_text_can_be_or_was(desk: Desk) -> None:
    desk.show(samples.TALKING)
    assert not desk.shown("panel.text")
    desk.show(EMPTY)
    assert desk.shown("panel.text")
    assert desk.shown("text.empty")
    desk.show(samples.WRAP_UP)
    assert not desk.shown("panel.text")
    text = samples.TEXT.call
    assert text is not None
    desk.show(replace(samples.TEXT, call=replace(text, can_text=False)))
    assert desk.shown("panel.text")
    assert not _box(desk).isEnabled()


def test_every_key_is_sent_at_once(desk: Desk) -> None:
    desk.show(EMPTY).press(K.Key_V)
    assert desk.focus == "text.box"
    desk.type("hi").press(K.Key_Backspace).type("o")
    assert desk.sent == [TextTyped("h"), TextTyped("i"), TextTyped(ERASE), TextTyped("o")]


def test_enter_ends_the_line_and_empties_the_box(desk: Desk) -> None:
    desk.show(EMPTY).press(K.Key_V).type("yes").press(K.Key_Return)
    assert _sent(desk) == "yes" + NEW_LINE
    assert _box(desk).toPlainText() == ""
    desk.press(K.Key_Backspace)
    assert _sent(desk) == "yes" + NEW_LINE


def test_a_change_in_the_middle_is_taken_back_to_and_written_again(desk: Desk) -> None:
    desk.show(EMPTY).press(K.Key_V).type("cat").press(K.Key_Left, K.Key_Left).type("h")
    assert _sent(desk) == "cat" + ERASE * 2 + "hat"
    assert _received(_sent(desk)) == ["chat"]
    assert _box(desk).textCursor().position() == 2


def test_a_line_ended_in_the_middle_goes_on_behind(desk: Desk) -> None:
    desk.show(EMPTY).press(K.Key_V).type("onetwo").press(K.Key_Left, K.Key_Left, K.Key_Left, K.Key_Return)
    assert _received(_sent(desk)) == ["one", "two"]
    assert _box(desk).toPlainText() == "two"
    desk.type("x")
    assert _received(_sent(desk)) == ["one", "xtwo"]


def test_a_selection_is_replaced_and_a_paste_goes_out_as_a_whole(desk: Desk) -> None:
    desk.show(EMPTY).press(K.Key_V).type("abc")
    _box(desk).selectAll()
    desk.type("z")
    assert _received(_sent(desk)) == ["z"]
    _box(desk).insertPlainText("one\ntwo😀")
    assert _received(_sent(desk)) == ["zone", "two😀"]
    assert _box(desk).toPlainText() == "two😀"
    desk.press(K.Key_Backspace)
    assert _received(_sent(desk)) == ["zone", "two"]


def test_an_input_method_is_sent_when_the_word_is_chosen(desk: Desk) -> None:
    desk.show(EMPTY).press(K.Key_V)
    box = _box(desk)
    QApplication.sendEvent(box, QInputMethodEvent("ni hao", []))
    QApplication.sendEvent(box, QInputMethodEvent("你hao", []))
    assert desk.sent == []
    chosen = QInputMethodEvent("", [])
    chosen.setCommitString("你好")
    QApplication.sendEvent(box, chosen)
    assert desk.sent == [TextTyped("你好")]


def test_what_is_in_the_box_is_not_overwritten_in_the_same_call(desk: Desk) -> None:
    desk.show(EMPTY).press(K.Key_V).type("half a word")
    desk.show(replace(EMPTY, call=replace(EMPTY.call, text=(TextLineSnapshot(True, samples.NOW, "half", open=True),))))  # type: ignore[type-var]
    assert _box(desk).toPlainText() == "half a word"


def test_an_open_line_is_taken_up_after_a_swap_or_a_restart(desk: Desk) -> None:
    desk.show(samples.TEXT)
    assert _box(desk).toPlainText() == "好的，正在为"
    assert desk.sent == []
    desk.press(K.Key_V).type("!")
    assert desk.sent[-1] == TextTyped("!")
    desk.show(samples.WRAP_UP, EMPTY)
    assert _box(desk).toPlainText() == ""


def test_both_sides_stand_in_the_list_and_a_line_grows(desk: Desk) -> None:
    desk.show(samples.TEXT)
    model = desk.window.agent.text.model
    lines = [str(model.index(row).data()) for row in range(model.rowCount())]
    assert [line.split(":")[0].split(",")[0] for line in lines] == [
        "The other side",
        "You",
        "The other side",
        "The other side",
    ]
    call = samples.TEXT.call
    assert call is not None
    grown = (*call.text[:-1], replace(call.text[-1], text="手续费怎么算呢"))
    desk.show(replace(samples.TEXT, call=replace(call, text=grown)))
    assert str(model.index(3).data()).endswith("手续费怎么算呢")
    desk.show(EMPTY)
    assert model.rowCount() == 0


def test_a_line_of_the_other_side_is_said_when_it_is_finished(desk: Desk) -> None:
    desk.show(EMPTY)

    def show(*lines: TextLineSnapshot) -> DeskSnapshot:
        assert EMPTY.call is not None
        return replace(EMPTY, call=replace(EMPTY.call, text=lines))

    growing = TextLineSnapshot(False, samples.NOW, "hel", open=True)
    ours = TextLineSnapshot(True, samples.NOW, "ours")
    desk.show(show(growing), show(replace(growing, text="hello")))
    assert not [text for text, _ in desk.said if "They write" in text]
    done = replace(growing, text="hello", open=False)
    desk.show(show(done), show(done, ours), show(done, ours))
    assert [said for said in desk.said if "write" in said[0]] == [("They write: hello", False)]


def test_the_field_is_left_by_the_profiles_own_key(make_desk: MakeDesk) -> None:
    desk = make_desk(keys=KeyProfile.RIGHT_HAND).show(EMPTY).press(K.Key_O, K.Key_I)
    assert desk.focus == "text.box"
    desk.press(K.Key_F12)
    assert desk.focus == "panel.text"
    desk.press(K.Key_M)
    assert desk.sent == [Invoked("call.mute")]


def test_a_line_too_long_is_cut_and_said(desk: Desk) -> None:
    desk.show(EMPTY).press(K.Key_V)
    _box(desk).insertPlainText("x" * 3000)
    assert len(_sent(desk)) == 2000
    assert desk.said[-1] == ("This is too long for one line.", True)


def test_where_text_cannot_be_written_the_key_leads_to_what_was_written(desk: Desk) -> None:
    text = samples.TEXT.call
    assert text is not None
    desk.show(replace(samples.TEXT, call=replace(text, can_text=False))).press(K.Key_V)
    assert desk.focus == "text.lines"
