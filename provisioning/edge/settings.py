"""What an edge needs to know of its surroundings, as one typed, checked object."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

DigestAlgorithm = Literal["SHA-256", "MD5"]

_HOST_NAME = re.compile(
    r"(?=.{1,253}\Z)([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)(\.[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*\Z"
)
# The characters that need no quoting in any of the three files; a path with others would change the meaning of a line.
_SAFE_PATH = re.compile(r"/[A-Za-z0-9._/+@-]+\Z")
_SAFE_SECRET = re.compile(r"[A-Za-z0-9_+/=.-]{32,128}\Z")
_ECHO_HOST = "127.0.72.76"


class SettingsError(ValueError):
    """Raised when an edge cannot be configured as asked; `problems` holds one sentence for each fault."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("The edge's settings cannot be used:\n" + "\n".join(f"- {problem}" for problem in problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Listen:
    """An address and port on which the edge takes TLS connections; the address is a literal, not a name."""

    host: str
    port: int

    def problems(self, name: str) -> list[str]:
        """Say in sentences what is wrong with this address; `name` is what the reader calls it."""
        return _address_problems(name, self.host) + _port_problems(name, self.port)

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


@dataclass(frozen=True, slots=True)
class MediaSettings:
    """Where rtpengine relays media and where Kamailio finds rtpengine."""

    address: str
    """The literal address that desks and trunk send their RTP to."""
    ng: Listen
    """rtpengine's control (ng) address. The protocol has no authentication, so it must be on loopback."""
    port_min: int = 30000
    port_max: int = 40000
    threads: int = 2

    def problems(self) -> list[str]:
        """Say in sentences what is wrong with these settings."""
        found = _address_problems("The media address", self.address) + self.ng.problems("rtpengine's control address")
        if _is_address(self.ng.host) and not ipaddress.ip_address(self.ng.host).is_loopback:
            found.append(
                f"rtpengine's control address {self.ng.host} is reachable by others, "
                "and its protocol knows no password. Choose a loopback address, such as 127.0.0.1."
            )
        for name, port in (("The first media port", self.port_min), ("The last media port", self.port_max)):
            found += _port_problems(name, port)
        if self.port_max - self.port_min < 3:
            found.append(
                f"The media ports {self.port_min} to {self.port_max} are too few for one call. "
                "Give four ports for every call that may be up at once."
            )
        if not 1 <= self.threads <= 64:
            found.append(f"rtpengine cannot run {self.threads} threads. Choose 1 to 64.")
        return found


@dataclass(frozen=True, slots=True)
class TlsFiles:
    """The edge's own certificate on SIP, and the authority that signs the trunk's client certificates."""

    certificate_chain: Path
    private_key: Path
    trunk_ca: Path


@dataclass(frozen=True, slots=True)
class ServerApi:
    """How the edge reaches the Hearthline server's edge API, always with a client certificate."""

    url: str
    """`https://host:port`, without a path."""
    client_certificate: Path
    client_key: Path
    ca: Path
    timeout_seconds: int = 2
    """Kamailio's HTTP client counts in whole seconds. A slower answer is not waited for; the call goes on."""

    def problems(self) -> list[str]:
        """Say in sentences what is wrong with these settings."""
        found: list[str] = []
        parts = urlsplit(self.url)
        host = parts.hostname or ""
        try:
            port_is_usable = parts.port is None or parts.port > 0
        except ValueError:
            port_is_usable = False
        plain = not (parts.path or parts.query or parts.fragment or parts.username or parts.password)
        if (
            parts.scheme != "https"
            or not port_is_usable
            or not plain
            or not (_is_address(host) or _HOST_NAME.match(host))
        ):
            found.append(
                f"The server's address {self.url!r} cannot be used. "
                "Write it as https://host:port, with no path and no password."
            )
        if not 1 <= self.timeout_seconds <= 5:
            found.append(
                f"A caller cannot wait {self.timeout_seconds} seconds for the server. Choose a time-out of 1 to 5."
            )
        return found


@dataclass(frozen=True, slots=True)
class EdgeSettings:
    """Everything that the edge's three configuration files are made from."""

    domain: str
    """The SIP domain and digest realm of the agents.

    Several edges may serve one domain, with the same `ephemeral_secret`. A desk registers at one of them, and the trunk
    tries them in turn until one does not answer 480.
    """
    home_listen: Listen
    """Where desks connect."""
    trunk_listen: Listen
    """Where the contact centre's ACD or PBX connects; it must differ from `home_listen`."""
    media: MediaSettings
    tls: TlsFiles
    server: ServerApi
    ephemeral_secret: str = field(repr=False)
    """What agents' passwords are derived from (see `credentials`). It is shared with the server alone."""
    run_directory: Path
    """A private directory for the call store, best on a tmpfs, since that store holds callers' numbers."""
    shared_memory_mb: int = 256
    private_memory_mb: int = 32
    workers: int = 4
    """Processes that read TLS connections."""
    query_workers: int = 4
    """Processes that ask the server about calls; a slow server holds these up and no others."""
    max_connections: int = 4096
    digest_algorithm: DigestAlgorithm = "SHA-256"
    register_expires_min: int = 60
    register_expires_default: int = 300
    register_expires_max: int = 600
    failures_per_agent: int = 5
    """Wrong passwords from one address for one agent, within `lockout_seconds`, before it is turned away."""
    failures_per_address: int = 50
    """Wrong passwords from one address in all: a community PC room shares one address."""
    lockout_seconds: int = 60
    trunk_target: Listen | None = None
    """Where the trunk takes calls from desks, by TLS, with a server certificate of the authority in `tls.trunk_ca`.

    None: such calls go over the connection on which the trunk last called or sent OPTIONS.
    """
    trunk_domain: str = ""
    """The domain in which the trunk knows whom desks call; empty for `domain`."""
    trunk_srtp: bool = False
    """Whether calls from desks are offered to the trunk with SRTP. A call to a desk keeps what the trunk offered."""
    ice: bool = False
    """Whether desks use ICE (RFC 8445): the edge then answers their candidates with rtpengine's own."""
    digits_port: int = 0
    """Where rtpengine reports key presses to the digit keeper, beside its control; 0 for 100 above that port."""
    echo_seconds: int = 120
    """How long a desk may listen to its own echo in one sound check."""

    @property
    def tones(self) -> Listen:
        """Where rtpengine reports key presses to the digit keeper, by UDP. Like its control, it must be on loopback."""
        return Listen(self.media.ng.host, self.digits_port or self.media.ng.port + 100)

    @property
    def echo_listen(self) -> Listen:
        """Where the edge answers its own calls to the echo, by TCP.

        It is a loopback address that nothing else uses, with the home side's port, so that two edges on one machine do
        not meet there.
        """
        return Listen(_ECHO_HOST, self.home_listen.port)

    @property
    def call_store(self) -> Path:
        """The SQLite file in which Kamailio keeps the routing headers that it takes away from desks."""
        return self.run_directory / "calls.sqlite"

    def problems(self) -> list[str]:
        """Say in sentences what is wrong with these settings; an empty list means that nothing is."""
        found: list[str] = []
        if not _HOST_NAME.match(self.domain):
            found.append(f"{self.domain!r} is no domain name. Write it like calls.example.org.")
        found += self.home_listen.problems("The home side's address")
        found += self.trunk_listen.problems("The trunk side's address")
        if self.home_listen == self.trunk_listen:
            found.append(
                f"Home side and trunk side both listen on {self.home_listen}. Give each its own, "
                "since only the trunk side asks for client certificates."
            )
        if self.trunk_target is not None:
            found += self.trunk_target.problems("The trunk's address for calls from desks")
        if self.trunk_domain and not _HOST_NAME.match(self.trunk_domain):
            found.append(f"{self.trunk_domain!r} is no domain name. Write the trunk's domain like pbx.example.org.")
        found += self.media.problems()
        found += _port_problems("The digit keeper's address", self.tones.port)
        found += self.server.problems()
        if not _SAFE_SECRET.match(self.ephemeral_secret):
            found.append(
                "The ephemeral secret cannot be used. It needs 32 to 128 characters out of letters, digits and _+/=.- "
                "(for instance 48 random bytes in base64)."
            )
        found += _path_problems(self)
        found += self._range_problems()
        return found

    def check(self) -> None:
        """Raise `SettingsError` when these settings cannot be used."""
        if found := self.problems():
            raise SettingsError(found)

    def _range_problems(self) -> list[str]:
        found: list[str] = []
        if self.digest_algorithm not in ("SHA-256", "MD5"):
            found.append(f"{self.digest_algorithm!r} is no digest algorithm that the edge has. Choose SHA-256 or MD5.")
        if not 60 <= self.register_expires_min <= self.register_expires_default <= self.register_expires_max <= 600:
            found.append(
                "The registration times must rise from shortest over default to longest, all within 60 to 600 seconds."
            )
        for name, value, low, high in (
            ("Shared memory (MB)", self.shared_memory_mb, 64, 65536),
            ("Private memory (MB)", self.private_memory_mb, 16, 512),
            ("The number of workers", self.workers, 1, 64),
            ("The number of query workers", self.query_workers, 1, 64),
            ("The number of connections", self.max_connections, 16, 1_000_000),
            ("The number of failures for one agent", self.failures_per_agent, 1, 1000),
            ("The number of failures for one address", self.failures_per_address, 1, 100_000),
            ("The lock-out time in seconds", self.lockout_seconds, 1, 86400),
            ("The longest sound check in seconds", self.echo_seconds, 5, 120),
        ):
            if not low <= value <= high:
                found.append(f"{name} cannot be {value}. Choose {low} to {high}.")
        return found


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def _address_problems(name: str, text: str) -> list[str]:
    if not _is_address(text):
        return [f"{name} {text!r} is no IP address. Write the address itself, not a name."]
    if ipaddress.ip_address(text).is_unspecified:
        return [f"{name} {text} stands for every address. Write the one that the other side connects to."]
    return []


def _port_problems(name: str, port: int) -> list[str]:
    return [] if 0 < port < 65536 else [f"{name} has port {port}. Choose a port from 1 to 65535."]


def _path_problems(settings: EdgeSettings) -> list[str]:
    named = {"run directory": settings.run_directory}
    for part in (settings.tls, settings.server):
        for item in fields(part):
            value = getattr(part, item.name)
            if isinstance(value, Path):
                named[item.name.replace("_", " ")] = value
    return [
        f"The path of the {name}, {str(path)!r}, cannot be written into the configuration. "
        "Use an absolute path of letters, digits and ._/+@-."
        for name, path in named.items()
        if not _SAFE_PATH.match(str(path))
    ]
