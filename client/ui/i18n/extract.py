"""Collects what is to be translated: the core's words into `core_words.py`, and all of it into the catalogue.

Run `python -m client.ui.i18n.extract` after changing a text, then translate what is unfinished. Tests do the same and
fail where something would change.
"""

import subprocess
import sys
from pathlib import Path

import PySide6

from client.core.commands import COMMANDS, Group
from client.core.problems import PROBLEMS

CATALOGUE = Path(__file__).with_name("hearthline_zh_CN.ts")
CORE_WORDS = Path(__file__).with_name("core_words.py")
SOURCES = Path(__file__).parent.parent

_HEAD = '''"""The core's words, for the catalogue. Made by `client.ui.i18n.extract`; do not edit."""

from PySide6.QtCore import QT_TRANSLATE_NOOP

WORDS = (
'''


def core_words() -> str:
    """The text of `core_words.py`: the core may not know Qt, so its words are marked for translation here."""
    entries = [("commands", command.title) for command in COMMANDS]
    entries += [("groups", str(group)) for group in Group]
    for problem in PROBLEMS.values():
        entries += [("problems", text) for text in (problem.happened, problem.means, problem.do)]
    lines = []
    for context, text in dict.fromkeys(entries):
        quoted = '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
        line = f'    QT_TRANSLATE_NOOP("{context}", {quoted}),\n'
        if len(line) > 121:
            line = f'    QT_TRANSLATE_NOOP(\n        "{context}",\n        {quoted},\n    ),\n'
        lines.append(line)
    return _HEAD + "".join(lines) + ")\n"


def lupdate(catalogue: Path) -> None:
    """Bring a catalogue up to date with the sources.

    Raises:
        subprocess.CalledProcessError: the extractor failed.
    """
    tool = Path(PySide6.__file__).parent / "lupdate"
    sources = sorted(str(file.relative_to(SOURCES)) for file in SOURCES.rglob("*.py"))
    command = [str(tool), "-silent", "-no-obsolete", "-locations", "none", "-source-language", "en"]
    command += ["-target-language", "zh_CN", *sources, "-ts", str(catalogue)]
    subprocess.run(command, check=True, cwd=SOURCES, capture_output=True, timeout=120)


def main() -> int:
    """Bring both files up to date."""
    CORE_WORDS.write_text(core_words(), encoding="utf-8")
    lupdate(CATALOGUE)
    return 0


if __name__ == "__main__":
    sys.exit(main())
