"""The whole first call by key presses alone, on every real part; the test is that each step of the story goes well."""

import tempfile
from pathlib import Path

import pytest

from tests.stage.baresip import OWN_PLAIN_PACKETS, BaresipCaller
from tests.stage.callers import OwnCaller
from tests.stage.story import MakeCaller, Story

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(300)]


@pytest.mark.parametrize(
    ("make_caller", "language", "not_captured"),
    [(OwnCaller, "zh", ""), (BaresipCaller, "en", OWN_PLAIN_PACKETS)],
    ids=["our own caller", "baresip"],
)
def test_the_first_call(tmp_path: Path, make_caller: MakeCaller, language: str, not_captured: str) -> None:
    # A socket's path may have some hundred characters, and pytest's own folders leave too few of them.
    with tempfile.TemporaryDirectory(prefix="hl-") as directory:
        story = Story(Path(directory), make_caller, language, tmp_path / "pictures", not_captured=not_captured)
        try:
            if not story.tell():
                story.keep_logs(tmp_path / "logs")
        finally:
            story.end()
    failed = [f"{step.name}: {step.detail}" for step in story.outcomes if not step.ok]
    assert not failed, "\n".join(failed)
    assert [step.name for step in story.outcomes][-1] == "no leak"
