"""Keeps an engine running: starts it, talks to it, notices its death or its silence, and starts another.

Runs in the desk's asyncio loop. Orders go in through `EngineSupervisor.send`, reports come out through a callback.
"""

import asyncio
import contextlib
import logging
import secrets
from asyncio.subprocess import Process
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from pathlib import Path

import platformdirs

from client.core.telephony import (
    Configure,
    EngineStarted,
    EngineStopped,
    EngineUnfit,
    Order,
    Register,
    Report,
    Shutdown,
    Unregister,
)
from client.sip.adoption import AdoptedProcess, pid_behind
from client.sip.engine.log_lines import FAULT
from client.sip.process import COMMAND, EngineUnreachable, address_of, connect, launch
from client.sip.protocol import Ping, Pong, ProtocolError, decode_report, encode
from client.sip.rendezvous import InMemory, Meeting, Rendezvous

LONGEST_PAUSE = 30.0
STEADY_SECONDS = 60.0
"""An engine that lived this long was well; its death is a first one again."""

STARTING_SECONDS = 15.0
PING_SECONDS = 1.0
SILENCE_SECONDS = 8.0
"""Longer than the engine's longest name look-up, during which its main loop stands still."""

STOPPING_SECONDS = 5.0
RECONNECTIONS = 3

_log = logging.getLogger("hearthline.engine")

Credentials = Callable[[], Awaitable[Register | None]]
Connection = tuple[asyncio.StreamReader, asyncio.StreamWriter]


def pause_before_start(deaths: int) -> float:
    """Return the seconds to wait after so many deaths in a row: none after the first, then twice as long each time."""
    return 0.0 if deaths <= 1 else min(LONGEST_PAUSE, 2.0 ** (deaths - 2))


class EngineSupervisor:
    """One engine at a time, for as long as the desk runs.

    `on_report` gets every report, in order, in the loop's thread, and must not raise. `credentials` is awaited after an
    engine had to be replaced and returns fresh ones, or None; until it does, the new engine uses the last ones, which
    mostly still hold, so that a call is possible even when the server is down.

    `rendezvous` keeps where the engine is. One that outlives the desk (`PrivateFile`, or the desk's own key store) lets
    a desk that is started after a crash adopt the engine, with its calls; the default does not outlive it. Each desk
    needs its own: two that share one would take the engine from each other.
    """

    def __init__(
        self,
        on_report: Callable[[Report], None],
        credentials: Credentials,
        *,
        command: Sequence[str] = COMMAND,
        directory: Path | None = None,
        rendezvous: Rendezvous | None = None,
        pause: Callable[[int], float] = pause_before_start,
        silence_seconds: float = SILENCE_SECONDS,
    ) -> None:
        self._on_report = on_report
        self._credentials = credentials
        self._command = command
        self._directory = directory or platformdirs.user_runtime_path("hearthline")
        self._rendezvous = rendezvous or InMemory()
        self._pause = pause
        self._silence_seconds = silence_seconds
        self._token = secrets.token_urlsafe(32)
        self._configuration: Configure | None = None
        self._registration: Register | None = None
        self._writer: asyncio.StreamWriter | None = None
        self._process: Process | AdoptedProcess | None = None
        self._stopping = asyncio.Event()
        self._life: asyncio.Task[None] | None = None
        self._unfit = False
        self._last_pong = 0.0

    def start(self) -> None:
        """Start the engine. It is a mistake to call this twice, or outside the loop."""
        if self._life is not None:
            raise RuntimeError("the supervisor was started before")
        self._life = asyncio.get_running_loop().create_task(self._live(), name="engine-supervisor")

    def send(self, order: Order) -> None:
        """Give an order. `Configure` and `Register` are kept for the next engine; others need one that runs.

        Raises:
            ProtocolError: the order is too long to be sent.
        """
        line = encode(order)
        if isinstance(order, Configure):
            self._configuration = order
        elif isinstance(order, Register):
            self._registration = order
        elif isinstance(order, Unregister):
            self._registration = None
        if self._writer is not None:
            self._writer.write(line)

    async def stop(self) -> None:
        """Let the engine end its calls and leave the edge; then, step by step, more firmly. Ends in any case."""
        self._stopping.set()
        if self._life is None:
            return
        process = self._process
        if process is not None:
            self.send(Shutdown())
            if not await _ended(process, STOPPING_SECONDS):
                _signal(process.terminate)
                if not await _ended(process, STOPPING_SECONDS):
                    _signal(process.kill)
        await self._life

    @property
    def engine_pid(self) -> int | None:
        """The engine's process id, while it runs."""
        process = self._process
        return None if process is None or process.returncode is not None else process.pid

    # --- One engine after another -------------------------------------------------------------------------------------

    async def _live(self) -> None:
        deaths = 0
        loop = asyncio.get_running_loop()
        if await self._adopt():
            deaths = 1
            self._on_report(EngineStopped(-1, 0.0))
        while not self._stopping.is_set():
            born = loop.time()
            status = await self._one_engine(successor=deaths > 0)
            if self._stopping.is_set():
                return
            deaths = 1 if loop.time() - born > STEADY_SECONDS else deaths + 1
            # What is unfit now will be so again; only an update helps.
            pause = LONGEST_PAUSE if self._unfit else self._pause(deaths)
            self._on_report(EngineStopped(status, pause))
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), pause)

    async def _one_engine(self, *, successor: bool) -> int:
        """Run one engine to its end, and return its exit status."""
        try:
            process = await launch(self._command, self._token, self._directory)
        except EngineUnreachable as error:
            _log.error("%s", error)
            return -1
        self._process = process
        self._unfit = False
        chatter = asyncio.create_task(_pass_on_log(process))
        try:
            meeting = Meeting(await address_of(process, STARTING_SECONDS), self._token)
            self._rendezvous.remember(meeting)
            for attempt in range(RECONNECTIONS):
                connection = await connect(meeting.address, meeting.token)
                await self._one_connection(process, connection, successor=successor or attempt > 0)
                if await _ended(process, 0.5):
                    break
        except EngineUnreachable as error:
            if process.returncode is None and not self._stopping.is_set():
                _log.error("%s", error)
        finally:
            # Also when this task is cancelled: no engine is left behind.
            if process.returncode is None:
                _signal(process.kill)
            self._process = None
            self._rendezvous.forget()
        status = await process.wait()
        await chatter
        return status

    async def _adopt(self) -> bool:
        """Take over the engine of an earlier desk, and stay with it to its end. False when there is none."""
        meeting = self._rendezvous.recall()
        if meeting is None:
            return False
        try:
            connection = await connect(meeting.address, meeting.token)
        except EngineUnreachable:
            self._rendezvous.forget()
            return False
        process = self._process = AdoptedProcess(pid_behind(connection[1].get_extra_info("socket")))
        heard = False
        try:
            for _ in range(RECONNECTIONS):
                heard = await self._one_connection(process, connection, successor=True) or heard
                if not heard or await _ended(process, 0.5):
                    break
                connection = await connect(meeting.address, meeting.token)
        except EngineUnreachable as error:
            _log.info("the engine of an earlier desk is gone: %s", error)
        finally:
            # One that did not take our token is not our engine, and not ours to end.
            if heard and process.returncode is None:
                _signal(process.kill)
            process.lost()
            self._process = None
            self._rendezvous.forget()
        return heard and not self._stopping.is_set()

    async def _one_connection(
        self, process: Process | AdoptedProcess, connection: Connection, *, successor: bool
    ) -> bool:
        """Talk with an engine until the connection ends; whether it has said anything."""
        reader, writer = connection
        self._writer = writer
        if self._configuration is not None:
            writer.write(encode(self._configuration))
        if self._registration is not None:
            writer.write(encode(self._registration))
        if self._stopping.is_set():
            writer.write(encode(Shutdown()))
        self._last_pong = asyncio.get_running_loop().time()
        helpers = [asyncio.create_task(self._watch(process, writer))]
        if successor and self._registration is not None:
            helpers.append(asyncio.create_task(self._renew_credentials()))
        try:
            return await self._read(reader, adopted=isinstance(process, AdoptedProcess))
        finally:
            self._writer = None
            for helper in helpers:
                helper.cancel()
            await asyncio.gather(*helpers, return_exceptions=True)
            writer.close()

    async def _read(self, reader: asyncio.StreamReader, *, adopted: bool) -> bool:
        heard = False
        while True:
            try:
                line = await reader.readline()
                if not line:
                    return heard
                report = decode_report(line)
            except OSError:
                return heard
            except (ValueError, ProtocolError) as error:
                # The two are of one release, so this engine is broken or not ours. Its successor may be better.
                raise EngineUnreachable(f"the engine does not speak our protocol: {error}") from error
            if isinstance(report, Pong):
                self._last_pong = asyncio.get_running_loop().time()
                continue
            heard = True
            self._unfit = isinstance(report, EngineUnfit)
            self._on_report(replace(report, adopted=adopted) if isinstance(report, EngineStarted) else report)

    async def _watch(self, process: Process | AdoptedProcess, writer: asyncio.StreamWriter) -> None:
        """Ask the engine each second whether it is there, and end it when it has not answered for too long."""
        loop = asyncio.get_running_loop()
        number = 0
        while True:
            asked = loop.time()
            number += 1
            writer.write(encode(Ping(number)))
            await asyncio.sleep(min(PING_SECONDS, self._silence_seconds / 3))
            # A desk that slept, or was suspended, has not listened: it cannot blame the engine.
            overslept = loop.time() - asked > self._silence_seconds
            if overslept:
                self._last_pong = loop.time()
            elif loop.time() - self._last_pong > self._silence_seconds:
                _log.error("the engine does not answer any more and is replaced")
                _signal(process.kill)
                return

    async def _renew_credentials(self) -> None:
        try:
            fresh = await self._credentials()
        except Exception as error:
            _log.info("no fresh credentials for the new engine: %s", type(error).__name__)
            return
        if fresh is not None and fresh != self._registration:
            self.send(fresh)


async def _ended(process: Process | AdoptedProcess, seconds: float) -> bool:
    try:
        await asyncio.wait_for(process.wait(), seconds)
    except TimeoutError:
        return False
    return True


def _signal(send: Callable[[], None]) -> None:
    # The process may have ended by itself just now.
    with contextlib.suppress(ProcessLookupError):
        send()


async def _pass_on_log(process: Process) -> None:
    stderr = process.stderr
    if stderr is None:
        return
    while True:
        try:
            line = await stderr.readline()
        except ValueError:
            # A line beyond the reader's limit: skip it.
            continue
        if not line:
            return
        text = line.decode(errors="replace").rstrip()
        _log.log(logging.ERROR if FAULT in text else logging.INFO, "%s", text)
