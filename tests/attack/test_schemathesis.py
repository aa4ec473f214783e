"""The whole API against requests that are made out of its own description, right ones and wrong ones.

Nothing is a mistake of the server (5xx), and every answer is one that the description declares, in the form that it
declares. The requests are the same each time.
"""

import asyncio
import json
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis.strategies import SearchStrategy
from requests.adapters import HTTPAdapter
from schemathesis.checks import load_all_checks, not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from provisioning.pinned_tls import pinned_context
from server.app import build_api
from server.middleware import BODY_LIMIT
from tests.attack.conftest import enrolled, first_customer, running
from tests.attack.routes import ROUTES, Door
from tests.integration.server.people import Caller, It, TheEdge
from tests.integration.server.running import RunningServer, sqlite_url
from tests.stage.organisation import harbour_bank

EXAMPLES = 6
"""For each route and mode. More of them find little more and take longer."""
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    response_headers_conformance,
]
load_all_checks()
# The description needs no running server: it is the code's.
SCHEMA = schemathesis.openapi.from_dict(build_api(SimpleNamespace()).openapi())  # type: ignore[arg-type]
OPERATIONS = {found.ok().label: found.ok() for found in SCHEMA.get_all_operations() if isinstance(found, Ok)}
MODES = [schemathesis.GenerationMode.POSITIVE, schemathesis.GenerationMode.NEGATIVE]
ENDS_THE_SESSION = "DELETE /session"
HARMLESS = settings(
    max_examples=EXAMPLES,
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


class _Pinned(HTTPAdapter):
    """`requests` over the desk's own TLS."""

    def __init__(self, context: ssl.SSLContext) -> None:
        self._context = context
        super().__init__()

    def init_poolmanager(self, *arguments: Any, **options: Any) -> None:
        super().init_poolmanager(*arguments, **options, ssl_context=self._context)


@dataclass
class Asked:
    """The server with everybody who may come in at one of its doors."""

    server: RunningServer
    sessions: dict[Door, requests.Session]
    things: dict[str, str]


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Asked]:
    # An organisation of its own, because among all that is asked of it is to change its keys.
    directory = tmp_path_factory.mktemp("asked")
    for server in running(harbour_bank(directory / "org"), sqlite_url(directory)):
        made = asyncio.run(_settle(server))
        yield made
        for session in made.sessions.values():
            session.close()


async def _settle(server: RunningServer) -> Asked:
    it, edge = It(server, server.organisation.admin), TheEdge(server, server.organisation.edge_client)
    desk = await enrolled(server, it)
    await desk.sign_in(await it.add("lina"))
    ref = await edge.call("lina", first_customer(server)["phone"])
    device = Caller(server, desk.identity)
    callers = {Door.ANYBODY: Caller(server), Door.DEVICE: device, Door.PERSON: desk, Door.EDGE: edge, Door.ADMIN: it}
    return Asked(server, {door: _session(caller) for door, caller in callers.items()}, {"ref": ref})


def _session(caller: Caller) -> requests.Session:
    organisation = caller.server.organisation
    pair = caller.identity.pair if caller.identity else None
    made = requests.Session()
    made.trust_env = False
    made.mount("https://", _Pinned(pinned_context(organisation.ca_pem, organisation.server_pins, pair)))
    if caller.token:
        made.headers["Authorization"] = f"Bearer {caller.token}"
    return made


def takes_nothing(label: str) -> bool:
    """Whether there is nothing in a request for this route that could be wrong."""
    operation = OPERATIONS[label]
    return not operation.body and not list(operation.iter_parameters())


ASKED = [
    pytest.param(label, mode, id=f"{label}-{mode.value}")
    for label in sorted(OPERATIONS)
    for mode in MODES
    if not (mode is schemathesis.GenerationMode.NEGATIVE and takes_nothing(label))
]


@pytest.mark.parametrize(("label", "mode"), ASKED)
def test_every_answer_is_one_that_was_declared(asked: Asked, label: str, mode: schemathesis.GenerationMode) -> None:
    operation = OPERATIONS[label]
    method, _, pattern = label.partition(" ")
    door = Door.DEVICE if label == ENDS_THE_SESSION else ROUTES[method, pattern].door
    assert ask_all(asked, operation.as_strategy(generation_mode=mode), door)


@pytest.mark.parametrize("label", [label for label in sorted(OPERATIONS) if "{ref}" in label])
def test_so_it_is_for_a_call_that_there_is(asked: Asked, label: str) -> None:
    """A reference that is made up is never one of ours, so this one is given."""
    operation = OPERATIONS[label]
    # Where only the path could be wrong, a right one leaves nothing that is.
    modes = MODES if operation.body else MODES[:1]
    for mode in modes:
        cases = operation.as_strategy(generation_mode=mode, path_parameters=asked.things)
        assert ask_all(asked, cases, ROUTES[tuple(label.split(" "))].door)  # type: ignore[index]


def ask_all(asked: Asked, cases: SearchStrategy[schemathesis.Case[Any]], door: Door) -> list[int]:
    """Ask for every case as somebody who may; returns the statuses of the answers, which are all as declared."""
    statuses = list[int]()

    @HARMLESS
    @given(case=cases)
    def ask(case: schemathesis.Case[Any]) -> None:
        # What is larger is refused while it is still on its way, which test_http.py looks at.
        assume(len(json.dumps(case.body, default=str)) < BODY_LIMIT)
        answer = case.call(base_url=asked.server.url, session=asked.sessions[door], timeout=60)
        case.validate_response(answer, checks=CHECKS)
        statuses.append(answer.status_code)

    ask()
    return statuses


def test_the_askers_got_through(asked: Asked) -> None:
    """So that what was tested above is more than the doors."""
    for door, path in (
        (Door.DEVICE, "/manifest"),
        (Door.PERSON, "/calls"),
        (Door.ADMIN, "/admin/people"),
        (Door.EDGE, "/edge/withdrawn"),
    ):
        assert asked.sessions[door].get(asked.server.url + path, timeout=60).status_code == 200, path
