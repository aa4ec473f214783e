"""How a call sounds, second by second, and over the whole call: scores, a word, and what to do about it."""

from collections import deque
from dataclasses import dataclass, field
from enum import StrEnum
from statistics import fmean

from client.core import quality
from client.core.snapshot import QualitySnapshot
from client.core.telephony import CallQuality

_WINDOW = 8
"""So many seconds make up what the screen says: a single bad second is no reason to look up."""
_FIRST_VERDICT = 3
"""Before so many seconds there is nothing to say: the first ones are the buffers' own."""

_WELL_AGAIN = 0.6
"""What was told stays until the figure is this part of its bound: advice that comes and goes is no advice."""

LOSS_PERCENT = 3.0
JITTER_MS = 40.0
ROUND_TRIP_MS = 400.0


class Advice(StrEnum):
    """What spoils a call most; `client.ui` says what to do about it."""

    NONE = ""
    SILENT = "silent"
    """Nothing arrives from the other side."""
    LOSS = "loss"
    """Sound is lost on the way to us."""
    SENT_LOSS = "sent-loss"
    """Our sound is lost on the way."""
    JITTER = "jitter"
    DELAY = "delay"


@dataclass(frozen=True)
class QualitySummary:
    """A whole call: means and worst values. Times in milliseconds, losses in percent, scores as MOS."""

    codec: str
    srtp: str
    seconds: float
    mos_mean: float
    mos_worst: float
    loss_mean: float
    loss_worst: float
    jitter_mean: float
    jitter_worst: float
    round_trip_mean: float
    round_trip_worst: float
    sent_loss_mean: float
    sent_loss_worst: float
    ended: str


@dataclass
class _Track:
    """The mean and the worst of one figure."""

    total: float = 0.0
    worst: float = 0.0
    count: int = 0

    def add(self, value: float) -> None:
        self.total += value
        self.worst = max(self.worst, value)
        self.count += 1

    @property
    def mean(self) -> float:
        return self.total / self.count if self.count else 0.0


@dataclass
class QualityWatch:
    """Collects the engine's reports of one call."""

    _recent: deque[CallQuality] = field(default_factory=lambda: deque(maxlen=_WINDOW))
    _silent: bool = False
    _told: Advice = Advice.NONE
    _codec: str = ""
    _mos: list[float] = field(default_factory=lambda: [0.0, 0.0, 0.0])
    """Sum, worst, count."""
    _loss: _Track = field(default_factory=_Track)
    _jitter: _Track = field(default_factory=_Track)
    _round_trip: _Track = field(default_factory=_Track)
    _sent_loss: _Track = field(default_factory=_Track)

    def take(self, report: CallQuality) -> None:
        """Take the figures of one more second."""
        self._recent.append(report)
        self._told = self._advice()
        self._codec = report.codec or self._codec
        self._loss.add(report.loss_percent)
        self._jitter.add(report.jitter_ms)
        self._round_trip.add(report.round_trip_ms)
        self._sent_loss.add(report.sent_loss_percent)
        score = _score(self._codec, report.loss_percent, report.jitter_ms, report.round_trip_ms, report.buffer_ms)
        total, worst, count = self._mos
        self._mos = [total + score, min(worst, score) if count else score, count + 1]

    def hear(self, *, silent: bool) -> None:
        """Take note of whether anything arrives at all."""
        self._silent = silent
        self._told = self._advice()

    @property
    def now(self) -> QualitySnapshot | None:
        """The last seconds in figures and a word; None before there is anything to say."""
        if len(self._recent) < _FIRST_VERDICT and not self._silent:
            return None
        recent = list(self._recent) or [CallQuality(0, 0.0, 0.0, 0.0)]
        loss, sent, jitter, trip = _means(recent)
        buffer = fmean(one.buffer_ms for one in recent)
        # What the other side hears counts as much as what we hear: the worse of the two is how the call is.
        r = min(_rating(self._codec, loss, jitter, trip, buffer), _rating(self._codec, sent, jitter, trip, buffer))
        verdict = quality.Verdict.POOR if self._silent else quality.verdict(r)
        return QualitySnapshot(
            mos=quality.mos(r),
            verdict=verdict,
            advice=self._told,
            loss_percent=loss,
            sent_loss_percent=sent,
            jitter_ms=jitter,
            round_trip_ms=trip,
        )

    def summary(self, srtp: str, seconds: float, ended: str) -> QualitySummary | None:
        """The whole call; None for one that was too short to be measured."""
        total, worst, count = self._mos
        if not count:
            return None
        return QualitySummary(
            codec=self._codec,
            srtp=srtp,
            seconds=seconds,
            mos_mean=total / count,
            mos_worst=worst,
            loss_mean=self._loss.mean,
            loss_worst=self._loss.worst,
            jitter_mean=self._jitter.mean,
            jitter_worst=self._jitter.worst,
            round_trip_mean=self._round_trip.mean,
            round_trip_worst=self._round_trip.worst,
            sent_loss_mean=self._sent_loss.mean,
            sent_loss_worst=self._sent_loss.worst,
            ended=ended,
        )

    def _advice(self) -> Advice:
        if self._silent:
            return Advice.SILENT
        if len(self._recent) < _FIRST_VERDICT:
            return Advice.NONE
        loss, sent, jitter, trip = _means(list(self._recent))
        lossy = max(loss, sent) >= self._bound(LOSS_PERCENT, Advice.LOSS, Advice.SENT_LOSS)
        if lossy:
            return Advice.LOSS if loss >= sent else Advice.SENT_LOSS
        if jitter >= self._bound(JITTER_MS, Advice.JITTER):
            return Advice.JITTER
        return Advice.DELAY if trip >= self._bound(ROUND_TRIP_MS, Advice.DELAY) else Advice.NONE

    def _bound(self, figure: float, *advice: Advice) -> float:
        return figure * _WELL_AGAIN if self._told in advice else figure


def _means(reports: list[CallQuality]) -> tuple[float, float, float, float]:
    """Loss, loss of what we send, jitter, and round trip."""
    return (
        fmean(one.loss_percent for one in reports),
        fmean(one.sent_loss_percent for one in reports),
        fmean(one.jitter_ms for one in reports),
        fmean(one.round_trip_ms for one in reports),
    )


def _rating(codec: str, loss: float, jitter: float, trip: float, buffer: float) -> float:
    delay = quality.one_way_delay(codec, trip, jitter)
    # The buffer's own depth is known in most calls, and then it need not be guessed from the jitter.
    return quality.rating(codec, delay - 2 * jitter + buffer if buffer else delay, loss)


def _score(codec: str, loss: float, jitter: float, trip: float, buffer: float) -> float:
    return quality.mos(_rating(codec, loss, jitter, trip, buffer))
