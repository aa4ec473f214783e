"""The stage of the group: a contact centre with a real edge, one home PC, one virtual card, and a customer's telephone.

The customer's telephone is baresip for everybody, on the same card, so what differs between two figures is the agent's.
"""

import contextlib
import os
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Self

import psutil

from bench.voice.peers import Agent, Place, baresip_sound
from bench.voice.wire import Wire
from provisioning.edge.credentials import ephemeral_credentials
from tests.stage.baresip import Baresip
from tests.stage.callers import CallPlan, OwnCaller, trunk_files
from tests.stage.centre import DOMAIN, Centre, Person
from tests.stage.customers import read_customers
from tests.stage.home_pc import HomePc
from tests.stage.ports import HOST
from tests.stage.process import StageError
from tests.stage.seat import Seat

_REGISTER_SECONDS = 40.0


class VoiceStage:
    """Everything that the measurements of whole telephones need."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.centre = Centre(directory / "centre", digest="MD5")
        self.pc = HomePc(directory / "pc")
        self.wire = Wire()
        self._number = 0
        self._parts = contextlib.ExitStack()

    def __enter__(self) -> Self:
        with contextlib.ExitStack() as starting:
            starting.enter_context(self.centre)
            starting.enter_context(self.pc)
            starting.enter_context(self.wire)
            # The session's runtime directory stays where the bus and the key store have it.
            self.pc.environment.update(self.wire.environment("agent"))
            self.customer = read_customers(self.centre.database_file)[3]
            self._parts = starting.pop_all()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._parts.close()

    def place(self, user: str) -> Place:
        """A fresh folder and fresh credentials for a peer."""
        self._number += 1
        directory = self.directory / f"{user}-{self._number}"
        expires = datetime.now(UTC) + timedelta(hours=3)
        credentials = ephemeral_credentials(user, self.centre.organisation.sip_secret, expires)
        return Place(self.centre, user, credentials, directory, dict(self.pc.environment))

    def registrations(self, user: str) -> int:
        """How often the edge has registered an agent."""
        return self.centre.edge_log.count(f"agent {user} registered")

    def wait_registered(self, user: str, before: int) -> float:
        """Wait until the edge has registered an agent once more; the time of it on the monotonic clock.

        Raises:
            StageError: it does not.
        """
        end = time.monotonic() + _REGISTER_SECONDS
        while time.monotonic() < end:
            if self.registrations(user) > before:
                return time.monotonic()
            time.sleep(0.002)
        raise StageError(f"{user} did not register in {_REGISTER_SECONDS:.0f} s")

    @contextlib.contextmanager
    def registered(self, agent: Agent) -> Iterator[None]:
        """A registered agent, while the block runs."""
        before = self.registrations(agent.user)
        try:
            agent.start()
            self.wait_registered(agent.user, before)
            yield
        finally:
            agent.stop()

    @contextlib.contextmanager
    def light_call(self, agent: Agent, says: Path) -> Iterator[OwnCaller]:
        """A call that rings at the agent, of a caller without a sound card; its recording is whole after the block."""
        self._number += 1
        record = self.directory / f"heard-{self._number}.wav"
        caller = OwnCaller(
            self.centre,
            CallPlan(agent.user, self.customer.phone, says, record),
            self.directory / f"caller-{self._number}.log",
        )
        try:
            caller.wait("ringing")
            yield caller
            caller.hang_up()
            caller.wait("ended")
        finally:
            caller.stop()

    @contextlib.contextmanager
    def ringing(self, agent: Agent) -> Iterator[Baresip]:
        """A customer's call that rings at the agent, and ends with the block."""
        self._number += 1
        caller = self._caller(self.directory / f"caller-{self._number}")
        try:
            caller.order("dial", f"sip:{agent.user}@{DOMAIN}")
            caller.wait("ringing")
            yield caller
            caller.order("hangup")
            with contextlib.suppress(StageError):
                caller.wait("ended", 5)
        finally:
            caller.stop()

    def _caller(self, directory: Path) -> Baresip:
        directory.mkdir()
        _ca, certificate, key = trunk_files(self.centre)
        identity = directory / "identity.pem"
        identity.touch(mode=0o600)
        identity.write_bytes(certificate.read_bytes() + key.read_bytes())
        proxy = f"sip:{HOST}:{self.centre.trunk_port};transport=tls"
        return Baresip(
            directory,
            self.centre,
            directory / "baresip.log",
            account=f'<sip:{self.customer.phone}@{DOMAIN};transport=tls>;regint=0;outbound="{proxy}"'
            ";mediaenc=srtp-mand;audio_codecs=opus/48000/2",
            more=f"{baresip_sound()}\nsip_certificate {identity}",
            environment={**os.environ, **self.wire.environment("caller")},
        )


class OurAgent:
    """Our desk, on the home PC's screen, with its engine."""

    name = "ours"

    def __init__(self, stage: VoiceStage) -> None:
        self._stage = stage
        self._person: Person = stage.centre.add_person("lin.yue", "林月")
        self.user = self._person.name
        self.seat = Seat(stage.pc, stage.pc.home / "desk")
        self.started_at = 0.0
        """When the last start began, on the monotonic clock."""
        self.typing = 0.0
        """How long the sign-in form was filled in at the last start: people type there."""

    def enrol(self) -> None:
        """Enrol the desk, once."""
        self.seat.open()
        self.seat.focuses("enrol.code")
        self.seat.types(self._stage.centre.new_code().link)
        self.seat.presses("Return")
        self.seat.focuses("sign-in.name")
        self.seat.close()

    def start(self) -> None:
        """See Agent."""
        # The code of this step may have been used; the wait for the next is not part of the start.
        code = self._person.fresh_code()
        self.started_at = time.monotonic()
        self.seat.open()
        self.seat.waits("the sign-in screen", lambda sight: sight.by_id("sign-in.totp") is not None)
        shown = time.monotonic()
        self.seat.fills_in_sign_in(self._person.name, self._person.password, code)
        self.typing = time.monotonic() - shown
        self.seat.presses("Return")

    def be_ready(self) -> None:
        """Take calls from now on."""
        self.seat.can("work.ready")
        self.seat.does("work.ready")
        self.seat.can("work.pause")

    def wrap_up(self) -> None:
        """Finish the work after a call."""
        self.seat.can("work.save")
        self.seat.does("choose.1")
        self.seat.does("work.save")
        self.seat.can("work.pause")

    @property
    def processes(self) -> list[psutil.Process]:
        """See Agent."""
        return [psutil.Process(self.seat.pid), psutil.Process(self.seat.engine_pid())]

    def answer(self) -> None:
        """See Agent."""
        self.seat.does("call.answer")

    def stop(self) -> None:
        """See Agent."""
        self.seat.close()
