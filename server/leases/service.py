"""Asking for a lease, having the value of it, showing it, and giving it back."""

import math
import secrets
from datetime import timedelta

from limits import RateLimitItemPerMinute
from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from provisioning.api import (
    LeaseAsk,
    LeaseEnd,
    LeaseEndRequest,
    LeaseRequest,
    LeaseShown,
    LeaseState,
    LeaseView,
    ProblemType,
)
from provisioning.data_policy import LeaseTerms
from server.audit.service import Action, AuditLog
from server.calls.models import Call
from server.clock import Clock
from server.customers.interfaces import Customer, CustomerSource
from server.database import Database
from server.devices.service import KnownDevice
from server.leases.alarm import Alarm
from server.leases.approvals import Approvals
from server.leases.asks import Wish, key_hash, masked_reason, read_ask
from server.leases.endings import Endings
from server.leases.granting import Granting, seal, value_of
from server.leases.models import LeaseKeyRow, LeaseRow
from server.leases.records import details, recording, view
from server.leases.rules import APPROVAL_LIFE, WINDOW, PolicyNow, broken, check_often, check_reason, terms
from server.leases.standing import Observer
from server.people.sessions import SignedIn
from server.problems import Refused
from server.push.hub import Hub
from server.settings import Settings
from server.throttle import Throttle

_PER_PERSON = RateLimitItemPerMinute(30)
"""More than a person asks, and too few to fill the audit log with refusals."""
_KEYS_KEPT = timedelta(days=1)
"""Much longer than an ask is fresh, so that a clock that is set back does not make an old one new."""
_LONGEST_RECORDING = timedelta(days=1).total_seconds()
_NO_SUCH_LEASE = "There is no such lease of yours."


class Leases:
    """All leases."""

    def __init__(
        self,
        *,
        database: Database,
        clock: Clock,
        settings: Settings,
        policy: PolicyNow,
        source: CustomerSource,
        hub: Hub,
        audit: AuditLog,
    ) -> None:
        self._database = database
        self._clock = clock
        self._policy = policy
        self._audit = audit
        self._observer = Observer(clock, settings, hub)
        self._granting = Granting(database, clock, source, audit)
        self._alarm = Alarm(self.sweep)
        self._throttle = Throttle(_PER_PERSON, ProblemType.TOO_MANY_REQUESTS)
        self.endings = Endings(database, clock, hub, audit)
        self.approvals = Approvals(
            database=database,
            clock=clock,
            policy=policy,
            hub=hub,
            audit=audit,
            observer=self._observer,
            granting=self._granting,
            endings=self.endings,
            alarm=self._alarm,
        )

    # --- for the agent's desk -----------------------------------------------------------------------------------------

    async def ask(self, signed_in: SignedIn, device: KnownDevice, ref: str, request: LeaseRequest) -> LeaseView:
        """Grant a lease with its sealed value, or ask a second person first.

        Raises:
            Refused: it is not their call (not-found), the device did not sign this just now and for this
                (device-proof-wrong), it makes no sense (invalid-request), the desk is not trusted enough
                (trust-too-low), another one runs (reveal-running), there were too many (reveal-too-often), or call or
                policy do not allow it (reveal-refused).
        """
        await self._throttle.attempt(signed_in.person)
        await self._check_own(signed_in, ref)
        try:
            ask = read_ask(device, ref, request.ask, self._clock())
        except Refused as refused:
            why = refused.problem.problem_type
            await self._audit.record(f"person:{signed_in.person}", Action.LEASE_REFUSED, f"call:{ref}", why=why)
            raise
        customer = await self._granting.customer(ref)
        typed = masked_reason(request.typed_reason, customer, self._policy())
        wish = Wish(ask, request.reason, typed)
        async with self._database.write() as session:
            try:
                return await self._decide(session, signed_in, wish, customer)
            except Refused as refused:
                # Raised after the commit: a refusal is recorded, and it has used the ask up.
                refusal = refused
                await self._record_refusal(session, signed_in, wish, refused)
        raise refusal

    async def _decide(
        self, session: AsyncSession, signed_in: SignedIn, wish: Wish, customer: Customer | None
    ) -> LeaseView:
        ask = wish.ask
        standing = await self._observer.of(session, signed_in.session_id, ask.ref)
        await self._use_up(session, ask)
        policy = self._policy()
        check_reason(policy, wish.reason, wish.typed_reason)
        allowed = terms(policy, ask.field, standing)
        value_of(customer, ask.field)
        assert customer is not None  # noqa: S101
        if await self.endings.overdue(session, signed_in.session_id) is not None:
            raise Refused(ProblemType.REVEAL_RUNNING, "One at a time: hide that one first.")
        await self._check_often(session, signed_in.person, allowed.per_hour)
        row = await self._add(session, signed_in, wish, allowed)
        if allowed.approval:
            await self.approvals.request(session, row, signed_in)
            return view(row)
        await self._granting.grant(session, row)
        self._alarm.set((row.expires_at - self._clock()).total_seconds())
        return view(row, seal(row, customer))

    async def _use_up(self, session: AsyncSession, ask: LeaseAsk) -> None:
        try:
            async with session.begin_nested():
                session.add(LeaseKeyRow(key_hash=key_hash(ask), used_at=self._clock()))
        except IntegrityError:
            raise Refused(
                ProblemType.DEVICE_PROOF_WRONG, "This was asked before. Each lease has a key of its own."
            ) from None

    async def _add(self, session: AsyncSession, signed_in: SignedIn, wish: Wish, allowed: LeaseTerms) -> LeaseRow:
        now = self._clock()
        row = LeaseRow(
            id=f"l_{secrets.token_urlsafe(16)}",
            ref=wish.ask.ref,
            field=wish.ask.field,
            agent=signed_in.person,
            session_id=signed_in.session_id,
            running=signed_in.session_id,
            state=LeaseState.WAITING,
            key=wish.ask.key,
            reason=wish.reason,
            typed_reason=wish.typed_reason,
            seconds=allowed.seconds,
            asked_at=now,
            expires_at=now + APPROVAL_LIFE,
        )
        try:
            async with session.begin_nested():
                session.add(row)
        except IntegrityError:
            # The lock on the session lets no other in between; the constraint holds even where a lock does not.
            raise Refused(ProblemType.REVEAL_RUNNING, "One at a time: hide that one first.") from None
        return row

    async def _check_often(self, session: AsyncSession, person: str, per_hour: int) -> None:
        now = self._clock()
        query = select(LeaseRow.granted_at).where(LeaseRow.agent == person, LeaseRow.granted_at > now - WINDOW)
        granted = (await session.execute(query.order_by(LeaseRow.granted_at))).scalars().all()
        check_often([moment for moment in granted if moment is not None], per_hour, now)

    async def _record_refusal(self, session: AsyncSession, signed_in: SignedIn, wish: Wish, refused: Refused) -> None:
        known = {rule.name for rule in self._policy().fields}
        # What is not on our lists was chosen by the sender, and a typed reason is kept with a lease only.
        reasons = {reason.id for reason in self._policy().reasons}
        await self._audit.append(
            session,
            f"person:{signed_in.person}",
            Action.LEASE_REFUSED,
            f"call:{wish.ask.ref}",
            field=wish.ask.field if wish.ask.field in known else "unknown",
            reason="typed" if not wish.reason else wish.reason if wish.reason in reasons else "unknown",
            why=refused.problem.problem_type,
        )

    async def get(self, signed_in: SignedIn, ref: str, lease_id: str) -> LeaseView:
        """Return how far a lease is, with its value as long as it is granted and was not shown yet.

        What the decision rested on is looked at again first, and where it no longer holds the lease ends.

        Raises:
            Refused: it is no lease of theirs in this call, or the value is gone.
        """
        row = await self._own(signed_in, ref, lease_id)
        customer = await self._granting.customer(ref)
        async with self._database.write() as session:
            standing = await self._observer.of(session, signed_in.session_id, ref)
            if await self.endings.overdue(session, signed_in.session_id) is not None and (why := broken(standing)):
                await self.endings.of_session(session, signed_in.session_id, why)
            row = await session.get_one(LeaseRow, row.id, with_for_update=True, populate_existing=True)
            if row.state != LeaseState.GRANTED or row.shown_at is not None:
                return view(row)
            terms(self._policy(), row.field, standing)
            value_of(customer, row.field)
            assert customer is not None  # noqa: S101
            return view(row, seal(row, customer))

    async def shown(self, signed_in: SignedIn, message: LeaseShown) -> None:
        """Note that a value is on a desk's screen. What is no lease of that session is not heard."""
        async with self._database.write() as session:
            row = await session.get(LeaseRow, message.lease, with_for_update=True)
            if row is None or row.session_id != signed_in.session_id:
                return
            # Said once. It may come after the end, which goes another way, and is no less true then.
            if row.granted_at is None or row.shown_at is not None:
                return
            # A desk's clock may be wrong, and it must not be able to move the lease.
            now = self._clock()
            row.shown_at = max(row.granted_at, min(message.at, now))
            at = message.recording_at
            row.recording_at = at if at is not None and math.isfinite(at) and at <= _LONGEST_RECORDING else None
            await self._audit.append(
                session,
                f"person:{signed_in.person}",
                Action.LEASE_SHOWN,
                f"lease:{row.id}",
                **details(row),
                **recording(row),
            )

    async def end(self, signed_in: SignedIn, ref: str, lease_id: str, request: LeaseEndRequest) -> None:
        """End a lease because its desk says so. Saying it again changes nothing.

        Raises:
            Refused: it is no lease of theirs in this call.
        """
        await self._own(signed_in, ref, lease_id)
        async with self._database.write() as session:
            row = await session.get_one(LeaseRow, lease_id, with_for_update=True)
            await self.endings.end(
                session, row, request.reason, told_by=signed_in.person, shown_seconds=request.shown_seconds
            )

    async def _check_own(self, signed_in: SignedIn, ref: str) -> None:
        async with self._database.read() as session:
            call = await session.get(Call, ref)
        # Another's call is answered as one that does not exist, so that nobody learns which references do.
        if call is None or call.agent != signed_in.person:
            raise Refused(ProblemType.NOT_FOUND, "There is no such call of yours.")

    async def _own(self, signed_in: SignedIn, ref: str, lease_id: str) -> LeaseRow:
        async with self._database.read() as session:
            row = await session.get(LeaseRow, lease_id)
        # A lease is of the session that asked for it: its key is on that desk.
        if row is None or row.ref != ref or row.session_id != signed_in.session_id:
            raise Refused(ProblemType.NOT_FOUND, _NO_SUCH_LEASE)
        return row

    # --- from elsewhere in the server ---------------------------------------------------------------------------------

    async def end_for_session(self, session_id: str, reason: LeaseEnd) -> None:
        """End what runs in a session, and tell its desk: it is trusted less, or its socket closed."""
        await self.endings.end_for_session(session_id, reason)

    async def connected(self, session_id: str) -> None:
        """End what runs in a session whose desk opens its socket: it was lost with the socket before."""
        async with self._database.read() as session:
            found = (await session.execute(select(LeaseRow.id).where(LeaseRow.running == session_id))).first()
        if found is not None:
            await self.endings.end_for_session(session_id, LeaseEnd.CONNECTION_LOST)

    async def session_over(self, session: AsyncSession, session_id: str) -> None:
        """End what runs in a session that ends in this transaction."""
        await self.endings.of_session(session, session_id, LeaseEnd.SESSION_ENDED)

    async def call_over(self, session: AsyncSession, ref: str) -> None:
        """End what runs in a call that ends in this transaction."""
        await self.endings.of_call(session, ref)

    async def sweep(self) -> None:
        """End what nobody ended, and forget keys that are too old to be asked with again."""
        await self.endings.sweep()
        before = self._clock() - _KEYS_KEPT
        async with self._database.read() as session:
            query = select(LeaseKeyRow.key_hash).where(LeaseKeyRow.used_at < before).limit(1)
            if (await session.execute(query)).first() is None:
                return
        async with self._database.write() as session:
            await session.execute(delete(LeaseKeyRow).where(LeaseKeyRow.used_at < before))
