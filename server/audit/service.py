"""Appending to the audit log, and checking it."""

from collections.abc import Sequence
from enum import StrEnum
from typing import cast

from pydantic import JsonValue, ValidationError
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession

from provisioning.admin.audit_chain import Entry, Head, StoredCheckpoint, entry_hash
from provisioning.admin.audit_check import Checker, Verification
from server.audit.checkpoints import CannotSign, Checkpoints
from server.audit.models import AuditCheckpoint, AuditEntry, AuditHead
from server.clock import Clock
from server.database import Database
from server.logs import get_logger

PAGE = 1000
"""As many entries or checkpoints are read at once."""


class Action(StrEnum):
    """What is worth a line."""

    CODE_MADE = "enrolment.code-made"
    DEVICE_ENROLLED = "enrolment.device-enrolled"
    ENROLMENT_REFUSED = "enrolment.refused"
    DEVICE_RENEWED = "device.renewed"
    DEVICE_REVOKED = "device.revoked"
    PIN_FAILURE = "device.pin-failure"
    HARDWARE_PROVEN = "device.hardware-proven"
    PERSON_ADDED = "person.added"
    PERSON_DISABLED = "person.disabled"
    CLEARANCE_CHANGED = "person.clearance-changed"
    SIGNED_IN = "session.signed-in"
    SIGN_IN_REFUSED = "session.refused"
    SIGNED_OUT = "session.signed-out"
    TRUST_CHANGED = "session.trust-changed"
    SIP_CREDENTIALS = "session.sip-credentials"
    CALL_OFFERED = "call.offered"
    CALL_REPORTED = "call.reported"
    CARD_SHOWN = "call.card-shown"
    CALL_ENDED = "call.ended"
    WRAPPED_UP = "call.wrapped-up"
    DIAL_TOKEN_MADE = "dial.token-made"  # noqa: S105
    DIALLED = "dial.dialled"
    DIAL_REFUSED = "dial.refused"
    LEASE_ASKED = "lease.asked"
    LEASE_REFUSED = "lease.refused"
    LEASE_APPROVED = "lease.approved"
    LEASE_DENIED = "lease.denied"
    LEASE_GRANTED = "lease.granted"
    LEASE_SHOWN = "lease.shown"
    LEASE_ENDED = "lease.ended"
    DIGITS_ASKED = "digits.asked"
    DIGITS_ENDED = "digits.ended"
    GAP_BEGUN = "recording.gap-begun"
    GAP_ENDED = "recording.gap-ended"
    MANIFEST_PUBLISHED = "manifest.published"
    CHECKPOINT_KEY = "audit.checkpoint-key"


class AuditLog:
    """The log. No customer's value is ever handed to it: objects are references, details are codes, or masked words."""

    def __init__(self, database: Database, clock: Clock, checkpoints: Checkpoints | None = None) -> None:
        self._database = database
        self._clock = clock
        self._checkpoints = checkpoints

    async def append(self, session: AsyncSession, actor: str, action: Action, obj: str, **details: str) -> None:
        """Add a line in the caller's transaction, so that the deed and its record happen together or not at all.

        A checkpoint that is due is signed along with it; where none can be, the log says so and the deed goes on:
        a missing key must not end a call.
        """
        head = await _locked_head(session)
        entry = AuditEntry(
            seq=head.seq + 1,
            at=self._clock(),
            actor=actor,
            action=str(action),
            object=obj,
            # Plain text, as it will be read back: some callers hand a StrEnum.
            details={name: str(value) for name, value in details.items()},
            previous=head.hash,
            hash="",
        )
        entry.hash = entry_hash(_entry(entry))
        session.add(entry)
        head.seq, head.hash = entry.seq, entry.hash
        # Flushed here, because a later append in the same transaction must see the new head.
        await session.flush()
        if self._checkpoints is not None and self._checkpoints.due(head, entry.at):
            try:
                await self._checkpoints.sign(session, head, entry.at)
            except CannotSign as error:
                get_logger().error("audit checkpoint not signed", seq=head.seq, reason=str(error))

    async def record(self, actor: str, action: Action, obj: str, **details: str) -> None:
        """Add a line on its own, for what changed nothing else, such as a refusal."""
        async with self._database.write() as session:
            await self.append(session, actor, action, obj, **details)

    async def sweep(self) -> None:
        """Sign the last entries when nobody has appended for as long as a checkpoint may take."""
        if self._checkpoints is None:
            return
        async with self._database.read() as session:
            head = (await session.execute(select(AuditHead))).scalar_one_or_none()
        if head is None or head.seq == head.checkpoint_seq or not self._checkpoints.due(head, self._clock()):
            return
        try:
            await self.sign_now()
        except CannotSign as error:
            get_logger().error("audit checkpoint not signed", seq=head.seq, reason=str(error))

    async def sign_now(self) -> tuple[int, int]:
        """Sign whatever is not yet; return the newest checkpoint's number and that of the key which is next.

        Raises:
            CannotSign: the key is missing, or the log no longer is what the last checkpoint says.
        """
        signer = self._signer()
        async with self._database.write() as session:
            head = await _locked_head(session)
            if head.checkpoint == 0 or head.seq != head.checkpoint_seq:
                await signer.sign(session, head, self._clock())
        return head.checkpoint, head.checkpoint_key

    async def rotate_key(self, actor: str) -> tuple[int, int]:
        """Hand over to a new checkpoint key; return the number of that checkpoint and of the new key.

        Raises:
            CannotSign: as for `sign_now`.
            OrganisationError: the rotation is done, and the old private key could not be removed.
        """
        signer = self._signer()
        async with self._database.write() as session:
            head = await _locked_head(session)
            await self.append(session, actor, Action.CHECKPOINT_KEY, f"checkpoint-key:{head.checkpoint_key + 1}")
            await signer.rotate(session, head, self._clock())
        signer.retire_before(head.checkpoint_key)
        return head.checkpoint, head.checkpoint_key

    async def head(self) -> Head | None:
        """Where the log ends now; None where that row is gone or holds nonsense."""
        async with self._database.read() as session:
            row = (await session.execute(select(AuditHead.seq, AuditHead.hash, AuditHead.checkpoint))).first()
        try:
            return Head(seq=row.seq, hash=row.hash, checkpoint=row.checkpoint) if row else None
        except ValidationError:
            return None

    async def entries(self, after: int | None) -> Sequence[Entry]:
        """Return the next page of entries; `after` is the last number that was read, or None at the beginning.

        The beginning is not entry 1: somebody may have put one before it.
        """
        numbers = select(AuditEntry.seq).order_by(AuditEntry.seq).limit(PAGE)
        if after is not None:
            numbers = numbers.where(AuditEntry.seq > after)
        async with self._database.read() as session:
            wanted = (await session.execute(numbers)).scalars().all()
            if not wanted:
                return ()
            query = select(AuditEntry).where(AuditEntry.seq.between(wanted[0], wanted[-1])).order_by(AuditEntry.seq)
            try:
                read = [_entry(row) for row in (await session.execute(query)).scalars().all()]
            except (ValueError, TypeError, SQLAlchemyError):
                read = []
            if [entry.seq for entry in read] == list(wanted):
                return read
            # Somebody wrote nonsense into a column. One by one, to learn which entry it is.
            return [await self._one(session, seq) for seq in wanted]

    async def checkpoints(self, after: int | None) -> Sequence[StoredCheckpoint]:
        """Return the next page of checkpoints, like `entries`."""
        query = select(AuditCheckpoint).order_by(AuditCheckpoint.number).limit(PAGE)
        if after is not None:
            query = query.where(AuditCheckpoint.number > after)
        async with self._database.read() as session:
            rows = (await session.execute(query)).scalars().all()
        return [_checkpoint(row) for row in rows]

    async def verify(self) -> Verification:
        """Walk the whole log.

        Raises:
            OrganisationError: a public key is damaged.
        """
        head = await self.head()
        stored = list[StoredCheckpoint]()
        signer = self._checkpoints
        if signer is None:
            checker = Checker(head)
        else:
            while page := await self.checkpoints(stored[-1].number if stored else None):
                stored.extend(page)
                if page[-1].number < 1:
                    # Nonsense, which the check will name; asking for what follows it could go on for ever.
                    break
            checker = Checker(head, signer.public_keys(), stored, cadence=signer.cadence)
        after: int | None = None
        while not checker.done and (entries := await self.entries(after)):
            for entry in entries:
                checker.feed(entry)
            after = entries[-1].seq
        return checker.finish(await self.head())

    async def _one(self, session: AsyncSession, seq: int) -> Entry:
        try:
            row = (await session.execute(select(AuditEntry).where(AuditEntry.seq == seq))).scalar_one()
            return _entry(row)
        except (ValueError, TypeError, SQLAlchemyError):
            # SQLite takes text as a number too; what has no number is none of ours.
            return Entry.unreadable(seq if isinstance(seq, int) else 0)

    def _signer(self) -> Checkpoints:
        if self._checkpoints is None:
            raise CannotSign("this server keeps its audit log without checkpoints")
        return self._checkpoints


async def _locked_head(session: AsyncSession) -> AuditHead:
    return (await session.execute(select(AuditHead).with_for_update())).scalar_one()


def _checkpoint(row: AuditCheckpoint) -> StoredCheckpoint:
    try:
        return StoredCheckpoint(number=row.number, seq=row.seq, token=row.token)
    except ValidationError:
        # Nonsense in a column: it counts as changed.
        return StoredCheckpoint(number=row.number if isinstance(row.number, int) else 0, seq=0, token="")


def _entry(row: AuditEntry) -> Entry:
    return Entry(
        seq=row.seq,
        at=row.at,
        actor=row.actor,
        action=row.action,
        object=row.object,
        details=cast(JsonValue, row.details),
        previous=row.previous,
        hash=row.hash,
    )
