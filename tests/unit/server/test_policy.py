"""What the policy lets through, for every combination there is."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provisioning.api import Visibility
from provisioning.trust import DataClass, TrustLevel, WorkType
from server.customers.masks import MASKS
from server.customers.policy import RULES, Rule, visibility, visible_fields
from server.customers.service import e164

VALUES = {
    "name": "张伟",
    "phone": "+8613812345678",
    "email": "zhang.wei@163.com",
    "id_card": "11010519491231002X",
    "billing_address": "上海市徐汇区漕溪北路 88 号",
    "card_number": "6225881234561234",
    "available_credit": "23456.78",
    "opening_date": "2019-04",
    "branch": "上海徐汇支行",
    "value_score": "87",
    "security_answer": "桂林王",
}
EVERYWHERE = list(itertools.product(TrustLevel, WorkType))


def test_every_field_has_a_rule_and_every_rule_a_mask() -> None:
    assert {rule.field for rule in RULES} == set(VALUES)
    assert {rule.mask for rule in RULES} <= MASKS.keys()


@pytest.mark.parametrize(("trust", "work"), EVERYWHERE)
def test_a_secret_is_never_there_and_an_identifying_value_never_clear(trust: TrustLevel, work: WorkType) -> None:
    fields = visible_fields(VALUES, trust, work)
    assert "security_answer" not in {field.name for field in fields}
    for field in fields:
        if field.data_class is DataClass.C2:
            assert field.visibility is Visibility.MASKED
            assert field.value != VALUES[field.name]


@pytest.mark.parametrize("work", WorkType)
def test_without_trust_there_is_nothing(work: WorkType) -> None:
    assert visible_fields(VALUES, TrustLevel.T0, work) == ()


def test_a_rule_cannot_make_a_secret_visible() -> None:
    careless = Rule("cvv", DataClass.C3, "covered", frozenset(WorkType))
    assert all(visibility(careless, trust, work) is None for trust, work in EVERYWHERE)


def test_what_no_rule_names_is_not_shown() -> None:
    assert visible_fields({"shoe_size": "43"}, TrustLevel.T3, WorkType.SERVICE) == ()


@given(st.dictionaries(st.sampled_from(sorted(VALUES)), st.text(min_size=12, max_size=40)))
def test_whatever_a_crm_puts_into_a_field_a_masked_one_is_not_the_value(values: dict[str, str]) -> None:
    for field in visible_fields(values, TrustLevel.T3, WorkType.SERVICE):
        if field.visibility is Visibility.MASKED:
            assert values[field.name] not in field.value


@pytest.mark.parametrize(
    ("caller", "number"),
    [
        ("13812345678", "+8613812345678"),
        ("+8613812345678", "+8613812345678"),
        ("sip:%2B8613812345678@trunk.example;user=phone", "+8613812345678"),
        ("<sip:008613812345678@trunk.example>", "+8613812345678"),
        ("tel:+442071838750", "+442071838750"),
        ("021-62345678", "+862162345678"),
        ("anonymous", None),
        ("sip:anonymous@anonymous.invalid", None),
        ("", None),
        ("1001", None),
        ("9" * 200, None),
    ],
)
def test_numbers_as_trunks_write_them(caller: str, number: str | None) -> None:
    assert e164(caller) == number
