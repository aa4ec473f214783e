"""Several calls, and calls of the agent's own, as a dialogue."""

import pytest

from client.core import events, intents
from client.core import telephony as tel
from client.core.agent import AgentState
from client.core.calls import CallState
from client.core.snapshot import CheckStage, Direction, DirectoryEntrySnapshot, PersonSnapshot, Screen, Sheet, Words
from tests.unit.core.playbook import CALL, CARD, CODES, REF, SCRIPT, Playbook, of_kind, presences

SECOND = 8
SECOND_REF = "c_reference2"
CHEN = DirectoryEntrySnapshot("chen", "colleague", Words("Chen", "陈"))
BOX = DirectoryEntrySnapshot("voicemail", "service", Words("Messages", "语音留言"))


def held(call: int, *, yes: bool = True) -> tel.CallMedia:
    """The engine has put a call on hold, or taken it back."""
    return tel.CallMedia(call, active=not yes, held_locally=yes, held_remotely=False)


def consulting() -> Playbook:
    """The customer is on hold, and the agent talks with a colleague."""
    desk = Playbook().talking()
    desk.happens(events.DirectoryArrived((CHEN, BOX), numbers=True))
    desk.presses("call.consult")
    wanted = desk.happens(events.DialSubmitted(entry="chen"))
    (fetch,) = of_kind(wanted, intents.FetchDialToken)
    assert isinstance(fetch, intents.FetchDialToken)
    desk.happens(held(CALL), events.DialGranted(fetch.request, "t_token"))
    desk.happens(tel.CallOutgoing(SECOND, fetch.request), tel.CallRinging(SECOND), tel.CallConfirmed(SECOND))
    desk.happens(held(SECOND, yes=False))
    return desk


def two_customers() -> Playbook:
    """A second customer was answered; the first is on hold."""
    desk = Playbook().talking()
    desk.happens(tel.CallIncoming(SECOND, SECOND_REF))
    desk.presses("call.answer")
    desk.happens(held(CALL), tel.CallConfirmed(SECOND), held(SECOND, yes=False))
    return desk


def test_a_second_call_waits_is_heard_and_does_not_take_the_screen() -> None:
    desk = Playbook().talking()
    wanted = desk.happens(tel.CallIncoming(SECOND, SECOND_REF))
    assert tel.PlayTone(tel.Tone.WAITING) in wanted
    assert [call.state for call in desk.sees.calls] == [CallState.TALKING, CallState.RINGING]
    assert desk.sees.call is not None
    assert desk.sees.call.ref == REF
    assert desk.sees.card == CARD


def test_answering_the_second_holds_the_first() -> None:
    desk = Playbook().talking()
    desk.happens(tel.CallIncoming(SECOND, SECOND_REF))
    assert desk.presses("call.answer") == [tel.SetHold(CALL, held=True), tel.AnswerCall(SECOND)]
    assert desk.sees.call is not None
    assert desk.sees.call.ref == SECOND_REF


def test_refusing_the_second_leaves_the_first_alone() -> None:
    desk = Playbook().talking()
    desk.happens(tel.CallIncoming(SECOND, SECOND_REF))
    assert desk.presses("call.reject") == [tel.RejectCall(SECOND, 603)]
    desk.happens(tel.CallEnded(SECOND, tel.CallEnd.REJECTED))
    assert [call.ref for call in desk.sees.calls] == [REF]
    assert desk.sees.state is AgentState.ON_CALL


@pytest.mark.parametrize("policy", [True, False])
def test_the_organisation_decides_whether_a_second_call_waits(policy: bool) -> None:
    desk = Playbook().talking()
    desk.happens(events.DeviceReady("Bank", CODES, (), second_call_waits=policy))
    wanted = desk.happens(tel.CallIncoming(SECOND, SECOND_REF))
    assert (tel.RejectCall(SECOND, 486) in wanted) == (not policy)


def test_a_call_while_one_rings_is_told_that_the_agent_is_busy() -> None:
    desk = Playbook().ringing()
    assert desk.happens(tel.CallIncoming(SECOND, SECOND_REF)) == [tel.RejectCall(SECOND, 486)]


def test_do_not_disturb_refuses_every_call_and_tells_the_wall() -> None:
    desk = Playbook().ready()
    assert presences(desk.presses("work.do-not-disturb")) == ["not-ready"]
    assert desk.happens(tel.CallIncoming(CALL, REF)) == [tel.RejectCall(CALL, 480)]
    assert presences(desk.presses("work.do-not-disturb")) == ["ready"]
    talking = Playbook().talking()
    talking.presses("work.do-not-disturb")
    assert talking.happens(tel.CallIncoming(SECOND, SECOND_REF)) == [tel.RejectCall(SECOND, 480)]


def test_a_break_wished_for_in_a_call_begins_when_the_note_is_saved() -> None:
    desk = Playbook().talking()
    desk.presses("work.pause")
    assert desk.sees.break_next
    assert desk.sees.state is AgentState.ON_CALL
    desk.happens(tel.CallEnded(CALL, tel.CallEnd.REMOTE), events.CodeChosen("again"))
    desk.presses("work.save")
    desk.happens(events.WrapUpKept(REF))
    assert desk.sees.state is AgentState.NOT_READY


def test_swapping_holds_one_and_takes_the_other_back() -> None:
    desk = two_customers()
    assert desk.presses("call.swap") == [tel.SetHold(SECOND, held=True), tel.SetHold(CALL, held=False)]
    assert desk.sees.call is not None
    assert desk.sees.call.ref == REF
    assert desk.sees.card == CARD


def test_swapping_twice_before_the_first_is_done_leaves_one_in_the_ear() -> None:
    desk = two_customers()
    desk.presses("call.swap")
    assert desk.presses("call.swap") == [tel.SetHold(CALL, held=True), tel.SetHold(SECOND, held=False)]


def test_each_customer_gets_a_note_and_they_are_written_one_after_the_other() -> None:
    desk = two_customers()
    desk.happens(events.NotesEdited("about the second"))
    desk.happens(tel.CallEnded(SECOND, tel.CallEnd.REMOTE))
    assert desk.sees.state is AgentState.ON_CALL
    assert desk.sees.wrap_up is not None
    assert (desk.sees.wrap_up.ref, desk.sees.wrap_up.waiting) == (REF, 1)
    desk.happens(tel.CallEnded(CALL, tel.CallEnd.REMOTE))
    for ref in (REF, SECOND_REF):
        assert desk.sees.state is AgentState.WRAP_UP
        assert desk.sees.wrap_up.ref == ref
        desk.happens(events.CodeChosen("again"))
        desk.presses("work.save")
        desk.happens(events.WrapUpKept(ref))
    assert of_kind(desk.wanted, intents.SaveWrapUp)[-1] == intents.SaveWrapUp(SECOND_REF, "about the second", "again")
    assert desk.sees.state is AgentState.READY


def test_when_one_ends_the_other_stays_held_until_the_agent_takes_it_back() -> None:
    desk = two_customers()
    wanted = desk.happens(tel.CallEnded(SECOND, tel.CallEnd.REMOTE))
    assert not of_kind(wanted, tel.SetHold)
    assert desk.sees.call is not None
    assert (desk.sees.call.ref, desk.sees.call.state) == (REF, CallState.HOLDING)
    assert desk.presses("call.hold") == [tel.SetHold(CALL, held=False)]


def test_asking_a_colleague_holds_the_customer_and_keeps_the_record_in_sight() -> None:
    desk = consulting()
    customer, colleague = desk.sees.calls
    assert (customer.state, colleague.state) == (CallState.HOLDING, CallState.TALKING)
    assert colleague.label == CHEN.label
    assert colleague.direction is Direction.OUTGOING
    assert desk.sees.card == CARD
    assert desk.sees.wrap_up is not None
    assert desk.sees.wrap_up.ref == REF
    assert tel.SetHold(CALL, held=True) in desk.wanted


def test_connecting_sends_the_customer_to_the_colleague() -> None:
    desk = consulting()
    assert desk.presses("call.connect") == [tel.TransferToCall(CALL, SECOND)]
    assert desk.sees.calls[0].state is CallState.TRANSFERRING_HELD
    desk.happens(tel.CallTransfer(CALL, 200, final=True), tel.CallEnded(SECOND, tel.CallEnd.REMOTE))
    desk.happens(tel.CallEnded(CALL, tel.CallEnd.LOCAL))
    assert desk.sees.state is AgentState.WRAP_UP


def test_a_connection_that_fails_leaves_both_calls_with_the_agent() -> None:
    desk = consulting()
    desk.presses("call.connect")
    desk.happens(tel.CallTransfer(CALL, 603, final=True))
    assert desk.problem == "transfer-failed"
    assert [call.state for call in desk.sees.calls] == [CallState.HOLDING, CallState.TALKING]


def test_a_colleague_needs_no_note_and_no_report_to_the_server() -> None:
    desk = consulting()
    desk.presses("call.hang-up")
    wanted = desk.happens(tel.CallEnded(SECOND, tel.CallEnd.LOCAL))
    assert not of_kind(wanted, intents.TellCall)
    assert [entry.ref for entry in desk.sees.history] == []


def test_three_can_talk_and_part_again() -> None:
    desk = consulting()
    wanted = desk.presses("call.conference")
    assert wanted == [tel.SetConference((CALL, SECOND)), tel.SetHold(CALL, held=False)]
    desk.happens(tel.ConferenceChanged((CALL, SECOND)), held(CALL, yes=False))
    assert all(call.in_conference for call in desk.sees.calls)
    assert "call.conference" not in desk.sees.enabled
    assert desk.presses("call.split") == [tel.SetConference(()), tel.SetHold(CALL, held=True)]


def test_a_blind_transfer_asks_for_a_token_and_sends_the_customer_on() -> None:
    desk = Playbook().talking()
    desk.happens(events.DirectoryArrived((CHEN,), numbers=False))
    desk.presses("call.transfer")
    assert desk.sees.sheet is Sheet.TRANSFER
    (fetch,) = desk.happens(events.DialSubmitted(entry="chen"))
    assert fetch == intents.FetchDialToken(1, "chen")
    assert desk.sees.sheet is None
    assert desk.happens(events.DialGranted(1, "t_token")) == [tel.TransferCall(CALL, "t_token")]
    desk.happens(tel.CallTransfer(CALL, 100, final=False))
    assert desk.sees.calls[0].state is CallState.TRANSFERRING


@pytest.mark.parametrize("code", ["dial-refused", "server-unreachable"])
def test_a_transfer_that_the_server_does_not_allow_leaves_the_call(code: str) -> None:
    desk = Playbook().talking()
    desk.presses("call.transfer")
    desk.happens(events.DialSubmitted(number="10086"), events.DialRefused(1, code))
    assert desk.problem == code
    assert desk.sees.calls[0].state is CallState.TALKING


def test_the_customer_of_an_earlier_call_is_called_back_and_gets_a_note() -> None:
    desk = Playbook().signed_in()
    assert desk.happens(events.CallBack(REF)) == [
        intents.FetchDialToken(1, "", REF),
        intents.TellPresence(AgentState.ON_CALL, desk.now, ""),
    ]
    wanted = desk.happens(events.DialGranted(1, "t_token", "c_new_reference"))
    assert wanted == [tel.MakeCall(1, "t_token"), intents.FetchCard("c_new_reference")]
    desk.happens(events.CardArrived("c_new_reference", CARD, SCRIPT, 1, ()), tel.CallOutgoing(CALL, 1))
    assert desk.sees.calls[0].state is CallState.DIALLING
    assert desk.sees.card == CARD
    desk.happens(tel.CallRinging(CALL))
    assert desk.sees.calls[0].state is CallState.CALLING
    desk.happens(tel.CallEnded(CALL, tel.CallEnd.FAILED, 486))
    assert desk.problem == "call-failed-busy"
    assert desk.sees.state is AgentState.WRAP_UP


@pytest.mark.parametrize(
    ("status", "code"),
    [(404, "call-failed-unknown"), (480, "call-failed-no-answer"), (486, "call-failed-busy"), (500, "call-failed")],
)
def test_a_call_that_comes_to_nothing_is_explained(status: int, code: str) -> None:
    desk = Playbook().signed_in()
    desk.happens(events.DirectoryArrived((CHEN,), numbers=False))
    desk.presses("call.dial")
    desk.happens(events.DialSubmitted(entry="chen"), events.DialGranted(1, "t_token"), tel.CallOutgoing(CALL, 1))
    desk.happens(tel.CallEnded(CALL, tel.CallEnd.FAILED, status))
    assert desk.problem == code
    assert desk.sees.state is AgentState.NOT_READY
    assert desk.presses("call.redial") == [
        intents.FetchDialToken(2, "chen"),
        intents.TellPresence(AgentState.ON_CALL, desk.now, ""),
    ]


def test_hanging_up_before_the_engine_has_begun_hangs_up_when_it_does() -> None:
    desk = Playbook().signed_in()
    desk.presses("call.dial")
    desk.happens(events.DialSubmitted(number="10086"), events.DialGranted(1, "t_token"))
    desk.presses("call.hang-up")
    assert desk.sees.calls == ()
    assert desk.happens(tel.CallOutgoing(CALL, 1)) == [tel.HangUp(CALL)]


def test_messages_are_counted_and_listened_to_with_one_key() -> None:
    desk = Playbook().signed_in()
    desk.happens(events.DirectoryArrived((BOX,), numbers=False), tel.MessagesWaiting(2, 5))
    assert desk.sees.messages == 2
    assert of_kind(desk.presses("call.voicemail"), intents.FetchDialToken)


def test_policy_answers_by_itself_after_a_warning() -> None:
    desk = Playbook().ready()
    desk.happens(events.DeviceReady("Bank", CODES, (), auto_answer_seconds=2.0))
    wanted = desk.happens(tel.CallIncoming(CALL, REF))
    due = events.AutoAnswerDue(CALL)
    assert wanted[:2] == [tel.PlayTone(tel.Tone.WARNING), intents.Later(2.0, due)]
    assert desk.happens(due) == [tel.AnswerCall(CALL)]
    assert desk.happens(due) == []


def test_digits_are_sent_counted_and_not_shown() -> None:
    desk = Playbook().talking()
    assert desk.happens(events.DigitsPressed("12x#")) == [tel.SendDigits(CALL, "12#")]
    assert desk.sees.calls[0].digits_sent == 3
    assert "12#" not in repr(desk.wanted)


def test_text_goes_both_ways_and_can_be_taken_back() -> None:
    desk = Playbook().talking()
    assert desk.happens(events.TextTyped("hi")) == []
    media = tel.CallMedia(CALL, active=True, held_locally=False, held_remotely=False, text=True)
    desk.happens(media, tel.TextReceived(CALL, "您好\u2028"))
    assert desk.happens(events.TextTyped("hi\b")) == [tel.SendText(CALL, "hi\b")]
    assert [(line.ours, line.text, line.open) for line in desk.sees.calls[0].text] == [
        (False, "您好", False),
        (True, "h", True),
    ]


def test_a_bad_network_is_told_with_what_to_do_and_kept_with_the_call() -> None:
    desk = Playbook().talking()
    for _ in range(4):
        desk.happens(tel.CallQuality(CALL, 8.0, 10.0, 60.0, codec="opus"))
    quality = desk.sees.calls[0].quality
    assert quality is not None
    assert (quality.advice, round(quality.loss_percent)) == ("loss", 8)
    wanted = desk.happens(tel.CallEnded(CALL, tel.CallEnd.REMOTE))
    (kept,) = of_kind(wanted, intents.KeepQuality)
    assert isinstance(kept, intents.KeepQuality)
    assert (kept.ref, kept.record.loss_worst, kept.record.ended) == (REF, 8.0, "remote")


def test_a_restarted_desk_takes_its_calls_back_before_anybody_signs_in() -> None:
    desk = Playbook()
    desk.happens(
        events.DeviceReady("Bank", CODES, ()),
        tel.EngineStarted(1, "2.17", "OpenSSL 3", (), adopted=True, calls=(CALL,)),
        tel.CallIncoming(CALL, REF),
        tel.CallConfirmed(CALL),
    )
    assert desk.sees.screen is Screen.SIGN_IN
    assert desk.sees.calls[0].state is CallState.TALKING
    assert {"call.hang-up", "call.mute", "call.hold"} <= desk.sees.enabled
    desk.happens(
        events.SignedIn(PersonSnapshot("lin", "Lin", "cards", "service"), supervisor=False, trust=1, trust_reasons=()),
        events.LinkChanged(connected=True),
    )
    assert desk.sees.state is AgentState.ON_CALL
    assert intents.FetchCard(REF) in desk.wanted
    desk.happens(events.DraftFound(REF, "half a note", ""))
    assert desk.sees.wrap_up is not None
    assert desk.sees.wrap_up.notes == "half a note"


def test_a_new_call_at_the_sign_in_screen_finds_nobody() -> None:
    desk = Playbook()
    desk.happens(events.DeviceReady("Bank", CODES, ()), tel.EngineStarted(1, "2.17", "OpenSSL 3", (), adopted=True))
    assert desk.happens(tel.CallIncoming(CALL, REF)) == [tel.RejectCall(CALL, 480)]


def test_the_check_listens_calls_the_echo_and_comes_to_a_verdict() -> None:
    desk = Playbook().signed_in()
    assert tel.MeasureSound(wanted=True) in desk.presses("sound.check")
    wanted = desk.happens(tel.SoundLevel(0.3, 0.0), events.CheckStarted())
    tick = events.CheckTick(1)
    assert wanted == [tel.MakeCall(1, "echo"), intents.Later(1.0, tick)]
    desk.happens(tel.CallOutgoing(CALL, 1), tel.CallConfirmed(CALL))
    assert desk.sees.calls == ()
    assert desk.sees.check is not None
    assert desk.sees.check.stage is CheckStage.MEASURING
    for _ in range(10):
        desk.happens(tel.SoundLevel(0.4, 0.4), tel.CallQuality(CALL, 0.0, 5.0, 40.0, codec="opus"), tick)
    assert tel.HangUp(CALL) in desk.wanted
    assert (desk.sees.check.stage, desk.sees.check.findings) == (CheckStage.DONE, ())
    assert desk.happens(events.SheetClosed()) == [tel.MeasureSound(wanted=False)]


def test_the_check_says_what_is_wrong() -> None:
    desk = Playbook().signed_in()
    desk.presses("sound.check")
    desk.happens(events.CheckStarted(), tel.CallOutgoing(CALL, 1), tel.CallConfirmed(CALL))
    for _ in range(10):
        desk.happens(tel.CallQuality(CALL, 9.0, 5.0, 40.0, codec="opus"), events.CheckTick(1))
    assert desk.sees.check is not None
    assert desk.sees.check.findings == ("quiet", "loss")


def test_an_echo_that_does_not_answer_is_not_waited_for_for_ever() -> None:
    desk = Playbook().signed_in()
    desk.presses("sound.check")
    desk.happens(events.CheckStarted(), tel.CallOutgoing(CALL, 1))
    for _ in range(10):
        desk.happens(events.CheckTick(1))
    assert desk.sees.check is not None
    assert (desk.sees.check.stage, desk.sees.check.findings) == (CheckStage.FAILED, ("no-echo",))


def test_a_customer_ends_the_check() -> None:
    desk = Playbook().ready()
    desk.presses("sound.check")
    desk.happens(events.CheckStarted(), tel.CallOutgoing(CALL, 1))
    wanted = desk.happens(tel.CallIncoming(SECOND, SECOND_REF))
    assert tel.HangUp(CALL) in wanted
    assert desk.sees.sheet is None
    assert desk.sees.state is AgentState.RINGING


@pytest.mark.parametrize("command", ["sound.check", "sound.choose"])
def test_a_call_that_takes_the_sheet_away_stops_the_meter(command: str) -> None:
    desk = Playbook().ready()
    assert tel.MeasureSound(wanted=True) in desk.presses(command)
    assert tel.MeasureSound(wanted=False) in desk.happens(tel.CallIncoming(CALL, REF))


def test_the_choice_of_devices_is_used_and_kept() -> None:
    desk = Playbook().signed_in()
    wanted = desk.happens(events.SoundChosen("mic", "phones", "speaker", "left"))
    assert wanted == [
        tel.ChooseSound("mic", "phones", "speaker", "left"),
        intents.KeepSound("mic", "phones", "speaker", "left"),
    ]
    assert desk.sees.sound.ear == "left"
    assert desk.happens(events.SoundChosen("mic", "phones", "", "third")) == []


def test_a_pulled_headset_is_said_and_taken_back_when_it_returns() -> None:
    desk = Playbook().talking()
    desk.happens(tel.SoundChanged("", "speaker", (), tel.SoundNews.LOST))
    assert desk.problem == "sound-device-lost"
    desk.happens(tel.SoundChanged("headset", "headset", (), tel.SoundNews.RETURNED))
    assert desk.problem == ""


def test_a_lost_line_in_a_call_says_that_the_call_goes_on() -> None:
    desk = Playbook().talking()
    desk.happens(tel.RegistrationChanged(tel.RegistrationState.FAILED, fault=tel.LineFault.UNREACHABLE))
    assert desk.problem == "edge-lost"
    assert desk.sees.call is not None
