"""The notes about calls that are not saved yet: one for each call that needs one."""

from dataclasses import dataclass, field

from client.core.snapshot import WrapUpSnapshot


@dataclass
class WrapUp:
    """The note being written about a call."""

    ref: str
    notes: str = field(default="", repr=False)
    code: str = ""
    saving: bool = False
    found: bool = False
    """Whether it was begun before the desk last ended."""


class Notes:
    """Open notes, the oldest first."""

    def __init__(self) -> None:
        self._open: dict[str, WrapUp] = {}

    def __bool__(self) -> bool:
        return bool(self._open)

    def __contains__(self, ref: str) -> bool:
        return ref in self._open

    def begin(self, ref: str) -> None:
        """Open a note; one that is open stays as it is."""
        self._open.setdefault(ref, WrapUp(ref))

    def take_up(self, ref: str, notes: str, code: str) -> None:
        """Go on with a note that was begun before the desk last ended; what is written since is not overwritten."""
        note = self._open.setdefault(ref, WrapUp(ref))
        if not note.notes and not note.code:
            note.notes, note.code, note.found = notes, code, True

    def get(self, ref: str) -> WrapUp | None:
        """Return the note of a call."""
        return self._open.get(ref)

    def done(self, ref: str) -> bool:
        """Take a note that is kept off the desk; False where none of that call was being saved."""
        note = self._open.get(ref)
        if note is None or not note.saving:
            return False
        del self._open[ref]
        return True

    def front(self, ref: str) -> WrapUp | None:
        """The note to write now: that of this call, else the oldest."""
        return self._open.get(ref) or next(iter(self._open.values()), None)

    def failed(self) -> None:
        """Nothing is being saved any more."""
        for note in self._open.values():
            note.saving = False

    def snapshot(self, ref: str) -> WrapUpSnapshot | None:
        """The note to write now, as the screen shows it."""
        note = self.front(ref)
        if note is None:
            return None
        return WrapUpSnapshot(note.ref, note.notes, note.code, note.saving, len(self._open) - 1, note.found)
