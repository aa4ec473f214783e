"""What is worth a supervisor's look in a quality record."""

import math

import pytest
from pydantic import ValidationError

from provisioning.api import QualityFinding, QualityRecord
from server.calls.quality import findings, verdict

FINE = {
    "codec": "opus", "srtp": "AEAD_AES_256_GCM", "seconds": 60.0, "mos_mean": 4.3, "mos_worst": 4.1,
    "loss_mean": 0.5, "loss_worst": 9.0, "jitter_mean": 5.0, "jitter_worst": 80.0, "round_trip_mean": 40.0,
    "round_trip_worst": 700.0, "sent_loss_mean": 0.0, "sent_loss_worst": 9.0, "ended": "remote",
}  # fmt: skip


def record(**changes: object) -> QualityRecord:
    return QualityRecord.model_validate(FINE | changes)


def test_a_bad_moment_in_a_good_call_is_nobodys_business() -> None:
    assert (findings(record()), verdict(record())) == ((), "good")


@pytest.mark.parametrize(
    ("change", "finding"),
    [
        ({"ended": "lost"}, QualityFinding.CUT_OFF),
        ({"ended": "engine-lost"}, QualityFinding.CUT_OFF),
        ({"mos_mean": 3.5, "mos_worst": 3.0}, QualityFinding.SCORE),
        ({"loss_mean": 3.0}, QualityFinding.LOSS),
        ({"sent_loss_mean": 3.0}, QualityFinding.SENT_LOSS),
        ({"jitter_mean": 30.0}, QualityFinding.JITTER),
        ({"round_trip_mean": 300.0}, QualityFinding.DELAY),
    ],
)
def test_each_fault_has_its_name(change: dict[str, object], finding: QualityFinding) -> None:
    assert findings(record(**change)) == (finding,)


@pytest.mark.parametrize(("mos", "word"), [(4.1, "good"), (4.0, "fair"), (3.6, "fair"), (3.59, "poor"), (1.0, "poor")])
def test_the_verdict_follows_the_mean_score(mos: float, word: str) -> None:
    assert verdict(record(mos_mean=mos)) == word


@pytest.mark.parametrize("number", [math.inf, math.nan])
def test_what_is_no_number_is_no_measurement(number: float) -> None:
    with pytest.raises(ValidationError):
        record(seconds=number)
