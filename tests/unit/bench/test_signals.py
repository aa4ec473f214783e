"""Finding delays, first sounds and slopes."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.voice.signals import (
    RATE,
    Signal,
    align,
    chirp_train,
    delays,
    find_chirps,
    resample,
    slope,
    tone_begins,
)


def later(signal: Signal, frames: int) -> Signal:
    return np.concatenate([np.zeros(frames), signal])


def noise(frames: int, level: float = 0.003) -> Signal:
    return level * np.random.default_rng(1).standard_normal(frames)


@pytest.mark.parametrize("milliseconds", [0, 7.5, 42, 226.6, 900])
def test_the_delay_of_each_chirp_is_found_through_noise_and_another_level(milliseconds: float) -> None:
    said = chirp_train(3, 1.5)
    heard = 0.2 * later(said, round(milliseconds * RATE / 1000))
    heard += noise(len(heard))
    found = delays(said, heard)
    assert [1000 * one for one in found] == pytest.approx([milliseconds] * 3, abs=0.5)


def test_a_chirp_that_was_lost_has_no_delay() -> None:
    said = chirp_train(3, 1.0)
    heard = later(said, 960)
    heard[round(1.9 * RATE) : round(2.6 * RATE)] = 0.0
    assert [1000 * one for one in delays(said, heard, longest=0.5)] == pytest.approx([20, 20], abs=0.5)


def test_silence_holds_no_chirp() -> None:
    assert find_chirps(np.zeros(RATE)) == []
    assert find_chirps(np.zeros(0)) == []


@pytest.mark.parametrize("begin", [0.0, 0.05, 0.4])
def test_a_tone_begins_where_it_begins_though_it_rings_before(begin: float) -> None:
    time = np.arange(RATE) / RATE
    samples = 0.2 * np.sin(2 * np.pi * 2_310 * time) * (time >= begin)
    samples += 0.4 * np.sin(2 * np.pi * 440 * time) * (time < begin)
    found = tone_begins(samples, 2_310)
    assert found is not None
    assert found == pytest.approx(max(begin, 0.01), abs=0.008)


def test_another_tone_does_not_begin() -> None:
    time = np.arange(RATE) / RATE
    assert tone_begins(0.4 * np.sin(2 * np.pi * 440 * time), 2_310) is None
    assert tone_begins(np.zeros(10), 2_310) is None


@given(lag=st.integers(-2_000, 4_000), gain=st.floats(0.1, 2.0))
def test_what_was_heard_is_laid_over_what_was_said(lag: int, gain: float) -> None:
    clean = noise(8_000, 0.1)
    heard = gain * (later(clean, lag) if lag >= 0 else clean[-lag:])
    aligned = align(clean, heard)
    kept = slice(max(0, -lag), len(clean))
    assert len(aligned) == len(clean)
    assert aligned[kept] == pytest.approx(gain * clean[kept])


def test_what_is_missing_at_the_end_is_silent() -> None:
    clean = noise(8_000, 0.1)
    assert not align(clean, clean[:6_000])[6_000:].any()


@pytest.mark.parametrize(("old", "new"), [(22_050, 48_000), (48_000, 16_000), (16_000, 16_000)])
def test_another_rate_keeps_a_tone(old: int, new: int) -> None:
    def tone(rate: int) -> Signal:
        time = np.arange(rate) / rate
        return np.asarray(0.5 * np.sin(2 * np.pi * 1_000 * time))

    assert resample(tone(old), old, new) == pytest.approx(tone(new), abs=1e-6)


@given(st.floats(-5, 5), st.floats(0, 100))
def test_the_slope_of_a_line_is_its_slope(rise: float, start: float) -> None:
    times = [float(number) for number in range(20)]
    assert slope(times, [start + rise * time for time in times]) == pytest.approx(rise, abs=1e-6)


def test_one_point_has_no_slope_and_uneven_lists_are_refused() -> None:
    assert slope([1.0], [2.0]) == 0.0
    with pytest.raises(ValueError, match="as many"):
        slope([1.0, 2.0], [1.0])
