#!/usr/bin/env python3
"""Builds the desk's media core, the `pjsua2` wheel, once for each recipe and source, and says where it is.

Usage: python3 installers/pjsua2/build.py [--print-path] [--refresh] [--with-pjsua]

stdout gets the path of the wheel, and with --with-pjsua that of the program on a second line; progress goes to stderr.
PJSIP_SOURCE and LIBSRTP_SOURCE may name source archives to use instead of Debian's. Needs no third-party Python.
"""

from __future__ import annotations

import argparse
import fcntl
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import recipe
import sources
from phases import BuildError, Phases, clean_environment, say

ROOM = 300 * 1024 * 1024  # bytes; the build folder was measured at 156 MB at its largest


def main() -> int:
    """Print the wheel's path and return 0, or say on stderr why there is none and return 1."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0] if __doc__ else None)
    parser.add_argument("--print-path", action="store_true", help="say nothing on stderr if the wheel is there already")
    parser.add_argument("--refresh", action="store_true", help="ask Debian's mirror again for the newest source")
    parser.add_argument("--with-pjsua", action="store_true", help="also build PJSIP's own telephone, for benchmarks")
    options = parser.parse_args()
    cache = Path(os.environ.get("XDG_CACHE_HOME") or "~/.cache").expanduser() / "hearthline" / "pjsua2"
    try:
        found = provide(cache, refresh=options.refresh, with_pjsua=options.with_pjsua, quiet=options.print_path)
    except BuildError as error:
        say(f"pjsua2: {error}")
        return 1
    except OSError as error:
        say(f"pjsua2: The media core was not built ({error}). Free space or correct the rights, and run this again.")
        return 1
    except subprocess.CalledProcessError as error:
        said = (error.stderr or "nothing").strip()
        say(f"pjsua2: The media core was not built: {error.cmd[0]} failed and said: {said}")
        return 1
    except KeyboardInterrupt:
        say("pjsua2: Stopped. Nothing half-built is kept; run this again when it suits.")
        return 130
    for path in found:
        print(path)
    return 0


def provide(cache: Path, *, refresh: bool, with_pjsua: bool, quiet: bool) -> list[Path]:
    """The wheel (and pjsua, if asked for) out of the cache, built first if it is not there. Raises BuildError."""
    packages = _packages()
    cache.mkdir(parents=True, exist_ok=True)
    found = sources.find(cache / "sources", refresh=refresh)
    key = recipe.cache_key(found, packages)
    entry = cache / key
    if not (ready := _ready(entry, with_pjsua)):
        with _locked(cache):
            # Another run may have built it while this one waited.
            if not (ready := _ready(entry, with_pjsua)):
                _build(cache, found, packages, key, with_pjsua)
                ready = _ready(entry, with_pjsua)
    elif not quiet:
        say("pjsua2: already built.")
    if not ready:
        raise BuildError(f"{entry} disappeared while it was being written. Run this again.")
    return ready


def _ready(entry: Path, with_pjsua: bool) -> list[Path]:
    """What was asked for, if all of it is in the cache; else nothing."""
    found = [*entry.glob("pjsua2-*.whl"), *(entry.glob("pjsua") if with_pjsua else ())]
    return found if len(found) == 1 + with_pjsua else []


def _build(cache: Path, found: sources.Sources, packages: Mapping[str, str], key: str, with_pjsua: bool) -> None:
    if shutil.disk_usage(cache).free < ROOM:
        raise BuildError(
            f"There is less than {ROOM // 1024**2} MB free in {cache}, too little to build the media core. "
            "Free some, or name another place with XDG_CACHE_HOME."
        )
    for archive in (found.pjproject, found.libsrtp):
        sources.intact(archive)
    version = sources.pjproject_version(found.pjproject)
    for left_over in cache.glob("building-*"):
        # Of a run that was killed: this one holds the lock, so nobody is using it.
        shutil.rmtree(left_over)
    say(f"pjsua2: building pjproject {version} ({found.pjproject.origin}) for {recipe.interpreter()}")
    phases = Phases(cache / "logs" / f"{key[:16]}.log")
    with tempfile.TemporaryDirectory(prefix="building-", dir=cache) as name:
        plan = recipe.Plan(found, version, packages, key, Path(name))
        recipe.build_libraries(plan, phases)
        wheel = recipe.build_wheel(plan, phases)
        with phases.phase("check the wheel"):
            _check(wheel, plan.work / "site", phases)
        result = plan.work / "result"
        result.mkdir()
        shutil.move(wheel, result)
        if with_pjsua:
            shutil.move(recipe.build_pjsua(plan, phases), result / "pjsua")
        shutil.copyfile(phases.log, result / "build.log")
        # An entry without pjsua makes way; the name appears only when everything is in it.
        shutil.rmtree(cache / key, ignore_errors=True)
        result.rename(cache / key)
    phases.log.unlink()
    say(f"pjsua2: done in {phases.total()}.")


def _check(wheel: Path, site: Path, phases: Phases) -> None:
    """Only a wheel that passes check.py gets into the cache."""
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(site)
    phases.run([sys.executable, Path(__file__).with_name("check.py")], site, {"PYTHONPATH": str(site)})


def _packages() -> dict[str, str]:
    """The Debian packages of apt.txt and their versions. Raises BuildError if one is not installed."""
    lines = Path(__file__).with_name("apt.txt").read_text(encoding="utf-8").splitlines()
    needed = [name for line in lines if (name := line.partition("#")[0].strip())]
    command = ["dpkg-query", "--show", "--showformat", "${db:Status-Status}\t${binary:Package}\t${Version}\n", *needed]
    try:
        listed = subprocess.run(command, env=clean_environment(), capture_output=True, text=True, check=False).stdout
    except FileNotFoundError as error:
        raise BuildError(
            "This is no Debian system: the media core is built from Debian's packages, and there is no dpkg here. "
            "Build the wheel on Debian 12 or newer and install it from there."
        ) from error
    rows = [line.split("\t") for line in listed.splitlines()]
    # libssl-dev:amd64 is libssl-dev for us.
    packages = {name.partition(":")[0]: version for status, name, version in rows if status == "installed"}
    if missing := [name for name in needed if name not in packages]:
        raise BuildError(
            "The media core cannot be compiled here yet, because packages are missing. "
            f"Run: apt-get install --no-install-recommends {' '.join(missing)}"
        )
    return packages


@contextmanager
def _locked(cache: Path) -> Iterator[None]:
    """One build at a time in one cache; whoever comes second waits and finds the result."""
    with (cache / "lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("pjsua2: another run is building; waiting for it.")
            fcntl.flock(file, fcntl.LOCK_EX)
        yield


if __name__ == "__main__":
    sys.exit(main())
