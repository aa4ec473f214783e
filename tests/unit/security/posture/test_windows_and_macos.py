"""What the other systems' collectors make of what such PCs answer; the answers are written after documentation."""

import json
from datetime import datetime
from typing import Any

import pytest

from client.security.posture import macos, windows
from tests.unit.security.posture.recorded import RecordedMachine, processes

ANSWER: dict[str, Any] = {
    "caption": "Microsoft Windows 11 家庭版",
    "build": "26100.4946",
    "patched": ["2026-05-14", "2026-04-09"],
    "bitlocker": 1,
    "firewall": [1, 1, 1],
    "antivirus": [397568],
    "saver": "1",
    "saverSecure": "1",
    "saverSeconds": "600",
    "policySecure": "",
    "policySeconds": "",
    "lockSeconds": "",
    "maker": "LENOVO",
    "model": "21CB",
    "remote": False,
    "microphones": ["Microphone (Jabra Evolve2 65)"],
}
NOW = datetime(2026, 5, 28, 12).astimezone().timestamp()
SHELL = r"C:\Windows\System32\WindowsPowerShell\v1.0\powershell.exe -NoProfile -NonInteractive -Command"


def test_a_windows_pc_that_is_kept_well() -> None:
    machine = RecordedMachine(answers={SHELL: json.dumps(ANSWER)}, clock=NOW)
    facts, devices = windows.collect(machine)
    assert facts == {
        "os": "windows",
        "os_version": "Microsoft Windows 11 家庭版",
        "os_build": "26100.4946",
        "patch_age_days": 14,
        "disk_encryption": "on",
        "firewall": "on",
        "antivirus": "on",
        "screen_lock": "on",
        "screen_lock_seconds": 600,
        "virtual_machine": "off",
        "remote_session": "off",
        "virtual_microphone": "off",
    }
    assert devices == ("Microphone (Jabra Evolve2 65)",)
    assert len(machine.asked) == 1


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({"bitlocker": 2}, {"disk_encryption": "off"}),
        ({"bitlocker": 5}, {"disk_encryption": "off"}),
        ({"bitlocker": None}, {"disk_encryption": "unknown"}),
        ({"firewall": [1, 0, 1]}, {"firewall": "off"}),
        ({"firewall": []}, {"firewall": "unknown"}),
        ({"antivirus": [393472]}, {"antivirus": "off"}),
        ({"antivirus": []}, {"antivirus": "off"}),
        ({"saver": "0"}, {"screen_lock": "off"}),
        ({"saverSecure": "0"}, {"screen_lock": "off"}),
        ({"lockSeconds": "300"}, {"screen_lock": "on", "screen_lock_seconds": 300}),
        ({"maker": "VMware, Inc.", "model": "VMware7,1"}, {"virtual_machine": "on"}),
        ({"model": "Virtual Machine", "maker": "Microsoft Corporation"}, {"virtual_machine": "on"}),
        ({"remote": True}, {"remote_session": "on"}),
        ({"remote": None}, {"remote_session": "unknown"}),
        ({"patched": []}, {"patch_age_days": None}),
    ],
)
def test_what_is_wrong_with_a_windows_pc(change: dict[str, Any], found: dict[str, object]) -> None:
    facts = windows.read({**ANSWER, **change}, NOW)
    assert {name: value for name, value in facts.items() if name in found} == found


@pytest.mark.parametrize("name", sorted(set(ANSWER) - {"caption", "build", "microphones"}))
def test_a_part_of_the_answer_that_is_missing_or_senseless_costs_that_part_alone(name: str) -> None:
    whole = windows.read(ANSWER, NOW)
    for broken in ({key: value for key, value in ANSWER.items() if key != name}, {**ANSWER, name: {"a": 1}}):
        facts = windows.read(broken, NOW)
        lost = {key for key in whole if facts.get(key) != whole[key]}  # type: ignore[literal-required]
        assert len(lost) <= 2


def test_a_powershell_that_says_nothing() -> None:
    for answers in ({}, {SHELL: "Access denied."}, {SHELL: "[]"}):
        assert windows.collect(RecordedMachine(answers=answers)) == ({"os": "windows"}, ())


HISTORY = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0"><array>
<dict><key>date</key><date>2026-05-18T09:00:00Z</date><key>displayName</key><string>macOS Tahoe 26.5</string></dict>
<dict><key>date</key><date>2026-05-27T09:00:00Z</date><key>displayName</key><string>Some Game</string></dict>
</array></plist>"""
SOUND = {
    "SPAudioDataType": [
        {
            "_items": [
                {"_name": "MacBook Pro Microphone", "coreaudio_device_input": 1,
                 "coreaudio_device_transport": "coreaudio_device_type_builtin"},
                {"_name": "BlackHole 2ch", "coreaudio_device_input": 2,
                 "coreaudio_device_transport": "coreaudio_device_type_virtual"},
            ]
        }
    ]
}  # fmt: skip
MAC = {
    "/usr/bin/sw_vers -productVersion": "26.5\n",
    "/usr/bin/sw_vers -buildVersion": "25F70\n",
    "/usr/bin/fdesetup status": "FileVault is On.\n",
    "/usr/libexec/ApplicationFirewall/socketfilterfw": "Firewall is enabled. (State = 1) \n",
    "/usr/sbin/spctl --status": "assessments enabled\n",
    "/usr/sbin/sysadminctl -screenLock status": "2026-05-28 sysadminctl[1:2] screenLock delay is 5 seconds\n",
    "/usr/bin/defaults -currentHost read": "300\n",
    "/usr/sbin/sysctl -n kern.hv_vmm_present": "0\n",
    "/usr/sbin/system_profiler": json.dumps(SOUND),
}


def of_mac(machine: RecordedMachine) -> dict[str, object]:
    found: dict[str, object] = {}
    for collector in macos.COLLECTORS:
        found.update(collector(machine))
    return found


def test_a_mac() -> None:
    machine = RecordedMachine(
        answers=MAC,
        files={"/Library/Receipts/InstallHistory.plist": HISTORY},
        clock=NOW,
        running=processes("loginwindow"),
    )
    assert of_mac(machine) == {
        "os": "macos",
        "os_version": "macOS 26.5",
        "os_build": "25F70",
        "patch_age_days": 10,
        "disk_encryption": "on",
        "firewall": "on",
        "antivirus": "on",
        "screen_lock": "on",
        "screen_lock_seconds": 305,
        "virtual_machine": "off",
        "remote_session": "off",
        "virtual_microphone": "on",
    }
    assert "BlackHole 2ch" in macos.sound_devices(machine)


def test_a_mac_that_is_kept_badly() -> None:
    answers = {
        **MAC,
        "/usr/bin/fdesetup status": "FileVault is Off.\n",
        "/usr/libexec/ApplicationFirewall/socketfilterfw": "Firewall is disabled. (State = 0) \n",
        "/usr/sbin/spctl --status": "assessments disabled\n",
        "/usr/sbin/sysadminctl -screenLock status": "sysadminctl[1:2] screenLock is off\n",
        "/usr/sbin/sysctl -n kern.hv_vmm_present": "1\n",
    }
    found = of_mac(RecordedMachine(answers=answers, running=processes("ScreensharingAgent")))
    bad = ("disk_encryption", "firewall", "antivirus", "screen_lock", "virtual_machine", "remote_session")
    assert [found[name] for name in bad] == ["off", "off", "off", "off", "on", "on"]


def test_a_mac_that_says_nothing() -> None:
    found = of_mac(RecordedMachine(running=None))
    assert set(found.values()) <= {"macos", "macOS", "", "unknown", None}
