"""What the telephone needs the server for: whom to call, tokens, and where quality is kept; and that it can be away."""

import asyncio
from collections.abc import Callable

from client.app.sound_choice import SoundChoice, SoundChoices
from client.core import events
from client.core import telephony as tel
from client.core.agent import AgentState
from client.core.calls import CallState
from client.core.snapshot import Direction
from tests.integration.desk.centre import CentreWithDoor
from tests.integration.desk.conftest import StartDesk
from tests.integration.desk.desk import CALL, PATIENCE, Desk
from tests.integration.desk.willing_line import OUTGOING
from tests.stage.centre import Person

SECOND = tel.CallQuality(CALL, 4.0, 12.0, 60.0, sent_loss_percent=1.0, codec="opus")


async def test_a_colleague_is_in_the_directory_and_is_called_with_a_token(
    at_work: Desk, centre: CentreWithDoor, agent: Person
) -> None:
    colleague = await asyncio.to_thread(centre.hire)
    # Those who were hired before are there already; the directory is fetched anew with each connection.
    centre.door.shut()
    await at_work.until(lambda seen: not seen.status.server_connected, "that the server is away")
    centre.door.open()
    await at_work.until(lambda seen: any(one.id == colleague.name for one in seen.directory), "the colleague")
    assert all(one.id != agent.name for one in at_work.now.directory)
    at_work.does("call.dial")
    at_work.emit(events.DialSubmitted(entry=colleague.name))
    seen = await at_work.until(
        lambda seen: seen.call is not None and seen.call.state is CallState.TALKING, "that the colleague answers"
    )
    assert seen.call is not None
    assert seen.call.direction is Direction.OUTGOING
    assert seen.wrap_up is None
    at_work.emit(tel.CallEnded(OUTGOING + 1, tel.CallEnd.REMOTE))
    await at_work.until(lambda seen: seen.state is AgentState.NOT_READY, "a break again")


async def test_a_number_is_refused_where_the_organisation_does_not_want_it(at_work: Desk) -> None:
    at_work.does("call.dial")
    at_work.emit(events.DialSubmitted(number="021 5555 1234"))
    await at_work.until_problem("dial-refused")
    assert at_work.now.calls == ()


async def test_the_customer_of_an_earlier_call_is_called_back_with_record_and_note(
    at_work: Desk, centre: CentreWithDoor, agent: Person
) -> None:
    ref = await asyncio.to_thread(centre.announce_call, agent)
    await at_work.has_talked(ref)
    at_work.does("work.save")
    await at_work.until(lambda seen: seen.wrap_up is None, "the saved note")
    at_work.emit(events.CallBack(ref))
    seen = await at_work.until(lambda seen: seen.card is not None and bool(seen.calls), "the customer's record")
    assert seen.card is not None
    assert seen.card.known
    assert seen.wrap_up is not None
    assert seen.wrap_up.ref != ref
    assert centre.call(seen.wrap_up.ref)["direction"] == "outgoing"
    at_work.does("call.hang-up")
    await at_work.until(lambda seen: not seen.calls, "no call")
    at_work.does("choose.1")
    at_work.does("work.save")
    await at_work.until(lambda seen: seen.wrap_up is None, "the saved note")


async def test_without_the_server_nobody_is_called_and_the_agent_is_told(at_work: Desk, centre: CentreWithDoor) -> None:
    centre.door.shut()
    await at_work.until_problem("server-unreachable")
    at_work.does("problem.dismiss")
    at_work.does("call.dial")
    at_work.emit(events.DialSubmitted(entry="anybody"))
    await at_work.until_problem("server-unreachable")
    assert at_work.now.calls == ()


async def test_how_a_call_sounded_is_kept_while_the_server_is_away_and_sent_when_it_is_back(
    at_work: Desk, centre: CentreWithDoor, agent: Person
) -> None:
    ref = await asyncio.to_thread(centre.announce_call, agent)
    await at_work.talks(ref)
    for _ in range(5):
        at_work.emit(SECOND)
    seen = await at_work.until(lambda seen: seen.call is not None and seen.call.quality is not None, "the quality")
    assert seen.call is not None
    assert seen.call.quality is not None
    assert seen.call.quality.advice == "loss"
    centre.door.shut()
    await at_work.until(lambda seen: not seen.status.server_connected, "that the server is away")
    at_work.does("choose.1")
    at_work.emit(tel.CallEnded(CALL, tel.CallEnd.REMOTE))
    at_work.does("work.save")
    await at_work.until(lambda seen: seen.wrap_up is None, "the sealed note")
    assert list((at_work.directory / "vault").glob("quality-*"))
    centre.door.open()
    await at_work.until(lambda seen: seen.status.unsent == 0 and seen.status.server_connected, "that all is sent")
    await _until(lambda: not list((at_work.directory / "vault").glob("quality-*")))
    (row,) = centre.rows("SELECT * FROM call_quality WHERE ref = ?", ref)
    assert row["loss_mean"] == 4.0
    assert row["codec"] == "opus"


async def test_chosen_devices_are_there_at_the_next_start(
    at_work: Desk, start_desk: StartDesk, centre: CentreWithDoor
) -> None:
    at_work.emit(events.SoundChosen("headset mic", "headset", "loudspeaker", "left"))
    chosen = SoundChoice(capture="headset mic", playback="headset", ring="loudspeaker", ear="left")
    await _until(lambda: SoundChoices(at_work.directory).load() == chosen)
    await at_work.runtime.close()
    again = await start_desk(directory=at_work.directory, keys=at_work.keys)
    seen = await again.until(lambda seen: seen.sound.playback == "headset", "the choice")
    assert (seen.sound.capture, seen.sound.ring, seen.sound.ear) == ("headset mic", "loudspeaker", "left")


async def _until(true: Callable[[], bool]) -> None:
    """Wait for what only the disk tells."""
    async with asyncio.timeout(PATIENCE):
        while not true():  # noqa: ASYNC110 - nobody announces it
            await asyncio.sleep(0.05)
