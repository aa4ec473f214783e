"""The desk's decisions, as a dialogue: what happens, what the agent sees, what is done about it."""

import pytest

from client.core import events, intents
from client.core import telephony as tel
from client.core.agent import AgentState
from client.core.calls import CallState
from client.core.snapshot import HistorySnapshot, PersonSnapshot, Screen
from tests.unit.core.playbook import CALL, CARD, CODES, REF, REGISTERED, SCRIPT, Playbook, of_kind, presences


def test_a_new_pc_is_asked_for_an_enrolment_code_and_then_for_a_person() -> None:
    desk = Playbook()
    assert desk.sees.screen is Screen.STARTING
    desk.happens(events.DeviceMissing())
    assert desk.sees.screen is Screen.ENROL
    assert desk.happens(events.EnrolSubmitted("bank.example", "CODE")) == [intents.Enrol("bank.example", "CODE")]
    assert desk.sees.busy
    desk.happens(events.DeviceReady("Bank", CODES, ()))
    assert (desk.sees.screen, desk.sees.busy, desk.sees.organisation) == (Screen.SIGN_IN, False, "Bank")


def test_a_second_press_while_the_server_thinks_sends_nothing_twice() -> None:
    desk = Playbook()
    desk.happens(events.DeviceMissing(), events.EnrolSubmitted("bank.example", "CODE"))
    assert desk.happens(events.EnrolSubmitted("bank.example", "CODE")) == []


def test_a_refusal_shows_words_and_lets_the_person_try_again() -> None:
    desk = Playbook()
    desk.happens(events.DeviceMissing(), events.EnrolSubmitted("bank.example", "CODE"))
    desk.happens(events.Failed("enrolment-code-used"))
    assert desk.problem == "enrolment-code-used"
    assert not desk.sees.busy
    assert of_kind(desk.happens(events.EnrolSubmitted("bank.example", "NEXT")), intents.Enrol)
    assert desk.problem == ""


def test_signing_in_starts_the_telephone_and_tells_presence() -> None:
    desk = Playbook()
    desk.happens(events.DeviceReady("Bank", CODES, ()), events.SignInSubmitted("lin", "secret", "123456"))
    person = PersonSnapshot("lin", "Lin", "cards", "service")
    wanted = desk.happens(events.SignedIn(person, supervisor=False, trust=1, trust_reasons=()))
    assert of_kind(wanted, intents.StartTelephone)
    assert presences(wanted) == ["not-ready"]
    assert desk.sees.screen is Screen.AGENT


def test_a_supervisor_gets_the_wall_and_no_telephone() -> None:
    desk = Playbook()
    desk.happens(events.DeviceReady("Bank", CODES, ()))
    person = PersonSnapshot("wang", "Wang", "cards", "service")
    assert desk.happens(events.SignedIn(person, supervisor=True, trust=1, trust_reasons=())) == []
    assert desk.sees.screen is Screen.SUPERVISOR


def test_nobody_is_ready_without_a_line() -> None:
    desk = Playbook().signed_in()
    desk.happens(tel.RegistrationChanged(tel.RegistrationState.FAILED, fault=tel.LineFault.UNREACHABLE))
    assert "work.ready" not in desk.sees.enabled
    desk.presses("work.ready")
    assert desk.sees.state is AgentState.NOT_READY
    assert desk.problem == "edge-unreachable"
    desk.happens(REGISTERED)
    assert desk.problem == ""
    desk.presses("work.ready")
    assert desk.sees.state is AgentState.READY


def test_the_edge_is_named_as_the_organisation_names_it() -> None:
    edge = Playbook().signed_in().sees.status.edge
    assert edge is not None
    assert edge.zh == "上海一号"


def test_a_call_rings_with_the_customer_that_the_server_announced() -> None:
    desk = Playbook().ringing()
    assert desk.sees.call is not None
    assert desk.sees.call.state is CallState.RINGING
    assert desk.sees.card == CARD
    assert not of_kind(desk.wanted, intents.FetchCard)


def test_a_call_that_nobody_announced_makes_the_desk_ask() -> None:
    desk = Playbook().ready()
    assert intents.FetchCard(REF) in desk.happens(tel.CallIncoming(CALL, REF))
    desk.happens(events.CardArrived(REF, CARD, SCRIPT, 1, ()))
    assert desk.sees.card == CARD


def test_a_call_without_reference_rings_all_the_same() -> None:
    desk = Playbook().ready()
    wanted = desk.happens(tel.CallIncoming(CALL, ""))
    assert desk.sees.call is not None
    assert desk.sees.call.ref == "c_made_here1"
    assert not of_kind(wanted, intents.FetchCard)


def test_one_key_answers_and_the_server_is_told() -> None:
    desk = Playbook().ringing()
    assert desk.presses("call.answer") == [tel.AnswerCall(CALL)]
    wanted = desk.happens(tel.CallConfirmed(CALL))
    assert intents.TellCall(REF, answered=True, at=desk.now) in wanted
    assert presences(wanted) == ["on-call"]
    assert desk.sees.wrap_up is not None


def test_answering_twice_answers_once() -> None:
    desk = Playbook().ringing()
    desk.presses("call.answer")
    assert desk.presses("call.answer") == []


def test_a_call_for_an_agent_on_a_break_is_told_that_nobody_is_there() -> None:
    desk = Playbook().signed_in()
    assert desk.happens(tel.CallIncoming(CALL, REF)) == [tel.RejectCall(CALL, 480)]


def test_mute_and_hold_say_what_they_are() -> None:
    desk = Playbook().talking()
    assert desk.presses("call.mute") == [tel.SetMute(CALL, muted=True)]
    assert desk.sees.call is not None
    assert desk.sees.call.muted
    assert desk.presses("call.hold") == [tel.SetHold(CALL, held=True)]
    desk.happens(tel.CallMedia(CALL, active=True, held_locally=True, held_remotely=False))
    assert desk.sees.call.state is CallState.HOLDING
    assert desk.presses("call.hold") == [tel.SetHold(CALL, held=False)]


def test_digits_go_to_the_panel_with_the_focus() -> None:
    desk = Playbook().talking()
    desk.presses("choose.1", "script")
    assert desk.sees.script is not None
    assert desk.sees.script.step == 1
    desk.presses("choose.2", "codes")
    assert desk.sees.wrap_up is not None
    assert desk.sees.wrap_up.code == "again"
    desk.presses("script.back")
    assert desk.sees.script.step == 0


def test_a_wrap_up_is_saved_and_the_agent_is_ready_again() -> None:
    desk = Playbook().wrapping_up()
    assert desk.sees.state is AgentState.WRAP_UP
    assert desk.sees.card == CARD
    desk.happens(events.NotesEdited("分期十二期"))
    desk.presses("choose.1", "codes")
    assert desk.presses("work.save") == [intents.SaveWrapUp(REF, "分期十二期", "answered")]
    wanted = desk.happens(events.WrapUpKept(REF))
    assert presences(wanted) == ["ready"]
    assert desk.sees.wrap_up is None
    assert desk.sees.card is None


def test_saving_without_a_code_says_so_and_keeps_the_note() -> None:
    desk = Playbook().wrapping_up()
    desk.happens(events.NotesEdited("a note"))
    assert desk.presses("work.save") == []
    assert desk.problem == "wrap-up-code-missing"
    assert desk.sees.wrap_up is not None
    assert desk.sees.wrap_up.notes == "a note"
    desk.presses("choose.1", "codes")
    assert desk.problem == ""


@pytest.mark.parametrize("code", ["disk-full", "key-store-locked", "internal"])
def test_a_note_that_could_not_be_kept_can_be_saved_again(code: str) -> None:
    desk = Playbook().wrapping_up()
    desk.presses("choose.1", "codes")
    desk.presses("work.save")
    desk.happens(events.Failed(code))
    assert desk.problem == code
    assert of_kind(desk.presses("work.save"), intents.SaveWrapUp)


def test_every_edit_is_kept_as_a_draft_and_found_after_a_crash() -> None:
    desk = Playbook().talking()
    assert intents.KeepDraft(REF, "half a no", "") in desk.happens(events.NotesEdited("half a no"))
    after = Playbook().signed_in()
    after.happens(events.DraftFound(REF, "half a no", ""))
    assert after.sees.wrap_up is not None
    assert after.sees.wrap_up.notes == "half a no"
    assert after.sees.state is AgentState.WRAP_UP
    assert after.sees.break_next


def test_a_dead_engine_ends_the_call_says_so_and_leaves_the_note() -> None:
    desk = Playbook().talking()
    desk.happens(events.NotesEdited("a note"), tel.EngineStopped(exit_status=-9, again_in=0))
    assert desk.problem == "call-cut-off"
    assert desk.sees.call is None
    assert desk.sees.state is AgentState.WRAP_UP
    assert desk.sees.wrap_up is not None
    assert not desk.sees.status.engine_running
    desk.happens(tel.EngineStarted(2, "2.17", "OpenSSL 3", ()), REGISTERED)
    assert desk.problem == "call-cut-off"
    desk.presses("choose.1", "codes")
    desk.presses("work.save")
    desk.happens(events.WrapUpKept(REF))
    assert desk.problem == ""


def test_an_engine_that_dies_between_calls_is_a_passing_notice() -> None:
    desk = Playbook().ready()
    desk.happens(tel.EngineStopped(exit_status=-9, again_in=0))
    assert desk.problem == "engine-stopped"
    desk.happens(tel.EngineStarted(2, "2.17", "OpenSSL 3", ()), REGISTERED)
    assert desk.problem == ""


def test_an_unfit_media_core_is_named_as_the_reason() -> None:
    desk = Playbook().signed_in()
    desk.happens(tel.EngineUnfit("no TLS"), tel.EngineStopped(exit_status=3, again_in=30))
    assert desk.problem == "engine-unfit"


def test_a_call_that_is_not_encrypted_is_explained() -> None:
    desk = Playbook().ringing()
    desk.happens(tel.CallEnded(CALL, tel.CallEnd.NOT_SECURE))
    assert desk.problem == "call-not-secure"
    assert desk.sees.state is AgentState.READY


def test_a_missed_call_is_in_the_list_and_the_agent_stays_ready() -> None:
    desk = Playbook().ringing()
    desk.happens(tel.CallEnded(CALL, tel.CallEnd.CANCELLED))
    assert desk.sees.state is AgentState.READY
    assert [(entry.ref, entry.answered) for entry in desk.sees.history] == [(REF, False)]
    assert desk.sees.wrap_up is None


def test_losing_the_session_hides_the_customer_and_keeps_the_call() -> None:
    desk = Playbook().talking()
    wanted = desk.happens(events.SignedOut("device-revoked"))
    assert not of_kind(wanted, tel.HangUp)
    assert not of_kind(wanted, tel.Unregister)
    assert desk.sees.card is None
    assert desk.sees.call is not None
    assert desk.sees.status.trust is None
    desk.happens(tel.CallEnded(CALL, tel.CallEnd.REMOTE), events.CodeChosen("again"))
    desk.presses("work.save")
    assert tel.Unregister() in desk.happens(events.WrapUpKept(REF))
    assert desk.sees.screen is Screen.ENROL


def test_a_revoked_device_is_enrolled_anew_even_if_the_reason_was_put_away() -> None:
    desk = Playbook().talking()
    desk.happens(events.SignedOut("device-revoked"))
    desk.presses("problem.dismiss")
    assert desk.problem == ""
    desk.happens(tel.CallEnded(CALL, tel.CallEnd.REMOTE), events.CodeChosen("again"))
    desk.presses("work.save")
    desk.happens(events.WrapUpKept(REF))
    assert desk.sees.screen is Screen.ENROL
    desk.happens(events.DeviceReady("Bank", CODES, ()))
    assert desk.sees.screen is Screen.SIGN_IN


def test_losing_the_session_takes_the_list_of_customers_away() -> None:
    desk = Playbook().talking()
    desk.happens(events.HistoryArrived((HistorySnapshot(REF, 1.0, None, answered=True, customer="张*", code=""),)))
    desk.happens(events.SignedOut("session-required"))
    assert desk.sees.history == ()
    desk.happens(tel.CallEnded(CALL, tel.CallEnd.REMOTE))
    assert [entry.customer for entry in desk.desk.snapshot.history] == [""]


@pytest.mark.parametrize("code", ["device-revoked", "certificate-expired", "profile-damaged"])
def test_where_only_a_new_code_helps_the_desk_asks_for_one(code: str) -> None:
    desk = Playbook()
    desk.happens(events.DeviceReady("Bank", CODES, ()), events.SignInSubmitted("lin", "secret", "123456"))
    desk.happens(events.Failed(code))
    assert (desk.sees.screen, desk.problem) == (Screen.ENROL, code)
    assert of_kind(desk.happens(events.EnrolSubmitted("bank.example", "CODE")), intents.Enrol)


@pytest.mark.parametrize(
    "code",
    [
        "server-unreachable",
        "server-pin-mismatch",
        "server-certificate-expired",
        "server-certificate-host",
        "server-certificate-untrusted",
        "certificate-required",
        "unavailable",
    ],
)
def test_every_trouble_with_the_server_is_over_when_it_is_back(code: str) -> None:
    desk = Playbook().ready()
    desk.happens(events.LinkChanged(connected=False), events.Failed(code))
    assert desk.problem == code
    desk.happens(events.LinkChanged(connected=True))
    assert desk.problem == ""


def test_losing_the_server_is_a_notice_and_no_more() -> None:
    desk = Playbook().talking()
    desk.happens(events.LinkChanged(connected=False), events.Failed("server-unreachable"))
    assert desk.sees.call is not None
    assert desk.sees.card == CARD
    assert not desk.sees.status.server_connected
    wanted = desk.happens(events.LinkChanged(connected=True))
    assert desk.problem == ""
    assert presences(wanted) == ["on-call"]


def test_an_unsent_wrap_up_stays_in_the_list_until_the_server_has_it() -> None:
    desk = Playbook().wrapping_up()
    desk.happens(events.OutboxChanged((REF,)), events.HistoryArrived(()))
    assert desk.sees.status.unsent == 1
    assert [entry.unsent for entry in desk.sees.history] == [True]
    assert intents.FetchHistory() in desk.happens(events.OutboxChanged(()))
    desk.happens(events.HistoryArrived((HistorySnapshot(REF, 1.0, 2.0, answered=True, customer="张*", code="again"),)))
    assert [(entry.code, entry.unsent) for entry in desk.sees.history] == [("again", False)]


def test_refused_credentials_are_fetched_anew() -> None:
    desk = Playbook().signed_in()
    failed = tel.RegistrationChanged(tel.RegistrationState.FAILED, fault=tel.LineFault.CREDENTIALS, status=401)
    assert desk.happens(failed) == [intents.RenewLine()]
    assert desk.problem == "edge-credentials"


def test_a_missing_microphone_is_said_and_taken_back() -> None:
    desk = Playbook().signed_in()
    desk.happens(tel.SoundChanged("", "headset", (tel.SoundFault.NO_MICROPHONE,)))
    assert desk.problem == "no-microphone"
    desk.happens(tel.SoundChanged("headset", "headset"))
    assert desk.problem == ""


def test_signing_out_waits_for_the_work() -> None:
    desk = Playbook().talking()
    assert desk.presses("work.sign-out") == []
    desk = Playbook().signed_in()
    assert desk.presses("work.sign-out") == [intents.SignOut()]
    assert tel.Unregister() in desk.happens(events.SignedOut())
    assert desk.sees.screen is Screen.SIGN_IN


def test_secrets_do_not_show_when_an_event_is_printed() -> None:
    shown = repr((events.SignInSubmitted("lin", "s3cret-word", "123456"), events.EnrolSubmitted("host", "C0DE")))
    assert "s3cret" not in shown
    assert "123456" not in shown
    assert "C0DE" not in shown
