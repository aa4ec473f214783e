"""hearthline-admin device and code: which PCs are ours."""

import io
from typing import Annotated

import segno
import typer

from provisioning.admin.client import AdminClient
from provisioning.admin.common import AsJson, Directory, day, open_organisation, say, say_json, table
from provisioning.api import DevicesReply, NewEnrolmentCode, NewEnrolmentCodeReply

app = typer.Typer(help="Enrolled PCs.", no_args_is_help=True)
code_app = typer.Typer(help="Codes that turn a PC into a device.", no_args_is_help=True)


@app.command("list")
def list_all(directory: Directory, as_json: AsJson = False) -> None:
    """Show every device."""
    with AdminClient(open_organisation(directory)) as client:
        reply = client.get("/admin/devices", DevicesReply)
    if as_json:
        say_json(reply)
        return
    rows = [
        (
            device.id,
            device.name,
            day(device.enrolled_at),
            day(device.certificate_expires_at),
            day(device.revoked_at) if device.revoked_at else "-",
            device.key_hardware or "not proven",
            f"{device.pin_failures}, last {day(device.pin_failed_at)}" if device.pin_failed_at else "-",
        )
        for device in reply.devices
    ]
    say(table(("id", "name", "enrolled", "certificate until", "revoked", "hardware key", "wrong keys met"), rows))


@app.command()
def revoke(
    directory: Directory, device_id: Annotated[str, typer.Argument(metavar="ID", help="Which; see device list.")]
) -> None:
    """Close the door to a device for good, at once. It can come back with a new enrolment code only."""
    with AdminClient(open_organisation(directory)) as client:
        client.do(f"/admin/devices/{device_id}/revoke")
    say(f"Device {device_id} is revoked; its connections are closed.")


@code_app.command()
def new(
    directory: Directory,
    minutes: Annotated[int, typer.Option(min=1, max=7 * 24 * 60, help="How long it can be used.")] = 60,
    note: Annotated[str, typer.Option(help="Whom or what it is for.")] = "",
    as_json: AsJson = False,
) -> None:
    """Make an enrolment code. It is shown here, once, and works once."""
    with AdminClient(open_organisation(directory)) as client:
        made = client.post(
            "/admin/enrolment-codes", NewEnrolmentCode(minutes=minutes, note=note), NewEnrolmentCodeReply
        )
    if as_json:
        say_json(made)
        return
    picture = io.StringIO()
    segno.make(made.link, error="m").terminal(picture, compact=True)
    say(f"  code   {made.code}")
    say(f"  link   {made.link}")
    say(f"  until  {day(made.expires_at)}")
    say("")
    say(picture.getvalue())
