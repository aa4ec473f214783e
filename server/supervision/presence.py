"""Who is doing what. In this process's memory; several servers share it through another PresenceBoard."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from provisioning.api import Presence


@dataclass(frozen=True)
class PresenceState:
    """What an agent does, and since when."""

    presence: Presence
    since: datetime
    call_ref: str | None = None
    trust: int | None = None


class PresenceBoard(Protocol):
    """Remembers the latest state of each person."""

    def put(self, person: str, state: PresenceState) -> None:
        """Remember a state."""
        ...

    def all(self) -> Mapping[str, PresenceState]:
        """Return the states of all who were ever here."""
        ...


class MemoryPresence:
    """A PresenceBoard for one server."""

    def __init__(self) -> None:
        self._states: dict[str, PresenceState] = {}

    def put(self, person: str, state: PresenceState) -> None:
        """See PresenceBoard."""
        self._states[person] = state

    def all(self) -> Mapping[str, PresenceState]:
        """See PresenceBoard."""
        return self._states
