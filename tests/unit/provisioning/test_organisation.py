"""An organisation on disk."""

import stat
import sys
import tempfile
from pathlib import Path

import pytest
from cryptography import x509
from hypothesis import given
from hypothesis import strategies as st

from provisioning import organisation_file
from provisioning.admin.edge import edge_settings
from provisioning.local_text import LocalText
from provisioning.manifest import BadManifest
from provisioning.organisation import Organisation, OrganisationError
from provisioning.organisation_file import BadOrganisationFile, EdgeTable, ServerTable
from provisioning.pins import spki_pin
from provisioning.pki import Role, client_identity
from provisioning.signing import BadSignature

EDGE = EdgeTable(name=LocalText(en="Shanghai 1", zh="上海一号"), host="127.0.0.1", port=5061)
SERVER = ServerTable(host="localhost", port=8443)


def make(directory: Path, passphrase: bytes | None = None) -> Organisation:
    return Organisation.create(
        directory, name="Harbour Bank", server=SERVER, edge=EDGE, sip_domain="sip.example.com", passphrase=passphrase
    )


@pytest.fixture
def organisation(tmp_path: Path) -> Organisation:
    return make(tmp_path / "org")


def test_the_first_manifest_says_what_the_organisation_is(organisation: Organisation) -> None:
    manifest = organisation.manifest
    assert (manifest.version, manifest.organisation) == (1, "Harbour Bank")
    assert manifest.server.pins == organisation.server_pins
    assert manifest.sip.edges[0].pins == organisation.edge_pins
    assert manifest.sip.edges[0].name.zh == "上海一号"
    assert [code.label.zh for code in manifest.policy.wrap_up_codes[:5]] == [
        "已办分期",
        "再联系",
        "已解答",
        "转人工专家",
        "投诉",
    ]


def test_desks_are_told_of_all_edges_which_show_one_key_each_for_its_own_host(organisation: Organisation) -> None:
    path = organisation.directory / "organisation.toml"
    second = '[[further_edges]]\nname = { en = "Hangzhou 2", zh = "杭州二号" }\nhost = "127.0.0.2"\nport = 5061\n'
    path.write_text(path.read_text(encoding="utf-8") + second, encoding="utf-8")
    first, other = organisation.publish_manifest().sip.edges
    assert (first.host, other.host, other.name.zh) == ("127.0.0.1", "127.0.0.2", "杭州二号")
    assert first.pins == other.pins
    identity = organisation.edge_at("127.0.0.2")
    assert spki_pin(identity.certificate.public_key()) == first.pins[0]
    names = identity.certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert [str(name.value) for name in names] == ["127.0.0.2"]
    assert organisation.edge_at("127.0.0.1") == organisation.edge
    settings = edge_settings(
        organisation, organisation.directory / "out", number=2, trunk_port=5071, listen_host="", media_host="",
        ng_port=22222, media_ports=(30000, 30100), run_directory=organisation.directory,
    )  # fmt: skip
    assert (settings.home_listen.host, settings.home_listen.port) == ("127.0.0.2", 5061)


def test_two_edges_in_one_place_are_a_mistake(organisation: Organisation) -> None:
    path = organisation.directory / "organisation.toml"
    again = '[[further_edges]]\nname = { en = "Again", zh = "又一个" }\nhost = "127.0.0.1"\nport = 5061\n'
    path.write_text(path.read_text(encoding="utf-8") + again, encoding="utf-8")
    with pytest.raises(BadOrganisationFile, match="same host and port"):
        organisation.publish_manifest()


def test_the_pins_are_of_the_keys_that_are_there(organisation: Organisation) -> None:
    certificate = organisation.server.certificate
    primary, backup = organisation.server_pins
    assert spki_pin(certificate.public_key()) == primary != backup
    assert len({*organisation.server_pins, *organisation.edge_pins}) == 4


def test_every_certificate_is_for_its_purpose(organisation: Organisation) -> None:
    issued = (organisation.edge_client, organisation.trunk, organisation.admin)
    roles = [client_identity(identity.certificate) for identity in issued]
    assert roles == [(Role.EDGE, "main"), (Role.TRUNK, "main"), (Role.ADMIN, "main")]
    for identity in (organisation.server, organisation.edge, *issued):
        identity.certificate.verify_directly_issued_by(organisation.authority.certificate)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such modes")
def test_nobody_else_can_read_it(organisation: Organisation) -> None:
    for path in (organisation.directory, *organisation.directory.iterdir()):
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600), path


def test_a_directory_with_something_in_it_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(OrganisationError, match="not empty"):
        make(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_an_edited_file_becomes_the_next_manifest(organisation: Organisation) -> None:
    path = organisation.directory / "organisation.toml"
    path.write_text(path.read_text(encoding="utf-8").replace('"已解答"', '"已答复"'), encoding="utf-8")
    assert organisation.publish_manifest().version == 2
    assert organisation.manifest.policy.wrap_up_codes[2].label.zh == "已答复"


@pytest.mark.parametrize(
    ("before", "after", "reason"),
    [
        ("port = 8443", "port = 0", r"server\.port"),
        ("[server]", "[sever]", "sever"),
        ("[server]", "[server", "not TOML"),
        ("certificate_days = 1", "certificate_days = 1000", "certificate_days"),
    ],
)
def test_a_mistake_in_the_file_is_named_and_the_old_manifest_stays(
    organisation: Organisation, before: str, after: str, reason: str
) -> None:
    path = organisation.directory / "organisation.toml"
    path.write_text(path.read_text(encoding="utf-8").replace(before, after), encoding="utf-8")
    with pytest.raises(BadOrganisationFile, match=reason):
        organisation.publish_manifest()
    assert organisation.manifest.version == 1


def test_a_manifest_that_somebody_else_wrote_is_not_read(organisation: Organisation, tmp_path: Path) -> None:
    other = make(tmp_path / "other")
    (organisation.directory / "manifest.jws").write_text(other.manifest_token)
    with pytest.raises((BadSignature, BadManifest)):
        _ = organisation.manifest


def test_a_passphrase_protects_every_private_key(tmp_path: Path) -> None:
    made = make(tmp_path / "org", b"passphrase")
    for path in made.directory.glob("*.key"):
        assert b"ENCRYPTED" in path.read_bytes(), path
    assert Organisation.open(made.directory, b"passphrase").server.key_pem.startswith(b"-----BEGIN PRIVATE KEY")
    with pytest.raises(OrganisationError, match="encrypted; give its passphrase"):
        Organisation.open(made.directory)
    with pytest.raises(OrganisationError, match="the passphrase is wrong"):
        Organisation.open(made.directory, b"wrong")


def test_the_server_works_without_the_keys_that_belong_in_a_safe(organisation: Organisation) -> None:
    for name in ("manifest-signing.key", "server-backup.key", "edge-backup.key"):
        (organisation.directory / name).unlink()
    opened = Organisation.open(organisation.directory)
    assert opened.manifest.server.pins == opened.server_pins
    with pytest.raises(OrganisationError, match=r"manifest-signing\.key cannot be read"):
        opened.publish_manifest()


def test_there_is_no_organisation(tmp_path: Path) -> None:
    with pytest.raises(OrganisationError, match="there is no organisation"):
        Organisation.open(tmp_path)


@given(st.text(st.characters(codec="utf-8"), min_size=1, max_size=80))
def test_any_name_can_be_written_into_the_file_and_read_back(name: str) -> None:
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory) / "organisation.toml"
        path.write_text(organisation_file.render(name, SERVER, EDGE, "sip.example.com"), encoding="utf-8", newline="")
        assert organisation_file.read(path).name == name
