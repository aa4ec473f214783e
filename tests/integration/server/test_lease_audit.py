"""An auditor reads from the command line what became of a customer's field."""

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from provisioning.admin.audit import app
from provisioning.api import LeaseShown
from provisioning.organisation import Organisation
from tests.integration.server.leasing import connected, new_desk
from tests.integration.server.people import It, TheEdge
from tests.integration.server.running import RunningServer, sqlite_url
from tests.stage.organisation import harbour_bank


@pytest.fixture
def organisation(tmp_path: Path) -> Organisation:
    """One of this test's own, because its file has to name the server's port."""
    return harbour_bank(tmp_path / "org")


@pytest.fixture
def server(organisation: Organisation, tmp_path: Path) -> Iterator[RunningServer]:
    running = RunningServer(organisation, sqlite_url(tmp_path))
    running.start()
    running.tell_port()
    yield running
    running.stop()
    assert running.warnings == []


async def show(organisation: Organisation, *options: str) -> str:
    command = ["show", "--dir", str(organisation.directory), *options]
    result = await asyncio.to_thread(CliRunner().invoke, app, command, env={"COLUMNS": "400"})
    assert result.exit_code == 0, result.output
    return result.output


async def test_the_log_reads_as_what_happened(
    server: RunningServer, it: It, edge: TheEdge, customer: dict[str, str]
) -> None:
    desk = await new_desk(server, it)
    await desk.sign_in(await it.add("lina"))
    async with desk.socket() as socket:
        ref = await connected(edge, socket, "lina", customer["phone"])
        typed = f"核对 {customer['phone']}"
        _, lease = await desk.reveal(ref, "email", typed_reason=typed)
        await socket.say(LeaseShown(lease=lease.lease, at=server.clock(), recording_at=12.5))
        other = await connected(edge, socket, "lina", customer["phone"])
        await desk.hide(ref, lease.lease, "focus-lost", seconds=0.0)
        assert (await desk.request(other, desk.sign_ask(other, "security_answer"))).status_code == 403

    organisation = server.organisation
    heading, *entries = (await show(organisation, "--about", lease.lease)).splitlines()
    assert heading.split() == ["ENTRY", "AT", "WHO", "DID", "ABOUT", "DETAILS"]
    assert ["lease.granted" in entries[0], "lease.shown" in entries[1], "lease.ended" in entries[2]] == [True] * 3
    for entry in entries:
        assert "person:lina" in entry
        for part in (f"call {ref}", "field email", "reason typed", "核对"):
            assert part in entry
    for part in ("why focus-lost", "recording_at 12.5", "shown_seconds 0.0"):
        assert part in entries[2]
    assert customer["phone"].removeprefix("+86") not in "".join(entries)

    [_, refusal] = (await show(organisation, "--action", "lease.refused")).splitlines()
    assert f"call:{other}" in refusal
    assert "why reveal-refused" in refusal
    # All that concerns one call, as desks and recordings name it.
    about_call = json.loads(await show(organisation, "--about", ref, "--json"))["entries"]
    assert [entry["action"] for entry in about_call if entry["action"].startswith("lease.")] == [
        "lease.granted",
        "lease.shown",
        "lease.ended",
    ]
    assert about_call[0]["action"] == "call.offered"
    [_, newest] = (await show(organisation, "--last", "1")).splitlines()
    assert "lease.refused" in newest
    assert "No entry is about that." in await show(organisation, "--about", "nobody")
