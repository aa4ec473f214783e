"""Free ports on the loopback address."""

import random
import socket

HOST = "127.0.0.1"


def free_port(kind: socket.SocketKind = socket.SOCK_STREAM) -> int:
    """A port that nobody uses now."""
    with socket.socket(socket.AF_INET, kind) as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def free_media_range(size: int = 200) -> tuple[int, int]:
    """The first and last of some UDP ports below the kernel's own range, at a place that other runs rarely choose."""
    first = random.randrange(16_000, 31_000, size)  # noqa: S311 -- not a secret
    return first, first + size - 1
