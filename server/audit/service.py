"""Appending to the audit log, and checking it."""

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from server.audit.models import AuditEntry, AuditHead
from server.clock import Clock
from server.database import Database

GENESIS = "0" * 64
_PAGE = 1000


class Action(StrEnum):
    """What is worth a line."""

    CODE_MADE = "enrolment.code-made"
    DEVICE_ENROLLED = "enrolment.device-enrolled"
    ENROLMENT_REFUSED = "enrolment.refused"
    DEVICE_RENEWED = "device.renewed"
    DEVICE_REVOKED = "device.revoked"
    PERSON_ADDED = "person.added"
    PERSON_DISABLED = "person.disabled"
    SIGNED_IN = "session.signed-in"
    SIGN_IN_REFUSED = "session.refused"
    SIGNED_OUT = "session.signed-out"
    SIP_CREDENTIALS = "session.sip-credentials"
    CALL_OFFERED = "call.offered"
    CALL_REPORTED = "call.reported"
    CARD_SHOWN = "call.card-shown"
    CALL_ENDED = "call.ended"
    WRAPPED_UP = "call.wrapped-up"
    DIAL_TOKEN_MADE = "dial.token-made"  # noqa: S105
    DIALLED = "dial.dialled"
    DIAL_REFUSED = "dial.refused"
    MANIFEST_PUBLISHED = "manifest.published"


@dataclass(frozen=True)
class Verification:
    """What a check found: the chain is whole, or the first place where it is not and why."""

    entries: int
    broken_at: int | None = None
    why: str = ""

    @property
    def whole(self) -> bool:
        """True when nothing was changed, removed, reordered or cut off."""
        return self.broken_at is None


def entry_hash(entry: AuditEntry) -> str:
    """Return the hash that an entry should have: SHA-256 over its canonical JSON, with the hash before it."""
    at = entry.at.astimezone(UTC).isoformat(timespec="microseconds")
    content = [entry.seq, at, entry.actor, entry.action, entry.object, entry.details, entry.previous]
    canonical = json.dumps(content, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


class AuditLog:
    """The log. No customer's value is ever handed to it: objects are references, details are codes."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def append(self, session: AsyncSession, actor: str, action: Action, obj: str, **details: str) -> None:
        """Add a line in the caller's transaction, so that the deed and its record happen together or not at all."""
        head = (await session.execute(select(AuditHead).with_for_update())).scalar_one()
        entry = AuditEntry(
            seq=head.seq + 1,
            at=self._clock(),
            actor=actor,
            action=str(action),
            object=obj,
            details=details,
            previous=head.hash,
        )
        entry.hash = entry_hash(entry)
        session.add(entry)
        head.seq, head.hash = entry.seq, entry.hash
        # Flushed here, because a later append in the same transaction must see the new head.
        await session.flush()

    async def record(self, actor: str, action: Action, obj: str, **details: str) -> None:
        """Add a line on its own, for what changed nothing else, such as a refusal."""
        async with self._database.write() as session:
            await self.append(session, actor, action, obj, **details)

    async def verify(self) -> Verification:
        """Walk the whole chain."""
        async with self._database.read() as session:
            head = (await session.execute(select(AuditHead))).scalar_one_or_none()
            seq, previous = 0, GENESIS
            while True:
                query = select(AuditEntry).where(AuditEntry.seq > seq).order_by(AuditEntry.seq).limit(_PAGE)
                page = (await session.execute(query)).scalars().all()
                for entry in page:
                    if entry.seq != seq + 1:
                        return Verification(seq, seq + 1, "an entry is missing")
                    if entry.previous != previous:
                        return Verification(seq, entry.seq, "the entry does not follow from the one before it")
                    if entry.hash != entry_hash(entry):
                        return Verification(seq, entry.seq, "the entry was changed")
                    seq, previous = entry.seq, entry.hash
                session.expunge_all()
                if len(page) < _PAGE:
                    break
        if head is None or head.seq != seq or head.hash != previous:
            return Verification(seq, seq + 1, "the end of the log was cut off")
        return Verification(seq)
