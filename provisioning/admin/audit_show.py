"""Reading the audit log: the entries about something, each on a line that needs no other to be understood."""

from collections.abc import Iterator
from typing import Annotated

import typer

from provisioning.admin.audit_bodies import EntriesReply, HeadReply
from provisioning.admin.audit_chain import Entry
from provisioning.admin.client import AdminClient
from provisioning.admin.common import AsJson, Directory, open_organisation, say, say_json, table


def show(
    directory: Directory,
    about: Annotated[
        str,
        typer.Option(help="A call, lease, person or device: who did it, whom it is about, or what it names."),
    ] = "",
    action: Annotated[str, typer.Option(help="An action, or how it begins: lease. or lease.granted")] = "",
    last: Annotated[int, typer.Option(min=1, max=100_000, help="The newest entries at the most.")] = 50,
    as_json: AsJson = False,
) -> None:
    """Show the newest entries, the oldest of them first. To know that none was changed, run audit verify."""
    with AdminClient(open_organisation(directory)) as client:
        found = [entry for entry in _entries(client, last, whole=bool(about or action)) if _is(entry, about, action)]
    found = found[-last:]
    if as_json:
        say_json({"entries": [entry.model_dump(mode="json") for entry in found]})
    elif found:
        say(table(("ENTRY", "AT", "WHO", "DID", "ABOUT", "DETAILS"), [_row(entry) for entry in found]))
    else:
        say("No entry is about that.")


def _entries(client: AdminClient, last: int, *, whole: bool) -> Iterator[Entry]:
    head = client.get("/admin/audit/head", HeadReply).head
    skipped = 0 if whole or head is None else max(0, head.seq - last)
    after = f"?after={skipped}" if skipped else ""
    while page := client.get(f"/admin/audit/entries{after}", EntriesReply).entries:
        yield from page
        after = f"?after={page[-1].seq}"


def _is(entry: Entry, about: str, action: str) -> bool:
    named = [entry.actor, entry.object]
    if isinstance(entry.details, dict):
        named += [str(value) for value in entry.details.values()]
    # With or without the kind before it: call:c_1234, or c_1234 as desks show it.
    return entry.action.startswith(action) and (not about or any(about in (name, _bare(name)) for name in named))


def _bare(name: str) -> str:
    return name.partition(":")[2]


def _row(entry: Entry) -> tuple[str, ...]:
    # To the second, because a value is shown for some seconds; in local time, as people here count it.
    at = entry.at.astimezone().strftime("%Y-%m-%d %H:%M:%S")
    return (str(entry.seq), at, *map(_plain, (entry.actor, entry.action, entry.object, _details(entry.details))))


def _details(details: object) -> str:
    if not isinstance(details, dict):
        return "" if details is None else str(details)
    return ", ".join(f"{name} {value}" for name, value in details.items())


def _plain(text: str) -> str:
    """Take out what would move the cursor of a terminal: who typed a reason does not draw on IT's screen."""
    return "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in text)
