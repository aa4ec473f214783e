"""What the Linux collectors make of what PCs answered."""

from datetime import datetime

import pytest

from client.security.posture import linux
from client.security.posture.linux_disks import everything_is_encrypted
from client.security.posture.machine import Process
from tests.unit.security.posture.recorded import RecordedMachine, processes

DAY = 86_400.0


def test_names_and_builds() -> None:
    machine = RecordedMachine(
        files={
            "/etc/os-release": 'NAME="Ubuntu"\nVERSION_ID="24.04"\nPRETTY_NAME="Ubuntu 24.04.3 LTS"\n',
            "/proc/sys/kernel/osrelease": "6.8.0-88-generic\n",
        }
    )
    assert linux.system(machine) == {"os": "linux", "os_version": "Ubuntu 24.04.3 LTS", "os_build": "6.8.0-88-generic"}
    assert linux.system(RecordedMachine()) == {"os": "linux", "os_version": "", "os_build": ""}


HISTORY = """
Start-Date: 2026-05-01  10:00:00
Commandline: apt-get upgrade
Upgrade: openssl:amd64 (3.0.16-1, 3.0.17-1)
End-Date: 2026-05-01  10:01:00

Start-Date: 2026-05-20  10:00:00
Commandline: apt install gimp
Install: gimp:amd64 (2.10.34-1)
End-Date: 2026-05-20  10:01:00
"""


def test_patches_are_as_old_as_the_last_upgrade_and_an_installed_program_is_none() -> None:
    now = datetime(2026, 5, 28, 12).astimezone().timestamp()
    machine = RecordedMachine(files={"/var/log/apt/history.log": HISTORY}, clock=now)
    assert linux.patches(machine) == {"patch_age_days": 27}
    stamped = RecordedMachine(
        files={"/var/log/apt/history.log": HISTORY},
        times={"/var/lib/apt/periodic/unattended-upgrades-stamp": now - 2.5 * DAY},
        clock=now,
    )
    assert linux.patches(stamped) == {"patch_age_days": 2}
    fedora = RecordedMachine(times={"/var/lib/dnf/history.sqlite": now - 100 * DAY}, clock=now)
    assert linux.patches(fedora) == {"patch_age_days": 100}
    ahead = RecordedMachine(times={"/var/log/pacman.log": now + 5 * DAY}, clock=now)
    assert linux.patches(ahead) == {"patch_age_days": 0}
    assert linux.patches(RecordedMachine(clock=now)) == {"patch_age_days": None}


LUKS = {
    "/proc/self/mountinfo": (
        "25 1 254:1 / / rw,relatime shared:1 - ext4 /dev/mapper/vg-root rw\n"
        "90 25 254:2 / /home rw,relatime shared:40 - ext4 /dev/mapper/vg-home rw\n"
        "91 25 0:40 / /tmp rw,nosuid shared:41 - tmpfs tmpfs rw\n"
        "92 25 259:1 / /boot/efi rw,relatime shared:42 - vfat /dev/nvme0n1p1 rw\n"
    ),
    "/sys/dev/block/254:1/dm/uuid": "LVM-abc\n",
    "/sys/dev/block/254:2/dm/uuid": "LVM-def\n",
    "/sys/class/block/dm-0/dm/uuid": "CRYPT-LUKS2-1234-nvme0n1p3_crypt\n",
    "/proc/swaps": "Filename Type Size Used Priority\n/dev/dm-3 partition 1000 0 -2\n",
    "/sys/class/block/dm-3/dm/uuid": "LVM-ghi\n",
}
LUKS_FOLDERS = {
    "/sys/dev/block/254:1/slaves": ("dm-0",),
    "/sys/dev/block/254:2/slaves": ("dm-0",),
    "/sys/class/block/dm-3/slaves": ("dm-0",),
}


def test_lvm_over_luks_is_encrypted_with_its_swap() -> None:
    machine = RecordedMachine(files=LUKS, folders=LUKS_FOLDERS, links={"/dev/dm-3": "/dev/dm-3"})
    assert everything_is_encrypted(machine) is True
    assert linux.disks(machine) == {"disk_encryption": "on"}


def test_one_part_that_is_not_encrypted_is_enough() -> None:
    plain_home = {**LUKS, "/sys/dev/block/254:2/dm/uuid": "LVM-def\n", "/sys/class/block/sda1/dev": "8:1\n"}
    folders = {**LUKS_FOLDERS, "/sys/dev/block/254:2/slaves": ("sda1",)}
    machine = RecordedMachine(files=plain_home, folders=folders, links={"/dev/dm-3": "/dev/dm-3"})
    assert everything_is_encrypted(machine) is False
    swap = {**LUKS, "/proc/swaps": "Filename Type\n/dev/sda2 partition\n", "/sys/class/block/sda2/dev": "8:2\n"}
    machine = RecordedMachine(files=swap, folders=LUKS_FOLDERS, links={"/dev/sda2": "/dev/sda2"})
    assert everything_is_encrypted(machine) is False


def test_btrfs_is_followed_to_its_disk_and_what_has_none_is_unknown() -> None:
    btrfs = {"/proc/self/mountinfo": "25 1 0:22 /@ / rw - btrfs /dev/mapper/luks-1 rw\n"}
    files = {**btrfs, "/sys/class/block/dm-0/dm/uuid": "CRYPT-LUKS2-1\n"}
    assert everything_is_encrypted(RecordedMachine(files=files, links={"/dev/mapper/luks-1": "/dev/dm-0"})) is True
    zfs = {"/proc/self/mountinfo": "25 1 0:22 / / rw - zfs rpool/ROOT rw\n"}
    assert everything_is_encrypted(RecordedMachine(files=zfs)) is None
    assert everything_is_encrypted(RecordedMachine()) is None


@pytest.mark.parametrize(
    ("active", "ufw", "found"),
    [
        (("firewalld",), "no", "on"),
        (("ufw",), "yes", "on"),
        (("ufw",), "no", "off"),
        (("nftables",), "no", "on"),
        ((), "no", "off"),
    ],
)
def test_firewalls(active: tuple[str, ...], ufw: str, found: str) -> None:
    units = ("firewalld", "ufw", "nftables", "netfilter-persistent", "iptables")
    told = "\n\n".join(f"Id={unit}.service\nActiveState={'active' if unit in active else 'inactive'}" for unit in units)
    machine = RecordedMachine(files={"/etc/ufw/ufw.conf": f"# on or off\nENABLED={ufw}\n"}, answers={"systemctl": told})
    assert linux.firewall(machine) == {"firewall": found}
    assert linux.firewall(RecordedMachine()) == {"firewall": "unknown"}


def test_scanners() -> None:
    assert linux.antivirus(RecordedMachine(running=processes("bash", "clamonacc"))) == {"antivirus": "on"}
    assert linux.antivirus(RecordedMachine(running=processes("bash"))) == {"antivirus": "off"}
    assert linux.antivirus(RecordedMachine(running=None)) == {"antivirus": "unknown"}


def gnome(enabled: str, idle: str, delay: str = "uint32 0") -> RecordedMachine:
    return RecordedMachine(
        variables={"XDG_CURRENT_DESKTOP": "ubuntu:GNOME"},
        answers={
            "gsettings get org.gnome.desktop.screensaver lock-enabled": f"{enabled}\n",
            "gsettings get org.gnome.desktop.session idle-delay": f"{idle}\n",
            "gsettings get org.gnome.desktop.screensaver lock-delay": f"{delay}\n",
        },
    )


def test_screen_locks() -> None:
    locked = {"screen_lock": "on", "screen_lock_seconds": 330}
    assert linux.screen_lock(gnome("true", "uint32 300", "uint32 30")) == locked
    assert linux.screen_lock(gnome("true", "uint32 0")) == {"screen_lock": "off"}
    assert linux.screen_lock(gnome("false", "uint32 300")) == {"screen_lock": "off"}
    kde = {"XDG_CURRENT_DESKTOP": "KDE", "HOME": "/home/lin"}
    asked = RecordedMachine(
        variables=kde, files={"/home/lin/.config/kscreenlockerrc": "[Daemon]\nTimeout=10\nLockGrace=5\n"}
    )
    assert linux.screen_lock(asked) == {"screen_lock": "on", "screen_lock_seconds": 605}
    assert linux.screen_lock(RecordedMachine(variables=kde)) == {"screen_lock": "on", "screen_lock_seconds": 300}
    never = RecordedMachine(variables=kde, files={"/home/lin/.config/kscreenlockerrc": "[Daemon]\nAutolock=false\n"})
    assert linux.screen_lock(never) == {"screen_lock": "off"}
    assert linux.screen_lock(RecordedMachine(variables={"XDG_CURRENT_DESKTOP": "i3"})) == {}


@pytest.mark.parametrize(
    ("files", "found"),
    [
        ({"/sys/class/dmi/id/sys_vendor": "QEMU\n"}, "on"),
        ({"/sys/class/dmi/id/product_name": "VMware Virtual Platform\n"}, "on"),
        ({"/sys/class/dmi/id/sys_vendor": "Microsoft Corporation", "/proc/version": "Linux-microsoft-WSL2"}, "on"),
        ({"/sys/class/dmi/id/sys_vendor": "LENOVO\n", "/proc/cpuinfo": "flags\t\t: fpu sse2\n"}, "off"),
        ({"/sys/class/dmi/id/sys_vendor": "LENOVO\n", "/proc/cpuinfo": "flags\t\t: fpu hypervisor sse2\n"}, "on"),
        ({}, "unknown"),
    ],
)
def test_virtual_machines(files: dict[str, str], found: str) -> None:
    assert linux.virtual_machine(RecordedMachine(files=files)) == {"virtual_machine": found}


@pytest.mark.parametrize(
    ("variables", "told", "found"),
    [
        ({"SSH_CONNECTION": "1.2.3.4 5 6.7.8.9 22"}, "Remote=no", "on"),
        ({"XRDP_SESSION": "1"}, "Remote=no", "on"),
        ({"DISPLAY": "localhost:10.0"}, "", "on"),
        ({"DISPLAY": ":0", "XDG_SESSION_ID": "2"}, "Remote=no\n", "off"),
        ({"DISPLAY": ":0", "XDG_SESSION_ID": "2"}, "Remote=yes\n", "on"),
        ({"DISPLAY": ":0"}, "", "unknown"),
    ],
)
def test_remote_sessions(variables: dict[str, str], told: str, found: str) -> None:
    machine = RecordedMachine(variables=variables, answers={"loginctl show-session 2": told})
    assert linux.remote_session(machine) == {"remote_session": found}


def sources(*names: str) -> dict[str, str]:
    lines = [f"{number}\t{name}\tPipeWire\ts16le 2ch 48000Hz\tSUSPENDED" for number, name in enumerate(names)]
    return {"pactl list short sources": "\n".join(lines)}


def test_microphones_without_a_device() -> None:
    real = ("alsa_output.pci-0000_00_1f.3.analog-stereo.monitor", "alsa_input.usb-Jabra_Evolve2-00.mono-fallback")
    assert linux.microphones(RecordedMachine(answers=sources(*real))) == {"virtual_microphone": "off"}
    virtual = RecordedMachine(answers=sources(*real, "voice_changer"))
    assert linux.microphones(virtual) == {"virtual_microphone": "on"}
    looped = RecordedMachine(
        answers=sources(*real), files={"/proc/asound/cards": " 1 [Loopback]: Loopback - Loopback\n"}
    )
    assert linux.microphones(looped) == {"virtual_microphone": "on"}
    assert linux.microphones(RecordedMachine()) == {"virtual_microphone": "unknown"}


def test_every_collector_survives_nonsense() -> None:
    class Nonsense(RecordedMachine):
        def read(self, path: str) -> str | None:
            return "\0=='\"\n - \n" * 3

        def run(self, *command: str, seconds: float = 3.0, errors: bool = False) -> str | None:
            return "\0=\t\t'\n\n"

    machine = Nonsense(running=(Process(("",)),), variables={"XDG_CURRENT_DESKTOP": "GNOME", "XDG_SESSION_ID": "1"})
    for collector in linux.COLLECTORS:
        collector(machine)
