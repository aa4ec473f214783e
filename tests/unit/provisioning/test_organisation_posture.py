"""The [posture] table of organisation.toml, and where it goes."""

from pathlib import Path

import pytest

from provisioning.organisation import Organisation
from provisioning.organisation_file import BadOrganisationFile
from provisioning.posture import Finding, PosturePolicy, decide_trust
from provisioning.posture_programs import DEFAULT_PROGRAMS
from provisioning.trust import TrustLevel
from tests.stage.posture import easy_policy, easy_table, kept_well
from tests.unit.provisioning.test_organisation_settings import edit, organisation

__all__ = ["organisation"]


def test_a_new_organisation_has_the_usual_policy(organisation: Organisation) -> None:
    assert organisation.manifest.posture == PosturePolicy()
    assert organisation.is_published


def test_the_table_reaches_the_manifest(organisation: Organisation) -> None:
    edit(
        organisation,
        ("check_seconds = 60", "check_seconds = 30"),
        ("oldest_patch_days = 45", "oldest_patch_days = 14"),
        ('# ignored_programs = ["Snipaste"]', 'ignored_programs = ["Snipaste", "向日葵 (Sunlogin)"]'),
        ('# at_most = { "virtual-machine" = "T0", "antivirus-off" = "T2" }', 'at_most = { "virtual-machine" = "T0" }'),
        ("# at_most_unknown = ", "at_most_unknown = "),
        (
            '# [[posture.programs]]\n# name = "Our old remote helper"\n# kind = "remote-control"  '
            '# or capture, virtual-microphone\n# processes = ["oldhelper"]',
            '[[posture.programs]]\nname = "Our old remote helper"\nkind = "remote-control"\nprocesses = ["oldhelper"]',
        ),
    )
    assert not organisation.is_published
    policy = organisation.publish_manifest().posture
    assert (policy.check_seconds, policy.oldest_patch_days) == (30, 14)
    names = {program.name for program in policy.programs}
    assert names == {program.name for program in DEFAULT_PROGRAMS} - {"Snipaste", "向日葵 (Sunlogin)"} | {
        "Our old remote helper"
    }
    assert policy.limit(Finding.VIRTUAL_MACHINE) is TrustLevel.T0
    assert policy.limit(Finding.ANTIVIRUS, unknown=True) is TrustLevel.T2
    assert organisation.manifest.posture == policy


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ('ignored_programs = ["AnyDesks"]', "no program of the list is called AnyDesks"),
        ('at_most = { "virtual-machines" = "T0" }', "virtual-machines"),
        ('at_most = { "virtual-machine" = "T9" }', "virtual-machine"),
        ("chek_seconds = 30", "chek_seconds"),
        ('programs = [{ name = "AnyDesk", kind = "capture", processes = ["x"] }]', "AnyDesk is in the list already"),
    ],
)
def test_a_mistake_is_told_and_the_old_policy_stays(organisation: Organisation, line: str, fault: str) -> None:
    edit(organisation, ("check_seconds = 60", f"check_seconds = 60\n{line}"))
    with pytest.raises(BadOrganisationFile, match=fault):
        organisation.publish_manifest()
    assert organisation.manifest.posture == PosturePolicy()


def test_a_check_can_be_more_often_than_every_minute_and_never_less(organisation: Organisation) -> None:
    edit(organisation, ("check_seconds = 60", "check_seconds = 61"))
    with pytest.raises(BadOrganisationFile, match="check_seconds"):
        organisation.publish_manifest()


def test_the_stages_easy_policy_reads_as_it_is(organisation: Organisation, tmp_path: Path) -> None:
    edit(organisation, ("[posture]\n", f"[posture]\n{easy_table()}"))
    policy = organisation.publish_manifest().posture
    assert policy.at_most == easy_policy().at_most
    bare = kept_well(capture_protection="none", key_storage="os-key-store", disk_encryption="unknown")
    assert decide_trust(bare, policy).level is TrustLevel.T3
