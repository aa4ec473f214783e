"""hearthline-admin and hearthline-server as IT runs them: real processes, a real server."""

import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from provisioning.api import NewEnrolmentCodeReply, NewPersonReply
from provisioning.enrolment import EnrolmentLink
from provisioning.organisation import Organisation
from tests.integration.server.server_process import ServerDied, ServerProcess
from tests.stage.ports import free_port

ROOT = Path(__file__).parents[3]


def run(module: str, *arguments: str, organisation: Path | None = None) -> "subprocess.CompletedProcess[str]":
    environment = {**os.environ, "COLUMNS": "200", "NO_COLOR": "1"}
    if organisation is not None:
        environment["HEARTHLINE_ORGANISATION"] = str(organisation)
    return subprocess.run(
        [sys.executable, "-m", module, *arguments],
        env=environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )


def admin(organisation: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    return run("provisioning.admin.cli", *arguments, organisation=organisation)


def init(directory: Path, port: int) -> "subprocess.CompletedProcess[str]":
    return run(
        "provisioning.admin.cli", "init", "--dir", str(directory), "--name", "Harbour Bank",
        "--server-host", "localhost", "--server-port", str(port),
        "--edge-name-en", "Shanghai 1", "--edge-name-zh", "上海一号",
        "--edge-host", "127.0.0.1", "--edge-port", "5061", "--sip-domain", "sip.harbour.example",
    )  # fmt: skip


@pytest.fixture(scope="module")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("cli") / "org"
    assert init(made, free_port()).returncode == 0
    return made


@pytest.fixture(scope="module")
def process(directory: Path) -> Iterator[ServerProcess]:
    port = Organisation.open(directory).file.server.port
    server = ServerProcess(directory, f"sqlite:///{directory / 'hearthline.db'}", port)
    server.start()
    server.wait_ready()
    yield server
    server.stop()


def test_init_refuses_to_overwrite(directory: Path) -> None:
    before = {path.name: path.read_bytes() for path in directory.iterdir()}
    again = init(directory, 8443)
    assert again.returncode == 1
    assert "is not empty; choose a new directory" in again.stderr
    assert {name: (directory / name).read_bytes() for name in before} == before


def test_people(directory: Path, process: ServerProcess) -> None:
    added = admin(directory, "person", "add", "--name", "lina", "--display-name", "李娜", "--team", "cards", "--json")
    assert added.returncode == 0, added.stderr
    who = NewPersonReply.model_validate_json(added.stdout)
    assert who.totp_uri.startswith("otpauth://totp/Harbour%20Bank:lina")

    again = admin(directory, "person", "add", "--name", "lina", "--display-name", "x", "--team", "cards")
    assert (again.returncode, again.stdout) == (1, "")
    assert "Choose another name" in again.stderr

    mistyped = admin(directory, "person", "add", "--name", "Li Na", "--display-name", "x", "--team", "cards")
    assert mistyped.returncode == 2
    assert "small letters" in mistyped.stderr

    lowered = admin(directory, "person", "clearance", "lina", "basic")
    assert (lowered.returncode, lowered.stdout) == (0, "lina has the clearance basic.\n")
    assert admin(directory, "person", "clearance", "lina", "boss").returncode == 2
    assert "There is no such person" in admin(directory, "person", "clearance", "nobody", "basic").stderr

    assert admin(directory, "person", "disable", "lina").returncode == 0
    [row] = json.loads(admin(directory, "person", "list", "--json").stdout)["people"]
    assert (row["name"], row["display_name"], row["disabled_at"] is None) == ("lina", "李娜", False)
    assert row["clearance"] == "basic"
    assert "李娜" in admin(directory, "person", "list").stdout
    assert not any(who.password in line for line in process.log)


def test_a_code_is_shown_as_text_link_and_picture(directory: Path, process: ServerProcess) -> None:
    made = NewEnrolmentCodeReply.model_validate_json(admin(directory, "code", "new", "--json").stdout)
    link = EnrolmentLink.parse(made.link)
    assert (link.host, link.port, str(link.code)) == ("localhost", process.port, made.code)
    shown = admin(directory, "code", "new", "--minutes", "5").stdout
    assert "hearthline://enrol?" in shown
    assert "▄" in shown


def test_devices(directory: Path, process: ServerProcess) -> None:
    assert json.loads(admin(directory, "device", "list", "--json").stdout) == {"devices": []}
    unknown = admin(directory, "device", "revoke", "none")
    assert unknown.returncode == 1
    assert "There is no such device" in unknown.stderr


def test_publish_doctor_and_audit(directory: Path, process: ServerProcess) -> None:
    published = json.loads(admin(directory, "manifest", "publish", "--json").stdout)
    assert published == {"version": 2, "desks_told": True}
    assert json.loads(admin(directory, "manifest", "show").stdout)["version"] == 2
    healthy = admin(directory, "doctor")
    assert healthy.returncode == 0, healthy.stdout
    explained = admin(directory, "policy", "explain", "--published", "--field", "phone", "--trust", "1")
    assert explained.stdout.startswith("phone (C2, mask phone) is masked.")
    assert "holds the pinned key" in healthy.stdout
    verified = json.loads(admin(directory, "audit", "verify", "--json").stdout)
    assert verified["broken_at"] is None
    whole = run("server.main", "audit", "verify", organisation=directory)
    assert (whole.returncode, whole.stdout.startswith("The audit log is whole")) == (0, True)


def test_doctor_says_what_is_wrong(directory: Path, process: ServerProcess) -> None:
    (directory / "admin.crt").chmod(0o644)
    sick = admin(directory, "doctor")
    (directory / "admin.crt").chmod(0o600)
    assert sick.returncode == 1
    assert "WRONG  Others can read admin.crt." in sick.stdout
    file = directory / "organisation.toml"
    published = file.read_text(encoding="utf-8")
    file.write_text(published.replace("manual_dialling = false", "manual_dialling = true"), encoding="utf-8")
    sick = admin(directory, "doctor")
    file.write_text(published, encoding="utf-8")
    assert "Run: hearthline-admin manifest publish" in sick.stdout


def test_a_server_of_another_organisation_is_not_spoken_to(
    tmp_path: Path, directory: Path, process: ServerProcess
) -> None:
    other = tmp_path / "other"
    assert init(other, process.port).returncode == 0
    refused = admin(other, "person", "list")
    assert (refused.returncode, refused.stdout) == (1, "")
    assert "certificate" in refused.stderr
    # The same authority, but another key at the server: as if its key had been stolen and replaced.
    certificate = (directory / "server.crt").read_bytes()
    try:
        (directory / "server.crt").write_bytes((directory / "edge.crt").read_bytes())
        refused = admin(directory, "person", "list")
    finally:
        (directory / "server.crt").write_bytes(certificate)
    assert refused.returncode == 1
    assert "does not hold this organisation's server key; nothing was sent" in refused.stderr


def test_without_a_server(tmp_path: Path) -> None:
    alone = tmp_path / "org"
    assert init(alone, free_port()).returncode == 0
    for command in (("person", "list"), ("code", "new"), ("audit", "verify")):
        failed = admin(alone, *command)
        assert (failed.returncode, failed.stdout) == (1, "")
        assert "there is no server at localhost" in failed.stderr
    published = admin(alone, "manifest", "publish")
    assert published.returncode == 0
    assert "Version 2 is signed" in published.stdout
    assert "desks were not told" in published.stderr


def test_the_edges_directory_has_all_that_its_configuration_names(tmp_path: Path, directory: Path) -> None:
    out = tmp_path / "edge"
    made = admin(directory, "edge", "config", "--out", str(out), "--run-directory", str(tmp_path / "run"))
    assert made.returncode == 0, made.stderr
    names = {path.name for path in out.iterdir()}
    assert {"kamailio.cfg", "tls.cfg", "rtpengine.conf", "edge.key", "edge-client.key", "ca.crt"} <= names
    assert all(path.stat().st_mode & 0o077 == 0 for path in out.iterdir())


def test_the_turn_servers_directory_has_all_that_its_configuration_names(tmp_path: Path, directory: Path) -> None:
    out = tmp_path / "turn"
    arguments = ("edge", "turn", "--out", str(out), "--run-directory", str(tmp_path / "run"))
    made = admin(directory, *arguments)
    assert (made.returncode, made.stdout.strip()) == (0, str(out / "turnserver.conf"))
    assert {path.name for path in out.iterdir()} == {"turnserver.conf", "edge.crt", "edge.key"}
    assert all(path.stat().st_mode & 0o077 == 0 for path in out.iterdir())
    refused = admin(directory, *arguments, "--media-host", "media.example")
    assert refused.returncode == 1
    assert "'media.example' is no IP address" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_demo_customers_are_loaded_once_and_are_the_same_for_the_same_seed(tmp_path: Path, directory: Path) -> None:
    addresses = [f"sqlite:///{tmp_path / name}" for name in ("a.db", "b.db")]
    for address in addresses:
        arguments = ("load-demo-customers", "--count", "5", "--seed", "3", "--database", address)
        assert run("server.main", *arguments, organisation=directory).returncode == 0
        again = run("server.main", *arguments, organisation=directory)
        assert again.returncode == 1
        assert "there are customers in the database already" in again.stderr
    rows = []
    for name in ("a.db", "b.db"):
        with sqlite3.connect(tmp_path / name) as connection:
            rows.append(connection.execute("SELECT * FROM customers ORDER BY id").fetchall())
        connection.close()
    assert rows[0] == rows[1]
    assert len(rows[0]) == 5


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((), "organisation: Field required"),
        (("--organisation", "/nowhere"), "there is no organisation in /nowhere"),
        (("--organisation", "ORG", "--database", "mysql://x/y"), "mysql is no database that the server knows"),
        (("--organisation", "ORG", "--database", "nonsense"), "should be sqlite:///FILE"),
        (("--organisation", "ORG", "--database", "sqlite:////nowhere/x.db"), "could not be brought to this version"),
        (("--organisation", "ORG", "--database", "postgresql://u:geheim@127.0.0.1:1/x"), "could not be brought"),
    ],
)
def test_a_server_that_cannot_start_says_why(directory: Path, arguments: tuple[str, ...], words: str) -> None:
    failed = run("server.main", "serve", *(str(directory) if word == "ORG" else word for word in arguments))
    assert failed.returncode == 1
    assert words in failed.stderr
    assert "Traceback" not in failed.stderr
    assert "geheim" not in failed.stderr


def test_a_server_whose_port_is_taken_says_so(directory: Path, process: ServerProcess, tmp_path: Path) -> None:
    second = ServerProcess(directory, f"sqlite:///{tmp_path / 'second.db'}", process.port)
    second.start()
    try:
        with pytest.raises(ServerDied, match=r"Address already in use\. Is another server running there"):
            second.wait_ready()
    finally:
        assert second.stop() == 1
