"""An agent at home: our real engine, registered at a real edge."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from client.core.telephony import (
    AnswerCall,
    CallConfirmed,
    CallEnded,
    CallIncoming,
    CallMedia,
    CallOutgoing,
    Configure,
    EdgeAddress,
    MakeCall,
    Register,
    RegistrationChanged,
    RegistrationState,
)
from client.sip.engine.pins import pin_of
from tests.integration.edge.world import DOMAIN, World
from tests.integration.engine.conftest import NO_SOUND
from tests.integration.engine.parts import Desk, running_desk

AGENT = "agent1"
CODECS = ("opus/48000", "G722/16000", "PCMA/8000", "PCMU/8000")


def address(world: World) -> EdgeAddress:
    """Where the desk registers."""
    home = world.edge.settings.home_listen
    return EdgeAddress(home.host, home.port, (pin_of(world.pki.edge.certificate.read_text()),))


@asynccontextmanager
async def at_home(
    world: World, folder: Path, name: str = AGENT, sound: Mapping[str, str] = NO_SOUND, **options: Any
) -> AsyncIterator[Desk]:
    """A registered desk."""
    async with running_desk(folder / name, sound) as desk:
        codecs = options.pop("codecs", CODECS)
        desk.send(Configure(DOMAIN, (address(world),), world.pki.ca.read_text(), codecs, 300, **options))
        made = world.registration(name)
        desk.send(Register(f"sip:{name}@{DOMAIN}", made.username, DOMAIN, made.password))
        await desk.next(RegistrationChanged, lambda report: report.state is RegistrationState.REGISTERED)
        yield desk


async def picks_up(desk: Desk) -> int:
    """Answer the call that comes; it is confirmed at both ends when this returns."""
    call = (await desk.next(CallIncoming)).call
    desk.send(AnswerCall(call))
    await desk.next(CallConfirmed, lambda report: report.call == call)
    return call


async def dials(desk: Desk, token: str) -> int:
    """Call by a dial token; returns when the call is on its way."""
    desk.send(MakeCall(1, token))
    return (await desk.next(CallOutgoing)).call


def media_of(desk: Desk, call: int) -> list[CallMedia]:
    """What was told of a call's media so far."""
    return [report for report in desk.reports if isinstance(report, CallMedia) and report.call == call]


def ended(desk: Desk, call: int) -> bool:
    """Whether a call is over."""
    return any(isinstance(report, CallEnded) and report.call == call for report in desk.reports)
