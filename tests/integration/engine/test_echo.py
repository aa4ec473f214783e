"""The echo canceller: where there is no echo, what the agent says reaches the customer."""

import asyncio
from pathlib import Path

import numpy as np
import pytest

from client.core.telephony import CallEnded, EdgeAddress, HangUp
from tests.integration.engine.authority import Authority
from tests.integration.engine.parts import answered, calling
from tests.integration.engine.small_edge import SmallEdge
from tests.integration.engine.test_sound_choice import chosen, loudness
from tests.integration.engine.virtual_sound import RATE, Samples, VirtualSound
from tests.stage.tones import read_wav, write_speech

AGENT = "Good morning, this is the credit card service. You can pay this bill in three, six or twelve instalments."
CUSTOMER = "I should like to know what it costs, and whether I can pay the rest off earlier. My bill is quite high."
SECONDS = 7.0


def speech(folder: Path, text: str, voice: str, seconds: float) -> Samples:
    """Somebody who speaks without a pause, at 26 dB below full scale."""
    spoken, rate = read_wav(write_speech(folder / f"{voice}.wav", text, voice))
    moments = np.arange(int(len(spoken) / rate * RATE)) / RATE
    samples = np.interp(moments, np.arange(len(spoken)) / rate, spoken)
    samples *= 10 ** (-26 / 20) / float(np.sqrt(np.mean(samples**2)))
    samples = np.resize(samples, int(RATE * seconds))
    return np.asarray(np.clip(samples * 32_767, -32_767, 32_767), dtype=np.int16)


async def heard(
    folder: Path,
    parts: tuple[VirtualSound, SmallEdge, Authority, EdgeAddress],
    customer_says: Samples,
    agent_says: Samples,
) -> Samples:
    """What the customer hears of the agent's PC in the last four seconds."""
    sound, edge, authority, address = parts
    await asyncio.to_thread(folder.mkdir)
    async with (
        chosen(folder, sound, authority, address) as desk,
        calling(edge, authority, folder, customer_says) as customer,
    ):
        call = await answered(desk, customer)
        await asyncio.to_thread(sound.wait_for_listeners, 1)
        await asyncio.to_thread(sound.play_into_mic, agent_says)
        desk.send(HangUp(call))
        await desk.next(CallEnded)
        await customer.hang_up()
    samples = customer.heard()
    loud = np.flatnonzero(np.abs(samples) > 0)
    return samples[: loud[-1]][-4 * RATE :]


@pytest.fixture
def parts(
    sound: VirtualSound, edge: SmallEdge, authority: Authority, address: EdgeAddress
) -> tuple[VirtualSound, SmallEdge, Authority, EdgeAddress]:
    return sound, edge, authority, address


@pytest.fixture
def voices(tmp_path: Path) -> tuple[Samples, Samples]:
    """The customer's and the agent's."""
    return speech(tmp_path, CUSTOMER, "en+f3", SECONDS), speech(tmp_path, AGENT, "en", SECONDS)


async def test_with_a_headset_the_agent_is_heard_while_the_customer_speaks(
    tmp_path: Path,
    parts: tuple[VirtualSound, SmallEdge, Authority, EdgeAddress],
    voices: tuple[Samples, Samples],
) -> None:
    customer, agent = voices
    hush = (np.random.default_rng(3).normal(0, 60, RATE)).astype(np.int16)
    alone = loudness(await heard(tmp_path / "alone", parts, hush, agent))
    both = loudness(await heard(tmp_path / "both", parts, customer, agent))
    # WebRTC's own setting leaves 0.44 of it; ours, 0.75.
    assert both > 0.6 * alone
