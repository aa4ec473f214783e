"""Posture: what a device reports of itself, and how that becomes trust.

A report proves nothing alone: it can only lower trust. Nothing in it says what else is in the home: programs are named
only where the policy lists them, monitors and microphones are counted.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, WithJsonSchema

from provisioning.posture_programs import DEFAULT_PROGRAMS, Program, ProgramKind
from provisioning.trust import TrustDecision, TrustLevel

Switch = Literal["on", "off", "unknown"]
Display = Literal["windows", "macos", "wayland", "x11", "offscreen", "unknown"]
System = Literal["linux", "windows", "macos", "other"]
CaptureProtection = Literal["none", "requested", "verified"]

_HIGHEST_SEQUENCE = 2**53 - 1
_MOST_HITS = 40


class Hit(BaseModel):
    """A listed program that runs, or whose sound device is there."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(min_length=1, max_length=40, pattern=r"^[^:]+$")
    kind: ProgramKind


class Posture(BaseModel):
    """One report. What could not be found out is 'unknown', or None."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    sequence: int = Field(ge=1, le=_HIGHEST_SEQUENCE)
    """Higher than in every earlier report of this device, so that no earlier one can be shown again."""
    reported_at: AwareDatetime
    """The device's clock when it reported; the server compares it with its own."""
    round_trip_seconds: float | None = Field(default=None, ge=0, le=60)
    """How long the server's answer to the last report took, where there was one."""

    os: System
    os_version: str = Field(default="", max_length=120)
    os_build: str = Field(default="", max_length=120)
    patch_age_days: int | None = Field(default=None, ge=0, le=100_000)
    """Days since this PC last installed updates, or found that there are none."""
    disk_encryption: Switch = "unknown"
    """'on' where everything is encrypted that this system writes to: its own disk, people's files, swap."""
    firewall: Switch = "unknown"
    antivirus: Switch = "unknown"
    screen_lock: Switch = "unknown"
    screen_lock_seconds: int | None = Field(default=None, ge=0, le=10_000_000)
    """Idle time after which the screen locks; None where that is not known, or there is no lock."""
    virtual_machine: Switch = "unknown"
    remote_session: Switch = "unknown"
    programs: tuple[Hit, ...] | None = Field(default=None, max_length=_MOST_HITS)
    """Programs of the policy's lists, and nothing else; None where the running programs could not be listed."""
    virtual_microphone: Switch = "unknown"
    """'on' where a sound source belongs to no device."""
    monitors: int | None = Field(default=None, ge=0, le=64)
    remote_monitor: Switch = "unknown"
    """'on' where a monitor belongs to no device: it is drawn somewhere else."""
    integrity: Literal["whole", "changed", "unknown"] = "unknown"
    """Whether the desk's own files are those of its signed list; 'unknown' where there is none, as from source."""

    display: Display
    capture_protection: CaptureProtection
    """'verified' only when the operating system, read back, says that every window is excluded from capture."""
    key_storage: Literal["os-key-store", "hardware"]


class Finding(StrEnum):
    """What can be wrong with a device; the desk has words for each."""

    NO_POSTURE = "no-posture"
    POSTURE_OVERDUE = "posture-overdue"
    REMOTE_SESSION = "remote-session"
    REMOTE_CONTROL = "remote-control-running"
    DESK_CHANGED = "desk-changed"
    SCREEN_CAPTURE = "screen-capture-possible"
    CAPTURE_RUNNING = "capture-running"
    REMOTE_MONITOR = "remote-monitor"
    MANY_MONITORS = "many-monitors"
    VIRTUAL_MICROPHONE = "virtual-microphone"
    VIRTUAL_MACHINE = "virtual-machine"
    SYSTEM = "system-not-supported"
    PATCHES = "patches-old"
    DISK = "disk-not-encrypted"
    FIREWALL = "firewall-off"
    ANTIVIRUS = "antivirus-off"
    SCREEN_LOCK = "screen-lock-off"
    CLOCK = "clock-wrong"
    KEY = "key-not-in-hardware"


def _read_level(value: object) -> object:
    if isinstance(value, str) and value in TrustLevel.__members__:
        return TrustLevel[value]
    return value


Level = Annotated[
    TrustLevel,
    BeforeValidator(_read_level),
    PlainSerializer(lambda level: level.name, return_type=str),
    WithJsonSchema({"enum": list(TrustLevel.__members__)}),
]
"""A trust level, written as T0 to T3."""

_T0, _T1, _T2 = TrustLevel.T0, TrustLevel.T1, TrustLevel.T2
_ALWAYS = {Finding.NO_POSTURE: _T0, Finding.POSTURE_OVERDUE: _T0}
DEFAULT_LIMITS: dict[Finding, TrustLevel] = {
    **{finding: _T1 for finding in Finding if finding not in _ALWAYS},
    # Somebody else may be looking, or the desk is not ours.
    Finding.REMOTE_SESSION: _T0,
    Finding.REMOTE_CONTROL: _T0,
    Finding.DESK_CHANGED: _T0,
    Finding.KEY: _T2,
}
"""The highest level that a device with a finding can have. A PC at home that is not kept well sees masked data."""
DEFAULT_UNKNOWN: dict[Finding, TrustLevel] = {
    finding: max(limit, _T1) for finding, limit in DEFAULT_LIMITS.items() if finding is not Finding.KEY
}
"""The same where the device could not tell: as bad as the finding itself, except that nobody is locked out by it."""


class PosturePolicy(BaseModel):
    """What findings cost, and what is looked for. Part of the manifest: the desk looks, the server decides."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    check_seconds: int = Field(default=60, ge=5, le=60)
    """How often a desk reports at the least."""
    grace_seconds: int = Field(default=20, ge=5, le=60)
    """How much later than that a report may come before nothing is shown."""
    oldest_patch_days: int = Field(default=45, ge=1, le=3650)
    longest_lock_seconds: int = Field(default=900, ge=30, le=86_400)
    largest_clock_skew_seconds: int = Field(default=120, ge=5, le=86_400)
    most_monitors: int = Field(default=4, ge=1, le=64)
    at_most: dict[Finding, Level] = Field(default_factory=dict)
    """Limits other than `DEFAULT_LIMITS`."""
    at_most_unknown: dict[Finding, Level] = Field(default_factory=dict)
    """Limits other than `DEFAULT_UNKNOWN`; what is not known never costs more than the finding itself."""
    programs: tuple[Program, ...] = Field(default=DEFAULT_PROGRAMS, max_length=400)
    release_keys: tuple[str, ...] = ()
    """PEM public keys (Ed25519) that may sign the list of the desk's own files."""

    def limit(self, finding: Finding, *, unknown: bool = False) -> TrustLevel:
        """Return the highest level that a finding leaves."""
        if finding in _ALWAYS:
            return _ALWAYS[finding]
        known = self.at_most.get(finding, DEFAULT_LIMITS[finding])
        if not unknown:
            return known
        return max(known, self.at_most_unknown.get(finding, DEFAULT_UNKNOWN.get(finding, known)))

    @property
    def overdue_after(self) -> timedelta:
        """How old the latest report may be before its session is trusted no more."""
        return timedelta(seconds=self.check_seconds + self.grace_seconds)


UNKNOWN = "unknown"
"""What stands behind a reason's colon where the device could not tell."""


def decide_trust(posture: Posture | None, policy: PosturePolicy, *, skew: timedelta | None = None) -> TrustDecision:
    """Compute the trust level from a report; without one there is no trust.

    The reasons are those that keep the level from being higher, each a `Finding`, or `finding:detail`: the name of the
    program that was found, or 'unknown' where the device could not tell.

    Args:
        posture: the latest report.
        policy: the organisation's.
        skew: how far the device's clock was from ours when it reported; None where that is not known.
    """
    if posture is None:
        return TrustDecision(level=TrustLevel.T0, reasons=(Finding.NO_POSTURE.value,))
    found = [
        (policy.limit(finding, unknown=detail == UNKNOWN), f"{finding.value}:{detail}" if detail else finding.value)
        for finding, detail in _findings(posture, policy, skew)
    ]
    level = min((limit for limit, _ in found), default=TrustLevel.T3)
    if level is TrustLevel.T3:
        return TrustDecision(level=level)
    return TrustDecision(level=level, reasons=tuple(dict.fromkeys(slug for limit, slug in found if limit is level)))


def overdue() -> TrustDecision:
    """Return what a session is trusted whose report is overdue."""
    return TrustDecision(level=TrustLevel.T0, reasons=(Finding.POSTURE_OVERDUE.value,))


def clock_skew(posture: Posture, received_at: datetime) -> timedelta:
    """Return how far the device's clock is from ours, as far as one report tells: half its round trip is the way."""
    way = timedelta(seconds=(posture.round_trip_seconds or 0) / 2)
    return abs(received_at - way - posture.reported_at)


_PROGRAM_FINDINGS = {
    ProgramKind.REMOTE_CONTROL: Finding.REMOTE_CONTROL,
    ProgramKind.CAPTURE: Finding.CAPTURE_RUNNING,
    ProgramKind.VIRTUAL_MICROPHONE: Finding.VIRTUAL_MICROPHONE,
}


def _findings(posture: Posture, policy: PosturePolicy, skew: timedelta | None) -> Iterator[tuple[Finding, str]]:
    yield from _of_programs(posture)
    switches: tuple[tuple[Finding, Switch, Switch], ...] = (
        (Finding.REMOTE_SESSION, posture.remote_session, "off"),
        (Finding.REMOTE_MONITOR, posture.remote_monitor, "off"),
        (Finding.VIRTUAL_MICROPHONE, posture.virtual_microphone, "off"),
        (Finding.VIRTUAL_MACHINE, posture.virtual_machine, "off"),
        (Finding.DISK, posture.disk_encryption, "on"),
        (Finding.FIREWALL, posture.firewall, "on"),
        (Finding.ANTIVIRUS, posture.antivirus, "on"),
    )
    for finding, found, good in switches:
        if found != good:
            yield finding, UNKNOWN if found == "unknown" else ""
    if posture.integrity != "whole":
        yield Finding.DESK_CHANGED, UNKNOWN if posture.integrity == "unknown" else ""
    if posture.capture_protection != "verified":
        yield Finding.SCREEN_CAPTURE, ""
    if posture.key_storage != "hardware":
        yield Finding.KEY, ""
    if posture.os == "other":
        yield Finding.SYSTEM, ""
    yield from _of_limits(posture, policy, skew)


def _of_programs(posture: Posture) -> Iterator[tuple[Finding, str]]:
    if posture.programs is None:
        for finding in (Finding.REMOTE_CONTROL, Finding.CAPTURE_RUNNING):
            yield finding, UNKNOWN
    for hit in posture.programs or ():
        yield _PROGRAM_FINDINGS[hit.kind], hit.name


def _of_limits(posture: Posture, policy: PosturePolicy, skew: timedelta | None) -> Iterator[tuple[Finding, str]]:
    numbers: tuple[tuple[Finding, float | None, float], ...] = (
        (Finding.PATCHES, posture.patch_age_days, policy.oldest_patch_days),
        (Finding.MANY_MONITORS, posture.monitors, policy.most_monitors),
        (Finding.CLOCK, skew.total_seconds() if skew is not None else None, policy.largest_clock_skew_seconds),
    )
    for finding, value, most in numbers:
        if value is None or value > most:
            yield finding, UNKNOWN if value is None else ""
    if posture.screen_lock == "off":
        yield Finding.SCREEN_LOCK, ""
    elif posture.screen_lock == "unknown" or posture.screen_lock_seconds is None:
        yield Finding.SCREEN_LOCK, UNKNOWN
    elif posture.screen_lock_seconds > policy.longest_lock_seconds:
        yield Finding.SCREEN_LOCK, ""
