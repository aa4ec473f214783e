"""Customers' cards that are here before their calls: the server tells of a call before the call arrives."""

from client.core.snapshot import CardSnapshot, ScriptSnapshot

_MOST = 4
"""So many cards wait for their calls; older ones are forgotten."""

Card = tuple[CardSnapshot, ScriptSnapshot | None]


class Cards:
    """Cards by the reference of their call."""

    def __init__(self) -> None:
        self._waiting: dict[str, Card] = {}

    def put(self, ref: str, card: Card) -> None:
        """Keep a card for a call that is on its way."""
        self._waiting[ref] = card
        while len(self._waiting) > _MOST:
            self._waiting.pop(next(iter(self._waiting)))

    def pop(self, ref: str) -> Card | None:
        """Take the card of a call that has arrived."""
        return self._waiting.pop(ref, None)

    def clear(self) -> None:
        """Nobody is signed in."""
        self._waiting.clear()
