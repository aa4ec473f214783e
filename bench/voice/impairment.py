"""What a bad network does to packets, decided by a seed, so that everybody meets the same loss.

Debian's kernels have netem for this; here it is a relay of ours in the middle, which needs no right and no module.
"""

import heapq
import random
import selectors
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from tests.stage.ports import HOST


@dataclass(frozen=True)
class Impairment:
    """Each packet is lost with this chance by itself, and else waits for 0 to `jitter_ms`, evenly spread, in order."""

    loss_percent: float = 0.0
    jitter_ms: float = 0.0

    def __str__(self) -> str:
        """In words."""
        if self.jitter_ms:
            return f"{self.jitter_ms:.0f} ms jitter"
        return f"{self.loss_percent:.0f}% loss"


def fates(impairment: Impairment, seed: int) -> Iterator[float | None]:
    """For one packet after another: seconds to wait, or None for a packet that is lost."""
    chance = random.Random(seed)  # noqa: S311 -- not a secret
    while True:
        lost, wait = chance.random() * 100 < impairment.loss_percent, chance.random()
        yield None if lost else wait * impairment.jitter_ms / 1000


@dataclass(eq=False)
class _Way:
    """One direction of RTP, or of RTCP."""

    inlet: socket.socket
    outlet: socket.socket
    target: tuple[str, int] | None
    fates: Iterator[float | None]
    last_due: float = 0.0


class Relay:
    """Stands between two telephones: each sends to its own side, and hears from there. RTCP passes unharmed.

    `near` and `far` are the RTP ports of the two sides; RTCP has the ports after them.
    """

    def __init__(self, impairment: Impairment, seed: int) -> None:
        self._near, self._far = _pair(), _pair()
        self.near, self.far = self._near[0].getsockname()[1], self._far[0].getsockname()[1]
        whole = Impairment()
        self._ways = {
            self._far[0]: _Way(self._far[0], self._near[0], None, fates(impairment, seed)),
            self._near[0]: _Way(self._near[0], self._far[0], None, fates(impairment, seed + 1)),
            self._far[1]: _Way(self._far[1], self._near[1], None, fates(whole, 0)),
            self._near[1]: _Way(self._near[1], self._far[1], None, fates(whole, 0)),
        }
        self._due: list[tuple[float, int, _Way, bytes]] = []
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def near_is_at(self, port: int) -> None:
        """Where the near telephone listens."""
        self._aim(self._far, port)

    def far_is_at(self, port: int) -> None:
        """Where the far telephone listens."""
        self._aim(self._near, port)

    def _aim(self, inlets: tuple[socket.socket, socket.socket], port: int) -> None:
        for offset, inlet in enumerate(inlets):
            self._ways[inlet].target = (HOST, port + offset)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._stopping.set()
        self._thread.join()
        for inlet in self._ways:
            inlet.close()

    def _run(self) -> None:
        serial = 0
        with selectors.DefaultSelector() as selector:
            for inlet in self._ways:
                selector.register(inlet, selectors.EVENT_READ)
            while not self._stopping.is_set():
                now = time.monotonic()
                wait = min(0.1, max(0.0, self._due[0][0] - now)) if self._due else 0.1
                for key, _ in selector.select(wait):
                    assert isinstance(key.fileobj, socket.socket)
                    way = self._ways[key.fileobj]
                    packet = way.inlet.recv(4096)
                    fate = next(way.fates)
                    if fate is not None:
                        serial += 1
                        # One queue, as in a router: what comes later does not overtake.
                        way.last_due = max(way.last_due, time.monotonic() + fate)
                        heapq.heappush(self._due, (way.last_due, serial, way, packet))
                self._send_due()

    def _send_due(self) -> None:
        now = time.monotonic()
        while self._due and self._due[0][0] <= now:
            _, _, way, packet = heapq.heappop(self._due)
            if way.target is not None:
                way.outlet.sendto(packet, way.target)


def _pair() -> tuple[socket.socket, socket.socket]:
    """Sockets at an even port and the next."""
    while True:
        rtp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        rtp.bind((HOST, 0))
        port = rtp.getsockname()[1]
        rtcp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        try:
            if port % 2 == 0:
                rtcp.bind((HOST, port + 1))
                return rtp, rtcp
        except OSError:
            pass
        rtp.close()
        rtcp.close()
