"""The two machines, against what must hold of any of them, and of every sequence of presses and reports."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from client.core import events
from client.core import telephony as tel
from client.core.agent import AgentState
from client.core.calls import FACTS, Ask, CallMachine, CallState, Fact
from client.core.commands import COMMANDS
from tests.unit.core.playbook import CALL, REF, REGISTERED, Playbook


@pytest.mark.parametrize("state", CallState)
@pytest.mark.parametrize("fact", Fact)
def test_a_report_is_understood_in_every_state(state: CallState, fact: Fact) -> None:
    assert (state, fact) in FACTS


@given(st.lists(st.one_of(st.sampled_from(Ask), st.sampled_from(Fact))))
def test_a_call_always_ends_when_the_network_says_so_and_never_comes_back(steps: list[Ask | Fact]) -> None:
    call = CallMachine()
    ended = False
    for step in steps:
        if isinstance(step, Ask):
            call.ask(step)
        else:
            call.report(step)
        ended = ended or step is Fact.ENDED
        assert (call.state is CallState.ENDED) == ended


@given(st.lists(st.sampled_from(Ask)))
def test_asking_alone_never_connects_a_call(asks: list[Ask]) -> None:
    call = CallMachine()
    for ask in asks:
        call.ask(ask)
        assert call.state not in {CallState.TALKING, CallState.HOLDING}


_reports = st.sampled_from(
    [
        tel.CallIncoming(CALL, REF),
        tel.CallIncoming(CALL + 1, "c_second_call"),
        tel.CallConfirmed(CALL),
        tel.CallMedia(CALL, active=True, held_locally=False, held_remotely=False),
        tel.CallMedia(CALL, active=True, held_locally=True, held_remotely=False),
        *(tel.CallEnded(CALL, end) for end in tel.CallEnd),
        tel.EngineStopped(-9, 0),
        tel.EngineStarted(1, "2.17", "OpenSSL 3", ()),
        REGISTERED,
        tel.RegistrationChanged(tel.RegistrationState.FAILED, fault=tel.LineFault.UNREACHABLE),
        events.LinkChanged(connected=False),
        events.LinkChanged(connected=True),
        events.SignedOut("session-required"),
        events.WrapUpKept(REF),
        events.Failed("internal"),
        events.NotesEdited("text"),
        events.CodeChosen("again"),
    ]
)
_presses = st.builds(
    events.Invoked, st.sampled_from([command.id for command in COMMANDS]), st.sampled_from(["", "script"])
)


@settings(max_examples=400)
@given(st.lists(st.one_of(_reports, _presses), max_size=40))
def test_no_sequence_leads_where_the_agent_cannot_leave(happenings: list[events.Event]) -> None:
    desk = Playbook().ready()
    desk.happens(*happenings)
    seen = desk.sees
    assert (seen.state in {AgentState.RINGING, AgentState.ON_CALL}) == (seen.call is not None)
    if seen.call is not None:
        # A call can be left by the agent, unless it is being left already.
        assert seen.enabled & {"call.reject", "call.hang-up"} or seen.call.state is CallState.ENDING
    elif seen.wrap_up is not None and not seen.wrap_up.saving:
        assert "work.save" in seen.enabled
    elif seen.state is AgentState.NOT_READY and seen.wrap_up is None:
        assert "work.sign-out" in seen.enabled
