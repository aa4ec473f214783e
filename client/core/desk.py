"""The desk's decisions: one event in, the intents that follow from it out, and a snapshot for the screen.

The rule for trouble stands here: a session, a server or a posture that fails takes the customer's data off the screen
at once; it never ends a call. Only the call itself, or the engine's death, does that.
"""

import itertools
from collections.abc import Callable
from dataclasses import replace

from client.core import intents
from client.core.agent import AgentState, Duty
from client.core.approvals import Approvals
from client.core.calling import Calling
from client.core.digits import Digits
from client.core.equipment import Equipment
from client.core.events import Event
from client.core.handset import Handset
from client.core.intents import Intent
from client.core.invocations import Invocations
from client.core.office import Office
from client.core.reveal import Reveal
from client.core.snapshot import DeskSnapshot
from client.core.state import DeskState


class Desk:
    """The rooms of the desk, the state that they share, and the order in which they are asked.

    Args:
        clock: seconds since the epoch.
        new_ref: makes a reference for a call that the edge could not get one for, because the server was away.
    """

    def __init__(self, clock: Callable[[], float], new_ref: Callable[[], str]) -> None:
        self._state = DeskState(clock, new_ref, since=clock())
        calling = Calling(self._state)
        handset = Handset(self._state, calling)
        self._equipment = Equipment(self._state, handset)
        self._office = Office(self._state)
        self._reveal = Reveal(self._state)
        self._approvals = Approvals(self._state)
        self._digits = Digits(self._state)
        self._invocations = Invocations(
            self._state,
            handset,
            self._equipment,
            self._office,
            reveal=self._reveal,
            approvals=self._approvals,
            digits=self._digits,
        )
        self._rooms: tuple[Callable[[Event], list[Intent] | None], ...] = (
            self._invocations.on,
            calling.on,
            self._equipment.on,
            self._office.on,
            self._reveal.on,
            self._approvals.on,
            self._digits.on,
        )

    def handle(self, event: Event) -> list[Intent]:
        """Take an event and return what should be done about it, in order."""
        state = self._state
        before = state.agent
        wanted = self._on(event)
        self._approvals.settle()
        self._digits.settle()
        # What may not be shown any more is covered before anything else is done.
        wanted = self._reveal.settle() + wanted + self._equipment.settle()
        now = state.agent
        if now is not before:
            state.since = state.clock()
            wanted.append(intents.TellPresence(now, state.since, state.subject_ref))
        return wanted

    def _on(self, event: Event) -> list[Intent]:
        for room in self._rooms:
            wanted = room(event)
            if wanted is not None:
                return wanted
        raise TypeError(f"the desk does not know the event {type(event).__name__}")

    @property
    def snapshot(self) -> DeskSnapshot:
        """What the screen shows now."""
        state = self._state
        calls = state.board.snapshots
        subject = state.board.subject
        return DeskSnapshot(
            screen=state.screen,
            organisation=self._office.organisation,
            defaults=state.defaults,
            policy=state.screen_policy,
            busy=self._office.busy,
            problem=state.problems.front,
            person=state.person,
            state=state.agent,
            state_since=state.since,
            break_next=state.duty is Duty.BREAK and state.agent not in {AgentState.NOT_READY, AgentState.OFFLINE},
            do_not_disturb=state.do_not_disturb,
            call=next((call for call in calls if call.current), None),
            calls=calls,
            card=subject.card if subject else None,
            script=subject.script.snapshot if subject and subject.script else None,
            wrap_up=state.notes.snapshot(state.subject_ref),
            codes=state.codes,
            history=state.history.snapshots,
            wall=tuple(state.wall.values()),
            status=replace(state.line.status, unsent=len(state.history.unsent)),
            sheet=state.sheet,
            directory=state.directory,
            may_dial_numbers=state.may_dial_numbers,
            sound=state.sound,
            check=state.check.snapshot if state.check else None,
            messages=state.messages,
            reveal=self._reveal.snapshot,
            reveal_reasons=state.reveal_reasons,
            may_type_reason=state.may_type_reason,
            digits=self._digits.snapshot,
            approvals=self._approvals.snapshots,
            enabled=self._invocations.enabled(),
        )


def reference_maker(random_token: Callable[[], str]) -> Callable[[], str]:
    """Return a maker of call references from a maker of random tokens; a counter keeps them apart in any case."""
    counter = itertools.count(1)
    return lambda: f"c_{random_token()}{next(counter)}"
