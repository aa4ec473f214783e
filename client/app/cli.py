"""The desk's command line: `hearthline` opens the desk, `hearthline enrol CODE` turns this PC into a device."""

import asyncio
import logging
import sys
from pathlib import Path
from typing import Annotated

import platformdirs
import typer

from client.core.problems import problem
from client.security.enrol import BadServerAddress, Invitation
from client.security.enrol import enrol as enrol_device
from client.security.hardware import hardware_of_this_pc
from client.security.identity import DeviceProfile, NotEnrolled
from client.security.keystore import SystemKeyStore
from client.security.posture import DeskSeen, Sensor
from client.security.trouble import problem_code
from client.sip.engine.hardening import forbid_dumps
from provisioning.enrolment import BadEnrolmentCode
from provisioning.posture import PosturePolicy

app = typer.Typer(
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Hearthline: the desk of a contact centre agent at home.",
)
_ADDED = """
The open desk adds: the kind of screen, how many monitors there are and whether one is drawn elsewhere, whether captures
leave the desk out, where the device's key is, the time, and the report's number. Nothing else leaves this PC."""
_Profile = Annotated[
    Path | None, typer.Option(help="Where this desk keeps its files; for a second organisation on the same PC.")
]


def main() -> None:
    """Run the command line."""
    forbid_dumps()
    app()


@app.callback(invoke_without_command=True)
def desk(
    context: typer.Context, profile: _Profile = None, link: Annotated[str, typer.Option(hidden=True)] = ""
) -> None:
    """Open the desk."""
    if context.invoked_subcommand is None:
        _log_to_stderr()
        # Qt is heavy; the other commands don't need it.
        from client.app.window import run_desk  # noqa: PLC0415

        sys.exit(run_desk(_directory(profile), _keys(profile), link, hardware_of_this_pc()))


@app.command()
def enrol(
    code: Annotated[str, typer.Argument(help="The enrolment code or hearthline:// link; '-' asks for it.")],
    server: Annotated[str, typer.Option(help="The server's address, as host or host:port; a link has it.")] = "",
    profile: _Profile = None,
) -> None:
    """Turn this PC into a device of your organisation."""
    # Arguments can be seen in the process list. The code works once and its holder uses it up now, but '-' hides it.
    typed = typer.prompt("Enrolment code", hide_input=True) if code == "-" else code
    try:
        invitation = Invitation.read(server, typed)
        store = _device_profile(profile)
        device = asyncio.run(enrol_device(invitation, store))
    except BadEnrolmentCode:
        _give_up("enrolment-code-mistyped")
    except BadServerAddress:
        _give_up("enrolment-server-wrong")
    except Exception as error:  # Sorted into words; a traceback could hold the code.
        _give_up(problem_code(error))
    else:
        typer.echo(f"This PC is now a device of {device.manifest.organisation}. Open the desk to sign in: hearthline")


@app.command()
def status(profile: _Profile = None) -> None:
    """Say whether this PC is enrolled."""
    try:
        device = _device_profile(profile).load()
        device.check_certificate()
    except NotEnrolled:
        typer.echo("This PC is not enrolled.")
        raise typer.Exit(1) from None
    except Exception as error:  # As above.
        _give_up(problem_code(error))
    else:
        typer.echo(f"Enrolled with {device.manifest.organisation}, as device {device.id}.")


@app.command()
def posture(profile: _Profile = None) -> None:
    """Show what this PC would report of itself. Nothing is sent, and nobody need be signed in."""
    try:
        policy = _device_profile(profile).manifest().posture
    except NotEnrolled:
        policy = PosturePolicy()
    except Exception as error:  # As above.
        _give_up(problem_code(error))
    # Only the desk's windows know of the screen; these lines say so.
    sensor = Sensor(lambda: DeskSeen("", monitors=None))
    facts, _, integrity = sensor.at_sign_in(policy)
    hits = facts["programs"]
    listed = None if hits is None else ", ".join(f"{hit.name} ({hit.kind})" for hit in hits) or "none of the list"
    for name, value in sorted({**facts, "programs": listed, "integrity": integrity}.items()):
        typer.echo(f"{name.replace('_', '-'):<22} {'unknown' if value is None else value}")
    typer.echo(_ADDED)


@app.command()
def forget(profile: _Profile = None) -> None:
    """Make this PC a stranger again: its key and certificate are deleted here. IT should revoke it as well."""
    try:
        _device_profile(profile).forget()
    except Exception as error:  # As above.
        _give_up(problem_code(error))
    typer.echo("This PC is no longer enrolled.")


def _device_profile(profile: Path | None) -> DeviceProfile:
    return DeviceProfile(_directory(profile), _keys(profile), hardware_of_this_pc())


def _directory(profile: Path | None) -> Path:
    return profile or platformdirs.user_data_path("hearthline", appauthor=False)


def _keys(profile: Path | None) -> SystemKeyStore:
    return SystemKeyStore(str(profile.resolve()) if profile else "default")


def _give_up(code: str) -> None:
    words = problem(code)
    typer.echo(f"{words.happened}\n{words.means}\n{words.do}", err=True)
    raise typer.Exit(1)


def _log_to_stderr() -> None:
    """Log information and above. What is logged are codes and kinds, never what a person typed."""
    logging.basicConfig(level=logging.INFO, stream=sys.stderr, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    # These write addresses and headers at lower levels, and nothing that a person could act on.
    for name in ("httpx2", "httpcore2", "websockets", "asyncio"):
        logging.getLogger(name).setLevel(logging.WARNING)
