"""Dial tokens: made for a desk, spent by the edge.

A token is bound to its person, works once, and ends after a minute. It is stored as a hash, and its row is deleted when
it is spent or over, so that the database then knows no more of a number than the agent does.
"""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field

from limits import RateLimitItemPerMinute
from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from provisioning.api import DialReply, DialRequest, DirectoryReply, EdgeDialReply, EdgeDialRequest, ProblemType
from provisioning.organisation import Organisation
from server.audit.service import Action, AuditLog
from server.calls.models import Call, Direction
from server.clock import Clock
from server.customers.service import Cards
from server.database import Database
from server.dialling.directory import Destination, Directory
from server.dialling.models import TOKEN_LIFE, DialTokenRow
from server.people.models import Person
from server.people.sessions import SignedIn
from server.problems import Refused
from server.sealing import Sealer
from server.settings import Settings
from server.throttle import Throttle

_PER_PERSON = RateLimitItemPerMinute(10)
"""More than a person dials, and too few to look numbers up by dialling them."""


@dataclass(frozen=True)
class _Wanted:
    """What a token is to stand for, and how the audit log calls it."""

    kind: str
    entry: str | None = None
    customer_id: str | None = None
    number: str | None = field(default=None, repr=False)

    @property
    def calls_customer(self) -> bool:
        return self.entry is None


class Dialling:
    """All outgoing calls, until they are calls."""

    def __init__(
        self,
        *,
        database: Database,
        clock: Clock,
        settings: Settings,
        organisation: Organisation,
        cards: Cards,
        audit: AuditLog,
    ) -> None:
        self._database = database
        self._clock = clock
        self._settings = settings
        self._data_key = organisation.data_key
        self._directory = Directory(organisation)
        self._cards = cards
        self._audit = audit
        self._throttle = Throttle(_PER_PERSON, ProblemType.TOO_MANY_REQUESTS)

    async def directory(self, signed_in: SignedIn) -> DirectoryReply:
        """Return whom this person may call."""
        async with self._database.read() as session:
            return await self._directory.list_for(session, signed_in.person)

    # --- for the desk -------------------------------------------------------------------------------------------------

    async def make(self, signed_in: SignedIn, request: DialRequest) -> DialReply:
        """Make a token, and where a customer is called, the call that it is for.

        Raises:
            Refused: too many were made, there is nothing to call (not-found), or it is not allowed (forbidden).
        """
        await self._throttle.attempt(signed_in.person)
        wanted = await self._wanted(signed_in, request)
        token, now = f"t_{secrets.token_urlsafe(24)}", self._clock()
        ref = f"c_{secrets.token_urlsafe(12)}" if wanted.calls_customer else None
        actor, expires_at = f"person:{signed_in.person}", now + TOKEN_LIFE
        customer_id = wanted.customer_id
        if wanted.number is not None:
            customer_id = await self._cards.find(wanted.number)
        async with self._database.write() as session:
            if ref is not None:
                call = Call(
                    ref=ref,
                    call_id=None,
                    direction=Direction.OUTGOING,
                    agent=signed_in.person,
                    customer_id=customer_id,
                    offered_at=now,
                )
                session.add(call)
                # Before the token's row, which refers to it.
                await session.flush()
            session.add(
                DialTokenRow(
                    token_hash=_hash(token),
                    agent=signed_in.person,
                    entry=wanted.entry,
                    customer_id=wanted.customer_id,
                    sealed_number=self._seal(token, wanted.number),
                    ref=ref,
                    expires_at=expires_at,
                )
            )
            obj = f"call:{ref}" if ref is not None else f"entry:{wanted.entry}"
            await self._audit.append(session, actor, Action.DIAL_TOKEN_MADE, obj, kind=wanted.kind)
        return DialReply(token=token, ref=ref, expires_at=expires_at)

    async def _wanted(self, signed_in: SignedIn, request: DialRequest) -> _Wanted:
        if request.number is not None:
            if not self._directory.numbers:
                raise Refused(ProblemType.FORBIDDEN, "The organisation does not let people type numbers.")
            return _Wanted("number", number=request.number)
        async with self._database.read() as session:
            if request.entry is not None:
                if await self._directory.find(session, request.entry, signed_in.person) is None:
                    raise Refused(ProblemType.NOT_FOUND, "The directory has no such entry.")
                return _Wanted("entry", entry=request.entry)
            call = await session.get(Call, request.call)
        # Another's call is answered as one that does not exist, so that nobody learns which references do.
        # What was never dialled is no call yet, or a customer could be kept in reach by asking for token after token.
        waits = call is not None and call.direction == Direction.OUTGOING and call.dialled_at is None
        if call is None or call.agent != signed_in.person or waits:
            raise Refused(ProblemType.NOT_FOUND, "There is no such call of yours.")
        if self._clock() - call.offered_at >= self._settings.call_life:
            hours = self._settings.call_hours
            raise Refused(ProblemType.FORBIDDEN, f"A customer can be called back for {hours} hours.")
        if call.customer_id is None or await self._cards.number(call.customer_id) is None:
            raise Refused(ProblemType.NOT_FOUND, "The server knows no number of this caller.")
        return _Wanted("call", customer_id=call.customer_id)

    # --- for the edge -------------------------------------------------------------------------------------------------

    async def spend(self, request: EdgeDialRequest, actor: str) -> EdgeDialReply:
        """Say what a token stands for, once. Whoever asks, and whatever the answer: the token is spent.

        A transfer to a customer is no call of this agent's, so the call that was made for it is forgotten.

        Raises:
            Refused: the token is unknown, spent, over or another's, or what it stood for is gone. All alike.
        """
        # Before the transaction that spends it, because a customer's number may have to come from far away.
        number = await self._number(request.token)
        async with self._database.write() as session:
            # Of two that ask at once, one deletes the row and the other finds none.
            query = delete(DialTokenRow).where(DialTokenRow.token_hash == _hash(request.token)).returning(DialTokenRow)
            found = (await session.execute(query)).scalar_one_or_none()
            destination, ref = None, None
            if found is not None and await self._may_be_spent(session, found, request.agent):
                destination = await self._destination(session, found, number)
            if found is None or destination is None:
                obj = f"person:{request.agent}"
                await self._audit.append(session, actor, Action.DIAL_REFUSED, obj, purpose=request.purpose)
                await _forget(session, [found.ref] if found is not None else [])
            else:
                ref = await self._begin(session, found, request)
                obj = f"call:{found.ref}" if found.ref is not None else f"entry:{found.entry}"
                details = {"agent": found.agent, "purpose": request.purpose}
                await self._audit.append(session, actor, Action.DIALLED, obj, **details)
        # After the commit: a refusal, too, has spent the token.
        if destination is None:
            raise Refused(ProblemType.NOT_FOUND, "There is no such token.")
        return EdgeDialReply(target=destination.target, caller=destination.caller, ref=ref)

    async def _number(self, token: str) -> str | None:
        """Return the number that a token stands for, when it stands for one."""
        async with self._database.read() as session:
            found = await session.get(DialTokenRow, _hash(token))
        if found is None or found.entry is not None:
            return None
        if found.sealed_number is not None:
            return self._open(token, found.sealed_number)
        return await self._cards.number(found.customer_id or "")

    async def _may_be_spent(self, session: AsyncSession, found: DialTokenRow, agent: str) -> bool:
        person = await session.get(Person, found.agent)
        enabled = person is not None and person.disabled_at is None
        return enabled and found.agent == agent and self._clock() < found.expires_at

    async def _destination(self, session: AsyncSession, found: DialTokenRow, number: str | None) -> Destination | None:
        if found.entry is not None:
            return await self._directory.find(session, found.entry, found.agent)
        return Destination(number, self._directory.caller_number) if number is not None else None

    async def _begin(self, session: AsyncSession, found: DialTokenRow, request: EdgeDialRequest) -> str | None:
        """Turn the call that was made for a token into one that has begun; returns its reference."""
        if found.ref is None:
            return None
        call = await session.get_one(Call, found.ref, with_for_update=True)
        if request.purpose == "transfer":
            await session.delete(call)
            return None
        taken = select(Call.ref).where(Call.call_id == request.call_id, Call.agent == found.agent)
        # A Call-ID is the desk's choice. One that it has used before names the earlier call already.
        if (await session.execute(taken)).first() is None:
            call.call_id = request.call_id
        call.dialled_at = self._clock()
        return call.ref

    # --- by itself ----------------------------------------------------------------------------------------------------

    async def sweep(self) -> None:
        """Delete the tokens that are over, and with them the calls that were never dialled."""
        async with self._database.read() as session:
            over = select(DialTokenRow.token_hash).where(DialTokenRow.expires_at <= self._clock()).limit(1)
            if (await session.execute(over)).first() is None:
                return
        async with self._database.write() as session:
            query = delete(DialTokenRow).where(DialTokenRow.expires_at <= self._clock()).returning(DialTokenRow.ref)
            await _forget(session, (await session.execute(query)).scalars().all())

    # --- sealing ------------------------------------------------------------------------------------------------------

    def _sealer(self, token: str) -> Sealer:
        return Sealer(self._data_key + token.encode(), "dial number")

    def _seal(self, token: str, number: str | None) -> bytes | None:
        return self._sealer(token).seal(number.encode(), _hash(token)) if number is not None else None

    def _open(self, token: str, sealed: bytes) -> str:
        return self._sealer(token).open(sealed, _hash(token)).decode()


async def _forget(session: AsyncSession, refs: Sequence[str | None]) -> None:
    """Delete calls that were never dialled. What a desk has reported of is kept: it tried, and the edge did not ask."""
    untouched = (Call.answered_at.is_(None), Call.ended_at.is_(None), Call.wrapped_up_at.is_(None))
    await session.execute(delete(Call).where(Call.ref.in_([ref for ref in refs if ref is not None]), *untouched))


def _hash(token: str) -> str:
    # The token has 192 random bits, so a fast hash is enough.
    return hashlib.sha256(token.encode()).hexdigest()
