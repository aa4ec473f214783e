"""A contact centre: an organisation made by hearthline-admin, a real server, a real edge, and its people."""

import contextlib
import dataclasses
import json
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import pyotp

from provisioning.admin.edge import edge_settings
from provisioning.edge.settings import DigestAlgorithm
from provisioning.organisation import Organisation
from provisioning.organisation_file import FILE_NAME
from tests.integration.edge.edge_process import EdgeProcess
from tests.integration.server.server_process import ServerProcess
from tests.stage.ports import HOST, free_media_range, free_port
from tests.stage.process import StageError

DOMAIN = "desks.hearthline.example"
TEAM = "cards"


@dataclass
class Person:
    """Somebody who can sign in."""

    name: str
    display_name: str
    password: str = field(repr=False)
    totp_uri: str = field(repr=False)
    _used_step: int = 0

    def code(self) -> str:
        """The six digits of this moment."""
        return self._totp.now()

    def fresh_code(self) -> str:
        """Six digits that were not used before: the server takes each once, and the next step's already."""
        step = max(self._used_step + 1, int(time.time()) // 30)
        self._used_step = step
        # The server takes the next step's code a little early, and no later one.
        while step - 1 > int(time.time()) // 30:
            time.sleep(0.5)
        return self._totp.at(step * 30)

    @property
    def _totp(self) -> pyotp.TOTP:
        totp = pyotp.parse_uri(self.totp_uri)
        assert isinstance(totp, pyotp.TOTP)
        return totp


@dataclass(frozen=True)
class Invitation:
    """An enrolment code, as hearthline-admin showed it."""

    code: str = field(repr=False)
    link: str = field(repr=False)


class Centre:
    """The contact centre.

    Args:
        directory: where the organisation, the database and the logs go.
        customers: how many synthetic customers the bank has.
        digest: the edge's digest algorithm; strangers that know only the old one need MD5.
        posture: lines for the organisation's [posture] table, in place of those that it begins with.
    """

    def __init__(
        self, directory: Path, *, customers: int = 60, digest: DigestAlgorithm = "SHA-256", posture: str = ""
    ) -> None:
        self.directory = directory
        self.organisation_directory = directory / "organisation"
        self.database_file = directory / "hearthline.sqlite"
        self.server_port, self.edge_port, self.trunk_port = free_port(), free_port(), free_port()
        self._customers = customers
        self._digest = digest
        self._posture = posture
        self._running = contextlib.ExitStack()
        self.server = ServerProcess(self.organisation_directory, f"sqlite:///{self.database_file}", self.server_port)
        self._edge: EdgeProcess | None = None

    @property
    def edge(self) -> EdgeProcess:
        """The edge, once it was started."""
        assert self._edge is not None
        return self._edge

    @property
    def edge_log(self) -> str:
        """What the edge has written; an empty string before it was started."""
        return self._edge.log if self._edge is not None else ""

    @property
    def organisation(self) -> Organisation:
        """The organisation's directory, opened."""
        return Organisation.open(self.organisation_directory)

    @property
    def server_address(self) -> str:
        """What an agent types at enrolment."""
        return f"{HOST}:{self.server_port}"

    def provision(self) -> None:
        """Make the organisation and its customers."""
        self.admin(
            "init", "--dir", str(self.organisation_directory), "--name", "Harbour Bank",
            "--server-host", HOST, "--server-port", str(self.server_port),
            "--edge-name-en", "Shanghai one", "--edge-name-zh", "上海一号",
            "--edge-host", HOST, "--edge-port", str(self.edge_port), "--sip-domain", DOMAIN,
        )  # fmt: skip
        if self._posture:
            self._set_posture()
        self._run(
            "server.main", "load-demo-customers", "--count", str(self._customers), "--organisation",
            str(self.organisation_directory), "--database", f"sqlite:///{self.database_file}",
        )  # fmt: skip

    def _set_posture(self) -> None:
        file = self.organisation_directory / FILE_NAME
        before, _, after = file.read_text().partition("[posture]\n")
        rest = after[after.index("\n[") :] if "\n[" in after else ""
        file.write_text(f"{before}[posture]\n{self._posture}{rest}")
        self.admin("manifest", "publish", "--dir", str(self.organisation_directory))

    def start_server(self) -> None:
        """Start the server; returns when it serves."""
        self.server.start()
        self.server.wait_ready()

    def start_edge(self) -> None:
        """Start Kamailio and rtpengine; returns when both answer."""
        edge_directory = self.directory / "edge"
        run_directory = edge_directory / "run"
        run_directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        settings = edge_settings(
            self.organisation,
            edge_directory,
            trunk_port=self.trunk_port,
            listen_host=HOST,
            media_host=HOST,
            ng_port=free_port(),
            digits_port=free_port(),
            media_ports=free_media_range(),
            run_directory=run_directory,
        )
        settings = dataclasses.replace(settings, digest_algorithm=self._digest, trunk_srtp=True)
        self._edge = EdgeProcess(settings, edge_directory)
        self._edge.start()

    def start(self) -> None:
        """Provision, and start server and edge."""
        self.provision()
        self.start_server()
        self.start_edge()

    def stop(self) -> None:
        """Stop everything."""
        if self._edge is not None:
            self._edge.stop()
        self.server.stop()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    # --- What IT does -------------------------------------------------------------------------------------------------

    def add_person(self, name: str, display_name: str, role: str = "agent", team: str = TEAM) -> Person:
        """Let somebody sign in."""
        made = self._admin_json(
            "person", "add", "--name", name, "--display-name", display_name, "--role", role, "--team", team,
            "--work-type", "service",
        )  # fmt: skip
        return Person(name, display_name, made["password"], made["totp_uri"])

    def new_code(self) -> Invitation:
        """Make an enrolment code."""
        made = self._admin_json("code", "new")
        return Invitation(made["code"], made["link"])

    def devices(self) -> list[dict[str, Any]]:
        """The devices, as IT sees them."""
        devices = self._admin_json("device", "list")["devices"]
        assert isinstance(devices, list)
        return devices

    def revoke(self, device_id: str) -> None:
        """Revoke a device."""
        self.admin("device", "revoke", device_id, "--dir", str(self.organisation_directory))

    def admin(self, *arguments: str) -> str:
        """Run hearthline-admin and return what it said."""
        return self._run("provisioning.admin.cli", *arguments)

    def _admin_json(self, *arguments: str) -> dict[str, Any]:
        answer = json.loads(self.admin(*arguments, "--dir", str(self.organisation_directory), "--json"))
        assert isinstance(answer, dict)
        return answer

    def _run(self, module: str, *arguments: str) -> str:
        return run_module(module, arguments)


def run_module(module: str, arguments: Sequence[str], environment: dict[str, str] | None = None) -> str:
    """Run one of the project's programs to its end and return its standard output.

    Raises:
        StageError: it failed; the text has what it said.
    """
    done = subprocess.run(
        [sys.executable, "-m", module, *arguments],
        env={**os.environ, **(environment or {})},
        cwd=Path(__file__).parents[2],
        check=False,
        capture_output=True,
        text=True,
        timeout=120,
    )
    if done.returncode != 0:
        raise StageError(f"{module} {arguments[0]} failed: {done.stderr.strip() or done.stdout.strip()}")
    return done.stdout
