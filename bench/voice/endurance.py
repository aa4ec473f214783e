"""Leaks: many calls one after another, and one long call. Memory is what is an engine's alone (USS)."""

import asyncio
import contextlib
import time
from pathlib import Path

import psutil
import typer

from bench.report import Row, not_measured
from bench.taken import uss
from bench.voice.pair import Pair, pair
from bench.voice.signals import slope
from bench.voice.whole import AGENT_HZ, CALLER_HZ
from client.core.telephony import (
    CallEnded,
    CallIncoming,
    CallOutgoing,
    EngineStopped,
    HangUp,
    SoundChanged,
    SoundNews,
)
from tests.integration.engine.virtual_sound import VirtualSound
from tests.stage.tones import write_tone

GROUP = "voice"
CALLS = 1_000
_WARM_CALLS = 50
_TALK_SECONDS = 0.2
_TOO_MANY = 10
LONG_SECONDS, SHORT_SECONDS = 3_600.0, 180.0
_SAMPLE_SECONDS = 2.0
_WARM_SECONDS = 60.0
_AIM = "at most 5% above that after the first 50"


def measure(directory: Path, *, whole_hour: bool) -> list[Row]:
    """Many short calls between two engines and, at the same time, a long one between two others."""
    return asyncio.run(_both(directory, LONG_SECONDS if whole_hour else SHORT_SECONDS))


async def _both(directory: Path, seconds: float) -> list[Row]:
    found = await asyncio.gather(_calls(directory, CALLS), _long_call(directory, seconds), return_exceptions=True)
    rows: list[Row] = []
    for what, result in zip(("calls one after another", "a long call"), found, strict=True):
        if isinstance(result, BaseException):
            rows.append(not_measured(GROUP, what, str(result) or type(result).__name__))
        else:
            rows += result
    return rows


async def _calls(directory: Path, calls: int) -> list[Row]:
    memory: dict[str, list[float]] = {"agent": [], "caller": []}
    troubles: list[str] = []
    begun = time.monotonic()
    with VirtualSound() as one, VirtualSound() as other:
        async with pair(directory / "calls", one.environment, other.environment) as two:
            processes = two.processes()
            for number in range(calls):
                for desk in (two.agent, two.caller):
                    desk.reports.clear()
                try:
                    call, _ = await two.talk()
                    await asyncio.sleep(_TALK_SECONDS)
                    await two.hang_up(call)
                except TimeoutError:
                    troubles.append(f"call {number + 1} {_what_went_wrong(two)}")
                    typer.echo(f"voice: {troubles[-1]}", err=True)
                    if _has_crashed(two) or len(troubles) == _TOO_MANY:
                        break
                    await _clear_away(two)
                else:
                    for name, process in processes.items():
                        memory[name].append(uss(process))
                if (number + 1) % 100 == 0:
                    typer.echo(f"voice: {number + 1} calls", err=True)
    made = len(memory["agent"])
    failed = Row(
        GROUP,
        f"calls that failed, of {made + len(troubles)}",
        "calls",
        float(len(troubles)),
        aim="none",
        limit=0,
        note="; ".join(troubles),
    )
    if made <= _WARM_CALLS:
        return [failed, not_measured(GROUP, "memory after many calls", f"only {made} calls came about")]
    rate = made / (time.monotonic() - begun)
    return [failed, *(_calls_row(name, values, calls, rate) for name, values in memory.items())]


async def _clear_away(two: Pair) -> None:
    """End what is left of a call that failed, and forget what was told of it."""
    for desk in (two.agent, two.caller):
        for report in list(desk.reports):
            if isinstance(report, CallIncoming | CallOutgoing):
                desk.send(HangUp(report.call))
        # What is ended is told by this time, or not at all.
        with contextlib.suppress(TimeoutError):
            await desk.next(CallEnded)


def _has_crashed(two: Pair) -> bool:
    return any(isinstance(report, EngineStopped) for desk in (two.agent, two.caller) for report in desk.reports)


def _what_went_wrong(two: Pair) -> str:
    """In words, from what the engines reported in the call."""
    for name, desk in (("answers", two.agent), ("calls", two.caller)):
        for report in desk.reports:
            if isinstance(report, EngineStopped):
                return f"crashed the engine that {name} (status {report.exit_status})"
            if isinstance(report, SoundChanged) and report.news is SoundNews.LOST:
                return f"stood still: the engine that {name} lost its sound device"
    return "stood still"


def _calls_row(name: str, values: list[float], calls: int, rate: float) -> Row:
    early, late = values[_WARM_CALLS - 1], values[-1]
    numbers = [float(number) for number in range(_WARM_CALLS, len(values))]
    per_call = 1000 * slope(numbers, values[_WARM_CALLS:])
    return Row(
        GROUP,
        f"memory after {len(values)} calls, engine that {'answers' if name == 'agent' else 'calls'}",
        "% of that after 50",
        100 * late / early,
        aim=_AIM,
        limit=105,
        note=f"{early:.1f} MB after {_WARM_CALLS}, {late:.1f} MB after {len(values)} of {calls} calls (USS); "
        f"slope {per_call:+.2f} kB a call; {rate:.1f} calls a second",
    )


async def _long_call(directory: Path, seconds: float) -> list[Row]:
    tones = {
        "caller": write_tone(directory / "long-caller.wav", CALLER_HZ, seconds=seconds + 10, rate=8_000),
        "agent": write_tone(directory / "long-agent.wav", AGENT_HZ, seconds=seconds + 10, rate=8_000),
    }
    with (
        VirtualSound() as one,
        VirtualSound() as other,
        one.speaking(tones["agent"]),
        other.speaking(tones["caller"]),
    ):
        async with pair(directory / "long", one.environment, other.environment) as two:
            call, _ = await two.talk()
            times, values = await _watch(two, two.processes()["agent"], seconds)
            await two.hang_up(call)
    warm = next(index for index, moment in enumerate(times) if moment >= _WARM_SECONDS)
    per_hour = 3_600_000 * slope(times[warm:], values[warm:])
    whole = seconds >= LONG_SECONDS
    return [
        Row(
            GROUP,
            f"memory after a call of {seconds / 60:.0f} minutes",
            f"% of that after {_WARM_SECONDS:.0f} s",
            100 * values[-1] / values[warm],
            aim="at most 5% above, after an hour",
            limit=105 if whole else None,
            note=f"{values[warm]:.1f} MB after {_WARM_SECONDS:.0f} s, {values[-1]:.1f} MB at the end (USS); slope "
            f"{per_hour:+.0f} kB an hour" + ("" if whole else "; this is not the hour, which --long takes"),
        )
    ]


async def _watch(two: Pair, engine: psutil.Process, seconds: float) -> tuple[list[float], list[float]]:
    begun = time.monotonic()
    times: list[float] = []
    values: list[float] = []
    while time.monotonic() - begun < seconds:
        await asyncio.sleep(_SAMPLE_SECONDS)
        times.append(time.monotonic() - begun)
        values.append(uss(engine))
        # Nobody reads what they report each second; it would pile up here for an hour.
        for desk in (two.agent, two.caller):
            desk.reports.clear()
    return times, values
