"""Real-time text: how long a typed character takes to the other side's desk, from engine to engine."""

import asyncio
import random
import statistics
import time
from pathlib import Path

from bench.report import Row
from bench.voice.pair import pair
from client.core.telephony import SendText, TextReceived
from tests.integration.engine.parts import Desk
from tests.integration.engine.virtual_sound import VirtualSound

GROUP = "voice"
_CHARACTERS = "Hello, 您好，请稍等。" * 3
_SETTLE_SECONDS = 2.0


def measure(directory: Path) -> list[Row]:
    """Measure the text of one call."""
    found = asyncio.run(_measure(directory))
    note = f"{len(found)} characters, typed at irregular times; the longest took {max(found):.0f} ms"
    aim = "at most 500 ms, also the slowest"
    return [
        Row(GROUP, "character typed to arrived, median", "ms", statistics.median(found), aim=aim, limit=500, note=note),
        Row(GROUP, "character typed to arrived, slowest", "ms", max(found), aim=aim, limit=500),
    ]


async def _measure(directory: Path) -> list[float]:
    # Its order is always the same, and falls on every place of the sender's interval.
    chance = random.Random(7)  # noqa: S311 -- not a secret
    with VirtualSound() as one, VirtualSound() as other:
        async with pair(directory / "text", one.environment, other.environment, text=True) as two:
            call, _ = await two.talk()
            await asyncio.sleep(_SETTLE_SECONDS)
            found = []
            for character in _CHARACTERS:
                typed = time.monotonic()
                two.agent.send(SendText(call, character))
                await _arrived(two.caller, character)
                found.append(1000 * (time.monotonic() - typed))
                await asyncio.sleep(0.05 + 0.3 * chance.random())
            await two.hang_up(call)
    return found


async def _arrived(desk: Desk, character: str) -> None:
    await desk.next(TextReceived, lambda report: character in report.text)
