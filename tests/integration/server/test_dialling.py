"""Whom an agent may call, what a dial token is worth, and what becomes of the call."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from provisioning.api import (
    CallProgress,
    CustomerCard,
    DialReply,
    DirectoryReply,
    EdgeDialReply,
    HistoryCall,
    HistoryReply,
    NewPersonReply,
    ProblemType,
)
from provisioning.organisation import Organisation
from tests.integration.server.people import Desk, It, TheEdge, b64
from tests.integration.server.running import RunningServer
from tests.stage.organisation import harbour_bank

OURS = "+862155550000"
DIRECTORY = """
[[directory]]
id = "cards-experts"
kind = "queue"
label = { en = "Card experts", zh = "信用卡专家组" }
target = "7001"

[[directory]]
id = "interpreter"
kind = "service"
label = { en = "Interpreter", zh = "口译服务" }
target = "+862155550100"
"""
NO_TOKEN = (404, ProblemType.NOT_FOUND)


@pytest.fixture
def organisation(tmp_path: Path) -> Organisation:
    """One with a directory, where agents may type numbers. Each test has its own, because some change it."""
    made = harbour_bank(tmp_path / "org")
    edit(made, 'caller_number = ""', f'caller_number = "{OURS}"')
    edit(made, "manual_dialling = false", "manual_dialling = true")
    path = made.directory / "organisation.toml"
    path.write_text(path.read_text(encoding="utf-8") + DIRECTORY, encoding="utf-8")
    made.publish_manifest()
    return made


def edit(organisation: Organisation, before: str, after: str) -> None:
    path = organisation.directory / "organisation.toml"
    old = path.read_text(encoding="utf-8")
    assert before in old
    path.write_text(old.replace(before, after), encoding="utf-8")


@pytest.fixture
async def other_desk(server: RunningServer, it: It) -> Desk:
    """Another device, with another agent of the same team."""
    made = Desk(server)
    await made.enrol(await it.code())
    await made.sign_in(await it.add("zhao"))
    return made


async def token_for(desk: Desk, **wanted: str) -> DialReply:
    response = await desk.send("POST", "/dial-tokens", wanted)
    assert response.status_code == 201, response.text
    return DialReply.model_validate_json(response.content)


def question(token: str, agent: str = "lina", call_id: str = "dialled-1", purpose: str = "call") -> dict[str, str]:
    return {"token": token, "agent": agent, "call_id": call_id, "purpose": purpose}


async def dialled(server: RunningServer, edge: TheEdge, body: dict[str, str]) -> EdgeDialReply:
    response = await edge.send("POST", "/edge/dial", body)
    assert response.status_code == 200, response.text
    # A target is for the edge, so it is not among what the fixture searches for customers' values.
    server.received.pop()
    return EdgeDialReply.model_validate_json(response.content)


async def history(desk: Desk) -> tuple[HistoryCall, ...]:
    return HistoryReply.model_validate_json((await desk.send("GET", "/calls")).content).calls


def rows(server: RunningServer, query: str) -> list[tuple[object, ...]]:
    engine = server.database()
    with engine.connect() as connection:
        found = [tuple(row) for row in connection.execute(text(query))]
    engine.dispose()
    return found


# --- the directory ----------------------------------------------------------------------------------------------------


async def test_the_directory_has_the_organisations_entries_and_colleagues_but_no_target(
    it: It, desk: Desk, lina: NewPersonReply, other_desk: Desk
) -> None:
    await it.add("gone")
    await it.send("POST", "/admin/people/gone/disable")
    response = await desk.send("GET", "/directory")
    reply = DirectoryReply.model_validate_json(response.content)
    assert [(entry.id, entry.kind, entry.label.zh) for entry in reply.entries] == [
        ("cards-experts", "queue", "信用卡专家组"),
        ("interpreter", "service", "口译服务"),
        ("zhao", "colleague", "Display zhao"),
    ]
    assert reply.numbers
    assert "7001" not in response.text
    assert "+862155550100" not in response.text


async def test_an_id_means_one_entry(it: It, desk: Desk, lina: NewPersonReply) -> None:
    await it.add("interpreter")
    reply = DirectoryReply.model_validate_json((await desk.send("GET", "/directory")).content)
    assert [(entry.id, entry.kind) for entry in reply.entries] == [
        ("cards-experts", "queue"),
        ("interpreter", "service"),
    ]


async def test_an_organisation_that_says_nothing_allows_colleagues_alone(
    organisation: Organisation, desk: Desk, lina: NewPersonReply, other_desk: Desk
) -> None:
    edit(organisation, DIRECTORY, "")
    edit(organisation, "manual_dialling = true", "manual_dialling = false")
    organisation.publish_manifest()
    reply = DirectoryReply.model_validate_json((await desk.send("GET", "/directory")).content)
    assert ([entry.id for entry in reply.entries], reply.numbers) == (["zhao"], False)
    assert await desk.refused("POST", "/dial-tokens", {"number": "13800000000"}) == (403, ProblemType.FORBIDDEN)
    assert await desk.refused("POST", "/dial-tokens", {"entry": "interpreter"}) == NO_TOKEN


# --- tokens -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("entry", "target", "caller"),
    [("cards-experts", "7001", ""), ("interpreter", "+862155550100", OURS), ("zhao", "zhao", "")],
)
async def test_an_entry_leads_to_its_target_and_needs_no_wrap_up(
    *,
    server: RunningServer,
    edge: TheEdge,
    desk: Desk,
    lina: NewPersonReply,
    other_desk: Desk,
    entry: str,
    target: str,
    caller: str,
) -> None:
    made = await token_for(desk, entry=entry)
    assert made.ref is None
    assert timedelta(seconds=55) < made.expires_at - server.clock() <= timedelta(seconds=60)
    assert await dialled(server, edge, question(made.token)) == EdgeDialReply(target=target, caller=caller, ref=None)
    assert await history(desk) == ()


async def test_a_token_works_once(
    server: RunningServer, edge: TheEdge, desk: Desk, lina: NewPersonReply, customer: dict[str, str]
) -> None:
    made = await token_for(desk, entry="cards-experts")
    await dialled(server, edge, question(made.token))
    assert await edge.refused("POST", "/edge/dial", question(made.token)) == NO_TOKEN
    assert rows(server, "SELECT * FROM dial_tokens") == []


async def test_of_many_who_ask_at_once_one_is_answered(
    server: RunningServer, edge: TheEdge, desk: Desk, lina: NewPersonReply
) -> None:
    made = await token_for(desk, number="95588")
    asked = await asyncio.gather(*(edge.send("POST", "/edge/dial", question(made.token)) for _ in range(5)))
    assert sorted(response.status_code for response in asked) == [200, 404, 404, 404, 404]


async def test_a_token_is_spent_by_whoever_asks_and_answers_its_own_agent_alone(
    server: RunningServer, edge: TheEdge, desk: Desk, lina: NewPersonReply, other_desk: Desk
) -> None:
    made = await token_for(desk, number="95588")
    assert await edge.refused("POST", "/edge/dial", question(made.token, agent="zhao")) == NO_TOKEN
    assert await edge.refused("POST", "/edge/dial", question(made.token)) == NO_TOKEN
    # Nor is there a call any more that nobody could ever dial.
    assert await history(desk) == ()


async def test_a_token_ends_after_a_minute(
    server: RunningServer, edge: TheEdge, desk: Desk, lina: NewPersonReply
) -> None:
    early, late = await token_for(desk, entry="cards-experts"), await token_for(desk, entry="cards-experts")
    server.clock.advance(timedelta(seconds=50))
    await dialled(server, edge, question(early.token))
    server.clock.advance(timedelta(seconds=10))
    assert await edge.refused("POST", "/edge/dial", question(late.token)) == NO_TOKEN


async def test_a_token_that_nobody_made_is_unknown(edge: TheEdge) -> None:
    invented = "t_" + b64(bytes(24))
    assert await edge.refused("POST", "/edge/dial", question(invented)) == NO_TOKEN
    assert await edge.refused("POST", "/edge/dial", question("13800000000")) == (422, ProblemType.INVALID_REQUEST)


async def test_a_disabled_agents_token_is_worth_nothing(
    server: RunningServer, it: It, edge: TheEdge, desk: Desk, lina: NewPersonReply
) -> None:
    made = await token_for(desk, entry="cards-experts")
    await it.send("POST", "/admin/people/lina/disable")
    assert await edge.refused("POST", "/edge/dial", question(made.token)) == NO_TOKEN


async def test_what_was_taken_out_of_the_directory_is_no_longer_reached(
    organisation: Organisation, edge: TheEdge, desk: Desk, lina: NewPersonReply
) -> None:
    made = await token_for(desk, entry="cards-experts")
    edit(organisation, DIRECTORY, "")
    organisation.publish_manifest()
    assert await edge.refused("POST", "/edge/dial", question(made.token)) == NO_TOKEN


async def test_only_the_edge_may_ask(it: It, desk: Desk, lina: NewPersonReply) -> None:
    made = await token_for(desk, entry="cards-experts")
    for caller in (desk, it):
        assert await caller.refused("POST", "/edge/dial", question(made.token)) == (403, ProblemType.FORBIDDEN)


async def test_tokens_are_made_at_a_persons_pace(desk: Desk, lina: NewPersonReply, other_desk: Desk) -> None:
    for _ in range(10):
        await token_for(desk, entry="cards-experts")
    response = await desk.send("POST", "/dial-tokens", {"entry": "cards-experts"})
    assert response.status_code == 429
    assert 0 < int(response.headers["retry-after"]) <= 60
    # One person's haste is not another's.
    await token_for(other_desk, entry="cards-experts")


@pytest.mark.parametrize(
    "nonsense",
    [{}, {"entry": "zhao", "number": "13800000000"}, {"number": "sip:x@y"}, {"number": "1" * 21}, {"entry": "A B"}],
)
async def test_a_request_asks_for_one_thing_that_makes_sense(
    desk: Desk, lina: NewPersonReply, nonsense: dict[str, str]
) -> None:
    assert await desk.refused("POST", "/dial-tokens", nonsense) == (422, ProblemType.INVALID_REQUEST)


async def test_nobody_is_called_who_is_not_there(desk: Desk, lina: NewPersonReply) -> None:
    for entry in ("nobody", "lina"):
        assert await desk.refused("POST", "/dial-tokens", {"entry": entry}) == NO_TOKEN


# --- calls to customers -----------------------------------------------------------------------------------------------


async def test_a_customer_is_called_back_like_any_call(
    server: RunningServer, edge: TheEdge, desk: Desk, lina: NewPersonReply, customer: dict[str, str]
) -> None:
    first = await edge.call(lina.name, customer["phone"])
    await edge.ended(first, "cancel")
    made = await token_for(desk, call=first)
    assert made.ref not in (None, first)
    reply = await dialled(server, edge, question(made.token))
    assert (reply.target, reply.caller, reply.ref) == (customer["phone"], OURS, made.ref)

    # Past the token's life, it is a call like any other.
    server.clock.advance(timedelta(minutes=5))
    card = CustomerCard.model_validate_json((await desk.send("GET", f"/calls/{made.ref}/customer")).content)
    assert card.customer_token is not None
    assert made.ref is not None
    async with desk.socket() as socket:
        await socket.say(CallProgress(ref=made.ref, state="answered", at=server.clock()))
        await socket.finish()
    await edge.ended(made.ref)
    assert (await desk.wrap_up(made.ref)).status_code == 204
    call, earlier = await history(desk)
    assert (call.ref, call.direction, call.wrap_up_code) == (made.ref, "outgoing", "answered")
    assert (call.customer_label, earlier.direction) == (customer["name"][0] + "*", "incoming")
    assert call.answered_at is not None


async def test_a_call_back_is_to_ones_own_customer_and_not_for_long(
    *,
    server: RunningServer,
    edge: TheEdge,
    desk: Desk,
    lina: NewPersonReply,
    other_desk: Desk,
    customer: dict[str, str],
) -> None:
    ref = await edge.call(lina.name, customer["phone"])
    assert await other_desk.refused("POST", "/dial-tokens", {"call": ref}) == NO_TOKEN
    assert await desk.refused("POST", "/dial-tokens", {"call": "c_AAAAAAAAAAAA"}) == NO_TOKEN
    unknown = await edge.call(lina.name, "anonymous")
    assert await desk.refused("POST", "/dial-tokens", {"call": unknown}) == NO_TOKEN
    waiting = await token_for(desk, call=ref)
    assert waiting.ref is not None
    assert await desk.refused("POST", "/dial-tokens", {"call": waiting.ref}) == NO_TOKEN
    async with desk.socket():
        server.clock.advance(timedelta(hours=4))
        assert await desk.refused("POST", "/dial-tokens", {"call": ref}) == (403, ProblemType.FORBIDDEN)


async def test_the_number_is_looked_up_when_the_token_is_spent(
    server: RunningServer, edge: TheEdge, desk: Desk, lina: NewPersonReply, customer: dict[str, str]
) -> None:
    made = await token_for(desk, call=await edge.call(lina.name, customer["phone"]))
    engine = server.database()
    with engine.begin() as connection:
        connection.execute(text("UPDATE customers SET phone = '+8613900000001' WHERE id = :id"), {"id": customer["id"]})
    engine.dispose()
    assert (await dialled(server, edge, question(made.token))).target == "+8613900000001"


async def test_a_typed_number_is_dialled_as_typed_and_its_customer_is_known(
    server: RunningServer, edge: TheEdge, desk: Desk, lina: NewPersonReply, customer: dict[str, str]
) -> None:
    national = customer["phone"].removeprefix("+86")
    made = await token_for(desk, number=national)
    card = CustomerCard.model_validate_json((await desk.send("GET", f"/calls/{made.ref}/customer")).content)
    assert card.customer_token is not None
    reply = await dialled(server, edge, question(made.token))
    assert (reply.target, reply.caller, reply.ref) == (national, OURS, made.ref)


async def test_a_number_is_never_readable_in_the_database(
    server: RunningServer, edge: TheEdge, desk: Desk, lina: NewPersonReply
) -> None:
    number = "13911112222"
    made = await token_for(desk, number=number)

    def everything() -> str:
        queries = ("SELECT * FROM dial_tokens", "SELECT * FROM calls", "SELECT * FROM audit_entries")
        return "".join(repr(rows(server, query)) for query in queries)

    assert "lina" in everything()
    assert number not in everything()
    assert made.token not in everything()
    await dialled(server, edge, question(made.token))
    assert number not in everything()
    server.stop()
    assert number not in server.log_text


async def test_what_was_never_dialled_leaves_nothing(
    server: RunningServer, edge: TheEdge, desk: Desk, lina: NewPersonReply, customer: dict[str, str]
) -> None:
    made = await token_for(desk, number=customer["phone"])
    tried = await token_for(desk, number=customer["phone"])
    assert tried.ref is not None
    async with desk.socket() as socket:
        await socket.say(CallProgress(ref=tried.ref, state="ended", at=datetime.now(UTC)))
        await socket.finish()
    server.clock.advance(timedelta(seconds=60))
    # Already before it is swept, the token opens no card.
    assert await desk.refused("GET", f"/calls/{made.ref}/customer") == (403, ProblemType.FORBIDDEN)
    server.sweep()
    assert rows(server, "SELECT * FROM dial_tokens") == []
    # The desk says that it tried, so this one is remembered.
    assert [call.ref for call in await history(desk)] == [tried.ref]


async def test_a_call_that_was_dialled_outlives_its_token(
    server: RunningServer, edge: TheEdge, desk: Desk, lina: NewPersonReply, customer: dict[str, str]
) -> None:
    made = await token_for(desk, number=customer["phone"])
    await token_for(desk, entry="cards-experts")
    await dialled(server, edge, question(made.token))
    server.clock.advance(timedelta(seconds=61))
    server.sweep()
    assert [call.ref for call in await history(desk)] == [made.ref]


async def test_a_transfer_is_no_call_of_the_agents(
    server: RunningServer, edge: TheEdge, desk: Desk, lina: NewPersonReply, customer: dict[str, str]
) -> None:
    ref = await edge.call(lina.name, customer["phone"], "the-call")
    for wanted, target in (({"entry": "cards-experts"}, "7001"), ({"number": "95588"}, "95588")):
        made = await token_for(desk, **wanted)
        reply = await dialled(server, edge, question(made.token, call_id="the-call", purpose="transfer"))
        assert (reply.target, reply.ref) == (target, None)
    assert [call.ref for call in await history(desk)] == [ref]


async def test_a_call_id_that_was_used_before_is_no_obstacle(
    server: RunningServer, edge: TheEdge, desk: Desk, lina: NewPersonReply
) -> None:
    references = []
    for _ in range(2):
        made = await token_for(desk, number="95588")
        references.append((await dialled(server, edge, question(made.token, call_id="again"))).ref)
    assert len({*references}) == 2


async def test_the_audit_log_knows_who_dialled_what_but_no_number(
    server: RunningServer, edge: TheEdge, desk: Desk, lina: NewPersonReply
) -> None:
    by_number, by_entry = await token_for(desk, number="95588"), await token_for(desk, entry="cards-experts")
    await dialled(server, edge, question(by_number.token))
    await dialled(server, edge, question(by_entry.token, purpose="transfer"))
    await edge.refused("POST", "/edge/dial", question(by_entry.token))
    found = rows(server, "SELECT actor, action, object FROM audit_entries WHERE action LIKE 'dial.%' ORDER BY seq")
    assert found == [
        ("person:lina", "dial.token-made", f"call:{by_number.ref}"),
        ("person:lina", "dial.token-made", "entry:cards-experts"),
        ("edge:main", "dial.dialled", f"call:{by_number.ref}"),
        ("edge:main", "dial.dialled", "entry:cards-experts"),
        ("edge:main", "dial.refused", "person:lina"),
    ]
    assert not any("95588" in repr(row) for row in rows(server, "SELECT object, details FROM audit_entries"))
