"""A customer keys in a card: what the desk, the payment service, the database, the log and the audit learn of it."""

import asyncio
import re
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import inspect, select, text
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import InvalidStatus

from provisioning.api import (
    CallOffered,
    CallProgress,
    DigitsChanged,
    DigitsRequest,
    DigitsStage,
    DigitsView,
    NewPersonReply,
    ProblemType,
)
from provisioning.api.edge_control import (
    FromKeeper,
    Seal,
    Sealed,
    SealRefusal,
    SealRefused,
    ToKeeper,
    ToneHeard,
    Unseal,
    Unsealed,
    to_keeper,
)
from provisioning.organisation import Identity, Organisation
from provisioning.pinned_tls import pinned_context
from server.audit.models import AuditEntry
from server.digits.models import SealedDigitsRow
from tests.integration.server.people import Desk, It, Socket, TheEdge
from tests.integration.server.psp import PaymentService
from tests.integration.server.running import RunningServer

CARD, EXPIRY, CODE = "4929127356948209", "1131", "417"
"""A synthetic number that passes Luhn and that nothing else in a test can hold by chance."""
KEYS = f"{CARD}#{EXPIRY}#{CODE}#"


@pytest.fixture
def psp(tmp_path: Path) -> Iterator[PaymentService]:
    service = PaymentService(tmp_path / "psp")
    yield service
    service.close()


@pytest.fixture
def server(organisation: Organisation, database_url: str, psp: PaymentService) -> Iterator[RunningServer]:
    """A server with a payment service, whose run is searched afterwards for the card."""
    running = RunningServer(organisation, database_url, digits_quiet_seconds=1, **psp.options)
    running.start()
    yield running
    stored = everything_stored(running)
    running.stop()
    for part in (CARD, CARD[-6:], f'"{EXPIRY}"', f'"{CODE}"'):
        assert part not in running.log_text
        assert not [body for body in running.received if part in body]
    assert CARD not in stored
    assert CARD[-6:] not in stored
    assert running.warnings == []


def everything_stored(server: RunningServer) -> str:
    """Every value of every row of every table but the demo customers', who have cards of their own."""
    engine = server.database()
    lines: list[str] = []
    with engine.connect() as connection:
        for table in inspect(engine).get_table_names():
            if table != "customers":
                lines += [str(tuple(row)) for row in connection.execute(text(f'SELECT * FROM "{table}"')).all()]  # noqa: S608
    engine.dispose()
    return "\n".join(lines)


@dataclass
class FakeKeeper:
    """An edge's end of /edge/control."""

    websocket: ClientConnection

    async def next(self) -> ToKeeper:
        return to_keeper.validate_json(await self.websocket.recv())

    async def say(self, message: FromKeeper) -> None:
        await self.websocket.send(message.model_dump_json())

    async def key(self, digits: str, keys: str) -> None:
        for tone in keys:
            await self.say(ToneHeard(digits=digits, tone=tone))

    async def sealed(self) -> str:
        """Do as the server asks; returns the id."""
        seal = await self.next()
        assert isinstance(seal, Seal)
        await self.say(Sealed(digits=seal.digits))
        return seal.digits


@asynccontextmanager
async def connection(server: RunningServer, identity: Identity) -> AsyncIterator[ClientConnection]:
    organisation = server.organisation
    context = pinned_context(organisation.ca_pem, organisation.server_pins, identity.pair)
    async with connect(
        f"wss://localhost:{server.port}/edge/control", ssl=context, compression=None, proxy=None
    ) as websocket:
        yield websocket


@pytest.fixture
async def keeper(server: RunningServer) -> AsyncIterator[FakeKeeper]:
    async with connection(server, server.organisation.edge_client) as websocket:
        yield FakeKeeper(websocket)


@dataclass
class Talk:
    """A connected call of an agent's, and the agent's socket."""

    desk: Desk
    socket: Socket
    ref: str
    agent: str

    async def ask(self, keeper: FakeKeeper, amount: str = "12.50") -> DigitsView:
        """Ask for a card, and have the edge seal the call."""
        sealing = asyncio.create_task(keeper.sealed())
        response = await self.desk.send("POST", f"/calls/{self.ref}/digits", DigitsRequest(amount=amount))
        assert response.status_code == 200, response.text
        view = DigitsView.model_validate_json(response.content)
        assert view.digits == await sealing
        return view

    async def until(self, stage: DigitsStage) -> list[DigitsView]:
        """Every view that the desk is sent, up to the first in this stage."""
        seen: list[DigitsView] = []
        while not seen or seen[-1].stage is not stage:
            message = await self.socket.next()
            if isinstance(message, DigitsChanged):
                seen.append(message.digits)
                assert message.digits.stage is stage or not message.digits.outcome, message.digits.outcome
        return seen


@pytest.fixture
async def talk(edge: TheEdge, desk: Desk, lina: NewPersonReply, customer: dict[str, str]) -> AsyncIterator[Talk]:
    async with desk.socket() as socket:
        ref = await edge.call(lina.name, customer["phone"], "hl-one")
        await offered(socket, ref)
        await socket.say(CallProgress(ref=ref, state="answered", at=datetime.now(UTC)))
        # What may be seen in a connected call is shown anew, which says that the server knows.
        await offered(socket, ref)
        yield Talk(desk, socket, ref, lina.name)


async def offered(socket: Socket, ref: str) -> None:
    while True:
        message = await socket.next()
        if isinstance(message, CallOffered) and message.card.ref == ref:
            return


def audit(server: RunningServer, *prefixes: str) -> list[tuple[str, dict[str, str]]]:
    engine = server.database()
    with engine.connect() as found:
        rows = found.execute(select(AuditEntry.action, AuditEntry.details).order_by(AuditEntry.seq)).all()
    engine.dispose()
    return [(row.action, row.details) for row in rows if row.action.startswith(prefixes)]


def rows(server: RunningServer) -> list[tuple[str | None, str | None]]:
    engine = server.database()
    with engine.connect() as found:
        query = select(SealedDigitsRow.stage, SealedDigitsRow.outcome).order_by(SealedDigitsRow.started_at)
        kept = [(row.stage, row.outcome) for row in found.execute(query).all()]
    engine.dispose()
    return kept


async def eventually(so: Callable[[], bool]) -> None:
    """Return when it is so. A database and another thread's server tell nobody of their changes, so they are asked."""
    while not so():  # noqa: ASYNC110
        await asyncio.sleep(0.02)


async def ended(server: RunningServer) -> None:
    """Return when an end is written down: that is done after the desk is told."""
    await eventually(lambda: any(action == "digits.ended" for action, _ in audit(server, "digits.")))


async def test_the_payment_service_gets_exactly_the_card(
    server: RunningServer, talk: Talk, keeper: FakeKeeper, psp: PaymentService
) -> None:
    view = await talk.ask(keeper)
    assert (view.stage, view.received, view.valid) == (DigitsStage.NUMBER, 0, None)
    await keeper.key(view.digits, KEYS)
    seen = await talk.until(DigitsStage.ACCEPTED)
    assert psp.asked == [
        {
            "number": CARD, "expiry": EXPIRY, "code": CODE,
            "amount": "12.50", "currency": "CNY", "reference": view.digits,
        }
    ]  # fmt: skip
    whole = next(step for step in seen if step.received == 16)
    assert (whole.stage, whole.expected, whole.valid) == (DigitsStage.NUMBER, 16, True)
    assert seen[-1].outcome == "accepted"
    unseal = await keeper.next()
    assert unseal == Unseal(digits=view.digits, quiet_seconds=1)
    await ended(server)
    await keeper.say(Unsealed(digits=view.digits))
    await eventually(lambda: len(audit(server, "recording.")) == 2)
    assert audit(server, "digits.", "recording.") == [
        ("digits.asked", {"digits": view.digits}),
        ("recording.gap-begun", {"reason": "sealed-digits"}),
        ("digits.ended", {"stage": "accepted", "outcome": "accepted", "counts": "16-4-3"}),
        ("recording.gap-ended", {"reason": "sealed-digits"}),
    ]
    assert rows(server) == [("accepted", "accepted")]


async def test_a_wrong_card_is_keyed_again_and_three_are_the_end(
    server: RunningServer, talk: Talk, keeper: FakeKeeper, psp: PaymentService
) -> None:
    view = await talk.ask(keeper)
    await keeper.key(view.digits, "4929127356948205#")
    seen = await talk.until(DigitsStage.NUMBER)
    while not (seen[-1].received == 0 and seen[-1].valid is False):
        seen += await talk.until(DigitsStage.NUMBER)
    await keeper.key(view.digits, "1#1#")
    failed = (await talk.until(DigitsStage.FAILED))[-1]
    assert failed.outcome == "wrong-number"
    assert psp.asked == []
    assert isinstance(await keeper.next(), Unseal)
    await ended(server)


@pytest.mark.parametrize(
    "declined",
    [
        (402, b'{"outcome": "declined", "reason": "insufficient-funds"}', "insufficient-funds"),
        (200, b'{"outcome": "declined", "reason": "4929127356948209"}', "declined"),
    ],
)
async def test_a_declined_card(
    server: RunningServer, talk: Talk, keeper: FakeKeeper, psp: PaymentService, declined: tuple[int, bytes, str]
) -> None:
    psp.answer, outcome = (declined[0], declined[1]), declined[2]
    view = await talk.ask(keeper)
    await keeper.key(view.digits, KEYS)
    assert (await talk.until(DigitsStage.DECLINED))[-1].outcome == outcome
    await ended(server)
    assert rows(server) == [("declined", outcome)]


@pytest.mark.parametrize(
    "answer", [(500, b"{}"), (200, CARD.encode()), (302, b""), (200, b'{"outcome": "perhaps"}'), None]
)
async def test_a_payment_service_that_fails(
    server: RunningServer, talk: Talk, keeper: FakeKeeper, psp: PaymentService, answer: tuple[int, bytes] | None
) -> None:
    server.expected_warnings.add("payment service unavailable")
    if answer is None:
        psp.close()
    else:
        psp.answer = answer
    view = await talk.ask(keeper)
    await keeper.key(view.digits, KEYS)
    assert (await talk.until(DigitsStage.FAILED))[-1].outcome == "payment-unknown"
    assert "payment service unavailable" in server.log_text
    await ended(server)


async def test_the_agent_stops_it(server: RunningServer, talk: Talk, keeper: FakeKeeper, psp: PaymentService) -> None:
    view = await talk.ask(keeper)
    await keeper.key(view.digits, CARD[:9])
    path = f"/calls/{talk.ref}/digits/{view.digits}"
    assert (await talk.desk.send("DELETE", path)).status_code == 204
    assert (await talk.until(DigitsStage.CANCELLED))[-1].received == 0
    assert isinstance(await keeper.next(), Unseal)
    await keeper.key(view.digits, KEYS)
    # Once more, with the same call; the keys of the first go nowhere.
    again = await talk.ask(keeper)
    await keeper.key(again.digits, "49")
    assert [step.received for step in await talk.until(DigitsStage.NUMBER)] == [0]
    assert (await talk.desk.send("DELETE", path)).status_code == 204
    assert psp.asked == []
    await ended(server)
    assert rows(server)[0] == ("cancelled", "cancelled")


async def test_the_call_ends_midway(
    server: RunningServer, talk: Talk, keeper: FakeKeeper, edge: TheEdge, psp: PaymentService
) -> None:
    view = await talk.ask(keeper)
    await keeper.key(view.digits, f"{CARD}#{EXPIRY}#")
    await talk.until(DigitsStage.CODE)
    await edge.ended(talk.ref)
    assert (await talk.until(DigitsStage.FAILED))[-1].outcome == "call-ended"
    await keeper.key(view.digits, f"{CODE}#")
    await ended(server)
    await eventually(lambda: server.services.gaps.current(talk.ref) is None)
    assert psp.asked == []
    assert await talk.desk.refused("POST", f"/calls/{talk.ref}/digits", DigitsRequest()) == (403, ProblemType.FORBIDDEN)


async def test_the_keeper_dies_midway(server: RunningServer, talk: Talk, psp: PaymentService) -> None:
    async with connection(server, server.organisation.edge_client) as websocket:
        keeper = FakeKeeper(websocket)
        view = await talk.ask(keeper)
        await keeper.key(view.digits, CARD[:9])
        websocket.transport.abort()
    assert (await talk.until(DigitsStage.FAILED))[-1].outcome == "edge-lost"
    await ended(server)
    # Nobody has said that tones pass again, so what is recorded could still hold them.
    assert server.services.gaps.current(talk.ref) is not None
    refusal = await talk.desk.refused("POST", f"/calls/{talk.ref}/digits", DigitsRequest())
    assert refusal == (503, ProblemType.DIGITS_UNAVAILABLE)


@pytest.mark.parametrize("reason", ["no-events", "no-call", "failed"])
async def test_a_call_that_cannot_be_sealed(
    server: RunningServer, talk: Talk, keeper: FakeKeeper, reason: SealRefusal
) -> None:
    asking = asyncio.create_task(talk.desk.send("POST", f"/calls/{talk.ref}/digits", DigitsRequest()))
    seal = await keeper.next()
    assert isinstance(seal, Seal)
    assert seal.call_id == "hl-one"
    await keeper.say(SealRefused(digits=seal.digits, reason=reason))
    view = DigitsView.model_validate_json((await asking).content)
    assert (view.stage, view.outcome) == (DigitsStage.FAILED, reason)
    await ended(server)
    await eventually(lambda: server.services.gaps.current(talk.ref) is None)


async def test_of_two_edges_the_one_with_the_call_seals_it(
    server: RunningServer, talk: Talk, keeper: FakeKeeper, psp: PaymentService
) -> None:
    async with connection(server, server.organisation.edge_client) as websocket:
        other = FakeKeeper(websocket)
        asking = asyncio.create_task(talk.desk.send("POST", f"/calls/{talk.ref}/digits", DigitsRequest()))
        for edge in (other, keeper):
            seal = await edge.next()
            assert isinstance(seal, Seal)
        await other.say(SealRefused(digits=seal.digits, reason="no-call"))
        await keeper.say(Sealed(digits=seal.digits))
        view = DigitsView.model_validate_json((await asking).content)
        assert view.stage is DigitsStage.NUMBER
        # The other edge cannot key into it.
        await other.key(view.digits, "1111")
        await other.websocket.close()
    await keeper.key(view.digits, KEYS)
    await talk.until(DigitsStage.ACCEPTED)
    assert [asked["number"] for asked in psp.asked] == [CARD]
    await ended(server)


async def test_keys_that_are_told_twice_count_once(
    server: RunningServer, talk: Talk, keeper: FakeKeeper, edge: TheEdge, psp: PaymentService
) -> None:
    view = await talk.ask(keeper)
    for tone in KEYS:
        response = await edge.send("POST", f"/edge/digits/{view.digits}/tones", {"tone": tone})
        assert response.status_code == 204
        await keeper.key(view.digits, tone)
    await talk.until(DigitsStage.ACCEPTED)
    assert [asked["number"] for asked in psp.asked] == [CARD]
    await ended(server)


async def test_one_at_a_time_in_a_call(talk: Talk, keeper: FakeKeeper, server: RunningServer) -> None:
    view = await talk.ask(keeper)
    path = f"/calls/{talk.ref}/digits"
    assert await talk.desk.refused("POST", path, DigitsRequest()) == (409, ProblemType.DIGITS_RUNNING)
    assert (await talk.desk.send("DELETE", f"{path}/{view.digits}")).status_code == 204
    await ended(server)


async def test_another_agents_call_does_not_exist(
    server: RunningServer, talk: Talk, keeper: FakeKeeper, it: It
) -> None:
    other = Desk(server)
    await other.enrol(await it.code())
    await other.sign_in(await it.add("zhao"))
    view = await talk.ask(keeper)
    path = f"/calls/{talk.ref}/digits"
    assert await other.refused("POST", path, DigitsRequest()) == (404, ProblemType.NOT_FOUND)
    assert await other.refused("DELETE", f"{path}/{view.digits}") == (404, ProblemType.NOT_FOUND)
    await keeper.key(view.digits, "4")
    assert (await talk.until(DigitsStage.NUMBER))[-1].stage is DigitsStage.NUMBER
    assert (await talk.desk.send("DELETE", f"{path}/{view.digits}")).status_code == 204
    await ended(server)


async def test_a_call_that_only_rings_is_not_sealed(
    edge: TheEdge, desk: Desk, lina: NewPersonReply, keeper: FakeKeeper
) -> None:
    ref = await edge.call(lina.name, "+8613800000000")
    assert await desk.refused("POST", f"/calls/{ref}/digits", DigitsRequest()) == (403, ProblemType.FORBIDDEN)


async def test_signing_out_stops_it(server: RunningServer, talk: Talk, keeper: FakeKeeper, psp: PaymentService) -> None:
    view = await talk.ask(keeper)
    await keeper.key(view.digits, CARD)
    assert (await talk.desk.send("DELETE", "/session")).status_code == 204
    assert isinstance(await keeper.next(), Unseal)
    await ended(server)
    assert rows(server) == [("cancelled", "cancelled")]
    assert psp.asked == []


async def test_only_edges_are_heard(server: RunningServer, talk: Talk, keeper: FakeKeeper, it: It) -> None:
    view = await talk.ask(keeper)
    for caller in (talk.desk, it):
        status, problem = await caller.refused("POST", f"/edge/digits/{view.digits}/tones", {"tone": "1"})
        assert (status, problem) == (403, ProblemType.FORBIDDEN)
        assert caller.identity is not None
        with pytest.raises(InvalidStatus, match="403"):
            async with connection(server, caller.identity):
                pass
    assert (await talk.desk.send("DELETE", f"/calls/{talk.ref}/digits/{view.digits}")).status_code == 204
    await ended(server)


async def test_a_key_that_is_none_is_not_quoted(server: RunningServer, edge: TheEdge) -> None:
    response = await edge.send("POST", "/edge/digits/d_aaaaaaaaaaaaaaaa/tones", {"tone": CARD})
    assert response.status_code == 422
    async with connection(server, server.organisation.edge_client) as websocket:
        await websocket.send(f'{{"type": "tone", "digits": "d_aaaaaaaaaaaaaaaa", "tone": "{CARD}"}}')
        await websocket.wait_closed()
        assert websocket.close_code == 1008
        assert not re.search(r"\d", websocket.close_reason or "")


class TestImpatience:
    @pytest.fixture
    def server(self, organisation: Organisation, database_url: str, psp: PaymentService) -> Iterator[RunningServer]:
        running = RunningServer(organisation, database_url, digits_idle_seconds=0.2, **psp.options)
        running.start()
        yield running
        running.stop()
        assert running.warnings == []

    async def test_a_customer_who_keys_nothing_more(
        self, server: RunningServer, talk: Talk, keeper: FakeKeeper, psp: PaymentService
    ) -> None:
        view = await talk.ask(keeper)
        await keeper.key(view.digits, "4929")
        assert (await talk.until(DigitsStage.FAILED))[-1].outcome == "timeout"
        assert isinstance(await keeper.next(), Unseal)
        assert psp.asked == []
        await ended(server)


async def test_a_server_that_stops_leaves_no_open_row(server: RunningServer, talk: Talk, keeper: FakeKeeper) -> None:
    view = await talk.ask(keeper)
    await keeper.key(view.digits, CARD)
    await talk.until(DigitsStage.NUMBER)
    await asyncio.to_thread(server.stop)
    ((stage, outcome),) = rows(server)
    # Whichever is first: the edge's socket is closed, or the keying is.
    assert (stage, outcome in {"edge-lost", "server-error"}) == ("failed", True)
