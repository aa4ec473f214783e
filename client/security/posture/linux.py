"""Linux, without root: what /etc, /proc, /sys and the session's own services tell."""

import re
import shlex
from datetime import datetime

from client.security.posture.facts import Facts, age_in_days, switch
from client.security.posture.linux_disks import everything_is_encrypted
from client.security.posture.machine import Machine

_ANTIVIRUS = (
    *("clamd", "clamonacc", "wdavdaemon", "mdatp", "falcon-sensor", "sav-protect", "savd", "sophos_threat_d"),
    *("oaeventd", "esets_daemon", "scand", "kesl", "klnagent", "bdsecd", "auditd-bd", "sentinelone-agent", "s1-agent"),
    *("ds_agent", "cbagentd", "cbdaemon", "cytool", "pmd", "360safed", "hipsdaemon", "qaxsafed"),
)
"""Processes of on-access scanners and of endpoint protection."""
_FIREWALLS = ("firewalld", "ufw", "nftables", "netfilter-persistent", "iptables")
_VIRTUAL = (
    *("qemu", "kvm", "vmware", "vmw", "innotek", "virtualbox", "xen", "bochs", "parallels", "bhyve", "openstack"),
    *(
        "virtual machine",
        "amazon ec2",
        "google compute",
        "alibaba cloud",
        "tencent cloud",
        "kubevirt",
        "apple virtualization",
    ),
)
"""As in systemd's detect-virt: what hypervisors write into the firmware's tables."""


def system(machine: Machine) -> Facts:
    """Name and build of the system."""
    release = _assignments(machine.read("/etc/os-release") or machine.read("/usr/lib/os-release") or "")
    version = release.get("PRETTY_NAME") or release.get("NAME", "")
    kernel = (machine.read("/proc/sys/kernel/osrelease") or "").strip()
    return Facts(os="linux", os_version=version[:120], os_build=kernel[:120])


def patches(machine: Machine) -> Facts:
    """Days since packages were last installed or unattended upgrades last found nothing left to do."""
    moments = [
        moment
        for path in (
            "/var/lib/apt/periodic/unattended-upgrades-stamp",
            "/var/lib/dnf/history.sqlite",
            "/usr/lib/sysimage/libdnf5/transaction_history.sqlite",
            "/var/log/zypp/history",
            "/var/log/pacman.log",
        )
        if (moment := machine.modified(path)) is not None
    ]
    moments += _apt_moments(machine.read("/var/log/apt/history.log") or "")
    if not moments and (moment := machine.modified("/var/log/dpkg.log")) is not None:
        # Where apt's own log has just been rotated away.
        moments.append(moment)
    return Facts(patch_age_days=age_in_days(moments, machine.now()))


_APT_END = re.compile(r"^End-Date: (\d{4}-\d\d-\d\d)\s+(\d\d:\d\d:\d\d)$", re.MULTILINE)


def _apt_moments(history: str) -> list[float]:
    """When apt upgraded something; installing a new program brings no patches."""
    moments = []
    for entry in history.split("\n\n"):
        end = _APT_END.search(entry)
        if end is not None and re.search(r"^Upgrade: ", entry, re.MULTILINE):
            moments.append(datetime.fromisoformat(f"{end[1]}T{end[2]}").astimezone().timestamp())
    return moments


def disks(machine: Machine) -> Facts:
    """Whether all that is written to is encrypted."""
    return Facts(disk_encryption=switch(everything_is_encrypted(machine)))


def firewall(machine: Machine) -> Facts:
    """Whether a firewall is on. Its rules can only be read by root; that it runs can be seen by all."""
    enabled = _assignments(machine.read("/etc/ufw/ufw.conf") or "").get("ENABLED", "").lower() == "yes"
    states = machine.run("systemctl", "show", "--property=Id,ActiveState", *_FIREWALLS)
    if states is None:
        return Facts(firewall="unknown")
    active = {
        unit.get("Id", "").removesuffix(".service")
        for unit in map(_assignments, states.split("\n\n"))
        if unit.get("ActiveState") == "active"
    }
    # ufw's unit is active also where ufw is installed and off.
    return Facts(firewall=switch(bool(active - {"ufw"}) or ("ufw" in active and enabled)))


def antivirus(machine: Machine) -> Facts:
    """Whether a scanner runs."""
    processes = machine.processes()
    if processes is None:
        return Facts(antivirus="unknown")
    running = {name for process in processes for name in process.names}
    return Facts(antivirus=switch(any(name in running for name in _ANTIVIRUS)))


def screen_lock(machine: Machine) -> Facts:
    """Whether the desktop locks by itself, and after how long."""
    desktops = machine.variable("XDG_CURRENT_DESKTOP").lower()
    if "kde" in desktops:
        return _kde_lock(machine)
    for name, prefix in (("cinnamon", "org.cinnamon.desktop"), ("mate", "org.mate"), ("", "org.gnome.desktop")):
        if name in desktops and (name or _is_gnome(desktops)):
            return _gnome_lock(machine, prefix)
    return Facts()


def _is_gnome(desktops: str) -> bool:
    return any(name in desktops for name in ("gnome", "unity", "budgie", "pantheon", "ukui", "deepin"))


def _gnome_lock(machine: Machine, prefix: str) -> Facts:
    saver = f"{prefix}.screensaver" if prefix != "org.mate" else "org.mate.screensaver"
    enabled = machine.run("gsettings", "get", saver, "lock-enabled")
    idle = machine.run("gsettings", "get", f"{prefix}.session", "idle-delay")
    if enabled is None or idle is None:
        return Facts()
    idle_seconds = _number(idle)
    if enabled.strip() != "true" or not idle_seconds:
        # An idle time of nought means never.
        return Facts(screen_lock="off")
    # MATE counts in minutes.
    idle_seconds *= 60 if prefix == "org.mate" else 1
    delay = _number(machine.run("gsettings", "get", saver, "lock-delay") or "") or 0
    return Facts(screen_lock="on", screen_lock_seconds=idle_seconds + delay)


def _kde_lock(machine: Machine) -> Facts:
    home = machine.variable("HOME")
    text = machine.read(f"{home}/.config/kscreenlockerrc") or ""
    settings = _assignments(text)
    # Where a setting is not written, KDE's default holds: locked after five minutes.
    if settings.get("Autolock", "true").lower() == "false":
        return Facts(screen_lock="off")
    minutes = _number(settings.get("Timeout", "5")) or 0
    if not minutes:
        return Facts(screen_lock="off")
    grace = _number(settings.get("LockGrace", "0")) or 0
    return Facts(screen_lock="on", screen_lock_seconds=minutes * 60 + grace)


def virtual_machine(machine: Machine) -> Facts:
    """Whether this is a virtual machine, by what firmware and processor say."""
    names = ("sys_vendor", "product_name", "bios_vendor", "board_vendor", "product_version")
    texts = [text for name in names if (text := machine.read(f"/sys/class/dmi/id/{name}"))]
    said = " ".join(texts).lower()
    if any(maker in said for maker in _VIRTUAL) or "microsoft" in (machine.read("/proc/version") or "").lower():
        return Facts(virtual_machine="on")
    processor = machine.read("/proc/cpuinfo") or ""
    if re.search(r"^flags\s*:.*\bhypervisor\b", processor, re.MULTILINE):
        return Facts(virtual_machine="on")
    return Facts(virtual_machine=switch(False if texts or "flags" in processor else None))


_REMOTE_VARIABLES = (
    *("SSH_CONNECTION", "SSH_CLIENT", "SSH_TTY", "XRDP_SESSION", "VNCDESKTOP", "NXSESSIONID"),
    *("CHROME_REMOTE_DESKTOP_SESSION", "X2GO_SESSION"),
)


def remote_session(machine: Machine) -> Facts:
    """Whether this session is used from elsewhere."""
    if any(machine.variable(name) for name in _REMOTE_VARIABLES):
        return Facts(remote_session="on")
    # An X display with a host in its name is drawn there; ':0' and 'unix:0' are here.
    host = machine.variable("DISPLAY").rpartition(":")[0]
    if host not in {"", "unix"} and not machine.variable("WAYLAND_DISPLAY"):
        return Facts(remote_session="on")
    session = machine.variable("XDG_SESSION_ID")
    told = machine.run("loginctl", "show-session", session, "--property=Remote") if session else None
    remote = _assignments(told or "").get("Remote")
    return Facts(remote_session=switch({"yes": True, "no": False}.get(remote or "")))


_REAL_SOURCES = ("alsa_input.", "alsa_source.", "bluez_input.", "bluez_source.", "v4l2_input.")


def microphones(machine: Machine) -> Facts:
    """Whether a sound source belongs to no device: a program speaks through it."""
    loopback = "loopback" in (machine.read("/proc/asound/cards") or "").lower()
    sources = machine.run("pactl", "list", "short", "sources")
    if loopback:
        return Facts(virtual_microphone="on")
    if sources is None:
        # Without a sound server, ALSA's cards are all there is.
        cards = machine.names("/proc/asound")
        return Facts(virtual_microphone=switch(None if cards is None else False))
    names = [columns[1] for line in sources.splitlines() if len(columns := line.split("\t")) > 1]
    virtual = [name for name in names if not name.endswith(".monitor") and not name.startswith(_REAL_SOURCES)]
    return Facts(virtual_microphone=switch(bool(virtual)))


def sound_devices(machine: Machine) -> tuple[str, ...]:
    """The names of sound devices, for the policy's lists."""
    sources = machine.run("pactl", "list", "short", "sources") or ""
    return (*(machine.read("/proc/asound/modules") or "").split(), *sources.splitlines())


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


def _number(text: str) -> int | None:
    """Read the last number of what gsettings writes, as in 'uint32 300'."""
    digits = re.findall(r"\d+", text)
    return int(digits[-1]) if digits else None


def _assignments(text: str) -> dict[str, str]:
    """Read lines of NAME=value, quoted as the shell does."""
    found = {}
    for line in text.splitlines():
        name, is_one, value = line.partition("=")
        if is_one and not name.lstrip().startswith("#"):
            try:
                found[name.strip()] = "".join(shlex.split(value)[:1]) if '"' in value or "'" in value else value.strip()
            except ValueError:
                found[name.strip()] = value.strip()
    return found
