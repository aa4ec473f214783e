"""What the person who measures can choose."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Options:
    """The same for every group."""

    runs: int = 5
    """How often each figure is taken; the median counts."""
    long: bool = False
    """Whether the call of an hour takes its hour."""
    parts: tuple[str, ...] = ()
    """Parts of a group to measure; all of them where it is empty."""
