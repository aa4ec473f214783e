"""Noticing that the machine is on another network, or has slept: its own address towards the edge tells."""

import socket
import time
from collections.abc import Callable
from enum import Enum

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


class Way(Enum):
    """What a look at the way to the edge has found."""

    SAME = "same"
    """Nothing new. A way that is lost is nothing new before there is one again."""
    ANOTHER = "another"
    """The machine is on another network, or has slept: its connections are dead, and its address may be another one."""
    BACK = "back"
    """The way was lost, and is there again as it was. Connections may have survived that."""


class NetworkWatch:
    """Looks when it is told to, every `LOOK_SECONDS`, and says what has become of the way to the edge since."""

    def __init__(
        self,
        source: Callable[[str], str] = source_address,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._source = source
        self._clock = clock
        self._looked = clock()
        self._ways: dict[str, str] = {}
        """Every edge that we have been on the way to, and our own address then: who has lost one edge on the old
        network finds the next one on the new network, and has moved all the same."""
        self._is_lost = False
        self._slept = False
        """Kept until there is a way again: a machine that wakes up mostly has none for some seconds."""

    def know(self, target: str) -> None:
        """Remember the way to an edge, if it is not known: from now on, another one is a change."""
        if target and target not in self._ways:
            address = self._source(target)
            if address:
                self._ways[target] = address

    def look(self, target: str) -> Way:
        """Say what has become of the way to this edge, and to those before it."""
        now = self._clock()
        self._slept = self._slept or now - self._looked > SLEPT_SECONDS
        self._looked = now
        self.know(target)
        addresses = {edge: self._source(edge) for edge in self._ways}
        if not addresses.get(target):
            self._is_lost = bool(addresses)
            return Way.SAME
        slept, self._slept = self._slept, False
        was_lost, self._is_lost = self._is_lost, False
        moved = any(address and address != self._ways[edge] for edge, address in addresses.items())
        self._ways.update({edge: address for edge, address in addresses.items() if address})
        if moved or slept:
            return Way.ANOTHER
        return Way.BACK if was_lost else Way.SAME
