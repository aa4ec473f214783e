"""Calls, their customers, dialling and quality."""

from datetime import datetime
from enum import StrEnum
from typing import Literal

from pydantic import ConfigDict, Field, model_validator

from provisioning.api.common import LINE, Body, CallRef, DialToken, Moment, Name, Prose, Visibility
from provisioning.local_text import LocalText
from provisioning.trust import DataClass, TrustDecision, WorkType


class CardField(Body):
    """One field as this desk may show it. `value` is already masked where it has to be."""

    name: str
    data_class: DataClass
    visibility: Visibility
    value: str = Field(repr=False)


class Contact(Body):
    """An earlier contact with the customer, in words that name nobody."""

    at: datetime
    channel: Literal["phone", "text", "branch", "mail"]
    summary: LocalText


class ScriptAnswer(Body):
    """What the customer may answer, and the step it leads to."""

    label: LocalText
    goto: int = Field(ge=0)


class ScriptStep(Body):
    """One step of a guided conversation."""

    title: LocalText
    say: LocalText
    answers: tuple[ScriptAnswer, ...] = ()


class Script(Body):
    """A guided conversation; step 0 is the first."""

    title: LocalText
    steps: tuple[ScriptStep, ...] = Field(min_length=1)


class CustomerCard(Body):
    """GET /calls/{ref}/customer: the customer of a call, masked by policy, or nobody we know."""

    ref: CallRef
    customer_token: str | None
    """A stable pseudonym; None when the caller is not a known customer."""
    work_type: WorkType
    trust: TrustDecision
    fields: tuple[CardField, ...] = ()
    contacts: tuple[Contact, ...] = ()
    script: Script | None = None


class WrapUpRequest(Body):
    """PUT /calls/{ref}/wrap-up: idempotent, so that a desk may send it again after a lost answer."""

    code: str = Field(pattern=r"^[a-z0-9-]{1,40}$")
    notes: Prose = Field(max_length=8000, repr=False)
    written_at: Moment


class HistoryCall(Body):
    """One finished or running call of this agent."""

    ref: CallRef
    offered_at: datetime
    answered_at: datetime | None
    ended_at: datetime | None
    wrap_up_code: str | None
    customer_label: str
    """The customer's masked name, or an empty string."""
    direction: Literal["incoming", "outgoing"] = "incoming"


class HistoryReply(Body):
    """GET /calls: the newest first."""

    calls: tuple[HistoryCall, ...]


class DirectoryEntry(Body):
    """Somebody or something that an agent may call or transfer to."""

    id: Name
    kind: Literal["colleague", "queue", "service"]
    label: LocalText


class DirectoryReply(Body):
    """GET /directory: whom this person may call, in the order of the organisation's file, then colleagues by name."""

    entries: tuple[DirectoryEntry, ...]
    numbers: bool
    """Whether this person may also type a number."""


class DialRequest(Body):
    """POST /dial-tokens: what the desk would call. Exactly one of the three is given."""

    entry: Name | None = None
    """An entry of the directory."""
    call: CallRef | None = None
    """The customer of a call of this person's own, whom they may still see or whose call they may still return."""
    number: str | None = Field(default=None, pattern=r"^\+?[0-9]{2,20}$", repr=False)
    """A number that the agent typed, where the policy allows it."""

    @model_validator(mode="after")
    def _one(self) -> "DialRequest":
        if sum(choice is not None for choice in (self.entry, self.call, self.number)) != 1:
            raise ValueError("give exactly one of entry, call and number")
        return self


class DialReply(Body):
    """A token that works once, for this person, and not for long."""

    token: DialToken = Field(repr=False)
    ref: CallRef | None
    """The new call's reference; None where no customer is called, so that nothing needs a wrap-up."""
    expires_at: datetime


class EdgeDialRequest(Body):
    """POST /edge/dial, from the edge: what does this token stand for? The token is spent by asking."""

    token: DialToken = Field(repr=False)
    agent: Name
    call_id: str = Field(min_length=1, max_length=256, pattern=LINE)
    purpose: Literal["call", "transfer"]


class EdgeDialReply(Body):
    """The user part to send to the trunk, and whose number to show there."""

    target: str = Field(pattern=r"^\+?[A-Za-z0-9*#._-]{1,64}$", repr=False)
    caller: str = Field(default="", pattern=r"^\+?[0-9]{0,20}$")
    """The number to show to who is called; empty for the trunk's own choice."""
    ref: CallRef | None


class QualityRecord(Body):
    """PUT /calls/{ref}/quality: how one call sounded. Idempotent.

    Times in milliseconds, losses in percent, scores as MOS (G.107, 1 to 4.5); `sent_` is what the other side reported.
    """

    # Infinity would pass every bound below that has no upper end, and then nothing could be counted with it.
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    codec: str = Field(max_length=40)
    srtp: str = Field(max_length=40)
    seconds: float = Field(ge=0)
    mos_mean: float = Field(ge=1, le=4.5)
    mos_worst: float = Field(ge=1, le=4.5)
    loss_mean: float = Field(ge=0, le=100)
    loss_worst: float = Field(ge=0, le=100)
    jitter_mean: float = Field(ge=0)
    jitter_worst: float = Field(ge=0)
    round_trip_mean: float = Field(ge=0)
    round_trip_worst: float = Field(ge=0)
    sent_loss_mean: float = Field(ge=0, le=100)
    sent_loss_worst: float = Field(ge=0, le=100)
    ended: str = Field(pattern=r"^[a-z-]{1,40}$")
    """How the call ended, in the words of the engine's report: local, remote, lost and so on."""


class QualityFinding(StrEnum):
    """What was wrong with a call's sound."""

    SCORE = "score"
    LOSS = "loss"
    SENT_LOSS = "sent-loss"
    JITTER = "jitter"
    DELAY = "delay"
    CUT_OFF = "cut-off"


class QualityReply(Body):
    """GET /calls/{ref}/quality, for supervisors of the agent's team: how a call sounded, and what was wrong with it."""

    ref: CallRef
    agent: Name
    reported_at: datetime
    verdict: Literal["good", "fair", "poor"]
    findings: tuple[QualityFinding, ...]
    """Empty for a call that nobody needs to look at."""
    record: QualityRecord


class EdgeCallRequest(Body):
    """POST /edge/calls, from the edge: somebody calls an agent."""

    call_id: str = Field(min_length=1, max_length=256, pattern=LINE)
    agent: Name
    caller: str = Field(max_length=128, repr=False)


class EdgeCallReply(Body):
    """The reference that stands for the caller from here on."""

    ref: CallRef


class EdgeCallEnded(Body):
    """POST /edge/calls/{ref}/ended, from the edge."""

    reason: Literal["bye-customer", "bye-agent", "cancel", "failed"]
    code: int = Field(default=0, ge=0, le=699)
