"""A TPM for each test; without swtpm these are left out."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration.tpm.software_tpm import SoftwareTpm


@pytest.fixture
def chip(tmp_path: Path) -> Iterator[SoftwareTpm]:
    if shutil.which("swtpm") is None:
        pytest.skip("swtpm is not installed; see apt.txt")
    with SoftwareTpm(tmp_path / "chip") as running:
        yield running
