"""The calls on the desk: which there are, which one the commands act on, and which hear each other."""

from client.core.calls import CallState
from client.core.conversation import Conversation
from client.core.snapshot import REVEALING_TRUST, CallSnapshot

MOST_CALLS = 4


class Board:
    """Calls in the order in which they came. One that is over stays while its note is being written."""

    def __init__(self) -> None:
        self._all: list[Conversation] = []
        self._current: Conversation | None = None
        self.conference: frozenset[int] = frozenset()

    def add(self, talk: Conversation, *, current: bool) -> None:
        """Put a call on the desk."""
        self._all.append(talk)
        if current or self._current is None or self._current.is_over:
            self._current = talk

    def remove(self, ref: str) -> None:
        """Take a call that is over, and done with, off the desk."""
        self._all = [talk for talk in self._all if talk.ref != ref or not talk.is_over]
        if self._current not in self._all:
            self._current = None
            self.settle()

    def choose(self, talk: Conversation) -> None:
        """Make a call the one that the commands act on."""
        self._current = talk

    def settle(self) -> None:
        """See to it that the commands act on a call that lives, if one does."""
        if self._current is None or self._current.is_over:
            live = self.live
            answered = [talk for talk in live if talk.is_answered]
            following = next(iter(answered or live), None)
            self._current = following or self._current

    def forget_customers(self) -> None:
        """The desk may show nobody any more; the calls go on."""
        for talk in self._all:
            talk.forget_customer()

    def trust_less(self, trust: int) -> None:
        """The desk is trusted less from now on; the calls go on."""
        for talk in self._all:
            if trust == 0:
                talk.forget_customer()
            elif talk.card is not None and trust < REVEALING_TRUST:
                talk.card = talk.card.covered()

    # --- Looking up ---------------------------------------------------------------------------------------------------

    @property
    def live(self) -> list[Conversation]:
        """The calls that are not over."""
        return [talk for talk in self._all if not talk.is_over]

    @property
    def on_record(self) -> list[Conversation]:
        """The calls that the server knows of, also those that are over and whose note is being written."""
        return [talk for talk in self._all if talk.on_record]

    @property
    def current(self) -> Conversation | None:
        """The call that the commands act on; None where none lives."""
        return self._current if self._current is not None and not self._current.is_over else None

    @property
    def ringing(self) -> Conversation | None:
        """The call that rings here, the first of them."""
        return next((talk for talk in self._all if talk.rings), None)

    @property
    def subject(self) -> Conversation | None:
        """Whose record and note are on the screen.

        The current call's; while a colleague is consulted, the customer's whom it is about; after the calls, the one
        whose note is being written.
        """
        current = self.current
        if current is not None and current.on_record:
            return current
        on_record = [talk for talk in self._all if talk.on_record]
        live = [talk for talk in on_record if not talk.is_over]
        return next(iter(live[-1:] or on_record), None)

    def by_call(self, call: int) -> Conversation | None:
        """The living call with the engine's number."""
        return next((talk for talk in self.live if talk.call == call), None)

    def by_ref(self, ref: str) -> Conversation | None:
        """The call with a reference, also one that is over."""
        return next((talk for talk in self._all if talk.ref == ref), None)

    def by_request(self, request: int) -> Conversation | None:
        """The living call that began with an order of ours."""
        return next((talk for talk in self.live if talk.request == request and request), None)

    def others(self, talk: Conversation) -> list[Conversation]:
        """The other calls that are answered, beginning after this one."""
        at = self._all.index(talk)
        return [other for other in self._all[at + 1 :] + self._all[:at] if other.is_answered]

    def in_conference(self, talk: Conversation) -> bool:
        """Whether a call hears at least one other."""
        members = {other.call for other in self.live} & self.conference
        return talk.call in members and len(members) > 1

    @property
    def may_wait(self) -> bool:
        """Whether there is room, and a moment, for one more call to ring: the agent talks, and nothing else begins."""
        live = self.live
        beginning = {CallState.RINGING, CallState.ANSWERING, CallState.DIALLING, CallState.CALLING}
        return 0 < len(live) < MOST_CALLS and not any(talk.state in beginning for talk in live)

    # --- What the screen shows ----------------------------------------------------------------------------------------

    @property
    def snapshots(self) -> tuple[CallSnapshot, ...]:
        """All living calls."""
        current = self.current
        return tuple(
            talk.snapshot(current=talk is current, in_conference=self.in_conference(talk)) for talk in self.live
        )
