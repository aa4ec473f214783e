"""How posture becomes trust: a report can only lower it."""

import itertools
from typing import Literal, get_args

import pytest

from provisioning.trust import Posture, TrustLevel, decide_trust

Capture = Literal["none", "requested", "verified"]
Storage = Literal["os-key-store", "hardware"]


def posture(capture: Capture, storage: Storage) -> Posture:
    return Posture(os="windows", os_version="11", display="windows", capture_protection=capture, key_storage=storage)


@pytest.mark.parametrize(("capture", "storage"), list(itertools.product(get_args(Capture), get_args(Storage))))
def test_only_a_desk_that_proved_its_screen_may_reveal(capture: Capture, storage: Storage) -> None:
    decision = decide_trust(posture(capture, storage))
    assert (decision.level >= TrustLevel.T2) is (capture == "verified")
    assert (decision.level is TrustLevel.T3) is (capture == "verified" and storage == "hardware")
    assert bool(decision.reasons) is (decision.level is not TrustLevel.T3)


def test_without_a_report_there_is_no_trust() -> None:
    decision = decide_trust(None)
    assert (decision.level, decision.reasons) == (TrustLevel.T0, ("no-posture",))
