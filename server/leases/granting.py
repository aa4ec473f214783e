"""Granting: decided and sealed in one transaction, under the locks that keep true what the decision rests on."""

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from provisioning import lease_seal
from provisioning.api import LeaseState, ProblemType
from server.audit.service import Action, AuditLog
from server.calls.models import Call
from server.clock import Clock
from server.customers.interfaces import Customer, CustomerSource
from server.database import Database
from server.leases.models import LeaseRow
from server.leases.records import details
from server.leases.rules import GRACE
from server.problems import Refused


class Granting:
    """Turns a lease that may be granted into one that is."""

    def __init__(self, database: Database, clock: Clock, source: CustomerSource, audit: AuditLog) -> None:
        self._database = database
        self._clock = clock
        self._source = source
        self._audit = audit

    async def customer(self, ref: str) -> Customer | None:
        """Return the customer of a call, where one is known. Read before any lock: a CRM may be slow."""
        async with self._database.read() as session:
            query = select(Call.customer_id).where(Call.ref == ref)
            customer_id = (await session.execute(query)).scalar_one_or_none()
        if customer_id is None:
            return None
        return (await self._source.get(frozenset({customer_id}))).get(customer_id)

    async def grant(self, session: AsyncSession, row: LeaseRow, **more: str) -> None:
        """Grant a lease in the caller's transaction; its seconds begin when the desk shows the value."""
        now = self._clock()
        row.state, row.granted_at = LeaseState.GRANTED, now
        row.expires_at = now + timedelta(seconds=row.seconds) + GRACE
        await self._audit.append(
            session,
            f"person:{row.agent}",
            Action.LEASE_GRANTED,
            f"lease:{row.id}",
            **details(row),
            seconds=str(row.seconds),
            **more,
        )


def seal(row: LeaseRow, customer: Customer) -> str:
    """Return the value, sealed to the lease's key, for this lease alone."""
    value = value_of(customer, row.field)
    return lease_seal.seal(value.encode(), lease_seal.read_key(row.key), lease_seal.bound(row.id, row.ref, row.field))


def value_of(customer: Customer | None, field: str) -> str:
    """Return a value in clear.

    Raises:
        Refused: nobody is known, or has no such value.
    """
    value = customer.values.get(field, "") if customer is not None else ""
    if not value:
        raise Refused(ProblemType.REVEAL_REFUSED, "There is nothing to reveal.")
    return value
