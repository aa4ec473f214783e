"""The desk is killed in a call. The call does not notice, and the next desk has it in hand."""

import asyncio
import json
import os
import sys
from asyncio.subprocess import PIPE
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import psutil  # type: ignore[import-untyped, unused-ignore]

from client.core.telephony import (
    CallConfirmed,
    CallEnd,
    CallEnded,
    CallIncoming,
    CallMedia,
    EdgeAddress,
    EngineStarted,
    EngineStopped,
    HangUp,
    RegistrationChanged,
    RegistrationState,
)
from client.sip.rendezvous import Meeting, PrivateFile
from tests.integration.engine import parts
from tests.integration.engine.authority import Authority
from tests.integration.engine.conftest import NO_SOUND
from tests.integration.engine.parts import Desk, calling, configuration
from tests.integration.engine.small_edge import SmallEdge
from tests.integration.engine.virtual_sound import RATE, VirtualSound, tone, tone_share

CUSTOMER_HERTZ, AGENT_HERTZ = 440.0, 950.0
DESK_AWAY = 1.5
INTERRUPTION = 0.75
"""Seconds. Sound that depended on the desk would be missing for as long as the desk is away; the tone's own pauses are
0.1 s, and those of a busy machine some tenths."""


async def desk_that_crashed(
    folder: Path, environment: Mapping[str, str], address: EdgeAddress, authority: Authority
) -> int:
    """Let a desk take the call, kill it, and return the engine's process id."""
    command = (sys.executable, "-m", "tests.integration.engine.desk_process")
    process = await asyncio.create_subprocess_exec(*command, stdin=PIPE, stdout=PIPE, stderr=asyncio.subprocess.DEVNULL)
    options = {
        "folder": str(folder),
        "environment": dict(environment),
        "port": address.port,
        "pin": address.pins[0],
        "ca": authority.pem,
    }
    if process.stdin is None or process.stdout is None:
        raise AssertionError
    process.stdin.write(json.dumps(options).encode() + b"\n")
    async with asyncio.timeout(parts.PATIENCE):
        said = await process.stdout.readline()
    process.kill()
    await process.wait()
    return int(said.split()[1])


def is_gone(pid: int) -> bool:
    """Whether a process has ended. Where nobody collects orphans, what is left of one is a zombie."""
    return not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE


def longest_silence(samples: "np.ndarray[tuple[int], np.dtype[np.int16]]") -> float:
    """The longest time in seconds that nothing was heard, in steps of 10 ms."""
    blocks = np.abs(samples[: samples.size // 480 * 480].reshape(-1, 480)).max(axis=1) > 500
    edges = np.flatnonzero(np.concatenate(([True], blocks, [True])))
    return float(np.diff(edges).max() - 1) / 100


async def test_the_call_does_not_notice_that_the_desk_was_killed(
    edge: SmallEdge, authority: Authority, address: EdgeAddress, tmp_path: Path, sound: VirtualSound
) -> None:
    folder = tmp_path / "run"
    registered = RegistrationChanged(RegistrationState.REGISTERED, f"localhost:{edge.port}", status=200)
    async with calling(edge, authority, tmp_path, tone(CUSTOMER_HERTZ, 1.0), wait_for=edge.desk_is_there) as customer:
        crash = asyncio.create_task(desk_that_crashed(folder, sound.environment, address, authority))
        await customer.event("media")
        # Recorded across the crash, from before it until the next desk has the call.
        with sound.record_headset() as heard:
            pid = await crash
            # Nothing is said while there is no desk; the customer goes on talking.
            await asyncio.to_thread(sound.play_into_mic, np.zeros(int(DESK_AWAY * RATE), dtype=np.int16))
            second = Desk(folder, sound.environment, PrivateFile(folder))
            second.send(configuration(authority, address))
            second.supervisor.start()
            started = await second.next(EngineStarted)
            assert (started.pid, started.adopted) == (pid, True)
            assert await second.next(RegistrationChanged) == registered
            assert await second.next(CallIncoming) == CallIncoming(1, "")
            await second.next(CallConfirmed)
            assert await second.next(CallMedia) == CallMedia(1, True, False, False, "opus", "AEAD_AES_256_GCM")
            assert second.supervisor.engine_pid == pid
            await asyncio.to_thread(sound.play_into_mic, tone(AGENT_HERTZ, 2.0))
        second.send(HangUp(1))
        assert await second.next(CallEnded) == CallEnded(1, CallEnd.LOCAL)
        await customer.event("ended")
        await customer.hang_up()
        await second.supervisor.stop()
    assert is_gone(pid)
    assert PrivateFile(folder).recall() is None
    assert tone_share(customer.heard(), AGENT_HERTZ) > 0.2
    began = np.flatnonzero(np.abs(heard.samples) > 500)[0]
    assert tone_share(heard.samples[began:], CUSTOMER_HERTZ) > 0.5
    assert longest_silence(heard.samples[began : heard.samples.size - RATE // 10]) < INTERRUPTION


async def test_an_adopted_engine_that_dies_is_replaced(
    edge: SmallEdge, authority: Authority, address: EdgeAddress, tmp_path: Path
) -> None:
    folder = tmp_path / "run"
    async with calling(edge, authority, tmp_path, tone(CUSTOMER_HERTZ, 1.0), wait_for=edge.desk_is_there):
        pid = await desk_that_crashed(folder, NO_SOUND, address, authority)
        second = Desk(folder, NO_SOUND, PrivateFile(folder))
        second.supervisor.start()
        await second.next(CallMedia)
        os.kill(pid, 9)
        assert await second.next(EngineStopped) == EngineStopped(-1, 0.0)
        fresh = await second.next(EngineStarted)
        assert fresh.pid != pid
        assert fresh.adopted is False
        await second.supervisor.stop()


async def test_a_meeting_with_nobody_is_forgotten(tmp_path: Path) -> None:
    folder = tmp_path / "run"
    PrivateFile(folder).remember(Meeting(f"unix:{folder}/engine-1.sock", "a token of an engine that is gone"))
    desk = Desk(folder, NO_SOUND, PrivateFile(folder))
    desk.supervisor.start()
    assert (await desk.next(EngineStarted)).adopted is False
    await desk.supervisor.stop()
