"""Letting the customer of a call key in a card: sealed at the edge, checked here, handed to the payment service.

The agent stays on the call and can talk. The desk learns how many digits there are and whether they are right, and the
database and the audit log learn how it ended. The digits are in one bytearray, which is wiped when it is over.

A call whose keeper is lost stays sealed at the edge until it ends: what the customer still keys must not be heard. The
recording's gap goes on for as long.
"""

import asyncio
import secrets
from collections.abc import Coroutine
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Literal

from sqlalchemy.ext.asyncio import AsyncSession

from provisioning.api import DigitsChanged, DigitsRequest, DigitsStage, DigitsView, ProblemType
from provisioning.api.edge_control import FromKeeper, ToneHeard, Unseal, Unsealed
from server.audit.service import Action, AuditLog
from server.calls.service import Calls
from server.clock import Clock
from server.database import Database
from server.digits.entry import Entry
from server.digits.keepers import CannotSeal, Keeper, Keepers
from server.digits.models import SealedDigitsRow
from server.logs import describe, get_logger
from server.payments.interfaces import PaymentService, PaymentUnavailable
from server.people.sessions import SignedIn
from server.problems import Refused
from server.push.hub import Hub
from server.recordings.gaps import RecordingGaps
from server.settings import Settings

_WESTERNMOST = timedelta(hours=12)
"""A card's month is over when it is over everywhere."""
Source = Literal["events", "info"]


@dataclass(eq=False)
class _Keying:
    """One customer who keys."""

    id: str
    ref: str
    agent: str
    session_id: str
    request: DigitsRequest
    entry: Entry = field(repr=False)
    keeper: Keeper | None = None
    source: Source | None = None
    """How this customer's tones come. Some switches tell of each twice, so only the first way counts."""
    timers: list[asyncio.TimerHandle] = field(default_factory=list, repr=False)
    sealed: bool = False
    """Whether the edge sealed the call at any time."""
    ended: bool = False

    @property
    def view(self) -> DigitsView:
        entry = self.entry
        return DigitsView(
            digits=self.id,
            ref=self.ref,
            stage=entry.stage,
            received=entry.received,
            expected=entry.expected,
            valid=entry.valid,
            outcome=entry.outcome,
        )


class SealedDigits:
    """All that is keyed sealed now. Used from the server's event loop only."""

    def __init__(
        self,
        *,
        database: Database,
        clock: Clock,
        settings: Settings,
        calls: Calls,
        hub: Hub,
        audit: AuditLog,
        gaps: RecordingGaps,
        payments: PaymentService | None,
    ) -> None:
        self.keepers = Keepers()
        self._database = database
        self._clock = clock
        self._settings = settings
        self._calls = calls
        self._hub = hub
        self._audit = audit
        self._gaps = gaps
        self._payments = payments
        self._by_id: dict[str, _Keying] = {}
        self._by_ref: dict[str, _Keying] = {}
        self._work: set[asyncio.Task[None]] = set()

    # --- for the desk -------------------------------------------------------------------------------------------------

    async def ask(self, signed_in: SignedIn, ref: str, request: DigitsRequest) -> DigitsView:
        """Seal this person's connected call, and begin with the card's number.

        Where the edge cannot seal it, the answer is a view that says so (failed): nothing was sealed.

        Raises:
            Refused: it is another's call (not-found), it is not connected (forbidden), somebody keys in it already
                (digits-running), or there is no payment service or no edge to ask (digits-unavailable).
        """
        call_id = await self._calls.connected(signed_in, ref)
        if ref in self._by_ref:
            raise Refused(ProblemType.DIGITS_RUNNING, "The customer is keying in a card in this call already.")
        if self._payments is None or not self.keepers.any:
            missing = "no payment service is set up" if self._payments is None else "no edge is connected"
            raise Refused(ProblemType.DIGITS_UNAVAILABLE, f"On this server {missing}.")
        keying = _Keying(
            id=f"d_{secrets.token_urlsafe(16)}",
            ref=ref,
            agent=signed_in.person,
            session_id=signed_in.session_id,
            request=request,
            entry=Entry(self._today),
        )
        # Before anything is waited for: nobody can begin a second one, and a call that ends meanwhile ends this one.
        self._by_id[keying.id] = self._by_ref[ref] = keying
        try:
            await self._begin(keying)
            keeper = await self.keepers.seal(keying.id, call_id)
        except CannotSeal as refusal:
            self._end(keying, DigitsStage.FAILED, refusal.reason)
            return keying.view
        except BaseException:
            self._end(keying, DigitsStage.FAILED, "server-error")
            raise
        keying.keeper, keying.sealed = keeper, True
        if keying.ended:
            # Its call ended, or the agent stopped it, while the edge was asked.
            self._unseal(keying)
            return keying.view
        self._wait(keying, self._settings.digits_idle_seconds)
        whole = asyncio.get_running_loop().call_later(
            self._settings.digits_seconds, self._end, keying, DigitsStage.FAILED, "timeout"
        )
        keying.timers.append(whole)
        self._push(keying)
        return keying.view

    async def cancel(self, signed_in: SignedIn, ref: str, digits: str) -> None:
        """Stop it. What is over already stays as it ended.

        Raises:
            Refused: it is not this person's (not-found).
        """
        if not await self._calls.owns(signed_in, ref):
            raise Refused(ProblemType.NOT_FOUND, "There is no such call of yours.")
        keying = self._by_id.get(digits)
        # A card that the payment service has cannot be taken back from it.
        if keying is not None and keying.ref == ref and keying.entry.stage is not DigitsStage.CHECKING:
            self._end(keying, DigitsStage.CANCELLED, "cancelled")

    # --- from the edge ------------------------------------------------------------------------------------------------

    def heard(self, keeper: Keeper, message: FromKeeper) -> None:
        """Take what a keeper says."""
        if isinstance(message, ToneHeard):
            keying = self._by_id.get(message.digits)
            if keying is not None and keying.keeper is keeper:
                self.tone(message.digits, message.tone, "events")
        elif isinstance(message, Unsealed):
            self._spawn(self._unsealed(message.digits))
        else:
            self.keepers.heard(keeper, message)

    def tone(self, digits: str, tone: str, source: Source) -> None:
        """Take one key of a customer's. One that nobody waits for is forgotten."""
        keying = self._by_id.get(digits)
        if keying is None or keying.ended or keying.keeper is None:
            return
        keying.source = keying.source or source
        before = keying.entry.stage
        if keying.source != source or before is DigitsStage.CHECKING:
            return
        keying.entry.key(tone)
        if keying.entry.over:
            self._end(keying, keying.entry.stage, keying.entry.outcome)
            return
        self._wait(keying, self._settings.digits_idle_seconds)
        self._push(keying)
        if keying.entry.stage is DigitsStage.CHECKING:
            self._stop_timers(keying)
            self._spawn(self._charge(keying))

    def keeper_gone(self, keeper: Keeper) -> None:
        """A keeper's connection is lost: what it kept has failed, and stays sealed at the edge."""
        self.keepers.remove(keeper)
        for keying in list(self._by_id.values()):
            if keying.keeper is keeper:
                keying.keeper = None
                if keying.entry.stage is not DigitsStage.CHECKING:
                    self._end(keying, DigitsStage.FAILED, "edge-lost")

    # --- from the server ----------------------------------------------------------------------------------------------

    async def call_over(self, _session: AsyncSession, ref: str) -> None:
        """A call ended: so does what is keyed in it. Done apart from the caller's transaction."""
        self._spawn(self._call_ended(ref))

    async def session_over(self, _session: AsyncSession, session_id: str) -> None:
        """A person's session ended: nobody would see how the keying goes on."""
        for keying in list(self._by_id.values()):
            if keying.session_id == session_id and keying.entry.stage is not DigitsStage.CHECKING:
                self._end(keying, DigitsStage.CANCELLED, "cancelled")

    async def close(self) -> None:
        """End all of it, and write that down: the server stops. What is sealed stays so until its call ends."""
        for keying in list(self._by_id.values()):
            self._end(keying, DigitsStage.FAILED, "server-error")
        while self._work:
            await asyncio.wait(self._work)
        if self._payments is not None:
            await self._payments.close()

    # --- inside -------------------------------------------------------------------------------------------------------

    def _today(self) -> date:
        return (self._clock() - _WESTERNMOST).date()

    async def _begin(self, keying: _Keying) -> None:
        row = SealedDigitsRow(id=keying.id, ref=keying.ref, agent=keying.agent, started_at=self._clock())
        async with self._database.write() as session:
            session.add(row)
            actor = f"person:{keying.agent}"
            await self._audit.append(session, actor, Action.DIGITS_ASKED, f"call:{keying.ref}", digits=keying.id)
        await self._gaps.begin(keying.ref, "sealed-digits")

    async def _charge(self, keying: _Keying) -> None:
        assert self._payments is not None  # noqa: S101
        number, expiry, code = keying.entry.parts()
        request = keying.request
        try:
            outcome = await self._payments.charge(
                number, expiry, code, amount=request.amount, currency=request.currency, reference=keying.id
            )
        except PaymentUnavailable as error:
            get_logger().error("payment service unavailable", reason=str(error), ref=keying.ref)
            self._end(keying, DigitsStage.FAILED, "payment-unknown")
            return
        except BaseException:
            self._end(keying, DigitsStage.FAILED, "payment-unknown")
            raise
        finally:
            keying.entry.wipe()
        if outcome.accepted:
            self._end(keying, DigitsStage.ACCEPTED, "accepted")
        else:
            self._end(keying, DigitsStage.DECLINED, outcome.reason)

    def _end(self, keying: _Keying, stage: DigitsStage, outcome: str) -> None:
        """End it, once: wipe, tell the desk, let the edge go, and write down how it ended."""
        if keying.ended:
            return
        keying.ended = True
        self._stop_timers(keying)
        entry, keyed = keying.entry, "-".join(str(count) for count in keying.entry.counts)
        match stage:
            case DigitsStage.ACCEPTED:
                entry.accept()
            case DigitsStage.DECLINED:
                entry.decline(outcome)
            case DigitsStage.CANCELLED:
                entry.cancel()
            case _:
                entry.fail(outcome)
        entry.wipe()
        del self._by_id[keying.id]
        del self._by_ref[keying.ref]
        self._push(keying)
        self._unseal(keying)
        self._spawn(self._write_end(keying, keyed))

    def _unseal(self, keying: _Keying) -> None:
        if keying.keeper is not None:
            quiet = self._settings.digits_quiet_seconds
            keying.keeper.send(Unseal(digits=keying.id, quiet_seconds=quiet))

    async def _write_end(self, keying: _Keying, keyed: str) -> None:
        async with self._database.write() as session:
            row = await session.get(SealedDigitsRow, keying.id)
            if row is not None:
                row.ended_at, row.stage = self._clock(), str(keying.entry.stage)
                row.outcome = keying.entry.outcome
            details = {"stage": keying.entry.stage, "outcome": keying.entry.outcome, "counts": keyed}
            actor = f"person:{keying.agent}"
            await self._audit.append(session, actor, Action.DIGITS_ENDED, f"call:{keying.ref}", **details)
        if not keying.sealed:
            await self._gaps.end(keying.ref)

    async def _unsealed(self, digits: str) -> None:
        async with self._database.read() as session:
            row = await session.get(SealedDigitsRow, digits)
        if row is not None and row.ref not in self._by_ref:
            await self._gaps.end(row.ref)

    async def _call_ended(self, ref: str) -> None:
        keying = self._by_ref.get(ref)
        if keying is not None and keying.entry.stage is not DigitsStage.CHECKING:
            self._end(keying, DigitsStage.FAILED, "call-ended")
        await self._gaps.end(ref)

    def _wait(self, keying: _Keying, seconds: float) -> None:
        """Give the customer so long for the next key."""
        if keying.timers:
            keying.timers.pop(0).cancel()
        timer = asyncio.get_running_loop().call_later(seconds, self._end, keying, DigitsStage.FAILED, "timeout")
        keying.timers.insert(0, timer)

    @staticmethod
    def _stop_timers(keying: _Keying) -> None:
        for timer in keying.timers:
            timer.cancel()
        keying.timers.clear()

    def _push(self, keying: _Keying) -> None:
        self._hub.send_to_session(keying.session_id, DigitsChanged(digits=keying.view))

    def _spawn(self, work: Coroutine[object, object, None]) -> None:
        task = asyncio.create_task(work)
        self._work.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._work.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            error_type, where = describe(error)
            get_logger().error("sealed digits failed", error_type=error_type, where=where)
