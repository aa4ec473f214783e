"""What may be seen of a customer, by whom and when: a table that people write, and the one function that reads it.

Nothing is shown that no rule allows, and of several limits the strictest holds.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import Annotated, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    WithJsonSchema,
)

from provisioning.local_text import LocalText
from provisioning.trust import DataClass, TrustLevel, WorkType

SLUG = r"^[a-z0-9][a-z0-9_-]{0,39}$"


class Access(IntEnum):
    """How much of a field somebody may see; a higher one is more."""

    ABSENT = 0
    """Not even that it exists."""
    MASKED = 1
    REVEALABLE = 2
    """Masked, and in clear by a reveal lease."""
    CLEAR = 3


class Clearance(IntEnum):
    """How far a person is trusted with customers' data."""

    BASIC = 0
    STANDARD = 1
    SENIOR = 2


class CallState(StrEnum):
    """How far the call is that gives the reason to see anything."""

    RINGING = "ringing"
    CONNECTED = "connected"
    WRAP_UP = "wrap-up"


_Level = TypeVar("_Level", bound=IntEnum)


def _reader(levels: type[_Level]) -> Callable[[object], _Level]:
    """Return what reads a level from its word alone: in a file or a body a number would say too little."""

    def read(value: object) -> _Level:
        if isinstance(value, levels):
            return value
        if isinstance(value, str) and value.upper() in levels.__members__ and value.islower():
            return levels[value.upper()]
        *most, last = (level.name.lower() for level in levels)
        raise ValueError(f"write {', '.join(most)} or {last}")

    return read


def word(level: IntEnum) -> str:
    """Return how a level is written in files and bodies."""
    return level.name.lower()


read_access = _reader(Access)
read_clearance = _reader(Clearance)

AccessWord = Annotated[
    Access,
    BeforeValidator(read_access),
    PlainSerializer(word, return_type=str, when_used="json"),
    WithJsonSchema({"type": "string", "enum": [word(level) for level in Access]}),
]
"""An `Access` that is written as a word."""
ClearanceWord = Annotated[
    Clearance,
    BeforeValidator(read_clearance),
    PlainSerializer(word, return_type=str, when_used="json"),
    WithJsonSchema({"type": "string", "enum": [word(level) for level in Clearance]}),
]
"""A `Clearance` that is written as a word."""


@dataclass(frozen=True)
class Context:
    """Who would see, where, for what work, and how far the call is."""

    trust: TrustLevel
    clearance: Clearance
    work_type: WorkType
    call_state: CallState


class _Part(BaseModel):
    # A part of the manifest, so that an older desk can obey a newer server; `policy_file` is the strict reader.
    model_config = ConfigDict(frozen=True, extra="ignore")


class LeaseReason(_Part):
    """A reason for a reveal that an agent may choose."""

    id: str = Field(pattern=SLUG)
    label: LocalText


class LeaseTerms(_Part):
    """On what terms a field is revealed."""

    seconds: int = Field(default=20, ge=3, le=300)
    per_hour: int = Field(default=10, ge=1, le=1000)
    """How many leases of any field a person may have in an hour before this field is refused."""
    approval: bool = False
    """Whether a supervisor of the agent's team must agree first."""


class FieldRule(_Part):
    """One field: its class, its mask, and what each kind of work may see of it."""

    name: str = Field(pattern=SLUG)
    data_class: DataClass
    mask: str = Field(pattern=SLUG)
    """The name of a mask format."""
    work: dict[WorkType, AccessWord] = Field(default_factory=dict)
    """The most that a kind of work needs; a kind that is not named needs nothing."""
    clearance: ClearanceWord = Clearance.BASIC
    """Below it the field is never more than masked."""
    lease: LeaseTerms = LeaseTerms()


@dataclass(frozen=True)
class Decision:
    """What may be seen of a field, and every limit that was looked at, as (why, the most that it allows)."""

    field: str
    data_class: DataClass
    mask: str
    access: Access
    limits: tuple[tuple[str, Access], ...]
    lease: LeaseTerms | None
    """The terms of a lease, where the field may be revealed."""

    @property
    def because(self) -> tuple[str, ...]:
        """The limits that decided."""
        return tuple(why for why, most in self.limits if most is self.access)


_Named = TypeVar("_Named", FieldRule, LeaseReason)


def _distinct(parts: tuple[_Named, ...]) -> tuple[_Named, ...]:
    seen: set[str] = set()
    for part in parts:
        name = part.name if isinstance(part, FieldRule) else part.id
        if name in seen:
            raise ValueError(f"{name} is there twice; of two rules nobody could say which one holds")
        seen.add(name)
    return parts


class DataPolicy(_Part):
    """The whole table, in the order in which a desk shows the fields. Part of the manifest."""

    version: int = Field(default=1, ge=1)
    fields: Annotated[tuple[FieldRule, ...], AfterValidator(_distinct)]
    reasons: Annotated[tuple[LeaseReason, ...], AfterValidator(_distinct)] = ()
    typed_reason: bool = True
    """Whether an agent may also type a reason."""

    def decide(self, field: str, context: Context) -> Decision:
        """Decide about one field; one without a rule is absent."""
        rule = next((rule for rule in self.fields if rule.name == field), None)
        if rule is None:
            nothing = (("no rule names the field", Access.ABSENT),)
            return Decision(field, DataClass.C3, "covered", Access.ABSENT, nothing, None)
        limits = tuple(_limits(rule, context))
        access = min(most for _, most in limits)
        return Decision(
            field=field,
            data_class=rule.data_class,
            mask=rule.mask,
            access=access,
            limits=limits,
            lease=rule.lease if access is Access.REVEALABLE else None,
        )


_CLASS_LIMITS = {DataClass.C1: Access.CLEAR, DataClass.C2: Access.REVEALABLE, DataClass.C3: Access.ABSENT}
_TRUST_LIMITS = {
    TrustLevel.T0: Access.ABSENT,
    TrustLevel.T1: Access.MASKED,
    TrustLevel.T2: Access.REVEALABLE,
    TrustLevel.T3: Access.REVEALABLE,
}


def _limits(rule: FieldRule, context: Context) -> Iterable[tuple[str, Access]]:
    """Every limit, each with the most that it allows."""
    needed = rule.work.get(context.work_type, Access.ABSENT)
    # What is internal tells nothing of a person; any desk that may have data at all may show it, at any time. What the
    # rule would have revealed instead is treated as all that is revealed: from T2 on, and in a call.
    internal = rule.data_class is DataClass.C1 and needed is Access.CLEAR
    yield f"class {rule.data_class}", _CLASS_LIMITS[rule.data_class]
    open_to_all = internal and context.trust >= TrustLevel.T1
    yield f"trust T{int(context.trust)}", Access.CLEAR if open_to_all else _TRUST_LIMITS[context.trust]
    yield f"work {context.work_type}", needed
    enough = context.clearance >= rule.clearance
    needs = "" if enough else f", below {word(rule.clearance)}"
    yield f"clearance {word(context.clearance)}{needs}", Access.CLEAR if enough else Access.MASKED
    in_call = internal or context.call_state is CallState.CONNECTED
    yield f"call {context.call_state}", Access.CLEAR if in_call else Access.MASKED
