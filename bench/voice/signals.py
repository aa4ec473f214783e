"""Signals to measure by, and how to find them again: chirps for delays, tones for first sounds, slopes for leaks."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

RATE = 48_000
Signal = npt.NDArray[np.float64]
"""One channel, full scale is 1."""

CHIRP_SECONDS = 0.1
_BAND = (300.0, 3_400.0)


def chirp(rate: int = RATE) -> Signal:
    """A sweep over the telephone's band, with soft edges: as sharp as a click once it is correlated, but a voice's
    codec and a noise suppressor let it pass."""
    time = np.arange(int(CHIRP_SECONDS * rate)) / rate
    low, high = _BAND
    phase = 2 * np.pi * (low * time + (high - low) / (2 * CHIRP_SECONDS) * time**2)
    return np.asarray(0.5 * np.sin(phase) * np.hanning(len(time)) ** 0.25)


def chirp_train(count: int, every: float, rate: int = RATE) -> Signal:
    """Chirps at equal distances in seconds, with a second of silence before the first."""
    train = np.zeros(int(rate * (1 + count * every)))
    one = chirp(rate)
    for number in range(count):
        begin = int(rate * (1 + number * every))
        train[begin : begin + len(one)] = one
    return train


def find_chirps(heard: Signal, rate: int = RATE, apart: float = 0.3) -> list[float]:
    """When each chirp begins, in seconds: the peaks of the correlation's envelope, of at least half its maximum."""
    strength = np.abs(_correlation_envelope(heard, chirp(rate)))
    if not len(strength) or strength.max() < 1e-4:
        return []
    threshold, width = strength.max() / 2, int(apart * rate)
    found: list[float] = []
    position = 0
    above = np.flatnonzero(strength > threshold)
    while True:
        after = above[np.searchsorted(above, position) :]
        if not len(after):
            return found
        window = strength[after[0] : after[0] + width]
        peak = int(after[0] + window.argmax())
        found.append(peak / rate)
        position = peak + width


def _correlation_envelope(heard: Signal, wanted: Signal) -> Signal:
    """The envelope (by the analytic signal) of the correlation, for each place where the wanted signal may begin."""
    size = 1 << (len(heard) + len(wanted)).bit_length()
    spectrum = np.fft.fft(heard, size) * np.conj(np.fft.fft(wanted, size))
    # The analytic signal: nothing at negative frequencies. Its magnitude does not swing with the carrier's phase.
    spectrum[size // 2 + 1 :] = 0
    spectrum[1 : size // 2] *= 2
    return np.asarray(np.abs(np.fft.ifft(spectrum))[: max(0, len(heard) - len(wanted))] / len(wanted))


def delays(said: Signal, heard: Signal, rate: int = RATE, longest: float = 1.0) -> list[float]:
    """The delay in seconds of each chirp that was said and heard within `longest`."""
    heard_at = np.array(find_chirps(heard, rate))
    found = []
    for begin in find_chirps(said, rate):
        later = heard_at[(heard_at >= begin - 0.001) & (heard_at < begin + longest)]
        if len(later):
            found.append(float(later[0] - begin))
    return found


def tone_begins(samples: Signal, hertz: float, rate: int = RATE) -> float | None:
    """Seconds until a tone begins: the middle of the first window of 20 ms in which it has a quarter of its peak.

    None where it never is. Other sounds, such as ringing, do not matter if they are 100 Hz away. The peak and not the
    lasting level: an echo canceller may take a tone that lasts for its own speaker's.
    """
    width, hop = rate // 50, rate // 400
    count = (len(samples) - width) // hop + 1
    if count < 1:
        return None
    probe = np.hanning(width) * np.exp(-2j * np.pi * hertz * np.arange(width) / rate)
    windows = np.lib.stride_tricks.sliding_window_view(samples, width)[::hop]
    levels = np.abs(windows @ probe) * 4 / width
    if levels.max() < 0.01:
        return None
    first = int(np.argmax(levels > levels.max() / 4))
    return (first * hop + width / 2) / rate


def align(clean: Signal, heard: Signal) -> Signal:
    """The part of what was heard that belongs to the clean signal, and as long as it; zeros where nothing was heard."""
    size = 1 << (len(clean) + len(heard)).bit_length()
    match = np.fft.irfft(np.fft.rfft(heard, size) * np.conj(np.fft.rfft(clean, size)), size)
    lag = int(match.argmax())
    lag = lag - size if lag > size // 2 else lag
    padded = np.concatenate([np.zeros(max(0, -lag)), heard[max(0, lag) :]])[: len(clean)]
    return np.concatenate([padded, np.zeros(len(clean) - len(padded))])


def resample(samples: Signal, old: int, new: int) -> Signal:
    """Another rate, by the spectrum: exact for a signal that is silent at both ends."""
    if old == new:
        return samples
    length = round(len(samples) * new / old)
    spectrum = np.fft.rfft(samples)
    bins = length // 2 + 1
    fitted = np.zeros(bins, dtype=complex)
    kept = min(bins, len(spectrum))
    fitted[:kept] = spectrum[:kept]
    return np.asarray(np.fft.irfft(fitted, length) * (length / len(samples)))


def slope(times: Sequence[float], values: Sequence[float]) -> float:
    """The slope of the least-squares line; 0 for fewer than two points.

    Raises:
        ValueError: the two are not of one length.
    """
    if len(times) != len(values):
        raise ValueError("as many times as values")
    if len(times) < 2:
        return 0.0
    return float(np.polyfit(np.asarray(times) - times[0], np.asarray(values), 1)[0])
