"""How calls sounded: what desks report, and what supervisors of their team see."""

from typing import Any

import pytest
from sqlalchemy import text

from provisioning.api import HistoryReply, NewPersonReply, ProblemType, QualityRecord, QualityReply
from tests.integration.server.people import Desk, It, TheEdge
from tests.integration.server.running import RunningServer

GOOD = QualityRecord(
    codec="opus/48000",
    srtp="AEAD_AES_256_GCM",
    seconds=61.5,
    mos_mean=4.38,
    mos_worst=4.1,
    loss_mean=0.1,
    loss_worst=1.25,
    jitter_mean=2.0,
    jitter_worst=8.5,
    round_trip_mean=24.0,
    round_trip_worst=31.0,
    sent_loss_mean=0.0,
    sent_loss_worst=0.4,
    ended="remote",
)


async def at_a_desk(server: RunningServer, it: It, name: str, **more: str) -> Desk:
    """Another desk, with a new person signed in."""
    made = Desk(server)
    await made.enrol(await it.code())
    await made.sign_in(await it.add(name, **more))
    return made


async def put(desk: Desk, ref: str, record: QualityRecord) -> int:
    return (await desk.send("PUT", f"/calls/{ref}/quality", record)).status_code


async def seen(desk: Desk, ref: str) -> QualityReply:
    response = await desk.send("GET", f"/calls/{ref}/quality")
    assert response.status_code == 200, response.text
    return QualityReply.model_validate_json(response.content)


async def test_a_record_reaches_the_supervisors_of_the_agents_team_and_nobody_else(
    server: RunningServer, it: It, edge: TheEdge, desk: Desk, lina: NewPersonReply
) -> None:
    ref = await edge.call(lina.name, "anonymous")
    assert await put(desk, ref, GOOD) == 204
    supervisor = await at_a_desk(server, it, "wang", role="supervisor")
    reply = await seen(supervisor, ref)
    assert (reply.ref, reply.agent, reply.verdict, reply.findings, reply.record) == (ref, "lina", "good", (), GOOD)

    stranger = await at_a_desk(server, it, "qian", role="supervisor", team="loans")
    assert await stranger.refused("GET", f"/calls/{ref}/quality") == (404, ProblemType.NOT_FOUND)
    colleague = await at_a_desk(server, it, "zhao")
    for agent in (desk, colleague):
        assert await agent.refused("GET", f"/calls/{ref}/quality") == (403, ProblemType.FORBIDDEN)


async def test_a_call_without_a_record_has_none(
    server: RunningServer, it: It, edge: TheEdge, desk: Desk, lina: NewPersonReply
) -> None:
    ref = await edge.call(lina.name, "anonymous")
    supervisor = await at_a_desk(server, it, "wang", role="supervisor")
    for unknown in (ref, "c_AAAAAAAAAAAA"):
        assert await supervisor.refused("GET", f"/calls/{unknown}/quality") == (404, ProblemType.NOT_FOUND)


async def test_a_record_can_be_sent_again_and_a_later_one_replaces_it(
    server: RunningServer, it: It, edge: TheEdge, desk: Desk, lina: NewPersonReply
) -> None:
    ref = await edge.call(lina.name, "anonymous")
    longer = GOOD.model_copy(update={"seconds": 300.25, "loss_mean": 4.0, "ended": "local"})
    for record in (GOOD, GOOD, longer):
        assert await put(desk, ref, record) == 204
    supervisor = await at_a_desk(server, it, "wang", role="supervisor")
    reply = await seen(supervisor, ref)
    assert (reply.record, reply.findings) == (longer, ("loss",))


async def test_another_agents_call_cannot_be_judged(
    server: RunningServer, it: It, edge: TheEdge, desk: Desk, lina: NewPersonReply
) -> None:
    ref = await edge.call(lina.name, "anonymous")
    other = await at_a_desk(server, it, "zhao")
    assert await put(other, ref, GOOD) == 404


async def test_a_call_that_only_the_desk_knows_of_is_taken_as_reported(
    server: RunningServer, it: It, desk: Desk, lina: NewPersonReply
) -> None:
    ref = "c_made_at_home1"
    assert await put(desk, ref, GOOD.model_copy(update={"seconds": 1e300})) == 204
    assert (await desk.wrap_up(ref)).status_code == 204
    [call] = HistoryReply.model_validate_json((await desk.send("GET", "/calls")).content).calls
    assert (call.ref, call.wrap_up_code) == (ref, "answered")
    supervisor = await at_a_desk(server, it, "wang", role="supervisor")
    assert (await seen(supervisor, ref)).agent == "lina"


@pytest.mark.parametrize(
    "change",
    [{"mos_mean": 4.6}, {"loss_worst": -1}, {"loss_mean": 101}, {"ended": "by me!"}, {"more": 1}, {"codec": None}],
)
async def test_a_record_that_makes_no_sense_is_refused(
    edge: TheEdge, desk: Desk, lina: NewPersonReply, change: dict[str, Any]
) -> None:
    ref = await edge.call(lina.name, "anonymous")
    body = GOOD.model_dump() | change
    assert await desk.refused("PUT", f"/calls/{ref}/quality", body) == (422, ProblemType.INVALID_REQUEST)


async def test_a_record_goes_with_its_call(
    server: RunningServer, edge: TheEdge, desk: Desk, lina: NewPersonReply
) -> None:
    ref = await edge.call(lina.name, "anonymous")
    assert await put(desk, ref, GOOD) == 204
    engine = server.database()
    with engine.begin() as connection:
        if engine.dialect.name == "sqlite":
            # As the server's own connections have it.
            connection.execute(text("PRAGMA foreign_keys = ON"))
        assert connection.execute(text("SELECT count(*) FROM call_quality")).scalar_one() == 1
        connection.execute(text("DELETE FROM calls"))
        assert connection.execute(text("SELECT count(*) FROM call_quality")).scalar_one() == 0
    engine.dispose()
