"""A desk's state while somebody works: what it reports, what it is trusted, and what follows when that drops."""

from datetime import timedelta

import pytest

from client.security.device_key import SoftwareDeviceKey
from provisioning.api import (
    CustomerCard,
    NewPersonReply,
    Presence,
    PresenceChanged,
    ProblemType,
    TrustChanged,
    WallChanged,
)
from provisioning.device_proof import prove
from provisioning.pki import generate_key, key_pem
from provisioning.trust import TrustLevel
from tests.integration.server.people import Desk, It, TheEdge
from tests.integration.server.running import RunningServer
from tests.stage.posture import signed

ANYDESK = ({"name": "AnyDesk", "kind": "remote-control"},)


@pytest.fixture
async def lina(it: It, desk: Desk) -> NewPersonReply:
    """An agent, signed in at a desk that proves its screen."""
    made = await it.add("lina")
    signed_in = await desk.sign_in(made, capture_protection="verified", display="wayland")
    assert (signed_in.trust.level, signed_in.trust.reasons) == (TrustLevel.T2, ("key-not-in-hardware",))
    return made


def actions(server: RunningServer) -> list[tuple[str, dict[str, str]]]:
    engine = server.database()
    with engine.connect() as connection:
        rows = connection.exec_driver_sql("SELECT action, details FROM audit_entries ORDER BY seq").all()
    engine.dispose()
    import json  # noqa: PLC0415

    return [(action, details if isinstance(details, dict) else json.loads(details)) for action, details in rows]


async def card(desk: Desk, ref: str) -> CustomerCard:
    return CustomerCard.model_validate_json((await desk.send("GET", f"/calls/{ref}/customer")).content)


async def test_a_drop_is_pushed_and_takes_the_customer_away_and_the_next_report_brings_them_back(
    server: RunningServer, edge: TheEdge, desk: Desk, lina: NewPersonReply, customer: dict[str, str]
) -> None:
    good = {"capture_protection": "verified", "display": "wayland"}
    async with desk.socket() as socket:
        ref = await edge.call("lina", customer["phone"])
        await socket.next()
        assert (await card(desk, ref)).fields
        reply = await desk.report(**good, programs=ANYDESK)
        assert (reply.trust.level, reply.trust.reasons) == (TrustLevel.T0, ("remote-control-running:AnyDesk",))
        assert reply.next_seconds == 60
        pushed = await socket.next()
        assert pushed == TrustChanged(trust=reply.trust)
        bare = await card(desk, ref)
        assert (bare.customer_token, bare.fields, bare.trust) == (None, (), reply.trust)
        # The call goes on: its reference is still this agent's.
        assert (await desk.report(**good)).trust.level is TrustLevel.T2
        assert await socket.next() == TrustChanged(trust=(await card(desk, ref)).trust)
        assert (await card(desk, ref)).fields
    changes = [details for action, details in actions(server) if action == "session.trust-changed"]
    assert [(change["before"], change["after"]) for change in changes] == [("T2", "T0"), ("T0", "T2")]
    assert changes[0]["reasons"] == "remote-control-running:AnyDesk"


async def test_a_report_that_changes_nothing_is_told_to_nobody(
    server: RunningServer, edge: TheEdge, desk: Desk, lina: NewPersonReply, customer: dict[str, str]
) -> None:
    async with desk.socket() as socket:
        await desk.report(capture_protection="verified", display="wayland", patch_age_days=4)
        await edge.call("lina", customer["phone"])
        assert (await socket.next()).type == "call.offered"
    assert "session.trust-changed" not in [action for action, _ in actions(server)]


async def test_a_desk_that_falls_silent_is_trusted_no_more_until_it_reports(
    server: RunningServer, edge: TheEdge, desk: Desk, lina: NewPersonReply, customer: dict[str, str]
) -> None:
    desk.reported_at = None
    async with desk.socket() as socket:
        ref = await edge.call("lina", customer["phone"])
        await socket.next()
        server.clock.advance(timedelta(seconds=50))
        server.sweep()
        assert (await card(desk, ref)).trust.level is TrustLevel.T2
        server.clock.advance(timedelta(seconds=30))
        # Whoever asks is refused at once; the desk that asks nothing is told by the sweep.
        overdue = await card(desk, ref)
        assert (overdue.trust.reasons, overdue.fields) == (("posture-overdue",), ())
        server.sweep()
        assert await socket.next() == TrustChanged(trust=overdue.trust)
        server.sweep()
        back = await desk.report(capture_protection="verified", display="wayland")
        assert await socket.next() == TrustChanged(trust=back.trust)
        assert (await card(desk, ref)).fields


async def test_an_old_report_is_refused_whoever_shows_it_again(
    server: RunningServer, desk: Desk, lina: NewPersonReply
) -> None:
    old = desk.posture(capture_protection="verified", display="wayland")
    await desk.report(remote_session="on")
    answer = await desk.refused("PUT", "/session/posture", {"posture": signed(old, desk.key)})
    assert answer == (403, ProblemType.DEVICE_PROOF_WRONG)
    newest = desk.statement(remote_session="on")
    assert (await desk.send("PUT", "/session/posture", {"posture": newest})).status_code == 200
    assert await desk.refused("PUT", "/session/posture", {"posture": newest}) == (403, ProblemType.DEVICE_PROOF_WRONG)
    server.clock.advance(timedelta(seconds=30))
    body = desk.sign_in_body(lina, posture=newest)
    assert await desk.refused("POST", "/session", body) == (403, ProblemType.DEVICE_PROOF_WRONG)


async def test_a_report_counts_only_with_this_devices_key_and_for_this_purpose(
    desk: Desk, lina: NewPersonReply
) -> None:
    body = desk.posture().model_dump_json().encode()
    own = SoftwareDeviceKey(key_pem(desk.key))
    stranger = SoftwareDeviceKey(key_pem(generate_key()))
    for statement in (prove(stranger, "posture", body), prove(own, "lease", body), body.decode(), "a.b.c", ""):
        answer = await desk.refused("PUT", "/session/posture", {"posture": statement})
        assert answer == (403, ProblemType.DEVICE_PROOF_WRONG)
    answer = await desk.refused("PUT", "/session/posture", {"posture": prove(own, "posture", b'{"os": "mine"}')})
    assert answer == (422, ProblemType.INVALID_REQUEST)


async def test_a_key_is_in_hardware_only_where_that_was_proven(desk: Desk, it: It) -> None:
    made = await it.add("lina")
    signed_in = await desk.sign_in(made, capture_protection="verified", key_storage="hardware")
    assert (signed_in.trust.level, signed_in.trust.reasons) == (TrustLevel.T2, ("key-not-in-hardware",))
    desk.put_key_into_hardware()
    report = await desk.report(capture_protection="verified", key_storage="hardware")
    assert report.trust.level is TrustLevel.T3


async def test_a_clock_that_is_wrong_costs_trust(server: RunningServer, desk: Desk, lina: NewPersonReply) -> None:
    late = server.clock() - timedelta(minutes=10)
    report = await desk.report(capture_protection="verified", display="wayland", reported_at=late)
    assert (report.trust.level, report.trust.reasons) == (TrustLevel.T1, ("clock-wrong",))


async def test_supervisors_see_the_trust_that_a_desk_has_now(
    server: RunningServer, it: It, desk: Desk, lina: NewPersonReply
) -> None:
    boss = Desk(server)
    await boss.enrol(await it.code())
    await boss.sign_in(await it.add("boss", role="supervisor"))
    async with desk.socket() as agents, boss.socket() as wall:

        async def until(trust: int, presence: Presence) -> None:
            while True:
                message = await wall.next()
                if isinstance(message, WallChanged):
                    [agent] = message.agents
                    if (agent.trust, agent.presence) == (trust, presence):
                        return

        await until(2, Presence.NOT_READY)
        await desk.report(programs=ANYDESK)
        await until(0, Presence.NOT_READY)
        # What the agent does later says nothing of before.
        await agents.say(PresenceChanged(presence=Presence.READY, since=server.clock()))
        await until(0, Presence.READY)
