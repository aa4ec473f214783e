"""hearthline-admin audit: check the log, keep its checkpoints elsewhere, change the key that signs them."""

from pathlib import Path
from typing import Annotated

import typer

from provisioning.admin import audit_show
from provisioning.admin.audit_bodies import CheckpointsReply, EntriesReply, HeadReply, SignedReply
from provisioning.admin.audit_chain import StoredCheckpoint
from provisioning.admin.audit_check import Checker, Verification, follow
from provisioning.admin.audit_keys import CheckpointKeys
from provisioning.admin.client import AdminClient
from provisioning.admin.common import AsJson, Directory, open_organisation, say, say_json
from provisioning.organisation import Organisation, OrganisationError

app = typer.Typer(help="Who did what, and when.", no_args_is_help=True)
app.command()(audit_show.show)


class CheckpointFileError(OrganisationError):
    """A file of checkpoints cannot be read or written; the text says why, and what to do."""


@app.command()
def verify(
    directory: Directory,
    kept: Annotated[
        Path | None,
        typer.Option("--checkpoints", help="Checkpoints that were kept elsewhere; see audit checkpoints."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Read the whole audit log and check it here, without trusting the server. Exits with 1 when something is wrong."""
    organisation = open_organisation(directory)
    tokens = _read(kept) if kept is not None else ()
    with AdminClient(organisation) as client:
        found = _check(client, organisation, tokens)
    if as_json:
        say_json(
            {
                "entries": found.entries,
                "checkpoints": found.checkpoints,
                "broken_at": found.broken_at,
                "why": found.why,
                "findings": [
                    {"entry": each.entry, "why": each.why, "meaning": each.meaning} for each in found.findings
                ],
            }
        )
    elif found.whole:
        say(f"The audit log is whole: {found.entries} entries, {found.checkpoints} signed checkpoints.")
    for each in found.findings:
        typer.echo(f"The audit log breaks at entry {each.entry}: {each.why}. {each.meaning}.", err=True)
    if not found.whole:
        raise typer.Exit(1)


@app.command()
def checkpoints(
    directory: Directory,
    out: Annotated[Path, typer.Option("--out", help="Where to write them; a file from before is continued.")],
    as_json: AsJson = False,
) -> None:
    """Have the log signed up to its last entry, and write all checkpoints to a file, to be kept elsewhere."""
    organisation = open_organisation(directory)
    before = _read(out) if out.exists() else ()
    with AdminClient(organisation) as client:
        client.post("/admin/audit/checkpoints", None, SignedReply)
        stored = _stored(client)
    chain = follow(stored, _keys(organisation))
    if chain.problem is not None:
        raise CheckpointFileError(f"{chain.problem.why}; nothing was written. Run hearthline-admin audit verify")
    tokens = tuple(each.token for each in stored)
    if tokens[: len(before)] != before:
        raise CheckpointFileError(
            f"{out} holds checkpoints that the log no longer has; it was left as it is. "
            f"Run hearthline-admin audit verify --checkpoints {out}"
        )
    _write(out, tokens)
    if as_json:
        say_json({"checkpoints": len(tokens), "entries": chain.good[-1].seq})
    else:
        say(f"{len(tokens)} checkpoints are in {out}; they prove entries 1 to {chain.good[-1].seq}.")
        say("Keep it where nobody who runs the server can change it.")


@app.command("rotate-key")
def rotate_key(directory: Directory, as_json: AsJson = False) -> None:
    """Make a new key for checkpoints. The old one signs the change, and its private half is removed."""
    with AdminClient(open_organisation(directory)) as client:
        made = client.post("/admin/audit/checkpoint-key", None, SignedReply)
    if as_json:
        say_json(made)
    else:
        say(f"Checkpoint {made.checkpoint} hands over to key {made.key}.")
        say(f"Put a copy of audit-checkpoint-{made.key}.key into your safe.")


def _check(client: AdminClient, organisation: Organisation, kept: tuple[str, ...]) -> Verification:
    # In this order, because the log may grow meanwhile: what is read later holds at least what was read before.
    head = client.get("/admin/audit/head", HeadReply).head
    checker = Checker(head, _keys(organisation), _stored(client), kept)
    after = ""
    while not checker.done and (page := client.get(f"/admin/audit/entries{after}", EntriesReply).entries):
        for entry in page:
            checker.feed(entry)
        after = f"?after={page[-1].seq}"
    return checker.finish(client.get("/admin/audit/head", HeadReply).head)


def _stored(client: AdminClient) -> tuple[StoredCheckpoint, ...]:
    stored: list[StoredCheckpoint] = []
    after = ""
    while page := client.get(f"/admin/audit/checkpoints{after}", CheckpointsReply).checkpoints:
        stored.extend(page)
        if page[-1].number < 1:
            # Nonsense, which the check will name; asking for what follows it could go on for ever.
            break
        after = f"?after={page[-1].number}"
    return tuple(stored)


def _keys(organisation: Organisation) -> tuple[str, ...]:
    keys = CheckpointKeys(organisation).public()
    if not keys:
        raise OrganisationError(
            f"there is no audit-checkpoint-1.pub in {organisation.directory}; copy it from the server's directory. "
            "A server that was only just updated makes it with its next entry"
        )
    return keys


def _read(path: Path) -> tuple[str, ...]:
    try:
        return tuple(path.read_text(encoding="ascii").split())
    except OSError as error:
        raise CheckpointFileError(f"{path} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise CheckpointFileError(f"{path} is not a file of checkpoints") from error


def _write(path: Path, tokens: tuple[str, ...]) -> None:
    # Written beside and moved over: half a file would look as if checkpoints had been removed.
    fresh = path.with_name(f".{path.name}.new")
    try:
        fresh.write_text("".join(f"{token}\n" for token in tokens), encoding="ascii")
        fresh.replace(path)
    except OSError as error:
        raise CheckpointFileError(f"{path} cannot be written: {error.strerror}") from error
