"""What the commands of hearthline-admin share."""

import json
import os
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from pydantic import BaseModel

from provisioning.data_policy import Clearance, read_clearance, word
from provisioning.organisation import Organisation

PASSPHRASE_VARIABLE = "HEARTHLINE_ORGANISATION_PASSPHRASE"  # noqa: S105

Directory = Annotated[
    Path,
    typer.Option("--dir", help="The organisation's directory.", envvar="HEARTHLINE_ORGANISATION", show_default=False),
]
LEVELS = "|".join(word(level) for level in Clearance)
"""The clearances, as the help shows them."""
AsJson = Annotated[bool, typer.Option("--json", help="Answer in JSON, for scripts.")]


def passphrase() -> bytes | None:
    """Return the passphrase of the private keys from the environment; options can be read by other users."""
    return os.environ.get(PASSPHRASE_VARIABLE, "").encode() or None


def level(text: str) -> Clearance:
    """Read a clearance from the command line.

    Raises:
        BadParameter: it is none.
    """
    try:
        return read_clearance(text)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from error


def open_organisation(directory: Path) -> Organisation:
    """Open the directory that a command is about.

    Raises:
        OrganisationError: there is no organisation, or its keys do not open.
    """
    return Organisation.open(directory, passphrase())


def say(text: str) -> None:
    """Tell the person at the terminal."""
    typer.echo(text)


def say_json(body: BaseModel | dict[str, object]) -> None:
    """Tell a script."""
    typer.echo(body.model_dump_json() if isinstance(body, BaseModel) else json.dumps(body, ensure_ascii=False))


def day(moment: datetime) -> str:
    """Write a moment as people here read it: local time, to the minute."""
    return moment.astimezone().strftime("%Y-%m-%d %H:%M")


def table(headings: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    """Lay rows out in columns."""
    widths = [max(len(row[column]) for row in (headings, *rows)) for column in range(len(headings))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in (headings, *rows)
    )
