"""A PC that was recorded: files, programs' answers, processes."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from client.security.posture.machine import Process


@dataclass
class RecordedMachine:
    """Answers what it was given, and None to all else, as a PC does that lacks a thing."""

    files: Mapping[str, str] = field(default_factory=dict)
    folders: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    links: Mapping[str, str] = field(default_factory=dict)
    times: Mapping[str, float] = field(default_factory=dict)
    answers: Mapping[str, str] = field(default_factory=dict)
    """By how the command begins."""
    running: tuple[Process, ...] | None = ()
    variables: Mapping[str, str] = field(default_factory=dict)
    clock: float = 1_780_000_000.0
    asked: list[str] = field(default_factory=list)

    def read(self, path: str) -> str | None:
        """See Machine."""
        return self.files.get(path)

    def names(self, folder: str) -> tuple[str, ...] | None:
        """See Machine."""
        return self.folders.get(folder)

    def link(self, path: str) -> str | None:
        """See Machine."""
        return self.links.get(path)

    def modified(self, path: str) -> float | None:
        """See Machine."""
        return self.times.get(path)

    def run(self, *command: str, seconds: float = 3.0, errors: bool = False) -> str | None:
        """See Machine."""
        line = " ".join(command)
        self.asked.append(line)
        return next((answer for begins, answer in self.answers.items() if line.startswith(begins)), None)

    def processes(self) -> tuple[Process, ...] | None:
        """See Machine."""
        return self.running

    def variable(self, name: str) -> str:
        """See Machine."""
        return self.variables.get(name, "")

    def now(self) -> float:
        """See Machine."""
        return self.clock


def processes(*names: str) -> tuple[Process, ...]:
    """Running programs of these names."""
    return tuple(Process((name,)) for name in names)
