"""The engine as a process: how it starts, hands over, and ends."""

import asyncio
import contextlib
import json
import os
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from client.core.telephony import (
    AnswerCall,
    CallConfirmed,
    CallIncoming,
    CallMedia,
    EdgeAddress,
    EngineStarted,
    EngineStopped,
    EngineUnfit,
    Order,
    RegistrationChanged,
    RegistrationState,
    Report,
    SoundChanged,
    SoundDevices,
)
from client.sip.patience import Patience
from client.sip.process import COMMAND, address_of, connect, launch
from client.sip.protocol import MAX_LINE, Ping, Pong, decode_report, encode
from client.sip.supervisor import EngineSupervisor
from tests.integration.engine.authority import Authority
from tests.integration.engine.conftest import NO_SOUND
from tests.integration.engine.parts import PASSWORD, PATIENCE, calling, configuration, credentials
from tests.integration.engine.small_edge import SmallEdge
from tests.integration.engine.virtual_sound import tone

TOKEN = "a token of the test"
LONG = Patience(grace=60.0)
SILENT = ("env", *(f"{name}={value}" for name, value in NO_SOUND.items()), *COMMAND)
NO_CORE = (
    sys.executable,
    "-c",
    "import sys, runpy; sys.modules['pjsua2'] = None; sys.argv = ['engine'];"
    "runpy.run_module('client.sip.engine', run_name='__main__', alter_sys=True)",
)


class BareDesk:
    """A connection to an engine, without a supervisor."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    def send(self, *orders: Order | Ping) -> None:
        for order in orders:
            self._writer.write(encode(order))

    async def report(self) -> Report | Pong:
        async with asyncio.timeout(PATIENCE):
            return decode_report(await self._reader.readline())

    async def reports_until(self, wanted: Report | Pong) -> list[Report | Pong]:
        reports = [await self.report()]
        while reports[-1] != wanted:
            reports.append(await self.report())
        return reports

    async def is_closed(self) -> bool:
        async with asyncio.timeout(PATIENCE):
            while await self._reader.read(MAX_LINE):
                continue
        return True

    async def close(self) -> None:
        self._writer.close()
        with contextlib.suppress(OSError):
            await self._writer.wait_closed()


@asynccontextmanager
async def bare_desk(address: str, token: str = TOKEN) -> AsyncIterator[BareDesk]:
    desk = BareDesk(*await connect(address, token))
    try:
        yield desk
    finally:
        await desk.close()


@asynccontextmanager
async def engine(
    folder: Path, command: Sequence[str] = SILENT, patience: Patience = LONG
) -> AsyncIterator[tuple[Process, str]]:
    process = await launch(command, TOKEN, folder / "run", patience)
    try:
        yield process, await address_of(process, PATIENCE)
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def ended(process: Process) -> int:
    async with asyncio.timeout(PATIENCE):
        return await process.wait()


async def test_a_second_desk_takes_the_call_over(
    edge: SmallEdge, authority: Authority, address: EdgeAddress, tmp_path: Path
) -> None:
    edge.reference = "c_0123456789"
    registered = RegistrationChanged(RegistrationState.REGISTERED, f"localhost:{edge.port}", status=200)
    media = CallMedia(1, True, False, False, "opus", "AEAD_AES_256_GCM")
    async with engine(tmp_path) as (_, where), bare_desk(where) as first:
        first.send(configuration(authority, address), credentials())
        await first.reports_until(registered)
        async with calling(edge, authority, tmp_path, tone(440, 1.0)) as customer:
            await first.reports_until(CallIncoming(1, "c_0123456789"))
            first.send(AnswerCall(1))
            await first.reports_until(media)
            await customer.event("confirmed")
            # The first desk is gone without a word, as when it crashed.
            await first.close()
            async with bare_desk(where) as second:
                told = await second.reports_until(media)
                assert isinstance(told[0], EngineStarted)
                assert isinstance(told[1], SoundDevices)
                assert isinstance(told[2], SoundChanged)
                assert told[3:] == [registered, CallIncoming(1, "c_0123456789"), CallConfirmed(1), media]
                # Saying again what it always says does not disturb the line.
                second.send(configuration(authority, address), Ping(5))
                after = await second.reports_until(Pong(5))
                assert not [report for report in after if isinstance(report, RegistrationChanged)]


async def test_two_desks_at_once_are_one_too_many(tmp_path: Path) -> None:
    async with engine(tmp_path) as (_, where), bare_desk(where) as first:
        assert isinstance(await first.report(), EngineStarted)
        async with bare_desk(where) as second:
            assert isinstance(await second.report(), EngineStarted)
            assert await first.is_closed()


async def test_a_wrong_token_gets_nothing(tmp_path: Path) -> None:
    async with engine(tmp_path) as (_, where), bare_desk(where, "guessed") as stranger:
        assert await stranger.is_closed()


async def test_without_desk_and_call_the_engine_leaves(tmp_path: Path) -> None:
    async with engine(tmp_path, patience=Patience(grace=0.2)) as (process, where):
        assert await ended(process) == 0
    assert not os.path.exists(where.removeprefix("unix:"))  # noqa: ASYNC240 - nothing runs beside it any more.


async def test_with_a_call_the_engine_stays_until_the_call_ends(
    edge: SmallEdge, authority: Authority, address: EdgeAddress, tmp_path: Path
) -> None:
    async with engine(tmp_path, patience=Patience(grace=0.2)) as (process, where):
        async with bare_desk(where) as desk:
            desk.send(configuration(authority, address), credentials())
            await asyncio.wait_for(edge.registrations.get(), PATIENCE)
            async with calling(edge, authority, tmp_path, tone(440, 1.0)) as customer:
                await desk.reports_until(CallIncoming(1, ""))
                desk.send(AnswerCall(1))
                await desk.reports_until(CallConfirmed(1))
                await desk.close()
                # Several times the grace: an engine that counted it would be gone.
                with pytest.raises(TimeoutError):
                    await asyncio.wait_for(asyncio.shield(process.wait()), 1.0)
                await customer.hang_up()
        assert await ended(process) == 0


async def test_sigterm_leaves_the_edge_and_ends_in_order(
    edge: SmallEdge, authority: Authority, address: EdgeAddress, tmp_path: Path
) -> None:
    async with engine(tmp_path) as (process, where), bare_desk(where) as desk:
        desk.send(configuration(authority, address), credentials())
        assert await asyncio.wait_for(edge.registrations.get(), PATIENCE) == 300
        process.terminate()
        assert await asyncio.wait_for(edge.registrations.get(), PATIENCE) == 0
        assert await ended(process) == 0


async def test_a_missing_media_core_is_told(tmp_path: Path) -> None:
    async with engine(tmp_path, NO_CORE) as (process, where), bare_desk(where) as desk:
        report = await desk.report()
        assert isinstance(report, EngineUnfit)
        assert "pjsua2" in report.reason
        assert await ended(process) == 3


async def test_the_supervisor_passes_on_that_the_core_is_unfit(tmp_path: Path) -> None:
    news: asyncio.Queue[Report] = asyncio.Queue()
    fresh: asyncio.Queue[None] = asyncio.Queue()
    supervisor = EngineSupervisor(news.put_nowait, fresh.get, command=NO_CORE, directory=tmp_path / "run")
    supervisor.start()
    assert isinstance(await asyncio.wait_for(news.get(), PATIENCE), EngineUnfit)
    assert (await asyncio.wait_for(news.get(), PATIENCE)) == EngineStopped(3, 30.0)
    await supervisor.stop()


async def test_nobody_but_the_desk_starts_it(tmp_path: Path) -> None:
    process = await asyncio.create_subprocess_exec(*SILENT, stdin=PIPE, stdout=PIPE, stderr=PIPE, cwd=tmp_path)
    _, said = await process.communicate(b"\n")
    assert process.returncode == 2
    assert b"Traceback" not in said


async def test_no_secret_is_in_arguments_environment_or_log(
    edge: SmallEdge, authority: Authority, address: EdgeAddress, tmp_path: Path
) -> None:
    process = await launch(SILENT, TOKEN, tmp_path / "run")
    async with bare_desk(await address_of(process, PATIENCE)) as desk:
        desk.send(configuration(authority, address), credentials("a wrong " + PASSWORD))
        report = await desk.report()
        while not (isinstance(report, RegistrationChanged) and report.state is RegistrationState.FAILED):
            report = await desk.report()
        proc = Path(f"/proc/{process.pid}")
        visible = [await asyncio.to_thread((proc / name).read_bytes) for name in ("cmdline", "environ")]
        process.terminate()
        out, said = await process.communicate()
    for secret in (TOKEN.encode(), PASSWORD.encode(), credentials().username.encode()):
        assert secret not in b"".join([*visible, out, said])
    assert b"REGISTER sip" not in said


async def test_no_core_dump(tmp_path: Path) -> None:
    async with engine(tmp_path) as (process, _):
        limits = await asyncio.to_thread(Path(f"/proc/{process.pid}/limits").read_text)
        (line,) = [line for line in limits.splitlines() if line.startswith("Max core file size")]
        assert line.split()[4:6] == ["0", "0"]
        # An undumpable process's memory files belong to root, whoever runs it (proc(5)).
        assert os.stat(f"/proc/{process.pid}/mem").st_uid == 0


async def test_the_announcement_is_all_that_is_on_standard_output(tmp_path: Path) -> None:
    process = await launch(SILENT, TOKEN, tmp_path / "run", Patience(grace=0.2))
    out, _ = await process.communicate()
    assert set(json.loads(out)) == {"listening"}
