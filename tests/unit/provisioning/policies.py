"""Policies at random, sensible or hostile: as a careless or bribed hand might write them."""

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from provisioning.data_policy import Access, Clearance, DataPolicy, FieldRule, LeaseTerms
from provisioning.policy_file import MASK_NAMES
from provisioning.trust import DataClass, WorkType

FIELD_NAMES = ("name", "phone", "email", "id_card", "card_number", "branch", "security_answer", "cvv")


def any_rule() -> st.SearchStrategy[FieldRule]:
    """Return rules of any class that ask for anything."""
    return st.builds(
        FieldRule,
        name=st.sampled_from(FIELD_NAMES),
        data_class=st.sampled_from(DataClass),
        mask=st.sampled_from([*sorted(MASK_NAMES), "no-such-mask"]),
        work=st.one_of(
            st.just(dict.fromkeys(WorkType, Access.CLEAR)),
            st.dictionaries(st.sampled_from(WorkType), st.sampled_from(Access)),
        ),
        clearance=st.sampled_from(Clearance),
        lease=st.builds(LeaseTerms, seconds=st.integers(3, 300), approval=st.booleans()),
    )


def any_policy() -> st.SearchStrategy[DataPolicy]:
    """Return policies of any such rules."""
    rules = st.lists(any_rule(), max_size=8, unique_by=lambda rule: rule.name)
    return st.builds(DataPolicy, version=st.integers(1, 9), fields=rules.map(tuple))


STEADY = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
"""For a busy machine: how long an example takes says nothing here."""
