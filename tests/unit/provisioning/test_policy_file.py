"""policy.toml: what is read, what is refused and in which words, and which version may follow which."""

from pathlib import Path

import pytest

from provisioning import policy_file
from provisioning.data_policy import Access, DataPolicy
from provisioning.default_policy import TEXT, default_policy
from provisioning.manifest import Manifest
from provisioning.organisation import Organisation
from provisioning.policy_file import BadPolicyFile
from provisioning.trust import DataClass, WorkType
from tests.stage.organisation import harbour_bank

SMALL = """
version = 3
[[fields]]
name = "phone"
data_class = "C2"
mask = "phone"
work = { service = "masked" }
"""


@pytest.fixture
def organisation(tmp_path: Path) -> Organisation:
    return harbour_bank(tmp_path / "org", "sip.example.com")


def write(organisation: Organisation, *changes: tuple[str, str]) -> None:
    text = TEXT
    for before, after in changes:
        assert before in text
        text = text.replace(before, after)
    (organisation.directory / "policy.toml").write_text(text, encoding="utf-8")


def test_a_rule_is_read_as_it_is_written() -> None:
    policy = policy_file.parse(SMALL, "policy.toml")
    [rule] = policy.fields
    assert (policy.version, rule.name, rule.data_class, rule.work) == (
        3,
        "phone",
        DataClass.C2,
        {WorkType.SERVICE: Access.MASKED},
    )


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ('mask = "phone"', 'mask = "phne"', r"fields\.phone\.mask: there is no mask phne; there are account, address"),
        ("work =", "wrok =", r"fields\.phone\.wrok: Extra inputs are not permitted"),
        ('"masked"', '"maskd"', r"fields\.phone\.work\.service: write absent, masked, revealable or clear"),
        ('"masked"', "1", r"fields\.phone\.work\.service: write absent"),
        ("service =", "sevice =", r"fields\.phone\.work\.sevice"),
        ('"masked"', '"clear"', r"fields\.phone\.work\.service: C2 is revealable at most"),
        ('"C2"', '"C3"', r"fields\.phone\.work\.service: C3 is never shown in any form; take this out"),
        ('"C2"', '"C4"', r"fields\.phone\.data_class"),
        ('"C2"\n', '"C2"\nclearance = "boss"\n', r"fields\.phone\.clearance: write basic, standard or senior"),
        ('"C2"\n', '"C2"\nlease = { seconds = 1 }\n', r"fields\.phone\.lease\.seconds"),
        ('"C2"\n', '"C2"\nlease = { secs = 20 }\n', r"fields\.phone\.lease\.secs: Extra inputs"),
        ("version = 3", "version = 0", "version: Input should be greater"),
        ("version = 3", "", "version: write which version this is"),
        ("[[fields]]", "[[fields]", "policy.toml is not TOML"),
        ("version = 3", 'version = 3\n[[reasons]]\nid = "x"\nlabel = { en = "X" }', r"reasons\.x\.label\.zh: Field"),
        (
            'work = { service = "masked" }',
            'work = { service = "masked" }\n[[fields]]\nname = "phone"\ndata_class = "C1"\nmask = "covered"',
            "fields: phone is there twice",
        ),
        (
            'version = 3\n[[fields]]\nname = "phone"\ndata_class = "C2"\nmask = "phone"\nwork = { service = "masked" }',
            'version = 3\ntyped_reason = false\n[[fields]]\nname = "phone"\ndata_class = "C2"\nmask = "phone"\n'
            'work = { service = "revealable" }',
            "reasons: phone can be revealed, but there is no reason to choose and none may be typed",
        ),
    ],
)
def test_a_mistake_is_said_with_its_place(before: str, after: str, words: str) -> None:
    assert before in SMALL
    with pytest.raises(BadPolicyFile, match=words):
        policy_file.parse(SMALL.replace(before, after), "policy.toml")


def test_an_internal_field_needs_no_reveal() -> None:
    text = SMALL.replace('"C2"', '"C1"').replace('"masked"', '"revealable"')
    with pytest.raises(BadPolicyFile, match="C1 needs no reveal; write masked or clear"):
        policy_file.parse(text, "policy.toml")


def test_a_file_that_is_not_there_or_no_text_is_named(tmp_path: Path) -> None:
    path = tmp_path / "policy.toml"
    with pytest.raises(BadPolicyFile, match=f"{path} cannot be read"):
        policy_file.read(path)
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(BadPolicyFile, match=f"{path} is not TOML"):
        policy_file.read(path)


def test_a_new_organisation_has_the_default_policy_as_a_file_and_in_its_manifest(organisation: Organisation) -> None:
    assert (organisation.directory / "policy.toml").read_text(encoding="utf-8") == TEXT
    assert organisation.policy == organisation.manifest.data == default_policy()
    assert organisation.is_published


def test_an_organisation_from_before_there_were_policies_goes_on_with_the_default_one(
    organisation: Organisation,
) -> None:
    (organisation.directory / "policy.toml").unlink()
    older = organisation.manifest.model_dump(mode="json")
    del older["data"]
    assert Manifest.model_validate(older) == organisation.manifest
    assert organisation.is_published
    assert organisation.publish_manifest().data == default_policy()


def test_an_older_desk_reads_a_policy_that_says_more_than_it_knows(organisation: Organisation) -> None:
    newer = organisation.manifest.model_dump(mode="json")
    newer["data"]["watermark"] = True
    newer["data"]["fields"][0]["lease"]["per_day"] = 3
    assert Manifest.model_validate(newer).data == default_policy()


def test_what_is_edited_is_published_under_a_higher_version_only(organisation: Organisation) -> None:
    write(organisation, ("seconds = 40", "seconds = 60"))
    assert not organisation.is_published
    before = organisation.manifest_token
    with pytest.raises(BadPolicyFile, match=r"says something new.* write version = 2 into policy\.toml"):
        organisation.publish_manifest()
    assert organisation.manifest_token == before
    write(organisation, ("seconds = 40", "seconds = 60"), ("version = 1\n", "version = 2\n"))
    assert organisation.publish_manifest().data.version == 2
    assert organisation.is_published
    write(organisation)
    with pytest.raises(BadPolicyFile, match="write version = 3"):
        organisation.publish_manifest()


def test_a_version_may_rise_for_no_reason_and_never_falls(organisation: Organisation) -> None:
    write(organisation, ("version = 1\n", "version = 5\n"))
    assert organisation.publish_manifest().data.version == 5
    write(organisation)
    with pytest.raises(BadPolicyFile, match="version 5 of the policy is published already; a lower one"):
        organisation.publish_manifest()


def test_a_policy_that_was_published_cannot_vanish_with_its_file(organisation: Organisation) -> None:
    write(organisation, ("version = 1\n", "version = 2\n"), ("seconds = 40", "seconds = 60"))
    organisation.publish_manifest()
    (organisation.directory / "policy.toml").unlink()
    with pytest.raises(BadPolicyFile, match="write version = 3"):
        organisation.publish_manifest()


def test_a_broken_policy_leaves_the_old_manifest(organisation: Organisation) -> None:
    before = organisation.manifest_token
    write(organisation, ("typed_reason = true", "typed_reason = perhaps"))
    with pytest.raises(BadPolicyFile, match="not TOML"):
        organisation.publish_manifest()
    assert organisation.manifest_token == before


def test_what_is_written_into_the_manifest_comes_back(organisation: Organisation) -> None:
    policy = organisation.policy
    assert DataPolicy.model_validate_json(policy.model_dump_json()) == policy
