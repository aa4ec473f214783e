"""ICE at the edge: rtpengine is a desk's ICE peer, and no address of a home goes further than that."""

from __future__ import annotations

import asyncio
import dataclasses
import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from client.core.telephony import (
    CallConfirmed,
    CallEnded,
    CallMedia,
    CallQuality,
    CallRinging,
    Configure,
    EdgeAddress,
    HangUp,
    MakeCall,
    Register,
    RegistrationChanged,
    RegistrationState,
)
from client.sip.engine.pins import pin_of
from tests.integration.engine.parts import Desk, running_desk

from .dialling import REF, TRUNK_ANSWER, ready_trunk
from .edge_process import EdgeProcess
from .hearthline_server import HearthlineServer
from .world import DOMAIN, Pki, World, make_settings

AGENT = "pj.agent"


@pytest.fixture
def world(pki: Pki, tmp_path: Path) -> Iterator[World]:
    """An edge whose desks use ICE."""
    server = HearthlineServer(pki.server.certificate, pki.server.key, pki.ca)
    settings = dataclasses.replace(make_settings(pki, tmp_path, server.url), ice=True)
    with EdgeProcess(settings, tmp_path / "etc") as edge:
        world = World(edge, server, pki)
        yield world
        server.stop()
        world.close()


@pytest.fixture(params=[True, False], ids=["desk with ICE", "desk without"])
async def desk(request: pytest.FixtureRequest, world: World, tmp_path: Path) -> AsyncIterator[Desk]:
    """A registered desk without sound devices."""
    settings, pki = world.edge.settings, world.pki
    made = world.registration(AGENT)
    edge = EdgeAddress("127.0.0.1", settings.home_listen.port, (pin_of(pki.edge.certificate.read_text()),))
    async with running_desk(tmp_path / "desk", {"ALSA_CONFIG_PATH": os.devnull}) as desk:
        desk.send(
            Configure(DOMAIN, (edge,), pki.ca.read_text(), ("PCMA/8000",), 300, ice=request.param),
            Register(f"sip:{AGENT}@{DOMAIN}", made.username, DOMAIN, made.password),
        )
        await desk.next(RegistrationChanged, lambda report: report.state is RegistrationState.REGISTERED)
        yield desk


async def test_sound_comes_back_from_the_echo(desk: Desk) -> None:
    desk.send(MakeCall(1, "echo"))
    call = (await desk.next(CallConfirmed)).call
    assert any(isinstance(report, CallMedia) and report.active and report.srtp for report in desk.reports)
    # A round trip is known only once RTCP has come back over the same path as the sound.
    quality = await desk.next(CallQuality, lambda report: report.round_trip_ms > 0)
    assert quality.loss_percent == 0
    desk.send(HangUp(call))
    await desk.next(CallEnded)


async def test_the_trunk_learns_no_address_of_the_home(desk: Desk, world: World) -> None:
    trunk = ready_trunk(world)
    desk.send(MakeCall(1, world.server.token("8001", ref=REF)))
    invite = await asyncio.to_thread(trunk.wait_request, "INVITE")
    assert "a=candidate" not in invite.body
    assert "a=ice-" not in invite.body
    contact = f"Contact: <sip:far@{trunk.address};transport=tls>"
    trunk.reply(invite, 180, "Ringing", tag="far", headers=(contact,))
    call = (await desk.next(CallRinging)).call
    trunk.reply(invite, 200, tag="far", headers=(contact,), body=TRUNK_ANSWER)
    await desk.next(CallConfirmed, lambda report: report.call == call)
    assert any(isinstance(report, CallMedia) and report.active for report in desk.reports)
    desk.send(HangUp(call))
    trunk.reply(await asyncio.to_thread(trunk.wait_request, "BYE"), 200)
    await desk.next(CallEnded)
    await asyncio.to_thread(world.server.wait_for_end, REF)
