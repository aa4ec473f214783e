"""How a call sounds: the word follows the last seconds, the advice is steady, the summary is of the whole call."""

import pytest

from client.core.quality import Verdict
from client.core.quality_watch import Advice, QualityWatch
from client.core.telephony import CallQuality


def second(loss: float = 0.0, jitter: float = 5.0, trip: float = 40.0, sent: float = 0.0) -> CallQuality:
    """One second of a call."""
    return CallQuality(1, loss, jitter, trip, sent_loss_percent=sent, codec="opus")


def after(*seconds: CallQuality) -> QualityWatch:
    """A watch that has seen these."""
    watch = QualityWatch()
    for one in seconds:
        watch.take(one)
    return watch


def test_the_first_seconds_say_nothing() -> None:
    assert after(second(), second()).now is None
    assert after(second(), second(), second()).now is not None


@pytest.mark.parametrize(
    ("bad", "advice"),
    [
        (second(loss=6), Advice.LOSS),
        (second(sent=6), Advice.SENT_LOSS),
        (second(jitter=60), Advice.JITTER),
        (second(trip=600), Advice.DELAY),
        (second(), Advice.NONE),
    ],
)
def test_what_is_worst_is_what_is_told(bad: CallQuality, advice: Advice) -> None:
    now = after(*[bad] * 8).now
    assert now is not None
    assert now.advice == advice


def test_loss_in_either_direction_makes_the_word_worse() -> None:
    well, heard, said = (after(*[one] * 8).now for one in (second(), second(loss=15), second(sent=15)))
    assert well is not None
    assert heard is not None
    assert said is not None
    assert well.verdict is Verdict.GOOD
    assert heard.verdict is Verdict.POOR
    assert said.verdict is Verdict.POOR
    assert 1 <= heard.mos < well.mos <= 4.5


def test_advice_at_the_bound_does_not_come_and_go() -> None:
    watch = after(*[second(loss=4)] * 8)
    told = []
    for loss in (2.5, 3.2, 2.4, 3.1, 2.6, 3.0, 2.5, 3.1):
        watch.take(second(loss=loss))
        now = watch.now
        assert now is not None
        told.append(now.advice)
    assert set(told) == {Advice.LOSS}
    for _ in range(8):
        watch.take(second(loss=1))
    assert watch.now is not None
    assert watch.now.advice == Advice.NONE


def test_silence_is_told_at_once_and_taken_back() -> None:
    watch = QualityWatch()
    watch.hear(silent=True)
    assert watch.now is not None
    assert (watch.now.advice, watch.now.verdict) == (Advice.SILENT, Verdict.POOR)
    watch.hear(silent=False)
    assert watch.now is None


def test_the_summary_has_the_mean_and_the_worst_of_the_whole_call() -> None:
    watch = after(*[second()] * 9, second(loss=10, jitter=25, trip=140, sent=2))
    summary = watch.summary("AEAD_AES_256_GCM", 10.0, "remote")
    assert summary is not None
    assert (summary.loss_mean, summary.loss_worst) == (1.0, 10)
    assert (summary.jitter_mean, summary.jitter_worst) == (7.0, 25)
    assert (summary.round_trip_mean, summary.round_trip_worst) == (50.0, 140)
    assert (summary.sent_loss_mean, summary.sent_loss_worst) == (0.2, 2)
    assert 1 <= summary.mos_worst < summary.mos_mean <= 4.5
    assert QualityWatch().summary("", 0.0, "remote") is None
