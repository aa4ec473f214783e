"""Edges outside the home: Kamailio and rtpengine, with a customer's switch beside them."""

import os
import signal
from datetime import UTC, datetime, timedelta
from pathlib import Path

from client.core.telephony import EdgeAddress, Register
from client.sip.engine.pins import pin_of
from provisioning.edge import fork_guard
from provisioning.edge.configuration import KAMAILIO
from provisioning.edge.credentials import ephemeral_credentials
from provisioning.edge.settings import EdgeSettings, Listen, MediaSettings, ServerApi, TlsFiles
from provisioning.pki import Authority, Role, generate_key, key_pem
from tests.integration.edge.edge_process import EdgeProcess

DOMAIN = "calls.example.org"
AGENT = "agent1"
HOSTS = ("198.18.0.1", "198.18.0.2")
_LIFE = timedelta(hours=1)
_SECRET = "not-a-secret-but-long-enough-for-a-test"


class Papers:
    """The organisation's certificates, on disk."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self._authority = Authority.create("Test Bank")
        self.ca = directory / "ca.crt"
        self.ca.write_text(self._authority.pem)
        self.ca_pem = self._authority.pem
        for name, hosts in (("edge", (*HOSTS, DOMAIN)), ("server", ("127.0.0.1",))):
            key = generate_key()
            self._keep(name, self._authority.issue_server(key.public_key(), hosts, _LIFE), key_pem(key))
        for name, role in (("edge-client", Role.EDGE), ("trunk", Role.TRUNK)):
            key = generate_key()
            self._keep(name, self._authority.issue_client(key.public_key(), role, "test", _LIFE), key_pem(key))

    def certificate(self, name: str) -> Path:
        """Where a certificate is."""
        return self.directory / f"{name}.crt"

    def key(self, name: str) -> Path:
        """Where its key is."""
        return self.directory / f"{name}.key"

    def _keep(self, name: str, certificate: str, key: bytes) -> None:
        self.certificate(name).write_text(certificate)
        self.key(name).write_bytes(key)


class Edge(EdgeProcess):
    """One edge, on an address of its own. Started and stopped by a thread that is in the outside's namespace."""

    def __init__(self, papers: Papers, number: int, directory: Path, server_url: str) -> None:
        self.host, self.home_port, self.trunk_port = HOSTS[number], 5061 + 10 * number, 5062 + 10 * number
        self._pin = pin_of(papers.certificate("edge").read_text())
        super().__init__(
            EdgeSettings(
                domain=DOMAIN,
                home_listen=Listen(self.host, self.home_port),
                trunk_listen=Listen(self.host, self.trunk_port),
                media=MediaSettings(
                    self.host,
                    Listen("127.0.0.1", 22_222 + number),
                    30_000 + 1_000 * number,
                    30_999 + 1_000 * number,
                    threads=1,
                ),
                tls=TlsFiles(papers.certificate("edge"), papers.key("edge"), papers.ca),
                server=ServerApi(server_url, papers.certificate("edge-client"), papers.key("edge-client"), papers.ca),
                ephemeral_secret=_SECRET,
                run_directory=directory / "run",
                shared_memory_mb=128,
                private_memory_mb=16,
                workers=2,
                query_workers=2,
                max_connections=64,
            ),
            directory / "etc",
        )

    @property
    def address(self) -> EdgeAddress:
        """What the desk is configured with."""
        return EdgeAddress(self.host, self.home_port, (self._pin,))

    @property
    def name(self) -> str:
        """What the line calls it."""
        return f"{self.host}:{self.home_port}"

    def kill_proxy(self) -> None:
        """Let Kamailio die with all its workers, as in a crash; the media relay goes on."""
        proxy = self._children.pop()
        os.killpg(proxy._process.pid, signal.SIGKILL)
        proxy.stop()

    def start_proxy(self) -> None:
        """Start Kamailio again, as it was started before; returns when it answers."""
        settings = self.settings
        memory = ["-m", str(settings.shared_memory_mb), "-M", str(settings.private_memory_mb)]
        run = ["-Y", str(settings.run_directory), "-w", str(settings.run_directory)]
        guard = {"LD_PRELOAD": str(fork_guard.build(settings.run_directory))}
        proxy = self._spawn("kamailio", ["-DD", "-E", *memory, *run, "-f", str(self.directory / KAMAILIO)], guard)
        proxy.wait_for("edge: ready")


def credentials() -> Register:
    """What the agent's desk registers with, as the server would make it."""
    made = ephemeral_credentials(AGENT, _SECRET, datetime.now(UTC) + _LIFE)
    return Register(f"sip:{AGENT}@{DOMAIN}", made.username, DOMAIN, made.password)
