"""The threat model claims nothing without a test, and each test that it names exists."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "threat-model.md"
TEST_ID = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")
ATTACKERS = (
    "The curious agent",
    "The thief of the PC",
    "Malware that runs as the agent",
    "The person in the middle",
    "The malicious edge",
    "The malicious supervisor",
    "The insider at the server",
)


def sections() -> dict[str, str]:
    parts = re.split(r"^## (.+)$", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def test_every_test_that_is_named_exists() -> None:
    named = set(TEST_ID.findall(PAGE.read_text(encoding="utf-8")))
    assert named
    missing = []
    for path, name in sorted(named):
        file = ROOT / path
        tree = ast.parse(file.read_text(encoding="utf-8")) if file.is_file() else ast.Module([], [])
        tests = {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}
        if name not in tests:
            missing.append(f"{path}::{name}")
    assert missing == []


@pytest.mark.parametrize("attacker", ATTACKERS)
def test_each_attacker_has_what_holds_and_what_does_not(attacker: str) -> None:
    text = sections()[attacker]
    assert "What does not hold" in text
    claims = [line for line in text.splitlines() if line.startswith("| ") and not line.startswith("| what holds |")]
    rows = [line for line in claims if not line.startswith("| ---")]
    assert rows
    for row in rows:
        assert TEST_ID.search(row), row


def test_whatever_looks_like_a_test_is_written_as_one() -> None:
    """So that none is left out of the check by how it is written."""
    text = PAGE.read_text(encoding="utf-8")
    assert len(re.findall(r"::test_", text)) == len(TEST_ID.findall(text))
