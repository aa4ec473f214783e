"""Progress, logging and failure of the build: one line a phase on stderr, everything else in one log file."""

from __future__ import annotations

import os
import re
import resource
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

# These would change what is built without changing the cache key.
UNSAFE_ENVIRONMENT = (
    *("CC", "CXX", "CFLAGS", "CXXFLAGS", "CPPFLAGS", "LDFLAGS", "LIBS", "MAKEFLAGS", "CPATH", "LIBRARY_PATH"),
    *("C_INCLUDE_PATH", "CPLUS_INCLUDE_PATH", "PYTHONPATH", "PYTHONHOME", "SWIG_LIB"),
)


class BuildError(Exception):
    """The media core cannot be had. The text says what happened, what it means and what to do."""


def say(text: str) -> None:
    """One line of progress; stdout stays free for the path of the wheel."""
    print(text, file=sys.stderr, flush=True)


class Phases:
    """Runs the commands of a build, each phase timed, their output kept in `log`."""

    def __init__(self, log: Path) -> None:
        self.log = log
        self._start = time.monotonic()
        log.parent.mkdir(parents=True, exist_ok=True)
        log.write_text("", encoding="utf-8")

    @contextmanager
    def phase(self, name: str) -> Iterator[None]:
        """Announce `name` when it is done, with its wall and CPU seconds."""
        wall, cpu = time.monotonic(), _child_cpu()
        self._write(f"\n===== {name}\n")
        yield
        say(f"  {name:<32} {time.monotonic() - wall:6.1f} s  (cpu {_child_cpu() - cpu:6.1f} s)")

    def total(self) -> str:
        """Wall and CPU seconds since the start, for the last line."""
        return f"{time.monotonic() - self._start:.0f} s (cpu {_child_cpu():.0f} s)"

    def run(self, argv: Sequence[object], cwd: Path, env: Mapping[str, str] | None = None) -> None:
        """Run one command into the log. Raises BuildError with the cause if it fails."""
        words = [str(word) for word in argv]
        self._write(f"\n$ {' '.join(words)}\n")
        with self.log.open("ab") as output:
            result = subprocess.run(
                words, cwd=cwd, env=clean_environment(env), stdout=output, stderr=subprocess.STDOUT, check=False
            )
        if result.returncode:
            raise BuildError(self._explain(words[0], result.returncode))

    def _write(self, text: str) -> None:
        with self.log.open("a", encoding="utf-8") as output:
            output.write(text)

    def _explain(self, program: str, code: int) -> str:
        text = self.log.read_text(encoding="utf-8", errors="replace")[-60_000:]
        where = f"The whole log is in {self.log}."
        if "No space left on device" in text:
            return f"The disk is full, so the media core was not built. Free about 300 MB and run this again. {where}"
        if re.search(r"Killed signal|virtual memory exhausted|cannot allocate memory", text, re.IGNORECASE):
            return (
                "The compiler ran out of memory, so the media core was not built. It needs about 1.5 GB free: "
                f"close other programs and run this again. {where}"
            )
        last = "\n".join(f"    {line}" for line in text.strip().splitlines()[-15:])
        return (
            f"{Path(program).name} failed (exit status {code}), so the media core was not built. "
            f"Its last words were:\n{last}\n{where} If the source is newer than this recipe, build a known one with "
            "PJSIP_SOURCE=file."
        )


def clean_environment(extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """The caller's environment without what could change the result, in English, plus `extra`."""
    kept = {name: value for name, value in os.environ.items() if name not in UNSAFE_ENVIRONMENT}
    return kept | {"LC_ALL": "C.UTF-8"} | dict(extra or {})


def _child_cpu() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime
