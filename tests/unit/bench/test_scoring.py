"""Scores of speech: the clean signal is best, loss is worse, and a packet's silence is not noise to be forgiven."""

import numpy as np
import pytest

from bench.voice.scoring import ScorerMissing, score
from bench.voice.signals import RATE, Signal
from bench.voice.speech import Speech

SENTENCE = 2 * RATE


@pytest.fixture(scope="module")
def speech() -> Speech:
    """A voice-like buzz in syllables: the scorers want something that is on and off, with harmonics."""
    time = np.arange(SENTENCE) / RATE
    pitch = 120 + 30 * np.sin(2 * np.pi * 0.7 * time)
    phase = 2 * np.pi * np.cumsum(pitch) / RATE
    buzz = np.asarray(sum(np.sin(k * phase) / k for k in range(1, 25)))
    voice = 0.1 * buzz * np.clip(np.sin(2 * np.pi * 3 * time), 0, None)
    pause = np.zeros(RATE)
    return Speech(np.concatenate([pause, voice, pause]), ((RATE, RATE + SENTENCE),))


def lossy(samples: Signal, share: float) -> Signal:
    packet = RATE // 50
    lost = np.random.default_rng(2).random(len(samples) // packet + 1) < share
    return samples * ~np.repeat(lost, packet)[: len(samples)]


def test_loss_costs_points_however_late_the_sound_is(speech: Speech) -> None:
    pytest.importorskip("pesq")
    pytest.importorskip("pystoi")
    late = np.concatenate([np.zeros(RATE // 3), speech.samples])
    clean, some, much = (score(speech, lossy(late, share)) for share in (0.0, 0.1, 0.4))
    assert clean.pesq > 4.5
    assert clean.stoi > 0.99
    assert clean.pesq > some.pesq > much.pesq
    assert clean.stoi > some.stoi > much.stoi


def test_without_the_packages_it_says_which(speech: Speech, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> None:
        raise ModuleNotFoundError(name, name=name)

    monkeypatch.setattr("importlib.import_module", missing)
    with pytest.raises(ScorerMissing, match="pesq is not installed"):
        score(speech, speech.samples)
