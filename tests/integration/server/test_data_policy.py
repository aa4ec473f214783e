"""Who sees how much of a customer: as a call goes on, as a person is trusted more or less, as the policy changes."""

import shutil
from pathlib import Path

import pytest
from sqlalchemy import select

from provisioning.admin.bodies import PeopleReply
from provisioning.api import CallOffered, CallProgress, CallRef, CustomerCard, NewPersonReply, ProblemType, Visibility
from provisioning.default_policy import TEXT
from provisioning.organisation import Organisation
from server.audit.models import AuditEntry
from server.calls.models import Call
from tests.integration.server.leasing import LeaseDesk, connected, new_desk, until
from tests.integration.server.people import It, Socket, TheEdge
from tests.integration.server.running import RunningServer


@pytest.fixture
def organisation(organisation: Organisation, tmp_path: Path) -> Organisation:
    """One of this test's own, because its policy is changed."""
    shutil.copytree(organisation.directory, tmp_path / "org")
    return Organisation(tmp_path / "org")


@pytest.fixture
async def desk(server: RunningServer, it: It) -> LeaseDesk:
    """A desk that may reveal, with nobody signed in."""
    return await new_desk(server, it)


@pytest.fixture
async def lina(it: It, desk: LeaseDesk) -> NewPersonReply:
    """An agent, signed in at `desk`."""
    who = await it.add("lina")
    assert (await desk.sign_in(who)).trust.level == 2
    return who


@pytest.fixture
def rows(server: RunningServer) -> "Rows":
    return Rows(server)


class Rows:
    """The database, past the server."""

    def __init__(self, server: RunningServer) -> None:
        self._server = server

    def note(self, ref: CallRef) -> str | None:
        engine = self._server.database()
        with engine.connect() as connection:
            found = connection.execute(select(Call.wrap_up_notes).where(Call.ref == ref)).scalar_one()
        engine.dispose()
        return found

    def details(self, action: str) -> list[object]:
        engine = self._server.database()
        table = AuditEntry.__table__
        with engine.connect() as connection:
            query = select(table.c.details).where(table.c.action == action).order_by(table.c.seq)
            found = list(connection.execute(query).scalars())
        engine.dispose()
        return found


def how(card: CustomerCard, name: str = "phone") -> Visibility | None:
    return next((field.visibility for field in card.fields if field.name == name), None)


async def shown(socket: Socket) -> Visibility | None:
    return how((await until(socket, CallOffered)).card)


async def fetched(desk: LeaseDesk, ref: CallRef, name: str = "phone") -> Visibility | None:
    response = await desk.send("GET", f"/calls/{ref}/customer")
    assert response.status_code == 200, response.text
    return how(CustomerCard.model_validate_json(response.content), name)


async def test_a_field_can_be_revealed_in_the_call_and_neither_before_nor_after(
    server: RunningServer, edge: TheEdge, desk: LeaseDesk, lina: NewPersonReply, customer: dict[str, str]
) -> None:
    async with desk.socket() as socket:
        ref = await edge.call(lina.name, customer["phone"])
        assert await shown(socket) is Visibility.MASKED
        assert await fetched(desk, ref) is Visibility.MASKED
        await socket.say(CallProgress(ref=ref, state="answered", at=server.clock()))
        # The desk is shown the customer anew without asking.
        assert await shown(socket) is Visibility.REVEALABLE
        assert await fetched(desk, ref) is Visibility.REVEALABLE
        await edge.ended(ref)
        assert await shown(socket) is Visibility.MASKED
        assert await fetched(desk, ref) is Visibility.MASKED


async def test_a_clearance_holds_from_the_next_card_on_and_is_in_the_audit_log(
    *, it: It, edge: TheEdge, desk: LeaseDesk, lina: NewPersonReply, customer: dict[str, str], rows: Rows
) -> None:
    async with desk.socket() as socket:
        ref = await connected(edge, socket, lina.name, customer["phone"])
        assert await fetched(desk, ref) is Visibility.REVEALABLE
        for clearance, seen in (("basic", Visibility.MASKED), ("senior", Visibility.REVEALABLE)):
            # Said twice, it is written once.
            for _ in range(2):
                response = await it.send("PUT", "/admin/people/lina/clearance", {"clearance": clearance})
                assert response.status_code == 204
            assert await fetched(desk, ref) is seen
    assert rows.details("person.clearance-changed") == [
        {"before": "standard", "after": "basic"},
        {"before": "basic", "after": "senior"},
    ]
    [row] = PeopleReply.model_validate_json((await it.send("GET", "/admin/people")).content).people
    assert row.clearance.name == "SENIOR"


async def test_a_person_begins_with_the_clearance_that_it_says(it: It, rows: Rows) -> None:
    new = {"name": "wu", "display_name": "Wu", "role": "agent", "team": "cards", "clearance": "basic"}
    assert (await it.send("POST", "/admin/people", new)).status_code == 201
    assert rows.details("person.added") == [{"role": "agent", "clearance": "basic"}]
    for wrong in ("boss", 2, None):
        again = new | {"name": "wei", "clearance": wrong}
        assert await it.refused("POST", "/admin/people", again) == (422, ProblemType.INVALID_REQUEST)
        body = {"clearance": wrong}
        assert await it.refused("PUT", "/admin/people/wu/clearance", body) == (422, ProblemType.INVALID_REQUEST)
    nobody = await it.refused("PUT", "/admin/people/nobody/clearance", {"clearance": "basic"})
    assert nobody == (404, ProblemType.NOT_FOUND)


async def test_a_desk_cannot_set_a_clearance(desk: LeaseDesk, lina: NewPersonReply) -> None:
    refused = await desk.refused("PUT", "/admin/people/lina/clearance", {"clearance": "senior"})
    assert refused == (403, ProblemType.FORBIDDEN)


async def test_the_next_card_obeys_a_policy_that_was_published_while_the_desk_was_open(
    *,
    organisation: Organisation,
    it: It,
    edge: TheEdge,
    desk: LeaseDesk,
    lina: NewPersonReply,
    customer: dict[str, str],
) -> None:
    rule = 'work = { marketing = "masked", service = "revealable", collections = "masked", dispute = "revealable" }'
    async with desk.socket() as socket:
        ref = await connected(edge, socket, lina.name, customer["phone"])
        for version, work, seen in (
            (2, 'work = { service = "masked" }', Visibility.MASKED),
            (3, "work = {}", None),
            (4, rule, Visibility.REVEALABLE),
        ):
            text = TEXT.replace("version = 1\n", f"version = {version}\n").replace(rule, work)
            (organisation.directory / "policy.toml").write_text(text, encoding="utf-8")
            organisation.publish_manifest()
            assert (await it.send("POST", "/admin/manifest/published")).status_code == 200
            assert await fetched(desk, ref) is seen
            # Of the other fields nothing changed.
            assert await fetched(desk, ref, "email") is Visibility.REVEALABLE


async def test_what_an_agent_types_into_a_note_is_kept_masked(
    edge: TheEdge, desk: LeaseDesk, lina: NewPersonReply, customer: dict[str, str], rows: Rows
) -> None:
    ref = await edge.call(lina.name, customer["phone"])
    await edge.ended(ref)
    secrets = [customer[field] for field in ("name", "phone", "card_number", "id_card", "email")]
    notes = f"核对{'，'.join(secrets)}；另一张卡 4111 1111 1111 1111。下次再联系。"
    assert (await desk.wrap_up(ref, notes)).status_code == 204
    kept = rows.note(ref)
    assert kept is not None
    assert kept.startswith("核对")
    assert kept.endswith("；另一张卡 411111******1111。下次再联系。")
    assert [value for value in (*secrets, customer["phone"].removeprefix("+86")) if value in kept] == []
    # Sent again after a lost answer it is the same note, and another one is refused.
    assert (await desk.wrap_up(ref, notes)).status_code == 204
    assert (await desk.wrap_up(ref, notes + "！")).status_code == 409


async def test_a_note_about_nobody_we_know_is_masked_too(
    edge: TheEdge, desk: LeaseDesk, lina: NewPersonReply, rows: Rows
) -> None:
    ref = await edge.call(lina.name, "anonymous")
    await edge.ended(ref)
    assert (await desk.wrap_up(ref, "来电人手机 13912345678，要求回电")).status_code == 204
    assert rows.note(ref) == "来电人手机 139****5678，要求回电"
