"""The media core's build: what decides its cache, which source it takes, and what it says when it cannot."""

from __future__ import annotations

import importlib
import io
import ssl
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

RECIPE = Path(__file__).resolve().parents[2] / "installers" / "pjsua2"
MODULES = ("phases", "debsource", "sources", "recipe", "build")
VERSION = "export PJ_VERSION_MAJOR  := 2\nexport PJ_VERSION_MINOR  := {}\nexport PJ_VERSION_REV    :=\n{}"
SHOWSRC = """Package: libsrtp2
Version: 2.9.0-1
Directory: pool/main/libs/libsrtp2
Checksums-Sha256:
 aaa 1 libsrtp2_2.9.0-1.dsc
 bbb 2 libsrtp2_2.9.0.orig.tar.gz

Package: libsrtp2
Version: 2.10.0-1
Directory: pool/main/libs/libsrtp2
Checksums-Sha256:
 ccc 3 libsrtp2_2.10.0.orig.tar.xz
 ddd 4 libsrtp2_2.10.0-1.debian.tar.xz
"""


@pytest.fixture
def core(monkeypatch: pytest.MonkeyPatch) -> Iterator[SimpleNamespace]:
    """The recipe's modules. They belong to a script and no package, so they are forgotten again afterwards."""
    monkeypatch.syspath_prepend(str(RECIPE))
    before = {name: sys.modules.pop(name) for name in MODULES if name in sys.modules}
    yield SimpleNamespace(**{name: importlib.import_module(name) for name in MODULES})
    for name in MODULES:
        del sys.modules[name]
    sys.modules.update(before)


def pjproject(folder: Path, minor: str = "17", suffix: str = "") -> Path:
    path = folder / f"pjproject-{minor}{suffix}.tar"
    text = VERSION.format(minor, f"export PJ_VERSION_SUFFIX := {suffix}\n").encode()
    with tarfile.open(path, "w") as tar:
        member = tarfile.TarInfo("pjproject/version.mak")
        member.size = len(text)
        tar.addfile(member, io.BytesIO(text))
    return path


def given(core: SimpleNamespace, path: Path) -> object:
    return core.sources.Archive("a test", path, "0" * 64)


def test_the_version_is_read_from_the_archive(core: SimpleNamespace, tmp_path: Path) -> None:
    assert core.sources.pjproject_version(given(core, pjproject(tmp_path))) == "2.17"
    assert core.sources.pjproject_version(given(core, pjproject(tmp_path, "18", "-dev"))) == "2.18+dev"


def test_an_old_source_is_refused_in_words(core: SimpleNamespace, tmp_path: Path) -> None:
    with pytest.raises(core.phases.BuildError, match=r"pjproject 2\.15 .* needs 2\.17 or newer"):
        core.sources.pjproject_version(given(core, pjproject(tmp_path, "15")))


def test_something_else_than_pjproject_is_refused_in_words(core: SimpleNamespace, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no archive", encoding="utf-8")
    with pytest.raises(core.phases.BuildError, match="not a pjproject source archive"):
        core.sources.pjproject_version(given(core, tmp_path / "file"))


def test_a_source_that_is_not_there_is_named(
    core: SimpleNamespace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PJSIP_SOURCE", str(tmp_path / "nowhere"))
    with pytest.raises(core.phases.BuildError, match=r"PJSIP_SOURCE names .*nowhere"):
        core.sources.find(tmp_path, refresh=False)


def test_a_source_that_changed_after_it_was_verified_is_refused(core: SimpleNamespace, tmp_path: Path) -> None:
    with pytest.raises(core.phases.BuildError, match="has changed"):
        core.sources.intact(given(core, pjproject(tmp_path)))


def test_the_key_follows_sources_packages_and_recipe(
    core: SimpleNamespace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = given(core, tmp_path / "a"), core.sources.Archive("a test", tmp_path / "b", "1" * 64)
    openssl = {"libssl-dev": "3.0.1"}
    sources = core.sources.Sources(one, one)
    keys = [
        core.recipe.cache_key(sources, openssl),
        core.recipe.cache_key(core.sources.Sources(other, one), openssl),
        core.recipe.cache_key(core.sources.Sources(one, other), openssl),
        core.recipe.cache_key(sources, {"libssl-dev": "3.0.2"}),
    ]
    assert core.recipe.cache_key(sources, openssl) == keys[0]
    for name in core.recipe.RECIPE_FILES:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes((RECIPE / name).read_bytes())
    monkeypatch.setattr(core.recipe, "HERE", tmp_path)
    assert core.recipe.cache_key(sources, openssl) == keys[0]
    (tmp_path / "config_site.h").write_text("#define PJ_LOG_MAX_LEVEL 6\n", encoding="utf-8")
    assert len({*keys, core.recipe.cache_key(sources, openssl)}) == 5


def test_what_is_in_the_cache_is_neither_fetched_nor_built(
    core: SimpleNamespace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    source = pjproject(tmp_path)
    for variable in ("PJSIP_SOURCE", "LIBSRTP_SOURCE"):
        monkeypatch.setenv(variable, str(source))
    monkeypatch.setattr(core.build, "_packages", lambda: {"make": "4"})
    found = core.sources.find(tmp_path, refresh=False)
    entry = tmp_path / "hearthline" / "pjsua2" / core.recipe.cache_key(found, {"make": "4"})
    entry.mkdir(parents=True)
    (entry / "pjsua2-2.17-x.whl").touch()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(sys, "argv", ["build.py", "--print-path"])
    monkeypatch.setattr(core.build, "_build", lambda *_: pytest.fail("it builds"))
    assert core.build.main() == 0
    assert capsys.readouterr() == (f"{entry / 'pjsua2-2.17-x.whl'}\n", "")


def test_missing_packages_are_named_with_the_command(core: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    def dpkg(argv: list[str], **_: object) -> subprocess.CompletedProcess[str]:
        listed = [f"installed\t{name}:amd64\t1" for name in argv[4:] if name != "swig"]
        return subprocess.CompletedProcess(argv, 1, "\n".join([*listed, "not-installed\tswig\t"]), "")

    monkeypatch.setattr(core.build.subprocess, "run", dpkg)
    with pytest.raises(core.phases.BuildError, match=r"apt-get install --no-install-recommends swig$"):
        core.build._packages()


def test_candidates_are_exact_and_newest_first(core: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    source = core.debsource.DebianSource(Path("apt.conf"), "http://mirror.invalid/debian")
    monkeypatch.setattr(source, "_apt", lambda *_: SHOWSRC)
    found = source.candidates("libsrtp2", r"libsrtp2_.+\.orig\.tar\.\w+")
    assert [(one.version, one.sha256) for one in found] == [("2.10.0-1", "ccc"), ("2.9.0-1", "bbb")]
    assert found[0].uri == "http://mirror.invalid/debian/pool/main/libs/libsrtp2/libsrtp2_2.10.0.orig.tar.xz"


@pytest.mark.parametrize(
    ("apt_said", "expected"),
    [
        ("E: Failed to fetch x  404  Not Found", ("FetchError", "could not be fetched")),
        ("W: GPG error: sid InRelease: NO_PUBKEY 6ED0E7B82643E131", ("BuildError", "not what Debian signed")),
        ("E: Failed to fetch x  Hash Sum mismatch", ("BuildError", "not what Debian signed")),
        ("E: Release file for x is expired (invalid since 18d)", ("BuildError", "older than Debian allows")),
    ],
)
def test_what_apt_says_is_told_apart(
    core: SimpleNamespace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, apt_said: str, expected: tuple[str, str]
) -> None:
    def apt(argv: list[str], **_: object) -> subprocess.CompletedProcess[str]:
        return subprocess.CompletedProcess(argv, 100, "", apt_said)

    monkeypatch.setattr(core.debsource.subprocess, "run", apt)
    kind, words = expected
    with pytest.raises(core.phases.BuildError, match=words) as raised:
        core.debsource.DebianSource(tmp_path / "apt.conf", "http://mirror.invalid").update()
    assert type(raised.value).__name__ == kind


class Mirror:
    """Has the older version of a file only."""

    def __init__(self, core: SimpleNamespace, error: Exception) -> None:
        self.error = error
        self.listed = [core.debsource.Candidate("p", version, f"x/{version}", "0") for version in ("2", "1")]

    def candidates(self, *_: str) -> list[object]:
        return self.listed

    def download(self, candidate: object, folder: Path) -> Path:
        if candidate is self.listed[0]:
            raise self.error
        return folder / "1"


def test_an_absent_file_gives_way_to_an_older_one_but_a_forged_file_does_not(
    core: SimpleNamespace, tmp_path: Path
) -> None:
    absent = Mirror(core, core.debsource.FetchError("not there"))
    assert core.sources._newest(absent, "p", "", tmp_path).path == tmp_path / "1"
    forged = Mirror(core, core.phases.BuildError("forged"))
    with pytest.raises(core.phases.BuildError, match="forged"):
        core.sources._newest(forged, "p", "", tmp_path)


@pytest.mark.parametrize(
    ("script", "words"),
    [
        ("echo some error; exit 2", r"failed \(exit status 2\)(.|\n)*some error"),
        ("echo write: No space left on device; exit 1", "The disk is full"),
        ("echo fatal error: Killed signal terminated program cc1plus; exit 1", "ran out of memory"),
    ],
)
def test_a_failed_step_says_why_and_where_its_log_is(
    core: SimpleNamespace, tmp_path: Path, script: str, words: str
) -> None:
    phases = core.phases.Phases(tmp_path / "logs" / "a.log")
    with pytest.raises(core.phases.BuildError, match=words) as raised:
        phases.run(["sh", "-c", script], tmp_path)
    assert str(phases.log) in str(raised.value)


def test_the_callers_flags_do_not_reach_the_compiler(core: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CFLAGS", "-DPJ_LOG_MAX_LEVEL=6")
    assert "CFLAGS" not in core.phases.clean_environment()
    assert core.phases.clean_environment({"CFLAGS": "-O2"})["CFLAGS"] == "-O2"


def test_a_client_hello_is_read_right(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("pjsua2_build", reason="the media core is not installed")
    monkeypatch.syspath_prepend(str(RECIPE))
    check_core = importlib.import_module("check_core")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers("ECDHE-RSA-AES128-SHA256")
    sent = ssl.MemoryBIO()
    with pytest.raises(ssl.SSLWantReadError):
        context.wrap_bio(ssl.MemoryBIO(), sent, server_hostname="edge.invalid").do_handshake()
    versions, suites = check_core._offered(sent.read())
    assert versions == {0x0303, 0x0304}
    assert {0x1301, 0xC027} <= suites
    assert 0xC027 not in check_core.GOOD_SUITES


def test_the_installed_media_core_is_suitable() -> None:
    pytest.importorskip("pjsua2_build", reason="the media core is not installed")
    result = subprocess.run([sys.executable, str(RECIPE / "check.py")], capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr
