"""What a person sees, state by state."""

import itertools
from dataclasses import replace

import pytest
from PySide6.QtWidgets import QLabel

from client.core.agent import AgentState
from client.core.calls import CallState
from client.core.events import AnswerChosen, CodeChosen, Invoked
from client.core.problems import problem
from client.core.quality import Verdict
from client.core.snapshot import CardFieldSnapshot, CardSnapshot, DeskSnapshot, Screen, StatusSnapshot
from client.core.telephony import RegistrationState, SoundFault
from client.ui import samples
from tests.unit.ui.conftest import Desk, MakeDesk

_BAR = ("call.answer", "call.reject", "call.mute", "call.hold", "call.hang-up", "work.ready", "work.pause")


def _buttons(desk: Desk) -> set[str]:
    return {name for name in _BAR if desk.shown(name)}


def test_the_call_bar_tells_the_state_and_offers_what_fits(desk: Desk) -> None:
    in_call = {"call.mute", "call.hold", "call.hang-up"}
    seen: tuple[tuple[DeskSnapshot, str, set[str]], ...] = (
        (samples.IDLE, "Not ready 05:12", {"work.ready"}),
        (samples.READY, "Ready 01:14", {"work.pause"}),
        (samples.RINGING, "Ringing 00:04", {"call.answer", "call.reject"}),
        (samples.TALKING, "On a call 02:41", in_call),
        (samples.HELD, "On hold 02:41", in_call),
        (samples.WRAP_UP, "Wrap-up 00:21", set()),
    )
    for snapshot, state, buttons in seen:
        desk.show(snapshot)
        assert desk.text("state") == state
        assert _buttons(desk) == buttons
        for name in buttons:
            assert desk.find(name).isEnabled() is (name in snapshot.enabled)


def test_an_incoming_call_is_told_in_words_and_in_the_title(desk: Desk) -> None:
    desk.show(samples.READY)
    before = desk.window.call_bar.sizeHint().height()
    desk.show(samples.RINGING)
    assert desk.text("caller") == "Incoming call · 张*"
    assert desk.text("caller-number") == "138****1234"
    assert desk.window.windowTitle() == "● Incoming call — Hearthline"
    assert desk.window.call_bar.sizeHint().height() > before
    assert ("Incoming call. 张*. Answer: A.", True) in desk.said
    desk.show(samples.TALKING)
    assert desk.window.windowTitle() == "Hearthline"


def test_between_calls_the_desk_shows_its_own_state_and_the_day(desk: Desk) -> None:
    desk.show(samples.READY)
    assert {name for name in ("panel.desk", "panel.idle", "panel.history") if desk.shown(name)} == {
        "panel.desk",
        "panel.idle",
        "panel.history",
    }
    assert not any(desk.shown(name) for name in ("panel.customer", "panel.script", "panel.codes", "panel.quality"))
    assert desk.text("idle.state") == "Ready"
    assert desk.text("today.count") == "4"
    assert desk.text("today.average") == "3 min 58 s"
    assert "Shanghai 1" in desk.text("check.line")


def test_the_card_shows_labels_masked_values_and_classes(desk: Desk) -> None:
    desk.show(samples.TALKING)
    assert desk.text("value.id-card") == "1****************4"
    assert desk.find("value.id-card").accessibleName() == "ID card: 1****************4"
    assert desk.find("value.id-card").accessibleDescription() == "C2, masked"
    assert desk.find("value.branch").accessibleDescription() == "C1, shown as it is"


def test_an_unknown_field_gets_a_readable_label(desk: Desk) -> None:
    field = CardFieldSnapshot("loan-officer", "C1", False, "陈*")
    desk.show(replace(samples.TALKING, card=CardSnapshot(True, (field,))))
    assert desk.find("value.loan-officer").accessibleName() == "Loan officer: 陈*"


@pytest.mark.parametrize(
    ("card", "connected", "message"),
    [
        (None, True, "The record is on its way…"),
        (None, False, "The record can't be shown while the server is away. It comes by itself."),
        (CardSnapshot(known=False), True, "The caller is not in your customers' records."),
        (CardSnapshot(known=True), True, "At this trust level no field may be shown here."),
    ],
)
def test_where_there_is_no_record_the_card_says_why(
    desk: Desk, card: CardSnapshot | None, connected: bool, message: str
) -> None:
    status = replace(samples.STATUS, server_connected=connected)
    desk.show(replace(samples.TALKING, card=card, status=status))
    assert desk.text("customer.message") == message
    assert desk.shown("customer.message")


def test_the_card_goes_as_soon_as_the_core_takes_it_away(desk: Desk) -> None:
    call = samples.TALKING.call
    assert call is not None
    desk.show(samples.TALKING, replace(samples.TALKING, card=None, call=replace(call, label=None)))
    visible = [label for label in desk.window.findChildren(QLabel) if label.isVisible()]
    assert not any("138****1234" in widget.text() or widget.text() == "张*" for widget in visible)


def test_the_script_shows_step_words_and_answers(desk: Desk) -> None:
    desk.show(samples.TALKING)
    assert desk.text("script.position") == "Step 3 of 5"
    assert desk.find("script.say").accessibleName().startswith("This month's bill")
    assert [desk.text(f"script.answer.{n}") for n in (1, 2, 3)] == ["Agrees", "Wants to think", "Asks about the fee"]
    desk.find("script.answer.2").click()  # type: ignore[attr-defined]
    assert desk.sent == [AnswerChosen(1)]
    last = replace(samples.SCRIPT, step=4)
    desk.show(replace(samples.TALKING, script=last))
    assert not desk.shown("script.answer.1")


def test_words_of_a_server_are_never_markup(desk: Desk) -> None:
    field = CardFieldSnapshot("name", "C2", True, "<b>张*</b><img src=x>")
    desk.show(replace(samples.TALKING, card=CardSnapshot(True, (field,))))
    assert desk.text("value.name") == "<b>张*</b><img src=x>"
    step = replace(samples.SCRIPT.steps[0], say=replace(samples.SCRIPT.steps[0].say, en="a <b> & c"))
    desk.show(replace(samples.TALKING, script=replace(samples.SCRIPT, steps=(step,), step=0)))
    assert "a &lt;b&gt; &amp; c" in desk.text("script.say")


def test_codes_are_chosen_by_pointer_and_shown_as_chosen(desk: Desk) -> None:
    desk.show(samples.TALKING)
    desk.find("code.complaint").click()  # type: ignore[attr-defined]
    assert desk.sent == [CodeChosen("complaint")]
    assert not desk.find("code.complaint").isChecked()  # type: ignore[attr-defined]
    note = samples.TALKING.wrap_up
    assert note is not None
    desk.show(replace(samples.TALKING, wrap_up=replace(note, code="complaint")))
    assert desk.find("code.complaint").isChecked()  # type: ignore[attr-defined]


def test_toggles_show_what_is_so_and_not_what_was_asked(desk: Desk) -> None:
    desk.show(samples.TALKING)
    mute = desk.window.call_bar.buttons["call.mute"]
    mute.click()
    assert desk.sent == [Invoked("call.mute")]
    assert not mute.isChecked()
    desk.show(samples.MUTED)
    assert mute.isChecked()
    assert desk.text("muted") == "Muted"
    assert desk.shown("muted")


def test_the_problem_tells_what_it_means_and_what_to_do(desk: Desk) -> None:
    desk.show(samples.WRAP_UP, samples.ENGINE_LOST)
    lost = problem("engine-stopped")
    assert desk.text("problem.happened") == lost.happened
    assert desk.text("problem.means") == lost.means
    assert desk.text("problem.do") == f"What to do: {lost.do}"
    assert any(lost.happened in text and urgent for text, urgent in desk.said)
    desk.find("problem.dismiss").click()  # type: ignore[attr-defined]
    assert desk.sent == [Invoked("problem.dismiss")]
    desk.show(samples.WRAP_UP)
    assert not desk.shown("problem")


def test_the_status_line_proves_without_colour(desk: Desk) -> None:
    desk.show(samples.TALKING)
    items = desk.window.status_bar.items
    assert items["line"].accessibleName() == "Registered Shanghai 1"
    assert items["server"].accessibleName() == "Server connected"
    assert items["engine"].accessibleName() == "Engine running"
    assert items["trust"].accessibleName() == "Trust T1 Masked data only: this screen could be captured"
    assert items["recording"].accessibleName() == "Recording"
    assert items["watchers"].accessibleName() == "Listening: 值班督导"
    bad = StatusSnapshot(RegistrationState.FAILED, sound_faults=(SoundFault.NO_MICROPHONE,), unsent=2)
    desk.show(replace(samples.READY, status=bad))
    assert items["line"].accessibleName() == "Line down"
    assert items["server"].accessibleName() == "Server away"
    assert items["unsent"].accessibleName() == "2 to send"
    assert "Server away" in desk.find("status").accessibleDescription()
    assert desk.text("check.sound") == "No microphone: customers will not hear you"


@pytest.mark.parametrize(
    ("verdict", "word"), [(Verdict.GOOD, "Good"), (Verdict.FAIR, "Fair"), (Verdict.POOR, "Poor"), (None, "Measuring…")]
)
def test_quality_is_a_word_and_a_score(desk: Desk, verdict: Verdict | None, word: str) -> None:
    call = samples.TALKING.call
    assert call is not None
    quality = replace(samples.GOOD, verdict=verdict, mos=3.96) if verdict is not None else None
    desk.show(replace(samples.TALKING, call=replace(call, quality=quality)))
    assert desk.text("quality.word") == word
    assert desk.shown("quality.mos") is (verdict is not None)
    assert desk.text("quality.mos") == ("4.0" if verdict is not None else "")


def test_poor_quality_comes_with_what_to_do(desk: Desk) -> None:
    desk.show(samples.TALKING, samples.POOR)
    assert desk.text("quality.word") == "Poor"
    words = "Your network loses 6% of what you should hear. Use a cable instead of Wi-Fi, or move closer to the router."
    assert desk.text("quality.advice") == words
    assert desk.text("caller-about") == words
    assert desk.said.count((words, False)) == 1
    assert desk.text("quality.secure") == "Encrypted: AEAD AES 256 GCM · Opus"
    desk.show(samples.TALKING)
    assert desk.said[-1] == ("The sound is well again.", False)


def test_all_figures_of_the_quality_are_told_to_who_asks(desk: Desk) -> None:
    desk.show(samples.TALKING)
    assert not desk.shown("quality.details")
    desk.find("panel.quality").setFocus()
    assert desk.text("quality.details") == "Heard: 0.4% lost · said: 0.2% lost · jitter 4 ms · round trip 42 ms"
    assert desk.shown("quality.details")
    assert desk.find("panel.quality").accessibleDescription().startswith("Good, MOS 4.3. Heard: 0.4% lost")


def test_no_pair_of_states_is_without_a_picture(desk: Desk) -> None:
    call = samples.TALKING.call
    assert call is not None
    for agent_state, call_state in itertools.product(AgentState, CallState):
        desk.show(replace(samples.TALKING, state=agent_state, call=replace(call, state=call_state)))
        assert desk.text("state")
        assert not desk.window.grab().isNull()


def test_twenty_codes_and_long_words_fit(make_desk: MakeDesk) -> None:
    code = samples.CODES[0]
    words = replace(code.label, en="A rather long description of how this call came to its end, with details")
    codes = tuple(replace(code, id=f"code-{number}", label=words) for number in range(20))
    desk = make_desk(size=(1000, 700)).show(replace(samples.WRAP_UP, codes=codes))
    button = desk.find("code.code-19")
    assert button.isVisible()
    assert button.height() >= button.heightForWidth(button.width())


def test_entering_a_screen_sets_the_focus(desk: Desk) -> None:
    for snapshot, focus in (
        (samples.ENROL, "enrol.code"),
        (samples.SIGN_IN, "sign-in.name"),
        (samples.READY, "state"),
    ):
        desk.show(snapshot)
        assert desk.focus == focus
    desk.show(samples.SUPERVISOR)
    assert desk.focus == "wall"
    assert desk.preferences.read().sign_in_name == samples.PERSON.name


def test_the_focus_never_ends_nowhere(desk: Desk) -> None:
    desk.show(samples.READY, samples.RINGING)
    desk.find("call.answer").setFocus()
    desk.show(samples.TALKING)
    focus = desk.window.focusWidget()
    assert focus is not None
    assert focus.isVisible()


def test_every_screen_has_a_widget(desk: Desk) -> None:
    assert set(desk.window.screens) == set(Screen)
