"""The E-model against figures that others have published, and against what must hold of any such model."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from client.core.quality import Verdict, mos, one_way_delay, rating, verdict


@pytest.mark.parametrize(("r", "score"), [(93.2, 4.41), (90, 4.34), (80, 4.03), (70, 3.60), (60, 3.10), (50, 2.58)])
def test_scores_are_those_of_annex_b(r: float, score: float) -> None:
    assert mos(r) == pytest.approx(score, abs=0.01)


def test_a_perfect_line_has_the_models_best_rating() -> None:
    assert rating("PCMA", 0, 0) == pytest.approx(93.2)
    assert verdict(rating("PCMA", 0, 0)) is Verdict.GOOD


@pytest.mark.parametrize(("delay", "idd"), [(100, 0), (150, 0.2), (200, 3.1), (300, 14.8), (400, 24.2)])
def test_delay_costs_what_g107_says(delay: float, idd: float) -> None:
    assert 93.2 - rating("PCMU", delay, 0) == pytest.approx(idd, abs=0.6)


def test_loss_costs_what_g113_says() -> None:
    # G.711 with concealment at 5% random loss: 95 * 5 / (5 + 25.1) = 15.8.
    assert 93.2 - rating("PCMU", 0, 5) == pytest.approx(15.78, abs=0.01)


def test_bursts_cost_more_than_random_loss() -> None:
    assert rating("opus", 50, 5, burst_ratio=2) < rating("opus", 50, 5)


def test_delay_is_put_together_from_its_parts() -> None:
    assert one_way_delay("opus/48000", round_trip_ms=40, jitter_ms=5) == pytest.approx(20 + 26.5 + 10)


_delays, _losses = st.floats(0, 2000), st.floats(0, 100)


@given(
    codec=st.sampled_from(["opus", "PCMA", "G722", "never heard of"]),
    delay=_delays,
    loss=_losses,
    more=st.floats(0, 50),
)
def test_more_delay_or_loss_never_sounds_better(codec: str, delay: float, loss: float, more: float) -> None:
    r = rating(codec, delay, loss)
    assert 0 <= r <= 93.2
    assert 1 <= mos(r) <= 4.5
    assert rating(codec, delay + more, loss) <= r + 1e-9
    assert rating(codec, delay, loss + more) <= r + 1e-9
