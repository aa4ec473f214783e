"""Where it rings, in which ear the caller is heard, how loud it is, and what is done to the microphone's sound."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from client.core.telephony import (
    AnswerCall,
    CallEnded,
    CallIncoming,
    ChooseSound,
    EdgeAddress,
    HangUp,
    MeasureSound,
    RegistrationChanged,
    RegistrationState,
    RejectCall,
    SoundChanged,
    SoundLevel,
)
from client.sip.engine.ringer import RING
from tests.integration.engine.authority import Authority
from tests.integration.engine.parts import PATIENCE, Desk, answered, calling, configuration, credentials, running_desk
from tests.integration.engine.small_edge import SmallEdge
from tests.integration.engine.test_calls import SECURE_SDP
from tests.integration.engine.virtual_sound import RATE, Recording, Samples, VirtualSound, tone, tone_share
from tests.stage.tones import read_wav, write_speech

CUSTOMER_HERTZ, AGENT_HERTZ = 440.0, 950.0
SPEECH = tone(CUSTOMER_HERTZ, 1.0)
SENTENCES = (
    "Good morning, this is the card service.",
    "I see the payment; shall I block the card?",
    "A new one will be with you in three days, and it costs you nothing.",
)
RING_HERTZ = [hertz for hertz, _, _ in RING]
A_RING = RATE * sum(on + off for _, on, off in RING) // 1_000


@asynccontextmanager
async def chosen(
    folder: Path, sound: VirtualSound, authority: Authority, address: EdgeAddress, **options: Any
) -> AsyncIterator[Desk]:
    """A registered desk with these choices."""
    async with running_desk(folder, sound.environment) as desk:
        desk.send(configuration(authority, address, **options), credentials())
        await desk.next(RegistrationChanged, lambda report: report.state is RegistrationState.REGISTERED)
        yield desk


async def long_enough(recording: Recording, samples: int) -> None:
    """Return when so much has been heard."""
    async with asyncio.timeout(PATIENCE):
        await asyncio.to_thread(recording.wait_for, samples)


def rings(samples: Samples) -> bool:
    """Whether the ring is in a recording: its notes make up what is heard at all."""
    return sum(tone_share(samples, hertz) for hertz in set(RING_HERTZ)) > 0.5


def loudness(samples: Samples) -> float:
    """The root mean square."""
    return float(np.sqrt(np.mean(samples.astype(np.float64) ** 2))) if samples.size else 0.0


# --- Ringing ----------------------------------------------------------------------------------------------------------


async def test_a_call_rings_at_the_headset_and_stops_when_it_is_answered(
    hearing_desk: Desk, edge: SmallEdge, authority: Authority, tmp_path: Path, sound: VirtualSound
) -> None:
    async with calling(edge, authority, tmp_path, SPEECH) as customer:
        with sound.record_headset() as before:
            call = (await hearing_desk.next(CallIncoming)).call
            await long_enough(before, A_RING)
        assert rings(before.samples)
        hearing_desk.send(AnswerCall(call))
        await customer.event("media")
        with sound.record_headset() as after:
            await long_enough(after, A_RING)
        assert not rings(after.samples)
        assert tone_share(after.samples, CUSTOMER_HERTZ) > 0.5


async def test_a_call_rings_at_its_own_device_and_speech_does_not_go_there(
    edge: SmallEdge, authority: Authority, address: EdgeAddress, tmp_path: Path, sound: VirtualSound
) -> None:
    async with chosen(tmp_path, sound, authority, address, ring="loudspeaker") as desk:
        assert SoundChanged("default", "default", ring="loudspeaker") in desk.reports
        async with calling(edge, authority, tmp_path, SPEECH) as customer:
            call = (await desk.next(CallIncoming)).call
            with sound.record_loudspeaker() as loud, sound.record_headset() as quiet:
                await long_enough(loud, A_RING)
            assert rings(loud.samples)
            assert not rings(quiet.samples)
            desk.send(AnswerCall(call))
            await customer.event("media")
            with sound.record_loudspeaker() as loud, sound.record_headset() as speech:
                await long_enough(loud, 2 * RATE)
            # What the device had been given already may still be heard.
            assert loudness(loud.samples[RATE:]) == 0.0
            assert tone_share(speech.samples, CUSTOMER_HERTZ) > 0.5


async def test_without_its_device_it_rings_where_speech_is_heard(
    edge: SmallEdge, authority: Authority, address: EdgeAddress, tmp_path: Path, sound: VirtualSound
) -> None:
    async with chosen(tmp_path, sound, authority, address, ring="a box that is gone") as desk:
        assert SoundChanged("default", "default", ring="default") in desk.reports
        edge.invite(SECURE_SDP)
        call = (await desk.next(CallIncoming)).call
        with sound.record_headset() as heard:
            await long_enough(heard, A_RING)
        assert rings(heard.samples)
        desk.send(ChooseSound("", "", "loudspeaker"))
        await desk.next(SoundChanged, lambda report: report.ring == "loudspeaker")
        with sound.record_loudspeaker() as loud:
            await long_enough(loud, A_RING)
        assert rings(loud.samples)
        desk.send(RejectCall(call, 486))
        await desk.next(CallEnded)
        with sound.record_loudspeaker() as loud, sound.record_headset() as heard:
            await long_enough(loud, 2 * RATE)
        assert loudness(loud.samples[RATE:]) == loudness(heard.samples[RATE:]) == 0.0


async def test_a_second_call_does_not_ring_into_the_first(
    hearing_desk: Desk, edge: SmallEdge, authority: Authority, tmp_path: Path, sound: VirtualSound
) -> None:
    async with calling(edge, authority, tmp_path, SPEECH) as customer:
        first = await answered(hearing_desk, customer)
        second = edge.invite(SECURE_SDP)
        await hearing_desk.next(CallIncoming)
        with sound.record_headset() as heard:
            await long_enough(heard, A_RING)
        assert not rings(heard.samples)
        hearing_desk.send(HangUp(first))
        await hearing_desk.next(CallEnded)
        with sound.record_headset() as heard:
            await long_enough(heard, A_RING)
        assert rings(heard.samples)
        second.send("CANCEL")
        await hearing_desk.next(CallEnded)
        await asyncio.to_thread(sound.wait_for_listeners, 0)


# --- Ears -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("ear", ["both", "left", "right"])
async def test_the_caller_is_heard_in_the_chosen_ear(
    hearing_desk: Desk, edge: SmallEdge, authority: Authority, tmp_path: Path, sound: VirtualSound, *, ear: str
) -> None:
    hearing_desk.send(ChooseSound("", "", "", ear))
    async with calling(edge, authority, tmp_path, SPEECH) as customer:
        await answered(hearing_desk, customer)
        with sound.record_ears() as heard:
            await long_enough(heard, 2 * RATE)
        for side, samples in (("left", heard.samples[0::2]), ("right", heard.samples[1::2])):
            if ear in ("both", side):
                assert tone_share(samples, CUSTOMER_HERTZ) > 0.5
            else:
                assert loudness(samples) == 0.0
        await asyncio.to_thread(sound.play_into_mic, tone(AGENT_HERTZ, 1.0))
        await customer.hang_up()
    assert tone_share(customer.heard(), AGENT_HERTZ) > 0.2


async def test_the_ear_changes_within_a_call(
    edge: SmallEdge, authority: Authority, address: EdgeAddress, tmp_path: Path, sound: VirtualSound
) -> None:
    async with (
        chosen(tmp_path, sound, authority, address, ear="left") as desk,
        calling(edge, authority, tmp_path, SPEECH) as customer,
    ):
        await answered(desk, customer)
        desk.send(ChooseSound("", "", "loudspeaker", "right"))
        await desk.next(SoundChanged, lambda report: report.ring == "loudspeaker")
        with sound.record_ears() as heard:
            await long_enough(heard, 2 * RATE)
        assert loudness(heard.samples[0::2]) == 0.0
        assert tone_share(heard.samples[1::2], CUSTOMER_HERTZ) > 0.5


# --- Levels -----------------------------------------------------------------------------------------------------------


async def test_levels_are_told_without_a_call_while_they_are_wanted(hearing_desk: Desk, sound: VirtualSound) -> None:
    hearing_desk.send(MeasureSound(True))
    await asyncio.to_thread(sound.wait_for_listeners, 1)
    quiet = await hearing_desk.next(SoundLevel)
    assert quiet.capture < 0.2
    speaking = asyncio.create_task(asyncio.to_thread(sound.play_into_mic, tone(AGENT_HERTZ, 2.0)))
    loud = await hearing_desk.next(SoundLevel, lambda report: report.capture > 0.6)
    assert loud.capture <= 1.0
    assert loud.playback < 0.2
    await speaking
    hearing_desk.send(MeasureSound(False))
    await asyncio.to_thread(sound.wait_for_listeners, 0)


async def test_levels_outlast_a_call_and_do_not_outlast_the_desks_wish(
    hearing_desk: Desk, edge: SmallEdge, authority: Authority, tmp_path: Path, sound: VirtualSound
) -> None:
    hearing_desk.send(MeasureSound(True))
    await hearing_desk.next(SoundLevel)
    async with calling(edge, authority, tmp_path, SPEECH) as customer:
        call = await answered(hearing_desk, customer)
        await hearing_desk.next(SoundLevel, lambda report: report.playback > 0.5)
        hearing_desk.send(HangUp(call))
        await hearing_desk.next(CallEnded)
    await hearing_desk.next(SoundLevel, lambda report: report.playback < 0.2)
    await asyncio.to_thread(sound.wait_for_listeners, 1)
    hearing_desk.send(MeasureSound(False))
    await asyncio.to_thread(sound.wait_for_listeners, 0)


# --- Noise and loudness -----------------------------------------------------------------------------------------------


def quiet_speech(folder: Path) -> Samples:
    """A few sentences at 45 dB below full scale, in a quiet room: the gain control lifts nothing that it takes for
    noise, and it learns from the pauses what noise is."""
    spoken, rate = read_wav(write_speech(folder / "speech.wav", " ".join(SENTENCES)))
    moments = np.arange(int(len(spoken) / rate * RATE)) / RATE
    samples = np.interp(moments, np.arange(len(spoken)) / rate, spoken)
    samples *= 10 ** (-45 / 20) / float(np.sqrt(np.mean(samples**2)))
    speech = np.asarray(samples * 32_767, dtype=np.int16)
    pause = np.zeros(RATE, dtype=np.int16)
    whole = np.concatenate([pause, speech])
    return whole + noise(len(whole) / RATE, 10 ** (-75 / 20))[: len(whole)]


def noise(seconds: float, amplitude: float) -> Samples:
    """A fan: noise without an end, the same in each run."""
    values = np.random.default_rng(7).normal(0.0, amplitude * 32_767, int(RATE * seconds))
    return np.asarray(np.clip(values, -32_767, 32_767), dtype=np.int16)


async def heard_by_customer(
    folder: Path,
    sound: VirtualSound,
    edge: SmallEdge,
    parties: tuple[Authority, EdgeAddress],
    spoken: Samples,
    **options: Any,
) -> Samples:
    """What a customer hears of the last two seconds that are spoken into the microphone."""
    await asyncio.to_thread(folder.mkdir)
    authority, address = parties
    async with chosen(folder, sound, authority, address, **options) as desk:
        # The customer's room is not quite still: after five seconds without any sound from there, PJSIP lets the
        # microphone's pass as it is.
        async with calling(edge, authority, folder, noise(1.0, 0.002)) as customer:
            call = await answered(desk, customer)
            await asyncio.to_thread(sound.wait_for_listeners, 1)
            await asyncio.to_thread(sound.play_into_mic, spoken)
            desk.send(HangUp(call))
            await desk.next(CallEnded)
            await customer.hang_up()
        heard = customer.heard()
        loud = np.flatnonzero(np.abs(heard) > 0)
        return heard[: loud[-1]][-2 * RATE :]


async def test_a_noise_is_lower_with_noise_suppression(
    edge: SmallEdge, authority: Authority, address: EdgeAddress, tmp_path: Path, sound: VirtualSound
) -> None:
    fan = noise(4.0, 0.02)
    parties = authority, address
    plain = await heard_by_customer(tmp_path / "plain", sound, edge, parties, fan)
    refined = await heard_by_customer(tmp_path / "refined", sound, edge, parties, fan, noise_suppression=True)
    # The suppressor is set for 12 dB, a factor of four.
    assert loudness(refined) < loudness(plain) / 2


async def test_quiet_speech_is_louder_with_gain_control(
    edge: SmallEdge, authority: Authority, address: EdgeAddress, tmp_path: Path, sound: VirtualSound
) -> None:
    quiet = await asyncio.to_thread(quiet_speech, tmp_path)
    parties = authority, address
    plain = await heard_by_customer(tmp_path / "plain", sound, edge, parties, quiet)
    refined = await heard_by_customer(tmp_path / "refined", sound, edge, parties, quiet, gain_control=True)
    assert loudness(refined) > 1.4 * loudness(plain)
