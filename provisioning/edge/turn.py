"""The TURN relay of an edge (RFC 8656): coturn's configuration, made from typed, checked settings.

A TURN server relays for whoever has credentials, so it would be a way into the bank's network if it reached more than
rtpengine. Everything is denied but rtpengine's media address.
"""

from __future__ import annotations

import ipaddress
import os
import re
from dataclasses import dataclass, field
from pathlib import Path

from provisioning.edge.settings import Listen, SettingsError
from provisioning.edge.templating import environment

TURNSERVER = "turnserver.conf"

# Forward secrecy and AEAD only, for TLS 1.2; TLS 1.3 has suites of its own.
_CIPHERS = "ECDHE+AESGCM:ECDHE+CHACHA20:!aNULL"
_DOMAIN = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?\Z")
# What needs no quoting in turnserver.conf, where # and a blank end a value.
_SAFE_PATH = re.compile(r"/[A-Za-z0-9._/+@-]+\Z")
_SAFE_SECRET = re.compile(r"[A-Za-z0-9_+/=.-]{32,128}\Z")


@dataclass(frozen=True, slots=True)
class TurnTls:
    """TURN over TLS, for networks that let nothing else out: its port, and what the edge shows there."""

    port: int
    certificate_chain: Path
    private_key: Path


@dataclass(frozen=True, slots=True)
class TurnSettings:
    """Everything that turnserver.conf is made from. Addresses are literals, not names."""

    realm: str
    """The SIP domain of the agents: their credentials are for it."""
    listen: Listen
    """Where desks reach it by UDP and TCP."""
    relay_address: str
    """The address that it relays from; rtpengine must be able to answer there."""
    media_address: str
    """rtpengine's media address, and the only one that it relays to."""
    ephemeral_secret: str = field(repr=False)
    """What agents' passwords are derived from (see `credentials`); the same as the edge's."""
    run_directory: Path
    tls: TurnTls | None = None
    relay_port_min: int = 49152
    relay_port_max: int = 65535
    user_quota: int = 24
    """Allocations of one agent. A call takes up to four (sound and text, RTP and RTCP), and a network change leaves the
    old ones to time out."""
    bytes_per_second: int = 32_000
    """Of one allocation. Speech needs 11,000 at the most (G.711 in SRTP)."""

    def problems(self) -> list[str]:
        """Say in sentences what is wrong with these settings; an empty list means that nothing is."""
        found: list[str] = []
        if not _DOMAIN.match(self.realm):
            found.append(f"{self.realm!r} is no domain name. Write it like calls.example.org.")
        found += self.listen.problems("The TURN server's address")
        if self.tls is not None:
            found += Listen(self.listen.host, self.tls.port).problems("TURN over TLS")
            if self.tls.port == self.listen.port:
                found.append(f"TURN and TURN over TLS both have port {self.tls.port}. Give each its own.")
        for name, address in (("The relay address", self.relay_address), ("The media address", self.media_address)):
            # A port that is in order, because this is about the address.
            found += Listen(address, 1).problems(name)
        if not found and ipaddress.ip_address(self.relay_address).version != _version(self.media_address):
            found.append("The relay address and the media address must both be IPv4 or both be IPv6.")
        if not 1024 <= self.relay_port_min < self.relay_port_max <= 65535:
            found.append(
                f"The relay ports {self.relay_port_min} to {self.relay_port_max} cannot be used. "
                "Choose a first and a last port within 1024 to 65535."
            )
        if not _SAFE_SECRET.match(self.ephemeral_secret):
            found.append(
                "The ephemeral secret cannot be used. It needs 32 to 128 characters out of letters, digits and _+/=.-."
            )
        for name, value, low, high in (
            ("The number of allocations for one agent", self.user_quota, 4, 1000),
            ("The number of bytes a second", self.bytes_per_second, 12_000, 1_000_000),
        ):
            if not low <= value <= high:
                found.append(f"{name} cannot be {value}. Choose {low} to {high}.")
        paths = [self.run_directory]
        if self.tls is not None:
            paths += [self.tls.certificate_chain, self.tls.private_key]
        found += [
            f"The path {str(path)!r} cannot be written into the configuration. "
            "Use an absolute path of letters, digits and ._/+@-."
            for path in paths
            if not _SAFE_PATH.match(str(path))
        ]
        return found

    def check(self) -> None:
        """Raise `SettingsError` when these settings cannot be used."""
        if found := self.problems():
            raise SettingsError(found)


def render(settings: TurnSettings) -> str:
    """Make the text of turnserver.conf, for coturn 4.6.

    Raises SettingsError when the settings cannot be used.
    """
    settings.check()
    values = {name: getattr(settings, name) for name in TurnSettings.__dataclass_fields__}
    loopback = ipaddress.ip_address(settings.media_address).is_loopback
    return environment(trim_blocks=True).get_template(TURNSERVER).render(values, ciphers=_CIPHERS, loopback=loopback)


def write(settings: TurnSettings, directory: Path) -> Path:
    """Write turnserver.conf into `directory` (0600, because it holds the secret), and make the run directory (0700).

    Start it with `turnserver -c FILE`; it stays in the foreground, and logs to the run directory.

    Raises SettingsError when the settings cannot be used, and OSError when the file system refuses.
    """
    text = render(settings)
    for private in (directory, settings.run_directory):
        private.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = directory / TURNSERVER
    unfinished = path.with_name(f".{path.name}.new")
    unfinished.unlink(missing_ok=True)
    with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
    return unfinished.replace(path)


def _version(address: str) -> int:
    return ipaddress.ip_address(address).version
