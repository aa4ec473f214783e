"""Sessions: opaque tokens bound to a device's certificate (RFC 8705), with an idle and an absolute end."""

import hashlib
import json
import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from provisioning.api import ProblemType, Role
from provisioning.trust import Posture, TrustDecision, TrustLevel, WorkType, decide_trust
from server.clock import Clock
from server.database import Database
from server.devices.service import KnownDevice
from server.people.models import Person, Session
from server.problems import Refused
from server.push.hub import EndReason, Hub
from server.settings import Settings

_TOKEN_BYTES = 32


@dataclass(frozen=True)
class SignedIn:
    """Who asks, from where, and how far their desk is trusted."""

    session_id: str
    person: str
    display_name: str
    role: Role
    team: str
    work_type: WorkType
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

    async def start(
        self, session: AsyncSession, person: Person, device: KnownDevice, posture: Posture
    ) -> tuple[str, SignedIn]:
        """Start a session in the caller's transaction; returns the token, which is not stored."""
        now, token = self._clock(), secrets.token_urlsafe(_TOKEN_BYTES)
        trust = decide_trust(posture)
        row = Session(
            id=secrets.token_hex(16),
            token_hash=_hash(token),
            person=person.name,
            device_id=device.id,
            thumbprint=device.thumbprint,
            previous_thumbprint=None,
            posture=json.loads(posture.model_dump_json()),
            trust_level=int(trust.level),
            trust_reasons=list(trust.reasons),
            started_at=now,
            last_used_at=now,
            expires_at=now + self._settings.session_life,
            ended_at=None,
            end_reason=None,
        )
        session.add(row)
        await session.flush()
        return token, _signed_in(row, person)

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
        return _signed_in(row, person)

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
        return tuple(_signed_in(row, who) for row, who in rows if self._hub.is_open(row.id) and not self.is_over(row))

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
        return tuple(row.id for row in rows)

    async def end(self, reason: EndReason, *which: object) -> None:
        """End the sessions that `which` selects, and tell their desks."""
        async with self._database.write() as session:
            ended = await self.end_in(session, reason, *which)
        for session_id in ended:
            self._hub.end_session(session_id, reason)

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


def _signed_in(row: Session, person: Person) -> SignedIn:
    return SignedIn(
        session_id=row.id,
        person=person.name,
        display_name=person.display_name,
        role=Role(person.role),
        team=person.team,
        work_type=WorkType(person.work_type),
        device_id=row.device_id,
        trust=TrustDecision(level=TrustLevel(row.trust_level), reasons=tuple(row.trust_reasons)),
        expires_at=row.expires_at,
    )
