"""SIPp, a stranger that says what its scenario says: as a caller, or as a telephone that is called."""

import asyncio
from asyncio.subprocess import DEVNULL, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from tests.integration.edge.world import HOST, World
from tests.integration.engine.parts import PATIENCE
from tests.stage.ports import free_media_range, free_port

from .scenario import scenario
from .tls_leg import TlsLeg


class Sipp:
    """A running SIPp, with the TLS leg that its messages take."""

    def __init__(self, process: Process, leg: TlsLeg, folder: Path, media_port: int) -> None:
        self.leg = leg
        self.media_port = media_port
        self._process = process
        self._folder = folder

    async def done(self) -> None:
        """Wait until the scenario has been played to its end.

        Raises:
            AssertionError: something else came than the scenario says.
        """
        async with asyncio.timeout(PATIENCE):
            status = await self._process.wait()
        assert status == 0, self._report()

    async def answers_calls(self, port: int) -> None:
        """Connect the edge to it, once it listens."""
        ended = asyncio.create_task(self._process.wait())
        ready = asyncio.create_task(self.leg.dial(port))
        await asyncio.wait((ended, ready), return_when=asyncio.FIRST_COMPLETED)
        if not ready.done():
            ready.cancel()
            raise AssertionError(self._report())
        ended.cancel()
        await ready

    def _report(self) -> str:
        logs = (self._folder / "errors.log", self._folder / "output.log")
        said = "\n".join(log.read_text(errors="replace")[-3000:] for log in logs if log.exists())
        return f"SIPp ended with status {self._process.returncode}: {said}"

    async def stop(self) -> None:
        """End it as it stands."""
        if self._process.returncode is None:
            self._process.kill()
            await self._process.wait()
        await self.leg.close()


async def _start(folder: Path, steps: list[str], leg: TlsLeg, *arguments: str, patience: float = PATIENCE) -> Sipp:
    await asyncio.to_thread(folder.mkdir)
    plan = folder / "scenario.xml"
    plan.write_text(scenario(*steps))
    media_port = free_media_range()[0]
    files = ["-error_file", str(folder / "errors.log"), "-screen_file", str(folder / "screen.log")]
    ends = ["-m", "1", "-timeout", f"{patience:.0f}", "-timeout_error"]
    places = ["-i", HOST, "-mp", str(media_port)]
    quiet = ["-nostdin", "-skip_rlimit", "-trace_err", "-trace_screen"]
    with (folder / "output.log").open("wb") as output:
        process = await asyncio.create_subprocess_exec(
            *("sipp", "-sf", str(plan), "-t", "t1", *places, *ends, *quiet, *files, *arguments),
            cwd=folder,
            stdin=DEVNULL,
            stdout=output,
            stderr=output,
        )
    return Sipp(process, leg, folder, media_port)


@asynccontextmanager
async def sipp_calls(world: World, folder: Path, agent: str, *steps: str) -> AsyncIterator[Sipp]:
    """A SIPp that calls an agent."""
    leg = TlsLeg(world.edge.settings.trunk_listen.port, world.pki.context(world.pki.trunk))
    port = await leg.listen()
    sipp = await _start(folder / "caller", list(steps), leg, "-s", agent, f"{HOST}:{port}")
    try:
        yield sipp
    finally:
        await sipp.stop()


@asynccontextmanager
async def sipp_waits(world: World, folder: Path, *steps: str, patience: float = PATIENCE) -> AsyncIterator[Sipp]:
    """A SIPp that can be called through the trunk when this is entered; `patience` is for how long it waits."""
    leg = TlsLeg(world.edge.settings.trunk_listen.port, world.pki.context(world.pki.trunk))
    port = free_port()
    sipp = await _start(folder / "callee", list(steps), leg, "-p", str(port), patience=patience)
    try:
        await sipp.answers_calls(port)
        yield sipp
    finally:
        await sipp.stop()
