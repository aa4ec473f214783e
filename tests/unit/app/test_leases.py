"""A session's leases: asked by the device, opened into the safe, ended and told; and what comes in another order."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import httpx2
import pytest
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from client.app.leases import Leases
from client.core import events
from client.core import intents as want
from client.core.events import Event
from client.security.clear_value import Safe
from client.security.device_key import SoftwareDeviceKey
from client.security.link import Link
from client.security.trouble import Refused
from provisioning import api, lease_seal, pki
from provisioning.device_proof import open_proof

REF = "c_reference1"
LEASE = "l_0123456789abcdef"
SOON = datetime(2026, 11, 24, 14, 30, tzinfo=UTC)
ASK = want.AskReveal(REF, "phone", "call-back", request=7)


def refused(kind: api.ProblemType) -> Refused:
    return Refused(api.Problem(type=api.PROBLEM_PREFIX + kind, title="No.", status=409))


class FakeLink(Link):
    """Speaks for the server: grants, lets wait, or refuses, with real seals."""

    def __init__(self) -> None:
        self.key = SoftwareDeviceKey(pki.key_pem(pki.generate_key()))
        self.state = api.LeaseState.GRANTED
        self.value = "13812345678"
        self.sealed_for = "phone"
        self.trouble: Exception | None = None
        self.before_answer: Callable[[], None] = lambda: None
        self.requests: list[api.LeaseRequest] = []
        self.ended: list[tuple[str, str, api.LeaseEndRequest]] = []
        self.decided: list[tuple[str, bool]] = []

    def view(self, state: api.LeaseState) -> api.LeaseView:
        public = load_pem_public_key(self.key.public_pem.encode())
        ask = api.LeaseAsk.model_validate_json(
            open_proof(self.requests[-1].ask, "lease", public)  # type: ignore[arg-type]
        )
        sealed = ""
        if state is api.LeaseState.GRANTED:
            bound = lease_seal.bound(LEASE, REF, self.sealed_for)
            sealed = lease_seal.seal(self.value.encode(), lease_seal.read_key(ask.key), bound)
        expires = SOON + timedelta(seconds=60)
        return api.LeaseView(
            lease=LEASE, ref=ask.ref, field=ask.field, state=state, seconds=20, expires_at=expires, sealed=sealed
        )

    async def ask_lease(self, ref: str, request: api.LeaseRequest) -> api.LeaseView:
        self.requests.append(request)
        if self.trouble is not None:
            raise self.trouble
        self.before_answer()
        return self.view(self.state)

    async def end_lease(self, ref: str, lease: str, request: api.LeaseEndRequest) -> None:
        self.ended.append((ref, lease, request))
        if self.trouble is not None:
            raise self.trouble

    async def decide_lease(self, lease: str, decision: api.LeaseDecision) -> None:
        self.decided.append((lease, decision.approved))
        if self.trouble is not None:
            raise self.trouble


@dataclass
class World:
    """A session's leases between a fake server and a list of events."""

    link: FakeLink = field(default_factory=FakeLink)
    safe: Safe = field(default_factory=Safe)
    told: list[Event] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.leases = Leases(self.link, self._key, self.safe, self.told.append)

    async def _key(self) -> SoftwareDeviceKey:
        return self.link.key

    @property
    def painted(self) -> str:
        """What the screen would paint."""
        value = self.safe.get(LEASE)
        return "".join(value.characters()) if value is not None else ""


def answered(*, shown: bool) -> events.RevealAnswered:
    return events.RevealAnswered(LEASE, "phone", shown, 20, (SOON + timedelta(seconds=60)).timestamp(), 7)


async def test_what_is_granted_at_once_is_in_the_safe_when_it_is_told() -> None:
    world = World()
    seen: list[str] = []

    def emit(event: Event) -> None:
        seen.append(world.painted)
        world.told.append(event)

    world.leases = Leases(world.link, world._key, world.safe, emit)
    assert await world.leases.ask(ASK) == ""
    assert world.told == [answered(shown=True)]
    assert seen == ["13812345678"]
    assert (world.link.requests[0].reason, world.link.requests[0].typed_reason) == ("call-back", "")


async def test_what_a_supervisor_agrees_to_comes_by_the_socket() -> None:
    world = World()
    world.link.state = api.LeaseState.WAITING
    await world.leases.ask(ASK)
    assert world.told == [answered(shown=False)]
    assert world.painted == ""
    world.leases.hear(api.LeaseChanged(lease=world.link.view(api.LeaseState.GRANTED)))
    assert world.told[1:] == [answered(shown=True)]
    assert world.painted == "13812345678"


async def test_a_decision_that_overtakes_the_answer_waits_for_it() -> None:
    world = World()
    world.link.state = api.LeaseState.WAITING
    world.link.before_answer = lambda: world.leases.hear(
        api.LeaseChanged(lease=world.link.view(api.LeaseState.GRANTED))
    )
    await world.leases.ask(ASK)
    assert world.told == [answered(shown=False), answered(shown=True)]


@pytest.mark.parametrize("state", [api.LeaseState.REFUSED, api.LeaseState.ENDED])
async def test_what_a_supervisor_refuses_is_told_as_over(state: api.LeaseState) -> None:
    world = World()
    world.link.state = api.LeaseState.WAITING
    await world.leases.ask(ASK)
    world.leases.hear(api.LeaseChanged(lease=world.link.view(state)))
    world.leases.hear(api.LeaseChanged(lease=world.link.view(state), reason=api.LeaseEnd.EXPIRED))
    assert world.told[1:] == [events.RevealEnded(LEASE, "not-approved"), events.RevealEnded(LEASE, "expired")]


async def test_what_does_not_open_is_told_as_not_shown(expected_warnings: list[str]) -> None:
    expected_warnings.append("a lease was not opened")
    world = World()
    world.link.sealed_for = "email"
    await world.leases.ask(ASK)
    assert world.told == [answered(shown=False), events.RevealEnded(LEASE, "not-shown")]
    assert world.painted == ""


@pytest.mark.parametrize(
    ("trouble", "code"),
    [
        (refused(api.ProblemType.TRUST_TOO_LOW), "trust-too-low"),
        (refused(api.ProblemType.REVEAL_TOO_OFTEN), "reveal-too-often"),
        (refused(api.ProblemType.SESSION_REQUIRED), "session-required"),
        (httpx2.ConnectError("away"), "server-unreachable"),
    ],
)
async def test_a_refusal_is_told_by_its_code(trouble: Exception, code: str) -> None:
    world = World()
    world.link.trouble = trouble
    assert await world.leases.ask(ASK) == code
    assert world.told == [events.RevealRefused("phone", code, 7)]


async def test_a_reason_that_cannot_be_sent_is_not_sent() -> None:
    world = World()
    wish = want.AskReveal(REF, "phone", "", "x" * 201, 7)
    assert await world.leases.ask(wish) == "invalid-request"
    assert world.link.requests == []


async def test_the_end_wipes_before_the_server_is_told_and_whatever_it_says() -> None:
    world = World()
    await world.leases.ask(ASK)
    value = world.safe.get(LEASE)
    assert value is not None
    world.leases.forget(LEASE)
    assert not value.is_open
    world.link.trouble = httpx2.ConnectError("away")
    await world.leases.end(want.EndReveal(REF, LEASE, "focus-lost", 3.456))
    assert world.link.ended == [(REF, LEASE, api.LeaseEndRequest(reason=api.LeaseEnd.FOCUS_LOST, shown_seconds=3.46))]


async def test_what_was_given_up_does_not_open_any_more() -> None:
    world = World()
    world.link.state = api.LeaseState.WAITING
    await world.leases.ask(ASK)
    world.leases.forget(LEASE)
    world.leases.hear(api.LeaseChanged(lease=world.link.view(api.LeaseState.GRANTED)))
    assert world.told == [answered(shown=False)]
    assert world.painted == ""


async def test_without_a_connection_everything_is_wiped() -> None:
    world = World()
    await world.leases.ask(ASK)
    value = world.safe.get(LEASE)
    world.leases.wipe()
    assert value is not None
    assert not value.is_open
    world.leases.hear(api.LeaseChanged(lease=world.link.view(api.LeaseState.GRANTED)))
    assert world.painted == ""


@pytest.mark.parametrize(
    ("kind", "code"),
    [(api.ProblemType.CONFLICT, "approval-too-late"), (api.ProblemType.FORBIDDEN, "forbidden")],
)
async def test_a_supervisor_decides_and_is_told_what_came_too_late(kind: api.ProblemType, code: str) -> None:
    world = World()
    await world.leases.decide(want.DecideApproval(LEASE, approved=True))
    assert (world.link.decided, world.told) == ([(LEASE, True)], [])
    world.link.trouble = refused(kind)
    await world.leases.decide(want.DecideApproval(LEASE, approved=False))
    assert world.told == [events.Failed(code)]


async def test_a_cancelled_ask_tells_nothing() -> None:
    world = World()
    gate = asyncio.Event()

    async def never() -> SoftwareDeviceKey:
        await gate.wait()
        return world.link.key

    world.leases = Leases(world.link, never, world.safe, world.told.append)
    asking = asyncio.get_running_loop().create_task(world.leases.ask(ASK))
    await asyncio.sleep(0)
    asking.cancel()
    await asyncio.wait([asking])
    assert world.told == []
