"""The drawing in docs/architecture.md is the code's own structure, and the arrows are held."""

import re
from pathlib import Path

import grimp
from importlinter.cli import EXIT_STATUS_SUCCESS, lint_imports

ROOT = Path(__file__).parents[2]
PARTS = ("client.app", "client.core", "client.security", "client.sip", "client.ui", "provisioning", "server")


def test_the_arrows_are_held() -> None:
    assert lint_imports(config_filename=str(ROOT / "pyproject.toml"), no_cache=True) == EXIT_STATUS_SUCCESS


def test_the_drawing_is_the_code() -> None:
    """An import between parts is an arrow of the drawing or follows from two of them; every arrow has an import."""
    text = (ROOT / "docs/architecture.md").read_text()
    drawn = set(re.findall(r"^\s+([\w.]+) --> ([\w.]+)$", text, re.MULTILINE))
    graph = grimp.build_graph("client", "server", "provisioning", cache_dir=None)
    for part in PARTS:
        graph.squash_module(part)
    imported = {
        (importer, imported)
        for importer in PARTS
        for imported in graph.find_modules_directly_imported_by(importer)
        if imported in PARTS and imported != importer
    }
    implied = {(start, end) for start, middle in drawn for again, end in drawn if middle == again}
    assert imported <= drawn | implied
    assert drawn <= imported
