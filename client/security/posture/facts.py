"""What a collector can find out: some members of a `Posture`, each of which it may leave out where it can't tell."""

from typing import TypedDict

from provisioning.posture import Hit, Switch, System


class Facts(TypedDict, total=False):
    """Members of `provisioning.posture.Posture`."""

    os: System
    os_version: str
    os_build: str
    patch_age_days: int | None
    disk_encryption: Switch
    firewall: Switch
    antivirus: Switch
    screen_lock: Switch
    screen_lock_seconds: int | None
    virtual_machine: Switch
    remote_session: Switch
    programs: tuple[Hit, ...] | None
    virtual_microphone: Switch
    monitors: int | None
    remote_monitor: Switch


def switch(found: bool | None) -> Switch:
    """Return 'on', 'off', or 'unknown' for None."""
    return "unknown" if found is None else "on" if found else "off"


_DAY = 86_400.0


def age_in_days(moments: list[float], now: float) -> int | None:
    """Return the age of the newest moment, or None where there is none. A moment to come counts as now."""
    return max(0, int((now - max(moments)) / _DAY)) if moments else None
