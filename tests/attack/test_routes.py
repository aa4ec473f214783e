"""Nobody reaches what is another's, on any route; and nobody learns from the answer whether it exists."""

import asyncio
import contextlib
import dataclasses
import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import httpx2
import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute, APIWebSocketRoute
from starlette.routing import Route as PlainRoute
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosedError, InvalidStatus

from provisioning.api import ProblemType
from provisioning.organisation import Organisation
from provisioning.pinned_tls import pinned_context
from server.app import build_api
from server.database import Database
from server.services import Services
from server.settings import Settings
from tests.attack.conftest import first_customer, running
from tests.attack.routes import ABSENT, ROUTES, Door, Things
from tests.integration.server.leasing import LeaseDesk, connected, new_desk
from tests.integration.server.people import Caller, It, Socket, TheEdge, problem_of
from tests.integration.server.running import RunningServer, sqlite_url

REACHES = [key for key, route in ROUTES.items() if route.reach is not None]
NEVER_ALIKE = {"x-request-id", "date"}
"""Headers that differ between any two answers."""


@dataclass
class World:
    """Lina's desk with a call in which a customer is shown, and everybody who has no business with it."""

    server: RunningServer
    it: It
    edge: TheEdge
    lina: LeaseDesk
    supervisor: LeaseDesk
    things: Things
    people: dict[str, LeaseDesk]
    """By what they are to Lina."""

    def callers(self) -> dict[Door, Caller]:
        """One who may come in at each door, and no further."""
        device = dataclasses.replace(self.lina, token="")
        return {
            Door.ANYBODY: Caller(self.server),
            Door.DEVICE: device,
            Door.PERSON: self.lina,
            Door.EDGE: self.edge,
            Door.ADMIN: self.it,
        }


PEOPLE = {
    "a-colleague": ("bao", "cards", "agent"),
    "an-agent-of-another-team": ("chen", "loans", "agent"),
    "a-supervisor-of-another-team": ("deng", "loans", "supervisor"),
    "the-supervisor-of-the-team": ("erhu", "cards", "supervisor"),
}


@pytest.fixture(scope="module")
def world(organisation: Organisation, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    for server in running(organisation, sqlite_url(tmp_path_factory.mktemp("world"))):
        yield asyncio.run(_settle(server))


async def _settle(server: RunningServer) -> World:
    it, edge = It(server, server.organisation.admin), TheEdge(server, server.organisation.edge_client)

    async def desk_of(name: str, team: str, role: str) -> LeaseDesk:
        made = await new_desk(server, it)
        await made.sign_in(await it.add(name, team=team, role=role))
        return made

    lina = await desk_of("lina", "cards", "agent")
    people = {what: await desk_of(*who) for what, who in PEOPLE.items()}
    async with lina.socket() as socket:
        ref = await connected(edge, socket, "lina", first_customer(server)["phone"])
        _, lease = await lina.reveal(ref)
    things = Things(ref=ref, device_id=lina.device_id, name="lina", lease=lease.lease)
    return World(server, it, edge, lina, people["the-supervisor-of-the-team"], things, people)


def described(organisation: Organisation, database_url: str) -> FastAPI:
    settings = Settings(organisation=organisation.directory, database=database_url)
    return build_api(Services(settings, organisation, Database.connect(database_url)))


def test_every_route_is_in_the_table(organisation: Organisation, tmp_path: Path) -> None:
    """From the routing table itself, so that a route which OpenAPI leaves out is found, too."""
    app = described(organisation, sqlite_url(tmp_path))
    found: set[tuple[str, str]] = set()
    for route in every_route(app.routes):
        if isinstance(route, APIWebSocketRoute):
            found.add(("WEBSOCKET", route.path))
        else:
            assert isinstance(route, APIRoute | PlainRoute), f"{route} is of a kind that this test does not know"
            # HEAD is what GET answers without its body.
            found |= {(method, route.path) for method in (route.methods or set()) - {"HEAD"}}
    assert found == set(ROUTES)
    # And from the description, should routes ever come to be kept in yet another way.
    told = {(method.upper(), path) for path, methods in app.openapi()["paths"].items() for method in methods}
    assert told == {key for key in ROUTES if key[0] != "WEBSOCKET" and key[1] != "/openapi.json"}


def every_route(routes: Iterable[object]) -> Iterator[object]:
    for route in routes:
        # FastAPI keeps an included router whole.
        inner = getattr(route, "original_router", None)
        if inner is None:
            yield route
        else:
            yield from every_route(inner.routes)


def test_every_route_has_a_reach_or_says_why_not() -> None:
    for key, route in ROUTES.items():
        assert (route.reach is None) == bool(route.why), key
        if "{" in key[1] and route.door in (Door.DEVICE, Door.PERSON):
            assert route.reach is not None, f"{key} names something, so somebody can name another's"


@pytest.mark.parametrize("key", [key for key in ROUTES if key[0] != "WEBSOCKET"], ids=" ".join)
async def test_each_door_lets_in_its_own_kind_alone(world: World, key: tuple[str, str]) -> None:
    method, pattern = key
    door = ROUTES[key].door
    for kind, caller in world.callers().items():
        if door is Door.ANYBODY or kind is door or (door, kind) == (Door.DEVICE, Door.PERSON):
            continue
        status, problem = await caller.refused(method, world.things.fill(pattern))
        if kind is Door.ANYBODY:
            assert (status, problem) == (401, ProblemType.CERTIFICATE_REQUIRED), kind
        elif (door, kind) == (Door.PERSON, Door.DEVICE):
            assert (status, problem) == (401, ProblemType.SESSION_REQUIRED), kind
        else:
            assert (status, problem) == (403, ProblemType.FORBIDDEN), kind


@pytest.mark.parametrize("path", [path for method, path in ROUTES if method == "WEBSOCKET"])
async def test_each_socket_lets_in_its_own_kind_alone(world: World, path: str) -> None:
    door = ROUTES["WEBSOCKET", path].door
    organisation = world.server.organisation
    for kind, caller in world.callers().items():
        if kind is door:
            continue
        pair = caller.identity.pair if caller.identity else None
        headers = {"Authorization": f"Bearer {caller.token}"} if caller.token else {}
        with pytest.raises(InvalidStatus) as refused:
            async with connect(
                f"wss://localhost:{world.server.port}{path}",
                ssl=pinned_context(organisation.ca_pem, organisation.server_pins, pair),
                additional_headers=headers,
                proxy=None,
            ):
                pass
        assert refused.value.response.status_code in (401, 403), kind


@pytest.mark.parametrize("key", [key for key, route in ROUTES.items() if route.door is Door.PERSON], ids=" ".join)
async def test_a_token_on_another_device_opens_no_route(world: World, key: tuple[str, str]) -> None:
    method, pattern = key
    thief = dataclasses.replace(world.people["a-colleague"], token=world.lina.token)
    if method == "WEBSOCKET":
        with pytest.raises(InvalidStatus, match="HTTP 401"):
            async with thief.socket():
                pass
    else:
        refused = await thief.refused(method, world.things.fill(pattern))
        assert refused == (401, ProblemType.TOKEN_NOT_BOUND)


def alike(answer: httpx2.Response) -> tuple[int, bytes, dict[str, str]]:
    """What an answer says, without what names this one answer."""
    headers = {name: value for name, value in answer.headers.items() if name not in NEVER_ALIKE}
    return answer.status_code, answer.content, headers


STRANGERS = [
    (who, key)
    for key, route in ROUTES.items()
    for who in PEOPLE
    if route.reach is not None and not (route.reach.by_supervisor and who == "the-supervisor-of-the-team")
]


@pytest.mark.parametrize(("who", "key"), STRANGERS, ids=lambda part: part if isinstance(part, str) else " ".join(part))
async def test_nobody_reaches_what_is_anothers(world: World, who: str, key: tuple[str, str]) -> None:
    method, pattern = key
    reach, stranger = ROUTES[key].reach, world.people[who]
    assert reach is not None
    anothers = await stranger.send(method, world.things.fill(pattern), reach.body(stranger, world.things))
    assert problem_of(anothers).problem_type in (ProblemType.NOT_FOUND, ProblemType.FORBIDDEN)
    assert world.things.ref not in anothers.text
    # A reference of its own, because one that is new is theirs from then on.
    nothing = dataclasses.replace(ABSENT, ref=f"c_{secrets.token_urlsafe(12)}") if reach.absent_is_new else ABSENT
    absent = await stranger.send(method, nothing.fill(pattern), reach.body(stranger, nothing))
    if reach.absent_is_new:
        assert (anothers.status_code, absent.status_code) == (404, 204)
    else:
        assert alike(anothers) == alike(absent)


async def test_the_owner_reaches_all_of_it(world: World) -> None:
    """So that the test above was refused for who asked, and for nothing else."""
    # A record is put before it is read, and what ends the customer's being shown comes last.
    last = ("PUT", "/calls/{ref}/wrap-up")
    # A reveal is for a desk whose socket is open.
    async with world.lina.socket():
        for key in sorted(REACHES, key=lambda key: (key == last, key == ("GET", "/calls/{ref}/quality"))):
            method, pattern = key
            reach = ROUTES[key].reach
            assert reach is not None
            owner = world.supervisor if reach.by_supervisor else world.lina
            answer = await owner.send(method, world.things.fill(pattern), reach.body(owner, world.things))
            assert answer.status_code in reach.owner, (key, answer.text)


async def all_that_came(socket: Socket) -> list[str | bytes]:
    """Make the server close the socket; returns what it had said until then."""
    came = list[str | bytes]()
    await socket.websocket.send("{}")
    with contextlib.suppress(ConnectionClosedError):
        while True:
            came.append(await socket.websocket.recv())
    return came


async def test_no_list_holds_anothers(world: World) -> None:
    for what, stranger in world.people.items():
        history = (await stranger.send("GET", "/calls")).json()
        assert world.things.ref not in {call["ref"] for call in history["calls"]}, what


async def test_an_offer_reaches_the_desk_of_its_agent_alone(world: World) -> None:
    """Sockets of everybody are open; a call for Lina is pushed to one of them, and its colleagues hear of nothing."""
    colleague, other = world.people["a-colleague"], world.people["an-agent-of-another-team"]
    async with world.lina.socket() as hers, colleague.socket() as theirs, other.socket() as others:
        ref = await world.edge.call("lina", first_customer(world.server)["phone"])
        offered = await hers.next()
        assert ref in offered.model_dump_json()
        # Each socket is served in order: what is answered to nonsense comes after all that was pushed.
        for socket in (theirs, others):
            assert await all_that_came(socket) == []


async def test_the_wall_of_a_team_is_not_another_teams(world: World) -> None:
    async with world.people["a-supervisor-of-another-team"].socket() as socket:
        wall = await socket.next()
        assert '"lina"' not in wall.model_dump_json()
        async with world.lina.socket():
            assert await all_that_came(socket) == []


async def test_a_person_who_was_revoked_reaches_nothing_any_more(world: World) -> None:
    """Last in this file, because it takes the colleague away."""
    leaver = world.people["a-colleague"]
    assert (await world.it.send("POST", "/admin/people/bao/disable")).status_code == 204
    world.server.clock.advance(timedelta(seconds=1))
    for (method, pattern), route in ROUTES.items():
        if route.door is Door.PERSON and method != "WEBSOCKET":
            assert await leaver.refused(method, ABSENT.fill(pattern)) == (401, ProblemType.SESSION_REQUIRED)
