"""The real engine at the real edge, when something about the line is wrong, and when it is well again."""

import asyncio
import contextlib
import ssl
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import replace

import pytest

from client.core import telephony as tel
from client.core.agent import AgentState
from client.core.snapshot import Screen
from provisioning.api import Role
from provisioning.organisation import Identity
from provisioning.pinned_tls import load_identity
from tests.integration.desk.centre import CentreWithDoor, Certificates
from tests.integration.desk.conftest import StartDesk
from tests.integration.desk.desk import PATIENCE, Desk
from tests.integration.desk.door import Door
from tests.integration.engine.small_edge import SipMessage, SmallEdge
from tests.stage.centre import Person


@pytest.fixture
def edge_away(centre_with_edge: CentreWithDoor) -> Iterator[CentreWithDoor]:
    """The centre, its edge stopped; it runs again afterwards, as it did before."""
    settings = centre_with_edge.edge.settings
    centre_with_edge.edge.stop()
    yield centre_with_edge
    centre_with_edge.edge.stop()
    centre_with_edge.edge.settings = settings
    centre_with_edge.edge.start()


async def test_an_edge_that_is_down_is_told_and_the_line_comes_up_with_it(
    on_edge: Desk, agent: Person, edge_away: CentreWithDoor
) -> None:
    await on_edge.signs_in(agent)
    shown = await on_edge.until_problem("edge-unreachable")
    assert shown.screen is Screen.AGENT
    assert "work.ready" not in shown.enabled
    await asyncio.to_thread(edge_away.edge.start)
    await on_edge.until_registered()
    shown = await on_edge.until_well()
    assert shown.status.edge is not None
    assert shown.status.edge.zh == "上海一号"
    await on_edge.is_ready()


async def test_an_edge_that_goes_down_while_somebody_is_ready(
    on_edge: Desk, agent: Person, centre_with_edge: CentreWithDoor
) -> None:
    await on_edge.signs_in(agent)
    await on_edge.is_ready()
    await asyncio.to_thread(centre_with_edge.edge.stop)
    try:
        await on_edge.until_problem("edge-unreachable")
    finally:
        await asyncio.to_thread(centre_with_edge.edge.start)
    shown = await on_edge.until_registered()
    assert shown.state is AgentState.READY
    await on_edge.until_well()


IMPOSTORS: dict[str, tuple[Callable[[Certificates], Identity], str]] = {
    "right authority, other key": (lambda made: made.edge(pinned=False), "edge-pin-mismatch"),
    "expired": (lambda made: made.edge(days=-1), "edge-certificate"),
    "other authority": (lambda made: made.strangers(), "edge-certificate"),
}


@pytest.mark.parametrize("which", IMPOSTORS)
async def test_an_edge_that_is_not_ours_hears_nothing(
    on_edge: Desk, agent: Person, edge_away: CentreWithDoor, certificates: Certificates, which: str
) -> None:
    make, problem = IMPOSTORS[which]
    with Door(edge_away.edge_port) as impostor:
        impostor.hide_behind(make(certificates))
        await on_edge.signs_in(agent)
        shown = await on_edge.until_problem(problem)
        assert shown.screen is Screen.AGENT
        assert b"REGISTER" not in impostor.heard
        assert agent.name.encode() not in impostor.heard
    await asyncio.to_thread(edge_away.edge.start)
    await on_edge.until_registered()
    await on_edge.until_well()


async def test_an_edge_that_refuses_every_password_is_asked_with_patience(
    on_edge: Desk, agent: Person, edge_away: CentreWithDoor, start_desk: StartDesk
) -> None:
    """Somebody gave the edge another secret than the server's."""
    right = edge_away.edge.settings
    edge_away.edge.settings = replace(right, ephemeral_secret="x" * 48)
    await asyncio.to_thread(edge_away.edge.start)
    await on_edge.signs_in(agent)
    await on_edge.until_problem("edge-credentials")
    refusal = f"wrong password for agent {agent.name}"
    edge = edge_away.edge
    await asyncio.to_thread(edge.wait_for_log, lambda: edge.log.count(refusal) >= 2, PATIENCE)
    # Enough happens elsewhere meanwhile for a desk without patience to be locked out.
    other = await start_desk()
    await other.enrols(edge_away)
    await other.signs_in(await asyncio.to_thread(edge_away.hire))
    await asyncio.to_thread(edge_away.edge.stop)
    edge_away.edge.settings = right
    await asyncio.to_thread(edge_away.edge.start)
    await on_edge.until_registered()
    await on_edge.until_well()
    # Each of them is a line of the audit log, and a wrong password at the edge, which locks out who has too many.
    fetched = edge_away.rows(
        "SELECT count(*) AS number FROM audit_entries WHERE action = 'session.sip-credentials' AND actor = ?",
        f"person:{agent.name}",
    )
    assert fetched[0]["number"] <= 4


DESK_OF_THE_SMALL_EDGE = "agent"


class AnyonesEdge(SmallEdge):
    """Registers whoever comes: no password is asked for, so none need be known."""

    def _is_authorized(self, request: SipMessage) -> bool:
        return True


@contextlib.asynccontextmanager
async def running(centre: CentreWithDoor) -> AsyncIterator[AnyonesEdge]:
    """A small edge with the real one's identity, in its place."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    load_identity(context, *centre.organisation.edge.pair)
    edge = AnyonesEdge(context, "", "")
    await edge.start(centre.edge_port)
    try:
        yield edge
    finally:
        await edge.stop()


_PLAIN = (
    "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n"
    "m=audio 40000 RTP/AVP 8\r\na=rtpmap:8 PCMA/8000\r\n"
)


async def test_a_call_that_would_not_be_encrypted_is_refused_and_explained(
    on_edge: Desk, edge_away: CentreWithDoor
) -> None:
    agent = await asyncio.to_thread(edge_away.hire, Role.AGENT, DESK_OF_THE_SMALL_EDGE)
    async with running(edge_away) as edge:
        await on_edge.signs_in(agent)
        await on_edge.is_ready()
        answer = await edge.invite(_PLAIN).answer()
        assert answer.status == 488
        shown = await on_edge.until_problem("call-not-secure")
        assert (shown.call, shown.state) == (None, AgentState.READY)
        on_edge.does("problem.dismiss")
        await on_edge.until_well()
        # The line is as good as before.
        assert on_edge.now.status.registration is tel.RegistrationState.REGISTERED
    await asyncio.to_thread(edge_away.edge.start)
    await on_edge.until(
        lambda seen: seen.status.registration is not tel.RegistrationState.REGISTERED, "that the small edge is gone"
    )
    await on_edge.until_registered()
