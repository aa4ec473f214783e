"""hearthline-server: serve, migrate, load demo customers, verify the audit log."""

import asyncio
import os
import sys
from pathlib import Path
from typing import Annotated

import typer
from pydantic import ValidationError

from provisioning.organisation import Organisation, OrganisationError
from provisioning.organisation_file import BadOrganisationFile
from server import logs, serving
from server.database import Database, DatabaseError
from server.services import Services
from server.settings import Settings, read_settings

app = typer.Typer(
    help="The Hearthline server. Every setting can also stand in the environment (HEARTHLINE_NAME) or in a TOML file.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
audit_app = typer.Typer(help="The audit log.", no_args_is_help=True)
app.add_typer(audit_app, name="audit")

_Organisation = Annotated[Path | None, typer.Option(help="The organisation's directory.", show_default=False)]
_DatabaseUrl = Annotated[
    str | None,
    typer.Option(
        help="sqlite:///FILE or postgresql://HOST/NAME. With a password in it, use HEARTHLINE_DATABASE instead: "
        "other users of this machine can read the options of a program.",
        show_default=False,
    ),
]
_Config = Annotated[Path | None, typer.Option(help="A TOML file with settings.", exists=True, dir_okay=False)]


def _settings(config: Path | None, **options: object) -> Settings:
    try:
        return read_settings(config, **options)
    except ValidationError as error:
        faults = [
            f"{'.'.join(str(part) for part in fault['loc'])}: {fault['msg']}"
            for fault in error.errors(include_url=False, include_input=False)
        ]
        words = "; ".join(faults)
        raise SystemExit(
            _complain(f"the settings make no sense ({words}). hearthline-server --help lists them.")
        ) from error


def _complain(words: str) -> int:
    typer.echo(f"hearthline-server: {words}", err=True)
    return 1


def _organisation(settings: Settings) -> Organisation:
    passphrase = settings.organisation_passphrase
    secret = passphrase.get_secret_value().encode() if passphrase else None
    organisation = Organisation.open(settings.organisation, secret)
    _ = organisation.manifest
    return organisation


@app.command()
def serve(
    organisation: _Organisation = None,
    database: _DatabaseUrl = None,
    host: Annotated[str | None, typer.Option(help="The address to listen on.", show_default="127.0.0.1")] = None,
    port: Annotated[int | None, typer.Option(help="The port; 0 takes a free one.", show_default="8443")] = None,
    config: _Config = None,
) -> None:
    """Bring the database to this version, and serve until stopped. One line in the log says when it is ready."""
    settings = _settings(config, organisation=organisation, database=database, host=host, port=port)
    logs.configure()
    serving.run(Services(settings, _organisation(settings), Database.connect(settings.database_url)))


@app.command()
def migrate(organisation: _Organisation = None, database: _DatabaseUrl = None, config: _Config = None) -> None:
    """Bring the database to this version, without serving."""
    settings = _settings(config, organisation=organisation, database=database)

    async def run() -> None:
        opened = Database.connect(settings.database_url)
        try:
            await opened.migrate()
        finally:
            await opened.close()

    asyncio.run(run())
    typer.echo("The database is at this version.")


@app.command("load-demo-customers")
def load_demo_customers(
    organisation: _Organisation = None,
    database: _DatabaseUrl = None,
    count: Annotated[int, typer.Option(min=1, max=100_000, help="How many.")] = 300,
    seed: Annotated[int, typer.Option(help="The same seed makes the same customers.")] = 7,
    config: _Config = None,
) -> None:
    """Fill an empty customer table with people who do not exist. Refuses to touch a table that has customers."""
    # Here, because a server that serves customers who exist has no use for Faker and its start-up time.
    from server.demo.load import load  # noqa: PLC0415

    settings = _settings(config, organisation=organisation, database=database)
    key = _organisation(settings).data_key

    async def run() -> None:
        opened = Database.connect(settings.database_url)
        try:
            await opened.migrate()
            await load(opened, key, count=count, seed=seed)
        finally:
            await opened.close()

    asyncio.run(run())
    typer.echo(f"{count} customers who do not exist are in the database.")


@audit_app.command("verify")
def audit_verify(organisation: _Organisation = None, database: _DatabaseUrl = None, config: _Config = None) -> None:
    """Check that nothing was changed, removed, reordered or cut off. Exits with 2 when something was."""
    settings = _settings(config, organisation=organisation, database=database)

    async def run() -> None:
        opened = Database.connect(settings.database_url)
        try:
            found = await Services(settings, _organisation(settings), opened).audit.verify()
        finally:
            await opened.close()
        if not found.whole:
            typer.echo(f"The audit log breaks at entry {found.broken_at}: {found.why}.", err=True)
            raise SystemExit(2)
        typer.echo(f"The audit log is whole: {found.entries} entries.")

    asyncio.run(run())


def main() -> None:
    """Run the command line; what went wrong is said in a sentence."""
    # What the server makes, such as SQLite's files, is for nobody else on this machine.
    os.umask(0o077)
    try:
        app()
    except (OrganisationError, BadOrganisationFile, DatabaseError, serving.CannotListen) as error:
        sys.exit(_complain(str(error)))


if __name__ == "__main__":
    main()
