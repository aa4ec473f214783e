"""Today's calls: what the server has, and what it has not heard of yet."""

from dataclasses import replace

from client.core.snapshot import HistorySnapshot


class History:
    """The list, newest first, with the refs of what still waits to be sent."""

    def __init__(self) -> None:
        self._entries: tuple[HistorySnapshot, ...] = ()
        self.unsent: tuple[str, ...] = ()

    def clear(self) -> None:
        """Nobody is signed in: the list names customers."""
        self._entries = ()

    def add(self, entry: HistorySnapshot) -> None:
        """A call is over."""
        self._entries = (entry, *(old for old in self._entries if old.ref != entry.ref))

    def replace(self, calls: tuple[HistorySnapshot, ...]) -> None:
        """Take the server's list. A call that it has not heard of yet stays: the agent remembers it."""
        known = {entry.ref for entry in calls}
        ours = tuple(entry for entry in self._entries if entry.ref in self.unsent and entry.ref not in known)
        self._entries = ours + calls

    def find(self, ref: str) -> HistorySnapshot | None:
        """The entry of a call."""
        return next((entry for entry in self._entries if entry.ref == ref), None)

    @property
    def snapshots(self) -> tuple[HistorySnapshot, ...]:
        """What the screen shows."""
        return tuple(replace(entry, unsent=entry.ref in self.unsent) for entry in self._entries)
