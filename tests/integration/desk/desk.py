"""A desk under test: events go in as a person and the network would cause them, snapshots come out."""

import asyncio
import base64
import functools
import json
import os
import pickle
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Protocol

import psutil

from client.app.runtime import Runtime
from client.app.telephone import MakeSupervisor
from client.core import events
from client.core import telephony as tel
from client.core.events import Event
from client.core.snapshot import DeskSnapshot, Screen
from client.security.hardware import Hardware
from client.security.posture import DeskSeen, Sensor
from client.sip.process import COMMAND
from client.sip.supervisor import EngineSupervisor
from tests.integration.desk.centre import CentreWithDoor
from tests.integration.desk.willing_line import WillingLine
from tests.stage.centre import Person
from tests.stage.home_machine import HomeMachine
from tests.unit.security.fakes import MemoryKeys

PATIENCE = 60.0
"""No test measures by this; it only ends a test that would wait for ever."""
CALL = 1


class _Desk(Protocol):
    def emit(self, event: Event) -> None: ...


class Seen:
    """Everything that a desk has shown, and ways to wait for more of it."""

    def __init__(self) -> None:
        self.snapshots: list[DeskSnapshot] = [DeskSnapshot()]
        self._news = asyncio.Event()

    def show(self, snapshot: DeskSnapshot) -> None:
        """Take a snapshot."""
        self.snapshots.append(snapshot)
        self._news.set()

    @property
    def now(self) -> DeskSnapshot:
        """What is on the screen."""
        return self.snapshots[-1]

    @property
    def problem(self) -> str:
        """The code of the problem on the screen; an empty string where there is none."""
        return _code(self.now)

    @property
    def problems(self) -> list[str]:
        """The codes of all problems that were ever on the screen, in order, each run of the same as one."""
        codes = [_code(snapshot) for snapshot in self.snapshots]
        return [code for code, before in zip(codes, ["", *codes], strict=False) if code and code != before]

    async def until(self, wanted: Callable[[DeskSnapshot], bool], what: str = "what was wanted") -> DeskSnapshot:
        """Wait until a snapshot, the present one or one that comes, is as wanted; none that comes is missed."""
        looked_at = len(self.snapshots) - 1
        try:
            async with asyncio.timeout(PATIENCE):
                while True:
                    self._news.clear()
                    while looked_at < len(self.snapshots):
                        snapshot = self.snapshots[looked_at]
                        looked_at += 1
                        if wanted(snapshot):
                            return snapshot
                    await self._news.wait()
        except TimeoutError:
            raise AssertionError(f"the desk never showed {what}; it shows {self.now}") from None

    async def until_problem(self, code: str) -> DeskSnapshot:
        """Wait until this problem is in front, in words."""
        snapshot = await self.until(lambda seen: _code(seen) == code, f"the problem {code}")
        assert snapshot.problem is not None
        assert all((snapshot.problem.happened, snapshot.problem.means, snapshot.problem.do))
        return snapshot

    async def until_well(self) -> DeskSnapshot:
        """Wait until no problem is left."""
        return await self.until(lambda seen: seen.problem is None, "no problem")

    async def until_screen(self, screen: Screen) -> DeskSnapshot:
        """Wait for a screen."""
        return await self.until(lambda seen: seen.screen is screen, f"the screen {screen}")

    async def until_connected(self) -> DeskSnapshot:
        """Wait for the server."""
        return await self.until(lambda seen: seen.status.server_connected, "a connection to the server")

    async def until_registered(self) -> DeskSnapshot:
        """Wait for the line."""
        registered = tel.RegistrationState.REGISTERED
        return await self.until(lambda seen: seen.status.registration is registered, "a registration")

    async def until_can(self, command: str) -> DeskSnapshot:
        """Wait until a command would do something."""
        return await self.until(lambda seen: command in seen.enabled, f"{command} enabled")


class Acts(Seen):
    """What a person does at the desk, on either kind of desk."""

    def emit(self, event: Event) -> None:
        """Let something happen."""
        raise NotImplementedError

    def does(self, command: str, panel: str = "") -> None:
        """Press the key of a command."""
        self.emit(events.Invoked(command, panel))

    def writes(self, note: str) -> None:
        """Type a note."""
        self.emit(events.NotesEdited(note))

    async def tries_code(self, code: str, server: str = "") -> DeskSnapshot:
        """Fill the enrolment form; returns what the desk shows when it is done."""
        return await self._submits(events.EnrolSubmitted(server, code))

    async def tries_to_sign_in(self, name: str, password: str, totp: str) -> DeskSnapshot:
        """Fill the sign-in form; returns what the desk shows when it is done."""
        return await self._submits(events.SignInSubmitted(name, password, totp))

    async def _submits(self, form: events.EnrolSubmitted | events.SignInSubmitted) -> DeskSnapshot:
        self.emit(form)
        await self.until(lambda seen: seen.busy, "that it is busy")
        return await self.until(lambda seen: not seen.busy, "that it is done")

    async def enrols(self, centre: CentreWithDoor) -> None:
        """Enrol with a new code of this centre."""
        await self.until_screen(Screen.ENROL)
        code = await asyncio.to_thread(centre.code)
        shown = await self.tries_code(code, centre.server_address)
        assert (shown.screen, _code(shown)) == (Screen.SIGN_IN, "")

    async def tries_as(self, person: Person) -> DeskSnapshot:
        """Sign in with the right name, password and code, whatever becomes of it."""
        totp = await asyncio.to_thread(person.fresh_code)
        return await self.tries_to_sign_in(person.name, person.password, totp)

    async def signs_in(self, person: Person) -> None:
        """Sign in; returns when the server and the line are there."""
        shown = await self.tries_as(person)
        assert shown.screen in {Screen.AGENT, Screen.SUPERVISOR}, _code(shown)
        await self.until_connected()

    async def is_ready(self) -> None:
        """Go ready as soon as the line is there, if not ready by now."""
        await self.until(lambda seen: bool(seen.enabled & {"work.ready", "work.pause"}), "a line")
        self.does("work.ready")
        await self.until_can("work.pause")

    def rings(self, ref: str) -> None:
        """Let a call ring, on a willing line."""
        self.emit(tel.CallIncoming(CALL, ref))

    async def talks(self, ref: str) -> None:
        """Take a call, on a willing line."""
        await self.is_ready()
        self.rings(ref)
        await self.until_can("call.answer")
        self.does("call.answer")
        await self.until(lambda seen: seen.wrap_up is not None, "that both ends have answered")

    async def has_talked(self, ref: str, note: str = "") -> None:
        """Take a call, note something, choose the first code, and be hung up on, on a willing line."""
        await self.talks(ref)
        self.writes(note)
        self.does("choose.1")
        self.emit(tel.CallEnded(CALL, tel.CallEnd.REMOTE))
        await self.until_can("work.save")


class Desk(Acts):
    """The real runtime in the test's own loop. It has no window; all else is as `hearthline` has it."""

    def __init__(
        self,
        directory: Path,
        keys: MemoryKeys,
        make_supervisor: MakeSupervisor,
        hardware: Hardware | None = None,
    ) -> None:
        super().__init__()
        self.directory = directory
        self.keys = keys
        sensor = Sensor(lambda: DeskSeen("offscreen"), HomeMachine())
        self.runtime = Runtime(
            directory, keys, "offscreen", self.show, make_supervisor, sensor=sensor, hardware=hardware
        )

    def emit(self, event: Event) -> None:
        """See Acts."""
        self.runtime.emit(event)

    @property
    def device_id(self) -> str:
        """The device's id at the server."""
        return str(json.loads((self.directory / "device.json").read_text())["id"])


def real_line(directory: Path, environment: Mapping[str, str]) -> MakeSupervisor:
    """The real engine under its real supervisor, on a PC with this environment."""
    command = ("env", *(f"{name}={value}" for name, value in environment.items()), *COMMAND)
    return functools.partial(EngineSupervisor, command=command, directory=directory)


class KilledDesk(Acts):
    """The real runtime in a process of its own, on a willing line, so that it can be killed as a power cut would.

    Its key store is a file: it has to outlive the process, as a real one does.
    """

    def __init__(self, directory: Path, keys_file: Path) -> None:
        super().__init__()
        self.directory = directory
        self._keys_file = keys_file
        self._process: asyncio.subprocess.Process | None = None
        self._reading: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Start the process."""
        self._process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "tests.integration.desk.desk_process", str(self.directory), str(self._keys_file)),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            limit=1 << 24,
            cwd=Path(__file__).parents[3],
        )
        self._reading = asyncio.create_task(self._read())

    def emit(self, event: Event) -> None:
        """See Acts."""
        assert self._process is not None
        assert self._process.stdin is not None
        self._process.stdin.write(base64.b64encode(pickle.dumps(event)) + b"\n")

    async def kill(self) -> None:
        """End it as a power cut would."""
        assert self._process is not None
        assert self._reading is not None
        if self._process.returncode is None:
            self._process.kill()
        await self._process.wait()
        await self._reading

    async def _read(self) -> None:
        assert self._process is not None
        assert self._process.stdout is not None
        async for line in self._process.stdout:
            self.show(pickle.loads(base64.b64decode(line)))  # noqa: S301 -- from our own child


def engine_pids() -> list[int]:
    """The engines of this test's desks."""
    children = psutil.Process(os.getpid()).children()
    return [child.pid for child in children if "client.sip.engine" in child.cmdline()]


def _code(snapshot: DeskSnapshot) -> str:
    return snapshot.problem.code if snapshot.problem else ""


__all__ = ["CALL", "PATIENCE", "Desk", "KilledDesk", "WillingLine", "real_line"]
