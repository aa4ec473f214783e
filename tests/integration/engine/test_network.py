"""The network changes or goes away during a call: the line comes back, and the call is still there."""

import asyncio
from pathlib import Path

from client.core.telephony import (
    AnswerCall,
    CallConfirmed,
    CallEnded,
    CallIncoming,
    CallMedia,
    EdgeAddress,
    HangUp,
    MakeCall,
    NetworkChanged,
    RegistrationChanged,
    RegistrationState,
    SetHold,
)
from tests.integration.engine import parts
from tests.integration.engine.authority import Authority
from tests.integration.engine.parts import Desk, answered, calling, configuration, credentials
from tests.integration.engine.small_edge import SmallEdge
from tests.integration.engine.virtual_sound import VirtualSound, tone, tone_share

CUSTOMER_HERTZ, AGENT_HERTZ = 440.0, 950.0
SPEECH = tone(CUSTOMER_HERTZ, 1.0)


def is_registered(report: RegistrationChanged) -> bool:
    return report.state is RegistrationState.REGISTERED


async def test_a_call_moves_to_another_network(
    hearing_desk: Desk, edge: SmallEdge, authority: Authority, tmp_path: Path, sound: VirtualSound
) -> None:
    async with calling(edge, authority, tmp_path, SPEECH) as customer:
        call = await answered(hearing_desk, customer)
        await hearing_desk.next(CallConfirmed)
        before = edge.desk
        invites = edge.received.count(b"INVITE sip:")
        hearing_desk.send(NetworkChanged())
        await hearing_desk.next(RegistrationChanged, lambda report: not is_registered(report))
        await hearing_desk.next(RegistrationChanged, is_registered)
        # The re-INVITE offers new sockets; the customer's answer brings the sound back.
        await customer.event("media")
        assert edge.desk is not before
        assert edge.received.count(b"INVITE sip:") == invites + 1
        with sound.record_headset() as heard:
            await asyncio.to_thread(sound.play_into_mic, tone(AGENT_HERTZ, 2.0))
        hearing_desk.send(HangUp(call))
        await customer.event("ended")
    assert tone_share(heard.samples, CUSTOMER_HERTZ) > 0.5
    assert tone_share(customer.heard(), AGENT_HERTZ) > 0.2


async def test_a_held_call_moves_and_stays_held(
    registered_desk: Desk, edge: SmallEdge, authority: Authority, tmp_path: Path
) -> None:
    async with calling(edge, authority, tmp_path, SPEECH) as customer:
        call = await answered(registered_desk, customer)
        await registered_desk.next(CallConfirmed)
        registered_desk.send(SetHold(call, True))
        await registered_desk.next(CallMedia, lambda report: report.held_locally)
        await customer.event("hold")
        registered_desk.send(NetworkChanged())
        await registered_desk.next(RegistrationChanged, is_registered)
        await customer.event("hold")
        registered_desk.send(SetHold(call, False))
        await customer.event("resumed")


async def test_a_call_survives_that_its_edge_is_away(
    registered_desk: Desk, edge: SmallEdge, authority: Authority, tmp_path: Path
) -> None:
    async with calling(edge, authority, tmp_path, SPEECH) as customer:
        call = await answered(registered_desk, customer)
        await registered_desk.next(CallConfirmed)
        desk_side = edge.desk
        assert desk_side is not None
        desk_side.writer.transport.abort()
        await registered_desk.next(RegistrationChanged, is_registered)
        assert not any(isinstance(report, CallEnded) for report in registered_desk.reports)
        # And it can be ended over the new connection.
        registered_desk.send(HangUp(call))
        await customer.event("ended")


async def test_the_other_edge_takes_over_when_one_goes_away(
    desk: Desk, edge: SmallEdge, authority: Authority, address: EdgeAddress, tmp_path: Path
) -> None:
    identity = authority.issue("localhost", "127.0.0.1")
    async with parts.running_edge(identity, tmp_path) as other:
        second = EdgeAddress("localhost", other.port, (identity.pin,))
        desk.send(configuration(authority, address, second), credentials())
        assert (await desk.next(RegistrationChanged, is_registered)).edge == f"localhost:{edge.port}"
        await edge.stop()
        assert (await desk.next(RegistrationChanged, is_registered)).edge == f"localhost:{other.port}"
        call = other.invite("")
        incoming = await desk.next(CallIncoming)
        desk.send(AnswerCall(incoming.call))
        assert (await call.answer()).status == 200


async def test_with_ice_candidates_are_offered_and_a_peer_without_is_no_hindrance(
    desk: Desk, edge: SmallEdge, authority: Authority, address: EdgeAddress, tmp_path: Path
) -> None:
    desk.send(configuration(authority, address, ice=True), credentials())
    await desk.next(RegistrationChanged, is_registered)
    async with parts.waiting(edge, authority, tmp_path, SPEECH) as customer:
        desk.send(MakeCall(1, "customer"))
        await customer.event("incoming")
        customer.order("answer")
        await desk.next(CallMedia, lambda report: report.active)
        await customer.event("media")
    assert b"a=candidate:" in edge.received
    assert b"a=ice-ufrag:" in edge.received
