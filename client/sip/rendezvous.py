"""Where a desk finds the engine again that an earlier desk has started.

Whoever has the address and the token commands the engine, so they are kept where only the desk can read them.
"""

import contextlib
import json
import os
import stat
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol


@dataclass(frozen=True)
class Meeting:
    """An engine's address and its token."""

    address: str
    token: str = field(repr=False)


class Rendezvous(Protocol):
    """Keeps one meeting. None of these may raise: an engine that cannot be remembered is still an engine."""

    def remember(self, meeting: Meeting) -> None:
        """Keep it, in place of what was kept before."""

    def recall(self) -> Meeting | None:
        """Return what is kept, if anything is."""

    def forget(self) -> None:
        """Keep nothing any more: the engine is gone."""


class InMemory:
    """Outlives an engine, but not the desk."""

    def __init__(self) -> None:
        self._meeting: Meeting | None = None

    def remember(self, meeting: Meeting) -> None:
        """See `Rendezvous`."""
        self._meeting = meeting

    def recall(self) -> Meeting | None:
        """See `Rendezvous`."""
        return self._meeting

    def forget(self) -> None:
        """See `Rendezvous`."""
        self._meeting = None


class PrivateFile:
    """A file that nobody else can read. What it holds is worth nothing once the engine has ended."""

    def __init__(self, directory: Path) -> None:
        self._path = directory / "engine.json"

    def remember(self, meeting: Meeting) -> None:
        """See `Rendezvous`."""
        with contextlib.suppress(OSError):
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            part = self._path.with_suffix(".part")
            part.unlink(missing_ok=True)
            descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with open(descriptor, "w", encoding="utf-8") as file:
                json.dump({"address": meeting.address, "token": meeting.token}, file)
            part.replace(self._path)

    def recall(self) -> Meeting | None:
        """See `Rendezvous`. What others can read, or have put there, is not trusted."""
        try:
            descriptor = os.open(self._path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0))
            with open(descriptor, encoding="utf-8") as file:
                if not _is_ours_alone(os.fstat(descriptor)):
                    return None
                content = json.load(file)
            return Meeting(str(content["address"]), str(content["token"]))
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def forget(self) -> None:
        """See `Rendezvous`."""
        with contextlib.suppress(OSError):
            self._path.unlink(missing_ok=True)


def _is_ours_alone(facts: os.stat_result) -> bool:
    if sys.platform == "win32":
        # The profile's folders are the user's own; modes say nothing there.
        return True
    return stat.S_ISREG(facts.st_mode) and facts.st_uid == os.getuid() and not facts.st_mode & 0o077
