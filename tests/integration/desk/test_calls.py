"""Real calls through the real edge to the real engine, while something else fails."""

import asyncio
import contextlib
import os
from collections.abc import AsyncIterator
from pathlib import Path

from client.core.agent import AgentState
from client.core.calls import CallState
from client.core.snapshot import DeskSnapshot, Screen
from tests.integration.desk.centre import CentreWithDoor
from tests.integration.desk.conftest import StartDesk, enrolled_on_edge
from tests.integration.desk.desk import Desk
from tests.integration.desk.test_server_away import coded, kept_files, unsent
from tests.integration.engine.virtual_sound import VirtualSound
from tests.stage.callers import CallPlan, OwnCaller
from tests.stage.centre import Person
from tests.stage.customers import read_customers
from tests.stage.tones import write_tone

NOTE = "客户分期十二期 wants twelve instalments"


@contextlib.asynccontextmanager
async def calling(centre: CentreWithDoor, agent: Person, folder: Path) -> AsyncIterator[OwnCaller]:
    """A known customer calls this agent."""
    await asyncio.to_thread(folder.mkdir)
    speech = write_tone(folder / "says.wav", 620.0, 1.0)
    caller = read_customers(centre.database_file)[0].phone
    plan = CallPlan(agent.name, caller, speech, folder / "heard.wav")
    telephone = await asyncio.to_thread(OwnCaller, centre, plan, folder / "caller.log")
    try:
        yield telephone
    finally:
        await asyncio.to_thread(telephone.stop)


async def answers(desk: Desk, telephone: OwnCaller) -> None:
    """Answer, and wait until both ends have sound."""
    await desk.until_can("call.answer")
    desk.does("call.answer")
    await asyncio.to_thread(telephone.wait, "media")
    await desk.until(_talking, "a call with sound")


def _talking(seen: DeskSnapshot) -> bool:
    return seen.call is not None and seen.call.state is CallState.TALKING and bool(seen.call.secure)


async def is_told_of_both(desk: Desk) -> None:
    """Read that there is neither headphone nor microphone, one behind the other."""
    shown = await desk.until_problem("no-speaker")
    assert len(shown.status.sound_faults) == 2
    desk.does("problem.dismiss")
    await desk.until_problem("no-microphone")


async def test_a_device_that_is_revoked_in_a_call_loses_the_customer_and_not_the_call(
    on_edge: Desk, agent: Person, centre_with_edge: CentreWithDoor, tmp_path: Path
) -> None:
    centre = centre_with_edge
    await on_edge.signs_in(agent)
    await on_edge.is_ready()
    async with calling(centre, agent, tmp_path / "call") as telephone:
        await answers(on_edge, telephone)
        shown = await on_edge.until(lambda seen: seen.card is not None, "the customer")
        assert shown.card is not None
        assert shown.card.value("name").endswith("*")
        assert shown.call is not None
        ref = shown.call.ref
        await asyncio.to_thread(centre.withdraw, on_edge.device_id)
        shown = await on_edge.until_problem("device-revoked")
        assert (shown.card, shown.history, shown.status.trust) == (None, (), None)
        assert shown.call is not None
        # The call goes on until the customer ends it; a problem that was read and put away is still the reason.
        on_edge.does("problem.dismiss")
        on_edge.writes(NOTE)
        on_edge.does("choose.1")
        assert on_edge.now.call is not None
        assert on_edge.now.call.state is CallState.TALKING
        await asyncio.to_thread(telephone.hang_up)
        await asyncio.to_thread(telephone.wait, "ended")
    await on_edge.until_can("work.save")
    on_edge.does("work.save")
    await on_edge.until_screen(Screen.ENROL)
    assert kept_files(on_edge.directory) == ["outbox"]
    assert centre.call(ref)["wrap_up_code"] is None
    # With a new code the PC is a device again, and what was kept is sent.
    await on_edge.enrols(centre)
    await on_edge.signs_in(agent)
    await on_edge.until(coded(ref, "instalment-arranged"), "the call in the server's list")
    assert centre.call(ref)["wrap_up_notes"] == NOTE


async def test_a_call_that_arrives_while_the_server_is_away(
    on_edge: Desk, agent: Person, centre_with_edge: CentreWithDoor, tmp_path: Path
) -> None:
    centre = centre_with_edge
    await on_edge.signs_in(agent)
    await on_edge.is_ready()
    centre.door.shut()
    await on_edge.until_problem("server-unreachable")
    async with calling(centre, agent, tmp_path / "call") as telephone:
        await answers(on_edge, telephone)
        assert on_edge.now.card is None
        await asyncio.to_thread(telephone.hang_up)
        await asyncio.to_thread(telephone.wait, "ended")
    shown = await on_edge.until_can("work.save")
    assert shown.wrap_up is not None
    ref = shown.wrap_up.ref
    on_edge.writes(NOTE)
    on_edge.does("choose.1")
    on_edge.does("work.save")
    await on_edge.until(unsent(1), "an unsent wrap-up")
    assert kept_files(on_edge.directory) == ["outbox"]
    centre.door.open()
    await on_edge.until(coded(ref, "instalment-arranged"), "the call in the server's list")
    row = centre.call(ref)
    assert (row["agent"], row["call_id"], row["wrap_up_notes"]) == (agent.name, None, NOTE)
    assert row["answered_at"] <= row["ended_at"]
    await on_edge.until_well()


async def test_a_server_that_goes_away_in_a_call_does_not_end_it(
    on_edge: Desk, agent: Person, centre_with_edge: CentreWithDoor, tmp_path: Path
) -> None:
    centre = centre_with_edge
    await on_edge.signs_in(agent)
    await on_edge.is_ready()
    async with calling(centre, agent, tmp_path / "call") as telephone:
        await answers(on_edge, telephone)
        centre.door.shut()
        await on_edge.until_problem("server-unreachable")
        on_edge.does("call.hold")
        await asyncio.to_thread(telephone.wait, "hold")
        await on_edge.until(lambda seen: seen.call is not None and seen.call.held, "that the call is held")
        on_edge.does("call.hold")
        await asyncio.to_thread(telephone.wait, "resumed")
        centre.door.open()
        await on_edge.until_connected()
        assert on_edge.now.call is not None
        on_edge.does("call.hang-up")
        await asyncio.to_thread(telephone.wait, "ended")
    await on_edge.until_can("work.save")


async def test_a_pc_without_any_sound_device_says_so_and_still_connects_the_call(
    start_desk: StartDesk, agent: Person, centre_with_edge: CentreWithDoor, tmp_path: Path
) -> None:
    desk = await enrolled_on_edge(start_desk, centre_with_edge, tmp_path, {"ALSA_CONFIG_PATH": os.devnull})
    await desk.signs_in(agent)
    await desk.until(lambda seen: len(seen.status.sound_faults) == 2, "both faults")
    await desk.is_ready()
    async with calling(centre_with_edge, agent, tmp_path / "call") as telephone:
        await answers(desk, telephone)
        await is_told_of_both(desk)
        desk.does("call.hang-up")
        await asyncio.to_thread(telephone.wait, "ended")


async def test_a_headset_that_was_pulled_is_found_again_at_the_next_call(
    start_desk: StartDesk, agent: Person, centre_with_edge: CentreWithDoor, tmp_path: Path
) -> None:
    with VirtualSound() as sound:
        desk = await enrolled_on_edge(start_desk, centre_with_edge, tmp_path, sound.environment)
        await desk.signs_in(agent)
        await desk.is_ready()
        assert desk.problems == []
        await asyncio.to_thread(sound.stop)
        async with calling(centre_with_edge, agent, tmp_path / "first") as telephone:
            await answers(desk, telephone)
            await is_told_of_both(desk)
            desk.does("call.hang-up")
            await asyncio.to_thread(telephone.wait, "ended")
        await asyncio.to_thread(sound.start)
        desk.does("choose.1")
        await desk.until_can("work.save")
        desk.does("work.save")
        await desk.until(lambda seen: seen.state is AgentState.READY, "that the agent is ready again")
        async with calling(centre_with_edge, agent, tmp_path / "second") as telephone:
            await answers(desk, telephone)
            await desk.until_well()
            assert desk.now.status.sound_faults == ()
            desk.does("call.hang-up")
            await asyncio.to_thread(telephone.wait, "ended")
