"""The second person's banner: who, what, why and how long, and two keys."""

from dataclasses import replace

from PySide6.QtCore import Qt

from client.core.events import ApprovalDecided
from client.ui import samples
from tests.unit.ui.conftest import Desk, MakeDesk

K = Qt.Key
_NEXT = replace(samples.APPROVAL, approvals=samples.APPROVAL.approvals[1:])


def test_it_says_who_asks_for_what_and_why_and_how_long_there_is(desk: Desk) -> None:
    desk.show(samples.SUPERVISOR)
    assert not desk.shown("approval")
    desk.show(samples.APPROVAL)
    assert desk.text("approval.who") == "林晓雨 asks to see in clear: Card number"
    assert desk.text("approval.why") == "Reason: Dispute"
    assert desk.text("approval.left") == "00:42 left to answer · 1 more after this one"
    assert desk.said[-1] == (
        "林晓雨 asks to see in clear: Card number. Reason: Dispute. Agree: G, then A. Refuse: G, then U.",
        True,
    )
    desk.show(_NEXT)
    assert desk.text("approval.why") == "Reason: 客户要改寄送地址"
    desk.show(samples.SUPERVISOR)
    assert not desk.shown("approval")


def test_two_keys_decide_about_the_one_on_the_screen(desk: Desk) -> None:
    desk.show(samples.APPROVAL).press(K.Key_G, K.Key_A)
    assert desk.sent == [ApprovalDecided("l_sample", approved=True)]


def test_a_click_refuses(desk: Desk) -> None:
    desk.show(samples.APPROVAL)
    desk.find("approval.refuse").click()  # type: ignore[attr-defined]
    assert desk.sent == [ApprovalDecided("l_sample", approved=False)]


def test_a_double_press_does_not_decide_about_the_next_one_unread(desk: Desk) -> None:
    now = [samples.NOW]
    desk.window.kit.clock = lambda: now[0]
    desk.show(samples.APPROVAL).press(K.Key_G, K.Key_A)
    desk.show(_NEXT).press(K.Key_G, K.Key_A)
    assert desk.sent == [ApprovalDecided("l_sample", approved=True)]
    assert desk.said[-1] == ("陈建国 asks to see in clear: Address", True)
    now[0] += 1.5
    desk.press(K.Key_G, K.Key_A)
    assert desk.sent[1:] == [ApprovalDecided("l_next", approved=True)]


def test_without_anybody_waiting_the_key_says_so(desk: Desk) -> None:
    desk.show(samples.SUPERVISOR).press(K.Key_G, K.Key_A)
    assert desk.sent == []
    assert desk.said[-1] == ("Agree: Nobody asks for anything", True)


def test_where_there_is_little_room_the_table_keeps_it(make_desk: MakeDesk) -> None:
    desk = make_desk(zoom=2.0, size=(1000, 700)).show(samples.SUPERVISOR)
    assert desk.shown("wall.filter")
    desk.show(samples.APPROVAL)
    assert not desk.shown("wall.filter")
    assert desk.shown("wall")
    desk.show(samples.SUPERVISOR)
    assert desk.shown("wall.filter")
