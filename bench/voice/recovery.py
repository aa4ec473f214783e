"""An engine that dies in a call: how long until another is registered, and until two people hear each other again."""

import asyncio
import os
import signal
import statistics
import time
from pathlib import Path

from bench.report import Row
from bench.taken import OURS, Taken
from bench.voice.pair import Pair, engine_of, pair
from bench.voice.signals import tone_begins
from bench.voice.whole import AGENT_HZ, CALLER_HZ
from bench.voice.wire import Wire
from client.core.telephony import CallEnded, CallQuality, HangUp, RegistrationChanged
from tests.stage.tones import write_tone

GROUP = "voice"
_REGISTERED = "engine killed: new engine registered"
_SPEECH = "engine killed: both hear each other again"


def measure(directory: Path, runs: int) -> list[Row]:
    """Kill some engines."""
    taken = Taken()
    asyncio.run(_measure(directory, runs, taken))
    note = (
        "the caller hangs up and calls again as soon as the new engine is registered, and the desk answers at once; "
        "the edge does not offer a call again by itself"
    )
    slowest = max(taken.values[_SPEECH][OURS])
    return [
        Row(GROUP, _REGISTERED, "s", taken.median(_REGISTERED, OURS)),
        Row(
            GROUP, _SPEECH, "s", statistics.median(taken.values[_SPEECH][OURS]), note=f"{note}; slowest {slowest:.2f} s"
        ),
    ]


async def _measure(directory: Path, runs: int, taken: Taken) -> None:
    tones = {
        "caller": write_tone(directory / "recovery-caller.wav", CALLER_HZ, seconds=60),
        "agent": write_tone(directory / "recovery-agent.wav", AGENT_HZ, seconds=60),
    }
    with Wire() as wire:
        for run in range(runs):
            async with pair(
                directory / f"recovery-{run}", wire.environment("agent"), wire.environment("caller")
            ) as two:
                with (
                    wire.speaking("caller", tones["caller"]),
                    wire.speaking("agent", tones["agent"]),
                    wire.recording() as recording,
                ):
                    killed, registered = await _kill_and_call_again(two)
                    await asyncio.sleep(1.5)
            taken.add(_REGISTERED, OURS, registered - killed)
            # From here on only the new call is heard: the old one's sound was gone before.
            begin = recording.frame_at(registered)
            heard = [
                tone_begins(recording.channel(f"{ear}.ear")[begin:], hertz)
                for ear, hertz in (("agent", CALLER_HZ), ("caller", AGENT_HZ))
            ]
            if None in heard:
                deaf = "agent" if heard[0] is None else "caller"
                raise RuntimeError(f"the {deaf} heard nobody again after the engine was killed")
            taken.add(_SPEECH, OURS, registered - killed + max(one for one in heard if one is not None))


async def _kill_and_call_again(two: Pair) -> tuple[float, float]:
    _, callers = await two.talk()
    # A report on its quality says that the call has run for a while.
    await two.agent.next(CallQuality)
    engine = engine_of(two.agent)
    killed = time.monotonic()
    os.kill(engine.pid, signal.SIGKILL)
    await two.agent.next(RegistrationChanged, lambda report: report.state == "registered")
    registered = time.monotonic()
    two.caller.send(HangUp(callers))
    await two.caller.next(CallEnded)
    await two.talk()
    return killed, registered
