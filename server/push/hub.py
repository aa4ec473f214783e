"""Who has a socket open, and sending to them. In one process; an interface for several servers has the same methods."""

import asyncio
from dataclasses import dataclass, field
from typing import Literal

from pydantic import BaseModel

from provisioning.api import (
    CLOSE_DEVICE_REVOKED,
    CLOSE_REPLACED,
    CLOSE_SESSION_ENDED,
    ApprovalAsked,
    ApprovalGone,
    CallOffered,
    DigitsChanged,
    LeaseChanged,
    ManifestChanged,
    Role,
    SessionEnded,
    TrustChanged,
    WallChanged,
)

_BACKLOG = 256
_CLOSE_TOO_SLOW = 1013
"""'Try again later': a desk that does not read is cut off before it costs the server its memory."""

Push = CallOffered | SessionEnded | ManifestChanged | WallChanged | LeaseChanged | TrustChanged | DigitsChanged
EndReason = Literal["signed-out", "expired", "signed-in-elsewhere", "device-revoked", "person-disabled"]


@dataclass(frozen=True)
class Close:
    """The last thing that a socket hears."""

    code: int


@dataclass(eq=False)
class Connection:
    """A socket, as the hub sees it: a queue that the socket's own task empties."""

    session_id: str
    person: str
    role: Role
    team: str
    queue: asyncio.Queue[str | Close] = field(default_factory=lambda: asyncio.Queue(_BACKLOG + 2))
    closing: bool = False

    def send(self, message: BaseModel) -> None:
        """Queue a message; nothing follows a close."""
        if self.closing:
            return
        if self.queue.qsize() >= _BACKLOG:
            self.close(_CLOSE_TOO_SLOW)
            return
        self.queue.put_nowait(message.model_dump_json())

    def close(self, code: int, last: BaseModel | None = None) -> None:
        """Queue the end, after a last message where there is one."""
        if self.closing:
            return
        self.closing = True
        if last is not None:
            self.queue.put_nowait(last.model_dump_json())
        self.queue.put_nowait(Close(code))


class Hub:
    """All open sockets: one a session. Used from the server's event loop only."""

    def __init__(self) -> None:
        self._open: dict[str, Connection] = {}

    def add(self, connection: Connection) -> None:
        """Take in a socket; an older one of the same session is closed."""
        if (older := self._open.get(connection.session_id)) is not None:
            older.close(CLOSE_REPLACED)
        self._open[connection.session_id] = connection

    def remove(self, connection: Connection) -> bool:
        """Forget a socket; returns whether the session has no other by now."""
        if self._open.get(connection.session_id) is not connection:
            return False
        del self._open[connection.session_id]
        return True

    def is_open(self, session_id: str) -> bool:
        """Tell whether a session has a socket."""
        return session_id in self._open

    def session_ids(self) -> tuple[str, ...]:
        """Return the sessions that have a socket."""
        return tuple(self._open)

    def send_to_session(self, session_id: str, message: Push) -> bool:
        """Send to one session; returns whether it has a socket."""
        connection = self._open.get(session_id)
        if connection is None:
            return False
        connection.send(message)
        return True

    def send_to_supervisors(
        self, team: str, message: WallChanged | ApprovalAsked | ApprovalGone, *, but: str = ""
    ) -> None:
        """Send to the supervisors of a team, and to nobody else; not to the one who is `but`."""
        for connection in self._open.values():
            if connection.role is Role.SUPERVISOR and connection.team == team and connection.person != but:
                connection.send(message)

    def broadcast(self, message: ManifestChanged) -> None:
        """Send to everybody."""
        for connection in self._open.values():
            connection.send(message)

    def end_session(self, session_id: str, reason: EndReason) -> None:
        """Tell a session's desk that it is over, and close its socket."""
        if (connection := self._open.get(session_id)) is not None:
            code = CLOSE_DEVICE_REVOKED if reason == "device-revoked" else CLOSE_SESSION_ENDED
            connection.close(code, SessionEnded(reason=reason))
