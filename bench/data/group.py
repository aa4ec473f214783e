"""The parts of the group, each by itself: one that fails is a row that says so, and the others go on."""

import tempfile
from collections.abc import Callable
from pathlib import Path
from statistics import median

import typer

from bench.data import masking, pop
from bench.data.posture import measure_check, measure_drop
from bench.data.revocation import measure_revocation
from bench.options import Options
from bench.report import Row, not_measured

GROUP = "data"
_DROP_AIM, _DROP_LIMIT = "within 2 s", 2.0
_DOOR_AIM, _DOOR_LIMIT = "within 5 s", 5.0


def _drop(options: Options) -> list[Row]:
    taken = measure_drop(max(options.runs, 5))
    name = "remote control started to customer hidden"
    return [
        Row(GROUP, f"{name}, median", "s", median(taken), aim=_DROP_AIM, limit=_DROP_LIMIT),
        Row(GROUP, f"{name}, slowest of {len(taken)}", "s", max(taken), aim=_DROP_AIM, limit=_DROP_LIMIT),
    ]


def _revocation(options: Options) -> list[Row]:
    taken = measure_revocation(options.runs)
    return [
        Row(GROUP, f"revocation to closed door: {door}", "s", seconds, aim=_DOOR_AIM, limit=_DOOR_LIMIT)
        for door, seconds in taken.items()
    ]


def _check(_options: Options) -> list[Row]:
    cost = measure_check()
    return [
        Row(GROUP, "posture: one whole report", "s", cost.whole_seconds),
        Row(
            GROUP,
            "posture: one look at what runs, processor time",
            "ms",
            1000 * cost.quick_cpu_seconds,
            note=f"{cost.processes} programs",
        ),
    ]


def _pop(_options: Options) -> list[Row]:
    with tempfile.TemporaryDirectory(prefix="hearthline-bench-", ignore_cleanup_errors=True) as directory:
        return pop.measure(Path(directory))


PARTS: dict[str, Callable[[Options], list[Row]]] = {
    "pop": _pop,
    "masking": lambda options: masking.measure(options.runs),
    "drop": _drop,
    "revocation": _revocation,
    "check": _check,
}


def run(options: Options) -> list[Row]:
    """Measure the group, or the parts of it that were asked for."""
    rows: list[Row] = []
    for name, measure in PARTS.items():
        if options.parts and name not in options.parts:
            continue
        typer.echo(f"data: {name}", err=True)
        try:
            rows += measure(options)
        except Exception as error:
            rows.append(not_measured(GROUP, name, str(error) or type(error).__name__))
    return rows
