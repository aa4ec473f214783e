"""Who sees which customer, when, and what becomes of a call."""

from datetime import UTC, datetime, timedelta

import pytest

from provisioning.api import (
    CallOffered,
    CallProgress,
    CardField,
    CustomerCard,
    HistoryCall,
    HistoryReply,
    NewPersonReply,
    ProblemType,
)
from provisioning.trust import TrustLevel
from tests.integration.server.people import Desk, It, TheEdge, b64
from tests.integration.server.running import RunningServer


@pytest.fixture
async def other_desk(server: RunningServer, it: It) -> Desk:
    """Another device, with another agent of the same team."""
    made = Desk(server)
    await made.enrol(await it.code())
    await made.sign_in(await it.add("zhao"))
    return made


async def test_a_call_is_shown_on_its_agents_desk_and_no_other(
    edge: TheEdge, desk: Desk, other_desk: Desk, lina: NewPersonReply, customer: dict[str, str]
) -> None:
    async with desk.socket() as socket, other_desk.socket() as other:
        first = await edge.call(lina.name, customer["phone"])
        offered = await socket.next()
        assert isinstance(offered, CallOffered)
        assert offered.card.ref == first
        # Had the other desk been told of the first call, it would hear that before its own.
        own = await edge.call("zhao", customer["phone"])
        offered = await other.next()
        assert isinstance(offered, CallOffered)
        assert offered.card.ref == own


async def test_another_agents_call_does_not_exist(
    edge: TheEdge, desk: Desk, other_desk: Desk, lina: NewPersonReply, customer: dict[str, str]
) -> None:
    ref = await edge.call(lina.name, customer["phone"])
    invented = "c_" + b64(bytes(12))
    for unknown in (ref, invented):
        assert await other_desk.refused("GET", f"/calls/{unknown}/customer") == (404, ProblemType.NOT_FOUND)
    body = {"code": "answered", "notes": "", "written_at": "2026-11-24T14:00:00Z"}
    assert await other_desk.refused("PUT", f"/calls/{ref}/wrap-up", body) == (404, ProblemType.NOT_FOUND)
    async with other_desk.socket() as socket:
        await socket.say(CallProgress(ref=ref, state="ended", at=datetime.now(UTC)))
        await socket.finish()
    assert HistoryReply.model_validate_json((await other_desk.send("GET", "/calls")).content).calls == ()
    assert (await desk.send("GET", f"/calls/{ref}/customer")).status_code == 200


async def test_an_unknown_caller_has_a_card_that_names_nobody(edge: TheEdge, desk: Desk, lina: NewPersonReply) -> None:
    for caller in ("anonymous", "sip:1001@pbx.example", "+86 100"):
        ref = await edge.call(lina.name, caller)
        card = CustomerCard.model_validate_json((await desk.send("GET", f"/calls/{ref}/customer")).content)
        assert (card.customer_token, card.fields, card.contacts) == (None, (), ())


@pytest.mark.parametrize("form", ["{e164}", "{national}", "0086{national}", "sip:{e164}@trunk", "<tel:{e164}>"])
async def test_the_caller_is_found_however_the_trunk_writes_the_number(
    edge: TheEdge, desk: Desk, lina: NewPersonReply, customer: dict[str, str], form: str
) -> None:
    national = customer["phone"].removeprefix("+86")
    ref = await edge.call(lina.name, form.format(e164=customer["phone"], national=national))
    card = CustomerCard.model_validate_json((await desk.send("GET", f"/calls/{ref}/customer")).content)
    assert card.customer_token is not None


async def test_the_same_call_again_has_the_same_reference(
    edge: TheEdge, desk: Desk, lina: NewPersonReply, customer: dict[str, str]
) -> None:
    ref = await edge.call(lina.name, customer["phone"], "one-call")
    assert await edge.call(lina.name, customer["phone"], "one-call") == ref
    assert len(HistoryReply.model_validate_json((await desk.send("GET", "/calls")).content).calls) == 1


async def test_a_call_to_nobody_is_refused(edge: TheEdge) -> None:
    body = {"call_id": "1", "agent": "nobody", "caller": "13800000000"}
    assert await edge.refused("POST", "/edge/calls", body) == (404, ProblemType.NOT_FOUND)
    ended = {"reason": "cancel", "code": 487}
    assert await edge.refused("POST", "/edge/calls/c_AAAAAAAAAAAA/ended", ended) == (404, ProblemType.NOT_FOUND)


async def test_a_customer_is_seen_until_the_wrap_up_is_saved(
    edge: TheEdge, desk: Desk, lina: NewPersonReply, customer: dict[str, str]
) -> None:
    ref = await edge.call(lina.name, customer["phone"])
    await edge.ended(ref, "bye-agent")
    assert (await desk.send("GET", f"/calls/{ref}/customer")).status_code == 200
    assert (await desk.wrap_up(ref)).status_code == 204
    assert await desk.refused("GET", f"/calls/{ref}/customer") == (403, ProblemType.FORBIDDEN)


async def test_a_wrap_up_does_not_keep_a_customer_open_for_ever(
    server: RunningServer, edge: TheEdge, desk: Desk, lina: NewPersonReply, customer: dict[str, str]
) -> None:
    ref = await edge.call(lina.name, customer["phone"])
    await edge.ended(ref)
    async with desk.socket():
        server.clock.advance(timedelta(minutes=31))
        assert await desk.refused("GET", f"/calls/{ref}/customer") == (403, ProblemType.FORBIDDEN)
    assert (await desk.wrap_up(ref)).status_code == 204


async def test_a_call_that_was_never_answered_shows_nobody_afterwards(
    edge: TheEdge, desk: Desk, lina: NewPersonReply, customer: dict[str, str]
) -> None:
    ref = await edge.call(lina.name, customer["phone"])
    await edge.ended(ref, "cancel")
    assert await desk.refused("GET", f"/calls/{ref}/customer") == (403, ProblemType.FORBIDDEN)


async def test_a_call_whose_end_got_lost_closes_by_itself(
    server: RunningServer, edge: TheEdge, desk: Desk, lina: NewPersonReply, customer: dict[str, str]
) -> None:
    ref = await edge.call(lina.name, customer["phone"])
    async with desk.socket():
        server.clock.advance(timedelta(hours=4))
        assert await desk.refused("GET", f"/calls/{ref}/customer") == (403, ProblemType.FORBIDDEN)


async def test_a_wrap_up_can_be_sent_again_but_not_changed(
    edge: TheEdge, desk: Desk, lina: NewPersonReply, customer: dict[str, str]
) -> None:
    ref = await edge.call(lina.name, customer["phone"])
    await edge.ended(ref)
    assert (await desk.wrap_up(ref, "客户听力不佳。")).status_code == 204
    assert (await desk.wrap_up(ref, "客户听力不佳。")).status_code == 204
    assert (await desk.wrap_up(ref, "别的内容。")).status_code == 409
    assert (await desk.wrap_up(ref, "客户听力不佳。", code="complaint")).status_code == 409
    [call] = HistoryReply.model_validate_json((await desk.send("GET", "/calls")).content).calls
    assert call.wrap_up_code == "answered"
    assert call.answered_at is not None


async def test_a_wrap_up_code_that_the_organisation_does_not_have_is_refused(
    edge: TheEdge, desk: Desk, lina: NewPersonReply, customer: dict[str, str]
) -> None:
    ref = await edge.call(lina.name, customer["phone"])
    assert (await desk.wrap_up(ref, code="no-such-code")).status_code == 422


async def test_the_desk_reports_how_far_a_call_is_but_cannot_move_its_end(
    server: RunningServer, edge: TheEdge, desk: Desk, lina: NewPersonReply, customer: dict[str, str]
) -> None:
    ref = await edge.call(lina.name, customer["phone"])
    tomorrow = server.clock() + timedelta(days=1)
    async with desk.socket() as socket:
        await socket.say(CallProgress(ref=ref, state="answered", at=tomorrow))
        await socket.say(CallProgress(ref=ref, state="ended", at=tomorrow))
        await socket.finish()
        [call] = HistoryReply.model_validate_json((await desk.send("GET", "/calls")).content).calls
    assert call.answered_at is not None
    assert call.answered_at < tomorrow


async def history(desk: Desk) -> tuple[HistoryCall, ...]:
    return HistoryReply.model_validate_json((await desk.send("GET", "/calls")).content).calls


async def test_a_call_that_the_edge_could_not_announce_is_taken_from_its_desk(
    server: RunningServer, desk: Desk, other_desk: Desk, lina: NewPersonReply
) -> None:
    ref = "c_made_at_home1"
    answered = server.clock() - timedelta(minutes=9)
    async with desk.socket() as socket:
        await socket.say(CallProgress(ref=ref, state="answered", at=answered))
        await socket.say(CallProgress(ref=ref, state="ended", at=answered + timedelta(minutes=4)))
        await socket.finish()
    assert (await desk.wrap_up(ref, "客户来电时服务器不可用。")).status_code == 204
    assert (await desk.wrap_up(ref, "客户来电时服务器不可用。")).status_code == 204
    [call] = await history(desk)
    assert (call.ref, call.wrap_up_code, call.customer_label) == (ref, "answered", "")
    assert (call.answered_at, call.ended_at) == (answered, answered + timedelta(minutes=4))
    # It is this agent's for good.
    assert (await other_desk.wrap_up(ref)).status_code == 404
    assert await history(other_desk) == ()


async def test_a_wrap_up_alone_is_enough_of_a_report(server: RunningServer, desk: Desk, lina: NewPersonReply) -> None:
    assert (await desk.wrap_up("c_made_at_home1")).status_code == 204
    assert (await desk.wrap_up("c_made_at_home2")).status_code == 204
    calls = await history(desk)
    assert {call.ref for call in calls} == {"c_made_at_home1", "c_made_at_home2"}
    assert all(call.answered_at is not None and call.answered_at == call.ended_at for call in calls)
    # A report that comes late fits in.
    async with desk.socket() as socket:
        await socket.say(CallProgress(ref="c_made_at_home1", state="answered", at=server.clock()))
        await socket.finish()
    assert len(await history(desk)) == 2
    engine = server.database()
    with engine.connect() as connection:
        rows = connection.exec_driver_sql("SELECT object FROM audit_entries WHERE action = 'call.reported'").all()
    engine.dispose()
    assert [row[0] for row in rows] == ["call:c_made_at_home1", "call:c_made_at_home2"]


async def test_a_call_that_is_only_reported_shows_nobody(desk: Desk, lina: NewPersonReply) -> None:
    ref = "c_made_at_home1"
    async with desk.socket() as socket:
        await socket.say(CallProgress(ref=ref, state="answered", at=datetime.now(UTC)))
        await socket.finish()
    card = CustomerCard.model_validate_json((await desk.send("GET", f"/calls/{ref}/customer")).content)
    assert (card.customer_token, card.fields, card.contacts) == (None, (), ())


async def test_an_untrusted_desk_gets_nothing_of_the_customer(
    server: RunningServer, edge: TheEdge, desk: Desk, lina: NewPersonReply, customer: dict[str, str]
) -> None:
    reply = await desk.report(remote_session="on")
    assert (reply.trust.level, reply.trust.reasons) == (TrustLevel.T0, ("remote-session",))
    ref = await edge.call(lina.name, customer["phone"])
    card = CustomerCard.model_validate_json((await desk.send("GET", f"/calls/{ref}/customer")).content)
    assert (card.customer_token, card.fields, card.contacts) == (None, (), ())
    [call] = HistoryReply.model_validate_json((await desk.send("GET", "/calls")).content).calls
    assert call.customer_label == ""


async def test_more_trust_shows_no_more_than_masks_without_a_lease(
    server: RunningServer, it: It, edge: TheEdge, desk: Desk, customer: dict[str, str]
) -> None:
    desk.put_key_into_hardware()
    signed_in = await desk.sign_in(await it.add("lina"), capture_protection="verified", key_storage="hardware")
    assert int(signed_in.trust.level) == 3
    ref = await edge.call("lina", customer["phone"])
    card = CustomerCard.model_validate_json((await desk.send("GET", f"/calls/{ref}/customer")).content)
    assert {field.name for field in card.fields if field.visibility == "clear"} == {
        "opening_date",
        "branch",
        "value_score",
    }


async def test_the_kind_of_work_decides_which_fields_there_are(
    server: RunningServer, it: It, edge: TheEdge, desk: Desk, customer: dict[str, str]
) -> None:
    seen: dict[str, set[str]] = {}
    for work in ("consultation", "service"):
        await desk.sign_in(await it.add(work, work=work))
        ref = await edge.call(work, customer["phone"])
        card = CustomerCard.model_validate_json((await desk.send("GET", f"/calls/{ref}/customer")).content)
        seen[work] = set(map(_name, card.fields))
    assert seen["consultation"] == {"name", "opening_date", "branch"}
    assert {"card_number", "id_card", "available_credit"} <= seen["service"]


def _name(field: CardField) -> str:
    return field.name
