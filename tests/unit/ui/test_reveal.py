"""A field in clear on the screen: the way there by keys alone, what is painted, and that nothing of it is left."""

import itertools
from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QAccessible, QImage, QInputMethodQueryEvent
from PySide6.QtWidgets import QApplication, QWidget

from client.core import events, intents
from client.core.events import Invoked, RevealSubmitted, WindowFocus
from client.core.keys import KeyProfile
from client.core.snapshot import RevealStage
from client.security.clear_value import ClearValue, Safe
from client.ui import samples
from client.ui.widgets.clear_text import ClearText, clusters
from tests.unit.core.playbook import REF
from tests.unit.core.test_reveal import LEASE, asked, in_call
from tests.unit.security.memory import Needle, found_in_memory
from tests.unit.security.test_clear_value import linux
from tests.unit.ui.conftest import Desk, MakeDesk

K = Qt.Key


def _value(text: str) -> ClearValue:
    return ClearValue(bytes(bytearray(text.encode())))


@pytest.fixture
def safe() -> Iterator[Safe]:
    made = Safe()
    yield made
    made.wipe_all()


def _clear(desk: Desk, name: str = "card-number") -> ClearText:
    found = desk.find(f"clear.{name}")
    assert isinstance(found, ClearText)
    return found


def _inked(widget: QWidget) -> int:
    """How many pixels of the widget are not its ground."""
    image = widget.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    ground = image.pixel(image.width() - 1, 0)
    return sum(image.pixel(x, y) != ground for x in range(0, image.width(), 2) for y in range(image.height()))


# --- The way there ----------------------------------------------------------------------------------------------------


def test_one_key_opens_the_sheet_and_two_digits_ask(desk: Desk) -> None:
    desk.show(samples.REVEALABLE).press(K.Key_Z)
    assert desk.sent == [Invoked("customer.reveal")]
    desk.show(samples.REVEAL)
    assert desk.text("reveal.title") == "Show a field in clear"
    desk.press(K.Key_4)
    assert desk.text("reveal.title") == "Show in clear: Card number"
    assert desk.focus == "reveal.list"
    desk.press(K.Key_2)
    assert desk.sent[1:] == [RevealSubmitted("card-number", "address-change")]


@pytest.mark.parametrize("profile", KeyProfile)
def test_it_goes_by_the_arrows_and_one_key_as_well(make_desk: MakeDesk, profile: KeyProfile) -> None:
    desk = make_desk(keys=profile).show(samples.REVEALABLE, samples.REVEAL)
    desk.press(K.Key_Down, K.Key_Return, K.Key_Down, K.Key_Down, K.Key_Return)
    assert desk.sent == [RevealSubmitted("id-card", "delivery")]


def test_the_field_with_the_focus_is_the_one_that_is_meant(desk: Desk) -> None:
    desk.show(samples.REVEALABLE)
    desk.find("show.address").setFocus()
    desk.press(K.Key_Z).show(samples.REVEAL)
    assert desk.text("reveal.title") == "Show in clear: Address"
    desk.press(K.Key_1)
    assert desk.sent == [Invoked("customer.reveal"), RevealSubmitted("address", "identity-check")]


def test_a_sheet_that_is_opened_again_begins_anew(desk: Desk) -> None:
    desk.show(samples.REVEALABLE)
    desk.find("show.address").setFocus()
    desk.press(K.Key_Z).show(samples.REVEAL, samples.REVEALABLE)
    desk.find("panel.script").setFocus()
    desk.press(K.Key_Z).show(samples.REVEAL)
    assert desk.text("reveal.title") == "Show a field in clear"


def test_a_reason_is_typed_and_nothing_of_it_is_left(desk: Desk) -> None:
    desk.show(samples.REVEALABLE, samples.REVEAL).press(K.Key_1, K.Key_Tab)
    assert desk.focus == "reveal.typed"
    desk.press(K.Key_Return)
    assert desk.sent == []
    assert desk.said[-1] == ("Type a reason first.", True)
    desk.type("asked twice 42").press(K.Key_Return)
    assert desk.sent == [RevealSubmitted("mobile", typed_reason="asked twice 42")]
    desk.show(samples.REVEALABLE)
    assert desk.text("reveal.typed") == ""


def test_nothing_can_be_typed_where_the_organisation_does_not_let_it(desk: Desk) -> None:
    desk.show(replace(samples.REVEAL, may_type_reason=False)).press(K.Key_1)
    assert not desk.shown("reveal.typed")


def test_a_sign_stands_only_beside_what_can_be_shown(desk: Desk) -> None:
    desk.show(samples.REVEALABLE)
    assert desk.shown("show.mobile")
    assert desk.find("show.mobile").accessibleName() == "Show in clear: Mobile"
    assert not [widget for widget in desk.window.findChildren(QWidget) if widget.objectName() == "show.name"]
    desk.show(samples.TALKING)
    assert not desk.shown("customer.reveal")


# --- On the screen ----------------------------------------------------------------------------------------------------


def test_who_waits_sees_for_whom_and_how_long_and_can_stop(desk: Desk) -> None:
    desk.show(samples.REVEALABLE, samples.REVEAL_ASKING)
    assert desk.text("open.card-number.words") == "Asking for it…"
    assert not desk.shown("open.card-number.left")
    desk.show(samples.REVEAL_WAITING)
    assert desk.text("open.card-number.words") == "Your supervisor is asked to agree."
    assert desk.text("open.card-number.left") == "00:42 left"
    assert desk.text("customer.hide") == "Stop asking"
    assert not desk.shown("customer.speak")
    assert not desk.shown("clear.card-number")
    desk.press(K.Key_G, K.Key_H)
    assert desk.sent == [Invoked("customer.hide")]


def test_the_value_is_painted_with_its_time_and_its_keys(make_desk: MakeDesk, safe: Safe) -> None:
    safe.put("l_sample", _value("6225880000001234"))
    desk = make_desk(safe=safe).show(samples.REVEALABLE, samples.REVEAL_SHOWN)
    assert _inked(_clear(desk)) > 100
    assert desk.text("open.card-number.left") == "Covered again in 12 s"
    assert desk.text("customer.hide") == "Hide it again"
    desk.press(K.Key_G, K.Key_Z, K.Key_G, K.Key_H)
    assert desk.sent == [Invoked("customer.speak"), Invoked("customer.hide")]
    desk.show(samples.REVEALABLE)
    assert not [widget for widget in desk.window.findChildren(ClearText) if widget.shows]
    assert desk.shown("show.card-number")


def test_where_it_cannot_be_read_aloud_nothing_offers_that(desk: Desk) -> None:
    mute = replace(samples.REVEAL_SHOWN, enabled=samples.REVEAL_SHOWN.enabled - {"customer.speak"})
    desk.show(samples.REVEALABLE, mute)
    assert desk.shown("customer.hide")
    assert not desk.shown("customer.speak")
    assert _clear(desk).accessibleDescription() == "Shown on the screen only."
    (said,) = (text for text, _ in desk.said if "in clear on the screen" in text)
    assert "read to you" not in said


def test_what_is_wiped_is_not_painted_even_if_the_screen_does_not_know_yet(make_desk: MakeDesk, safe: Safe) -> None:
    safe.put("l_sample", _value("6225880000001234"))
    desk = make_desk(safe=safe).show(samples.REVEALABLE, samples.REVEAL_SHOWN)
    safe.wipe_all()
    assert _inked(_clear(desk)) == 0


def test_who_looks_away_sees_nothing_before_the_core_has_said_so(make_desk: MakeDesk, safe: Safe) -> None:
    safe.put("l_sample", _value("6225880000001234"))
    desk = make_desk(safe=safe).show(samples.REVEALABLE, samples.REVEAL_SHOWN)
    other = QWidget()
    other.show()
    other.activateWindow()
    desk.settle()
    assert desk.sent == [WindowFocus(focused=False)]
    assert not _clear(desk).shows
    other.close()
    desk.window.activateWindow()
    desk.settle()
    assert desk.sent[1:] == [WindowFocus(focused=True)]
    # The lease is over; that the window is back brings nothing back.
    desk.show(samples.REVEAL_SHOWN)
    assert not _clear(desk).shows


def test_a_locked_pc_shows_nothing(make_desk: MakeDesk, safe: Safe) -> None:
    safe.put("l_sample", _value("6225880000001234"))
    desk = make_desk(safe=safe).show(samples.REVEALABLE, samples.REVEAL_SHOWN)
    desk.window.attention.lock(locked=True)
    assert desk.sent == [WindowFocus(focused=True, locked=True)]
    assert not _clear(desk).shows


def test_a_window_that_is_hidden_tells_so(desk: Desk) -> None:
    desk.window.hide()
    assert desk.sent == [WindowFocus(focused=False)]


def test_the_accessibility_tree_has_the_mask(make_desk: MakeDesk, safe: Safe) -> None:
    safe.put("l_sample", _value("6225880000001234"))
    desk = make_desk(safe=safe).show(samples.REVEALABLE, samples.REVEAL_SHOWN)
    for widget in [desk.window, *desk.window.findChildren(QWidget)]:
        interface = QAccessible.queryAccessibleInterface(widget)
        texts = [interface.text(kind) for kind in QAccessible.Text if kind is not QAccessible.Text.UserText]
        assert not any("6225880000001234" in text or "6225 8800" in text for text in texts)
    interface = QAccessible.queryAccessibleInterface(_clear(desk))
    assert interface.text(QAccessible.Text.Name) == "Card number: 622588******1234"
    assert interface.textInterface() is None
    assert [said for said in desk.said if "in clear on the screen" in said[0]]
    assert not any("6225880000001234" in text for text, _ in desk.said)


def test_a_shown_value_takes_no_focus_no_input_no_drop_and_has_no_menu(make_desk: MakeDesk, safe: Safe) -> None:
    safe.put("l_sample", _value("6225880000001234"))
    widget = _clear(make_desk(safe=safe).show(samples.REVEALABLE, samples.REVEAL_SHOWN))
    assert widget.focusPolicy() is Qt.FocusPolicy.NoFocus
    assert widget.contextMenuPolicy() is Qt.ContextMenuPolicy.NoContextMenu
    assert (widget.toolTip(), widget.statusTip(), widget.whatsThis()) == ("", "", "")
    assert not widget.acceptDrops()
    assert not widget.testAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled)
    query = QInputMethodQueryEvent(Qt.InputMethodQuery.ImSurroundingText)
    QApplication.sendEvent(widget, query)
    assert not query.value(Qt.InputMethodQuery.ImSurroundingText)


def test_the_focus_goes_to_what_hides_it_and_back_again(make_desk: MakeDesk, safe: Safe) -> None:
    safe.put("l_sample", _value("6225880000001234"))
    desk = make_desk(safe=safe).show(samples.REVEALABLE)
    desk.find("show.card-number").setFocus()
    desk.show(samples.REVEAL, samples.REVEAL_SHOWN)
    assert desk.focus == "customer.hide"
    desk.show(samples.REVEALABLE)
    assert desk.focus == "show.card-number"


def test_the_language_may_change_meanwhile(make_desk: MakeDesk, safe: Safe) -> None:
    safe.put("l_sample", _value("6225880000001234"))
    desk = make_desk(safe=safe).show(samples.REVEALABLE, samples.REVEAL_SHOWN)
    desk.window.set_language("zh")
    desk.settle()
    assert _inked(_clear(desk)) > 100


# --- How it is painted ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("zoom", [1.0, 2.0])
@pytest.mark.parametrize(
    ("text", "lines"),
    [("6225880000001234", 1), ("上海市徐汇区漕溪北路1111弄22号3303室 Building C, Floor 33", 2), ("x" * 200, 4)],
)
def test_every_character_has_its_place_inside(
    make_desk: MakeDesk, safe: Safe, text: str, lines: int, zoom: float
) -> None:
    safe.put("l_sample", _value(text))
    desk = make_desk(safe=safe, zoom=zoom).show(samples.REVEALABLE, samples.REVEAL_SHOWN)
    widget = _clear(desk)
    room = desk.window.kit.theme.px(360)
    places = widget._places(room)
    metrics = widget._metrics()
    assert len(places) == len(text)
    rows: dict[float, list[QPointF]] = {}
    for place in places:
        rows.setdefault(place.y(), []).append(place)
    assert len(rows) >= lines
    for row in rows.values():
        assert row[0].x() == 0
        assert all(left.x() < right.x() for left, right in itertools.pairwise(row))
        assert row[-1].x() <= room
    assert max(rows) + metrics.descent() <= widget.heightForWidth(room)


def test_a_word_is_kept_together() -> None:
    assert list(clusters(iter("e\u0301te\u0301"))) == ["e\u0301", "t", "e\u0301"]


def test_what_turns_the_writing_round_is_left_out() -> None:
    assert list(clusters(iter("12\u202e34\n5\u200b"))) == ["1", "2", "3", "4", " ", "5"]


# --- Nothing is left --------------------------------------------------------------------------------------------------


@linux
@pytest.mark.parametrize("chinese", [False, True])
def test_in_memory_nothing_of_it_is_left_when_it_is_over(make_desk: MakeDesk, safe: Safe, chinese: bool) -> None:
    """The desk's own core, the safe and the window: while it is shown the value is in one place, then in none."""
    needle = Needle(chinese=chinese)
    desk, play = make_desk(safe=safe), in_call()
    play.now = samples.NOW
    desk.show(play.sees)
    play.happens(RevealSubmitted("mobile", "call-back"))
    desk.show(play.sees)
    safe.put(LEASE, ClearValue(needle.value()))
    play.happens(events.RevealAnswered(LEASE, "mobile", True, 20, play.now + 60, asked(play)))
    desk.show(play.sees)
    assert play.sees.reveal is not None
    assert play.sees.reveal.stage is RevealStage.SHOWN
    assert _inked(_clear(desk, "mobile")) > 100
    assert len(found_in_memory(needle)) == 1
    (end,) = play.happens(events.RevealDue(LEASE))
    assert end == intents.EndReveal(REF, LEASE, "expired", 0.0)
    safe.wipe(LEASE)
    # From here on, whatever the screen still has to do: there is nothing to be found.
    assert found_in_memory(needle) == []
    desk.show(play.sees)
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert found_in_memory(needle) == []
