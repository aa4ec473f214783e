"""Speech quality by the E-model (ITU-T G.107), in the reduced form that packet measurements allow.

    R = R0 - Is - Idd(Ta) - Ie,eff(Ppl)        MOS from R by G.107 annex B

R0 - Is is 93.2, the model's own default for everything that a network can't measure (room noise, sidetone, loudness).
Two impairments are measured: absolute delay, and loss. The scale is the narrow-band one, so a wideband call can't show
how much better it sounds than a telephone; what it shows is how far the network has spoiled it.
"""

import math
from dataclasses import dataclass
from enum import StrEnum

_R_WITHOUT_IMPAIRMENT = 93.2
_FREE_DELAY_MS = 100.0
_MOST_LOSS_IMPAIRMENT = 95.0


@dataclass(frozen=True)
class CodecImpairment:
    """What a codec costs: `ie` without loss, and `bpl`, how well it bears random loss (G.113 appendix I).

    `delay_ms` is packet length and look-ahead.
    """

    ie: float
    bpl: float
    delay_ms: float


_CODECS: dict[str, CodecImpairment] = {
    # G.711 with packet-loss concealment (G.113, table I.3).
    "pcmu": CodecImpairment(0, 25.1, 20),
    "pcma": CodecImpairment(0, 25.1, 20),
    # G.722 has no row on the narrow-band scale; G.711's Ie, and a robustness between with and without concealment.
    "g722": CodecImpairment(0, 15.0, 21.5),
    # Opus has none either. Its concealment is at least G.711's; in-band FEC, which only helps, is not counted.
    "opus": CodecImpairment(0, 25.1, 26.5),
}
_UNKNOWN = CodecImpairment(10, 10.0, 30)


class Verdict(StrEnum):
    """Quality in a word; the bounds are those of G.109."""

    GOOD = "good"
    FAIR = "fair"
    POOR = "poor"


def rating(codec: str, one_way_ms: float, loss_percent: float, burst_ratio: float = 1.0) -> float:
    """Return R, from 0 to 93.2.

    Args:
        codec: the codec's name, in any case; an unknown one is rated cautiously.
        one_way_ms: absolute one-way delay, mouth to ear.
        loss_percent: packets lost, 0 to 100.
        burst_ratio: 1 for random loss, more where it comes in bursts (G.107, 7.6).
    """
    cost = _CODECS.get(codec.lower().partition("/")[0], _UNKNOWN)
    loss = min(max(loss_percent, 0.0), 100.0)
    impairment = cost.ie + (_MOST_LOSS_IMPAIRMENT - cost.ie) * loss / (loss / max(burst_ratio, 1.0) + cost.bpl)
    return min(max(_R_WITHOUT_IMPAIRMENT - _delay_impairment(one_way_ms) - impairment, 0.0), _R_WITHOUT_IMPAIRMENT)


def mos(r: float) -> float:
    """Return the mean opinion score, 1 to 4.5, for a rating (G.107, annex B)."""
    if r <= 0:
        return 1.0
    if r >= 100:
        return 4.5
    # The formula dips a little below 1 for the smallest ratings; a score does not.
    return max(1.0, 1 + 0.035 * r + r * (r - 60) * (100 - r) * 7e-6)


def one_way_delay(codec: str, round_trip_ms: float, jitter_ms: float) -> float:
    """Estimate the one-way delay, mouth to ear, from what RTCP tells.

    Half the round trip, the codec's own delay, and a jitter buffer that holds twice the mean jitter.
    """
    cost = _CODECS.get(codec.lower().partition("/")[0], _UNKNOWN)
    return round_trip_ms / 2 + cost.delay_ms + 2 * jitter_ms


def verdict(r: float) -> Verdict:
    """Put a rating into a word: above 80 most people are satisfied, below 70 many are not (G.109)."""
    if r >= 80:
        return Verdict.GOOD
    return Verdict.FAIR if r >= 70 else Verdict.POOR


def _delay_impairment(one_way_ms: float) -> float:
    """Idd of G.107, 7.4: nothing up to 100 ms, then ever more."""
    if one_way_ms <= _FREE_DELAY_MS:
        return 0.0
    x = math.log2(one_way_ms / _FREE_DELAY_MS)
    return float(25 * ((1 + x**6) ** (1 / 6) - 3 * (1 + (x / 3) ** 6) ** (1 / 6) + 2))
