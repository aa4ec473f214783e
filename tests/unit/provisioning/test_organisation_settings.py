"""What organisation.toml can say of desks' lines and of outgoing calls, and where each part of it goes."""

from pathlib import Path

import pytest

from provisioning.local_text import LocalText
from provisioning.organisation import Organisation, OrganisationError
from provisioning.organisation_dialling import Destination, Dialling
from provisioning.organisation_file import BadOrganisationFile
from tests.stage.organisation import harbour_bank

DIRECTORY = """
[[directory]]
id = "cards-experts"
kind = "queue"
label = { en = "Card experts", zh = "信用卡专家组" }
target = "7001"
"""


@pytest.fixture
def organisation(tmp_path: Path) -> Organisation:
    return harbour_bank(tmp_path / "org", "sip.example.com")


def edit(organisation: Organisation, *changes: tuple[str, str], more: str = "") -> None:
    path = organisation.directory / "organisation.toml"
    text = path.read_text(encoding="utf-8")
    for before, after in changes:
        assert before in text
        text = text.replace(before, after, 1)
    path.write_text(text + more, encoding="utf-8")


def test_a_new_organisation_is_cautious(organisation: Organisation) -> None:
    sip, policy = organisation.manifest.sip, organisation.manifest.policy
    assert sip.real_time_text
    switches = (sip.message_waiting, sip.ice, sip.stun, sip.turn, sip.noise_suppression, sip.gain_control)
    assert switches == (False, False, (), "", False, False)
    assert (policy.auto_answer_seconds, policy.second_call) == (None, "wait")
    assert organisation.dialling == Dialling(directory=(), manual_dialling=False, caller_number="")


def test_every_setting_reaches_the_desks(organisation: Organisation) -> None:
    edit(
        organisation,
        ("real_time_text = true", "real_time_text = false"),
        ("message_waiting = false", "message_waiting = true"),
        ("ice = false", "ice = true"),
        ('# stun = ["turn.example.org:3478"]', 'stun = ["192.0.2.1:3478", "[2001:db8::1]:3478"]'),
        ('# turn = "turn.example.org:3478"', 'turn = "turn.example.org:5349"'),
        ("noise_suppression = false", "noise_suppression = true"),
        ("gain_control = false", "gain_control = true"),
        ("# auto_answer_seconds = 3", "auto_answer_seconds = 2.5"),
        ('second_call = "wait"', 'second_call = "refuse"'),
    )
    manifest = organisation.publish_manifest()
    sip, policy = manifest.sip, manifest.policy
    assert (sip.real_time_text, sip.message_waiting, sip.ice) == (False, True, True)
    assert (sip.stun, sip.turn) == (("192.0.2.1:3478", "[2001:db8::1]:3478"), "turn.example.org:5349")
    assert (sip.noise_suppression, sip.gain_control) == (True, True)
    assert (policy.auto_answer_seconds, policy.second_call) == (2.5, "refuse")
    assert organisation.manifest == manifest


def test_targets_and_numbers_reach_the_server_and_no_desk(organisation: Organisation) -> None:
    edit(
        organisation,
        ("manual_dialling = false", "manual_dialling = true"),
        ('caller_number = ""', 'caller_number = "+862155550000"'),
        more=DIRECTORY,
    )
    assert not organisation.is_published
    manifest = organisation.publish_manifest()
    assert organisation.is_published
    label = LocalText(en="Card experts", zh="信用卡专家组")
    assert organisation.dialling == Dialling(
        directory=(Destination(id="cards-experts", kind="queue", label=label, target="7001"),),
        manual_dialling=True,
        caller_number="+862155550000",
    )
    told = manifest.model_dump_json()
    assert not any(word in told for word in ("7001", "862155550000", "manual_dialling", "cards-experts"))


def test_what_is_not_published_does_not_hold(organisation: Organisation) -> None:
    edit(organisation, ("manual_dialling = false", "manual_dialling = true"))
    assert not organisation.dialling.manual_dialling
    assert not organisation.is_published


def test_an_organisation_of_an_earlier_version_allows_colleagues_only(organisation: Organisation) -> None:
    (organisation.directory / "dialling.json").unlink()
    assert organisation.dialling == Dialling()
    (organisation.directory / "dialling.json").write_text('{"manual_dialling": "perhaps"}')
    with pytest.raises(OrganisationError, match="damaged; run hearthline-admin manifest publish"):
        _ = organisation.dialling


@pytest.mark.parametrize(
    ("before", "after", "reason"),
    [
        ("ice = false", "ice = 7", r"sip\.ice"),
        ("ice = false", 'ice = true\nturn = "turn.example.org"', r"sip\.turn: write HOST:PORT, such as"),
        ("ice = false", 'ice = true\nturn = "turn.example.org:70000"', r"sip\.turn: write HOST:PORT"),
        ("ice = false", 'ice = true\nstun = ["a b:1"]', r"sip\.stun\.0: write HOST:PORT"),
        ("ice = false", 'ice = true\nturn = "turns:x:1"', r"sip\.turn: write HOST:PORT"),
        ("# turn =", "turn =", "sip: desks use stun and turn with ICE only; set ice = true"),
        ("# auto_answer_seconds = 3", "auto_answer_seconds = 31", r"policy\.auto_answer_seconds"),
        ('second_call = "wait"', 'second_call = "drop"', r"policy\.second_call"),
        ("manual_dialling = false", "manual_dailling = false", r"policy\.manual_dailling"),
        ('caller_number = ""', 'caller_number = "ask me"', r"policy\.caller_number"),
    ],
)
def test_a_mistake_is_named_and_what_was_published_stays(
    organisation: Organisation, before: str, after: str, reason: str
) -> None:
    edit(organisation, (before, after))
    with pytest.raises(BadOrganisationFile, match=reason):
        organisation.publish_manifest()
    assert organisation.manifest.version == 1


@pytest.mark.parametrize(
    ("before", "after", "reason"),
    [
        ('target = "7001"', 'target = "sip:7001@x"', r"directory\.0\.target"),
        ('kind = "queue"', 'kind = "colleague"', r"directory\.0\.kind"),
        ('id = "cards-experts"', 'id = "Card experts"', r"directory\.0\.id"),
        ('target = "7001"', 'taget = "7001"', r"directory\.0\.target: Field required"),
        (
            'target = "7001"',
            f'target = "7001"\n{DIRECTORY}',
            "two entries have the id cards-experts; give each its own",
        ),
    ],
)
def test_a_mistake_in_the_directory_is_named(organisation: Organisation, before: str, after: str, reason: str) -> None:
    edit(organisation, more=DIRECTORY.replace(before, after))
    with pytest.raises(BadOrganisationFile, match=reason):
        organisation.publish_manifest()
