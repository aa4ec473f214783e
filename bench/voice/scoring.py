"""How well speech came through: PESQ (wide band, ITU-T P.862.2) and STOI, against the clean signal.

Both are what the literature on packet loss compares by. The package `pesq` is ITU's own reference code with a Python
face, so its figures can be set beside others'; ViSQOL and POLQA have no package that can be installed from PyPI
without a model or a licence. PESQ judges loss and codec; STOI whether words can still be told apart.
"""

import importlib
import statistics
from dataclasses import dataclass
from typing import Any

from bench.voice.signals import RATE, Signal, align, resample
from bench.voice.speech import SCORE_RATE, Speech

_MARGIN = SCORE_RATE * 3 // 10
_WORST_PESQ = 1.0


class ScorerMissing(Exception):
    """The packages that score speech are not installed."""


@dataclass(frozen=True)
class Score:
    """PESQ from 1 (bad) to 4.64 (excellent), STOI from 0 to 1: the mean over the sentences."""

    pesq: float
    stoi: float


def score(speech: Speech, heard: Signal) -> Score:
    """Score what was heard, at 48 kHz, of a speech. It may begin and end anywhere, as long as the speech is in it.

    Raises:
        ScorerMissing: see there.
    """
    pesq, stoi = _scorers()
    clean, whole = speech.at_score_rate(), resample(heard, RATE, SCORE_RATE)
    aligned = align(clean, whole)
    found = []
    for begin, end in speech.sentences:
        start, stop = begin * SCORE_RATE // RATE - _MARGIN, end * SCORE_RATE // RATE + _MARGIN
        said = clean[start:stop]
        # A jitter buffer that grew or shrank has moved each sentence by itself.
        got = align(said, aligned[start:stop])
        found.append(Score(_pesq_of(pesq, said, got), float(stoi.stoi(said, got, SCORE_RATE, extended=False))))
    return Score(statistics.fmean(one.pesq for one in found), statistics.fmean(one.stoi for one in found))


def _pesq_of(pesq: Any, said: Signal, got: Signal) -> float:
    try:
        return float(pesq.pesq(SCORE_RATE, said, got, "wb"))
    except pesq.NoUtterancesError:
        # Nothing in it is speech any more.
        return _WORST_PESQ


def _scorers() -> tuple[Any, Any]:
    try:
        return importlib.import_module("pesq"), importlib.import_module("pystoi")
    except ImportError as error:
        raise ScorerMissing(f"the package {error.name} is not installed; it is in the group `dev`") from None
