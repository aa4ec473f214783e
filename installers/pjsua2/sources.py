"""Which source archives the media core is built from: given, cached, or fetched from Debian."""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
from dataclasses import asdict, dataclass
from pathlib import Path

from debsource import Candidate, DebianSource, FetchError, open_source
from phases import BuildError, say

# pjproject 2.17 is the first with real-time text and with the fixes of early 2026.
OLDEST_PJPROJECT = (2, 17)


@dataclass(frozen=True)
class Archive:
    """One source archive: where it came from, where it is, and its hash."""

    origin: str
    path: Path
    sha256: str


@dataclass(frozen=True)
class Sources:
    """All that is built: pjproject, and libsrtp because Debian's own is built on NSS, which no wheel can carry."""

    pjproject: Archive
    libsrtp: Archive


def find(folder: Path, *, refresh: bool) -> Sources:
    """The sources: those of PJSIP_SOURCE and LIBSRTP_SOURCE, else those in `folder`, else Debian's newest.

    Only the last needs the network; `refresh` asks for it. Raises BuildError.
    """
    given = {name: _given(f"{variable}_SOURCE") for name, variable in (("pjproject", "PJSIP"), ("libsrtp", "LIBSRTP"))}
    cached = {} if refresh else _cached(folder)
    archives = {name: archive or cached.get(name) for name, archive in given.items()}
    if None in archives.values():
        fetched = _fetch(folder, [name for name, archive in archives.items() if archive is None])
        _remember(folder, cached | fetched)
        archives = {name: archive or fetched[name] for name, archive in archives.items()}
    pjproject, libsrtp = archives["pjproject"], archives["libsrtp"]
    if pjproject is None or libsrtp is None:
        raise AssertionError("every source is given, cached or fetched by now")
    return Sources(pjproject, libsrtp)


def pjproject_version(archive: Archive) -> str:
    """The version that pjproject gives itself. Raises BuildError if it is too old, or if this is no pjproject."""
    listing = subprocess.run(
        ["tar", "--extract", "--to-stdout", "--wildcards", f"--file={archive.path}", "*/version.mak"],
        capture_output=True,
        text=True,
        check=False,
    )
    parts = dict(re.findall(r"PJ_VERSION_(MAJOR|MINOR|REV|SUFFIX)[ \t]*:=[ \t]*(\S+)", listing.stdout))
    if "MAJOR" not in parts or "MINOR" not in parts:
        raise BuildError(
            f"{archive.path} is not a pjproject source archive, or not a whole one: it cannot be built. Give another "
            f"with PJSIP_SOURCE=file, or fetch Debian's again with --refresh. tar said: {listing.stderr.strip()[-300:]}"
        )
    version = ".".join(parts[name] for name in ("MAJOR", "MINOR", "REV") if name in parts)
    if (int(parts["MAJOR"]), int(parts["MINOR"])) < OLDEST_PJPROJECT:
        oldest = ".".join(map(str, OLDEST_PJPROJECT))
        raise BuildError(
            f"This source is pjproject {version} ({archive.origin}); the desk needs {oldest} or newer, for its "
            "security fixes and real-time text. Use a Debian mirror that is up to date, or give a newer source with "
            "PJSIP_SOURCE=file."
        )
    # A wheel's version has no place for a free suffix such as -dev but behind a plus sign.
    suffix = re.sub(r"[^a-z0-9]", "", parts.get("SUFFIX", "").lower())
    return f"{version}+{suffix}" if suffix else version


def _given(variable: str) -> Archive | None:
    name = os.environ.get(variable)
    if not name:
        return None
    path = Path(name).expanduser().absolute()
    try:
        return Archive(f"given by {variable}", path, _sha256(path))
    except OSError as error:
        raise BuildError(
            f"{variable} names {path}, which cannot be read ({error.strerror}). "
            f"Correct it, or unset {variable} to use Debian's source."
        ) from error


def _cached(folder: Path) -> dict[str, Archive]:
    """What an earlier run fetched. An entry that cannot be read is as good as none: it is fetched again."""
    try:
        entries = json.loads((folder / "sources.json").read_text(encoding="utf-8"))
        known = {
            name: Archive(entry["origin"], folder / entry["path"], entry["sha256"]) for name, entry in entries.items()
        }
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}
    return {name: archive for name, archive in known.items() if archive.path.is_file()}


def _remember(folder: Path, archives: dict[str, Archive]) -> None:
    entries = {name: asdict(archive) | {"path": archive.path.name} for name, archive in archives.items()}
    part = folder / "sources.json.part"
    part.write_text(json.dumps(entries, indent=2), encoding="utf-8")
    part.replace(folder / "sources.json")


def _fetch(folder: Path, wanted: list[str]) -> dict[str, Archive]:
    patterns = {
        "pjproject": ("asterisk", r"asterisk_.+\.orig-Xpjproject\.tar\.\w+"),
        "libsrtp": ("libsrtp2", r"libsrtp2_.+\.orig\.tar\.\w+"),
    }
    with open_source() as debian:
        return {name: _newest(debian, *patterns[name], folder) for name in wanted}


def _newest(debian: DebianSource, package: str, pattern: str, folder: Path) -> Archive:
    """The newest version that the mirror really has: some list a file before they carry it."""
    candidates = debian.candidates(package, pattern)
    if not candidates:
        raise BuildError(
            f"The machine's Debian mirror lists no fitting source of {package}. Use a mirror that carries Debian sid, "
            "or give the sources with PJSIP_SOURCE=file and LIBSRTP_SOURCE=file."
        )
    for candidate in candidates[:-1]:
        try:
            return _downloaded(debian, candidate, folder)
        except FetchError:
            say(f"  {package} {candidate.version} is listed by the mirror but not there; taking the next older one.")
    return _downloaded(debian, candidates[-1], folder)


def _downloaded(debian: DebianSource, candidate: Candidate, folder: Path) -> Archive:
    path = debian.download(candidate, folder)
    return Archive(f"Debian {candidate.package} {candidate.version}", path, candidate.sha256)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def intact(archive: Archive) -> None:
    """Raises BuildError if the archive on the disk is not the one that was verified."""
    if _sha256(archive.path) != archive.sha256:
        raise BuildError(
            f"{archive.path} has changed since it was fetched and verified, so it is not used. "
            "Run this again with --refresh."
        )
