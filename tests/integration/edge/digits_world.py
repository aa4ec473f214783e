"""A whole bank for sealed digits: a real server with a fake payment service, a real edge, a desk, and a caller."""

from __future__ import annotations

import re
import sqlite3
import struct
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, cast

from provisioning.api import DialReply
from provisioning.organisation import Identity, Organisation
from tests.integration.server.people import Desk, It
from tests.integration.server.psp import PaymentService
from tests.integration.server.running import RunningServer, sqlite_url
from tests.stage.organisation import harbour_bank

from .dialling import DialledCall, dial, ready_trunk
from .edge_process import EdgeProcess
from .hearthline_server import HearthlineServer
from .sip_peer import SipPeer
from .srtp import HEAD, Packet, RtpPeer, SrtpPeer
from .world import DOMAIN, HOST, Call, Files, Pki, World, make_settings, place

CARD, EXPIRY, CODE = "4929127356948209", "1131", "417"
KEYS = f"{CARD}#{EXPIRY}#{CODE}#"
_EVENTS = ("a=rtpmap:101 telephone-event/8000", "a=fmtp:101 0-15")
_EVENT = 101
_FRAME = 160
"""Samples of 20 ms at 8 kHz."""


class BankPki:
    """An organisation's certificates as `World` and `make_settings` want them."""

    def __init__(self, organisation: Organisation, directory: Path) -> None:
        self.ca = directory / "ca.crt"
        self.ca.write_text(organisation.ca_pem)
        self.edge = _keep(organisation.edge_at(HOST), directory, "edge")
        self.edge_client = _keep(organisation.edge_client, directory, "edge-client")
        self.trunk = _keep(organisation.trunk, directory, "trunk")

    context = Pki.context


def _keep(identity: Identity, directory: Path, name: str) -> Files:
    files = Files(directory / f"{name}.crt", directory / f"{name}.key")
    files.certificate.write_text(identity.certificate_pem)
    files.key.write_bytes(identity.key_pem)
    return files


class Bank:
    """Everything that runs. Use `start` and `stop`."""

    def __init__(self, directory: Path, **options: Any) -> None:
        self.directory = directory
        self.psp = PaymentService(directory / "psp")
        self.organisation = harbour_bank(directory / "org", DOMAIN)
        self.server = RunningServer(self.organisation, sqlite_url(directory), **options, **self.psp.options)
        self.server.start()
        # The parts of it that the edge's tests use are there; those that only a fake server has are not.
        self.pki = cast("Pki", BankPki(self.organisation, directory))
        settings = make_settings(self.pki, directory, self.server.url)
        settings = replace(settings, ephemeral_secret=self.organisation.sip_secret)
        self.edge = EdgeProcess(settings, directory / "etc")

    def start(self) -> World:
        """Start the edge, and return the world that a test sees."""
        self.edge.start()
        self.edge.wait_for_keeper("digits: connected to the server")
        return World(self.edge, cast("HearthlineServer", None), self.pki)

    def stop(self) -> None:
        """Stop everything."""
        self.edge.stop()
        self.server.stop()
        self.psp.close()

    def cut_off_keeper(self) -> None:
        """Close the edge's connection at the server's end, as a server that is started anew does."""
        keepers, loop = self.server.services.digits.keepers, self.server.loop
        loop.call_soon_threadsafe(keepers.cut_off)

    def written(self) -> str:
        """All that any process of it has logged, and all files of it but the customers' own database."""
        logs = self.edge.log + self.edge.keeper_log + self.server.log_text
        files = [path for path in self.directory.rglob("*") if path.is_file() and "hearthline.db" not in path.name]
        return logs + "".join(path.read_bytes().decode("latin-1") for path in files)


@dataclass
class Talk:
    """A connected call, with sound: the customer's plain RTP at the trunk, the agent's SRTP at home."""

    bank: Bank
    world: World
    desk: Desk
    ref: str
    call: Call | DialledCall
    customer: RtpPeer
    agent: SrtpPeer
    spoken: int = 0
    heard: list[Packet] = field(default_factory=list)

    def speak(self, frames: int = 3) -> list[bytes]:
        """The customer says something: frames that are all different; returns them."""
        said: list[bytes] = []
        for _ in range(frames):
            self.spoken += 1
            frame = struct.pack("!I", self.spoken) * (_FRAME // 4)
            self.customer.send(frame, timestamp=self.spoken * _FRAME)
            said.append(frame)
        return said

    def press(self, key: str) -> None:
        """The customer presses a key: a telephone event as RFC 4733 has it, its end sent three times."""
        self.spoken += 1
        event, start = "0123456789*#".index(key), self.spoken * _FRAME
        for ending, duration in ((0, 160), (0, 320), (0, 480), (0x80, 640), (0x80, 640), (0x80, 640)):
            self.customer.send(struct.pack("!BBH", event, ending | 10, duration), _EVENT, start)
        self.spoken += 4

    def inform(self, key: str, kind: str = "application/dtmf-relay") -> int:
        """The customer's switch tells of a key by INFO; returns what it is answered."""
        body = f"Signal={key}\r\nDuration=160\r\n" if kind.endswith("relay") else key
        self.call.from_trunk("INFO", headers=(f"Content-Type: {kind}",), body=body)
        assert self.call.trunk
        return self.call.trunk.wait_reply("INFO").status

    def listen(self, last: bytes) -> list[Packet]:
        """What the agent's desk receives, up to and with a certain frame of the customer's."""
        got: list[Packet] = []
        while not got or got[-1].payload != last:
            got.append(self.agent.receive())
        self.heard += got
        return got

    def answer_back(self, frames: int = 3) -> bool:
        """The agent says something; returns whether the customer hears exactly that."""
        said = [bytes([0x55, self.spoken % 256, index]) + bytes(_FRAME - 3) for index in range(frames)]
        for frame in said:
            self.agent.send(frame)
        return [self.customer.receive().payload for _ in said] == said

    def sealed_calls(self) -> list[tuple[str, str]]:
        """What the call store has marked as sealed."""
        with closing(sqlite3.connect(self.bank.edge.settings.call_store)) as store:
            return store.execute("SELECT public, digits FROM sealed_calls").fetchall()


def connect(bank: Bank, world: World, desk: Desk, agent: str, *, events: bool = True) -> Talk:
    """Have a customer whom the bank knows call an agent, who answers."""
    customer, home = RtpPeer(), SrtpPeer()
    extra = _EVENTS if events else ()
    peer: SipPeer = world.desk(agent)
    offer = HEAD + with_events(customer.section("a=rtpmap:8 PCMA/8000", *extra, "a=sendrecv"), events=events)
    call = place(world, peer, agent, caller=a_customers_number(bank), body=offer)
    home.take_answer(call.invite.body)
    call.pick_up(HEAD + with_events(home.section("a=rtpmap:8 PCMA/8000", *extra, "a=sendrecv"), events=events))
    assert call.answer
    customer.take_answer(call.answer.body)
    return Talk(bank, world, desk, call.ref, call, customer, home)


def call_back(bank: Bank, world: World, desk: Desk, agent: str, granted: DialReply) -> Talk:
    """Have an agent call a customer, who answers."""
    customer, home = RtpPeer(), SrtpPeer()
    trunk, peer = ready_trunk(world), world.desk(agent)
    offer = HEAD + with_events(home.section("a=rtpmap:8 PCMA/8000", *_EVENTS, "a=sendrecv"), events=True)
    assert granted.ref
    call = dial(world, peer, agent, granted.token, body=offer)
    customer.take_answer(call.arrive(trunk).body)
    answer = HEAD + with_events(customer.section("a=rtpmap:8 PCMA/8000", *_EVENTS, "a=sendrecv"), events=True)
    home.take_answer(call.pick_up(body=answer).body)
    return Talk(bank, world, desk, granted.ref, call, customer, home)


def with_events(section: str, *, events: bool) -> str:
    """Put the events' payload type into a stream's first line."""
    return re.sub(r"^(m=audio \d+ \S+ 8)", rf"\1 {_EVENT}", section) if events else section


async def sign_in(bank: Bank, name: str) -> Desk:
    """An agent at an enrolled desk."""
    it = It(bank.server, bank.organisation.admin)
    desk = Desk(bank.server)
    await desk.enrol(await it.code())
    await desk.sign_in(await it.add(name))
    return desk


def a_customers_number(bank: Bank) -> str:
    """The telephone number of somebody whom the bank knows."""
    engine = bank.server.database()
    with engine.connect() as connection:
        number = connection.exec_driver_sql("SELECT phone FROM customers ORDER BY id LIMIT 1").scalar_one()
    engine.dispose()
    return str(number)
