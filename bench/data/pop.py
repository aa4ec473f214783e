"""Screen pop: from the call to the masked card on the screen, as the accessibility bus tells it, many times over."""

import contextlib
import time
from pathlib import Path
from statistics import quantiles

import typer

from bench.report import Row
from tests.stage.callers import CallPlan, OwnCaller
from tests.stage.centre import Centre
from tests.stage.customers import read_customers
from tests.stage.home_pc import HomePc
from tests.stage.seat import Seat
from tests.stage.tones import write_tone

GROUP = "data"
CALLS = 60
_CUSTOMER_HZ = 1_870.0


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
    says = write_tone(directory / "customer.wav", _CUSTOMER_HZ)
    with (
        Centre(directory / "centre") as centre,
        HomePc(directory / "pc") as pc,
        contextlib.closing(Seat(pc, pc.home / "desk")) as seat,
    ):
        seat.open()
        agent = centre.add_person("lin.yue", "林月")
        customer = read_customers(centre.database_file)[3]
        seat.focuses("enrol.code")
        seat.types(centre.new_code().link)
        seat.presses("Return")
        seat.focuses("sign-in.name")
        seat.fills_in_sign_in(agent.name, agent.password, agent.fresh_code())
        seat.presses("Return")
        seat.can("work.ready")
        seat.does("work.ready")
        seat.can("work.pause")
        for number in range(calls):
            if number % 20 == 0:
                typer.echo(f"data: screen pop {number} of {calls}", err=True)
            plan = CallPlan(agent.name, customer.phone, says, directory / f"heard-{number}.wav")
            caller = OwnCaller(centre, plan, directory / f"caller-{number}.log")
            try:
                called = caller.wait("calling")
                seat.sees("value.name")
                taken.append(time.monotonic() - called)
                caller.hang_up()
                caller.wait("ended")
                seat.waits("the card is gone", lambda sight: sight.by_id("value.name") is None)
            finally:
                caller.stop()
    return taken
