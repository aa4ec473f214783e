"""Signing checkpoints, in the transaction of whoever appends."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from provisioning.admin.audit_chain import (
    GENESIS,
    BadCheckpoint,
    Cadence,
    Checkpoint,
    open_checkpoint,
    sign_checkpoint,
    token_hash,
)
from provisioning.admin.audit_keys import CheckpointKeys
from provisioning.organisation import OrganisationError
from provisioning.signing import public_pem
from server.audit.models import AuditCheckpoint, AuditEntry, AuditHead


class CannotSign(Exception):
    """No checkpoint can be signed now; the text says why and what to do."""


class Checkpoints:
    """Makes the checkpoints of one log. The caller holds the lock on the log's head throughout."""

    def __init__(self, keys: CheckpointKeys, cadence: Cadence | None = None) -> None:
        self._keys = keys
        self._cadence = cadence or Cadence()

    @property
    def cadence(self) -> Cadence:
        """When they are due."""
        return self._cadence

    def public_keys(self) -> tuple[str, ...]:
        """Return the keys by which they are checked, oldest first.

        Raises:
            OrganisationError: one is damaged.
        """
        return self._keys.public()

    def due(self, head: AuditHead, at: datetime) -> bool:
        """Whether the entry that was just written at the head calls for one."""
        return self._cadence.due(head.seq, at, head.checkpoint_seq, head.checkpoint_at)

    async def sign(self, session: AsyncSession, head: AuditHead, at: datetime) -> None:
        """Sign the log as it stands.

        Raises:
            CannotSign: the key is missing, or the log no longer is what the last checkpoint says.
        """
        await self._sign(session, head, at, None)

    async def rotate(self, session: AsyncSession, head: AuditHead, at: datetime) -> None:
        """Make the next key, and hand over to it in a checkpoint that the present key signs.

        The old private key stays until the transaction is committed; then call `retire_before`.

        Raises:
            CannotSign: as for `sign`.
        """
        try:
            following = public_pem(self._keys.make(head.checkpoint_key + 1))
        except OrganisationError as error:
            raise CannotSign(str(error)) from error
        await self._sign(session, head, at, following)

    def retire_before(self, number: int) -> None:
        """Remove the private key that was in use before key `number`.

        Raises:
            OrganisationError: it cannot be removed.
        """
        self._keys.retire(number - 1)

    async def _sign(self, session: AsyncSession, head: AuditHead, at: datetime, next_key: str | None) -> None:
        try:
            had_key = bool(self._keys.public())
            key = self._keys.private(head.checkpoint_key)
            if head.checkpoint == 0 and head.seq > 1 and had_key:
                # Or else who rewrites the log and removes every checkpoint would have us sign what they wrote.
                raise CannotSign(
                    f"the log has {head.seq} entries and no checkpoint, yet there is a key that signs each log from "
                    "its first entry on: checkpoints were removed. Only where an update to this version was broken off "
                    "is it right to remove audit-checkpoint-1.key and .pub and start the server again"
                )
            previous = await self._previous(session, head, public_pem(key))
        except OrganisationError as error:
            raise CannotSign(str(error)) from error
        made = Checkpoint(
            number=head.checkpoint + 1,
            seq=head.seq,
            hash=head.hash,
            at=at,
            previous=previous,
            key=head.checkpoint_key,
            next_key=next_key,
        )
        session.add(AuditCheckpoint(number=made.number, seq=made.seq, token=sign_checkpoint(made, key)))
        head.checkpoint, head.checkpoint_seq, head.checkpoint_at = made.number, made.seq, made.at
        if next_key is not None:
            head.checkpoint_key += 1
        await session.flush()

    async def _previous(self, session: AsyncSession, head: AuditHead, own_pem: str) -> str:
        """Return the last checkpoint's hash, having seen that the log still holds what it says.

        Nothing is signed over a log that does not: that would lend our signature to who changed it.
        """
        if head.checkpoint == 0:
            if await self._token(session, 1) is not None:
                raise CannotSign("there are checkpoints that the log's head does not know of")
            return GENESIS
        last = await self._token(session, head.checkpoint)
        if last is None:
            raise CannotSign(f"checkpoint {head.checkpoint}, the last one, is gone")
        signed = self._open(last, own_pem, head.checkpoint_key)
        query = select(AuditEntry.hash).where(AuditEntry.seq == signed.seq)
        held = (await session.execute(query)).scalar_one_or_none() or GENESIS
        if signed.seq > head.seq or held != signed.hash:
            raise CannotSign(f"entry {signed.seq} is not the one that checkpoint {head.checkpoint} was signed over")
        return token_hash(last)

    async def _token(self, session: AsyncSession, number: int) -> str | None:
        query = select(AuditCheckpoint.token).where(AuditCheckpoint.number == number)
        return (await session.execute(query)).scalar_one_or_none()

    def _open(self, token: str, own_pem: str, number: int) -> Checkpoint:
        try:
            return open_checkpoint(token, own_pem)
        except BadCheckpoint:
            pass
        # Right after a rotation the last checkpoint is signed by the key before ours, and names ours.
        public = self._keys.public()
        try:
            handover = open_checkpoint(token, public[number - 2]) if 2 <= number <= len(public) + 1 else None
        except BadCheckpoint:
            handover = None
        if handover is None or handover.next_key != own_pem:
            raise CannotSign("the last checkpoint was not signed by this server's checkpoint key")
        return handover
