"""Collecting within a bound, numbering, signing, and the desk's own files."""

import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from client.security.device_key import SoftwareDeviceKey
from client.security.posture import DeskSeen, Reporter, Sensor
from client.security.posture.collect import Seen, bounded, collect
from client.security.posture.facts import Facts
from client.security.posture.integrity import Installation
from client.security.posture.reporter import merged
from provisioning import signing
from provisioning.device_proof import open_proof
from provisioning.pki import generate_key, key_pem
from provisioning.posture import Posture, PosturePolicy, Switch
from provisioning.release_files import FILE_NAME, write_list
from tests.unit.security.posture.recorded import RecordedMachine

AT = datetime(2026, 11, 30, 9, tzinfo=UTC)


class Hanging(RecordedMachine):
    """A PC on which one service never answers."""

    def __init__(self) -> None:
        super().__init__(files={"/etc/os-release": "NAME=Debian\n"}, running=())
        self.release = threading.Event()

    def run(self, *command: str, seconds: float = 3.0, errors: bool = False) -> str | None:
        """Wait for whoever lets go."""
        self.release.wait()
        return None


def test_what_hangs_is_unknown_and_the_rest_is_there() -> None:
    machine = Hanging()
    try:
        facts = collect(machine, "Linux", 0.2).facts
    finally:
        machine.release.set()
    assert facts["os_version"] == "Debian"
    assert facts["antivirus"] == "off"
    assert "firewall" not in facts


def test_what_fails_is_left_out_and_says_nothing_of_the_home(caplog: pytest.LogCaptureFixture) -> None:
    def fails() -> int:
        raise OSError("/home/lin/letters")

    caplog.set_level("INFO")
    assert bounded([lambda: 1, fails, lambda: 3], 5) == [1, 3]
    assert "OSError" in caplog.text
    assert "letters" not in caplog.text


def test_a_system_that_nobody_knows_is_still_reported() -> None:
    sensor = Sensor(lambda: DeskSeen("xcb"), RecordedMachine(running=None), "Plan9")
    facts, desk, integrity = sensor.at_sign_in(PosturePolicy())
    assert (facts, desk, integrity) == ({"os": "other", "programs": None}, DeskSeen("xcb"), "unknown")


@pytest.mark.parametrize(
    ("monitors", "found"),
    [
        (None, "unknown"),
        (("eDP-1 BOE 0x0A1B",), "off"),
        (("HDMI-1 Dell U2723QE", "VNC-0  "), "on"),
        (("Virtual-1 Red Hat QEMU Monitor",), "on"),
    ],
)
def test_monitors_are_counted_and_told_apart(monitors: tuple[str, ...] | None, found: Switch) -> None:
    desk = DeskSeen("wayland", "verified", monitors)
    assert (desk.display, desk.remote_monitor) == ("wayland", found)
    assert DeskSeen("eglfs").display == "unknown"


def reporter(directory: Path, at: datetime) -> Reporter:
    return Reporter(directory, lambda: at)


def report(maker: Reporter, key: SoftwareDeviceKey) -> Posture:
    return maker.posture(Facts(os="linux"), DeskSeen("xcb", monitors=("a", "b")), "unknown", key, 0.25)


def test_numbers_only_rise_whatever_the_clock_and_the_disk_do(tmp_path: Path) -> None:
    key = SoftwareDeviceKey(key_pem(generate_key()))
    first = report(reporter(tmp_path, AT), key)
    set_back = reporter(tmp_path, AT - timedelta(days=400))
    second, third = report(set_back, key), report(set_back, key)
    assert first.sequence < second.sequence < third.sequence
    # A file that was lost or damaged is made up for by the clock.
    (tmp_path / "posture-number").write_text("nonsense")
    assert report(reporter(tmp_path, AT + timedelta(days=1)), key).sequence > third.sequence
    # And a disk that takes nothing, by memory.
    unwritable = reporter(tmp_path / "gone", AT)
    assert report(unwritable, key).sequence < report(unwritable, key).sequence


def test_a_report_is_signed_for_its_purpose(tmp_path: Path) -> None:
    private = generate_key()
    key = SoftwareDeviceKey(key_pem(private))
    maker = reporter(tmp_path, AT)
    posture = report(maker, key)
    opened = Posture.model_validate_json(open_proof(maker.sign(posture, key), "posture", private.public_key()))
    assert opened == posture
    assert (opened.monitors, opened.key_storage, opened.round_trip_seconds) == (2, "os-key-store", 0.25)


def test_a_quick_look_that_knows_less_does_not_undo_what_was_known() -> None:
    seen = Seen(Facts(os="windows", remote_session="on"))
    assert merged(seen, Facts(programs=(), remote_session="unknown"))["remote_session"] == "on"
    assert merged(seen, Facts(programs=(), remote_session="off"))["remote_session"] == "off"


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """An installed desk, small."""
    for name in ("client/core/desk.py", "provisioning/pins.py"):
        file = tmp_path / name
        file.parent.mkdir(parents=True)
        file.write_text(f"# {name}\n")
    return tmp_path


def test_the_desks_own_files(package: Path) -> None:
    key, other = signing.generate_signing_key(), signing.generate_signing_key()
    keys = (signing.public_pem(key),)
    desk = Installation(package)
    assert desk.check(keys) == "unknown"
    write_list(package, "1.0", key)
    assert desk.check(keys) == "whole"
    assert desk.check(()) == "unknown"
    assert desk.check((signing.public_pem(other),)) == "changed"
    # What Python compiles on the PC is not the release's.
    cache = package / "client/core/__pycache__"
    cache.mkdir()
    (cache / "desk.cpython-311.pyc").write_bytes(b"\0")
    assert desk.check(keys) == "whole"
    added = package / "client/core/extra.py"
    added.write_text("")
    assert desk.check(keys) == "changed"
    added.unlink()
    assert desk.check(keys) == "whole"
    (package / "provisioning/pins.py").write_text("# provisioning/pins.PY\n")
    assert desk.check(keys) == "changed"
    # A list that fits, signed by whoever changed the files.
    write_list(package, "1.0", other)
    assert desk.check(keys) == "changed"
    (package / FILE_NAME).write_text("a.b.c")
    assert desk.check(keys) == "changed"


def test_a_manifest_is_no_list_of_files(package: Path) -> None:
    key = signing.generate_signing_key()
    (package / FILE_NAME).write_text(signing.sign(b'{"version": "1", "files": {}}', key))
    assert Installation(package).check((signing.public_pem(key),)) == "changed"
