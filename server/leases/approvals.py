"""A second person's approval: the supervisors of the agent's team are asked, and the first answer counts."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from provisioning.api import (
    ApprovalAsked,
    ApprovalGone,
    LeaseChanged,
    LeaseEnd,
    LeaseState,
    ProblemType,
    Role,
)
from server.audit.service import Action, AuditLog
from server.clock import Clock
from server.customers.interfaces import Customer
from server.database import Database, afterwards
from server.leases.alarm import Alarm
from server.leases.endings import Endings
from server.leases.granting import Granting, seal, value_of
from server.leases.models import LeaseRow
from server.leases.records import details, question, view
from server.leases.rules import PolicyNow, broken, terms
from server.leases.standing import Observer
from server.people.models import Person
from server.people.sessions import SignedIn
from server.problems import Refused
from server.push.hub import Hub


class Approvals:
    """All leases that wait for a second person."""

    def __init__(
        self,
        *,
        database: Database,
        clock: Clock,
        policy: PolicyNow,
        hub: Hub,
        audit: AuditLog,
        observer: Observer,
        granting: Granting,
        endings: Endings,
        alarm: Alarm,
    ) -> None:
        self._database = database
        self._clock = clock
        self._policy = policy
        self._hub = hub
        self._audit = audit
        self._observer = observer
        self._granting = granting
        self._endings = endings
        self._alarm = alarm

    async def request(self, session: AsyncSession, row: LeaseRow, agent: SignedIn) -> None:
        """Ask the supervisors of an agent's team, once the caller's transaction is committed."""
        await self._audit.append(
            session, f"person:{agent.person}", Action.LEASE_ASKED, f"lease:{row.id}", **details(row)
        )
        asked = question(row, agent.display_name)
        afterwards(session, lambda: self._hub.send_to_supervisors(agent.team, asked, but=agent.person))
        self._alarm.set((row.expires_at - self._clock()).total_seconds())

    async def waiting_for(self, supervisor: SignedIn) -> tuple[ApprovalAsked, ...]:
        """Return what waits for a supervisor who has just come, the oldest first."""
        if supervisor.role is not Role.SUPERVISOR:
            return ()
        query = (
            select(LeaseRow, Person.display_name)
            .join(Person, Person.name == LeaseRow.agent)
            .where(LeaseRow.running.is_not(None), LeaseRow.state == LeaseState.WAITING)
            .where(Person.team == supervisor.team, Person.name != supervisor.person)
            .where(LeaseRow.expires_at > self._clock())
        )
        async with self._database.read() as session:
            rows = (await session.execute(query.order_by(LeaseRow.asked_at, LeaseRow.id))).all()
        return tuple(question(row, display_name) for row, display_name in rows)

    async def decide(self, supervisor: SignedIn, lease_id: str, approved: bool) -> None:
        """Let a lease be granted, or not. Deciding the same again changes nothing.

        Raises:
            Refused: it is for supervisors and for others' leases (forbidden), it is no lease of their team (not-found),
                or it was decided, is over, or may no longer be granted (conflict).
        """
        if supervisor.role is not Role.SUPERVISOR:
            raise Refused(ProblemType.FORBIDDEN, "This is for supervisors.")
        async with self._database.read() as session:
            row = await session.get(LeaseRow, lease_id)
            agent = await session.get(Person, row.agent) if row is not None else None
        # Another team's lease is answered as one that does not exist.
        if row is None or agent is None or agent.team != supervisor.team:
            raise Refused(ProblemType.NOT_FOUND, "There is no such lease of your team.")
        if row.agent == supervisor.person:
            raise Refused(ProblemType.FORBIDDEN, "A second person decides, not who asks.")
        customer = await self._granting.customer(row.ref) if approved else None
        async with self._database.write() as session:
            late = await self._decided(session, row, supervisor, approved, customer)
        if late:
            raise Refused(ProblemType.CONFLICT, late)

    async def _decided(
        self,
        session: AsyncSession,
        known: LeaseRow,
        supervisor: SignedIn,
        approved: bool,
        customer: Customer | None,
    ) -> str:
        """Decide in the caller's transaction, which commits whatever comes of it; returns why it came too late."""
        standing = await self._observer.of(session, known.session_id, known.ref)
        await self._endings.overdue(session, known.session_id)
        row = await session.get_one(LeaseRow, known.id, with_for_update=True, populate_existing=True)
        if row.decided_by is not None:
            same = (row.decided_by, row.approved) == (supervisor.person, approved)
            return "" if same else "Somebody else decided first."
        if row.state != LeaseState.WAITING:
            return "It no longer waits, or never did: nobody decided in time, or the agent does not want it any more."
        row.decided_by, row.approved = supervisor.person, approved
        actor, action = f"person:{supervisor.person}", Action.LEASE_APPROVED if approved else Action.LEASE_DENIED
        await self._audit.append(session, actor, action, f"lease:{row.id}", agent=row.agent, **details(row))
        if not approved:
            await self._endings.end(session, row, LeaseEnd.NOT_APPROVED)
            return ""
        try:
            terms(self._policy(), row.field, standing)
            value_of(customer, row.field)
        except Refused:
            await self._endings.end(session, row, broken(standing) or LeaseEnd.NOT_SHOWN)
            return "It can't be revealed any more: the call, the desk or the policy changed meanwhile."
        assert customer is not None  # noqa: S101
        await self._granting.grant(session, row, approved_by=supervisor.person)
        changed = LeaseChanged(lease=view(row, seal(row, customer)))
        afterwards(session, lambda: self._hub.send_to_session(row.session_id, changed))
        afterwards(session, lambda: self._hub.send_to_supervisors(supervisor.team, ApprovalGone(lease=row.id)))
        self._alarm.set((row.expires_at - self._clock()).total_seconds())
        return ""
