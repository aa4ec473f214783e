"""Who may have a customer's field in clear, when, for how long, and what is left of it."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta

import pytest
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError

from provisioning import lease_seal
from provisioning.api import CallProgress, CallRef, LeaseChanged, LeaseEnd, LeaseShown, LeaseState, ProblemType
from server.leases.models import LeaseRow
from tests.integration.server.leasing import (
    LeaseDesk,
    answer,
    connected,
    ends,
    lines,
    new_desk,
    offered,
    rows,
    until,
)
from tests.integration.server.people import It, Socket, TheEdge, b64, problem_of, unb64
from tests.integration.server.running import RunningServer

PHONE = "phone"
Heard = Callable[[Socket], Awaitable[object]]


@pytest.fixture
async def desk(server: RunningServer, it: It) -> LeaseDesk:
    """A desk at T2, where Lina is signed in."""
    made = await new_desk(server, it)
    await made.sign_in(await it.add("lina"))
    return made


@pytest.fixture
async def socket(desk: LeaseDesk) -> AsyncIterator[Socket]:
    async with desk.socket() as opened:
        yield opened


@pytest.fixture
async def ref(edge: TheEdge, socket: Socket, customer: dict[str, str]) -> CallRef:
    """A call that Lina has answered."""
    return await connected(edge, socket, "lina", customer["phone"])


@pytest.fixture
def heard(edge: TheEdge, customer: dict[str, str]) -> Heard:
    """Waits until the server has dealt with what Lina's desk said: it reads in order, and answers to a call."""
    return lambda socket: connected(edge, socket, "lina", customer["phone"])


# --- what is given ----------------------------------------------------------------------------------------------------


async def test_a_field_is_revealed_to_the_key_that_asked_and_written_down(
    desk: LeaseDesk, socket: Socket, ref: CallRef, customer: dict[str, str], heard: Heard
) -> None:
    server = desk.server
    asked, lease = await desk.reveal(ref)
    assert (lease.state, lease.ref, lease.field, lease.seconds) == (LeaseState.GRANTED, ref, PHONE, 20)
    assert asked.open(lease) == customer["phone"]
    # The value is given again to the same key until it was shown, as an answer may get lost on its way.
    again = await desk.look(ref, lease.lease)
    assert asked.open(again) == customer["phone"]
    at = server.clock()
    await socket.say(LeaseShown(lease=lease.lease, at=at, recording_at=61.25))
    await socket.say(LeaseShown(lease=lease.lease, at=at, recording_at=99))
    await heard(socket)
    assert (await desk.look(ref, lease.lease)).sealed == ""
    server.clock.advance(timedelta(seconds=9))
    await desk.hide(ref, lease.lease, seconds=8.5)
    await desk.hide(ref, lease.lease, "expired", seconds=300)
    assert (await desk.look(ref, lease.lease)).state is LeaseState.ENDED

    about = {"call": ref, "field": PHONE, "reason": "identity-check"}
    who, what = "person:lina", f"lease:{lease.lease}"
    assert [(line["actor"], line["action"], line["object"], line["details"]) for line in lines(server)] == [
        (who, "lease.granted", what, about | {"seconds": "20"}),
        (who, "lease.shown", what, about | {"recording_at": "61.2"}),
        (who, "lease.ended", what, about | {"why": "hidden", "shown_seconds": "8.5", "recording_at": "61.2"}),
    ]
    [row] = rows(server)
    assert not any(customer["phone"].removeprefix("+86") in str(value) for value in row.values())
    assert row["key"] == ""


async def test_a_typed_reason_is_kept_without_what_it_says_of_the_customer(
    server: RunningServer, desk: LeaseDesk, ref: CallRef, customer: dict[str, str]
) -> None:
    typed = f"{customer['name']} 要改号码 {customer['phone']}，身份证 {customer['id_card']}"
    _, lease = await desk.reveal(ref, typed_reason=typed)
    await desk.hide(ref, lease.lease)
    kept = {line["details"]["typed_reason"] for line in lines(server)}
    assert kept == {rows(server)[0]["typed_reason"]}
    [text] = kept
    assert "要改号码" in text
    assert text.isprintable()
    for secret in (customer["name"], customer["phone"].removeprefix("+86"), customer["id_card"]):
        assert secret not in text


async def test_what_a_desk_says_of_showing_is_bounded_by_what_can_be(
    server: RunningServer, desk: LeaseDesk, socket: Socket, ref: CallRef, heard: Heard
) -> None:
    _, lease = await desk.reveal(ref)
    tomorrow = server.clock() + timedelta(days=1)
    await socket.say(LeaseShown(lease=lease.lease, at=tomorrow, recording_at=1e300))
    await heard(socket)
    await desk.hide(ref, lease.lease, seconds=600)
    [row] = rows(server)
    assert row["recording_at"] is None
    [ended] = lines(server, "lease.ended")
    assert float(ended["details"]["shown_seconds"]) < 20


# --- what is not ------------------------------------------------------------------------------------------------------


async def refused(desk: LeaseDesk, ref: CallRef, field: str = PHONE) -> tuple[int, ProblemType]:
    response = await desk.request(ref, desk.sign_ask(ref, field))
    return response.status_code, problem_of(response).problem_type


async def test_nothing_is_revealed_outside_a_connected_call_of_ones_own(
    it: It, edge: TheEdge, desk: LeaseDesk, socket: Socket, customer: dict[str, str]
) -> None:
    server = desk.server
    ref = await connected(edge, socket, "lina", customer["phone"])
    ringing = await edge.call("lina", customer["phone"])
    assert await refused(desk, ringing) == (403, ProblemType.REVEAL_REFUSED)
    nobodys = await edge.call("lina", "anonymous")
    await socket.say(CallProgress(ref=nobodys, state="answered", at=server.clock()))
    await connected(edge, socket, "lina", customer["phone"])
    assert await refused(desk, nobodys) == (403, ProblemType.REVEAL_REFUSED)
    await it.add("zhao")
    others = await edge.call("zhao", customer["phone"])
    for unknown in (others, "c_AAAAAAAAAAAA"):
        assert await refused(desk, unknown) == (404, ProblemType.NOT_FOUND)
    await edge.ended(ref)
    assert await refused(desk, ref) == (403, ProblemType.REVEAL_REFUSED)
    assert [line["details"]["why"] for line in lines(server)] == ["reveal-refused"] * 3
    assert rows(server) == []


@pytest.mark.parametrize("field", ["security_answer", "branch", "no_such_field", "card_number", "id"])
async def test_only_what_the_policy_lets_be_revealed_is(
    server: RunningServer, desk: LeaseDesk, ref: CallRef, field: str
) -> None:
    # In order: class C3, class C1, no rule, only masked in this work, and a column that is no field.
    assert await refused(desk, ref, field) == (403, ProblemType.REVEAL_REFUSED)
    [line] = lines(server)
    known = field in ("security_answer", "branch", "card_number")
    assert line["details"]["field"] == (field if known else "unknown")


async def test_a_desk_that_can_be_captured_reveals_nothing(
    server: RunningServer, it: It, edge: TheEdge, customer: dict[str, str]
) -> None:
    desk = await new_desk(server, it)
    signed_in = await desk.sign_in(await it.add("lina"), capture_protection="none")
    assert int(signed_in.trust.level) == 1
    async with desk.socket() as socket:
        ref = await connected(edge, socket, "lina", customer["phone"])
        assert await refused(desk, ref) == (403, ProblemType.TRUST_TOO_LOW)


async def test_a_desk_without_a_socket_reveals_nothing(
    server: RunningServer, edge: TheEdge, desk: LeaseDesk, customer: dict[str, str]
) -> None:
    async with desk.socket() as socket:
        ref = await connected(edge, socket, "lina", customer["phone"])
        await socket.finish()
    assert await refused(desk, ref) == (403, ProblemType.REVEAL_REFUSED)


async def test_anothers_lease_does_not_exist(
    it: It, edge: TheEdge, desk: LeaseDesk, ref: CallRef, customer: dict[str, str]
) -> None:
    server = desk.server
    asked, lease = await desk.reveal(ref)
    other = await new_desk(server, it)
    await other.sign_in(await it.add("zhao"))
    async with other.socket() as socket:
        own = await connected(edge, socket, "zhao", customer["phone"])
        for call in (ref, own):
            path = f"/calls/{call}/leases/{lease.lease}"
            assert await other.refused("GET", path) == (404, ProblemType.NOT_FOUND)
            assert await other.refused("PUT", f"{path}/end", {"reason": "hidden"}) == (404, ProblemType.NOT_FOUND)
        await socket.say(LeaseShown(lease=lease.lease, at=server.clock(), recording_at=5))
        await connected(edge, socket, "zhao", customer["phone"])
    # Nor in another call of one's own.
    assert await desk.refused("GET", f"/calls/{own}/leases/{lease.lease}") == (404, ProblemType.NOT_FOUND)
    assert asked.open(await desk.look(ref, lease.lease)) == customer["phone"]
    assert [line["action"] for line in lines(server)] == ["lease.granted"]


# --- what a device signs ----------------------------------------------------------------------------------------------


async def test_only_what_this_device_signed_just_now_for_this_call_counts(
    it: It, edge: TheEdge, desk: LeaseDesk, socket: Socket, customer: dict[str, str]
) -> None:
    server = desk.server
    ref = await connected(edge, socket, "lina", customer["phone"])
    stranger = await new_desk(server, it)
    other_call = await connected(edge, socket, "lina", customer["phone"])
    now = server.clock()
    good = desk.sign_ask(ref, PHONE)
    header, payload, signature = good.signed.split(".")
    email = good.ask.model_copy(update={"field": "email"}).model_dump_json().encode()
    forged = {
        "another device's": stranger.sign_ask(ref, PHONE).signed,
        "for another purpose": desk.sign_ask(ref, PHONE, purpose="posture").signed,
        "for another call": desk.sign_ask(other_call, PHONE).signed,
        "changed": f"{header}.{b64(email)}.{signature}",
        "unsigned": f"{header}.{payload}.",
        "nothing": "",
        "of a clock that was set back": desk.sign_ask(ref, PHONE, at=now - timedelta(seconds=70)).signed,
        "of a clock that was set forward": desk.sign_ask(ref, PHONE, at=now + timedelta(seconds=90)).signed,
    }
    for what, signed in forged.items():
        response = await desk.request(ref, signed)
        assert (response.status_code, problem_of(response).problem_type) == (403, ProblemType.DEVICE_PROOF_WRONG), what
    assert rows(server) == []
    assert [line["details"]["why"] for line in lines(server)] == ["device-proof-wrong"] * len(forged)


async def test_what_was_asked_once_is_not_asked_again(
    server: RunningServer, edge: TheEdge, desk: LeaseDesk, socket: Socket, customer: dict[str, str]
) -> None:
    ref = await edge.call("lina", customer["phone"])
    await offered(socket, ref)
    early = desk.sign_ask(ref, PHONE)
    assert (await desk.request(ref, early)).status_code == 403
    await answer(socket, ref)
    # It was refused, and is used up all the same.
    again = await desk.request(ref, early)
    assert problem_of(again).problem_type is ProblemType.DEVICE_PROOF_WRONG
    asked, lease = await desk.reveal(ref)
    await desk.hide(ref, lease.lease)
    assert problem_of(await desk.request(ref, asked)).problem_type is ProblemType.DEVICE_PROOF_WRONG
    # A key is for one lease, whatever is signed with it.
    pair = (asked.key, asked.ask.key)
    other = desk.sign_ask(ref, "email", key=pair)
    assert problem_of(await desk.request(ref, other)).problem_type is ProblemType.DEVICE_PROOF_WRONG


async def test_a_replay_in_the_same_moment_gives_one_lease(
    server: RunningServer, desk: LeaseDesk, ref: CallRef
) -> None:
    asked = desk.sign_ask(ref, PHONE)
    answers = await asyncio.gather(*(desk.request(ref, asked) for _ in range(5)))
    assert sorted(answer.status_code for answer in answers) == [201, 403, 403, 403, 403]
    assert len(rows(server)) == 1


@pytest.mark.parametrize("kind", ["short", "noise", "no-kem", "low-order", "not-canonical"])
async def test_a_key_that_nothing_can_be_sealed_to_is_refused(
    server: RunningServer, desk: LeaseDesk, ref: CallRef, kind: str
) -> None:
    private, public = lease_seal.generate()
    raw = unb64(public)
    bad = {
        "short": public[:-40],
        "noise": "A" * 2400,
        "no-kem": b64(b"\xff" * 1184 + raw[1184:]),
        "low-order": b64(raw[:1184] + bytes(32)),
        # The last character holds four bits that stand for nothing.
        "not-canonical": public[:-1] + chr(ord(public[-1]) + 1),
    }[kind]
    response = await desk.request(ref, desk.sign_ask(ref, PHONE, key=(private, bad)))
    assert (response.status_code, problem_of(response).problem_type) == (422, ProblemType.INVALID_REQUEST)
    assert rows(server) == []


async def test_what_is_signed_but_no_ask_is_refused(desk: LeaseDesk, ref: CallRef) -> None:
    good = desk.sign_ask(ref, PHONE).ask.model_dump(mode="json")
    no_zone = json.dumps(good | {"asked_at": "2026-11-24T12:00:00"}).encode()
    more = json.dumps(good | {"and": "more"}).encode()
    for payload in (b"", b"{}", b"[" * 4000, b'{"ref": "c_AAAAAAAAAAAA"}', b"\xff", no_zone, more):
        response = await desk.request(ref, desk.sign(payload))
        assert (response.status_code, problem_of(response).problem_type) == (422, ProblemType.INVALID_REQUEST)


@pytest.mark.parametrize(
    "reason",
    [
        {"typed_reason": "长" * 201},
        {"reason": "no-such-reason"},
        {"reason": "identity-check", "typed_reason": "both"},
        {"reason": "", "typed_reason": "  "},
        {"reason": "Not A Slug"},
    ],
)
async def test_a_reason_is_one_of_the_list_or_a_short_text(
    server: RunningServer, desk: LeaseDesk, ref: CallRef, reason: dict[str, str]
) -> None:
    response = await desk.request(ref, desk.sign_ask(ref, PHONE), **reason)
    assert (response.status_code, problem_of(response).problem_type) == (422, ProblemType.INVALID_REQUEST)
    assert rows(server) == []


# --- how many ---------------------------------------------------------------------------------------------------------


async def test_of_many_asks_at_once_one_is_granted(server: RunningServer, desk: LeaseDesk, ref: CallRef) -> None:
    fields = ("phone", "email", "name", "id_card", "available_credit", "billing_address")
    asked = [desk.sign_ask(ref, field) for field in fields]
    answers = await asyncio.gather(*(desk.request(ref, each) for each in asked))
    codes = [answer.status_code for answer in answers]
    assert sorted(codes) == [201, *[409] * 5]
    refusals = {problem_of(answer).problem_type for answer in answers if answer.status_code != 201}
    assert refusals == {ProblemType.REVEAL_RUNNING}
    [row] = rows(server)
    await desk.hide(ref, row["id"])
    await desk.reveal(ref, "email")


async def test_the_database_itself_holds_one_lease_a_session(
    server: RunningServer, desk: LeaseDesk, ref: CallRef
) -> None:
    await desk.reveal(ref)
    [row] = rows(server)
    engine = server.database()
    with engine.connect() as connection, pytest.raises(IntegrityError):
        connection.execute(insert(LeaseRow).values(row | {"id": "l_another_lease_xx"}))
    engine.dispose()


async def test_fields_are_revealed_so_often_an_hour_and_no_more(
    server: RunningServer, desk: LeaseDesk, ref: CallRef
) -> None:
    for _ in range(5):
        _, lease = await desk.reveal(ref, "id_card")
        await desk.hide(ref, lease.lease)
        server.clock.advance(timedelta(minutes=1))
    response = await desk.request(ref, desk.sign_ask(ref, "id_card"))
    problem = problem_of(response)
    assert (problem.status, problem.problem_type) == (429, ProblemType.REVEAL_TOO_OFTEN)
    assert problem.retry_after is not None
    assert 3200 < problem.retry_after <= 3301
    # Another field has a limit of its own, and counts for all.
    _, lease = await desk.reveal(ref, "phone")
    await desk.hide(ref, lease.lease)
    # Setting the clock back forgives nothing: moments to come count too.
    server.clock.advance(timedelta(minutes=-4))
    await desk.report()
    assert await refused(desk, ref, "id_card") == (429, ProblemType.REVEAL_TOO_OFTEN)
    server.clock.advance(timedelta(minutes=4) + timedelta(hours=1))
    _, lease = await desk.reveal(ref, "id_card")


async def test_what_is_refused_too_often_is_not_even_read(server: RunningServer, desk: LeaseDesk, ref: CallRef) -> None:
    codes = [(await desk.request(ref, "nonsense")).status_code for _ in range(31)]
    assert codes == [403] * 30 + [429]


# --- how it ends ------------------------------------------------------------------------------------------------------


async def test_a_lease_ends_with_its_call(
    server: RunningServer, edge: TheEdge, desk: LeaseDesk, socket: Socket, customer: dict[str, str]
) -> None:
    first = await connected(edge, socket, "lina", customer["phone"])
    _, lease = await desk.reveal(first)
    await edge.ended(first)
    told = await until(socket, LeaseChanged)
    assert (told.lease.lease, told.lease.state, told.reason) == (lease.lease, LeaseState.ENDED, LeaseEnd.CALL_LEFT)
    assert told.lease.sealed == ""
    assert (await desk.look(first, lease.lease)).sealed == ""

    second = await connected(edge, socket, "lina", customer["phone"])
    await desk.reveal(second)
    await socket.say(CallProgress(ref=second, state="ended", at=server.clock()))
    assert (await until(socket, LeaseChanged)).reason is LeaseEnd.CALL_LEFT

    third = await connected(edge, socket, "lina", customer["phone"])
    await desk.reveal(third)
    assert (await desk.wrap_up(third)).status_code == 204
    assert (await until(socket, LeaseChanged)).reason is LeaseEnd.CALL_LEFT
    await edge.ended(third)
    assert ends(server) == ["call-left"] * 3


async def test_a_lease_of_a_call_goes_on_when_another_call_ends(
    edge: TheEdge, desk: LeaseDesk, socket: Socket, ref: CallRef, customer: dict[str, str]
) -> None:
    waiting = await edge.call("lina", customer["phone"])
    _, lease = await desk.reveal(ref)
    await edge.ended(waiting, "cancel")
    assert (await desk.look(ref, lease.lease)).state is LeaseState.GRANTED


async def test_a_lease_ends_when_its_desk_is_trusted_less(
    server: RunningServer, desk: LeaseDesk, socket: Socket, ref: CallRef
) -> None:
    _, lease = await desk.reveal(ref)
    await desk.report(capture_protection="none")
    assert (await until(socket, LeaseChanged)).reason is LeaseEnd.TRUST_LOST
    assert (await desk.look(ref, lease.lease)).sealed == ""
    assert ends(server) == ["trust-lost"]
    assert await refused(desk, ref) == (403, ProblemType.TRUST_TOO_LOW)


async def test_a_value_is_not_given_again_to_a_desk_that_fell_silent(
    server: RunningServer, desk: LeaseDesk, ref: CallRef
) -> None:
    _, lease = await desk.reveal(ref, "billing_address")
    engine = server.database()
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE sessions SET trust_level = 1")
    engine.dispose()
    found = await desk.look(ref, lease.lease)
    assert (found.state, found.sealed) == (LeaseState.ENDED, "")
    assert ends(server) == ["trust-lost"]


async def test_a_lease_ends_when_the_socket_closes(
    server: RunningServer, edge: TheEdge, desk: LeaseDesk, customer: dict[str, str]
) -> None:
    async with desk.socket() as socket:
        ref = await connected(edge, socket, "lina", customer["phone"])
        _, lease = await desk.reveal(ref)
    async with desk.socket():
        assert (await desk.look(ref, lease.lease)).state is LeaseState.ENDED
    assert ends(server) == ["connection-lost"]


async def test_a_lease_ends_when_the_desk_connects_anew(
    server: RunningServer, desk: LeaseDesk, socket: Socket, ref: CallRef
) -> None:
    _, lease = await desk.reveal(ref)
    async with desk.socket():
        assert await socket.closed() == 4409
        assert (await desk.look(ref, lease.lease)).state is LeaseState.ENDED
    assert ends(server) == ["connection-lost"]


@pytest.mark.parametrize("how", ["signed-out", "elsewhere", "disabled", "revoked"])
async def test_a_lease_ends_with_its_session(
    server: RunningServer, it: It, edge: TheEdge, customer: dict[str, str], how: str
) -> None:
    desk, lina = await new_desk(server, it), await it.add("lina")
    await desk.sign_in(lina)
    async with desk.socket() as socket:
        ref = await connected(edge, socket, "lina", customer["phone"])
        _, lease = await desk.reveal(ref, "billing_address")
        if how == "signed-out":
            await desk.send("DELETE", "/session")
        elif how == "elsewhere":
            other = await new_desk(server, it)
            # For the authenticator's next code; this field's lease is longer.
            server.clock.advance(timedelta(seconds=31))
            await other.sign_in(lina)
        elif how == "disabled":
            await it.send("POST", "/admin/people/lina/disable")
        else:
            await it.send("POST", f"/admin/devices/{desk.device_id}/revoke")
        # At once: whoever ended it has its answer, and the lease is over.
        assert ends(server) == ["session-ended"]
        await socket.closed()
    if how == "elsewhere":
        # It is the same person's, and another desk's.
        path = f"/calls/{ref}/leases/{lease.lease}"
        assert await other.refused("GET", path) == (404, ProblemType.NOT_FOUND)
    assert ends(server) == ["session-ended"]


async def test_the_server_ends_what_no_desk_ends(
    server: RunningServer, desk: LeaseDesk, socket: Socket, ref: CallRef, heard: Heard
) -> None:
    _, lease = await desk.reveal(ref)
    await socket.say(LeaseShown(lease=lease.lease, at=server.clock(), recording_at=3))
    await heard(socket)
    server.clock.advance(timedelta(seconds=29))
    server.sweep()
    assert ends(server) == []
    server.clock.advance(timedelta(seconds=2))
    server.sweep()
    assert (await until(socket, LeaseChanged)).reason is LeaseEnd.EXPIRED
    [ended] = lines(server, "lease.ended")
    assert ended["actor"] == "server"
    assert ended["details"] | {"why": "expired", "shown_seconds": "20.0", "recording_at": "3.0"} == ended["details"]

    _, unseen = await desk.reveal(ref)
    server.clock.advance(timedelta(seconds=31))
    # Nobody need sweep before the next one is asked for.
    _, third = await desk.reveal(ref)
    assert ends(server) == ["expired", "not-shown"]
    # What the desk says too late changes nothing.
    await desk.hide(ref, unseen.lease, seconds=5)
    assert ends(server) == ["expired", "not-shown"]
    server.clock.advance(timedelta(seconds=31))
    assert (await desk.look(ref, third.lease)).sealed == ""
    assert lines(server, "lease.ended")[1]["details"]["shown_seconds"] == "0.0"


async def test_a_clock_that_is_set_back_ends_what_runs(
    server: RunningServer, desk: LeaseDesk, socket: Socket, ref: CallRef
) -> None:
    _, lease = await desk.reveal(ref)
    server.clock.advance(timedelta(seconds=-3))
    server.sweep()
    assert ends(server) == []
    server.clock.advance(timedelta(minutes=-4))
    server.sweep()
    assert ends(server) == ["not-shown"]
    assert (await desk.look(ref, lease.lease)).sealed == ""


async def test_what_is_shown_is_noted_even_when_the_end_was_faster(
    server: RunningServer, desk: LeaseDesk, socket: Socket, ref: CallRef, heard: Heard
) -> None:
    _, lease = await desk.reveal(ref)
    await desk.hide(ref, lease.lease, "focus-lost", seconds=0.0)
    await socket.say(LeaseShown(lease=lease.lease, at=server.clock(), recording_at=7))
    await heard(socket)
    assert [line["action"] for line in lines(server)] == ["lease.granted", "lease.ended", "lease.shown"]


async def test_used_keys_are_forgotten_when_they_are_old(server: RunningServer, desk: LeaseDesk, ref: CallRef) -> None:
    await desk.reveal(ref)
    engine = server.database()
    for days, left in ((0, 1), (2, 0)):
        server.clock.advance(timedelta(days=days))
        server.sweep()
        with engine.connect() as connection:
            assert connection.exec_driver_sql("SELECT count(*) FROM lease_keys").scalar_one() == left
    engine.dispose()
