"""Keeping each session's trust at what its device last proved."""

from collections.abc import Awaitable, Callable

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from provisioning.api import LeaseEnd, PostureReply, ProblemType, TrustChanged
from provisioning.posture import overdue
from provisioning.trust import TrustDecision, TrustLevel
from server.audit.service import Action, AuditLog
from server.clock import Clock
from server.database import Database
from server.devices.service import KnownDevice
from server.people.models import Session
from server.people.sessions import Sessions, SignedIn
from server.posture.reports import Reports
from server.problems import Refused
from server.push.hub import Hub
from server.supervision.wall import Wall

EndLeases = Callable[[str, LeaseEnd], Awaitable[object]]
"""Ends all reveal leases of a session."""


class Postures:
    """The trust of all open sessions."""

    def __init__(
        self,
        *,
        database: Database,
        clock: Clock,
        reports: Reports,
        sessions: Sessions,
        hub: Hub,
        audit: AuditLog,
        wall: Wall,
        end_leases: EndLeases,
    ) -> None:
        self._database = database
        self._clock = clock
        self._reports = reports
        self._sessions = sessions
        self._hub = hub
        self._audit = audit
        self._wall = wall
        self._end_leases = end_leases

    async def update(self, signed_in: SignedIn, device: KnownDevice, statement: str) -> PostureReply:
        """Take a report of a session's device, and trust the session accordingly from now on.

        Raises:
            Refused: the report is not this device's, not new, or the session ended meanwhile.
        """
        report = self._reports.read(device, statement)
        async with self._database.write() as session:
            await self._reports.accept(session, device, report)
            row = await session.get(Session, signed_in.session_id, with_for_update=True)
            if row is None or row.ended_at is not None:
                raise Refused(ProblemType.SESSION_REQUIRED, "Sign in again.")
            row.posture, row.trust_until, row.last_used_at = report.stored, report.trust_until, self._clock()
            changed = await self._trust(session, row, report.trust)
        if changed:
            await self._tell(signed_in.session_id, report.trust)
        return PostureReply(trust=report.trust, next_seconds=report.next_seconds)

    async def sweep(self) -> None:
        """Take the trust from sessions whose report is overdue. Whoever asks meanwhile is refused it already."""
        query = select(Session.id).where(
            Session.ended_at.is_(None), Session.trust_until <= self._clock(), Session.trust_level > TrustLevel.T0
        )
        async with self._database.read() as session:
            silent = (await session.execute(query)).scalars().all()
        for session_id in silent:
            async with self._database.write() as session:
                row = await session.get(Session, session_id, with_for_update=True)
                # A report may have come in between.
                late = row is not None and row.ended_at is None and row.trust_until <= self._clock()
                changed = late and row is not None and await self._trust(session, row, overdue())
            if changed:
                await self._tell(session_id, overdue())

    async def _trust(self, session: AsyncSession, row: Session, trust: TrustDecision) -> bool:
        """Write a session's trust, in the caller's transaction; returns whether it is another than before."""
        before, reasons = row.trust_level, list(trust.reasons)
        if (before, row.trust_reasons) == (int(trust.level), reasons):
            return False
        row.trust_level, row.trust_reasons = int(trust.level), reasons
        await self._audit.append(
            session,
            f"device:{row.device_id}",
            Action.TRUST_CHANGED,
            f"person:{row.person}",
            before=f"T{before}",
            after=f"T{int(trust.level)}",
            reasons=", ".join(reasons),
        )
        return True

    async def _tell(self, session_id: str, trust: TrustDecision) -> None:
        # The desk first: it hides what it may no longer show before anybody writes of it.
        self._hub.send_to_session(session_id, TrustChanged(trust=trust))
        if trust.level < TrustLevel.T2:
            await self._end_leases(session_id, LeaseEnd.TRUST_LOST)
        if (signed_in := await self._sessions.current(session_id)) is not None:
            self._wall.trusted(signed_in)
