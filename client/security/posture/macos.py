"""macOS, without administrator's rights: what its own commands and property lists tell."""

import json
import plistlib
import re
from datetime import UTC, datetime
from xml.parsers.expat import ExpatError

from client.security.posture.facts import Facts, age_in_days, switch
from client.security.posture.machine import Machine

_UPDATES = ("macos", "security", "rapid security", "os x")
"""How the names of system updates begin in the history of installations."""
_VIRTUAL_CARDS = ("virtual", "unknown", "aggregate")


def system(machine: Machine) -> Facts:
    """Name and build of the system."""
    version = (machine.run("/usr/bin/sw_vers", "-productVersion") or "").strip()
    build = (machine.run("/usr/bin/sw_vers", "-buildVersion") or "").strip()
    return Facts(os="macos", os_version=f"macOS {version}".strip()[:120], os_build=build[:120])


def patches(machine: Machine) -> Facts:
    """Days since the last update of the system."""
    text = machine.read("/Library/Receipts/InstallHistory.plist")
    try:
        history = plistlib.loads((text or "").encode())
    except (plistlib.InvalidFileException, ExpatError, ValueError):
        return Facts()
    moments = [
        entry["date"].replace(tzinfo=UTC).timestamp()
        for entry in history
        if isinstance(entry.get("date"), datetime) and str(entry.get("displayName", "")).lower().startswith(_UPDATES)
    ]
    return Facts(patch_age_days=age_in_days(moments, machine.now()))


def disks(machine: Machine) -> Facts:
    """FileVault."""
    told = machine.run("/usr/bin/fdesetup", "status") or ""
    return Facts(disk_encryption=switch(_one_of(told, "FileVault is On", "FileVault is Off")))


def firewall(machine: Machine) -> Facts:
    """The application firewall."""
    told = machine.run("/usr/libexec/ApplicationFirewall/socketfilterfw", "--getglobalstate") or ""
    return Facts(firewall=switch(_one_of(told, "enabled", "disabled")))


def antivirus(machine: Machine) -> Facts:
    """Gatekeeper, with which XProtect comes; both are part of the system."""
    told = machine.run("/usr/sbin/spctl", "--status") or ""
    return Facts(antivirus=switch(_one_of(told, "assessments enabled", "assessments disabled")))


def screen_lock(machine: Machine) -> Facts:
    """The screen saver's idle time, and whether it asks for a password at once or later."""
    told = machine.run("/usr/sbin/sysadminctl", "-screenLock", "status", errors=True)
    if told is None or "screenLock" not in told:
        return Facts()
    if "is off" in told:
        return Facts(screen_lock="off")
    idle = machine.run("/usr/bin/defaults", "-currentHost", "read", "com.apple.screensaver", "idleTime") or ""
    if not idle.strip().isdigit():
        # Not written: the system's own default, which differs between its versions.
        return Facts(screen_lock="on")
    if not int(idle):
        return Facts(screen_lock="off")
    delay = re.search(r"delay is (\d+) seconds", told)
    return Facts(screen_lock="on", screen_lock_seconds=int(idle) + (int(delay[1]) if delay else 0))


def virtual_machine(machine: Machine) -> Facts:
    """What the kernel says of what it runs on."""
    told = (machine.run("/usr/sbin/sysctl", "-n", "kern.hv_vmm_present") or "").strip()
    return Facts(virtual_machine=switch({"1": True, "0": False}.get(told)))


def remote_session(machine: Machine) -> Facts:
    """Whether this session came in by SSH, or its screen is being shared: a process of that name runs only then."""
    if any(machine.variable(name) for name in ("SSH_CONNECTION", "SSH_CLIENT", "SSH_TTY")):
        return Facts(remote_session="on")
    processes = machine.processes()
    if processes is None:
        return Facts()
    names = {name for process in processes for name in process.names}
    return Facts(remote_session=switch("ScreensharingAgent" in names or "SSMenuAgent" in names))


def microphones(machine: Machine) -> Facts:
    """Whether a source of sound belongs to no device."""
    devices = _devices(machine)
    if devices is None:
        return Facts()
    virtual = [
        device
        for device in devices
        if device.get("coreaudio_device_input")
        and str(device.get("coreaudio_device_transport", "")).rpartition("_")[2].lower() in _VIRTUAL_CARDS
    ]
    return Facts(virtual_microphone=switch(bool(virtual)))


def sound_devices(machine: Machine) -> tuple[str, ...]:
    """The names of sound devices, for the policy's lists."""
    return tuple(str(device.get("_name", "")) for device in _devices(machine) or ())


def _devices(machine: Machine) -> list[dict[str, object]] | None:
    told = machine.run("/usr/sbin/system_profiler", "-json", "SPAudioDataType", seconds=8.0)
    try:
        groups = json.loads(told or "")["SPAudioDataType"]
        return [device for group in groups for device in group.get("_items", ())]
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


COLLECTORS = (
    system,
    patches,
    disks,
    firewall,
    antivirus,
    screen_lock,
    virtual_machine,
    remote_session,
    microphones,
)


def _one_of(told: str, yes: str, no: str) -> bool | None:
    if yes in told:
        return True
    return False if no in told else None
