"""Reading a picture of the screen as a person would: by optical character recognition (Debian's tesseract)."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

from tests.stage.leaks import Leak

_SHORTEST = 3


def read_picture(picture: Path) -> str:
    """Return the text in a picture, without spaces: recognisers put them where none are."""
    # Screens have small letters; twice the size is what the recogniser was made for.
    command = ["tesseract", str(picture), "-", "-l", "chi_sim+eng", "--psm", "11", "--dpi", "192"]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return _plain(said)


def search_picture(picture: Path, values: dict[str, str]) -> Iterator[Leak]:
    """Yield a leak for each value (name to value) that can be read in a picture.

    A long number counts as read when eight digits in a row of it are: one that is misread must not hide the others.
    """
    text = read_picture(picture)
    digits = re.sub(r"[^0-9]", "", text)
    for what, value in values.items():
        if len(_plain(value)) < _SHORTEST:
            continue
        if _plain(value) in text or any(part in digits for part in _parts(value)):
            yield Leak(picture.name, what, "read in the picture")


def _plain(text: str) -> str:
    return re.sub(r"\s", "", text)


def _parts(value: str, length: int = 8) -> Iterator[str]:
    digits = re.sub(r"[^0-9]", "", value)
    # A mask shows the first and the last digits: what is between is what must not be read.
    for start in range(max(0, len(digits) - length + 1)):
        yield digits[start : start + length]
