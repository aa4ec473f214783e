"""baresip as the customer: sound, hold, digits, transfer, both ways."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import numpy as np
import pytest

from client.core.telephony import (
    CallConfirmed,
    CallDigit,
    CallEnd,
    CallEnded,
    CallMedia,
    CallRinging,
    CallTransfer,
    HangUp,
    SendDigits,
    SetHold,
    TransferCall,
)
from tests.integration.edge.baresip import Baresip
from tests.integration.edge.world import DOMAIN, World
from tests.integration.engine.parts import Desk
from tests.integration.engine.virtual_sound import VirtualSound, tone, tone_share
from tests.stage.ports import free_port
from tests.stage.tones import read_wav, write_wav
from tests.stage.tones import tone_share as heard_share

from .agent import AGENT, at_home, dials, media_of, picks_up

CUSTOMER_HERTZ, AGENT_HERTZ = 440.0, 950.0


@asynccontextmanager
async def baresip(world: World, folder: Path, *parameters: str, user: str = "13812345678") -> AsyncIterator[Baresip]:
    """baresip on the trunk side, which plays the customer's tone."""
    # With pauses: while somebody talks without any, the desk's echo canceller takes the agent for their echo.
    spoken = np.concatenate([tone(CUSTOMER_HERTZ, 0.25)[::6], np.zeros(8_000)]) / 32_768
    heard = write_wav(folder / "customer.wav", np.tile(spoken, 30), 8_000)
    identity = folder / "trunk.pem"
    identity.touch(mode=0o600)
    identity.write_bytes(world.pki.trunk.certificate.read_bytes() + world.pki.trunk.key.read_bytes())
    account = ";".join(
        (
            f"<sip:{user}@{DOMAIN};transport=tls>",
            "regint=0",
            f'outbound="sip:{world.edge.settings.trunk_listen};transport=tls"',
            "audio_codecs=PCMA",
            f"audio_source=aufile,{heard}",
            *parameters,
        )
    )
    settings = f"sip_certificate {identity}\nsip_cafile {world.pki.ca}"
    stranger = await asyncio.to_thread(Baresip, folder / "baresip", account, free_port(), settings)
    try:
        yield stranger
    finally:
        stranger.stop()


async def happens(stranger: Baresip, event: str, count: int = 1) -> None:
    """Wait for an event of baresip's, while the desk goes on."""
    await asyncio.to_thread(stranger.wait_event, event, count)


@pytest.mark.parametrize("encryption", ["", "mediaenc=srtp-mand"], ids=["RTP", "SRTP"])
async def test_it_calls_and_both_hear(
    hearing_desk: Desk, world: World, tmp_path: Path, sound: VirtualSound, encryption: str
) -> None:
    async with baresip(world, tmp_path, *([encryption] if encryption else [])) as stranger:
        stranger.command("dial", f"sip:{AGENT}@{DOMAIN}")
        call = await picks_up(hearing_desk)
        await happens(stranger, "CALL_ESTABLISHED")
        with sound.record_headset() as heard:
            await asyncio.to_thread(sound.play_into_mic, tone(AGENT_HERTZ, 2.0))
        assert media_of(hearing_desk, call)[-1].codec == "PCMA"
        hearing_desk.send(HangUp(call))
        await happens(stranger, "CALL_CLOSED")
        assert tone_share(heard.samples, CUSTOMER_HERTZ) > 0.5
        assert heard_share(*read_wav(stranger.heard()), AGENT_HERTZ, 20.0) > 0.3


async def test_it_holds_and_is_held(desk: Desk, world: World, tmp_path: Path) -> None:
    async with baresip(world, tmp_path) as stranger:
        stranger.command("dial", f"sip:{AGENT}@{DOMAIN}")
        call = await picks_up(desk)
        await happens(stranger, "CALL_ESTABLISHED")
        stranger.command("hold")
        await desk.next(CallMedia, lambda report: report.held_remotely)
        stranger.command("resume")
        await desk.next(CallMedia, lambda report: report.active and not report.held_remotely)
        desk.send(SetHold(call, True))
        await desk.next(CallMedia, lambda report: report.held_locally)
        desk.send(SetHold(call, False))
        await desk.next(CallMedia, lambda report: report.active and not report.held_locally)
        stranger.command("hangup")
        assert await desk.next(CallEnded) == CallEnded(call, CallEnd.REMOTE)


@pytest.mark.parametrize("mode", ["rtpevent", "info"])
async def test_digits_both_ways(desk: Desk, world: World, tmp_path: Path, mode: str) -> None:
    async with baresip(world, tmp_path, f"dtmfmode={mode}") as stranger:
        stranger.command("dial", f"sip:{AGENT}@{DOMAIN}")
        call = await picks_up(desk)
        await happens(stranger, "CALL_ESTABLISHED")
        stranger.command("sndcode", "5")
        assert await desk.next(CallDigit) == CallDigit(call, "5")
        desk.send(SendDigits(call, "7"))
        await happens(stranger, "CALL_DTMF_START")
        await happens(stranger, "CALL_DTMF_END")
        assert [e["param"] for e in list(stranger.events) if e.get("type") == "CALL_DTMF_START"] == ["7"]
        desk.send(HangUp(call))
        await happens(stranger, "CALL_CLOSED")


async def test_it_sends_the_agent_nowhere(desk: Desk, world: World, tmp_path: Path) -> None:
    async with baresip(world, tmp_path) as stranger:
        stranger.command("dial", f"sip:{AGENT}@{DOMAIN}")
        call = await picks_up(desk)
        await happens(stranger, "CALL_ESTABLISHED")
        stranger.command("transfer", f"sip:8001@{DOMAIN}")
        await happens(stranger, "TRANSFER_FAILED")
        stranger.command("hangup")
        assert await desk.next(CallEnded) == CallEnded(call, CallEnd.REMOTE)


async def test_it_is_called(desk: Desk, world: World, tmp_path: Path) -> None:
    async with baresip(world, tmp_path, user="8001") as stranger:
        stranger.command("options", f"sip:{DOMAIN}")
        await asyncio.to_thread(stranger.wait_output, "OPTIONS of")
        call = await dials(desk, world.server.token("8001"))
        await desk.next(CallRinging)
        await happens(stranger, "CALL_INCOMING")
        stranger.command("accept")
        await desk.next(CallConfirmed)
        assert media_of(desk, call)[-1].active
        desk.send(HangUp(call))
        await happens(stranger, "CALL_CLOSED")


async def test_it_is_transferred_to_another_agent(desk: Desk, world: World, tmp_path: Path) -> None:
    async with baresip(world, tmp_path) as stranger, at_home(world, tmp_path, "agent2") as colleague:
        stranger.command("dial", f"sip:{AGENT}@{DOMAIN}")
        call = await picks_up(desk)
        await happens(stranger, "CALL_ESTABLISHED")
        desk.send(TransferCall(call, world.server.token("agent2")))
        second = await picks_up(colleague)
        assert await desk.next(CallTransfer, lambda report: report.final) == CallTransfer(call, 200, True)
        assert (await desk.next(CallEnded)).call == call
        colleague.send(HangUp(second))
        await happens(stranger, "CALL_CLOSED", 2)
