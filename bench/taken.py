"""What a group takes while it measures: every value of every figure, and what processes use."""

import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

import psutil

OURS = "ours"


@dataclass
class Taken:
    """Every value of every figure, by figure and subject."""

    values: dict[str, dict[str, list[float]]] = field(default_factory=dict)

    def add(self, figure: str, subject: str, *values: float) -> None:
        """Take values."""
        self.values.setdefault(figure, {}).setdefault(subject, []).extend(values)

    def median(self, figure: str, subject: str) -> float:
        """The median of a figure for a subject.

        Raises:
            KeyError: it was never taken.
        """
        return statistics.median(self.values[figure][subject])

    def medians(self, figure: str) -> dict[str, float]:
        """The median of a figure for everybody of whom it was taken."""
        return {name: statistics.median(taken) for name, taken in self.values.get(figure, {}).items() if taken}


def pss(processes: Sequence[psutil.Process]) -> float:
    """Proportional set size of all of them, in MB."""
    return sum(process.memory_full_info().pss for process in processes) / 1e6


def uss(process: psutil.Process) -> float:
    """What is a process's alone, in MB; other processes' coming and going does not change it."""
    return float(process.memory_full_info().uss) / 1e6


def cpu_of_each(processes: Sequence[psutil.Process], seconds: float) -> list[float]:
    """User and system time of each over some seconds, in percent of a core."""

    def spent() -> list[float]:
        return [sum(process.cpu_times()[:2]) for process in processes]

    before, begun = spent(), time.monotonic()
    time.sleep(seconds)
    passed = time.monotonic() - begun
    return [100 * (late - early) / passed for early, late in zip(before, spent(), strict=True)]


def cpu(processes: Sequence[psutil.Process], seconds: float) -> float:
    """User and system time of all of them over some seconds, in percent of a core."""
    return sum(cpu_of_each(processes, seconds))
