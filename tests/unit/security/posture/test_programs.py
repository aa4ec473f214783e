"""Which programs are named, and that nothing else of the home is."""

import json
from pathlib import Path

import pytest

from client.security.posture import DeskSeen, Sensor
from client.security.posture.collect import Seen
from client.security.posture.facts import Facts
from client.security.posture.machine import Process, ThisMachine
from client.security.posture.processes import from_ps
from client.security.posture.programs import running
from provisioning.posture import PosturePolicy
from provisioning.posture_programs import DEFAULT_PROGRAMS
from tests.stage.programs import running_as
from tests.unit.security.posture.recorded import RecordedMachine, processes


def named(*found: Process, devices: tuple[str, ...] = ()) -> set[str]:
    hits = running(RecordedMachine(running=found), DEFAULT_PROGRAMS, devices)
    assert hits is not None
    return {hit.name for hit in hits}


@pytest.mark.parametrize(
    ("process", "name"),
    [
        ("teamviewerd", "TeamViewer"),
        ("TeamViewer_Service.exe", "TeamViewer"),
        ("AnyDesk.exe", "AnyDesk"),
        ("ToDesk_Service.exe", "ToDesk"),
        ("SunloginClient", "向日葵 (Sunlogin)"),
        ("rustdesk", "RustDesk"),
        ("obs64.exe", "OBS Studio"),
        # Fifteen characters are all that Linux keeps.
        ("gnome-remote-de", "GNOME Remote Desktop"),
        ("simplescreenrec", "SimpleScreenRecorder"),
    ],
)
def test_programs_are_known_by_their_processes_on_every_system(process: str, name: str) -> None:
    assert named(*processes("bash", process)) == {name}


def test_a_program_with_another_use_is_named_by_what_it_was_told() -> None:
    assert named(Process(("ffmpeg",), "-i song.flac song.mp3")) == set()
    assert named(Process(("ffmpeg",), "-f x11grab -i :0 out.mkv")) == {"ffmpeg (screen)"}


def test_a_sound_device_names_its_program() -> None:
    assert named(devices=("CABLE Output (VB-Audio Virtual Cable)",)) >= {"VB-Audio Cable"}
    assert named(devices=("Microphone (Jabra)",)) == set()


def test_where_nothing_can_be_listed_nothing_is_claimed() -> None:
    assert running(RecordedMachine(running=None), DEFAULT_PROGRAMS) is None


def test_a_mac_lists_paths_with_spaces() -> None:
    player = "/System/Applications/QuickTime Player.app/Contents/MacOS/QuickTime Player"
    names = f"    1 /sbin/launchd\n  812 {player}\n  900 /opt/homebrew/bin/ffmpeg\n"
    told = f"    1 /sbin/launchd\n  812 {player}\n  900 ffmpeg -f avfoundation -i 1 out.mp4\n"
    listed = [Process(names, arguments) for names, arguments in from_ps(names, told)]
    assert named(*listed) == {"QuickTime Player", "ffmpeg (screen)"}


def test_a_program_that_starts_here_is_found_and_others_are_not_named(tmp_path: Path) -> None:
    sensor, policy = Sensor(lambda: DeskSeen("xcb")), PosturePolicy()
    with running_as("rustdesk", tmp_path), running_as("family-photos", tmp_path):
        facts = sensor.quick(policy, Seen(Facts()))
    assert "RustDesk" in {hit.name for hit in facts["programs"] or ()}
    assert "family-photos" not in json.dumps([hit.model_dump() for hit in facts["programs"] or ()])
    after = sensor.quick(policy, Seen(Facts()))
    assert "RustDesk" not in {hit.name for hit in after["programs"] or ()}


def test_this_pc_lists_this_test() -> None:
    listed = ThisMachine().processes()
    assert listed is not None
    assert any("pytest" in process.arguments or "pytest" in process.names for process in listed)
