"""A lease as its desk, its supervisors and the audit log are told of it."""

from provisioning.api import ApprovalAsked, LeaseState, LeaseView
from server.leases.models import LeaseRow


def view(row: LeaseRow, sealed: str = "") -> LeaseView:
    """Return a lease as its agent's desk is told of it."""
    return LeaseView(
        lease=row.id,
        ref=row.ref,
        field=row.field,
        state=LeaseState(row.state),
        seconds=row.seconds,
        expires_at=row.expires_at,
        sealed=sealed,
    )


def question(row: LeaseRow, display_name: str) -> ApprovalAsked:
    """Return what the supervisors of a team are asked."""
    return ApprovalAsked(
        lease=row.id,
        agent=row.agent,
        display_name=display_name,
        field=row.field,
        reason=row.reason,
        typed_reason=row.typed_reason,
        ref=row.ref,
        expires_at=row.expires_at,
    )


def details(row: LeaseRow) -> dict[str, str]:
    """Return what each line of the audit log says of a lease, so that none needs another to be read."""
    said = {"call": row.ref, "field": row.field, "reason": row.reason or "typed"}
    return said | ({"typed_reason": row.typed_reason} if row.typed_reason else {})


def recording(row: LeaseRow) -> dict[str, str]:
    """Return where in the session's recording the value was shown, where there is one."""
    return {} if row.recording_at is None else {"recording_at": f"{row.recording_at:.1f}"}
