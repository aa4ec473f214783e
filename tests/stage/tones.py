"""Making tones and speech, and telling whether a tone is in a recording."""

import subprocess
import wave
from pathlib import Path

import numpy as np
import numpy.typing as npt

Samples = npt.NDArray[np.float64]
"""One channel, full scale is 1."""


def write_tone(path: Path, frequency: float, seconds: float = 5, rate: int = 48_000) -> Path:
    """Write a sine at -12 dB of full scale as a 16-bit WAV file."""
    time = np.arange(int(seconds * rate)) / rate
    return write_wav(path, 0.25 * np.sin(2 * np.pi * frequency * time), rate)


def write_wav(path: Path, samples: Samples, rate: int, channels: int = 1) -> Path:
    """Write one signal as a 16-bit WAV file, the same in each channel."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes((np.clip(samples, -1, 1) * 32767).astype("<i2").repeat(channels).tobytes())
    return path


def write_speech(path: Path, text: str, voice: str = "en") -> Path:
    """Speak a text into a 16-bit WAV file."""
    # From standard input, so that no text is in the process list.
    subprocess.run(["espeak-ng", "-v", voice, "-w", str(path), "--stdin"], input=text.encode(), check=True, timeout=60)
    return path


def read_wav(path: Path) -> tuple[Samples, int]:
    """Read a 16-bit WAV file, even one that is still being written; channels are averaged. Returns samples and rate."""
    with wave.open(str(path), "rb") as file:
        rate, channels = file.getframerate(), file.getnchannels()
        raw = file.readframes(max(file.getnframes(), (path.stat().st_size - 44) // (2 * channels)))
    samples = np.frombuffer(raw[: len(raw) // (2 * channels) * 2 * channels], "<i2").astype(np.float64) / 32768
    return samples.reshape(-1, channels).mean(axis=1), rate


def tone_share(samples: Samples, rate: int, frequency: float, width: float = 12.0) -> float:
    """The part (0 to 1) of the signal's power that lies within `width` Hz of `frequency`; 0 for silence.

    A share and not a level: it says that the tone was heard, whatever gain lies between.
    """
    if len(samples) < rate // 10:
        return 0.0
    power = np.abs(np.fft.rfft(samples * np.hanning(len(samples)))) ** 2
    frequencies = np.fft.rfftfreq(len(samples), 1 / rate)
    total = power[frequencies > 60].sum()
    # Below the quantization noise of 16 bits there is no signal to speak of.
    if total / len(samples) ** 2 < 1e-10:
        return 0.0
    return float(power[np.abs(frequencies - frequency) <= width].sum() / total)
