"""hearthline-admin person: who may sign in."""

from typing import Annotated

import typer
from pydantic import ValidationError

from provisioning.admin.bodies import PeopleReply
from provisioning.admin.client import AdminClient
from provisioning.admin.common import LEVELS, AsJson, Directory, day, level, open_organisation, say, say_json, table
from provisioning.api import NewClearance, NewPerson, NewPersonReply, Role
from provisioning.data_policy import Clearance, word
from provisioning.trust import WorkType

app = typer.Typer(help="People who sign in at desks.", no_args_is_help=True)


@app.command()
def add(
    *,
    directory: Directory,
    name: Annotated[str, typer.Option(help="What they sign in with: small letters and digits.")],
    display_name: Annotated[str, typer.Option(help="What others read.")],
    team: Annotated[str, typer.Option(help="Their team; its supervisors see them.")],
    role: Annotated[Role, typer.Option(help="What they are here to do.")] = Role.AGENT,
    work_type: Annotated[WorkType, typer.Option(help="Decides which data they may see.")] = WorkType.SERVICE,
    clearance: Annotated[
        Clearance,
        typer.Option(
            parser=level, metavar=LEVELS, show_default="standard", help="How far they are trusted with customers' data."
        ),
    ] = Clearance.STANDARD,
    as_json: AsJson = False,
) -> None:
    """Add a person. Their password and authenticator secret are shown here, once."""
    try:
        new = NewPerson(
            name=name, display_name=display_name, role=role, team=team, work_type=work_type, clearance=clearance
        )
    except ValidationError as error:
        fields = ", ".join(sorted({str(fault["loc"][0]).replace("_", "-") for fault in error.errors()}))
        raise typer.BadParameter(
            f"{fields}: names and teams are up to 40 small letters, digits, dots, dashes and underscores"
        ) from error
    with AdminClient(open_organisation(directory)) as client:
        made = client.post("/admin/people", new, NewPersonReply)
    if as_json:
        say_json(made)
        return
    say(f"{display_name} can sign in as {made.name}. This is shown once; hand it over by a safe way:")
    say(f"  password       {made.password}")
    say(f"  authenticator  {made.totp_uri}")


@app.command("list")
def list_all(directory: Directory, as_json: AsJson = False) -> None:
    """Show everybody."""
    with AdminClient(open_organisation(directory)) as client:
        reply = client.get("/admin/people", PeopleReply)
    if as_json:
        say_json(reply)
        return
    rows = [
        (
            row.name,
            row.display_name,
            row.role,
            row.team,
            row.work_type,
            word(row.clearance),
            day(row.disabled_at) if row.disabled_at else "-",
        )
        for row in reply.people
    ]
    say(table(("name", "display name", "role", "team", "work type", "clearance", "disabled"), rows))


@app.command()
def clearance(
    directory: Directory,
    name: Annotated[str, typer.Argument(help="Who.")],
    to: Annotated[Clearance, typer.Argument(parser=level, metavar=LEVELS, help="The clearance from now on.")],
) -> None:
    """Trust a person more or less with customers' data: from the next field that they ask for."""
    with AdminClient(open_organisation(directory)) as client:
        client.put(f"/admin/people/{name}/clearance", NewClearance(clearance=to))
    say(f"{name} has the clearance {word(to)}.")


@app.command()
def disable(directory: Directory, name: Annotated[str, typer.Argument(help="Who.")]) -> None:
    """Let a person sign in no more, and end their sessions at once."""
    with AdminClient(open_organisation(directory)) as client:
        client.do(f"/admin/people/{name}/disable")
    say(f"{name} can sign in no more.")
