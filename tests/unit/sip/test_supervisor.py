"""The supervisor against engines that live, die, fall silent, and will not go."""

import asyncio
import os
import signal
import sys
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TypeVar

import pytest

from client.core.telephony import (
    CallIncoming,
    Configure,
    EngineStarted,
    EngineStopped,
    EngineUnfit,
    HangUp,
    Register,
    Report,
    Unregister,
)
from client.sip import supervisor as module
from client.sip.supervisor import LONGEST_PAUSE, EngineSupervisor, pause_before_start

CONFIGURE = Configure("example.invalid", (), "", (), 300)
PATIENCE = 20.0

R = TypeVar("R")


def register(password: str) -> Register:
    return Register("sip:agent@example.invalid", "agent", "example.invalid", password)


class Watcher:
    """A supervisor, its reports, and the credentials that the app would give it."""

    def __init__(self, folder: Path, behaviour: str, silence: float = 60.0) -> None:
        self.news: asyncio.Queue[Report] = asyncio.Queue()
        self.fresh: asyncio.Queue[Register | None] = asyncio.Queue()
        self.pauses: list[int] = []
        command = (sys.executable, "-m", "tests.unit.sip.fake_engine", behaviour)
        self.supervisor = EngineSupervisor(
            self.news.put_nowait,
            self.fresh.get,
            command=command,
            directory=folder / "run",
            pause=self._pause,
            silence_seconds=silence,
        )

    def _pause(self, deaths: int) -> float:
        self.pauses.append(deaths)
        return 0.0

    async def next(self, kind: type[R], wanted: Callable[[R], bool] = lambda _: True) -> R:
        async with asyncio.timeout(PATIENCE):
            while True:
                report = await self.news.get()
                if isinstance(report, kind) and wanted(report):
                    return report


@asynccontextmanager
async def watching(folder: Path, behaviour: str = "well", silence: float = 60.0) -> AsyncIterator[Watcher]:
    watcher = Watcher(folder, behaviour, silence)
    watcher.supervisor.start()
    try:
        yield watcher
    finally:
        await watcher.supervisor.stop()


async def test_orders_given_before_the_engine_is_there_reach_it(tmp_path: Path) -> None:
    async with watching(tmp_path) as watcher:
        watcher.supervisor.send(CONFIGURE)
        watcher.supervisor.send(register("four"))
        await watcher.next(EngineStarted)
        assert (await watcher.next(CallIncoming)).ref == "Configure"
        assert await watcher.next(CallIncoming) == CallIncoming(4, "Register")


async def test_the_token_is_in_no_argument_and_no_environment(tmp_path: Path) -> None:
    async with watching(tmp_path) as watcher:
        pid = (await watcher.next(EngineStarted)).pid
        token = watcher.supervisor._token.encode()
        for name in ("cmdline", "environ"):
            assert token not in await asyncio.to_thread(Path(f"/proc/{pid}/{name}").read_bytes)


async def test_a_killed_engine_is_replaced_and_told_everything_again(tmp_path: Path) -> None:
    async with watching(tmp_path) as watcher:
        watcher.supervisor.send(CONFIGURE)
        watcher.supervisor.send(register("old"))
        first = await watcher.next(EngineStarted)
        os.kill(first.pid, signal.SIGKILL)
        assert await watcher.next(EngineStopped) == EngineStopped(-signal.SIGKILL, 0.0)
        assert (await watcher.next(EngineStarted)).pid != first.pid
        # The last credentials at once; the fresh ones when they come.
        assert (await watcher.next(CallIncoming)).ref == "Configure"
        assert await watcher.next(CallIncoming) == CallIncoming(3, "Register")
        watcher.fresh.put_nowait(register("fresh"))
        assert await watcher.next(CallIncoming) == CallIncoming(5, "Register")


async def test_after_unregister_a_new_engine_does_not_register(tmp_path: Path) -> None:
    async with watching(tmp_path) as watcher:
        await watcher.next(EngineStarted)
        watcher.supervisor.send(register("old"))
        watcher.supervisor.send(Unregister())
        watcher.supervisor.send(HangUp(1))
        await watcher.next(EngineStopped)
        await watcher.next(EngineStarted)
        watcher.supervisor.send(CONFIGURE)
        assert (await watcher.next(CallIncoming)).ref == "Configure"


async def test_the_exit_status_is_told_and_deaths_in_a_row_are_counted(tmp_path: Path) -> None:
    async with watching(tmp_path) as watcher:
        for _ in range(3):
            await watcher.next(EngineStarted)
            watcher.supervisor.send(HangUp(1))
            assert (await watcher.next(EngineStopped)).exit_status == 7
        await watcher.next(EngineStarted)
    assert watcher.pauses == [1, 2, 3]


async def test_a_silent_engine_is_killed_and_replaced(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, expected_warnings: list[str]
) -> None:
    expected_warnings.append("does not answer")
    async with watching(tmp_path, "deaf", silence=0.3) as watcher:
        first = await watcher.next(EngineStarted)
        assert (await watcher.next(EngineStopped)).exit_status == -signal.SIGKILL
        assert (await watcher.next(EngineStarted)).pid != first.pid
    assert "does not answer" in caplog.text


async def test_an_engine_that_answers_is_left_alone(tmp_path: Path) -> None:
    async with watching(tmp_path, silence=0.3) as watcher:
        first = await watcher.next(EngineStarted)
        # Three of the periods after which a silent engine would be dead.
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(watcher.next(EngineStopped), 0.9)
        assert watcher.supervisor.engine_pid == first.pid


async def test_a_computer_that_slept_keeps_its_engine(tmp_path: Path) -> None:
    async with watching(tmp_path, silence=0.3) as watcher:
        first = await watcher.next(EngineStarted)
        # Both stand still, for longer than a silent engine would live.
        os.kill(first.pid, signal.SIGSTOP)
        time.sleep(0.9)  # noqa: ASYNC251 - the loop is to stand still.
        os.kill(first.pid, signal.SIGCONT)
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(watcher.next(EngineStopped), 0.9)
        assert watcher.supervisor.engine_pid == first.pid


async def test_what_does_not_speak_the_protocol_is_replaced(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, expected_warnings: list[str]
) -> None:
    expected_warnings.append("does not speak our protocol")
    async with watching(tmp_path, "garbled") as watcher:
        await watcher.next(EngineStopped)
        await watcher.next(EngineStopped)
    assert "does not speak our protocol" in caplog.text


async def test_an_unfit_engine_is_not_tried_again_soon(tmp_path: Path) -> None:
    async with watching(tmp_path, "unfit") as watcher:
        assert await watcher.next(EngineUnfit) == EngineUnfit("made so")
        assert await watcher.next(EngineStopped) == EngineStopped(3, LONGEST_PAUSE)


async def test_a_program_that_is_not_there_is_reported(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, expected_warnings: list[str]
) -> None:
    expected_warnings.append("could not be started")
    watcher = Watcher(tmp_path, "well")
    watcher.supervisor._command = (str(tmp_path / "missing"),)
    watcher.supervisor.start()
    assert (await watcher.next(EngineStopped)).exit_status == -1
    await watcher.supervisor.stop()
    assert "could not be started" in caplog.text


@pytest.mark.parametrize("behaviour", ["well", "stubborn"])
async def test_stop_always_ends_the_engine(tmp_path: Path, behaviour: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "STOPPING_SECONDS", 5.0 if behaviour == "well" else 0.1)
    async with watching(tmp_path, behaviour) as watcher:
        pid = (await watcher.next(EngineStarted)).pid
    assert watcher.supervisor.engine_pid is None
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


async def test_stop_before_start_does_nothing(tmp_path: Path) -> None:
    await Watcher(tmp_path, "well").supervisor.stop()


def test_the_first_start_is_at_once_and_later_ones_wait_longer_and_longer() -> None:
    assert [pause_before_start(deaths) for deaths in range(1, 9)] == [0.0, 1.0, 2.0, 4.0, 8.0, 16.0, 30.0, 30.0]
