"""The parts of the group, each by itself: one that fails is a row that says so, and the others go on."""

import tempfile
from collections.abc import Callable
from pathlib import Path

import typer

from bench.options import Options
from bench.report import Row, not_measured
from bench.voice import endurance, loss, recovery, text
from bench.voice.stage import VoiceStage
from bench.voice.whole import Whole

GROUP = "voice"


def _whole(directory: Path, options: Options) -> list[Row]:
    with VoiceStage(directory) as stage:
        whole = Whole(stage, options.runs)
        whole.measure_all()
        return whole.rows()


PARTS: dict[str, Callable[[Path, Options], list[Row]]] = {
    "whole": _whole,
    "loss": lambda directory, _: loss.measure(directory),
    "recovery": lambda directory, options: recovery.measure(directory, options.runs),
    "text": lambda directory, _: text.measure(directory),
    "endurance": lambda directory, options: endurance.measure(directory, whole_hour=options.long),
}


def run(options: Options) -> list[Row]:
    """Measure the group, or the parts of it that were asked for."""
    rows: list[Row] = []
    for name, measure in PARTS.items():
        if options.parts and name not in options.parts:
            continue
        typer.echo(f"voice: {name}", err=True)
        with tempfile.TemporaryDirectory(prefix="hearthline-bench-", ignore_cleanup_errors=True) as directory:
            try:
                rows += measure(Path(directory), options)
            except Exception as error:
                rows.append(not_measured(GROUP, name, str(error) or type(error).__name__))
    return rows
