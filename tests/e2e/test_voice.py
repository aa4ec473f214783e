"""The telephone on every real part, by keys alone: several calls, text, the check, and a desk that dies in a call."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.stage.voice import AGENT_TONE, VoiceStage, seconds_with

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(300)]


@pytest.fixture(scope="module")
def stage() -> Iterator[VoiceStage]:
    # A socket's path may have some hundred characters, and pytest's own folders leave too few of them.
    with tempfile.TemporaryDirectory(prefix="hl-") as directory, VoiceStage(Path(directory)) as ready:
        yield ready


def test_a_second_call_is_answered_swapped_joined_and_both_get_their_notes(stage: VoiceStage) -> None:
    seat = stage.seat
    with stage.calling(0) as first:
        stage.answer()
        first.wait("media")
        with stage.calling(1) as second:
            seat.can("call.answer")
            seat.does("call.answer")
            first.wait("hold")
            second.wait("media")
            seat.can("call.swap")
            seat.does("call.swap")
            second.wait("hold")
            first.wait("resumed")
            seat.can("call.conference")
            seat.does("call.conference")
            second.wait("resumed")
            seat.can("call.split")
            with stage.pc.sound.record_headset():
                seat.waits("talking together", lambda seen: seen.by_id("other-calls") is not None)
            seat.does("call.hang-up")
            first.wait("ended")
        # The second telephone's recording is whole now: it has heard the agent, and in the conference the first.
        assert any(seconds_with(second.recording, AGENT_TONE))
    stage.finish_notes(2)


def test_text_goes_both_ways_in_the_same_call(stage: VoiceStage) -> None:
    seat = stage.seat
    with stage.calling(0, text=True) as caller:
        stage.answer()
        caller.wait("media")
        caller.order("text 您好，我听不见")
        seat.waits("the customer's text", lambda seen: seen.says("您好，我听不见"))
        seat.does("focus.text")
        seat.focuses("text.box")
        seat.types("ok")
        heard = ""
        while "ok" not in heard:
            caller.wait("text")
            heard += caller.last["text"]
        seat.does("field.leave")
        caller.hang_up()
        caller.wait("ended")
    stage.finish_notes()


def test_asking_a_colleague_dials_what_the_server_gives_and_keeps_the_customer(stage: VoiceStage) -> None:
    seat = stage.seat
    with stage.calling(0) as caller:
        stage.answer()
        caller.wait("media")
        seat.can("call.consult")
        seat.does("call.consult")
        seat.waits(
            "the colleague to choose", lambda seen: any(thing.focused and thing.says("陈浩") for thing in seen.things)
        )
        seat.presses("Return")
        caller.wait("hold")
        # The contact centre's switch has one telephone here, which takes the colleague's call as well.
        caller.wait("incoming")
        caller.order("answer")
        seat.can("call.connect")
        seat.does("call.hang-up")
        caller.wait("ended")
        seat.can("call.hold")
        seat.does("call.hold")
        caller.wait("resumed")
        caller.hang_up()
    stage.finish_notes()


def test_a_desk_that_dies_in_a_call_takes_it_back_and_nobody_is_cut_off(stage: VoiceStage) -> None:
    seat = stage.seat
    with stage.calling(1) as caller:
        stage.answer()
        caller.wait("media")
        seat.does("focus.notes")
        seat.focuses("notes")
        seat.types("half a note")
        seat.does("field.leave")
        # The note is sealed a moment after the typing; a crash costs no more than that.
        seat.waits("the sealed note", lambda _: any(seat.profile_directory.rglob("draft-*")))
        engine = seat.engine_pid()
        seat.kill()
        seat.open()
        # Before anybody signs in, the call can be ended, muted and held.
        seat.can("call.hang-up")
        seat.sees("sign-in.name")
        stage.sign_in()
        seat.sees("value.phone", "****" + stage.customers[1].phone[-4:])
        seat.waits("the note that was begun", lambda seen: seen.says("half a note"))
        assert Path(f"/proc/{engine}").exists()
        seat.can("call.hang-up")
        seat.does("call.hang-up")
        caller.wait("ended")
    heard = seconds_with(caller.recording, AGENT_TONE)
    # The first second is the answer's own; from then on there is not one in which the agent was not heard.
    assert all(heard[1:-1]), heard
    # A new session begins with a break; ready is what the agent becomes when the note is saved.
    seat.does("work.ready")
    stage.finish_notes()


def test_the_check_before_the_shift_hears_the_agent_come_back_from_the_edge(stage: VoiceStage) -> None:
    seat = stage.seat
    seat.does("sound.check")
    seat.focuses("check.start")
    seat.presses("Return")
    seat.waits("a verdict", lambda seen: (found := seen.by_id("check.result")) is not None and found.says("well"), 40)
    seat.presses("Escape")
    seat.can("work.pause")
