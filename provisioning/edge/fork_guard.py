"""The library that Kamailio 5.6 must be started with, or it crashes and loses calls; `fork_guard.c` says why."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

_SOURCE = Path(__file__).with_name("fork_guard.c")
_LIBRARY = "fork_guard.so"


class ForkGuardError(Exception):
    """Raised when the library cannot be built; the text says what to do."""


def build(directory: Path) -> Path:
    """Compile the library into `directory` and return its path, for Kamailio's LD_PRELOAD.

    It takes about a tenth of a second, so it is made anew rather than trusted to be what it was.

    Raises ForkGuardError when there is no C compiler or it fails.
    """
    compiler = shutil.which("cc")
    if compiler is None:
        raise ForkGuardError("There is no C compiler. Install the packages listed in provisioning/edge/apt.txt.")
    library = directory / _LIBRARY
    run = subprocess.run(
        [compiler, "-O2", "-Wall", "-Wextra", "-Werror", "-shared", "-fPIC", "-o", str(library), str(_SOURCE)],
        capture_output=True,
        text=True,
        check=False,
    )
    if run.returncode != 0:
        raise ForkGuardError(f"{_SOURCE.name} could not be compiled. The compiler wrote:\n{run.stderr}")
    return library
