"""What may be seen: the decision against a model of its own, and what must hold whatever a policy says."""

import itertools
from enum import IntEnum

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from provisioning.data_policy import (
    Access,
    AccessWord,
    CallState,
    Clearance,
    ClearanceWord,
    Context,
    DataPolicy,
    FieldRule,
    LeaseTerms,
)
from provisioning.default_policy import default_policy
from provisioning.policy_review import CONTEXTS
from provisioning.trust import DataClass, TrustLevel, WorkType
from tests.unit.provisioning.policies import STEADY, any_rule

CONTEXT = st.sampled_from(CONTEXTS)


def rule(data_class: DataClass, need: Access | None, clearance: Clearance = Clearance.BASIC) -> FieldRule:
    work = {} if need is None else {WorkType.SERVICE: need}
    return FieldRule(name="field", data_class=data_class, mask="covered", work=work, clearance=clearance)


def decide(one: FieldRule, context: Context) -> Access:
    return DataPolicy(fields=(one,)).decide(one.name, context).access


def model(one: FieldRule, context: Context) -> Access:
    """Give the grounds on which something may be seen, one after the other. There are no limits here to take away."""
    need = one.work.get(context.work_type)
    if one.data_class is DataClass.C3 or context.trust is TrustLevel.T0 or need in {None, Access.ABSENT}:
        return Access.ABSENT
    trusted_person = context.clearance.value >= one.clearance.value
    if one.data_class is DataClass.C1 and need is Access.CLEAR and trusted_person:
        return Access.CLEAR
    wanted = need is Access.REVEALABLE or (one.data_class is DataClass.C2 and need is Access.CLEAR)
    safe_screen = context.trust in {TrustLevel.T2, TrustLevel.T3}
    if wanted and trusted_person and safe_screen and context.call_state is CallState.CONNECTED:
        return Access.REVEALABLE
    return Access.MASKED


@pytest.mark.parametrize("data_class", DataClass)
@pytest.mark.parametrize("need", [None, *Access])
def test_every_decision_is_that_of_the_model(data_class: DataClass, need: Access | None) -> None:
    for clearance, context in itertools.product(Clearance, CONTEXTS):
        one = rule(data_class, need, clearance)
        assert decide(one, context) is model(one, context), (one, context)


@STEADY
@given(st.lists(any_rule(), max_size=6, unique_by=lambda one: one.name), CONTEXT)
def test_no_rule_shows_a_secret_or_shows_an_identifying_value_in_clear(
    rules: list[FieldRule], context: Context
) -> None:
    policy = DataPolicy(fields=tuple(rules))
    for one in rules:
        decision = policy.decide(one.name, context)
        assert decision.access <= {DataClass.C1: 3, DataClass.C2: 2, DataClass.C3: 0}[one.data_class]
        if decision.access is Access.REVEALABLE:
            # A lease needs a safe screen and a call, whatever the class.
            assert context.trust >= TrustLevel.T2
            assert context.call_state is CallState.CONNECTED
            assert decision.lease == one.lease
        else:
            assert decision.lease is None


@STEADY
@given(any_rule(), CONTEXT, CONTEXT)
def test_less_trust_or_clearance_never_shows_more(one: FieldRule, first: Context, second: Context) -> None:
    lower = Context(
        min(first.trust, second.trust), min(first.clearance, second.clearance), first.work_type, first.call_state
    )
    higher = Context(
        max(first.trust, second.trust), max(first.clearance, second.clearance), first.work_type, first.call_state
    )
    assert decide(one, lower) <= decide(one, higher)


@STEADY
@given(any_rule(), CONTEXT, st.sampled_from([CallState.RINGING, CallState.WRAP_UP]))
def test_before_and_after_the_call_never_more_is_shown_than_in_it(
    one: FieldRule, context: Context, state: CallState
) -> None:
    aside = Context(context.trust, context.clearance, context.work_type, state)
    within = Context(context.trust, context.clearance, context.work_type, CallState.CONNECTED)
    assert decide(one, aside) <= decide(one, within)


@STEADY
@given(any_rule(), any_rule(), CONTEXT)
def test_a_rule_says_nothing_of_another_field(one: FieldRule, other: FieldRule, context: Context) -> None:
    other = other.model_copy(update={"name": "another"})
    assert DataPolicy(fields=(other, one)).decide(one.name, context) == DataPolicy(fields=(one,)).decide(
        one.name, context
    )


@STEADY
@given(any_rule(), CONTEXT)
def test_the_limits_that_decided_are_those_that_allow_no_more(one: FieldRule, context: Context) -> None:
    decision = DataPolicy(fields=(one,)).decide(one.name, context)
    assert decision.because
    assert {why for why, most in decision.limits if most < decision.access} == set()
    assert set(decision.because) == {why for why, most in decision.limits if most == decision.access}
    # One each for class, trust, work, clearance and call.
    assert [why.split()[0] for why, _ in decision.limits] == ["class", "trust", "work", "clearance", "call"]


def test_what_no_rule_names_is_absent() -> None:
    for context in CONTEXTS:
        decision = default_policy().decide("shoe_size", context)
        assert (decision.access, decision.lease) == (Access.ABSENT, None)


def test_two_rules_for_one_field_make_no_policy() -> None:
    with pytest.raises(ValidationError, match="field is there twice"):
        DataPolicy(fields=(rule(DataClass.C3, None), rule(DataClass.C1, Access.CLEAR)))


def test_levels_are_written_as_words_and_read_as_nothing_else() -> None:
    adapters: tuple[tuple[TypeAdapter[IntEnum], type[IntEnum]], ...] = (
        (TypeAdapter(AccessWord), Access),
        (TypeAdapter(ClearanceWord), Clearance),
    )
    for adapter, levels in adapters:
        for level in levels:
            written = adapter.dump_json(level)
            assert written == f'"{level.name.lower()}"'.encode()
            assert adapter.validate_json(written) is level
        for wrong in ("2", "true", '"CLEAR"', '"Standard"', '"none"', "null", '"2"'):
            with pytest.raises(ValidationError, match="write "):
                adapter.validate_json(wrong)


def test_the_default_policy_asks_for_a_second_person_for_a_card_number_and_shows_marketing_no_clear_value() -> None:
    policy = default_policy()
    call = Context(TrustLevel.T3, Clearance.SENIOR, WorkType.DISPUTE, CallState.CONNECTED)
    card = policy.decide("card_number", call)
    assert (card.access, card.lease) == (Access.REVEALABLE, LeaseTerms(seconds=20, per_hour=5, approval=True))
    for field in policy.fields:
        for clearance in Clearance:
            for work in (WorkType.MARKETING, WorkType.CONSULTATION):
                seen = policy.decide(field.name, Context(TrustLevel.T3, clearance, work, CallState.CONNECTED))
                assert seen.access is not Access.REVEALABLE
