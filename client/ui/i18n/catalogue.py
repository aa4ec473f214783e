"""The compiled catalogue: made when it is missing or outdated, so that running from source always works."""

import os
import shutil
import subprocess
from pathlib import Path

import PySide6

SOURCE = Path(__file__).with_name("hearthline_zh_CN.ts")
TARGET = SOURCE.with_suffix(".qm")


def lrelease() -> str | None:
    """The catalogue compiler that PySide6 brings along."""
    beside = Path(PySide6.__file__).parent / ("lrelease.exe" if os.name == "nt" else "lrelease")
    return str(beside) if beside.exists() else shutil.which("pyside6-lrelease")


def _fresh(target: Path) -> bool:
    if not target.exists():
        return False
    return not SOURCE.exists() or target.stat().st_mtime >= SOURCE.stat().st_mtime


def compiled() -> Path | None:
    """Return the compiled catalogue, made now if it must be; None where it cannot be made.

    An installed program may stand in a folder that it cannot write: its package carries the compiled file.
    """
    return TARGET if _fresh(TARGET) or _compile(TARGET) else None


def _compile(target: Path) -> bool:
    tool = lrelease()
    if tool is None:
        return False
    try:
        made = target.with_name(f"{target.name}.{os.getpid()}")
        subprocess.run([tool, "-silent", str(SOURCE), "-qm", str(made)], check=True, capture_output=True, timeout=60)
        os.replace(made, target)
    except (OSError, subprocess.SubprocessError):
        return False
    return True
