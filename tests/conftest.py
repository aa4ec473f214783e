"""What holds for every test: a logged warning fails it, unless the test says that it expects one."""

import logging
from collections.abc import Iterator

import pytest


class _Collector(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(f"{record.levelname} {record.name}: {record.getMessage()}")


@pytest.fixture
def expected_warnings() -> list[str]:
    """A test that expects a warning appends a part of its text here."""
    return []


@pytest.fixture(autouse=True)
def _no_warnings(expected_warnings: list[str]) -> Iterator[None]:
    collector = _Collector()
    logging.getLogger().addHandler(collector)
    yield
    logging.getLogger().removeHandler(collector)
    surprises = [line for line in collector.lines if not any(part in line for part in expected_warnings)]
    assert not surprises, f"logged without being expected: {surprises}"
