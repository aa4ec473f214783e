"""Screen pop: from the call to the masked card on the screen, as the accessibility bus tells it, many times over."""

import time
from pathlib import Path
from statistics import quantiles

import typer

from bench.report import Row
from tests.stage.voice import VoiceStage

GROUP = "data"
CALLS = 60


def measure(directory: Path, calls: int = CALLS) -> list[Row]:
    """Call a desk on a real screen, see the customer's card, and give up before anybody answers."""
    taken = sorted(_pops(directory, calls))
    # With sixty calls, the 99th percentile is next to the slowest.
    centiles = quantiles(taken, n=100, method="inclusive")
    note = f"{calls} calls; slowest {1000 * taken[-1]:.0f} ms. It includes what the accessibility bus takes to tell."
    return [
        Row(GROUP, "screen pop: call offered to masked card on screen, p50", "ms", 1000 * centiles[49], note=note),
        Row(GROUP, "screen pop: call offered to masked card on screen, p99", "ms", 1000 * centiles[98]),
    ]


def _pops(directory: Path, calls: int) -> list[float]:
    taken = []
    with VoiceStage(directory) as stage:
        for number in range(calls):
            if number % 20 == 0:
                typer.echo(f"data: screen pop {number} of {calls}", err=True)
            with stage.calling(0) as caller:
                called = caller.wait("calling")
                stage.seat.sees("value.name")
                taken.append(time.monotonic() - called)
                caller.hang_up()
                caller.wait("ended")
            stage.seat.waits("the card is gone", lambda sight: sight.by_id("value.name") is None)
    return taken
