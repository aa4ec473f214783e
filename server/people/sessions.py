"""Sessions: opaque tokens bound to a device's certificate (RFC 8705), with an idle and an absolute end."""

import hashlib
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from provisioning.api import ProblemType, Role
from provisioning.data_policy import Clearance, read_clearance
from provisioning.posture import overdue
from provisioning.trust import TrustDecision, TrustLevel, WorkType
from server.clock import Clock
from server.database import Database
from server.devices.service import KnownDevice
from server.people.models import Person, Session
from server.posture.reports import Report
from server.problems import Refused
from server.push.hub import EndReason, Hub
from server.settings import Settings

_TOKEN_BYTES = 32

Ending = Callable[[AsyncSession, str], Awaitable[None]]
"""Does what has to be done when a session (or a call) with this id ends, in the transaction that ends it."""


@dataclass(frozen=True)
class SignedIn:
    """Who asks, from where, and how far their desk is trusted."""

    session_id: str
    person: str
    display_name: str
    role: Role
    team: str
    work_type: WorkType
    clearance: Clearance
    device_id: str
    trust: TrustDecision
    expires_at: datetime


def _hash(token: str) -> str:
    # The token has 256 random bits, so a fast hash is enough to keep a copy of the database from being a key ring.
    return hashlib.sha256(token.encode()).hexdigest()


class Sessions:
    """All sessions."""

    def __init__(self, database: Database, clock: Clock, settings: Settings, hub: Hub) -> None:
        self._database = database
        self._clock = clock
        self._settings = settings
        self._hub = hub
        self.on_end: list[Ending] = []

    async def start(
        self, session: AsyncSession, person: Person, device: KnownDevice, report: Report
    ) -> tuple[str, SignedIn]:
        """Start a session in the caller's transaction; returns the token, which is not stored."""
        now, token = self._clock(), secrets.token_urlsafe(_TOKEN_BYTES)
        row = Session(
            id=secrets.token_hex(16),
            token_hash=_hash(token),
            person=person.name,
            device_id=device.id,
            thumbprint=device.thumbprint,
            previous_thumbprint=None,
            posture=report.stored,
            trust_level=int(report.trust.level),
            trust_reasons=list(report.trust.reasons),
            trust_until=report.trust_until,
            started_at=now,
            last_used_at=now,
            expires_at=now + self._settings.session_life,
            ended_at=None,
            end_reason=None,
        )
        session.add(row)
        await session.flush()
        return token, _signed_in(row, person, now)

    async def resolve(self, token: str, device: KnownDevice) -> SignedIn:
        """Return whose token this is.

        Raises:
            Refused: it is nobody's, over, or bound to another device's certificate.
        """
        async with self._database.read() as session:
            query = select(Session, Person).join(Person, Person.name == Session.person)
            found = (await session.execute(query.where(Session.token_hash == _hash(token)))).one_or_none()
        if found is None:
            raise Refused(ProblemType.SESSION_REQUIRED, "Sign in.")
        row, person = found
        # Before anything is said about the session, because a thief should learn nothing about it.
        if row.device_id != device.id or device.thumbprint not in (row.thumbprint, row.previous_thumbprint):
            raise Refused(ProblemType.TOKEN_NOT_BOUND, "Sign in on this device.")
        if row.ended_at is not None or person.disabled_at is not None:
            raise Refused(ProblemType.SESSION_REQUIRED, "Sign in again.")
        if self.is_over(row):
            await self.end("expired", Session.id == row.id)
            raise Refused(ProblemType.SESSION_REQUIRED, "The session is over. Sign in again.")
        await self._touch(row, device)
        return _signed_in(row, person, self._clock())

    async def current(self, session_id: str) -> SignedIn | None:
        """Return a session as it is now, above all how far it is trusted; None where it is over."""
        query = select(Session, Person).join(Person, Person.name == Session.person)
        async with self._database.read() as session:
            found = (await session.execute(query.where(Session.id == session_id))).one_or_none()
        if found is None:
            return None
        row, person = found
        usable = row.ended_at is None and person.disabled_at is None
        return _signed_in(row, person, self._clock()) if usable else None

    async def _touch(self, row: Session, device: KnownDevice) -> None:
        renewed = row.previous_thumbprint is not None and device.thumbprint == row.thumbprint
        # Once a minute is exact enough for an idle time of minutes, and spares a write on every request.
        if not renewed and (self._clock() - row.last_used_at).total_seconds() < 60:
            return
        changes: dict[str, object] = {"last_used_at": self._clock()}
        if renewed:
            changes["previous_thumbprint"] = None
        async with self._database.write() as session:
            await session.execute(update(Session).where(Session.id == row.id).values(changes))

    async def open_of(self, person: str) -> tuple[SignedIn, ...]:
        """Return a person's sessions that have a socket open."""
        query = select(Session, Person).join(Person, Person.name == Session.person)
        async with self._database.read() as session:
            rows = (await session.execute(query.where(Session.person == person, Session.ended_at.is_(None)))).all()
        now = self._clock()
        return tuple(
            _signed_in(row, who, now) for row, who in rows if self._hub.is_open(row.id) and not self.is_over(row)
        )

    def is_over(self, row: Session) -> bool:
        """Tell whether a session's time is up. An open socket is use."""
        now = self._clock()
        idle = now - row.last_used_at > self._settings.idle_life and not self._hub.is_open(row.id)
        return now >= row.expires_at or idle

    async def rebind(self, session: AsyncSession, device: KnownDevice, thumbprint: str) -> None:
        """Bind a device's sessions to its renewed certificate, in the caller's transaction."""
        query = update(Session).where(Session.device_id == device.id, Session.ended_at.is_(None))
        await session.execute(query.values(previous_thumbprint=device.thumbprint, thumbprint=thumbprint))

    async def end_in(self, session: AsyncSession, reason: EndReason, *which: object) -> tuple[str, ...]:
        """End the sessions that `which` selects, in the caller's transaction; returns their ids for the hub."""
        query = select(Session).where(Session.ended_at.is_(None), *which)  # type: ignore[arg-type]
        rows = (await session.execute(query)).scalars().all()
        for row in rows:
            row.ended_at, row.end_reason = self._clock(), reason
            for ending in self.on_end:
                await ending(session, row.id)
        return tuple(row.id for row in rows)

    async def end(self, reason: EndReason, *which: object) -> None:
        """End the sessions that `which` selects, and tell their desks."""
        async with self._database.write() as session:
            ended = await self.end_in(session, reason, *which)
        for session_id in ended:
            self._hub.end_session(session_id, reason)

    async def withdrawn(self, since: datetime) -> list[tuple[str, datetime]]:
        """Return person and end of the sessions that IT ended since then, and that would still go on without that."""
        query = select(Session.person, Session.expires_at).where(
            Session.end_reason.in_(("device-revoked", "person-disabled")),
            Session.ended_at >= since,
            Session.expires_at > self._clock(),
        )
        async with self._database.read() as session:
            return [(person, end) for person, end in (await session.execute(query)).all()]

    async def touch_closed(self, session_id: str) -> None:
        """Start the idle time anew when a session's socket closes."""
        async with self._database.write() as session:
            query = update(Session).where(Session.id == session_id)
            await session.execute(query.values(last_used_at=self._clock()))

    async def sweep(self) -> None:
        """End the sessions with an open socket whose time is up; those without are found when they ask."""
        open_ids = self._hub.session_ids()
        async with self._database.read() as session:
            rows = (await session.execute(select(Session).where(Session.id.in_(open_ids)))).scalars().all()
        if over := [row.id for row in rows if row.ended_at is None and self.is_over(row)]:
            await self.end("expired", Session.id.in_(over))


def trust_of(row: Session, now: datetime) -> TrustDecision:
    """Return how far a session is trusted now: not at all when its device's report is overdue."""
    if now >= row.trust_until:
        return overdue()
    return TrustDecision(level=TrustLevel(row.trust_level), reasons=tuple(row.trust_reasons))


def _signed_in(row: Session, person: Person, now: datetime) -> SignedIn:
    return SignedIn(
        session_id=row.id,
        person=person.name,
        display_name=person.display_name,
        role=Role(person.role),
        team=person.team,
        work_type=WorkType(person.work_type),
        clearance=read_clearance(person.clearance),
        device_id=row.device_id,
        trust=trust_of(row, now),
        expires_at=row.expires_at,
    )
