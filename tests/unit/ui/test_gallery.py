"""The picture-maker makes a picture of each scene."""

from pathlib import Path

from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from client.ui.gallery import SCENES, main


def test_a_scene_becomes_pictures(qapp: QApplication, tmp_path: Path) -> None:
    arguments = ["--out", str(tmp_path), "--scene", "talking", "--theme", "dark", "--zoom", "1", "--size", "1000x700"]
    assert main(arguments) == 0
    files = sorted(file.name for file in tmp_path.iterdir())
    assert files == ["talking-dark-en-100-1000x700.png", "talking-dark-zh-100-1000x700.png"]
    first, second = (QImage(str(tmp_path / name)) for name in files)
    assert first.size().toTuple() == (1000, 700)
    assert first != second


def test_every_state_of_the_brief_has_a_scene() -> None:
    assert {"starting", "enrol", "enrol-error", "sign-in", "not-ready", "ready", "ringing", "talking", "held"} <= set(
        SCENES
    )
    assert {"second-call", "two-calls", "consulting", "together", "dialling", "held-there", "silent", "text"} <= set(
        SCENES
    )
    assert {"dial", "consult", "transfer", "keypad", "sound", "check", "check-well", "sign-in-call"} <= set(SCENES)
    assert {"wrap-up", "engine-lost", "palette", "help", "supervisor", "second-key"} <= set(SCENES)
