"""The digit keepers of all edges that are connected now, and asking them to seal a call.

The server does not know which edge a call is on, so it asks all of them; the one that has the call answers that it is
sealed. In one process; an interface for several servers has the same methods.
"""

import asyncio
from dataclasses import dataclass, field

from provisioning.api.edge_control import FromKeeper, Seal, Sealed, SealRefused, ToKeeper, Unseal

_BACKLOG = 256
_ANSWER_SECONDS = 5.0


class CannotSeal(Exception):
    """No keeper sealed the call; `reason` is a slug for the desk."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(eq=False)
class Keeper:
    """One keeper's connection: a queue that the socket's own task empties. None ends it."""

    name: str
    queue: asyncio.Queue[ToKeeper | None] = field(default_factory=lambda: asyncio.Queue(_BACKLOG + 1))

    def send(self, message: ToKeeper) -> None:
        """Queue a message; a keeper that does not read any more is cut off."""
        if self.queue.qsize() >= _BACKLOG:
            if not self.queue.full():
                self.queue.put_nowait(None)
            return
        self.queue.put_nowait(message)


class _Question:
    """One call that keepers are asked to seal."""

    def __init__(self, asked: set[Keeper]) -> None:
        self.waiting = asked
        self.reasons: set[str] = set()
        self.answer: asyncio.Future[Keeper] = asyncio.get_running_loop().create_future()

    def settle(self) -> None:
        """Give up when nobody is left who could still say yes."""
        if not self.waiting and not self.answer.done():
            known = ("no-events", "failed", "no-call")
            self.answer.set_exception(CannotSeal(next((why for why in known if why in self.reasons), "edge-lost")))


class Keepers:
    """All keepers. Used from the server's event loop only."""

    def __init__(self) -> None:
        self._connected: set[Keeper] = set()
        self._questions: dict[str, _Question] = {}

    @property
    def any(self) -> bool:
        """Whether there is one."""
        return bool(self._connected)

    def add(self, keeper: Keeper) -> None:
        """Take in a keeper that connected."""
        self._connected.add(keeper)

    def remove(self, keeper: Keeper) -> None:
        """Forget a keeper whose connection is gone."""
        self._connected.discard(keeper)
        for question in self._questions.values():
            question.waiting.discard(keeper)
            question.settle()

    def cut_off(self) -> None:
        """Close every keeper's connection; they come back by themselves."""
        for keeper in self._connected:
            if not keeper.queue.full():
                keeper.queue.put_nowait(None)

    async def seal(self, digits: str, call_id: str) -> Keeper:
        """Have a call sealed, and return the keeper that did.

        Raises:
            CannotSeal: nobody has this call, it cannot be sealed, or nobody answered in five seconds.
        """
        asked = set(self._connected)
        question = self._questions[digits] = _Question(asked)
        try:
            for keeper in self._connected:
                keeper.send(Seal(digits=digits, call_id=call_id))
            question.settle()
            async with asyncio.timeout(_ANSWER_SECONDS):
                return await question.answer
        except TimeoutError:
            # Whoever seals it after all must let go again.
            for keeper in self._connected:
                keeper.send(Unseal(digits=digits, quiet_seconds=0))
            raise CannotSeal("edge-slow") from None
        finally:
            del self._questions[digits]

    def heard(self, keeper: Keeper, message: FromKeeper) -> None:
        """Take a keeper's answer to `seal`; what is none is not for here."""
        if not isinstance(message, Sealed | SealRefused):
            return
        question = self._questions.get(message.digits)
        if question is None or keeper not in question.waiting:
            return
        question.waiting.discard(keeper)
        if isinstance(message, Sealed):
            if not question.answer.done():
                question.answer.set_result(keeper)
            return
        question.reasons.add(message.reason)
        question.settle()
