"""A field in clear under any order of events, beside a model that knows the rule and nothing of the desk.

The rule: it is in clear only while the server has granted it and nobody has ended it, the window has the focus on an
unlocked PC, the desk is connected and trusted at T2 or above, and the customer is in the agent's ear. Every lease that
the desk has heard of is ended exactly once.
"""

from dataclasses import dataclass, field

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from client.core import events, intents
from client.core import telephony as tel
from client.core.intents import Intent
from client.core.snapshot import RevealStage
from tests.unit.core.playbook import CALL, CODES, REF, Playbook
from tests.unit.core.test_reveal import CARD, REASONS


@dataclass
class Lease:
    """One lease, as the server knows it."""

    request: int
    heard: bool = False
    """Whether the desk has got an answer with its id."""
    granted: bool = False
    ends: list[str] = field(default_factory=list)


class Reveals(RuleBasedStateMachine):
    """Feeds the whole desk, and keeps what is true outside it."""

    @initialize()
    def begin(self) -> None:
        self.leases: dict[str, Lease] = {}
        self.focused, self.locked = True, False
        self.connected, self.trust, self.talking, self.signed_in = True, 2, True, True
        self.pending: list[str] = []
        self.waiting = ""
        """The lease that the model would have on its way or shown; empty where there is none."""
        self.desk = Playbook().talking()
        self.happens(
            events.DeviceReady("Bank", CODES, (), reveal_reasons=REASONS),
            events.CardArrived(REF, CARD, None, 2, ()),
            events.WindowFocus(focused=True),
        )

    def happens(self, *happenings: events.Event) -> None:
        for event in happenings:
            self.take(self.desk.happens(event))

    def take(self, wanted: list[Intent]) -> None:
        for intent in wanted:
            match intent:
                case intents.AskReveal():
                    assert self.well, "asked for what may not be asked"
                    assert not self.waiting, "asked for a second one"
                    lease = f"l_{intent.request}"
                    self.leases[lease] = Lease(intent.request)
                    self.pending.append(lease)
                    self.waiting = lease
                case intents.EndReveal():
                    assert self.leases[intent.lease].heard
                    self.leases[intent.lease].ends.append(intent.reason)
                case intents.TellShown():
                    assert self.leases[intent.lease].granted
                    assert not self.leases[intent.lease].ends
                    assert self.may_look

    @property
    def well(self) -> bool:
        return self.connected and self.trust >= 2 and self.talking and self.signed_in

    @property
    def may_look(self) -> bool:
        return self.well and self.focused and not self.locked

    def settle(self) -> None:
        """What the rule says of the one under way."""
        lease = self.leases.get(self.waiting)
        if lease is not None and not (self.may_look if lease.granted else self.well):
            self.waiting = ""

    # --- The person and the PC ----------------------------------------------------------------------------------------

    @rule(name=st.sampled_from(["mobile", "address"]))
    def ask(self, name: str) -> None:
        self.happens(events.RevealSubmitted(name, "call-back"))

    @rule()
    def hide(self) -> None:
        self.waiting = ""
        self.take(self.desk.presses("customer.hide"))

    @rule(focused=st.sampled_from([True, True, False]), locked=st.sampled_from([False, False, True]))
    def look(self, focused: bool, locked: bool) -> None:
        self.focused, self.locked = focused, locked
        self.settle()
        self.happens(events.WindowFocus(focused, locked))

    @rule(seconds=st.floats(-30, 30))
    def time_passes(self, seconds: float) -> None:
        self.desk.now += seconds

    @precondition(lambda self: self.waiting and self.leases[self.waiting].granted)
    @rule()
    def time_is_up(self) -> None:
        lease, self.waiting = self.waiting, ""
        self.happens(events.RevealDue(lease))

    # --- The call -----------------------------------------------------------------------------------------------------

    @precondition(lambda self: self.talking)
    @rule()
    def hold(self) -> None:
        self.talking = False
        self.settle()
        self.take(self.desk.presses("call.hold"))
        # From the press on, and not from when the customer hears the music.
        self.the_screen_shows_what_the_rule_says()
        self.happens(tel.CallMedia(CALL, active=False, held_locally=True, held_remotely=False))

    @precondition(lambda self: not self.talking and any(call.ref == REF for call in self.desk.sees.calls))
    @rule()
    def resume(self) -> None:
        self.take(self.desk.presses("call.hold"))
        self.happens(tel.CallMedia(CALL, active=True, held_locally=False, held_remotely=False))
        self.talking = True

    # What ends everything comes late, or there would be little before it.
    @precondition(lambda self: len(self.leases) >= 3)
    @rule(end=st.sampled_from([tel.CallEnd.REMOTE, tel.CallEnd.LOST]))
    def the_call_ends(self, end: tel.CallEnd) -> None:
        self.talking = False
        self.settle()
        self.happens(tel.CallEnded(CALL, end))

    # --- The server ---------------------------------------------------------------------------------------------------

    @precondition(lambda self: self.pending)
    @rule(shown=st.booleans(), data=st.data())
    def answer(self, shown: bool, data: st.DataObject) -> None:
        name = data.draw(st.sampled_from(self.pending))
        self.pending.remove(name)
        lease = self.leases[name]
        lease.heard = True
        if name == self.waiting:
            lease.granted = shown
            self.settle()
        self.happens(events.RevealAnswered(name, "mobile", shown, 20, self.desk.now + 60, lease.request))

    @precondition(
        lambda self: self.waiting and self.leases[self.waiting].heard and not self.leases[self.waiting].granted
    )
    @rule()
    def the_supervisor_agrees(self) -> None:
        name = self.waiting
        lease = self.leases[name]
        lease.granted = True
        self.settle()
        self.happens(events.RevealAnswered(name, "mobile", True, 20, self.desk.now + 60, lease.request))

    @precondition(lambda self: self.pending)
    @rule(data=st.data())
    def refuse(self, data: st.DataObject) -> None:
        name = data.draw(st.sampled_from(self.pending))
        self.pending.remove(name)
        self.waiting = "" if self.waiting == name else self.waiting
        self.happens(events.RevealRefused("mobile", "reveal-refused", self.leases.pop(name).request))

    @rule(reason=st.sampled_from(["expired", "not-approved", "trust-lost"]), data=st.data())
    def the_server_ends_one(self, reason: str, data: st.DataObject) -> None:
        known = [name for name, lease in self.leases.items() if lease.heard]
        if not known:
            return
        name = data.draw(st.sampled_from(known))
        self.waiting = "" if self.waiting == name else self.waiting
        self.happens(events.RevealEnded(name, reason))

    @rule(connected=st.booleans())
    def link(self, connected: bool) -> None:
        if self.signed_in:
            self.connected = connected
            self.settle()
            self.happens(events.LinkChanged(connected))

    @rule(trust=st.sampled_from([2, 3, 2, 1, 0]))
    def trust_changes(self, trust: int) -> None:
        if self.signed_in:
            self.trust = trust
            self.settle()
            self.happens(events.TrustChanged(trust, ()))
            if trust >= 1:
                # The server answers with what may be shown now.
                self.happens(events.CardArrived(REF, CARD if trust >= 2 else CARD.covered(), None, trust, ()))

    @precondition(lambda self: len(self.leases) >= 3)
    @rule()
    def the_session_ends(self) -> None:
        self.signed_in = self.connected = False
        self.settle()
        self.happens(events.SignedOut("session-required"))

    # --- What must hold -----------------------------------------------------------------------------------------------

    @invariant()
    def the_screen_shows_what_the_rule_says(self) -> None:
        reveal = self.desk.sees.reveal
        assert bool(reveal) == bool(self.waiting)
        if reveal is None:
            return
        lease = self.leases[self.waiting]
        assert (reveal.stage is RevealStage.SHOWN) == lease.granted
        assert (reveal.stage is RevealStage.WAITING) == (lease.heard and not lease.granted)
        if reveal.stage is RevealStage.SHOWN:
            assert self.may_look
            assert reveal.lease == self.waiting

    @invariant()
    def each_lease_is_ended_once_and_only_when_it_is_over(self) -> None:
        for name, lease in self.leases.items():
            over = lease.heard and name != self.waiting
            assert len(lease.ends) == over, f"{name}: {lease}"


TestReveals = Reveals.TestCase
TestReveals.settings = settings(
    max_examples=150, stateful_step_count=40, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
