"""What happens to a call.

An agent may see the customer of a call that was offered to them or that they made, and only

- while the call lives: from its offer until its end, as edge or desk reports it, or `call_hours` at the most; a call
  that they make lives as long as its dial token until the edge puts it through; and
- during its wrap-up: after a call that was answered, until the wrap-up is saved, or `wrap_up_minutes` at the most.

A call that reached the edge while this server was away has no offer. Its agent's desk made a reference for it and
reports it afterwards, without a customer: nobody asked who called.
"""

import secrets
from datetime import datetime

from limits import RateLimitItemPerHour
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from provisioning.api import (
    CallOffered,
    CallProgress,
    CustomerCard,
    EdgeCallEnded,
    EdgeCallRequest,
    HistoryCall,
    HistoryReply,
    ProblemType,
    WrapUpRequest,
)
from provisioning.data_policy import CallState
from provisioning.organisation import Organisation
from server.audit.service import Action, AuditLog
from server.calls.models import Call, Direction
from server.clock import Clock
from server.customers.service import Cards
from server.database import Database
from server.dialling.models import TOKEN_LIFE
from server.people.models import Person
from server.people.sessions import Ending, Sessions, SignedIn
from server.problems import Refused
from server.push.hub import Hub
from server.settings import Settings
from server.throttle import Throttle

_HISTORY = 100
_REPORTED_PER_PERSON = RateLimitItemPerHour(120)
"""More calls than anybody has in an hour without the server, and too few to fill the database."""
_NO_SUCH_CALL = "There is no such call of yours."


class Calls:
    """All calls."""

    def __init__(
        self,
        *,
        database: Database,
        clock: Clock,
        settings: Settings,
        organisation: Organisation,
        cards: Cards,
        sessions: Sessions,
        hub: Hub,
        audit: AuditLog,
    ) -> None:
        self._database = database
        self._clock = clock
        self._settings = settings
        self._organisation = organisation
        self._cards = cards
        self._sessions = sessions
        self._hub = hub
        self._audit = audit
        self._reports = Throttle(_REPORTED_PER_PERSON, ProblemType.TOO_MANY_REQUESTS)
        self.on_end: list[Ending] = []

    # --- from the edge ------------------------------------------------------------------------------------------------

    async def offer(self, request: EdgeCallRequest, actor: str) -> str:
        """Give a call its reference, and show the agent's desk who calls. The same call again has the same reference.

        Raises:
            Refused: there is no such agent.
        """
        customer_id = await self._cards.find(request.caller)
        async with self._database.write() as session:
            query = select(Call).where(Call.call_id == request.call_id, Call.agent == request.agent)
            if (known := (await session.execute(query)).scalar_one_or_none()) is not None:
                return known.ref
            person = await session.get(Person, request.agent)
            if person is None or person.disabled_at is not None:
                raise Refused(ProblemType.NOT_FOUND, "There is no such agent.")
            ref = f"c_{secrets.token_urlsafe(12)}"
            session.add(
                Call(
                    ref=ref,
                    call_id=request.call_id,
                    agent=request.agent,
                    customer_id=customer_id,
                    offered_at=self._clock(),
                )
            )
            await self._audit.append(session, actor, Action.CALL_OFFERED, f"call:{ref}", person=request.agent)
        await self._push(ref, customer_id, request.agent, CallState.RINGING)
        return ref

    async def _push(self, ref: str, customer_id: str | None, agent: str, state: CallState) -> None:
        for signed_in in await self._sessions.open_of(agent):
            card = await self._cards.card(ref, customer_id, signed_in, state)
            if self._hub.send_to_session(signed_in.session_id, CallOffered(card=card)):
                await self._record_shown(ref, signed_in)

    async def ended(self, ref: str, request: EdgeCallEnded, actor: str) -> None:
        """Note how a call ended. Reporting it again changes nothing.

        Raises:
            Refused: there is no such call.
        """
        async with self._database.write() as session:
            call = await session.get(Call, ref, with_for_update=True)
            if call is None:
                raise Refused(ProblemType.NOT_FOUND, "There is no such call.")
            if call.end_reason is not None:
                return
            before = call.state
            call.end_reason, call.end_code = request.reason, request.code
            # Where the desk was faster, its time stands; the edge knows better why.
            call.ended_at = call.ended_at or self._clock()
            await self._over(session, ref)
            await self._audit.append(session, actor, Action.CALL_ENDED, f"call:{ref}", reason=request.reason)
        await self._push_changed(call, before)

    async def _push_changed(self, call: Call, before: CallState) -> None:
        """Show the customer anew, where what may be seen of them has changed with the call."""
        if call.customer_id is not None and call.state is not before and self._is_open(call):
            await self._push(call.ref, call.customer_id, call.agent, call.state)

    # --- from the desk ------------------------------------------------------------------------------------------------

    async def progress(self, signed_in: SignedIn, message: CallProgress) -> None:
        """Note what the desk reports of a call. What is another agent's call is not heard."""
        async with self._database.write() as session:
            try:
                call = await self._found_or_reported(session, signed_in, message.ref, message.at)
            except Refused:
                # Too many; the desk says it again when it reconnects, and by the wrap-up.
                return
            if call.agent != signed_in.person:
                return
            before = call.state
            # A desk's clock may be wrong, and it must not be able to move a call's end.
            at = max(call.offered_at, min(message.at, self._clock()))
            if message.state == "answered" and call.answered_at is None:
                call.answered_at = at
            elif message.state == "ended" and call.ended_at is None:
                call.ended_at = at
                await self._over(session, call.ref)
        await self._push_changed(call, before)

    async def _over(self, session: AsyncSession, ref: str) -> None:
        for ending in self.on_end:
            await ending(session, ref)

    async def owns(self, signed_in: SignedIn, ref: str) -> bool:
        """Tell whether a call was offered to this person."""
        async with self._database.read() as session:
            call = await session.get(Call, ref)
        return call is not None and call.agent == signed_in.person

    async def connected(self, signed_in: SignedIn, ref: str) -> str:
        """Return the Call-ID by which the edge knows a call of this person's that is connected now.

        Raises:
            Refused: it is not their call (not-found), or nobody talks in it, or the edge never told of it (forbidden).
        """
        async with self._database.read() as session:
            call = await self._own(session, signed_in, ref)
        if call.state is not CallState.CONNECTED or not self._is_open(call) or call.call_id is None:
            raise Refused(ProblemType.FORBIDDEN, "This is for a call that is connected now.")
        return call.call_id

    async def card(self, signed_in: SignedIn, ref: str) -> CustomerCard:
        """Return the customer of a call, as far as this person may see it now.

        Raises:
            Refused: it is not their call (not-found), or neither running nor in its wrap-up (forbidden).
        """
        async with self._database.read() as session:
            call = await self._own(session, signed_in, ref)
        if not self._is_open(call):
            raise Refused(ProblemType.FORBIDDEN, "A customer is shown during the call and its wrap-up only.")
        card = await self._cards.card(ref, call.customer_id, signed_in, call.state)
        await self._record_shown(ref, signed_in)
        return card

    def _is_open(self, call: Call) -> bool:
        now = self._clock()
        if call.ended_at is None:
            return now - call.offered_at < (TOKEN_LIFE if call.waits else self._settings.call_life)
        answered = call.answered_at is not None or call.end_reason in ("bye-customer", "bye-agent")
        return answered and call.wrapped_up_at is None and now - call.ended_at < self._settings.wrap_up_life

    async def wrap_up(self, signed_in: SignedIn, ref: str, request: WrapUpRequest) -> None:
        """Save a wrap-up, however late: a desk may have been offline. The same one again changes nothing.

        A wrap-up says that the call is over, even if nobody else said so; and that there was one, if nobody did.
        The notes are kept masked.

        Raises:
            Refused: it is another's call, the code is not one of the organisation's, or the call has another wrap-up.
        """
        async with self._database.read() as session:
            known = await session.get(Call, ref)
        notes = await self._cards.masked(request.notes, known.customer_id if known is not None else None)
        async with self._database.write() as session:
            call = await self.own_or_reported(session, signed_in, ref, request.written_at)
            if call.wrapped_up_at is not None:
                saved = (call.wrap_up_code, call.wrap_up_notes, call.written_at)
                if saved == (request.code, notes, request.written_at):
                    return
                raise Refused(ProblemType.CONFLICT, "This call has another wrap-up already; it was not changed.")
            if request.code not in {code.id for code in self._organisation.manifest.policy.wrap_up_codes}:
                raise Refused(ProblemType.INVALID_REQUEST, "The organisation has no such wrap-up code.")
            now = self._clock()
            call.wrap_up_code, call.wrap_up_notes = request.code, notes
            call.written_at, call.wrapped_up_at = request.written_at, now
            # A desk asks for a wrap-up after an answered call alone; its report of the answer may have been lost.
            call.answered_at = call.answered_at or call.offered_at
            call.ended_at = call.ended_at or (now if call.call_id is not None else call.offered_at)
            await self._over(session, ref)
            await self._audit.append(
                session, f"person:{signed_in.person}", Action.WRAPPED_UP, f"call:{ref}", code=request.code
            )

    async def history(self, signed_in: SignedIn) -> HistoryReply:
        """Return this person's latest calls, the newest first."""
        query = select(Call).where(Call.agent == signed_in.person).order_by(Call.offered_at.desc(), Call.ref)
        async with self._database.read() as session:
            calls = (await session.execute(query.limit(_HISTORY))).scalars().all()
        ids = frozenset(call.customer_id for call in calls if call.customer_id is not None)
        labels = await self._cards.labels(ids, signed_in)
        return HistoryReply(
            calls=tuple(
                HistoryCall(
                    ref=call.ref,
                    offered_at=call.offered_at,
                    answered_at=call.answered_at,
                    ended_at=call.ended_at,
                    wrap_up_code=call.wrap_up_code,
                    customer_label=labels.get(call.customer_id or "", ""),
                    direction=Direction(call.direction).value,
                )
                for call in calls
            )
        )

    async def own_or_reported(self, session: AsyncSession, signed_in: SignedIn, ref: str, at: datetime) -> Call:
        """Return this person's call, locked; one that is not known is taken from their desk's report, begun at `at`.

        Raises:
            Refused: it is another's call, or one too many that only the desk knows.
        """
        call = await self._found_or_reported(session, signed_in, ref, at)
        if call.agent != signed_in.person:
            raise Refused(ProblemType.NOT_FOUND, _NO_SUCH_CALL)
        return call

    async def _found_or_reported(self, session: AsyncSession, signed_in: SignedIn, ref: str, at: datetime) -> Call:
        """Return a call, whosever it is; one that is not known is taken from the desk's report, as this person's.

        Raises:
            Refused: this person's desk reported too many (too-many-requests).
        """
        if (known := await session.get(Call, ref, with_for_update=True)) is not None:
            return known
        await self._reports.attempt(signed_in.person)
        reported = Call(ref=ref, call_id=None, agent=signed_in.person, offered_at=min(at, self._clock()))
        try:
            async with session.begin_nested():
                session.add(reported)
        except IntegrityError:
            # The desk's other connection reported it in the same moment.
            return await session.get_one(Call, ref, with_for_update=True)
        await self._audit.append(session, f"person:{signed_in.person}", Action.CALL_REPORTED, f"call:{ref}")
        return reported

    async def _own(self, session: AsyncSession, signed_in: SignedIn, ref: str) -> Call:
        call = await session.get(Call, ref)
        # Another's call is answered as one that does not exist, so that nobody learns which references do.
        if call is None or call.agent != signed_in.person:
            raise Refused(ProblemType.NOT_FOUND, _NO_SUCH_CALL)
        return call

    async def _record_shown(self, ref: str, signed_in: SignedIn) -> None:
        trust = f"T{int(signed_in.trust.level)}"
        await self._audit.record(f"person:{signed_in.person}", Action.CARD_SHOWN, f"call:{ref}", trust=trust)
