"""The parts that the engine's tests put together: a desk without a screen, and a customer."""

import asyncio
import json
import os
import signal
import sys
import wave
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from client.core.telephony import (
    AnswerCall,
    CallIncoming,
    CallMedia,
    Configure,
    EdgeAddress,
    Order,
    Register,
    Report,
)
from client.sip.process import COMMAND
from client.sip.rendezvous import Rendezvous
from client.sip.supervisor import EngineSupervisor
from tests.integration.engine.authority import Authority, Identity
from tests.integration.engine.small_edge import REALM, SmallEdge
from tests.integration.engine.virtual_sound import RATE, Samples

USERNAME = "1900000000:agent"
PASSWORD = "open sesame"
ADDRESS = f"sip:agent@{REALM}"
PATIENCE = 15.0
"""No test measures by this; it only ends a test that would wait for ever."""

R = TypeVar("R")


def credentials(password: str = PASSWORD) -> Register:
    """What the desk registers with."""
    return Register(ADDRESS, USERNAME, REALM, password)


def configuration(
    authority: Authority, *edges: EdgeAddress, codecs: tuple[str, ...] = ("opus/48000",), **options: Any
) -> Configure:
    """What the desk configures its engine with."""
    return Configure(REALM, edges, authority.pem, codecs, 300, **options)


@asynccontextmanager
async def running_edge(identity: Identity, folder: Path) -> AsyncIterator[SmallEdge]:
    """An edge with this identity."""
    edge = SmallEdge(identity.server_context(folder), USERNAME, PASSWORD)
    await edge.start()
    try:
        yield edge
    finally:
        await edge.stop()


class Desk:
    """Drives an engine through the supervisor, and waits for its reports."""

    def __init__(self, folder: Path, environment: Mapping[str, str], rendezvous: Rendezvous | None = None) -> None:
        self.reports: list[Report] = []
        self.fresh: asyncio.Queue[Register | None] = asyncio.Queue()
        self._news: asyncio.Queue[Report] = asyncio.Queue()
        command = ("env", *(f"{name}={value}" for name, value in environment.items()), *COMMAND)
        self.supervisor = EngineSupervisor(
            self._take, self.fresh.get, command=command, directory=folder, rendezvous=rendezvous
        )

    def _take(self, report: Report) -> None:
        self.reports.append(report)
        self._news.put_nowait(report)

    def send(self, *orders: Order) -> None:
        for order in orders:
            self.supervisor.send(order)

    async def next(self, kind: type[R], wanted: Callable[[R], bool] = lambda _: True) -> R:
        """Return the next report of a kind that is as wanted; those before it are skipped."""
        async with asyncio.timeout(PATIENCE):
            while True:
                report = await self._news.get()
                if isinstance(report, kind) and wanted(report):
                    return report


@asynccontextmanager
async def running_desk(folder: Path, environment: Mapping[str, str]) -> AsyncIterator[Desk]:
    """A desk with its engine; both are gone at the end."""
    desk = Desk(folder / "run", environment)
    desk.supervisor.start()
    try:
        yield desk
    finally:
        await desk.supervisor.stop()


class Customer:
    """The customer's telephone, a process of its own."""

    def __init__(self, process: Process, recording: Path) -> None:
        self._process = process
        self._recording = recording

    async def event(self, name: str) -> dict[str, Any]:
        """Return the next event of a name; those before it are skipped."""
        stdout = self._process.stdout
        if stdout is None:
            raise AssertionError
        async with asyncio.timeout(PATIENCE):
            while line := await stdout.readline():
                event: dict[str, Any] = json.loads(line)
                if event["event"] == name:
                    return event
        raise AssertionError(f"the customer's telephone ended without {name!r}")

    def vanish(self) -> None:
        """Stop the telephone as it stands, as when its network is gone: no packet comes any more."""
        self._process.send_signal(signal.SIGSTOP)

    def come_back(self) -> None:
        """Let it go on."""
        self._process.send_signal(signal.SIGCONT)

    def order(self, line: str) -> None:
        """Tell the telephone what to do; its manual is in `customer_agent`."""
        if self._process.stdin is not None:
            self._process.stdin.write(line.encode() + b"\n")

    async def hang_up(self) -> None:
        """Hang up, if the call still stands, and wait for the telephone's end."""
        if self._process.returncode is None:
            self.come_back()
        if self._process.stdin is not None:
            self._process.stdin.close()
        async with asyncio.timeout(PATIENCE):
            await self._process.wait()

    def heard(self) -> Samples:
        """What the customer heard; complete after `hang_up`."""
        with wave.open(str(self._recording)) as recording:
            return np.frombuffer(recording.readframes(recording.getnframes()), dtype="<i2").astype(np.int16)


async def answered(desk: Desk, customer: Customer) -> int:
    """Answer the customer's call; the sound flows when this returns."""
    call = (await desk.next(CallIncoming)).call
    desk.send(AnswerCall(call))
    await desk.next(CallMedia, lambda report: report.active)
    await customer.event("media")
    return call


@asynccontextmanager
async def waiting(
    edge: SmallEdge, authority: Authority, folder: Path, speech: Samples, name: str = "customer", **options: object
) -> AsyncIterator[Customer]:
    """A customer that can be called by a name."""
    place = folder / name
    await asyncio.to_thread(place.mkdir)
    options = {"caller": f"sip:{name}@{REALM}", **options}
    async with calling(edge, authority, place, speech, wait_for=None, callee=True, **options) as customer:
        await customer.event("waiting")
        yield customer


@asynccontextmanager
async def calling(
    edge: SmallEdge,
    authority: Authority,
    folder: Path,
    speech: Samples,
    *,
    wait_for: asyncio.Event | None = None,
    callee: bool = False,
    **options: object,
) -> AsyncIterator[Customer]:
    """A customer that calls the desk, saying something again and again.

    With `wait_for` the telephone is there at once and calls when the event has happened.
    """
    wav, recording, ca = folder / "speech.wav", folder / "heard.wav", folder / "authority.pem"
    with wave.open(str(wav), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(speech.astype("<i2").tobytes())
    ca.write_text(authority.pem)
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.integration.engine.customer_agent"),
        stdin=PIPE,
        stdout=PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env={**os.environ, "ALSA_CONFIG_PATH": os.devnull},
    )
    settings = {
        **({} if callee else {"uri": f"{ADDRESS};transport=tls"}),
        "registrar": f"sip:{REALM};transport=tls",
        "username": USERNAME,
        "password": PASSWORD,
        "caller": "sip:customer@trunk.invalid",
        "proxy": f"sip:localhost:{edge.port};transport=tls;lr",
        "ca": str(ca),
        "play": str(wav),
        "record": str(recording),
        **options,
    }
    stdin = process.stdin
    if stdin is None:
        raise AssertionError
    call = json.dumps(settings).encode() + b"\n"

    async def begin() -> None:
        if wait_for is not None:
            await wait_for.wait()
        stdin.write(call)

    beginning = asyncio.create_task(begin())
    customer = Customer(process, recording)
    try:
        yield customer
    finally:
        beginning.cancel()
        await customer.hang_up()
