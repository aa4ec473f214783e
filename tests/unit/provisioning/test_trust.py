"""How posture becomes trust: a report can only lower it, and what is worse never gains any."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some
from pydantic import ValidationError

from provisioning.posture import (
    DEFAULT_LIMITS,
    Finding,
    Posture,
    PosturePolicy,
    clock_skew,
    decide_trust,
    overdue,
)
from provisioning.posture_programs import DEFAULT_PROGRAMS, ProgramKind
from provisioning.trust import TrustDecision, TrustLevel
from tests.stage.posture import easy_policy, kept_well

NOW = datetime(2026, 11, 30, 9, tzinfo=UTC)
NO_SKEW = timedelta(0)
HITS = tuple({"name": name, "kind": kind} for name, kind in (("AnyDesk", "remote-control"), ("OBS Studio", "capture")))

# What each member can be, the best first; what is further behind is worse, or as bad.
LADDERS: dict[str, tuple[Any, ...]] = {
    "os": ("linux", "other"),
    "patch_age_days": (0, 45, None, 46, 9000),
    "disk_encryption": ("on", "unknown", "off"),
    "firewall": ("on", "unknown", "off"),
    "antivirus": ("on", "unknown", "off"),
    "screen_lock": ("on", "unknown", "off"),
    "screen_lock_seconds": (60, 900, None, 901),
    "virtual_machine": ("off", "unknown", "on"),
    "remote_session": ("off", "unknown", "on"),
    "programs": ((), HITS[1:], HITS),
    "virtual_microphone": ("off", "unknown", "on"),
    "monitors": (1, 4, None, 5, 64),
    "remote_monitor": ("off", "unknown", "on"),
    "integrity": ("whole", "unknown", "changed"),
    "capture_protection": ("verified", "requested", "none"),
    "key_storage": ("hardware", "os-key-store"),
}
SKEWS = (NO_SKEW, timedelta(seconds=120), None, timedelta(seconds=121), timedelta(days=9))
steps = some.fixed_dictionaries({name: some.integers(0, len(ladder) - 1) for name, ladder in LADDERS.items()})
levels = some.sampled_from(TrustLevel)
findings = some.sampled_from(sorted(DEFAULT_LIMITS))
policies = some.builds(
    PosturePolicy,
    at_most=some.dictionaries(findings, levels),
    at_most_unknown=some.dictionaries(findings, levels),
    programs=some.just(()),
)


def at(rungs: dict[str, int]) -> Posture:
    return kept_well(**{name: LADDERS[name][rung] for name, rung in rungs.items()})


@given(policies, steps, some.integers(0, 4), some.sampled_from(sorted(LADDERS)), some.integers(0, 4))
def test_a_worse_posture_never_gains_trust(
    policy: PosturePolicy, rungs: dict[str, int], skew: int, name: str, further: int
) -> None:
    before = decide_trust(at(rungs), policy, skew=SKEWS[skew])
    worse = dict(rungs, **{name: min(rungs[name] + further, len(LADDERS[name]) - 1)})
    assert decide_trust(at(worse), policy, skew=SKEWS[skew]).level <= before.level
    later = SKEWS[min(skew + further, len(SKEWS) - 1)]
    assert decide_trust(at(rungs), policy, skew=later).level <= before.level


@given(policies, steps, some.sampled_from(sorted(LADDERS)))
def test_not_knowing_never_costs_more_than_the_finding_nor_less_than_nothing(
    policy: PosturePolicy, rungs: dict[str, int], name: str
) -> None:
    best, worst = dict(rungs, **{name: 0}), dict(rungs, **{name: len(LADDERS[name]) - 1})
    here = decide_trust(at(rungs), policy, skew=NO_SKEW).level
    assert decide_trust(at(worst), policy, skew=NO_SKEW).level <= here
    assert here <= decide_trust(at(best), policy, skew=NO_SKEW).level


@given(policies, steps)
def test_whatever_keeps_the_level_down_is_named_and_nothing_else(policy: PosturePolicy, rungs: dict[str, int]) -> None:
    decision = decide_trust(at(rungs), policy, skew=NO_SKEW)
    assert bool(decision.reasons) is (decision.level is not TrustLevel.T3)
    for reason in decision.reasons:
        finding, _, detail = reason.partition(":")
        assert policy.limit(Finding(finding), unknown=detail == "unknown") is decision.level


def test_without_a_report_there_is_no_trust_whatever_the_policy_says() -> None:
    everything = PosturePolicy(at_most=dict.fromkeys(Finding, TrustLevel.T3))
    assert decide_trust(None, everything) == TrustDecision(level=TrustLevel.T0, reasons=("no-posture",))
    assert overdue() == TrustDecision(level=TrustLevel.T0, reasons=("posture-overdue",))
    assert everything.limit(Finding.POSTURE_OVERDUE) is TrustLevel.T0


def test_a_pc_that_is_kept_well_is_trusted_fully() -> None:
    assert decide_trust(kept_well(), PosturePolicy(), skew=NO_SKEW) == TrustDecision(level=TrustLevel.T3)


def test_a_pc_of_which_nothing_is_known_sees_masks_at_the_most() -> None:
    bare = Posture(
        sequence=1,
        reported_at=NOW,
        os="other",
        display="unknown",
        capture_protection="none",
        key_storage="os-key-store",
    )
    assert decide_trust(bare, PosturePolicy()).level is TrustLevel.T1


@pytest.mark.parametrize(
    ("changes", "level", "reasons"),
    [
        ({"programs": HITS}, TrustLevel.T0, ("remote-control-running:AnyDesk",)),
        ({"programs": HITS[1:]}, TrustLevel.T1, ("capture-running:OBS Studio",)),
        ({"programs": None}, TrustLevel.T1, ("remote-control-running:unknown", "capture-running:unknown")),
        ({"remote_session": "on"}, TrustLevel.T0, ("remote-session",)),
        ({"integrity": "changed"}, TrustLevel.T0, ("desk-changed",)),
        ({"capture_protection": "requested"}, TrustLevel.T1, ("screen-capture-possible",)),
        ({"disk_encryption": "off", "firewall": "off"}, TrustLevel.T1, ("disk-not-encrypted", "firewall-off")),
        ({"screen_lock_seconds": 901}, TrustLevel.T1, ("screen-lock-off",)),
        ({"key_storage": "os-key-store"}, TrustLevel.T2, ("key-not-in-hardware",)),
    ],
)
def test_what_the_usual_policy_makes_of_findings(
    changes: dict[str, Any], level: TrustLevel, reasons: tuple[str, ...]
) -> None:
    decision = decide_trust(kept_well(**changes), PosturePolicy(), skew=NO_SKEW)
    assert (decision.level, decision.reasons) == (level, reasons)


def test_a_policy_can_mind_remote_control_alone() -> None:
    bare = kept_well(capture_protection="none", key_storage="os-key-store", disk_encryption="unknown", monitors=None)
    assert decide_trust(bare, easy_policy()).level is TrustLevel.T3
    running = kept_well(programs=HITS)
    assert decide_trust(running, easy_policy()).level is TrustLevel.T0


def test_half_the_round_trip_is_the_reports_way() -> None:
    posture = kept_well(reported_at=NOW, round_trip_seconds=4)
    assert clock_skew(posture, NOW + timedelta(seconds=2)) == timedelta(0)
    assert clock_skew(posture, NOW - timedelta(seconds=8)) == timedelta(seconds=10)
    assert clock_skew(kept_well(reported_at=NOW), NOW + timedelta(seconds=3)) == timedelta(seconds=3)


@pytest.mark.parametrize(
    "changes",
    [
        {"hostname": "lins-laptop"},
        {"programs": [{"name": "AnyDesk", "kind": "remote-control", "path": "/home/lin"}]},
        {"programs": [{"name": "a:b", "kind": "capture"}]},
        {"reported_at": "2026-11-30T09:00:00"},
        {"sequence": 0},
        {"monitors": -1},
    ],
)
def test_a_report_says_nothing_that_it_has_no_member_for(changes: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Posture.model_validate(kept_well().model_dump() | changes)


def test_the_list_names_each_program_once_and_can_find_each() -> None:
    names = [program.name for program in DEFAULT_PROGRAMS]
    assert len(set(names)) == len(names)
    for program in DEFAULT_PROGRAMS:
        assert program.processes or program.devices
        assert all(process == process.lower() and not process.endswith(".exe") for process in program.processes)
        assert not program.devices or program.kind is ProgramKind.VIRTUAL_MICROPHONE
    claimed = [process for program in DEFAULT_PROGRAMS for process in program.processes]
    assert len(set(claimed)) == len(claimed)
