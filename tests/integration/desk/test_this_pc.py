"""This PC's own troubles: a full disk, a damaged vault, and notes that stay on the screen meanwhile."""

import asyncio
import errno
import os
from pathlib import Path

import pytest

from client.core.snapshot import Screen
from tests.integration.desk.centre import CentreWithDoor
from tests.integration.desk.conftest import StartDesk
from tests.integration.desk.desk import Desk
from tests.integration.desk.test_server_away import coded, kept_files, unsent
from tests.stage.centre import Person

NOTE = "a note that must not be lost"


def fill_disk(monkeypatch: pytest.MonkeyPatch, reason: int) -> None:
    """Make every file that is written fail for this reason when it is made durable."""

    def full(_descriptor: int) -> None:
        raise OSError(reason, os.strerror(reason))

    monkeypatch.setattr(os, "fsync", full)


async def test_a_full_disk_is_told_and_saving_works_once_there_is_room(
    at_work: Desk, agent: Person, centre: CentreWithDoor, monkeypatch: pytest.MonkeyPatch
) -> None:
    ref = await asyncio.to_thread(centre.announce_call, agent)
    await at_work.has_talked(ref, NOTE)
    with monkeypatch.context() as full:
        fill_disk(full, errno.ENOSPC)
        at_work.does("work.save")
        shown = await at_work.until_problem("disk-full")
        assert shown.wrap_up is not None
        assert (shown.wrap_up.notes, shown.wrap_up.saving) == (NOTE, False)
        assert "work.save" in shown.enabled
    at_work.does("work.save")
    await at_work.until(coded(ref, "instalment-arranged"), "the call in the server's list")
    assert centre.call(ref)["wrap_up_notes"] == NOTE
    await at_work.until_well()


async def test_a_disk_that_fills_up_during_a_call_is_told_and_taken_back(
    at_work: Desk, agent: Person, centre: CentreWithDoor, monkeypatch: pytest.MonkeyPatch
) -> None:
    ref = await asyncio.to_thread(centre.announce_call, agent)
    await at_work.talks(ref)
    with monkeypatch.context() as full:
        fill_disk(full, errno.EDQUOT)
        at_work.writes(NOTE)
        shown = await at_work.until_problem("disk-full")
        assert shown.call is not None
        assert shown.wrap_up is not None
        assert shown.wrap_up.notes == NOTE
    at_work.writes(NOTE + ".")
    await at_work.until_well()
    assert kept_files(at_work.directory) == ["draft"]


async def test_a_disk_that_fails_otherwise_does_not_lock_the_note(
    at_work: Desk, agent: Person, centre: CentreWithDoor, monkeypatch: pytest.MonkeyPatch
) -> None:
    ref = await asyncio.to_thread(centre.announce_call, agent)
    await at_work.has_talked(ref, NOTE)
    with monkeypatch.context() as full:
        fill_disk(full, errno.EIO)
        at_work.does("work.save")
        shown = await at_work.until(lambda seen: seen.problem is not None, "a problem")
        assert shown.wrap_up is not None
        assert shown.wrap_up.notes == NOTE
        await at_work.until_can("work.save")
    at_work.does("work.save")
    await at_work.until(coded(ref, "instalment-arranged"), "the call in the server's list")


def damage(path: Path) -> None:
    """Change one bit."""
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(bytes(content))


async def test_a_damaged_entry_is_set_aside_and_the_others_are_sent(
    at_work: Desk, agent: Person, centre: CentreWithDoor, start_desk: StartDesk
) -> None:
    refs = [await asyncio.to_thread(centre.announce_call, agent) for _ in range(3)]
    await at_work.is_ready()
    centre.door.shut()
    await at_work.until_problem("server-unreachable")
    for number, ref in enumerate(refs[:2], 1):
        await at_work.has_talked(ref, NOTE)
        at_work.does("work.save")
        await at_work.until(unsent(number), "an unsent wrap-up")
    await at_work.talks(refs[2])
    at_work.writes(NOTE)
    await at_work.runtime.close()
    vault = at_work.directory / "vault"
    assert kept_files(at_work.directory) == ["draft", "outbox", "outbox"]
    damage(vault / f"outbox-{refs[0]}.sealed")
    damage(vault / f"draft-{refs[2]}.sealed")

    centre.door.open()
    again = await start_desk(directory=at_work.directory, keys=at_work.keys)
    await again.signs_in(agent)
    await again.until(coded(refs[1], "instalment-arranged"), "the undamaged one in the server's list")
    assert again.problems == ["vault-damaged"]
    assert again.now.screen is Screen.AGENT
    damaged = sorted(path.stem for path in vault.glob("*.damaged"))
    assert damaged == sorted([f"outbox-{refs[0]}", f"draft-{refs[2]}"])
    # Work goes on.
    again.does("problem.dismiss")
    ref = await asyncio.to_thread(centre.announce_call, agent)
    await again.has_talked(ref, NOTE)
    again.does("work.save")
    await again.until(coded(ref, "instalment-arranged"), "the next call in the server's list")


async def test_closing_the_desk_in_the_middle_of_a_word_keeps_it(
    at_work: Desk, agent: Person, centre: CentreWithDoor, start_desk: StartDesk
) -> None:
    ref = await asyncio.to_thread(centre.announce_call, agent)
    await at_work.has_talked(ref, NOTE)
    await at_work.runtime.close()
    again = await start_desk(directory=at_work.directory, keys=at_work.keys)
    await again.signs_in(agent)
    shown = await again.until(lambda seen: seen.wrap_up is not None, "the draft")
    assert shown.wrap_up is not None
    assert (shown.wrap_up.notes, shown.wrap_up.code) == (NOTE, "instalment-arranged")
