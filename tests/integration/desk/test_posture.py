"""A PC's state while its agent works: what becomes worse takes the customer away, and the call goes on."""

import asyncio
from pathlib import Path

from client.core.calls import CallState
from client.core.snapshot import DeskSnapshot
from tests.integration.desk.centre import CentreWithDoor
from tests.integration.desk.desk import Desk
from tests.stage.centre import Person
from tests.stage.programs import running_as


def talking(shown: DeskSnapshot) -> bool:
    return shown.call is not None and shown.call.state is CallState.TALKING


async def with_a_customer(desk: Desk, agent: Person, centre: CentreWithDoor) -> str:
    """Bring a call, and return its reference once its customer is on the screen."""
    await desk.is_ready()
    ref = await asyncio.to_thread(centre.announce_call, agent)
    await desk.talks(ref)
    shown = await desk.until(lambda seen: seen.card is not None, "the customer")
    assert shown.card is not None
    assert shown.card.value("name").endswith("*")
    return ref


async def test_a_remote_control_program_takes_the_customer_away_while_the_call_goes_on(
    at_work: Desk, agent: Person, centre: CentreWithDoor, tmp_path: Path
) -> None:
    await with_a_customer(at_work, agent, centre)
    with running_as("anydesk", tmp_path):
        shown = await at_work.until(lambda seen: seen.status.trust == 0, "that nothing may be shown")
        assert shown.status.trust_reasons == ("remote-control-running:AnyDesk",)
        assert shown.card is None or not shown.card.fields
        assert shown.history == ()
        assert talking(shown)
        assert at_work.problems == []
    # When it is gone, what may be seen comes back by itself.
    shown = await at_work.until(lambda seen: bool(seen.card and seen.card.fields), "the customer again")
    assert shown.status.trust == 1
    assert talking(shown)
    changes = centre.rows("SELECT details FROM audit_entries WHERE action = 'session.trust-changed' ORDER BY seq")
    assert [('"after":"T0"' in row["details"].replace(" ", "")) for row in changes[-2:]] == [True, False]


async def test_a_report_that_does_not_come_costs_the_trust_and_the_desk_that_hears_so_reports(
    at_work: Desk, agent: Person, centre: CentreWithDoor
) -> None:
    await with_a_customer(at_work, agent, centre)
    # As time would, were the desk's reports lost on the way.
    centre.rows("UPDATE sessions SET trust_until = started_at WHERE person = ?", agent.name)
    shown = await at_work.until(lambda seen: seen.status.trust == 0, "that nothing may be shown")
    assert shown.status.trust_reasons == ("posture-overdue",)
    assert talking(shown)
    shown = await at_work.until(lambda seen: bool(seen.card and seen.card.fields), "the customer again")
    assert shown.status.trust == 1


async def test_what_a_report_says_of_the_home_is_what_the_list_names(
    at_work: Desk, agent: Person, centre: CentreWithDoor, tmp_path: Path
) -> None:
    with running_as("my-diary", tmp_path), running_as("obs", tmp_path):
        await at_work.until(lambda seen: "capture-running:OBS Studio" in seen.status.trust_reasons, "the finding")
        (row,) = centre.rows("SELECT posture FROM sessions WHERE person = ? AND ended_at IS NULL", agent.name)
    assert "OBS Studio" in row["posture"]
    assert "my-diary" not in row["posture"]
    assert str(tmp_path) not in row["posture"]
