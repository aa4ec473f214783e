"""The network's world: a home PC with an engine, two ways out of the house, one or two edges, and a customer."""

import asyncio
import contextlib
import json
import os
import sys
import wave
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TypeVar

from client.core.telephony import (
    AnswerCall,
    CallConfirmed,
    CallEnded,
    CallIncoming,
    CallMedia,
    Configure,
    RegistrationChanged,
    RegistrationState,
    Report,
)
from client.sip.process import COMMAND
from client.sip.supervisor import EngineSupervisor
from tests.integration.edge.hearthline_server import HearthlineServer
from tests.integration.engine.parts import Customer, Desk
from tests.integration.engine.virtual_sound import RATE, VirtualSound, tone, tone_share
from tests.integration.network.edges import AGENT, DOMAIN, HOSTS, Edge, Papers, credentials
from tests.integration.network.namespaces import Namespace, Street

CUSTOMER_HERTZ, AGENT_HERTZ = 440.0, 950.0
LONGEST_WAIT = 150.0
"""No test measures by this; it only ends a test that would wait for ever."""

R = TypeVar("R")


class HomeDesk(Desk):
    """A desk whose engine is in the home's network, and may be suspended by the test without being replaced for it."""

    def __init__(self, folder: Path, home: Namespace, environment: Mapping[str, str]) -> None:
        super().__init__(folder, environment)
        command = home.command("env", *(f"{name}={value}" for name, value in environment.items()), *COMMAND)
        self.supervisor = EngineSupervisor(
            self._take, self.fresh.get, command=command, directory=folder, silence_seconds=LONGEST_WAIT
        )

    async def wait(self, kind: type[R], wanted: Callable[[R], bool] = lambda _: True) -> R:
        """As `next`, with the patience that an outage takes."""
        async with asyncio.timeout(LONGEST_WAIT):
            while True:
                report: Report = await self._news.get()
                if isinstance(report, kind) and wanted(report):
                    return report

    async def registered(self) -> str:
        """Wait until the line comes up, and return the edge's name."""
        return (await self.wait(RegistrationChanged, lambda report: report.state is RegistrationState.REGISTERED)).edge

    async def unregistered(self) -> None:
        """Wait until the line has noticed that it is down."""
        await self.wait(RegistrationChanged, lambda report: report.state is not RegistrationState.REGISTERED)

    @property
    def has_lost_a_call(self) -> bool:
        """Whether a call is over."""
        return any(isinstance(report, CallEnded) for report in self.reports)


class World:
    """Everything is up when this exists; the home is on the wire, and the desk's line is up."""

    def __init__(self, outside: Namespace, street: Street, papers: Papers, sound: VirtualSound) -> None:
        self.street = street
        self.wire, self.air = street.wire, street.air
        self.edges: list[Edge] = []
        self.server: HearthlineServer
        self.desk: HomeDesk
        self._outside = outside
        self._papers = papers
        self._sound = sound

    async def outside(self, action: Callable[[], R]) -> R:
        """Do something in the outside's network."""

        def there() -> R:
            with self._outside.inside():
                return action()

        return await asyncio.to_thread(there)

    def router_forgets(self) -> None:
        """The router at home is started anew: it knows nothing of the line and of the call's sound any more."""
        for protocol in ("tcp", "udp"):
            # Columns are number, local address, remote address, ... (proc(5)).
            table = Path(f"/proc/{self.desk.supervisor.engine_pid}/net/{protocol}").read_text().splitlines()[1:]
            for port in {int(line.split()[1].partition(":")[2], 16) for line in table}:
                self.street.forget(protocol, port)

    @asynccontextmanager
    async def customer(self, folder: Path, edge: int = 0) -> AsyncIterator[Customer]:
        """A customer who calls the agent through an edge's trunk, and says something again and again."""
        place = folder / f"customer-{os.urandom(2).hex()}"
        await asyncio.to_thread(place.mkdir)
        speech, recording = place / "speech.wav", place / "heard.wav"
        with wave.open(str(speech), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(RATE)
            file.writeframes(tone(CUSTOMER_HERTZ, 1.0).astype("<i2").tobytes())
        process = await asyncio.create_subprocess_exec(
            *self._outside.command(sys.executable, "-m", "tests.integration.engine.customer_agent"),
            stdin=PIPE,
            stdout=PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            env={**os.environ, "ALSA_CONFIG_PATH": os.devnull},
        )
        options = {
            "uri": f"sip:{AGENT}@{DOMAIN}",
            "caller": f"sip:customer@{DOMAIN}",
            "proxy": f"sip:{HOSTS[edge]}:{self.edges[edge].trunk_port};transport=tls;lr",
            "ca": str(self._papers.ca),
            "certificate": str(self._papers.certificate("trunk")),
            "key": str(self._papers.key("trunk")),
            "play": str(speech),
            "record": str(recording),
        }
        customer = Customer(process, recording)
        customer.order(json.dumps(options))
        try:
            yield customer
        finally:
            await customer.hang_up()

    async def answer(self, customer: Customer) -> int:
        """Take the customer's call, and return its number once both sides have their sound."""
        call = (await self.desk.next(CallIncoming)).call
        self.desk.send(AnswerCall(call))
        await self.desk.next(CallMedia, lambda report: report.active)
        await self.desk.next(CallConfirmed)
        await customer.event("media")
        return call

    async def agent_hears_and_speaks(self) -> None:
        """Say something into the microphone, and see that the customer is heard meanwhile."""
        with self._sound.record_headset() as heard:
            await asyncio.to_thread(self._sound.play_into_mic, tone(AGENT_HERTZ, 4.0))
        assert tone_share(heard.samples, CUSTOMER_HERTZ) > 0.5, "the agent does not hear the customer"


def customer_heard_the_agent(customer: Customer) -> bool:
    """Whether what the agent has said reached the customer. Complete once the call is over."""
    return tone_share(customer.heard(), AGENT_HERTZ) > 0.2


@asynccontextmanager
async def running_world(folder: Path, sound: VirtualSound, *, edges: int = 1) -> AsyncIterator[World]:
    """A world in which the agent can be called; all of it is gone at the end.

    Raises:
        NoNamespaces: this machine does not let us.
    """
    async with contextlib.AsyncExitStack() as stack:
        places: list[Namespace] = []
        for name in ("street", "home", "outside"):
            places.append(Namespace(name))
            stack.callback(places[-1].remove)
        between, home, outside = places
        street = Street(between, home, outside, HOSTS)
        street.wire.switch_on(20)
        papers = Papers(folder)
        world = World(outside, street, papers, sound)
        world.server = await world.outside(
            lambda: HearthlineServer(papers.certificate("server"), papers.key("server"), papers.ca)
        )
        stack.callback(world.server.stop)
        for number in range(edges):
            edge = Edge(papers, number, folder / f"edge-{number}", world.server.url)
            world.edges.append(edge)
            stack.push_async_callback(world.outside, edge.stop)
            await world.outside(edge.start)
        world.desk = HomeDesk(folder / "run", home, sound.environment)
        world.desk.supervisor.start()
        stack.push_async_callback(world.desk.supervisor.stop)
        world.desk.send(
            Configure(DOMAIN, tuple(edge.address for edge in world.edges), papers.ca_pem, ("opus/48000",), 300),
            credentials(),
        )
        await world.desk.registered()
        yield world
