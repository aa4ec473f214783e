"""What holds at this very moment, read under locks: nothing of it can change before the transaction ends.

Whoever locks several rows here takes them in this order: the session, the call, the lease, the audit log's end.
"""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from provisioning.data_policy import CallState, read_clearance
from provisioning.trust import WorkType
from server.calls.models import Call
from server.clock import Clock
from server.leases.rules import Standing, call_state
from server.people.models import Person, Session
from server.people.sessions import trust_of
from server.push.hub import Hub
from server.settings import Settings


class Observer:
    """Reads standings."""

    def __init__(self, clock: Clock, settings: Settings, hub: Hub) -> None:
        self._clock = clock
        self._settings = settings
        self._hub = hub

    async def of(self, session: AsyncSession, session_id: str, ref: str) -> Standing:
        """Lock a session and a call, and return how both stand. Both exist."""
        row = await lock_session(session, session_id)
        # What was read before the lock may be older than the lock.
        call = await session.get_one(Call, ref, with_for_update=True, populate_existing=True)
        person = await session.get_one(Person, row.person, populate_existing=True)
        now = self._clock()
        own = call.agent == row.person
        return Standing(
            signed_in=row.ended_at is None and now < row.expires_at and person.disabled_at is None,
            connected=self._hub.is_open(session_id),
            trust=trust_of(row, now).level,
            clearance=read_clearance(person.clearance),
            work_type=WorkType(person.work_type),
            call_state=call_state(call, now, self._settings.call_life) if own else CallState.WRAP_UP,
        )


async def lock_session(session: AsyncSession, session_id: str) -> Session:
    """Return a session's row, locked. It exists."""
    query = select(Session).where(Session.id == session_id).with_for_update()
    return (await session.execute(query.execution_options(populate_existing=True))).scalar_one()
