"""Fetches upstream sources out of Debian's source packages, verified by apt, without touching the system's apt state.

A throw-away apt configuration asks the machine's own Debian mirror for the source index. apt checks the index against
Debian's archive key, the index names the SHA-256 of every file, and apt checks that as it downloads (SecureApt).
"""

from __future__ import annotations

import functools
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from phases import BuildError, clean_environment

KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
APT_HELPER = "/usr/lib/apt/apt-helper"
OUT_OF_DATE = re.compile(r"is expired|is not valid yet")
# sid has the newest source; stable is for a mirror that lists a file of sid before it has it.
SUITES = "sid stable"
NOT_AS_SIGNED = re.compile(
    r"NO_PUBKEY|EXPKEYSIG|REVKEYSIG|BADSIG|is not signed|signatures? (couldn't|were invalid)|GPG error|Hash Sum"
)


class FetchError(BuildError):
    """The mirror did not answer, or does not have the file: another version or another time may do."""


@dataclass(frozen=True)
class Candidate:
    """One file of one version of a source package, as the verified index names it."""

    package: str
    version: str
    uri: str
    sha256: str

    @property
    def file_name(self) -> str:
        """The file's name as Debian has it."""
        return self.uri.rsplit("/", 1)[1]


class DebianSource:
    """Answers which versions there are, and downloads them. Make one with `open_source`."""

    def __init__(self, configuration: Path, site: str) -> None:
        self._configuration = configuration
        self._site = site

    def candidates(self, package: str, file_pattern: str) -> list[Candidate]:
        """Every version of the file in `package` whose name matches `file_pattern`, newest first."""
        found = []
        for paragraph in self._apt("apt-cache", "showsrc", package).split("\n\n"):
            fields = _fields(paragraph)
            if fields.get("Package") != package:
                continue
            for line in fields.get("Checksums-Sha256", "").splitlines():
                sha256, _, name = line.split()
                if re.fullmatch(file_pattern, name):
                    uri = f"{self._site}/{fields['Directory']}/{name}"
                    found.append(Candidate(package, fields["Version"], uri, sha256))
        return sorted(set(found), key=functools.cmp_to_key(_newest_first))

    def download(self, candidate: Candidate, folder: Path) -> Path:
        """The file, verified, in `folder`. Raises FetchError if it is not there, BuildError if it is forged."""
        # apt downloads as the user _apt where there is one; this folder is one that _apt may write.
        inbox = self._configuration.parent / "inbox"
        target = inbox / candidate.file_name
        self._apt(APT_HELPER, "download-file", candidate.uri, str(target), f"SHA256:{candidate.sha256}")
        folder.mkdir(parents=True, exist_ok=True)
        # Never half a file under its final name, whatever happens in between.
        part = folder / f"{candidate.file_name}.part"
        shutil.copyfile(target, part)
        return part.replace(folder / candidate.file_name)

    def update(self) -> None:
        """Read the index. Raises BuildError if it does not come or its signature does not hold."""
        self._apt("apt-get", "update", "-qq", "-o", "APT::Update::Error-Mode=any")

    def _apt(self, *argv: str) -> str:
        result = subprocess.run(
            argv,
            env=clean_environment({"APT_CONFIG": str(self._configuration)}),
            capture_output=True,
            text=True,
            check=False,
        )
        if result.returncode == 0:
            return result.stdout
        said = " ".join(line for line in result.stderr.splitlines() if line.startswith(("E:", "W:")))
        if NOT_AS_SIGNED.search(said):
            raise BuildError(
                "What the Debian mirror sent is not what Debian signed, so nothing of it is used. Check the machine's "
                "clock, bring the package debian-archive-keyring up to date, or use another mirror. "
                f"apt said: {said}"
            )
        if OUT_OF_DATE.search(said):
            raise BuildError(
                "The Debian mirror's index is older than Debian allows, or this machine's clock is wrong; it may be "
                f"an old one replayed. Set the clock, or use a mirror that is up to date. apt said: {said}"
            )
        raise FetchError(
            "The source could not be fetched from the machine's Debian mirror. Check the network and the mirror in "
            f"/etc/apt, or give a source with PJSIP_SOURCE=file. apt said: {said}"
        )


@contextmanager
def open_source() -> Iterator[DebianSource]:
    """A DebianSource whose apt state lives in a temporary folder and goes with it."""
    if not KEYRING.exists():
        raise BuildError(
            f"Debian's archive key ({KEYRING}) is missing, so a source could not be verified. "
            "Run: apt-get install debian-archive-keyring"
        )
    site = _mirror()
    with tempfile.TemporaryDirectory(prefix="pjsua2-apt-") as name:
        home = Path(name)
        home.chmod(0o755)
        for part in ("lists/partial", "cache/archives/partial", "parts", "inbox"):
            (home / part).mkdir(parents=True)
        # Without that user, or without being root, apt downloads as the user that runs this.
        with suppress(LookupError, PermissionError):
            shutil.chown(home / "inbox", "_apt")
        (home / "debian.sources").write_text(
            f"Types: deb-src\nURIs: {site}\nSuites: {SUITES}\nComponents: main\nSigned-By: {KEYRING}\n",
            encoding="utf-8",
        )
        configuration = home / "apt.conf"
        configuration.write_text(_configuration(home), encoding="utf-8")
        source = DebianSource(configuration, site)
        source.update()
        yield source


def _mirror() -> str:
    """The address of the Debian mirror that this machine uses."""
    command = ["apt-get", "indextargets", "--format", "$(LABEL)\t$(SITE)"]
    try:
        listed = subprocess.run(command, capture_output=True, text=True, check=False).stdout
    except FileNotFoundError:
        listed = ""
    for line in listed.splitlines():
        label, _, site = line.partition("\t")
        # The label comes from the signed Release file; Debian-Security and others have labels of their own.
        if label == "Debian":
            return site.rstrip("/")
    raise BuildError(
        "This machine's apt knows no Debian mirror, so there is no source for the media core. On Debian, run "
        "`apt-get update` and try again; elsewhere give the sources with PJSIP_SOURCE=file and LIBSRTP_SOURCE=file."
    )


def _configuration(home: Path) -> str:
    """An apt configuration of our own: the machine's proxy and TLS settings, and none of its hooks, lists or caches."""
    dump = subprocess.run(["apt-config", "dump"], capture_output=True, text=True, check=True).stdout
    lines = [
        line
        for line in dump.splitlines()
        if line.startswith("Acquire::") and not re.match(r"Acquire::(IndexTargets|Allow)", line)
    ]
    lines += [
        f'Dir::State "{home}";',
        f'Dir::State::lists "{home}/lists";',
        f'Dir::Cache "{home}/cache";',
        f'Dir::Etc::sourcelist "{home}/debian.sources";',
        f'Dir::Etc::sourceparts "{home}/parts";',
        f'Dir::Etc::parts "{home}/parts";',
        f'Dir::Etc::main "{home}/none";',
        'Acquire::AllowInsecureRepositories "false";',
        'Acquire::AllowWeakRepositories "false";',
        'Acquire::AllowDowngradeToInsecureRepositories "false";',
    ]
    return "\n".join(lines) + "\n"


def _fields(paragraph: str) -> dict[str, str]:
    """The fields of one deb822 paragraph; a field of several lines keeps them."""
    fields: dict[str, str] = {}
    name = ""
    for line in paragraph.splitlines():
        if line.startswith(" "):
            fields[name] = f"{fields[name]}\n{line}".strip()
        else:
            name, _, value = line.partition(":")
            fields[name] = value.strip()
    return fields


def _newest_first(one: Candidate, other: Candidate) -> int:
    if one.version == other.version:
        return 0
    newer = subprocess.run(["dpkg", "--compare-versions", one.version, "gt", other.version], check=False)
    return -1 if newer.returncode == 0 else 1
