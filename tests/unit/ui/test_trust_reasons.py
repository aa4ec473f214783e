"""Every reason that the server can have for trusting a desk less has words on the desk."""

from PySide6.QtWidgets import QApplication

from client.ui.labels import trust_reasons
from client.ui.trust_reasons import reason_words
from provisioning.posture import Finding, PosturePolicy, decide_trust
from provisioning.posture_programs import ProgramKind
from tests.stage.posture import kept_well
from tests.unit.provisioning.test_trust import LADDERS


def test_every_finding_has_words_that_name_what_was_found(qapp: QApplication) -> None:
    policy = PosturePolicy(at_most=dict.fromkeys(Finding, 0))
    hits = tuple({"name": f"Program {kind}", "kind": kind} for kind in ProgramKind)
    reasons = {"no-posture", "posture-overdue"}
    for name, ladder in LADDERS.items():
        for value in ladder:
            reasons.update(decide_trust(kept_well(**{name: value}), policy).reasons)
    reasons.update(decide_trust(kept_well(programs=hits), policy).reasons)
    reasons.update(decide_trust(kept_well(programs=None), policy).reasons)
    assert {reason.partition(":")[0] for reason in reasons} == set(Finding)
    for reason in reasons:
        words = reason_words(reason)
        # Words of our own, and not the slug made readable.
        assert words[0].islower()
        if ":Program" in reason:
            assert reason.partition(":")[2] in words
    assert len({reason_words(reason) for reason in reasons}) == len(reasons)


def test_what_this_version_does_not_know_is_readable(qapp: QApplication) -> None:
    assert reason_words("moon-too-full") == "Moon too full"
    assert trust_reasons(("remote-control-running:AnyDesk", "firewall-off")) == (
        "close AnyDesk: while it runs, customers' data stays hidden; "
        "the firewall is off; turn it on in the system's settings"
    )
    assert trust_reasons(("patches-old", "clock-wrong", "firewall-off"), most=1) == (
        "updates are missing; install the system's updates and restart the PC; and 2 more"
    )
