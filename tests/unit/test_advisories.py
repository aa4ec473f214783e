"""docs/pjsip-advisories.md is complete in form, and what it says of versions and settings is still so."""

import re
from dataclasses import dataclass
from pathlib import Path

import pytest

from client.sip.engine.fitness import OLDEST

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs/pjsip-advisories.md").read_text(encoding="utf-8")
ENGINE = "\n".join(path.read_text(encoding="utf-8") for path in sorted((ROOT / "client/sip/engine").glob("*.py")))
CONFIG_SITE = (ROOT / "installers/pjsua2/config_site.h").read_text(encoding="utf-8")
RECIPE_FILES = {path.relative_to(ROOT / "installers/pjsua2").as_posix() for path in ROOT.glob("installers/pjsua2/*/*")}
RECIPE = (ROOT / "installers/pjsua2/recipe.py").read_text(encoding="utf-8")

HEADER = ["Id", "What it is", "Fixed in", "Exposed", "Why"]
CVE = r"CVE-(\d{4})-\d{4,}"
GHSA = r"GHSA(-[23456789cfghjmpqrvwx]{4}){3}"
ID = re.compile(rf"({CVE}( to {CVE})?(, {GHSA})?|{GHSA}|No id known)( ‡)?")
RELEASE = re.compile(r"\d+\.\d+(\.\d+)?")
UNRELEASED = re.compile(r"none yet( \(`[0-9a-f]{7}`\))?")


@dataclass(frozen=True)
class Row:
    """One advisory, as the page judges it."""

    part: str
    id: str
    what: str
    fixed_in: str
    exposed: str
    why: str

    @property
    def release(self) -> tuple[int, ...] | None:
        """The release with the fix; None when there is none yet."""
        return tuple(map(int, self.fixed_in.split("."))) if RELEASE.fullmatch(self.fixed_in) else None


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip().strip("|").split("|")]


def _rows() -> list[Row]:
    rows: list[Row] = []
    part, inside = "", False
    for line in TEXT.splitlines():
        if line.startswith("## "):
            part = line[3:]
        if not line.startswith("|"):
            inside = False
        elif _cells(line) == HEADER:
            inside = True
        elif inside and not set(line) <= set("|- "):
            rows.append(Row(part, *_cells(line)))
    return rows


ROWS = _rows()


def test_every_part_is_judged() -> None:
    parts = {row.part for row in ROWS}
    for word in ("SIP", "SDP", "RTP", "SRTP", "Codecs", "DNS", "STUN", "TLS", "Files"):
        assert any(word in part for part in parts), word
    assert len(ROWS) > 50


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.id)
def test_a_row_is_whole(row: Row) -> None:
    assert ID.fullmatch(row.id), row.id
    assert row.what
    assert row.why.endswith(".")
    assert RELEASE.fullmatch(row.fixed_in) or UNRELEASED.fullmatch(row.fixed_in), row.fixed_in
    assert row.exposed in {"no", "partly", "yes"}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.id)
def test_fixed_means_in_the_oldest_core_that_the_engine_takes(row: Row) -> None:
    """An engine with an older core refuses to serve, so what that core fixes is in no desk; nothing else is fixed."""
    fixed = row.release is not None and row.release <= OLDEST
    assert row.why.startswith("Fixed.") == fixed
    if fixed:
        assert row.exposed == "no"


@pytest.mark.parametrize("row", [row for row in ROWS if row.why.startswith("Patched")], ids=lambda row: row.id)
def test_patched_means_in_the_recipe(row: Row) -> None:
    """The patch is there, says where it comes from, and names what it mends as the row does."""
    name = re.match(r"Patched \(`([\w-]+\.patch)`\)\.", row.why)
    assert name is not None
    assert f"patches/{name[1]}" in RECIPE_FILES
    head = (ROOT / "installers/pjsua2/patches" / name[1]).read_text(encoding="latin-1").partition("\n--- ")[0]
    assert "Origin: " in head
    wanted = re.match(CVE, row.id) or re.search(r"[0-9a-f]{7}", row.fixed_in)
    assert wanted is None or wanted[0] in head
    assert row.exposed == "no"


def test_no_advisory_is_listed_twice() -> None:
    numbers = [row.id for row in ROWS if not row.id.startswith("No id known")]
    assert len(numbers) == len(set(numbers))


def test_the_newest_come_first() -> None:
    for part in {row.part for row in ROWS}:
        years = [match[1] for row in ROWS if row.part == part and (match := re.match(CVE, row.id))]
        assert years == sorted(years, reverse=True), part


def _quoted(pattern: str) -> list[str]:
    page = " ".join(TEXT.partition("\n## SIP\n")[2].split())  # What stands before is work still to do.
    return sorted({match[1] for match in re.finditer(rf"`({pattern})`", page)})


@pytest.mark.parametrize("setting", _quoted(r"[\w.]+ = [^`]+"))
def test_a_quoted_setting_of_the_engine_is_set(setting: str) -> None:
    """When this fails, a part has been switched on: judge its rows again before you change the page."""
    assert re.search(rf"(?<!\w){re.escape(setting)}(?![\w.])", ENGINE)


@pytest.mark.parametrize("macro", _quoted(r"PJ\w+ \d+"))
def test_a_quoted_setting_of_the_core_is_compiled_in(macro: str) -> None:
    assert f"#define {macro}\n" in CONFIG_SITE


@pytest.mark.parametrize("option", _quoted(r"--[\w-]+") or ["none"])
def test_a_quoted_option_is_in_the_recipe(option: str) -> None:
    assert f'"{option}"' in RECIPE
