"""hearthline-admin watermark: whose desk a picture is of."""

import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from provisioning.admin.bodies import PeopleReply
from provisioning.admin.client import AdminClient
from provisioning.admin.common import AsJson, Directory, open_organisation, say, say_json
from provisioning.api import DevicesReply
from provisioning.watermark.mark import Mark, device_code, person_code

app = typer.Typer(help="The invisible watermark of desks' windows.", no_args_is_help=True)


class NoReader(Exception):
    """The packages that look into pictures are not installed here."""


class BadPicture(Exception):
    """The file is no picture that can be opened."""


@app.callback()
def about() -> None:
    """The invisible watermark of desks' windows."""


@app.command()
def read(
    directory: Directory,
    image: Annotated[Path, typer.Argument(help="A screenshot or a photograph: PNG, JPEG and the like.")],
    as_json: AsJson = False,
) -> None:
    """Say which device, person and hour a picture of a desk's window is from. Exits with 1 when it holds no mark."""
    mark = read_image(image)
    if mark is None:
        if as_json:
            say_json({"found": False, "candidates": []})
        else:
            say("No watermark was found in this picture. That does not prove that it is from no desk.")
        raise typer.Exit(1)
    with AdminClient(open_organisation(directory)) as client:
        devices = client.get("/admin/devices", DevicesReply).devices
        people = client.get("/admin/people", PeopleReply).people
    pairs = resolve(mark, [device.id for device in devices], [person.name for person in people])
    hour = datetime.fromtimestamp(mark.latest_hour(time.time()), UTC)
    names = {device.id: device.name for device in devices}
    if as_json:
        found = [{"device": device, "name": names[device], "person": person} for device, person in pairs]
        say_json({"found": True, "hour": hour.isoformat(), "candidates": found})
        return
    say(f"hour    {hour:%Y-%m-%d %H}:00 to {hour:%H}:59 UTC, if the picture is younger than 682 days")
    for device, person in pairs:
        say(f"device  {device} ({names[device]})")
        say(f"person  {person or 'nobody whom the server knows now'}")
    if not pairs:
        say("device  none that the server knows now")
    say("Confirm it with the sign-ins in the audit log before anything follows from it.")


def resolve(mark: Mark, devices: list[str], people: list[str]) -> list[tuple[str, str]]:
    """The devices and people that a mark may be of; an empty name where the device fits and nobody does."""
    found = []
    for device in devices:
        if device_code(device) == mark.device:
            who = [person for person in people if person_code(device, person) == mark.person]
            found += [(device, person) for person in who or [""]]
    # Of two devices with the same bits, the one at which a person fits is it.
    return [pair for pair in found if pair[1]] or found


def read_image(image: Path) -> Mark | None:
    """Look for a mark in a file.

    Raises:
        NoReader: numpy, Pillow or SciPy are missing.
        BadPicture: the file can't be opened as a picture.
    """
    try:
        # Heavy, and of no use to anybody else.
        import numpy as np  # noqa: PLC0415
        from PIL import Image, UnidentifiedImageError  # noqa: PLC0415

        from provisioning.watermark.reader import read as look  # noqa: PLC0415
    except ImportError as error:
        raise NoReader(f"reading pictures needs {error.name}: install hearthline with its 'watermark' extra") from error
    try:
        with Image.open(image) as opened:
            grey = np.asarray(opened.convert("L"), dtype=np.float64)
    except (OSError, UnidentifiedImageError, Image.DecompressionBombError) as error:
        raise BadPicture(f"{image} can't be opened as a picture") from error
    reading = look(grey)
    return reading.mark if reading is not None else None
