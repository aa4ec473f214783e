"""A second person's approval: who is asked, whose answer counts, and what comes of it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from provisioning.api import (
    ApprovalAsked,
    ApprovalGone,
    CallRef,
    LeaseChanged,
    LeaseEnd,
    LeaseId,
    LeaseState,
    ProblemType,
)
from tests.integration.server.leasing import LeaseDesk, connected, ends, lines, new_desk, rows, until
from tests.integration.server.people import Desk, It, Socket, TheEdge
from tests.integration.server.running import RunningServer

CARD = "card_number"


@dataclass
class Team:
    """An agent in a call whose field wants a second person, and those who may be one."""

    server: RunningServer
    it: It
    sockets: AsyncExitStack
    desk: LeaseDesk
    socket: Socket
    ref: CallRef = ""
    desks: dict[str, Desk] = field(default_factory=dict)

    async def joined(self, name: str, *, team: str = "cards", role: str = "supervisor") -> Socket:
        """Somebody else signs in, and opens their socket."""
        made = await new_desk(self.server, self.it)
        await made.sign_in(await self.it.add(name, team=team, role=role))
        self.desks[name] = made
        return await self.sockets.enter_async_context(made.socket())

    async def decide(self, name: str, lease: LeaseId, approved: bool) -> int:
        response = await self.desks[name].send("PUT", f"/leases/{lease}/decision", {"approved": approved})
        return response.status_code

    async def refused(self, name: str, lease: LeaseId) -> tuple[int, ProblemType]:
        return await self.desks[name].refused("PUT", f"/leases/{lease}/decision", {"approved": True})


async def senior(it: It, desk: Desk, name: str, role: str = "agent") -> None:
    """Sign somebody in who may reveal card numbers."""
    who = await it.add(name, work="dispute", role=role)
    assert (await it.send("PUT", f"/admin/people/{name}/clearance", {"clearance": "senior"})).status_code == 204
    await desk.sign_in(who)


@pytest.fixture
async def team(server: RunningServer, it: It, edge: TheEdge, customer: dict[str, str]) -> AsyncIterator[Team]:
    async with AsyncExitStack() as sockets:
        desk = await new_desk(server, it)
        await senior(it, desk, "lina")
        made = Team(server, it, sockets, desk, await sockets.enter_async_context(desk.socket()))
        made.ref = await connected(edge, made.socket, "lina", customer["phone"])
        yield made


async def test_a_supervisor_of_the_team_agrees_and_the_desk_has_the_value(
    server: RunningServer, team: Team, customer: dict[str, str]
) -> None:
    wang = await team.joined("wang")
    asked, lease = await team.desk.reveal(team.ref, CARD, typed_reason="客户要核对卡号")
    assert (lease.state, lease.sealed) == (LeaseState.WAITING, "")
    assert (await team.desk.look(team.ref, lease.lease)).sealed == ""
    question = await until(wang, ApprovalAsked)
    assert (question.lease, question.agent, question.field, question.ref) == (lease.lease, "lina", CARD, team.ref)
    assert (question.reason, question.typed_reason) == ("", "客户要核对卡号")
    assert await team.decide("wang", lease.lease, True) == 204
    changed = await until(team.socket, LeaseChanged)
    assert (changed.lease.state, changed.reason) == (LeaseState.GRANTED, None)
    assert asked.open(changed.lease) == customer[CARD]
    assert await until(wang, ApprovalGone) == ApprovalGone(lease=lease.lease)
    assert await team.decide("wang", lease.lease, True) == 204
    assert await team.decide("wang", lease.lease, False) == 409
    said = [(line["actor"], line["action"]) for line in lines(server)]
    assert said == [
        ("person:lina", "lease.asked"),
        ("person:wang", "lease.approved"),
        ("person:lina", "lease.granted"),
    ]
    assert lines(server, "lease.granted")[0]["details"]["approved_by"] == "wang"


async def test_a_supervisor_does_not_agree(server: RunningServer, team: Team) -> None:
    wang, zhou = await team.joined("wang"), await team.joined("zhou")
    _, lease = await team.desk.reveal(team.ref, CARD)
    for socket in (wang, zhou):
        assert (await until(socket, ApprovalAsked)).lease == lease.lease
    assert await team.decide("wang", lease.lease, False) == 204
    changed = await until(team.socket, LeaseChanged)
    assert (changed.lease.state, changed.lease.sealed) == (LeaseState.REFUSED, "")
    assert changed.reason is LeaseEnd.NOT_APPROVED
    for socket in (wang, zhou):
        assert (await until(socket, ApprovalGone)).lease == lease.lease
    assert await team.decide("zhou", lease.lease, True) == 409
    assert (await team.desk.look(team.ref, lease.lease)).sealed == ""
    assert [line["action"] for line in lines(server)] == ["lease.asked", "lease.denied", "lease.ended"]
    # It is over, so the next may be asked for.
    await team.desk.reveal(team.ref, "phone")


async def test_nobody_else_is_asked_or_heard(server: RunningServer, team: Team) -> None:
    await team.joined("wang")
    other_team = await team.joined("qian", team="loans")
    await team.joined("zhao", role="agent")
    _, lease = await team.desk.reveal(team.ref, CARD)
    assert await team.refused("qian", lease.lease) == (404, ProblemType.NOT_FOUND)
    assert await team.refused("qian", "l_AAAAAAAAAAAAAAAAAAAAAA") == (404, ProblemType.NOT_FOUND)
    assert await team.refused("zhao", lease.lease) == (403, ProblemType.FORBIDDEN)
    own = f"/leases/{lease.lease}/decision"
    assert await team.desk.refused("PUT", own, {"approved": True}) == (403, ProblemType.FORBIDDEN)
    assert await team.decide("wang", lease.lease, False) == 204
    # Of all this the other team's supervisor heard nothing: the next thing that they hear is the end of their session.
    await team.desks["qian"].send("DELETE", "/session")
    heard = [type(await other_team.next()).__name__ for _ in range(2)]
    assert heard == ["WallChanged", "SessionEnded"]
    assert len(rows(server)) == 1


async def test_a_supervisor_who_asks_does_not_answer(
    server: RunningServer, it: It, edge: TheEdge, customer: dict[str, str]
) -> None:
    desk = await new_desk(server, it)
    await senior(it, desk, "wang", role="supervisor")
    async with desk.socket() as socket:
        ref = await connected(edge, socket, "wang", customer["phone"])
        _, lease = await desk.reveal(ref, CARD)
        own = f"/leases/{lease.lease}/decision"
        assert await desk.refused("PUT", own, {"approved": True}) == (403, ProblemType.FORBIDDEN)
        assert (await desk.look(ref, lease.lease)).state is LeaseState.WAITING


async def test_the_first_of_several_answers_counts(server: RunningServer, team: Team, customer: dict[str, str]) -> None:
    names = ("wang", "zhou", "sun", "li")
    for name in names:
        await team.joined(name)
    asked, lease = await team.desk.reveal(team.ref, CARD)
    answers = [(name, index % 2 == 0) for index, name in enumerate(names)]
    codes = await asyncio.gather(*(team.decide(name, lease.lease, approved) for name, approved in answers))
    assert sorted(codes) == [204, 409, 409, 409]
    name, approved = answers[codes.index(204)]
    [decided] = lines(server, "lease.approved", "lease.denied")
    assert decided["actor"] == f"person:{name}"
    found = await team.desk.look(team.ref, lease.lease)
    assert found.state is (LeaseState.GRANTED if approved else LeaseState.REFUSED)
    assert bool(found.sealed) is approved
    if approved:
        assert asked.open(found) == customer[CARD]


async def test_what_nobody_answers_lapses(server: RunningServer, team: Team) -> None:
    wang = await team.joined("wang")
    _, lease = await team.desk.reveal(team.ref, CARD)
    await until(wang, ApprovalAsked)
    server.clock.advance(timedelta(seconds=61))
    # Too late, whether or not anybody has swept.
    assert await team.decide("wang", lease.lease, True) == 409
    assert (await until(wang, ApprovalGone)).lease == lease.lease
    assert (await until(team.socket, LeaseChanged)).reason is LeaseEnd.NOT_APPROVED
    assert lines(server, "lease.approved") == []
    _, second = await team.desk.reveal(team.ref, CARD)
    await until(wang, ApprovalAsked)
    server.clock.advance(timedelta(seconds=61))
    server.sweep()
    assert (await until(wang, ApprovalGone)).lease == second.lease
    assert ends(server) == ["not-approved"] * 2


async def test_a_supervisor_who_comes_later_is_asked_too(team: Team) -> None:
    _, lease = await team.desk.reveal(team.ref, CARD)
    wang = await team.joined("wang")
    assert (await until(wang, ApprovalAsked)).lease == lease.lease
    assert await team.decide("wang", lease.lease, True) == 204
    late = await team.joined("zhou")
    await team.desk.hide(team.ref, lease.lease)
    # What is decided is asked of nobody: the next question is the next lease's.
    _, second = await team.desk.reveal(team.ref, CARD)
    assert (await until(late, ApprovalAsked)).lease == second.lease


@pytest.mark.parametrize("what", ["trust", "silent", "call", "clearance", "hidden", "gone"])
async def test_approval_does_not_help_when_the_rest_no_longer_holds(
    server: RunningServer, edge: TheEdge, team: Team, what: str
) -> None:
    wang = await team.joined("wang")
    _, lease = await team.desk.reveal(team.ref, CARD)
    await until(wang, ApprovalAsked)
    if what == "trust":
        await team.desk.report(capture_protection="none")
    elif what == "silent":
        engine = server.database()
        with engine.begin() as connection:
            connection.exec_driver_sql("UPDATE sessions SET trust_level = 1 WHERE person = 'lina'")
        engine.dispose()
    elif what == "call":
        await edge.ended(team.ref)
    elif what == "clearance":
        await team.it.send("PUT", "/admin/people/lina/clearance", {"clearance": "standard"})
    elif what == "hidden":
        await team.desk.hide(team.ref, lease.lease)
    else:
        await team.desk.send("DELETE", "/session")
    assert await team.decide("wang", lease.lease, True) == 409
    assert (await until(wang, ApprovalGone)).lease == lease.lease
    assert lines(server, "lease.granted") == []
    why = {"trust": "trust-lost", "silent": "trust-lost", "call": "call-left", "clearance": "not-shown"}
    assert ends(server) == [why.get(what, "hidden" if what == "hidden" else "session-ended")]
    [row] = rows(server)
    assert row["granted_at"] is None


async def test_nobody_decides_of_a_lease_that_needs_no_second_person(server: RunningServer, team: Team) -> None:
    await team.joined("wang")
    _, lease = await team.desk.reveal(team.ref, "phone")
    for approved in (True, False):
        assert await team.decide("wang", lease.lease, approved) == 409
    assert (await team.desk.look(team.ref, lease.lease)).state is LeaseState.GRANTED
    assert [line["action"] for line in lines(server)] == ["lease.granted"]


async def test_a_lease_that_waits_is_the_one_that_runs(team: Team) -> None:
    _, lease = await team.desk.reveal(team.ref, CARD)
    for name in ("phone", CARD):
        response = await team.desk.request(team.ref, team.desk.sign_ask(team.ref, name))
        assert response.status_code == 409
    await team.desk.hide(team.ref, lease.lease)
    await team.desk.reveal(team.ref, "phone")
