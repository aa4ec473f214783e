"""Making reports: a posture out of facts, numbered higher than every earlier one of this device, and signed."""

import contextlib
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from client.security.files import DiskFull, write_whole
from client.security.posture.collect import Seen
from client.security.posture.desk_seen import DeskSeen
from client.security.posture.facts import Facts
from client.security.posture.integrity import Integrity
from provisioning.device_proof import DeviceKey, prove
from provisioning.posture import Posture

_NUMBER_FILE = "posture-number"
_LONGEST_ROUND_TRIP = 60.0


def utc_now() -> datetime:
    """This PC's clock."""
    return datetime.now(UTC)


class Reporter:
    """Numbers and signs.

    Args:
        directory: the profile's directory, in which the last number is kept.
        clock: this PC's.
    """

    def __init__(self, directory: Path, clock: Callable[[], datetime] = utc_now) -> None:
        self._file = directory / _NUMBER_FILE
        self._clock = clock
        self._last = 0
        self._lock = threading.Lock()

    def posture(
        self,
        facts: Facts,
        desk: DeskSeen,
        integrity: Integrity,
        key: DeviceKey,
        round_trip_seconds: float | None = None,
    ) -> Posture:
        """Put a new report together."""
        now = self._clock()
        measured = None if round_trip_seconds is None else min(max(round_trip_seconds, 0.0), _LONGEST_ROUND_TRIP)
        known = {"os": "other", **facts}
        return Posture.model_validate(
            known
            | {
                "sequence": self._next(now),
                "reported_at": now,
                "round_trip_seconds": measured,
                "monitors": None if desk.monitors is None else len(desk.monitors),
                "remote_monitor": desk.remote_monitor,
                "integrity": integrity,
                "display": desk.display,
                "capture_protection": desk.capture,
                "key_storage": key.storage,
            }
        )

    @staticmethod
    def sign(posture: Posture, key: DeviceKey) -> str:
        """Sign a report. Blocks: a TPM takes its time."""
        return prove(key, "posture", posture.model_dump_json().encode())

    def _next(self, now: datetime) -> int:
        """Count on from the last number, or from the clock where that is ahead.

        The clock makes up for a lost file, and the file for a clock that was set back.
        """
        with self._lock:
            number = max(self._last, self._kept()) + 1
            self._last = max(number, int(now.timestamp() * 1000))
            # A full disk must not keep anybody from working; the number stands in memory, and in the clock.
            with contextlib.suppress(OSError, DiskFull):
                write_whole(self._file, str(self._last).encode())
            return self._last

    def _kept(self) -> int:
        try:
            return int(self._file.read_text())
        except (OSError, ValueError):
            return 0


def merged(seen: Seen, quick: Facts) -> Facts:
    """Put what is newer over what is older, except where it is only less known."""
    facts = Facts(**seen.facts)
    facts.update(quick)
    if quick.get("remote_session") == "unknown" and "remote_session" in seen.facts:
        facts["remote_session"] = seen.facts["remote_session"]
    return facts
