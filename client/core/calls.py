"""The call machine: an explicit table from (state, input) to state.

Asking and happening are different inputs. What a person asks for may be refused: `CallMachine.ask` says so. What the
network reports has happened, so every report has an entry in every state; a test walks the table to prove it.
"""

from enum import StrEnum


class CallState(StrEnum):
    """What the screen shows of a call."""

    RINGING = "ringing"
    ANSWERING = "answering"
    TALKING = "talking"
    HOLDING = "holding"
    ENDING = "ending"
    ENDED = "ended"


class Ask(StrEnum):
    """What an agent asks of a call."""

    ANSWER = "answer"
    REJECT = "reject"
    HANG_UP = "hang-up"
    HOLD = "hold"
    RESUME = "resume"


class Fact(StrEnum):
    """What the engine reports of a call."""

    CONFIRMED = "confirmed"
    HELD = "held"
    RESUMED = "resumed"
    ENDED = "ended"


ASKS: dict[tuple[CallState, Ask], CallState] = {
    (CallState.RINGING, Ask.ANSWER): CallState.ANSWERING,
    (CallState.RINGING, Ask.REJECT): CallState.ENDING,
    (CallState.ANSWERING, Ask.HANG_UP): CallState.ENDING,
    (CallState.TALKING, Ask.HANG_UP): CallState.ENDING,
    (CallState.HOLDING, Ask.HANG_UP): CallState.ENDING,
    # Holding changes the state only when the re-INVITE is answered: until then the customer still hears us.
    (CallState.TALKING, Ask.HOLD): CallState.TALKING,
    (CallState.HOLDING, Ask.RESUME): CallState.HOLDING,
    # Asking again for what is under way is no mistake: a person whose key did not seem to work presses it again.
    (CallState.ENDING, Ask.HANG_UP): CallState.ENDING,
}

FACTS: dict[tuple[CallState, Fact], CallState] = {
    (CallState.RINGING, Fact.CONFIRMED): CallState.TALKING,
    (CallState.RINGING, Fact.HELD): CallState.RINGING,
    (CallState.RINGING, Fact.RESUMED): CallState.RINGING,
    (CallState.RINGING, Fact.ENDED): CallState.ENDED,
    (CallState.ANSWERING, Fact.CONFIRMED): CallState.TALKING,
    (CallState.ANSWERING, Fact.HELD): CallState.ANSWERING,
    (CallState.ANSWERING, Fact.RESUMED): CallState.ANSWERING,
    (CallState.ANSWERING, Fact.ENDED): CallState.ENDED,
    (CallState.TALKING, Fact.CONFIRMED): CallState.TALKING,
    (CallState.TALKING, Fact.HELD): CallState.HOLDING,
    (CallState.TALKING, Fact.RESUMED): CallState.TALKING,
    (CallState.TALKING, Fact.ENDED): CallState.ENDED,
    (CallState.HOLDING, Fact.CONFIRMED): CallState.HOLDING,
    (CallState.HOLDING, Fact.HELD): CallState.HOLDING,
    (CallState.HOLDING, Fact.RESUMED): CallState.TALKING,
    (CallState.HOLDING, Fact.ENDED): CallState.ENDED,
    # A call that we are ending stays so, whatever arrives late, until the end itself arrives.
    (CallState.ENDING, Fact.CONFIRMED): CallState.ENDING,
    (CallState.ENDING, Fact.HELD): CallState.ENDING,
    (CallState.ENDING, Fact.RESUMED): CallState.ENDING,
    (CallState.ENDING, Fact.ENDED): CallState.ENDED,
    (CallState.ENDED, Fact.CONFIRMED): CallState.ENDED,
    (CallState.ENDED, Fact.HELD): CallState.ENDED,
    (CallState.ENDED, Fact.RESUMED): CallState.ENDED,
    (CallState.ENDED, Fact.ENDED): CallState.ENDED,
}


class CallMachine:
    """The state of one call."""

    def __init__(self) -> None:
        self.state = CallState.RINGING

    def can(self, ask: Ask) -> bool:
        """Whether the call, as it is, takes this request."""
        return (self.state, ask) in ASKS

    def ask(self, ask: Ask) -> bool:
        """Ask for something; False, and no change, when the call as it is does not take it."""
        if not self.can(ask):
            return False
        self.state = ASKS[self.state, ask]
        return True

    def report(self, fact: Fact) -> None:
        """Take note of what has happened."""
        self.state = FACTS[self.state, fact]
