"""Two engines of ours behind the tests' small edge: one calls, the other answers. No desk, no relay."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Mapping
from pathlib import Path

import psutil

from client.core.telephony import (
    AnswerCall,
    CallConfirmed,
    CallEnded,
    CallIncoming,
    CallMedia,
    EdgeAddress,
    HangUp,
    MakeCall,
    Register,
    RegistrationChanged,
)
from tests.integration.engine.authority import Authority
from tests.integration.engine.parts import (
    PASSWORD,
    USERNAME,
    Desk,
    configuration,
    credentials,
    running_desk,
    running_edge,
)
from tests.integration.engine.small_edge import DESK, REALM, SmallEdge


class Pair:
    """An engine that answers, as `agent`, and one that calls."""

    def __init__(self, edge: SmallEdge, agent: Desk, caller: Desk) -> None:
        self.edge = edge
        self.agent = agent
        self.caller = caller
        self._request = 0

    async def ring(self) -> None:
        """Let the caller call."""
        self._request += 1
        self.caller.send(MakeCall(self._request, DESK))

    async def answer(self) -> int:
        """Answer the next call; its number. Sound flows both ways when this returns."""
        call = (await self.agent.next(CallIncoming)).call
        self.agent.send(AnswerCall(call))
        await self.agent.next(CallMedia, lambda report: report.active and report.call == call)
        await self.agent.next(CallConfirmed)
        return call

    async def talk(self) -> tuple[int, int]:
        """Call and answer; the number of the call at the agent and at the caller."""
        await self.ring()
        call = await self.answer()
        media = await self.caller.next(CallMedia, lambda report: report.active)
        return call, media.call

    async def hang_up(self, call: int) -> None:
        """End the agent's call, at both sides."""
        self.agent.send(HangUp(call))
        await self.agent.next(CallEnded)
        await self.caller.next(CallEnded)

    def processes(self) -> dict[str, psutil.Process]:
        """The two engines."""
        return {name: engine_of(desk) for name, desk in (("agent", self.agent), ("caller", self.caller))}


def engine_of(desk: Desk) -> psutil.Process:
    """The engine's process."""
    pid = desk.supervisor.engine_pid
    assert pid is not None
    return psutil.Process(pid)


@contextlib.asynccontextmanager
async def pair(
    directory: Path, agent: Mapping[str, str], caller: Mapping[str, str], *, text: bool = False
) -> AsyncIterator[Pair]:
    """Two registered engines, each in the environment of its sound card."""
    await asyncio.to_thread(directory.mkdir, parents=True, exist_ok=True)
    authority = Authority()
    identity = authority.issue("localhost", "127.0.0.1")
    async with contextlib.AsyncExitStack() as running:
        edge = await running.enter_async_context(running_edge(identity, directory))
        address = EdgeAddress("localhost", edge.port, (identity.pin,))
        desks = []
        seats = (
            ("agent", agent, credentials()),
            ("caller", caller, Register(f"sip:caller@{REALM}", USERNAME, REALM, PASSWORD)),
        )
        for seat, environment, who in seats:
            desk = await running.enter_async_context(running_desk(directory / seat, environment))
            # What the supervisor registers a new engine with, should this one die.
            desk.fresh.put_nowait(who)
            desk.send(configuration(authority, address, real_time_text=text), who)
            await desk.next(RegistrationChanged, lambda report: report.state == "registered")
            desks.append(desk)
        yield Pair(edge, *desks)
        await asyncio.sleep(0)
