"""Noticing that the machine is on another network, or has slept: its own address towards the edge tells."""

import socket
import time
from collections.abc import Callable

LOOK_SECONDS = 2.0
SLEPT_SECONDS = 15.0
"""The wall clock is this much ahead of where it should be: the machine slept, and its connections are dead."""


def source_address(target: str) -> str:
    """Return the address that packets to a target would come from; empty when there is no way to it.

    Nothing is sent: connecting a datagram socket only asks the routing table.
    """
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            probe.connect((target, 9))
            return str(probe.getsockname()[0])
    except OSError:
        return ""


class NetworkWatch:
    """Looks when it is told to, every `LOOK_SECONDS`, and says whether the network has changed since."""

    def __init__(
        self,
        source: Callable[[str], str] = source_address,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._source = source
        self._clock = clock
        self._looked = clock()
        self._target = ""
        self._address = ""

    def has_changed(self, target: str) -> bool:
        """Whether the way to the edge is another one than at the last look. A lost way is no change by itself."""
        now = self._clock()
        slept = now - self._looked > SLEPT_SECONDS
        self._looked = now
        address = self._source(target) if target else ""
        if not address:
            return False
        known = self._target == target and self._address != ""
        moved = known and address != self._address
        self._target, self._address = target, address
        return moved or (known and slept)
