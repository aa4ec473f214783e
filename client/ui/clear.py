"""Where the screen finds what it may paint in clear. The values stay where they are; nothing makes a text of one."""

from collections.abc import Iterator
from typing import Protocol


class Clear(Protocol):
    """One value; `client.security.clear_value.ClearValue`."""

    def characters(self) -> Iterator[str]:
        """Yield one code point after the other; none any more when the value is wiped."""


class ClearSource(Protocol):
    """The values of the leases under way; `client.security.clear_value.Safe`."""

    def get(self, lease: str) -> Clear | None:
        """Return the value of a lease, or None."""


class NothingClear:
    """For a window that shows nothing in clear."""

    def get(self, _lease: str) -> Clear | None:
        """Return None."""
        return None
