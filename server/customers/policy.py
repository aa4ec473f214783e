"""What a desk may see of a customer: a table, and the one function that reads it.

Nothing is shown that no row allows. A row names a field, its data class (JR/T 0171-2020), the mask that covers it, and
the kinds of work that need it. Class C3 is never shown in any form, whatever its row says.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from provisioning.api import CardField, Visibility
from provisioning.trust import DataClass, TrustLevel, WorkType
from server.customers.masks import MASKS

_ALL = frozenset(WorkType)
_ABOUT_MONEY = frozenset({WorkType.SERVICE, WorkType.COLLECTIONS, WorkType.DISPUTE})


@dataclass(frozen=True)
class Rule:
    """One row of the policy."""

    field: str
    data_class: DataClass
    mask: str
    work_types: frozenset[WorkType]


RULES: tuple[Rule, ...] = (
    Rule("name", DataClass.C2, "name", _ALL),
    Rule("phone", DataClass.C2, "phone", _ALL - {WorkType.CONSULTATION}),
    Rule("email", DataClass.C2, "email", frozenset({WorkType.SERVICE, WorkType.DISPUTE})),
    Rule("id_card", DataClass.C2, "id-card", _ABOUT_MONEY),
    Rule("billing_address", DataClass.C2, "address", _ABOUT_MONEY),
    Rule("card_number", DataClass.C2, "card-number", _ABOUT_MONEY),
    Rule("available_credit", DataClass.C2, "amount", _ABOUT_MONEY | {WorkType.MARKETING}),
    Rule("opening_date", DataClass.C1, "covered", _ALL),
    Rule("branch", DataClass.C1, "covered", _ALL),
    Rule("value_score", DataClass.C1, "covered", frozenset({WorkType.SERVICE, WorkType.MARKETING})),
    Rule("security_answer", DataClass.C3, "covered", frozenset()),
)
"""The default policy, in the order in which a desk shows the fields."""


def visibility(rule: Rule, trust: TrustLevel, work_type: WorkType) -> Visibility | None:
    """Return how a field may be shown, or None when it may not be shown at all."""
    if rule.data_class is DataClass.C3 or trust < TrustLevel.T1 or work_type not in rule.work_types:
        return None
    return Visibility.CLEAR if rule.data_class is DataClass.C1 else Visibility.MASKED


def visible_fields(values: Mapping[str, str], trust: TrustLevel, work_type: WorkType) -> tuple[CardField, ...]:
    """Return what may be shown of a customer's values, masked where it has to be.

    A value without a rule is not shown; an empty one has nothing to show.
    """
    shown = []
    for rule in RULES:
        value = values.get(rule.field, "")
        how = visibility(rule, trust, work_type)
        if how is None or not value:
            continue
        shown.append(
            CardField(
                name=rule.field,
                data_class=rule.data_class,
                visibility=how,
                value=value if how is Visibility.CLEAR else MASKS[rule.mask](value),
            )
        )
    return tuple(shown)
