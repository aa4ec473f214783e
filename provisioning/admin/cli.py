"""hearthline-admin: IT's command line. Exits with 0 when done, 1 when it could not be done, 2 when misused."""

import sys
from pathlib import Path
from typing import Annotated, Literal

import typer

from provisioning.admin import audit, devices, doctor, edge, people, policy, watermark
from provisioning.admin.bodies import PublishedReply
from provisioning.admin.client import AdminClient, ServerRefused, ServerUnreachable
from provisioning.admin.common import (
    PASSPHRASE_VARIABLE,
    AsJson,
    Directory,
    open_organisation,
    passphrase,
    say,
    say_json,
)
from provisioning.edge.settings import SettingsError
from provisioning.local_text import LocalText
from provisioning.manifest import BadManifest
from provisioning.organisation import Organisation, OrganisationError
from provisioning.organisation_file import BadOrganisationFile, EdgeTable, ServerTable
from provisioning.policy_file import BadPolicyFile
from provisioning.signing import BadSignature

app = typer.Typer(
    help="Hearthline for IT: the organisation, its people, its devices.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
manifest_app = typer.Typer(help="What every desk obeys.", no_args_is_help=True)
app.add_typer(people.app, name="person")
app.add_typer(devices.app, name="device")
app.add_typer(devices.code_app, name="code")
app.add_typer(edge.app, name="edge")
app.add_typer(manifest_app, name="manifest")
app.add_typer(audit.app, name="audit")
app.add_typer(policy.app, name="policy")
app.add_typer(watermark.app, name="watermark")

_Port = Annotated[int, typer.Option(min=1, max=65535)]


@app.command()
def init(
    *,
    directory: Annotated[Path, typer.Option("--dir", help="Where to make it: a new or an empty directory.")],
    name: Annotated[str, typer.Option(help="The organisation's name, as people read it.")],
    server_host: Annotated[str, typer.Option(help="Where desks find the server: a name or an address.")],
    edge_host: Annotated[str, typer.Option(help="Where desks find the edge: a name or an address.")],
    sip_domain: Annotated[str, typer.Option(help="The SIP domain of the agents.")],
    edge_name_en: Annotated[str, typer.Option(help="What people call the edge, in English.")] = "Main edge",
    edge_name_zh: Annotated[str, typer.Option(help="What people call the edge, in Chinese.")] = "主接入点",
    server_port: _Port = 8443,
    edge_port: _Port = 5061,
    encrypt_keys: Annotated[
        bool, typer.Option("--encrypt-keys", help=f"Encrypt the private keys under {PASSPHRASE_VARIABLE}.")
    ] = False,
) -> None:
    """Make an organisation: its authority, keys, certificates, secrets, and the first manifest."""
    secret = passphrase()
    if encrypt_keys and secret is None:
        secret = typer.prompt("Passphrase for the private keys", hide_input=True, confirmation_prompt=True).encode()
    made = Organisation.create(
        directory,
        name=name,
        server=ServerTable(host=server_host, port=server_port),
        edge=EdgeTable(name=LocalText(en=edge_name_en, zh=edge_name_zh), host=edge_host, port=edge_port),
        sip_domain=sip_domain,
        passphrase=secret if encrypt_keys else None,
    )
    say(f"{name} is in {made.directory}. Keep a copy of it in a safe: whoever holds it can enrol devices.")
    say(f"Next: hearthline-server serve --organisation {made.directory} --port {server_port}")


@manifest_app.command()
def publish(directory: Directory, as_json: AsJson = False) -> None:
    """Sign what organisation.toml and policy.toml say as the next version, and tell the desks that are there."""
    manifest = open_organisation(directory).publish_manifest()
    told = True
    try:
        with AdminClient(open_organisation(directory)) as client:
            client.post("/admin/manifest/published", None, PublishedReply)
    except (ServerUnreachable, ServerRefused) as error:
        # The manifest is signed and waits on disk; desks fetch it when they next sign in.
        told = False
        typer.echo(f"hearthline-admin: desks were not told: {error}", err=True)
    if as_json:
        say_json({"version": manifest.version, "desks_told": told})
    else:
        say(f"Version {manifest.version} is signed{' and desks were told' if told else ''}.")


@manifest_app.command()
def rotate(
    directory: Directory, service: Annotated[Literal["server", "edge"], typer.Argument(help="Whose key.")]
) -> None:
    """Put the backup key of server or edge in its place. Then restart it, and publish the manifest."""
    open_organisation(directory).rotate_key(service)
    say(f"The {service}'s next key is its backup key, which every desk knows, and there is a new backup.")
    say(f"Next: restart the {service}; then hearthline-admin manifest publish, so that desks forget the old key.")


@manifest_app.command()
def show(directory: Directory) -> None:
    """Print the newest manifest, as desks read it."""
    say(open_organisation(directory).manifest.model_dump_json(indent=2))


@app.command("doctor")
def examine(directory: Directory, as_json: AsJson = False) -> None:
    """Say what is right and what is wrong. Exits with 1 when something is wrong."""
    findings = doctor.examine(open_organisation(directory))
    if as_json:
        say_json({"findings": [{"ok": finding.ok, "words": finding.words} for finding in findings]})
    else:
        for finding in findings:
            say(f"{'ok   ' if finding.ok else 'WRONG'}  {finding.words}")
    if not all(finding.ok for finding in findings):
        raise typer.Exit(1)


def main() -> None:
    """Run the command line; what went wrong is said in a sentence."""
    try:
        app()
    except (
        OrganisationError,
        BadOrganisationFile,
        BadPolicyFile,
        BadManifest,
        BadSignature,
        SettingsError,
        ServerRefused,
        ServerUnreachable,
        watermark.BadPicture,
        watermark.NoReader,
    ) as error:
        typer.echo(f"hearthline-admin: {error}", err=True)
        sys.exit(1)


if __name__ == "__main__":
    main()
