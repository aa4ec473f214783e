"""Settings make files that Kamailio takes, that nobody else can read, and that say no when they cannot work."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import sqlite3
import stat
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import psutil
import pytest
from pydantic import ValidationError

from provisioning.api import EdgeDialReply
from provisioning.edge import configuration
from provisioning.edge.check import check
from provisioning.edge.configuration import KAMAILIO, render, write
from provisioning.edge.credentials import CredentialError, ephemeral_credentials
from provisioning.edge.settings import EdgeSettings, Listen, SettingsError

from .edge_process import EdgeProcess
from .world import Pki, make_settings


@pytest.fixture
def settings(pki: Pki, tmp_path: Path) -> EdgeSettings:
    return make_settings(pki, tmp_path, "https://127.0.0.1:8443")


def test_kamailio_accepts_the_files(settings: EdgeSettings, tmp_path: Path) -> None:
    write(settings, tmp_path / "etc")
    report = check(tmp_path / "etc")
    assert report.ok, report.findings


def test_kamailio_accepts_every_choice(settings: EdgeSettings, tmp_path: Path) -> None:
    chosen = replace(
        settings, trunk_target=Listen("::1", 5061), trunk_domain="pbx.example.net", trunk_srtp=True, echo_seconds=5
    )
    write(chosen, tmp_path / "etc")
    report = check(tmp_path / "etc")
    assert report.ok, report.findings


@pytest.mark.parametrize(
    ("target", "good"),
    [
        ("+8613812345678", True), ("queue*7#", True), ("a" * 64, True), ("a" * 65, False), ("", False), ("+", False),
        ("1@evil.example", False), ("1;x=y", False), ("1 2", False), ("1>", False), ("1\n", False), ("%41", False),
    ],
)  # fmt: skip
def test_the_edge_takes_the_targets_that_the_contract_allows(target: str, good: bool) -> None:
    assert (re.fullmatch(configuration.TARGET.strip("^$"), target) is not None) is good
    try:
        EdgeDialReply(target=target, ref=None)
    except ValidationError:
        assert not good
    else:
        assert good


@pytest.mark.parametrize("number", ["+8613812345678", "400", "1" * 20, "1" * 21, "x", "1@x"])
def test_the_edge_takes_the_numbers_that_the_contract_allows(number: str) -> None:
    good = re.fullmatch(configuration.NUMBER.strip("^$"), number) is not None
    try:
        EdgeDialReply(target="1", caller=number, ref=None)
    except ValidationError:
        assert not good
    else:
        assert good


def test_only_the_owner_may_read_the_files(settings: EdgeSettings, tmp_path: Path) -> None:
    (tmp_path / "etc").mkdir()
    (tmp_path / "etc" / KAMAILIO).write_text("older")
    (tmp_path / "etc" / KAMAILIO).chmod(0o644)
    paths = [*write(settings, tmp_path / "etc").values(), settings.call_store]
    assert [stat.S_IMODE(path.stat().st_mode) for path in paths] == [0o600] * 5
    assert stat.S_IMODE(settings.run_directory.stat().st_mode) == 0o700


def test_an_earlier_edges_calls_are_forgotten(settings: EdgeSettings, tmp_path: Path) -> None:
    write(settings, tmp_path / "etc")
    with sqlite3.connect(settings.call_store) as store:
        store.execute("INSERT INTO topos_d (rectime, a_contact) VALUES (0, 'sip:13800000000@x')")
    store.close()
    write(settings, tmp_path / "etc")
    assert b"13800000000" not in settings.call_store.read_bytes()


def test_the_secret_is_in_one_file_and_in_no_repr(settings: EdgeSettings) -> None:
    holders = [name for name, text in render(settings).items() if settings.ephemeral_secret in text]
    assert holders == [KAMAILIO]
    assert settings.ephemeral_secret not in repr(settings)


def test_a_broken_file_is_explained(settings: EdgeSettings, tmp_path: Path) -> None:
    paths = write(settings, tmp_path)
    paths[KAMAILIO].write_text(paths[KAMAILIO].read_text() + "\nroute[X] { no_such_function(); }\n")
    report = check(tmp_path)
    assert not report.ok
    assert any("no_such_function" in finding for finding in report.findings), report.findings


def test_a_missing_file_or_program_is_explained(tmp_path: Path) -> None:
    assert check(tmp_path).findings[0].endswith("Write the edge's configuration first.")
    assert "apt.txt" in check(tmp_path, kamailio="no-such-kamailio").findings[0]


def bad(settings: EdgeSettings) -> list[tuple[EdgeSettings, str]]:
    media, server, tls = settings.media, settings.server, settings.tls
    return [
        (replace(settings, domain="no domain"), "domain name"),
        (replace(settings, domain='x.example"\nlisten=udp:1.2.3.4:5060'), "domain name"),
        (replace(settings, home_listen=Listen("localhost", 5061)), "no IP address"),
        (replace(settings, home_listen=Listen("0.0.0.0", 5061)), "stands for every address"),
        (replace(settings, home_listen=Listen("127.0.0.1", 0)), "Choose a port"),
        (replace(settings, trunk_listen=settings.home_listen), "both listen"),
        (replace(settings, media=replace(media, ng=Listen("192.0.2.1", 2223))), "knows no password"),
        (replace(settings, media=replace(media, port_max=media.port_min)), "too few"),
        (replace(settings, server=replace(server, url="http://127.0.0.1")), "https://host:port"),
        (replace(settings, server=replace(server, url="https://u:p@127.0.0.1")), "https://host:port"),
        (replace(settings, server=replace(server, url="https://127.0.0.1:99999")), "https://host:port"),
        (replace(settings, server=replace(server, timeout_seconds=60)), "cannot wait"),
        (replace(settings, tls=replace(tls, private_key=Path("relative.key"))), "absolute path"),
        (replace(settings, run_directory=Path('/tmp/a"b')), "absolute path"),
        (replace(settings, ephemeral_secret="short"), "32 to 128"),
        (replace(settings, ephemeral_secret='x" )\n' * 20), "32 to 128"),
        (replace(settings, register_expires_max=86400), "60 to 600"),
        (replace(settings, workers=0), "Choose 1 to 64"),
        (replace(settings, trunk_target=Listen("pbx.example.net", 5061)), "trunk's address .* no IP address"),
        (replace(settings, trunk_target=Listen("192.0.2.1", 0)), "Choose a port"),
        (replace(settings, trunk_domain='pbx"\n'), "trunk's domain"),
        (replace(settings, echo_seconds=121), "Choose 5 to 120"),
    ]


@pytest.mark.parametrize("index", range(22))
def test_settings_that_cannot_work_are_refused_in_words(settings: EdgeSettings, tmp_path: Path, index: int) -> None:
    wrong, words = bad(settings)[index]
    with pytest.raises(SettingsError, match=words):
        write(wrong, tmp_path / "etc")
    assert not (tmp_path / "etc").exists()


def test_every_problem_is_told_at_once(settings: EdgeSettings) -> None:
    with pytest.raises(SettingsError) as caught:
        replace(settings, domain="", workers=0).check()
    assert len(caught.value.problems) == 2


def test_credentials_are_what_auth_ephemeral_and_coturn_take() -> None:
    made = ephemeral_credentials("agent.one", "secret", datetime(2030, 1, 1, tzinfo=UTC))
    assert made.username == "1893456000:agent.one"
    assert (
        made.password == base64.b64encode(hmac.new(b"secret", b"1893456000:agent.one", hashlib.sha1).digest()).decode()
    )
    assert made.password not in repr(made)


@pytest.mark.parametrize("agent", ["", "a b", "a:b", "a@b", "a\n", "名"])
def test_names_that_cannot_stand_in_an_address_get_no_credentials(agent: str) -> None:
    with pytest.raises(CredentialError):
        ephemeral_credentials(agent, "secret", datetime(2030, 1, 1, tzinfo=UTC))


def test_a_time_without_a_zone_gets_no_credentials() -> None:
    with pytest.raises(CredentialError, match="zone"):
        ephemeral_credentials("a", "secret", datetime(2030, 1, 1))  # noqa: DTZ001


def test_the_secret_is_in_no_command_line_or_environment(pki: Pki, tmp_path: Path) -> None:
    settings = make_settings(pki, tmp_path, "https://127.0.0.1:8443")
    with EdgeProcess(settings, tmp_path / "etc"):
        ours = [
            child for child in psutil.Process().children(recursive=True) if child.name() in ("kamailio", "rtpengine")
        ]
        assert len(ours) > 5
        for process in ours:
            assert settings.ephemeral_secret not in " ".join(process.cmdline()) + str(process.environ())
