"""The TURN server's configuration: what it says, and which settings it refuses."""

import dataclasses
from pathlib import Path

import pytest

from provisioning.edge.settings import Listen, SettingsError
from provisioning.edge.turn import TurnSettings, TurnTls, render, write

SETTINGS = TurnSettings(
    realm="sip.harbour.example",
    listen=Listen("192.0.2.1", 3478),
    relay_address="192.0.2.1",
    media_address="192.0.2.2",
    ephemeral_secret="c2VjcmV0" * 6,
    run_directory=Path("/run/hearthline-turn"),
)
TLS = TurnTls(5349, Path("/etc/hearthline/edge.crt"), Path("/etc/hearthline/edge.key"))


def lines(settings: TurnSettings) -> set[str]:
    return {line for line in render(settings).splitlines() if line and not line.startswith("#")}


def test_everything_is_denied_but_rtpengine() -> None:
    peers = {line for line in lines(SETTINGS) if "peer" in line}
    assert peers == {
        "denied-peer-ip=0.0.0.0-255.255.255.255",
        "denied-peer-ip=::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
        "allowed-peer-ip=192.0.2.2",
        "no-multicast-peers",
    }


def test_nothing_listens_that_need_not() -> None:
    assert {"no-cli", "no-tls", "no-dtls", "no-tcp-relay", "no-rfc5780", "no-software-attribute"} <= lines(SETTINGS)
    with_tls = lines(dataclasses.replace(SETTINGS, tls=TLS))
    assert "no-tls" not in with_tls
    assert {"tls-listening-port=5349", "cert=/etc/hearthline/edge.crt", "no-tlsv1", "no-tlsv1_1"} <= with_tls


def test_loopback_is_for_demos() -> None:
    demo = dataclasses.replace(SETTINGS, media_address="127.0.0.1")
    assert "allow-loopback-peers" in lines(demo)
    assert "allow-loopback-peers" not in lines(SETTINGS)


def test_the_secret_shows_in_no_repr() -> None:
    assert SETTINGS.ephemeral_secret not in repr(SETTINGS)


def test_its_file_is_private(tmp_path: Path) -> None:
    settings = dataclasses.replace(SETTINGS, run_directory=tmp_path / "run")
    path = write(settings, tmp_path / "out")
    assert (path.name, path.stat().st_mode & 0o777) == ("turnserver.conf", 0o600)
    assert (tmp_path / "run").stat().st_mode & 0o777 == 0o700
    assert write(settings, tmp_path / "out").read_text() == path.read_text()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"realm": "a b"}, "is no domain name"),
        ({"realm": "x\nno-auth"}, "is no domain name"),
        ({"listen": Listen("0.0.0.0", 3478)}, "stands for every address"),
        ({"listen": Listen("192.0.2.1", 0)}, "has port 0"),
        ({"media_address": "media.example"}, "is no IP address"),
        ({"media_address": "0.0.0.0"}, "stands for every address"),
        ({"media_address": "2001:db8::2"}, "must both be IPv4 or both be IPv6"),
        ({"relay_address": "::"}, "stands for every address"),
        ({"ephemeral_secret": "short"}, "ephemeral secret cannot be used"),
        ({"ephemeral_secret": "x" * 40 + "\nno-auth"}, "ephemeral secret cannot be used"),
        ({"run_directory": Path("/tmp/a b")}, "cannot be written into the configuration"),
        ({"relay_port_min": 80}, "cannot be used"),
        ({"relay_port_min": 50000, "relay_port_max": 50000}, "cannot be used"),
        ({"user_quota": 0}, "cannot be 0"),
        ({"bytes_per_second": 10}, "cannot be 10"),
        ({"tls": TurnTls(3478, Path("/a"), Path("/b"))}, "both have port 3478"),
        ({"tls": TurnTls(5349, Path("/a#b"), Path("/b"))}, "cannot be written into the configuration"),
    ],
)
def test_a_mistake_is_said_in_a_sentence(change: dict[str, object], words: str) -> None:
    settings = dataclasses.replace(SETTINGS, **change)  # type: ignore[arg-type]
    with pytest.raises(SettingsError, match=words):
        render(settings)
