"""Windows, without administrator's rights: one question to PowerShell, answered in JSON.

Sources: CIM classes Win32_OperatingSystem, Win32_QuickFixEngineering, Win32_ComputerSystem, MSFT_NetFirewallProfile
(root/StandardCimv2) and AntiVirusProduct (root/SecurityCenter2); the shell's property System.Volume.BitLockerProtection
which, other than Win32_EncryptableVolume, anybody may read; SystemInformation.TerminalServerSession, which is
GetSystemMetrics(SM_REMOTESESSION).
"""

import ctypes
import json
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from client.security.posture.facts import Facts, age_in_days, switch
from client.security.posture.machine import Machine

_SCRIPT = r"""
$ErrorActionPreference = 'SilentlyContinue'
$ProgressPreference = 'SilentlyContinue'
[Console]::OutputEncoding = [Text.Encoding]::UTF8
Add-Type -AssemblyName System.Windows.Forms
$os = Get-CimInstance Win32_OperatingSystem
$computer = Get-CimInstance Win32_ComputerSystem
$version = Get-ItemProperty 'HKLM:\SOFTWARE\Microsoft\Windows NT\CurrentVersion'
$desktop = Get-ItemProperty 'HKCU:\Control Panel\Desktop'
$policy = Get-ItemProperty 'HKCU:\Software\Policies\Microsoft\Windows\Control Panel\Desktop'
$machine = Get-ItemProperty 'HKLM:\SOFTWARE\Microsoft\Windows\CurrentVersion\Policies\System'
$volume = (New-Object -ComObject Shell.Application).NameSpace($env:SystemDrive).Self
[ordered]@{
  caption = $os.Caption
  build = "$($os.BuildNumber).$($version.UBR)"
  patched = @(Get-CimInstance Win32_QuickFixEngineering | Where-Object InstalledOn |
    ForEach-Object { $_.InstalledOn.ToString('yyyy-MM-dd') })
  bitlocker = $volume.ExtendedProperty('System.Volume.BitLockerProtection')
  firewall = @(Get-CimInstance -Namespace root/StandardCimv2 MSFT_NetFirewallProfile |
    ForEach-Object { [int]$_.Enabled })
  antivirus = @(Get-CimInstance -Namespace root/SecurityCenter2 AntiVirusProduct |
    ForEach-Object { [int64]$_.productState })
  saver = "$($desktop.ScreenSaveActive)"
  saverSecure = "$($desktop.ScreenSaverIsSecure)"
  saverSeconds = "$($desktop.ScreenSaveTimeOut)"
  policySecure = "$($policy.ScreenSaverIsSecure)"
  policySeconds = "$($policy.ScreenSaveTimeOut)"
  lockSeconds = "$($machine.InactivityTimeoutSecs)"
  maker = $computer.Manufacturer
  model = $computer.Model
  remote = [System.Windows.Forms.SystemInformation]::TerminalServerSession
  microphones = @(Get-CimInstance Win32_PnPEntity -Filter "PNPClass='AudioEndpoint'" | ForEach-Object { $_.Name })
} | ConvertTo-Json -Compress
"""
_SECONDS = 20.0
_VIRTUAL = (
    *("vmware", "virtualbox", "innotek", "qemu", "kvm", "xen", "parallels", "bochs", "virtual machine", "openstack"),
    *("amazon ec2", "google compute", "alibaba cloud", "tencent cloud"),
)
_BITLOCKER = {1: True, 2: False, 3: True, 4: True, 5: False, 6: True}
"""The shell's values: on, off, being encrypted, being decrypted, suspended, on and locked."""
_ANTIVIRUS_ON = 0x1000
_SM_REMOTESESSION = 0x1000

Answer = Mapping[str, Any]


def ask(machine: Machine) -> Answer | None:
    """Ask all that there is to ask at once: starting PowerShell is what takes time."""
    root = machine.variable("SystemRoot") or r"C:\Windows"
    program = rf"{root}\System32\WindowsPowerShell\v1.0\powershell.exe"
    written = machine.run(program, "-NoProfile", "-NonInteractive", "-Command", _SCRIPT, seconds=_SECONDS)
    try:
        answer = json.loads(written or "")
    except ValueError:
        return None
    return answer if isinstance(answer, dict) else None


def read(answer: Answer, now: float) -> Facts:
    """Read the answer; a part that is missing or makes no sense is unknown."""
    facts = Facts(
        os="windows",
        os_version=str(answer.get("caption") or "")[:120],
        os_build=str(answer.get("build") or "")[:120],
    )
    for part in _PARTS:
        try:
            facts.update(part(answer, now))
        except (TypeError, ValueError, KeyError):
            continue
    return facts


def _patches(answer: Answer, now: float) -> Facts:
    moments = [datetime.fromisoformat(day).astimezone().timestamp() for day in answer["patched"] or ()]
    return Facts(patch_age_days=age_in_days(moments, now))


def _disks(answer: Answer, _now: float) -> Facts:
    value = answer["bitlocker"]
    return Facts(disk_encryption=switch(_BITLOCKER.get(int(value)) if value is not None else None))


def _firewall(answer: Answer, _now: float) -> Facts:
    profiles = [int(enabled) for enabled in answer["firewall"]]
    # Every profile: which one a home's network has is not asked.
    return Facts(firewall=switch(all(profiles) if profiles else None))


def _antivirus(answer: Answer, _now: float) -> Facts:
    states = [int(state) for state in answer["antivirus"]]
    return Facts(antivirus=switch(any(state & _ANTIVIRUS_ON for state in states)))


def _screen_lock(answer: Answer, _now: float) -> Facts:
    waits = [int(seconds) for seconds in (answer["lockSeconds"],) if seconds and int(seconds)]
    secure = answer["policySecure"] or answer["saverSecure"]
    seconds = answer["policySeconds"] or answer["saverSeconds"]
    if answer["saver"] == "1" and secure == "1" and seconds:
        waits.append(int(seconds))
    return Facts(screen_lock="on", screen_lock_seconds=min(waits)) if waits else Facts(screen_lock="off")


def _virtual_machine(answer: Answer, _now: float) -> Facts:
    said = f"{answer['maker'] or ''} {answer['model'] or ''}".lower().strip()
    return Facts(virtual_machine=switch(any(maker in said for maker in _VIRTUAL) if said else None))


def _remote_session(answer: Answer, _now: float) -> Facts:
    remote = answer["remote"]
    return Facts(remote_session=switch(remote if isinstance(remote, bool) else None))


_PARTS: tuple[Callable[[Answer, float], Facts], ...] = (
    _patches,
    _disks,
    _firewall,
    _antivirus,
    _screen_lock,
    _virtual_machine,
    _remote_session,
)


def session_now() -> Facts:
    """Whether this session is used from elsewhere now; costs nothing. Nothing is said where this is not Windows."""
    metrics = getattr(ctypes, "windll", None)
    if metrics is None:
        return Facts()
    return Facts(remote_session=switch(bool(metrics.user32.GetSystemMetrics(_SM_REMOTESESSION))))


def collect(machine: Machine) -> tuple[Facts, tuple[str, ...]]:
    """Return what PowerShell told, and the names of sound devices for the policy's lists."""
    answer = ask(machine)
    if answer is None:
        return Facts(os="windows"), ()
    names = answer.get("microphones")
    devices = tuple(str(name) for name in names) if isinstance(names, list) else ()
    facts = read(answer, machine.now())
    # Windows does not tell a virtual device from another; the policy's list of names does.
    facts["virtual_microphone"] = "off" if devices else "unknown"
    return facts, devices
