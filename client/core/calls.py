"""The call machine: an explicit table from (state, input) to state.

Asking and happening are different inputs. What a person asks for may be refused: `CallMachine.ask` says so. What the
network reports has happened, so every report has an entry in every state; a test walks the table to prove it.
"""

from enum import StrEnum


class CallState(StrEnum):
    """What the screen shows of a call."""

    RINGING = "ringing"
    """It rings here."""
    ANSWERING = "answering"
    DIALLING = "dialling"
    """We call, and nothing has been heard of the other side."""
    CALLING = "calling"
    """It rings at the other side."""
    TALKING = "talking"
    HOLDING = "holding"
    TRANSFERRING = "transferring"
    """The other side is being sent on; until that has worked, the call is still ours."""
    TRANSFERRING_HELD = "transferring-held"
    ENDING = "ending"
    ENDED = "ended"


class Ask(StrEnum):
    """What an agent asks of a call."""

    ANSWER = "answer"
    REJECT = "reject"
    HANG_UP = "hang-up"
    HOLD = "hold"
    RESUME = "resume"
    TRANSFER = "transfer"


class Fact(StrEnum):
    """What the engine reports of a call."""

    RANG_THERE = "rang-there"
    CONFIRMED = "confirmed"
    HELD = "held"
    RESUMED = "resumed"
    TRANSFER_FAILED = "transfer-failed"
    ENDED = "ended"


_S = CallState

ASKS: dict[tuple[CallState, Ask], CallState] = {
    (_S.RINGING, Ask.ANSWER): _S.ANSWERING,
    (_S.RINGING, Ask.REJECT): _S.ENDING,
    (_S.ANSWERING, Ask.HANG_UP): _S.ENDING,
    (_S.DIALLING, Ask.HANG_UP): _S.ENDING,
    (_S.CALLING, Ask.HANG_UP): _S.ENDING,
    (_S.TALKING, Ask.HANG_UP): _S.ENDING,
    (_S.HOLDING, Ask.HANG_UP): _S.ENDING,
    (_S.TRANSFERRING, Ask.HANG_UP): _S.ENDING,
    (_S.TRANSFERRING_HELD, Ask.HANG_UP): _S.ENDING,
    # Holding changes the state only when the re-INVITE is answered: until then the customer still hears us.
    (_S.TALKING, Ask.HOLD): _S.TALKING,
    (_S.HOLDING, Ask.RESUME): _S.HOLDING,
    (_S.TALKING, Ask.TRANSFER): _S.TRANSFERRING,
    (_S.HOLDING, Ask.TRANSFER): _S.TRANSFERRING_HELD,
    # Asking again for what is under way is no mistake: a person whose key did not seem to work presses it again.
    (_S.ENDING, Ask.HANG_UP): _S.ENDING,
}

_FACTS: dict[CallState, dict[Fact, CallState]] = {
    _S.RINGING: {Fact.CONFIRMED: _S.TALKING},
    _S.ANSWERING: {Fact.CONFIRMED: _S.TALKING},
    _S.DIALLING: {Fact.RANG_THERE: _S.CALLING, Fact.CONFIRMED: _S.TALKING},
    _S.CALLING: {Fact.CONFIRMED: _S.TALKING},
    _S.TALKING: {Fact.HELD: _S.HOLDING},
    _S.HOLDING: {Fact.RESUMED: _S.TALKING},
    _S.TRANSFERRING: {Fact.HELD: _S.TRANSFERRING_HELD, Fact.TRANSFER_FAILED: _S.TALKING},
    _S.TRANSFERRING_HELD: {Fact.RESUMED: _S.TRANSFERRING, Fact.TRANSFER_FAILED: _S.HOLDING},
    # A call that we are ending stays so, whatever arrives late, until the end itself arrives.
    _S.ENDING: {},
    _S.ENDED: {},
}
"""What changes the state; every other fact leaves it, and ENDED ends it from anywhere."""

FACTS: dict[tuple[CallState, Fact], CallState] = {
    (state, fact): _S.ENDED if fact is Fact.ENDED else _FACTS[state].get(fact, state)
    for state in CallState
    for fact in Fact
}


class CallMachine:
    """The state of one call."""

    def __init__(self, state: CallState = CallState.RINGING) -> None:
        self.state = state

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
