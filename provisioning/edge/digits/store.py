"""Kamailio's call store, as the keeper uses it: whose call it is, and which calls are sealed.

The mark outlives the keeper and Kamailio: key presses that come by SIP INFO stay away from the desk for as long as it
is there. It goes with the call.
"""

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

_BUSY_SECONDS = 2.0


@dataclass(frozen=True)
class KnownCall:
    """A call that is up."""

    customer_tag: str
    has_events: bool
    """Whether the customer's key presses come as telephone events (RFC 4733), which rtpengine can keep away."""


class CallStore:
    """The file; opened anew each time, because a new configuration replaces it.

    Every method raises sqlite3.Error when the file cannot be used.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def find(self, call_id: str) -> KnownCall | None:
        """Return a call by the Call-ID that the desk knows; None where it is not up."""
        with closing(self._open()) as store:
            query = "SELECT customer_tag, events FROM kept_calls WHERE public = ? AND answered != ''"
            row = store.execute(query, (call_id,)).fetchone()
        return KnownCall(row[0], row[1] == "yes") if row is not None and row[0] else None

    def mark(self, call_id: str, digits: str) -> None:
        """Mark a call as sealed."""
        with closing(self._open()) as store, store:
            store.execute("INSERT OR REPLACE INTO sealed_calls (public, digits) VALUES (?, ?)", (call_id, digits))

    def unmark(self, call_id: str) -> None:
        """Take the mark away."""
        with closing(self._open()) as store, store:
            store.execute("DELETE FROM sealed_calls WHERE public = ?", (call_id,))

    def _open(self) -> sqlite3.Connection:
        return sqlite3.connect(f"file:{self._path}?mode=rw", uri=True, timeout=_BUSY_SECONDS)
