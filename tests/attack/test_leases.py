"""A desk that was patched to reveal more than it may: it has the agent's password, the device's key, and no scruples.

What a lease is, and how it ends, is in tests/integration/server/test_leases.py. Here it is the thief's turn.
"""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import httpx2
import pytest

from client.security.device_key import SoftwareDeviceKey
from provisioning import lease_seal
from provisioning.api import CallRef, LeaseState, LeaseView, ProblemType
from provisioning.device_proof import prove
from provisioning.pki import generate_key, key_pem
from tests.integration.server.leasing import LeaseDesk, connected, new_desk
from tests.integration.server.people import It, Socket, TheEdge, problem_of
from tests.integration.server.running import RunningServer

WRONG = (403, ProblemType.DEVICE_PROOF_WRONG)
REFUSED = (403, ProblemType.REVEAL_REFUSED)
CAPTURED: dict[str, Any] = {"capture_protection": "none"}
"""A report of a screen that anybody could record: T1."""


@pytest.fixture
async def desk(server: RunningServer, it: It) -> LeaseDesk:
    made = await new_desk(server, it)
    await made.sign_in(await it.add("lina"))
    return made


@pytest.fixture
async def socket(desk: LeaseDesk) -> AsyncIterator[Socket]:
    async with desk.socket() as opened:
        yield opened


@pytest.fixture
async def ref(edge: TheEdge, socket: Socket, customer: dict[str, str]) -> CallRef:
    return await connected(edge, socket, "lina", customer["phone"])


def how(answer: httpx2.Response) -> tuple[int, ProblemType]:
    return answer.status_code, problem_of(answer).problem_type


def said_nothing(server: RunningServer, customer: dict[str, str]) -> None:
    """No answer held a value, in clear or sealed."""
    for body in server.received:
        assert customer["phone"].removeprefix("+86") not in body
        assert '"state":"granted"' not in body


async def test_after_the_call_there_is_no_lease(
    server: RunningServer, edge: TheEdge, desk: LeaseDesk, ref: CallRef, customer: dict[str, str]
) -> None:
    """Not in the wrap-up, not with an ask from during the call, not by saying that the call goes on."""
    kept = desk.sign_ask(ref, "phone")
    await edge.ended(ref)
    assert how(await desk.request(ref, kept)) == REFUSED
    assert how(await desk.request(ref, desk.sign_ask(ref, "phone"))) == REFUSED
    assert (await desk.wrap_up(ref)).status_code == 204
    assert how(await desk.request(ref, desk.sign_ask(ref, "phone"))) == REFUSED
    said_nothing(server, customer)


async def test_a_call_that_only_the_desk_knows_reveals_nobody(
    server: RunningServer, desk: LeaseDesk, socket: Socket, customer: dict[str, str]
) -> None:
    """A desk may report a call that the server never heard of; no customer comes of it."""
    made_up = "c_MADEUPMADEUPMADE"
    said = f'{{"type": "call.progress", "ref": "{made_up}", "state": "answered", "at": "2026-11-30T12:00:00Z"}}'
    await socket.websocket.send(said)
    answer = await desk.request(made_up, desk.sign_ask(made_up, "phone"))
    assert problem_of(answer).status in (403, 404)
    said_nothing(server, customer)


async def test_two_leases_at_once_are_one(desk: LeaseDesk, ref: CallRef) -> None:
    """Each with a key of its own, for two fields, in the same moment."""
    asks = [desk.sign_ask(ref, name) for name in ("phone", "email", "phone", "email")]
    answers = await asyncio.gather(*(desk.request(ref, ask) for ask in asks))
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409]


async def test_two_calls_are_not_two_leases(
    edge: TheEdge, desk: LeaseDesk, socket: Socket, ref: CallRef, customer: dict[str, str]
) -> None:
    second = await connected(edge, socket, "lina", customer["phone"])
    await desk.reveal(ref)
    assert how(await desk.request(second, desk.sign_ask(second, "email"))) == (409, ProblemType.REVEAL_RUNNING)


@pytest.mark.parametrize("by", [timedelta(minutes=-2), timedelta(days=-1), timedelta(minutes=2), timedelta(days=365)])
async def test_a_clock_that_was_set_does_not_help(
    server: RunningServer, desk: LeaseDesk, ref: CallRef, customer: dict[str, str], by: timedelta
) -> None:
    """The desk's: what it signs is of another day. That of its reports lowers its trust, as test_posture.py shows."""
    asked = desk.sign_ask(ref, "phone", at=server.clock() + by)
    assert how(await desk.request(ref, asked)) == WRONG
    said_nothing(server, customer)


async def test_a_servers_clock_that_is_set_back_makes_no_lease_longer(
    server: RunningServer, desk: LeaseDesk, ref: CallRef
) -> None:
    _, lease = await desk.reveal(ref)
    # Less than what every certificate is dated back by, or nobody would be let in to see.
    server.clock.advance(timedelta(minutes=-4))
    server.sweep()
    desk.reported_at = None
    assert (await desk.look(ref, lease.lease)).state is LeaseState.ENDED


@pytest.mark.parametrize(
    "field", ["security_answer", "password_hash", "cvv", "id", "notes", "phone_digest", "PHONE", "*"]
)
async def test_a_field_that_is_not_for_revealing_is_not_revealed(
    server: RunningServer, desk: LeaseDesk, ref: CallRef, customer: dict[str, str], field: str
) -> None:
    """C3, columns that are no fields, and fields that there are not."""
    key = lease_seal.generate()[1]
    payload = f'{{"ref": "{ref}", "field": "{field}", "key": "{key}", "asked_at": "{server.clock().isoformat()}"}}'
    answer = await desk.request(ref, desk.sign(payload.encode()))
    assert how(answer) in (REFUSED, (422, ProblemType.INVALID_REQUEST))
    assert customer["security_answer"] not in "".join(server.received)
    said_nothing(server, customer)


async def test_a_work_type_and_a_clearance_are_the_servers_to_say(
    server: RunningServer, it: It, edge: TheEdge, customer: dict[str, str]
) -> None:
    """An agent whose work does not need the address asks for it all the same."""
    made = await new_desk(server, it)
    await made.sign_in(await it.add("mei", work="consultation"))
    async with made.socket() as socket:
        ref = await connected(edge, socket, "mei", customer["phone"])
        for field in ("billing_address", "card_number", "id_card"):
            assert how(await made.request(ref, made.sign_ask(ref, field))) == REFUSED
    said_nothing(server, customer)


async def test_a_grant_for_one_field_opens_no_other(desk: LeaseDesk, ref: CallRef) -> None:
    """The value is sealed to its field, call and lease: what is put into another's place does not open."""
    asked, lease = await desk.reveal(ref, "phone")
    for other in (
        lease_seal.bound(lease.lease, ref, "email"),
        lease_seal.bound(lease.lease, "c_AAAAAAAAAAAAAAAA", "phone"),
        lease_seal.bound("l_AAAAAAAAAAAAAAAAAAAAAA", ref, "phone"),
    ):
        with pytest.raises(lease_seal.SealedForOther):
            lease_seal.open_sealed(lease.sealed, asked.key, other)
    with pytest.raises(lease_seal.SealedForOther):
        lease_seal.open_sealed(lease.sealed, lease_seal.generate()[0], lease_seal.bound(lease.lease, ref, "phone"))


async def test_another_call_of_another_agent_is_not_there(
    it: It, edge: TheEdge, desk: LeaseDesk, ref: CallRef, customer: dict[str, str]
) -> None:
    """Asked for with a right signature, through either call's path, and while an own call is connected."""
    server = desk.server
    other = await new_desk(server, it)
    await other.sign_in(await it.add("bao"))
    async with other.socket() as socket:
        theirs = await connected(edge, socket, "bao", customer["phone"])
        assert how(await desk.request(theirs, desk.sign_ask(theirs, "phone"))) == (404, ProblemType.NOT_FOUND)
        assert how(await desk.request(ref, desk.sign_ask(theirs, "phone"))) == WRONG
        assert how(await desk.request(theirs, desk.sign_ask(ref, "phone"))) == (404, ProblemType.NOT_FOUND)
    said_nothing(server, customer)


async def test_a_t1_desk_does_not_become_t3_by_saying_so(
    server: RunningServer, desk: LeaseDesk, ref: CallRef, customer: dict[str, str]
) -> None:
    """Its posture is T1. A better one counts neither unsigned, nor signed by another key, nor for another purpose."""
    await desk.report(**CAPTURED)
    better = desk.posture(key_storage="hardware").model_dump_json().encode()
    stranger = SoftwareDeviceKey(key_pem(generate_key()))
    own = SoftwareDeviceKey(key_pem(desk.key))
    for claim in (
        better.decode(),
        f"e30.{better.hex()}.",
        prove(stranger, "posture", better),
        prove(own, "lease", better),
        prove(own, "pin-report", better),
    ):
        assert await desk.refused("PUT", "/session/posture", {"posture": claim}) == WRONG
        asked = desk.sign_ask(ref, "phone")
        assert how(await desk.request(ref, asked)) == (403, ProblemType.TRUST_TOO_LOW)
    said_nothing(server, customer)


async def test_a_key_in_hardware_is_not_a_matter_of_saying_so(desk: LeaseDesk) -> None:
    """A patched desk signs what it likes of itself, with its own key: T2 is the most that it comes to."""
    reply = await desk.report(key_storage="hardware")
    assert int(reply.trust.level) == 2


async def test_a_session_of_before_the_drop_does_not_help(
    server: RunningServer, desk: LeaseDesk, ref: CallRef, customer: dict[str, str]
) -> None:
    """An ask that was signed while all was well, sent after the drop; and the same again when all is well again."""
    kept = desk.sign_ask(ref, "phone")
    await desk.report(**CAPTURED)
    assert how(await desk.request(ref, kept)) == (403, ProblemType.TRUST_TOO_LOW)
    await desk.report()
    assert how(await desk.request(ref, kept)) == WRONG
    said_nothing(server, customer)


async def test_an_agent_does_not_approve_their_own(
    server: RunningServer, it: It, edge: TheEdge, desk: LeaseDesk, ref: CallRef
) -> None:
    asked = desk.sign_ask(ref, "id_card")
    answer = await desk.request(ref, asked)
    lease = LeaseView.model_validate_json(answer.content).lease if answer.status_code == 201 else "l_" + "A" * 22
    refused = await desk.refused("PUT", f"/leases/{lease}/decision", {"approved": True})
    assert refused == (403, ProblemType.FORBIDDEN)
    answers = [body for body in server.received if '"sealed"' in body]
    assert all('"state":"waiting"' in body or '"state":"granted"' in body for body in answers)


async def test_what_the_desk_says_of_showing_makes_nothing_longer(
    server: RunningServer, desk: LeaseDesk, socket: Socket, ref: CallRef
) -> None:
    """It never says that it is done; it says that it began tomorrow; it asks for the value again and again."""
    _, lease = await desk.reveal(ref)
    later = (server.clock() + timedelta(days=1)).isoformat()
    await socket.websocket.send(f'{{"type": "lease.shown", "lease": "{lease.lease}", "at": "{later}"}}')
    server.clock.advance(timedelta(seconds=lease.seconds + 11))
    server.sweep()
    found = await desk.look(ref, lease.lease)
    assert (found.state, found.sealed) == (LeaseState.ENDED, "")


async def test_a_lease_costs_nobody_elses_patience(server: RunningServer, desk: LeaseDesk, ref: CallRef) -> None:
    """Thirty asks a minute, right or wrong; then they are not read."""
    statuses = [(await desk.request(ref, "a.b.c")).status_code for _ in range(31)]
    assert statuses == [403] * 30 + [429]
