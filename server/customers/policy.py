"""What a desk may see of a customer: the published policy, applied to one customer's values.

What leaves here in clear is of class C1; everything else is masked, and a value of class C3 does not leave at all.
"""

from collections.abc import Mapping

from provisioning.api import CardField, Visibility
from provisioning.data_policy import Access, Context, DataPolicy
from provisioning.trust import DataClass
from server.masking.formats import MASKS, covered
from server.masking.kinds import Kind

_VISIBILITY = {
    Access.MASKED: Visibility.MASKED,
    Access.REVEALABLE: Visibility.REVEALABLE,
    Access.CLEAR: Visibility.CLEAR,
}
_KINDS = {kind.value: kind for kind in Kind}


def visible_fields(values: Mapping[str, str], policy: DataPolicy, context: Context) -> tuple[CardField, ...]:
    """Return what may be shown of a customer's values, masked where it has to be, in the policy's order.

    A value without a rule is not shown; an empty one has nothing to show.
    """
    shown = []
    for rule in policy.fields:
        value = values.get(rule.name, "")
        decision = policy.decide(rule.name, context)
        how = _VISIBILITY.get(decision.access)
        if how is None or not value:
            continue
        # A mask that this server does not have yet covers everything.
        mask = MASKS.get(decision.mask, covered)
        shown.append(
            CardField(
                name=rule.name,
                data_class=decision.data_class,
                visibility=how,
                value=value if how is Visibility.CLEAR else mask(value),
            )
        )
    return tuple(shown)


def known_values(values: Mapping[str, str], policy: DataPolicy) -> tuple[tuple[Kind, str], ...]:
    """Return what must be found in free text about a customer, each with the kind whose mask covers it there.

    That is everything but what the policy calls internal. What it does not name is covered as a secret is.
    """
    kinds = {
        rule.name: _KINDS.get(rule.mask, Kind.SECRET) if rule.data_class is DataClass.C2 else Kind.SECRET
        for rule in policy.fields
    }
    internal = {rule.name for rule in policy.fields if rule.data_class is DataClass.C1}
    return tuple(
        (kinds.get(name, Kind.SECRET), value) for name, value in values.items() if value and name not in internal
    )
