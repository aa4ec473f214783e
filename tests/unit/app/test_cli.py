"""The command line: what goes wrong is said in words, with exit status 1, and never with a traceback."""

import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from client.app import cli
from client.core.problems import problem
from client.security.identity import DeviceProfile, NotEnrolled
from provisioning.enrolment import EnrolmentCode, EnrolmentLink
from tests.stage.ports import HOST, free_port
from tests.stage.programs import running_as
from tests.unit.security.fakes import MemoryKeys, Organisation


@pytest.fixture
def keys(monkeypatch: pytest.MonkeyPatch) -> MemoryKeys:
    keys = MemoryKeys()
    monkeypatch.setattr(cli, "_keys", lambda _profile: keys)
    return keys


@pytest.fixture
def profile(tmp_path: Path) -> Path:
    return tmp_path / "profile"


def run(*arguments: str, answer: str = "") -> Result:
    return CliRunner().invoke(cli.app, list(arguments), input=answer)


def failed(result: Result, code: str) -> bool:
    """Whether it ended with status 1 and exactly the words of this problem."""
    words = problem(code)
    assert result.exit_code == 1
    assert result.stderr == f"{words.happened}\n{words.means}\n{words.do}\n"
    assert "Traceback" not in result.output
    return not result.stdout


def mistyped() -> str:
    code = str(EnrolmentCode.generate())
    return code[:-1] + ("0" if code[-1] != "0" else "1")


def test_a_mistyped_code_is_said_in_words(keys: MemoryKeys, profile: Path) -> None:
    assert failed(run("enrol", mistyped(), "--server", "desks.example.com", "--profile", str(profile)),
                  "enrolment-code-mistyped")  # fmt: skip
    assert failed(run("enrol", "hearthline://nonsense", "--profile", str(profile)), "enrolment-code-mistyped")


def test_a_bad_server_address_is_said_in_words(keys: MemoryKeys, profile: Path) -> None:
    code = str(EnrolmentCode.generate())
    for address in ("", "https://desks.example.com", "a b"):
        assert failed(run("enrol", code, "--server", address, "--profile", str(profile)), "enrolment-server-wrong")


def test_a_server_that_is_away_is_said_in_words(keys: MemoryKeys, profile: Path) -> None:
    link = EnrolmentLink(HOST, free_port(), EnrolmentCode.generate())
    assert failed(run("enrol", str(link), "--profile", str(profile)), "server-unreachable")


def test_a_locked_key_store_is_said_in_words(keys: MemoryKeys, profile: Path) -> None:
    keys.locked = True
    link = EnrolmentLink(HOST, free_port(), EnrolmentCode.generate())
    assert failed(run("enrol", str(link), "--profile", str(profile)), "key-store-locked")


def test_a_code_can_be_kept_out_of_the_process_list(keys: MemoryKeys, profile: Path) -> None:
    code = mistyped()
    result = run("enrol", "-", "--server", "desks.example.com", "--profile", str(profile), answer=f"{code}\n")
    assert result.exit_code == 1
    assert problem("enrolment-code-mistyped").happened in result.stderr
    assert code not in result.output


def test_the_state_of_a_pc_is_told(keys: MemoryKeys, profile: Path) -> None:
    result = run("status", "--profile", str(profile))
    assert (result.exit_code, result.stdout) == (1, "This PC is not enrolled.\n")
    Organisation().enrol(profile, keys)
    result = run("status", "--profile", str(profile))
    assert (result.exit_code, result.stdout) == (0, "Enrolled with Test Bank, as device d1.\n")
    keys.locked = True
    assert failed(run("status", "--profile", str(profile)), "key-store-locked")
    keys.locked = False
    (profile / "device.json").write_text("{}")
    assert failed(run("status", "--profile", str(profile)), "profile-damaged")


def test_a_certificate_that_is_over_is_told(keys: MemoryKeys, profile: Path) -> None:
    Organisation().enrol(profile, keys, life=timedelta(days=-90))
    assert failed(run("status", "--profile", str(profile)), "certificate-expired")


def test_a_pc_can_be_made_a_stranger_again(keys: MemoryKeys, profile: Path) -> None:
    Organisation().enrol(profile, keys)
    assert run("forget", "--profile", str(profile)).exit_code == 0
    assert not keys.secrets
    with pytest.raises(NotEnrolled):
        DeviceProfile(profile, keys).load()
    keys.locked = True
    assert failed(run("forget", "--profile", str(profile)), "key-store-locked")


def test_the_help_names_every_command_and_says_how_to_hide_a_code() -> None:
    text = run("--help").stdout
    for command in ("enrol", "status", "forget"):
        assert command in text
    assert "'-' asks for it" in " ".join(run("enrol", "--help").stdout.replace("│", " ").split())


def test_the_real_program_says_it_in_words_too(tmp_path: Path) -> None:
    """In a process of its own, as `python -m client.app`, where a traceback would be printed."""
    code = mistyped()
    done = subprocess.run(
        [sys.executable, "-m", "client.app", "enrol", code, "--server", "x", "--profile", str(tmp_path / "profile")],
        env={**os.environ, "HOME": str(tmp_path)},
        cwd=Path(__file__).parents[3],
        check=False,
        capture_output=True,
        text=True,
    )
    words = problem("enrolment-code-mistyped")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == f"{words.happened}\n{words.means}\n{words.do}\n"
    assert code not in done.stderr


def test_a_person_can_see_what_this_pc_would_report(keys: MemoryKeys, profile: Path, tmp_path: Path) -> None:
    with running_as("todesk", tmp_path), running_as("my-diary", tmp_path):
        result = run("posture", "--profile", str(profile))
    assert result.exit_code == 0
    lines = dict(line.split(maxsplit=1) for line in result.stdout.splitlines() if line and line[0].islower())
    assert "ToDesk (remote-control)" in lines["programs"]
    assert {"disk-encryption", "firewall", "antivirus", "integrity", "os", "virtual-machine"} <= set(lines)
    assert "my-diary" not in result.output
    assert "Nothing else leaves this PC." in result.stdout
