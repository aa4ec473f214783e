"""Gaps: times that no recording may hold. In this process's memory, and in the audit log."""

from dataclasses import dataclass
from datetime import datetime

from server.audit.service import Action, AuditLog
from server.clock import Clock


@dataclass(frozen=True)
class Gap:
    """A gap that has begun; `reason` is a slug."""

    begun_at: datetime
    reason: str


class RecordingGaps:
    """The gaps of all calls that are open now: at most one a call."""

    def __init__(self, clock: Clock, audit: AuditLog) -> None:
        self._clock = clock
        self._audit = audit
        self._open: dict[str, Gap] = {}

    def current(self, ref: str) -> Gap | None:
        """Return a call's open gap."""
        return self._open.get(ref)

    async def begin(self, ref: str, reason: str) -> None:
        """Record nothing of this call from now on. A gap that is open already goes on."""
        if ref in self._open:
            return
        self._open[ref] = Gap(self._clock(), reason)
        await self._audit.record("server", Action.GAP_BEGUN, f"call:{ref}", reason=reason)

    async def end(self, ref: str) -> None:
        """Recording may go on."""
        gap = self._open.pop(ref, None)
        if gap is not None:
            await self._audit.record("server", Action.GAP_ENDED, f"call:{ref}", reason=gap.reason)
