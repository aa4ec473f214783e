"""Reports are read by the policy of the newest manifest that can be believed."""

import json
from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest

from provisioning.organisation import Organisation
from provisioning.pki import generate_key
from provisioning.posture import PosturePolicy
from provisioning.trust import TrustLevel
from server import logs
from server.devices.service import KnownDevice, public_pem
from server.posture.reports import Reports
from server.problems import Refused
from tests.stage.posture import easy_table, kept_well, signed
from tests.unit.provisioning.test_organisation_settings import edit, organisation

__all__ = ["organisation"]
NOW = datetime(2026, 11, 30, 9, tzinfo=UTC)


def test_a_published_policy_holds_for_the_next_report(organisation: Organisation) -> None:
    key = generate_key()
    device = KnownDevice("d1", "t", public_pem(key.public_key()))
    reports = Reports(lambda: NOW, organisation)
    bare = kept_well(reported_at=NOW, virtual_machine="on")
    before = reports.read(device, signed(bare, key))
    assert (before.trust.level, before.trust.reasons) == (TrustLevel.T1, ("virtual-machine",))
    assert (before.trust_until, before.next_seconds) == (NOW + timedelta(seconds=80), 60)
    edit(organisation, ("check_seconds = 60", f"check_seconds = 20\n{easy_table()}"))
    organisation.publish_manifest()
    after = reports.read(device, signed(bare, key))
    assert after.trust.level is TrustLevel.T3
    assert (after.trust_until, after.next_seconds) == (NOW + timedelta(seconds=40), 20)


def test_a_manifest_that_cannot_be_believed_changes_nothing_and_is_told_of_once(organisation: Organisation) -> None:
    reports = Reports(lambda: NOW, organisation)
    edit(organisation, ("oldest_patch_days = 45", "oldest_patch_days = 7"))
    organisation.publish_manifest()
    assert reports.policy.oldest_patch_days == 7
    (organisation.directory / "manifest.jws").write_text("a.b.c")
    log = StringIO()
    undo = logs.configure(log)
    try:
        assert [reports.policy.oldest_patch_days for _ in range(3)] == [7, 7, 7]
        assert Reports(lambda: NOW, organisation).policy == PosturePolicy()
    finally:
        undo()
    told = [json.loads(line)["event"] for line in log.getvalue().splitlines()]
    assert told == ["no posture policy can be read, the last one stays"] * 2


def test_what_a_device_signed_and_is_no_report_is_not_quoted(organisation: Organisation) -> None:
    key = generate_key()
    device = KnownDevice("d1", "t", public_pem(key.public_key()))
    statement = signed(kept_well(os_version="我的秘密"), key)
    with pytest.raises(Refused) as refused:
        Reports(lambda: NOW, organisation).read(device, statement[:-4])
    assert "秘密" not in str(refused.value.problem)
