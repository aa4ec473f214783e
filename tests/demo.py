"""`make demo`: the first call on real parts, either told unattended as a script, or played by you.

make demo                                           a desk opens (or Xvfb is used), and stays until Enter
make demo ARGS="--script first-call --out DIR"      unattended: report.json and pictures in DIR
"""

import contextlib
import importlib.metadata
import json
import os
import platform
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Annotated

import typer

from tests.stage.callers import CallPlan, OwnCaller
from tests.stage.process import StageError
from tests.stage.story import Outcome, Story
from tests.stage.tones import write_speech

SPEECH = "Hello. I have a question about my bill this month. Could I pay it in instalments, please?"


def main(
    script: Annotated[str, typer.Option(help="Run unattended; the only script so far is first-call.")] = "",
    out: Annotated[Path, typer.Option(help="Where report and pictures go.")] = Path("out/demo"),
    language: Annotated[str, typer.Option(help="The desk's language: zh or en.")] = "zh",
) -> None:
    """Show the first call."""
    if script not in {"", "first-call"}:
        raise typer.BadParameter("the only script so far is first-call", param_hint="--script")
    if language not in {"zh", "en"}:
        raise typer.BadParameter("zh or en", param_hint="--language")
    if not script and "DISPLAY" not in os.environ and not sys.stdin.isatty():
        typer.echo("There is neither a display nor a terminal here, so the story is told unattended.")
        script = "first-call"
    with tempfile.TemporaryDirectory(prefix="hearthline-demo-") as directory:
        story = Story(
            Path(directory),
            OwnCaller,
            language=language,
            pictures=out if script else None,
            display=None if script else os.environ.get("DISPLAY"),
            observer=_tell,
        )
        try:
            ok = _unattended(story, out) if script else _attended(story)
        finally:
            story.end()
    raise typer.Exit(0 if ok else 1)


def _unattended(story: Story, out: Path) -> bool:
    out.mkdir(parents=True, exist_ok=True)
    ok = story.tell()
    report = {
        "steps": [
            {"name": step.name, "ok": step.ok, "seconds": step.seconds, "detail": step.detail}
            for step in story.outcomes
        ],
        "versions": versions(),
    }
    (out / "report.json").write_text(json.dumps(report, indent=2, ensure_ascii=False) + "\n")
    if not ok:
        story.keep_logs(out / "logs")
    typer.echo(
        f"\n{'All well.' if ok else 'It failed.'} The report is {out / 'report.json'}; the pictures are beside it."
    )
    return ok


def _attended(story: Story) -> bool:
    story.provision()
    assert story.agent is not None
    assert story.customer is not None
    code = story.centre.new_code()
    if story.display is None:
        typer.echo(f"No display here, so the desk is on a virtual screen, {story.pc.environment['DISPLAY']}.")
    typer.echo(
        f"\nA desk opens. Everything about it is synthetic and ends with this program.\n"
        f"  enrolment code   {code.code}\n"
        f"  server address   {story.centre.server_address}\n"
        f"  sign in          {story.agent.name}\n"
        f"  password         {story.agent.password}\n"
        "  six digits       type 'd' here, when you need them\n"
    )
    story.seat.open()
    try:
        _play(story)
    finally:
        story.seat.close()
    return True


def _play(story: Story) -> None:
    assert story.agent is not None
    assert story.customer is not None
    speech = write_speech(story.directory / "speech.wav", SPEECH)
    calls = 0
    with contextlib.ExitStack() as callers:
        while story.seat.alive:
            typer.echo("[d] six digits   [c] a customer calls   [k] kill the engine   [q] end: ", nl=False)
            line = sys.stdin.readline()
            match line.strip().lower():
                case "d":
                    typer.echo(story.agent.code())
                case "c":
                    calls += 1
                    plan = CallPlan(story.agent.name, story.customer.phone, speech, story.directory / f"{calls}.wav")
                    caller = OwnCaller(story.centre, plan, story.directory / f"caller-{calls}.log")
                    callers.callback(caller.stop)
                case "k":
                    with contextlib.suppress(LookupError):
                        story.seat.kill_engine()
                case "q" | "" if line:
                    if line.strip():
                        return
                case _:
                    if not line:
                        return


def _tell(outcome: Outcome) -> None:
    typer.echo(f"{'ok  ' if outcome.ok else 'FAIL'} {outcome.name:<12} {outcome.seconds:6.2f} s  {outcome.detail}")


def versions() -> dict[str, str]:
    """What the story ran on."""
    found = {"python": platform.python_version(), "system": platform.platform()}
    for package in ("hearthline", "pjsua2", "PySide6-Essentials", "cryptography", "fastapi", "SQLAlchemy", "uvicorn"):
        with contextlib.suppress(importlib.metadata.PackageNotFoundError):
            found[package] = importlib.metadata.version(package)
    for program, argument in (("kamailio", "-v"), ("rtpengine", "--version"), ("baresip", "-h")):
        with contextlib.suppress(OSError, subprocess.SubprocessError):
            done = subprocess.run([program, argument], check=False, capture_output=True, text=True, timeout=10)
            words = (done.stdout or done.stderr).strip().splitlines()
            if words:
                found[program] = words[0].strip()
    return found


if __name__ == "__main__":
    try:
        typer.run(main)
    except StageError as error:
        sys.exit(f"The demo stopped: {error}")
