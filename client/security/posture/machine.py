"""What collectors may ask of a PC: files, programs' answers, processes, and the environment of this one.

Collectors see the PC only through this, so that they are tested with what was recorded on other PCs.
"""

import os
import platform
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from client.security.posture.processes import list_processes

_LONGEST_FILE = 2_000_000
_NO_WINDOW = 0x08000000
"""CREATE_NO_WINDOW: on Windows no console flashes up when a program is asked."""


@dataclass(frozen=True)
class Process:
    """A running program, by the names that it has. They stay on this PC: see `programs`."""

    names: tuple[str, ...] = field(repr=False)
    arguments: str = field(default="", repr=False)


class Machine(Protocol):
    """A PC. No method raises: what can't be had is None."""

    def read(self, path: str) -> str | None:
        """Return a small text file."""

    def names(self, folder: str) -> tuple[str, ...] | None:
        """Return the names in a folder."""

    def link(self, path: str) -> str | None:
        """Return where a symbolic link points."""

    def modified(self, path: str) -> float | None:
        """Return when a file was last written, in seconds since the epoch."""

    def run(self, *command: str, seconds: float = 3.0, errors: bool = False) -> str | None:
        """Return what a program writes to stdout, without a shell; None where it is missing, slow or fails.

        `errors` is for programs that answer on stderr: it comes along.
        """

    def processes(self) -> tuple[Process, ...] | None:
        """Return the running programs of all users, as far as this one may see them."""

    def variable(self, name: str) -> str:
        """Return a variable of this process's environment, or an empty string."""

    def now(self) -> float:
        """Return the PC's clock, in seconds since the epoch."""


class ThisMachine:
    """The PC that the desk runs on."""

    def read(self, path: str) -> str | None:
        try:
            with Path(path).open("rb") as file:
                return file.read(_LONGEST_FILE).decode(errors="replace")
        except OSError:
            return None

    def names(self, folder: str) -> tuple[str, ...] | None:
        try:
            return tuple(os.listdir(folder))
        except OSError:
            return None

    def link(self, path: str) -> str | None:
        try:
            return str(Path(path).resolve(strict=True))
        except OSError:
            return None

    def modified(self, path: str) -> float | None:
        try:
            return Path(path).stat().st_mtime
        except OSError:
            return None

    def run(self, *command: str, seconds: float = 3.0, errors: bool = False) -> str | None:
        try:
            # Fixed programs with fixed arguments.
            done = subprocess.run(
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT if errors else subprocess.DEVNULL,
                timeout=seconds,
                check=True,
                env=_plain_environment(),
                creationflags=_NO_WINDOW if sys.platform == "win32" else 0,
            )
        except (OSError, subprocess.SubprocessError):
            return None
        return done.stdout.decode(errors="replace")

    def processes(self) -> tuple[Process, ...] | None:
        listed = list_processes(self.run)
        return None if listed is None else tuple(Process(names, arguments) for names, arguments in listed)

    def variable(self, name: str) -> str:
        return os.environ.get(name, "")

    def now(self) -> float:
        return time.time()


def system_name() -> str:
    """Return 'Linux', 'Windows', 'Darwin' or what else this is."""
    return platform.system()


def _plain_environment() -> Mapping[str, str]:
    # Answers are read by program, so they must not be translated.
    return {**os.environ, "LC_ALL": "C", "LANGUAGE": ""}
