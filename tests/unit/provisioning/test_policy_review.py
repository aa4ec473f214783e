"""hearthline-admin policy: what it says of a policy is what holds, and what it says of a change is all that changes."""

import json
import re
import shutil
from pathlib import Path

import pytest
from hypothesis import given
from typer.testing import CliRunner, Result

from provisioning.admin.cli import app
from provisioning.data_policy import CallState, Clearance, Context, DataPolicy, word
from provisioning.default_policy import TEXT, default_policy
from provisioning.organisation import OrganisationError
from provisioning.policy_file import BadPolicyFile, parse
from provisioning.policy_review import CONTEXTS, changes
from provisioning.trust import TrustLevel, WorkType
from tests.stage.organisation import harbour_bank
from tests.unit.provisioning.policies import STEADY, any_policy

OFFERED = {
    "work": tuple(map(str, WorkType)),
    "trust": ("T0", "T1", "T2", "T3"),
    "clearance": tuple(map(word, Clearance)),
    "call": tuple(map(str, CallState)),
}


@pytest.fixture(scope="module")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("policy") / "org"
    harbour_bank(made, "sip.example.com")
    return made


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["policy", *arguments], env={"COLUMNS": "200", "HEARTHLINE_ORGANISATION": None})


def edited(tmp_path: Path, before: str, after: str) -> str:
    assert before in TEXT
    path = tmp_path / "edited.toml"
    path.write_text(TEXT.replace(before, after), encoding="utf-8")
    return str(path)


def covered_by(words: str) -> set[tuple[str, ...]]:
    """Read a summary back into all the contexts that it names."""
    named = [set(part.split("/")) for part in words.split(", ")] if words != "everywhere" else []
    picked = []
    for values in OFFERED.values():
        [choice] = [part for part in named if part <= set(values)] or [set(values)]
        picked.append(choice)
    work, trust, clearance, call = picked
    return {(w, t, c, s) for w in work for t in trust for c in clearance for s in call}


def key(context: Context) -> tuple[str, ...]:
    return (
        str(context.work_type),
        f"T{int(context.trust)}",
        word(context.clearance),
        str(context.call_state),
    )


@STEADY
@given(any_policy(), any_policy())
def test_a_difference_names_exactly_the_contexts_whose_access_changes(old: DataPolicy, new: DataPolicy) -> None:
    said: dict[str, dict[tuple[str, ...], str]] = {}
    for change in changes(old, new):
        found = re.fullmatch(
            r"(absent|masked|revealable|clear) -> (absent|masked|revealable|clear): (.+)", change.words
        )
        if found is None:
            continue
        for place in covered_by(found[3]):
            assert place not in said.setdefault(change.field, {})
            said[change.field][place] = f"{found[1]} {found[2]}"
    for field in {rule.name for policy in (old, new) for rule in policy.fields}:
        for context in CONTEXTS:
            before, after = old.decide(field, context).access, new.decide(field, context).access
            expected = f"{word(before)} {word(after)}" if before is not after else None
            assert said.get(field, {}).get(key(context)) == expected


def test_what_lets_more_be_seen_comes_first(directory: Path, tmp_path: Path) -> None:
    before = 'work = { service = "masked", collections = "masked", dispute = "revealable" }\nclearance = "senior"'
    after = 'work = { service = "revealable", dispute = "revealable" }\nclearance = "senior"'
    shown = run("diff", "--dir", str(directory), str(directory / "policy.toml"), edited(tmp_path, before, after))
    assert shown.stdout.splitlines() == [
        "+ card_number: masked -> revealable: service, T2/T3, senior, connected",
        "- card_number: masked -> absent: collections, T1/T2/T3",
    ]
    same = run("diff", "--dir", str(directory))
    assert same.stdout == "Nothing changes in what can be seen.\n"


@pytest.mark.parametrize(
    ("before", "after", "line"),
    [
        ("seconds = 40", "seconds = 60", "+ billing_address: lease 40 seconds, 10 an hour, without approval -> 60 sec"),
        ("seconds = 40", "seconds = 30", "- billing_address: lease 40 seconds"),
        (", approval = true", "", "+ card_number: lease 20 seconds, 5 an hour, with a supervisor's approval -> 20 sec"),
        ('mask = "email"', 'mask = "covered"', "+ email: mask email -> covered"),
        ('data_class = "C3"', 'data_class = "C1"', "+ security_answer: data class C3 -> C1"),
        ("typed_reason = true", "typed_reason = false", "- reasons: a reason may no longer be typed"),
        ('id = "delivery"', 'id = "post"', "+ reasons: post is new"),
        ("寄送物品", "寄东西", "- reasons: delivery has other words"),
    ],
)
def test_what_else_a_reviewer_should_hear_of(
    directory: Path, tmp_path: Path, before: str, after: str, line: str
) -> None:
    shown = run("diff", "--dir", str(directory), str(directory / "policy.toml"), edited(tmp_path, before, after))
    assert shown.exit_code == 0
    assert shown.stdout.startswith(line)
    read = json.loads(run("diff", str(directory / "policy.toml"), edited(tmp_path, before, after), "--json").stdout)
    assert read["changes"][0]["wider"] is line.startswith("+")


def test_explaining_a_field_names_every_limit_and_the_one_that_decided(directory: Path) -> None:
    shown = run(
        "explain", "--dir", str(directory), "--field", "phone", "--work", "service", "--trust", "2",
        "--clearance", "standard", "--call", "ringing",
    )  # fmt: skip
    assert [re.sub(" {2,}", " | ", line.strip()) for line in shown.stdout.splitlines()] == [
        "phone (C2, mask phone) is masked.",
        "The limits:",
        "class C2 | at most revealable",
        "trust T2 | at most revealable",
        "work service | at most revealable",
        "clearance standard | no limit",
        "call ringing | at most masked | (this decides)",
    ]


def test_explaining_a_lease_says_its_terms(directory: Path) -> None:
    arguments = ("--field", "card_number", "--work", "dispute", "--clearance", "senior", "--trust", "3")
    shown = run("explain", "--dir", str(directory), *arguments)
    assert "card_number (C2, mask card-number) is revealable." in shown.stdout
    assert "A reveal: 20 seconds, 5 an hour, with a supervisor's approval." in shown.stdout
    body = json.loads(run("explain", "--dir", str(directory), *arguments, "--json").stdout)
    assert body["context"] == {"trust": 3, "clearance": "senior", "work": "dispute", "call": "connected"}
    [field] = body["fields"]
    assert (field["access"], field["lease"]) == ("revealable", {"seconds": 20, "per_hour": 5, "approval": True})
    assert [limit["why"] for limit in field["limits"] if limit["decides"]] == ["class C2", "trust T3", "work dispute"]


def test_without_a_field_there_is_a_table_of_all(directory: Path) -> None:
    for context in (
        Context(TrustLevel.T2, Clearance.STANDARD, WorkType.SERVICE, CallState.CONNECTED),
        Context(TrustLevel.T1, Clearance.BASIC, WorkType.MARKETING, CallState.WRAP_UP),
    ):
        work, trust, clearance, call = key(context)
        shown = run(
            "explain", "--dir", str(directory), "--work", work, "--trust", trust[1:], "--clearance", clearance,
            "--call", call,
        )  # fmt: skip
        rows = [line.split()[:3] for line in shown.stdout.splitlines()[1:]]
        policy = default_policy()
        assert rows == [
            [rule.name, str(rule.data_class), word(policy.decide(rule.name, context).access)] for rule in policy.fields
        ]


def test_what_is_published_and_what_the_file_says_are_told_apart(directory: Path, tmp_path: Path) -> None:
    file = edited(tmp_path, 'data_class = "C2"\nmask = "email"', 'data_class = "C2"\nmask = "covered"')
    assert "mask covered" in run("explain", "--file", file, "--field", "email").stdout
    assert "mask email" in run("explain", "--published", "--dir", str(directory), "--field", "email").stdout
    assert run("explain", "--published", "--file", file, "--dir", str(directory)).exit_code == 2


def test_checking_says_what_is_wrong_and_what_could_not_be_published(directory: Path, tmp_path: Path) -> None:
    right = run("check", "--dir", str(directory))
    assert (right.exit_code, right.stdout) == (0, "Version 1 is right: 11 fields, 5 reasons.\n")
    changed = edited(tmp_path, "seconds = 40", "seconds = 60")
    assert run("check", changed).exit_code == 0
    unpublishable = run("check", changed, "--dir", str(directory))
    assert isinstance(unpublishable.exception, BadPolicyFile)
    wrong = run("check", edited(tmp_path, 'mask = "email"', 'mask = "mail"'))
    assert isinstance(wrong.exception, BadPolicyFile)
    assert "fields.email.mask" in str(wrong.exception)


def test_misuse_is_said_in_words(directory: Path) -> None:
    assert "has no field shoe" in run("explain", "--dir", str(directory), "--field", "shoe").stderr
    assert "write basic, standard or senior" in run("explain", "--clearance", "boss").stderr
    assert "give a file, or --dir" in run("check").stderr


def test_the_organisations_that_have_no_file_are_explained_by_the_default(directory: Path, tmp_path: Path) -> None:
    older = tmp_path / "older"
    shutil.copytree(directory, older)
    (older / "policy.toml").unlink()
    shown = run("explain", "--dir", str(older), "--json")
    assert json.loads(shown.stdout)["policy"] == parse(TEXT, "default").version


def test_a_directory_without_an_organisation_is_not_explained_by_the_default(tmp_path: Path) -> None:
    assert isinstance(run("explain", "--dir", str(tmp_path)).exception, OrganisationError)
