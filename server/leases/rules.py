"""When a field may be revealed, and when a lease is over. Pure: no database, no clock of its own."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from provisioning.api import LeaseEnd, LeaseState, ProblemType
from provisioning.data_policy import Access, CallState, Clearance, Context, DataPolicy, LeaseTerms
from provisioning.trust import TrustLevel, WorkType
from server.calls.models import Call
from server.leases.models import LeaseRow
from server.problems import Refused

PolicyNow = Callable[[], DataPolicy]
"""Returns the policy that holds now: one may be published while the server runs."""
APPROVAL_LIFE = timedelta(seconds=60)
"""For how long a second person is waited for."""
GRACE = timedelta(seconds=10)
"""What a lease has beyond its seconds, for the value's way to the screen, before the server ends it by itself."""
WINDOW = timedelta(hours=1)
"""What `per_hour` is counted over."""
SET_BACK = timedelta(seconds=5)
"""A server's clock is corrected by less than this all the time. By more, nothing that it says of a lease can be
trusted, and the lease is over."""


@dataclass(frozen=True)
class Standing:
    """All that a decision rests on, as it is at one moment."""

    signed_in: bool
    """Whether the session still is one, with its person enabled."""
    connected: bool
    """Whether the desk has its socket open. Without one nobody would notice that the desk is gone."""
    trust: TrustLevel
    clearance: Clearance
    work_type: WorkType
    call_state: CallState


def call_state(call: Call, now: datetime, call_life: timedelta) -> CallState:
    """Return how far a call is. One whose end was never reported ends by itself."""
    return CallState.WRAP_UP if now - call.offered_at >= call_life else call.state


def broken(standing: Standing) -> LeaseEnd | None:
    """Return what ends every lease, whatever its field: what has to hold and does not."""
    if not standing.signed_in:
        return LeaseEnd.SESSION_ENDED
    if not standing.connected:
        return LeaseEnd.CONNECTION_LOST
    if standing.call_state is not CallState.CONNECTED:
        return LeaseEnd.CALL_LEFT
    if standing.trust < TrustLevel.T2:
        return LeaseEnd.TRUST_LOST
    return None


_REFUSALS = {
    LeaseEnd.SESSION_ENDED: (ProblemType.SESSION_REQUIRED, "Sign in again."),
    LeaseEnd.CONNECTION_LOST: (ProblemType.REVEAL_REFUSED, "Open this desk's socket first."),
    LeaseEnd.CALL_LEFT: (ProblemType.REVEAL_REFUSED, "A field is revealed during a connected call only."),
    LeaseEnd.TRUST_LOST: (ProblemType.TRUST_TOO_LOW, "A field is revealed at trust level T2 or above only."),
}


def terms(policy: DataPolicy, field: str, standing: Standing) -> LeaseTerms:
    """Return on what terms a field may be revealed now.

    Raises:
        Refused: it may not.
    """
    if (why := broken(standing)) is not None:
        raise Refused(*_REFUSALS[why])
    context = Context(standing.trust, standing.clearance, standing.work_type, standing.call_state)
    decision = policy.decide(field, context)
    if decision.access is not Access.REVEALABLE or decision.lease is None:
        raise Refused(ProblemType.REVEAL_REFUSED, "The policy does not let this field be revealed here.")
    return decision.lease


def check_reason(policy: DataPolicy, reason: str, typed: str) -> None:
    """Check that a reason is one that the policy takes.

    Raises:
        Refused: it is not (invalid-request).
    """
    if reason and reason not in {known.id for known in policy.reasons}:
        raise Refused(ProblemType.INVALID_REQUEST, "The policy has no such reason.")
    if typed and not policy.typed_reason:
        raise Refused(ProblemType.INVALID_REQUEST, "The policy takes the reasons of its list only.")


def check_often(granted: list[datetime], per_hour: int, now: datetime) -> None:
    """Check how many leases a person had; `granted` has the moments of those within `WINDOW` or later, in order.

    Moments to come, as a clock that was set back leaves them, count too.

    Raises:
        Refused: it would be one too many (reveal-too-often); it says how many seconds to wait.
    """
    if len(granted) < per_hour:
        return
    free_at = granted[len(granted) - per_hour] + WINDOW
    wait = max(1, int((free_at - now).total_seconds()) + 1)
    raise Refused(ProblemType.REVEAL_TOO_OFTEN, f"Wait {wait} seconds, then ask again.", retry_after=wait)


def timed_out(row: LeaseRow, now: datetime) -> LeaseEnd | None:
    """Return why a running lease is over by the clock, or None."""
    begun = row.granted_at or row.asked_at
    if begun - SET_BACK <= now < row.expires_at:
        return None
    if row.state == LeaseState.WAITING:
        return LeaseEnd.NOT_APPROVED
    return LeaseEnd.EXPIRED if row.shown_at is not None else LeaseEnd.NOT_SHOWN
