"""The command line of the benchmarks."""

import signal
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Annotated

import typer

from bench import first_call
from bench.data import group as data
from bench.options import Options
from bench.report import Row, table, write
from bench.voice import group as voice

GROUPS: dict[str, Callable[[Options], list[Row]]] = {"first-call": first_call.run, "voice": voice.run, "data": data.run}
PARTS = (*voice.PARTS, *data.PARTS)


def main(
    only: Annotated[str, typer.Option(help=f"One group: {', '.join(GROUPS)}.")] = "",
    out: Annotated[Path | None, typer.Option(help="Where to write the rows as JSON.")] = None,
    runs: Annotated[int, typer.Option(min=1, help="How often each figure is taken; the median counts.")] = 5,
    long: Annotated[bool, typer.Option("--long", help="Let the call of an hour take its hour.")] = False,
    part: Annotated[list[str] | None, typer.Option(help=f"Parts of a group: {', '.join(PARTS)}.")] = None,
) -> None:
    """Measure."""
    if only and only not in GROUPS:
        raise typer.BadParameter(f"there is no group {only}; there is {', '.join(GROUPS)}", param_hint="--only")
    if unknown := set(part or ()) - set(PARTS):
        raise typer.BadParameter(f"there is no part {', '.join(sorted(unknown))}", param_hint="--part")
    options = Options(runs, long, tuple(part or ()))
    rows = [row for name, group in GROUPS.items() if only in {"", name} for row in group(options)]
    typer.echo(table(rows))
    if out is not None:
        write(rows, out)


def _stop(_signal: int, _frame: FrameType | None) -> None:
    # So that every part of the stage is put away, and no process of it stays behind.
    raise SystemExit(128 + signal.SIGTERM)


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, _stop)
    typer.run(main)
