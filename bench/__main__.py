"""The command line of the benchmarks."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from bench import first_call
from bench.report import Row, table, write

GROUPS: dict[str, Callable[[int], list[Row]]] = {"first-call": first_call.run}


def main(
    only: Annotated[str, typer.Option(help=f"One group: {', '.join(GROUPS)}.")] = "",
    out: Annotated[Path | None, typer.Option(help="Where to write the rows as JSON.")] = None,
    runs: Annotated[int, typer.Option(min=1, help="How often each figure is taken; the median counts.")] = 5,
) -> None:
    """Measure."""
    if only and only not in GROUPS:
        raise typer.BadParameter(f"there is no group {only}; there is {', '.join(GROUPS)}", param_hint="--only")
    rows = [row for name, group in GROUPS.items() if only in {"", name} for row in group(runs)]
    typer.echo(table(rows))
    if out is not None:
        write(rows, out)


if __name__ == "__main__":
    typer.run(main)
