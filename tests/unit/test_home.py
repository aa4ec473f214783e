"""The home's data stays at home: the desk has nothing with which to look at it or to send it."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
_MODULES = frozenset(
    {
        *("PySide6.QtMultimedia", "PySide6.QtMultimediaWidgets", "PySide6.QtPrintSupport", "PySide6.QtWebEngineCore"),
        *("PySide6.QtPositioning", "PySide6.QtSensors", "PySide6.QtBluetooth"),
        *("cv2", "mss", "PIL", "pyscreeze", "pyautogui", "pynput", "dxcam"),
    }
)
_NAMES = frozenset(
    {
        *("grabWindow", "QScreenCapture", "QWindowCapture", "QCamera", "QMediaCaptureSession", "QImageCapture"),
        *("QFileDialog", "QPrinter", "QPrintDialog", "QDrag"),
        *("BitBlt", "PrintWindow", "CGWindowListCreateImage", "XGetImage"),
    }
)
_PICTURES = frozenset({"client/ui/gallery.py"})
"""Makes the documentation's pictures, of sample data; the desk does not import it."""


def _wrong(source: str, *, may_grab: bool) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Import():
                yield from (name.name for name in node.names if _is_one(name.name))
            case ast.ImportFrom(module=str(module)):
                yield from (f"{module}.{name.name}" for name in node.names if _is_one(module, name.name))
            case ast.Attribute(attr=name) | ast.Name(id=name) if name in _NAMES:
                yield name
            case ast.Call(func=ast.Attribute(attr="grab")) if not may_grab:
                yield "grab()"
            case ast.keyword(arg="files"):
                yield "files="
            case _:
                pass


def _is_one(module: str, name: str = "") -> bool:
    whole = f"{module}.{name}"
    return name in _NAMES or any(f"{whole}.".startswith(f"{known}.") for known in _MODULES)


def test_the_desk_has_no_camera_no_screen_grabber_and_no_upload() -> None:
    found = {}
    for path in sorted((ROOT / "client").rglob("*.py")):
        name = path.relative_to(ROOT).as_posix()
        if wrong := list(_wrong(path.read_text(encoding="utf-8"), may_grab=name in _PICTURES)):
            found[name] = wrong
    assert found == {}


@pytest.mark.parametrize(
    "source",
    [
        "from PySide6.QtMultimedia import QCamera",
        "from PySide6 import QtMultimedia",
        "import PIL.ImageGrab",
        "screen.grabWindow(0)",
        "window.grab()",
        "from PySide6.QtWidgets import QFileDialog",
        "client.post('/x', files={'a': open('b')})",
    ],
)
def test_what_would_be_wrong_is_found(source: str) -> None:
    assert list(_wrong(source, may_grab=False))


def test_the_desk_does_not_import_the_picture_maker() -> None:
    for path in (ROOT / "client").rglob("*.py"):
        assert path.name == "gallery.py" or "client.ui.gallery" not in path.read_text(encoding="utf-8"), path
