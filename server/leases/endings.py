"""How a lease ends: each once, whoever says so first, and with a line in the audit log."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from provisioning.api import ApprovalGone, LeaseChanged, LeaseEnd, LeaseState
from server.audit.service import Action, AuditLog
from server.clock import Clock
from server.database import Database, afterwards
from server.leases.models import LeaseRow
from server.leases.records import details, recording, view
from server.leases.rules import timed_out
from server.leases.standing import lock_session
from server.people.models import Person
from server.push.hub import Hub

_SERVER = "server"
"""How the audit log names who ended a lease that no desk ended."""


class Endings:
    """Ends leases."""

    def __init__(self, database: Database, clock: Clock, hub: Hub, audit: AuditLog) -> None:
        self._database = database
        self._clock = clock
        self._hub = hub
        self._audit = audit

    async def end(
        self, session: AsyncSession, row: LeaseRow, reason: LeaseEnd, *, told_by: str = "", shown_seconds: float = 0
    ) -> None:
        """End a lease that is locked, in the caller's transaction; one that is over stays as it ended.

        Args:
            session: the transaction.
            row: the lease.
            reason: why it is over.
            told_by: the person whose desk says so; empty where the server does, which then tells the desk.
            shown_seconds: for how long the value was shown, as that desk says.
        """
        if row.running is None:
            return
        waited = row.state == LeaseState.WAITING
        now = self._clock()
        row.running, row.key, row.ended_at, row.end_reason = None, "", now, reason
        row.state = LeaseState.REFUSED if waited and reason is LeaseEnd.NOT_APPROVED else LeaseState.ENDED
        shown = 0.0
        if row.granted_at is not None:
            # A desk can't have shown it for longer than it had it, nor does the server know that it did not.
            most = max(0.0, (now - row.granted_at).total_seconds())
            counted = (now - row.shown_at).total_seconds() if row.shown_at is not None else 0.0
            shown = min(most, shown_seconds if told_by else max(0.0, min(counted, row.seconds)))
        await self._audit.append(
            session,
            f"person:{told_by}" if told_by else _SERVER,
            Action.LEASE_ENDED,
            f"lease:{row.id}",
            **details(row),
            why=reason,
            shown_seconds=f"{shown:.1f}",
            **recording(row),
        )
        if not told_by:
            changed = LeaseChanged(lease=view(row), reason=reason)
            afterwards(session, lambda: self._hub.send_to_session(row.session_id, changed))
        if waited:
            agent = await session.get_one(Person, row.agent)
            afterwards(session, lambda: self._hub.send_to_supervisors(agent.team, ApprovalGone(lease=row.id)))

    async def of_session(self, session: AsyncSession, session_id: str, reason: LeaseEnd) -> None:
        """End what runs in a session, in the caller's transaction."""
        await self._where(session, reason, LeaseRow.running == session_id)

    async def of_call(self, session: AsyncSession, ref: str) -> None:
        """End what runs in a call that is over, in the caller's transaction."""
        await self._where(session, LeaseEnd.CALL_LEFT, LeaseRow.ref == ref)

    async def _where(self, session: AsyncSession, reason: LeaseEnd, which: object) -> None:
        query = select(LeaseRow).where(LeaseRow.running.is_not(None), which)  # type: ignore[arg-type]
        locked = query.with_for_update().execution_options(populate_existing=True)
        for row in (await session.execute(locked)).scalars().all():
            await self.end(session, row, reason)

    async def end_for_session(self, session_id: str, reason: LeaseEnd) -> None:
        """End what runs in a session: its socket closed, or it is trusted less. That it is over counts first."""
        async with self._database.write() as session:
            row = await lock_session(session, session_id)
            over = row.ended_at is not None and reason is LeaseEnd.CONNECTION_LOST
            await self.of_session(session, session_id, LeaseEnd.SESSION_ENDED if over else reason)

    async def overdue(self, session: AsyncSession, session_id: str) -> LeaseRow | None:
        """Return what runs in a session that is locked, after ending it if its time is up."""
        query = select(LeaseRow).where(LeaseRow.running == session_id).with_for_update()
        row = (await session.execute(query.execution_options(populate_existing=True))).scalar_one_or_none()
        if row is None or (reason := timed_out(row, self._clock())) is None:
            return row
        await self.end(session, row, reason)
        return None

    async def sweep(self) -> None:
        """End what nobody ended: time that is up, and desks that are gone, with this server or from it."""
        async with self._database.read() as session:
            query = select(LeaseRow.session_id).where(LeaseRow.running.is_not(None))
            running = (await session.execute(query)).scalars().all()
        for session_id in running:
            async with self._database.write() as session:
                await lock_session(session, session_id)
                await self.overdue(session, session_id)
            if not self._hub.is_open(session_id):
                await self.end_for_session(session_id, LeaseEnd.CONNECTION_LOST)
