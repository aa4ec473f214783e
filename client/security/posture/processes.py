"""The names of running programs, cheaply: this is done every two seconds."""

import contextlib
import os
import platform
import re
from collections.abc import Callable
from pathlib import Path

Listed = tuple[tuple[str, ...], str]
"""Names of one process, and its arguments where the system tells them."""

_SLASHES = re.compile(r"[/\\]")


def list_processes(run: Callable[..., str | None]) -> list[Listed] | None:
    """Return all processes, or None where they can't be listed."""
    system = platform.system()
    if system == "Linux":
        return from_proc(Path("/proc"))
    if system == "Windows":
        from client.security.posture.windows_processes import snapshot  # noqa: PLC0415 -- a Windows library

        return snapshot()
    # One column a question: only the last one is written in full.
    names, arguments = (run("/bin/ps", "-axww", "-o", f"pid=,{column}=") for column in ("comm", "args"))
    return None if names is None else from_ps(names, arguments or "")


def from_proc(proc: Path) -> list[Listed] | None:
    """Read Linux's /proc. Kernel threads have no arguments and are left out."""
    listed = list[Listed]()
    try:
        numbers = [name for name in os.listdir(proc) if name.isdigit()]
    except OSError:
        return None
    for number in numbers:
        # A process may end while it is looked at.
        with contextlib.suppress(OSError):
            arguments = _read(f"{proc}/{number}/cmdline")
            if not arguments:
                continue
            name = _read(f"{proc}/{number}/comm").rstrip(b"\n").decode(errors="replace")
            words = arguments.rstrip(b"\0").split(b"\0")
            first = _SLASHES.split(words[0].decode(errors="replace"))[-1]
            listed.append(((name, first), b" ".join(words[1:]).decode(errors="replace")))
    return listed or None


def from_ps(names: str, arguments: str) -> list[Listed]:
    """Read what macOS's ps writes: of each process the number, and the path of its program, or what it was told."""
    told = dict(_numbered(arguments))
    return [((_SLASHES.split(path)[-1],), told.get(number, "")) for number, path in _numbered(names)]


def _numbered(written: str) -> list[tuple[str, str]]:
    found = []
    for line in written.splitlines():
        number, _, rest = line.strip().partition(" ")
        found.append((number, rest.strip()))
    return found


def _read(path: str) -> bytes:
    # Without Python's buffers, as there are some hundred of these every two seconds.
    descriptor = os.open(path, os.O_RDONLY)
    try:
        return os.read(descriptor, 4096)
    finally:
        os.close(descriptor)
