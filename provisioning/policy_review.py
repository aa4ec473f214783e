"""What a policy does, for the people who answer for it: what it lets be seen, and what another one would change.

Both ask `DataPolicy.decide` about every context there is, so that they can say nothing else than what holds.
"""

import itertools
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum

from provisioning.data_policy import (
    Access,
    CallState,
    Clearance,
    Context,
    DataPolicy,
    FieldRule,
    LeaseTerms,
    word,
)
from provisioning.trust import TrustLevel, WorkType

CONTEXTS = tuple(itertools.starmap(Context, itertools.product(TrustLevel, Clearance, WorkType, CallState)))
"""Every context there is."""

_Parts = tuple[frozenset[object], ...]
_DIMENSIONS = (tuple(WorkType), tuple(TrustLevel), tuple(Clearance), tuple(CallState))


@dataclass(frozen=True)
class Change:
    """One field is seen differently in some contexts, or something else about it is new."""

    field: str
    wider: bool
    """Whether more can be seen than before; a reviewer reads these first."""
    words: str


def changes(old: DataPolicy, new: DataPolicy) -> tuple[Change, ...]:
    """Return all that a new policy changes; what lets more be seen comes first."""
    found = [*_access_changes(old, new), *_rule_changes(old, new), *_reason_changes(old, new)]
    return tuple(sorted(found, key=lambda change: not change.wider))


def _names(*policies: DataPolicy) -> list[str]:
    return list(dict.fromkeys(rule.name for policy in policies for rule in policy.fields))


def _access_changes(old: DataPolicy, new: DataPolicy) -> Iterator[Change]:
    for field in _names(old, new):
        differing: dict[tuple[Access, Access], list[Context]] = defaultdict(list)
        for context in CONTEXTS:
            before, after = old.decide(field, context).access, new.decide(field, context).access
            if before is not after:
                differing[before, after].append(context)
        for (before, after), contexts in differing.items():
            for where in _summarised(contexts):
                yield Change(field, after > before, f"{word(before)} -> {word(after)}: {where}")


def _rule_changes(old: DataPolicy, new: DataPolicy) -> Iterator[Change]:
    befores, afters = ({rule.name: rule for rule in policy.fields} for policy in (old, new))
    for name in filter(afters.__contains__, befores):
        before, after = befores[name], afters[name]
        if before.data_class is not after.data_class:
            wider = before.data_class > after.data_class
            yield Change(name, wider, f"data class {before.data_class} -> {after.data_class}")
        if before.mask != after.mask:
            # Which of two masks shows more cannot be told from their names, so it is read as if the new one did.
            yield Change(name, True, f"mask {before.mask} -> {after.mask}")
        if before.lease != after.lease and _can_be_revealed(after):
            wider = (
                after.lease.seconds > before.lease.seconds
                or after.lease.per_hour > before.lease.per_hour
                or (before.lease.approval and not after.lease.approval)
            )
            yield Change(name, wider, f"lease {lease_words(before.lease)} -> {lease_words(after.lease)}")


def _can_be_revealed(rule: FieldRule) -> bool:
    return Access.REVEALABLE in rule.work.values()


def _reason_changes(old: DataPolicy, new: DataPolicy) -> Iterator[Change]:
    befores, afters = ({reason.id: reason for reason in policy.reasons} for policy in (old, new))
    for reason in dict.fromkeys((*befores, *afters)):
        if reason not in afters:
            yield Change("reasons", False, f"{reason} is gone")
        elif reason not in befores:
            yield Change("reasons", True, f"{reason} is new")
        elif befores[reason].label != afters[reason].label:
            yield Change("reasons", False, f"{reason} has other words")
    if old.typed_reason is not new.typed_reason:
        words = "may be typed" if new.typed_reason else "may no longer be typed"
        yield Change("reasons", new.typed_reason, f"a reason {words}")


def lease_words(terms: LeaseTerms) -> str:
    """Return the terms of a lease in words."""
    approval = "with a supervisor's approval" if terms.approval else "without approval"
    return f"{terms.seconds} seconds, {terms.per_hour} an hour, {approval}"


def _summarised(contexts: Sequence[Context]) -> list[str]:
    """Return exactly these contexts in few lines: boxes over the four dimensions, put together where they fit."""
    boxes: set[_Parts] = {
        tuple(frozenset((part,)) for part in (context.work_type, context.trust, context.clearance, context.call_state))
        for context in contexts
    }
    for dimension in range(len(_DIMENSIONS)):
        joined: dict[_Parts, frozenset[object]] = {}
        for box in boxes:
            rest = (*box[:dimension], *box[dimension + 1 :])
            joined[rest] = joined.get(rest, frozenset()) | box[dimension]
        boxes = {(*rest[:dimension], values, *rest[dimension:]) for rest, values in joined.items()}
    return sorted(", ".join(filter(None, map(_box_words, _DIMENSIONS, box))) or "everywhere" for box in boxes)


def _box_words(dimension: Sequence[object], values: frozenset[object]) -> str:
    """Return some values of one dimension in words; nothing where it is all of them."""
    if len(values) == len(dimension):
        return ""
    return "/".join(_value_words(value) for value in dimension if value in values)


def _value_words(value: object) -> str:
    if isinstance(value, IntEnum):
        return word(value) if isinstance(value, Clearance) else f"T{int(value)}"
    return str(value)
