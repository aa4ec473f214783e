"""The server goes away while somebody works: they are told, go on, lose nothing, and are told when it is back."""

import asyncio
import threading
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

from client.core import events
from client.core import telephony as tel
from client.core.agent import AgentState
from client.core.snapshot import DeskSnapshot, Screen
from provisioning.api import Presence, Role
from tests.integration.desk.centre import CentreWithDoor
from tests.integration.desk.conftest import StartDesk
from tests.integration.desk.desk import CALL, PATIENCE, Desk, KilledDesk
from tests.stage.centre import Person

NOTE = "客户分期十二期 wants twelve instalments"
StartKilledDesk = Callable[[], Coroutine[Any, Any, KilledDesk]]


def unsent(number: int) -> Callable[[DeskSnapshot], bool]:
    """Whether so many wrap-ups wait for the server."""
    return lambda seen: seen.status.unsent == number


def coded(ref: str, code: str) -> Callable[[DeskSnapshot], bool]:
    """Whether the server's list has this call, with this code."""
    return lambda seen: [entry.code for entry in seen.history if entry.ref == ref and not entry.unsent] == [code]


def kept_files(directory: Path) -> list[str]:
    """The names of what the vault has; nothing of it, or of the rest of the profile, may be readable."""
    for path in directory.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            for part in ("分期十二期", "twelve instalments"):
                assert part.encode() not in content, path
    return sorted(path.name.partition("-")[0] for path in (directory / "vault").glob("*.sealed"))


async def test_the_desk_says_so_and_takes_it_back(
    at_work: Desk, agent: Person, centre: CentreWithDoor, start_desk: StartDesk
) -> None:
    supervisor = await start_desk()
    await supervisor.enrols(centre)
    await supervisor.signs_in(await asyncio.to_thread(centre.hire, Role.SUPERVISOR))

    def presence(seen: DeskSnapshot) -> str:
        return next((one.presence.value for one in seen.wall if one.name == agent.name), "")

    await supervisor.until(lambda seen: presence(seen) == Presence.NOT_READY, "the agent on the wall")
    centre.door.shut()
    shown = await at_work.until_problem("server-unreachable")
    assert not shown.status.server_connected
    assert shown.screen is Screen.AGENT
    # What changes meanwhile is told when the server is back.
    await at_work.is_ready()
    centre.door.open()
    await at_work.until_connected()
    await at_work.until_well()
    await supervisor.until(lambda seen: presence(seen) == Presence.READY, "that the agent is ready")


async def test_a_problem_that_was_dismissed_is_not_told_at_every_attempt(at_work: Desk, centre: CentreWithDoor) -> None:
    centre.door.shut()
    await at_work.until_problem("server-unreachable")
    at_work.does("problem.dismiss")
    at_work.snapshots = at_work.snapshots[-1:]
    # Two more attempts fail.
    for _ in range(2):
        length = len(at_work.snapshots)
        await at_work.until(lambda _, length=length: len(at_work.snapshots) > length, "another attempt")  # type: ignore[misc]
    assert at_work.problems == []
    centre.door.open()
    await at_work.until_connected()
    centre.door.shut()
    await at_work.until_problem("server-unreachable")


async def test_a_call_goes_on_and_its_wrap_up_is_kept_sealed_and_sent_later(
    at_work: Desk, agent: Person, centre: CentreWithDoor
) -> None:
    ref = await asyncio.to_thread(centre.announce_call, agent)
    await at_work.talks(ref)
    await at_work.until(lambda seen: seen.card is not None, "the customer")
    centre.door.shut()
    await at_work.until_problem("server-unreachable")
    assert at_work.now.call is not None
    at_work.writes(NOTE)
    at_work.does("choose.1")
    at_work.emit(tel.CallEnded(CALL, tel.CallEnd.REMOTE))
    await at_work.until_can("work.save")
    at_work.does("work.save")
    # The agent goes on working at once.
    shown = await at_work.until(unsent(1), "an unsent wrap-up")
    assert (shown.wrap_up, shown.state) == (None, AgentState.READY)
    assert [(entry.ref, entry.unsent) for entry in shown.history] == [(ref, True)]
    assert kept_files(at_work.directory) == ["outbox"]
    assert centre.call(ref)["wrap_up_code"] is None
    centre.door.open()
    await at_work.until(unsent(0), "that it was sent")
    await at_work.until(coded(ref, "instalment-arranged"), "the call in the server's list")
    assert kept_files(at_work.directory) == []
    row = centre.call(ref)
    assert (row["wrap_up_notes"], row["wrap_up_code"], row["agent"]) == (NOTE, "instalment-arranged", agent.name)
    assert row["answered_at"] is not None
    await at_work.until_well()


async def test_a_call_that_comes_while_the_server_is_away_is_answered_and_reported_later(
    at_work: Desk, agent: Person, centre: CentreWithDoor
) -> None:
    """The line as the edge has it then: a call without a reference. test_calls.py has a real one."""
    await at_work.is_ready()
    centre.door.shut()
    await at_work.until_problem("server-unreachable")
    await at_work.has_talked("", NOTE)
    assert at_work.now.card is None
    assert at_work.now.wrap_up is not None
    ref = at_work.now.wrap_up.ref
    at_work.does("work.save")
    await at_work.until(unsent(1), "an unsent wrap-up")
    assert kept_files(at_work.directory) == ["outbox"]
    centre.door.open()
    await at_work.until(coded(ref, "instalment-arranged"), "the call in the server's list")
    row = centre.call(ref)
    assert (row["agent"], row["call_id"], row["customer_id"]) == (agent.name, None, None)
    assert (row["wrap_up_notes"], row["wrap_up_code"]) == (NOTE, "instalment-arranged")
    assert row["answered_at"] is not None
    assert row["ended_at"] is not None
    await at_work.until_well()


async def test_a_power_cut_loses_neither_the_wrap_up_that_waits_nor_the_draft(
    start_killed_desk: StartKilledDesk, agent: Person, centre: CentreWithDoor
) -> None:
    desk = await start_killed_desk()
    await desk.enrols(centre)
    await desk.signs_in(agent)
    refs = [await asyncio.to_thread(centre.announce_call, agent) for _ in range(2)]
    await desk.is_ready()
    centre.door.shut()
    await desk.until_problem("server-unreachable")
    await desk.has_talked(refs[0], NOTE)
    desk.does("work.save")
    await desk.until(unsent(1), "an unsent wrap-up")
    # A second call, in which the power goes.
    await desk.talks(refs[1])
    desk.writes(NOTE + " half a no")
    await until_written(desk.directory / "vault" / f"draft-{refs[1]}.sealed")
    await desk.kill()
    assert kept_files(desk.directory) == ["draft", "outbox"]

    centre.door.open()
    again = await start_killed_desk()
    await again.until_screen(Screen.SIGN_IN)
    await again.signs_in(agent)
    shown = await again.until(lambda seen: seen.wrap_up is not None, "the draft")
    assert shown.wrap_up is not None
    assert (shown.wrap_up.ref, shown.wrap_up.notes) == (refs[1], NOTE + " half a no")
    await again.until(coded(refs[0], "instalment-arranged"), "the first call in the server's list")
    again.does("choose.2")
    again.does("work.save")
    await again.until(coded(refs[1], "call-back"), "the second call in the server's list")
    assert centre.call(refs[0])["wrap_up_notes"] == NOTE
    assert centre.call(refs[1])["wrap_up_notes"] == NOTE + " half a no"
    await again.until(lambda _: kept_files(again.directory) == [], "an empty vault")


async def test_what_waits_is_shown_and_sent_in_its_own_persons_name_alone(
    at_work: Desk, agent: Person, centre: CentreWithDoor
) -> None:
    ref = await asyncio.to_thread(centre.announce_call, agent)
    await at_work.is_ready()
    centre.door.shut()
    await at_work.until_problem("server-unreachable")
    await at_work.has_talked(ref, NOTE)
    at_work.does("work.save")
    await at_work.until(unsent(1), "an unsent wrap-up")
    at_work.does("work.sign-out")
    await at_work.until_screen(Screen.SIGN_IN)
    centre.door.open()
    await at_work.signs_in(await asyncio.to_thread(centre.hire))
    await at_work.until(unsent(0), "nothing of somebody else's")
    assert kept_files(at_work.directory) == ["outbox"]
    assert centre.call(ref)["wrap_up_code"] is None
    at_work.does("work.sign-out")
    await at_work.until_screen(Screen.SIGN_IN)
    await at_work.signs_in(agent)
    await at_work.until(coded(ref, "instalment-arranged"), "the call in the server's list")


async def test_what_the_server_will_never_take_is_told_and_kept_aside(
    at_work: Desk, agent: Person, centre: CentreWithDoor
) -> None:
    """Somebody else's wrap-up is there already: what was saved first stays, and this one is not thrown away."""
    ref = await asyncio.to_thread(centre.announce_call, agent)
    await at_work.is_ready()
    centre.door.shut()
    await at_work.until_problem("server-unreachable")
    await at_work.has_talked(ref, NOTE)
    at_work.does("work.save")
    await at_work.until(unsent(1), "an unsent wrap-up")
    centre.rows(
        "UPDATE calls SET wrap_up_code = 'answered', wrap_up_notes = '', written_at = offered_at, "
        "wrapped_up_at = offered_at WHERE ref = ?",
        ref,
    )
    centre.door.open()
    await at_work.until_problem("conflict")
    await at_work.until(unsent(0), "that it does not wait any more")
    assert kept_files(at_work.directory) == ["refused"]
    assert centre.call(ref)["wrap_up_code"] == "answered"


async def test_a_server_that_was_killed_and_comes_back_has_everything(
    at_work: Desk, agent: Person, centre: CentreWithDoor
) -> None:
    """The real process this time, and not just its door."""
    ref = await asyncio.to_thread(centre.announce_call, agent)
    await at_work.talks(ref)
    await asyncio.to_thread(centre.server.kill)
    try:
        await at_work.until_problem("server-unreachable")
        at_work.writes(NOTE)
        at_work.does("choose.1")
        at_work.emit(tel.CallEnded(CALL, tel.CallEnd.REMOTE))
        at_work.does("work.save")
        await at_work.until(unsent(1), "an unsent wrap-up")
    finally:
        await asyncio.to_thread(centre.start_server)
    await at_work.until(coded(ref, "instalment-arranged"), "the call in the server's list")
    await at_work.until_well()
    assert at_work.now.screen is Screen.AGENT


async def until_written(path: Path) -> None:
    """Wait for a file that another process writes."""

    def wait() -> None:
        while not path.exists():
            threading.Event().wait(0.01)

    await asyncio.wait_for(asyncio.to_thread(wait), PATIENCE)


def test_events_do_not_show_a_note_when_printed() -> None:
    assert NOTE not in repr(events.NotesEdited(NOTE))
