"""What is said when the quality of speech is measured: the same sentences for everybody, English and Chinese."""

import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bench.voice.signals import RATE, Signal, resample
from tests.stage.tones import read_wav, write_speech

SCORE_RATE = 16_000
"""What wide-band PESQ (ITU-T P.862.2) wants."""

_PAUSE_SECONDS = 0.7
_SENTENCES = (
    ("en", "Good morning, this is the card service."),
    ("en", "I see the payment; shall I block the card?"),
    ("cmn", "您好，这里是信用卡服务中心。"),
    ("cmn", "我看到那笔付款了，需要挂失吗？"),
)


@dataclass(frozen=True)
class Speech:
    """Some sentences with pauses, at 48 kHz, and where each of them is."""

    samples: Signal
    sentences: tuple[tuple[int, int], ...]

    def at_score_rate(self) -> Signal:
        """The same at 16 kHz."""
        return resample(self.samples, RATE, SCORE_RATE)

    @property
    def seconds(self) -> float:
        """How long it is."""
        return len(self.samples) / RATE


def speak() -> Speech:
    """Let the sentences be spoken by espeak-ng, which makes the same of them each time."""
    pause = np.zeros(int(_PAUSE_SECONDS * RATE))
    pieces, places, position = [pause], [], len(pause)
    with tempfile.TemporaryDirectory(prefix="hearthline-speech-") as folder:
        for number, (voice, text) in enumerate(_SENTENCES):
            samples, rate = read_wav(write_speech(Path(folder) / f"{number}.wav", text, voice))
            samples = resample(samples, rate, RATE)
            # As loud as a telephone's talker: -26 dB of full scale (ITU-T P.56), which leaves room for peaks.
            samples *= 10 ** (-26 / 20) / float(np.sqrt(np.mean(samples**2)))
            places.append((position, position + len(samples)))
            pieces += [samples, pause]
            position += len(samples) + len(pause)
    return Speech(np.concatenate(pieces), tuple(places))
