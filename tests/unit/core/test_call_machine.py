"""The call machine against a model of its own: not a table, but what is true of a call."""

from dataclasses import dataclass

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from client.core.calls import ASKS, FACTS, Ask, CallMachine, CallState, Fact


@pytest.mark.parametrize("state", CallState)
@pytest.mark.parametrize("fact", Fact)
def test_a_report_is_understood_in_every_state(state: CallState, fact: Fact) -> None:
    assert (state, fact) in FACTS


@pytest.mark.parametrize("state", [state for state in CallState if state is not CallState.ENDED])
def test_the_agent_can_leave_every_state(state: CallState) -> None:
    assert {Ask.REJECT, Ask.HANG_UP} & {ask for (known, ask) in ASKS if known is state}


@pytest.mark.parametrize("state", [state for state in CallState if state is not CallState.ENDED])
def test_every_state_can_be_reached(state: CallState) -> None:
    reached = {CallState.RINGING, CallState.DIALLING}
    for _ in CallState:
        reached |= {after for (before, _), after in (*ASKS.items(), *FACTS.items()) if before in reached}
    assert state in reached


@dataclass
class Model:
    """What is true of a call, told apart from what it is called."""

    ours: bool
    rang_there: bool = False
    answered_here: bool = False
    both_there: bool = False
    held: bool = False
    sent_on: bool = False
    leaving: bool = False
    over: bool = False

    @property
    def name(self) -> CallState:
        if self.over:
            return CallState.ENDED
        if self.leaving:
            return CallState.ENDING
        if self.both_there:
            if self.sent_on:
                return CallState.TRANSFERRING_HELD if self.held else CallState.TRANSFERRING
            return CallState.HOLDING if self.held else CallState.TALKING
        if self.ours:
            return CallState.CALLING if self.rang_there else CallState.DIALLING
        return CallState.ANSWERING if self.answered_here else CallState.RINGING


class CallAgainstModel(RuleBasedStateMachine):
    """Any asks and any facts, in any order."""

    call: CallMachine
    model: Model

    @initialize(ours=st.booleans())
    def begin(self, ours: bool) -> None:
        self.call = CallMachine(CallState.DIALLING if ours else CallState.RINGING)
        self.model = Model(ours)

    # --- What the agent asks ------------------------------------------------------------------------------------------

    @rule()
    def answer(self) -> None:
        model = self.model
        may = not (model.ours or model.both_there or model.answered_here or model.leaving or model.over)
        assert self.call.ask(Ask.ANSWER) == may
        model.answered_here = model.answered_here or may

    @rule()
    def reject(self) -> None:
        model = self.model
        may = not (model.ours or model.both_there or model.answered_here or model.leaving or model.over)
        assert self.call.ask(Ask.REJECT) == may
        model.leaving = model.leaving or may

    @rule()
    def hang_up(self) -> None:
        model = self.model
        begun = model.ours or model.both_there or model.answered_here or model.leaving
        may = begun and not model.over
        assert self.call.ask(Ask.HANG_UP) == may
        model.leaving = model.leaving or may

    @rule(ask=st.sampled_from([Ask.HOLD, Ask.RESUME]))
    def hold(self, ask: Ask) -> None:
        model = self.model
        quiet = model.both_there and not (model.sent_on or model.leaving or model.over)
        assert self.call.ask(ask) == (quiet and model.held == (ask is Ask.RESUME))

    @rule()
    def transfer(self) -> None:
        model = self.model
        may = model.both_there and not (model.sent_on or model.leaving or model.over)
        assert self.call.ask(Ask.TRANSFER) == may
        model.sent_on = model.sent_on or may

    # --- What the network tells ---------------------------------------------------------------------------------------

    @rule()
    def rings_there(self) -> None:
        self.call.report(Fact.RANG_THERE)
        if not (self.model.both_there or self.model.leaving or self.model.over):
            self.model.rang_there = True

    @rule()
    def confirmed(self) -> None:
        self.call.report(Fact.CONFIRMED)
        if not (self.model.leaving or self.model.over):
            self.model.both_there = True

    @rule(held=st.booleans())
    def held_or_resumed(self, held: bool) -> None:
        self.call.report(Fact.HELD if held else Fact.RESUMED)
        if self.model.both_there and not (self.model.leaving or self.model.over):
            self.model.held = held

    @rule()
    def transfer_failed(self) -> None:
        self.call.report(Fact.TRANSFER_FAILED)
        if not (self.model.leaving or self.model.over):
            self.model.sent_on = False

    @rule()
    def ended(self) -> None:
        self.call.report(Fact.ENDED)
        self.model.over = True

    @invariant()
    def they_agree(self) -> None:
        if hasattr(self, "call"):
            assert self.call.state is self.model.name


CallAgainstModel.TestCase.settings = settings(max_examples=300, stateful_step_count=40)
TestCallAgainstModel = CallAgainstModel.TestCase
