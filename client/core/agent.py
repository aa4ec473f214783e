"""The agent machine: what a signed-in person is doing, as an explicit table.

The values are those of `provisioning.api.Presence`, which a test compares: core may not import the contract.
"""

from enum import StrEnum


class AgentState(StrEnum):
    """What the agent is doing, as everybody else sees it."""

    OFFLINE = "offline"
    NOT_READY = "not-ready"
    READY = "ready"
    RINGING = "ringing"
    ON_CALL = "on-call"
    WRAP_UP = "wrap-up"


class AgentInput(StrEnum):
    """What changes it."""

    SIGNED_IN = "signed-in"
    SIGNED_OUT = "signed-out"
    GO_READY = "go-ready"
    PAUSE = "pause"
    RANG = "rang"
    ANSWERED = "answered"
    MISSED = "missed"
    """The call ended before it was answered."""
    HUNG_UP = "hung-up"
    """A call that was answered is over."""
    WRAPPED_UP = "wrapped-up"


TABLE: dict[tuple[AgentState, AgentInput], AgentState] = {
    (AgentState.OFFLINE, AgentInput.SIGNED_IN): AgentState.NOT_READY,
    (AgentState.NOT_READY, AgentInput.GO_READY): AgentState.READY,
    (AgentState.READY, AgentInput.PAUSE): AgentState.NOT_READY,
    (AgentState.READY, AgentInput.RANG): AgentState.RINGING,
    (AgentState.RINGING, AgentInput.ANSWERED): AgentState.ON_CALL,
    (AgentState.RINGING, AgentInput.MISSED): AgentState.READY,
    (AgentState.ON_CALL, AgentInput.HUNG_UP): AgentState.WRAP_UP,
    (AgentState.WRAP_UP, AgentInput.WRAPPED_UP): AgentState.READY,
    # Pausing during wrap-up is a wish for afterwards: the work is done first.
    **{(state, AgentInput.SIGNED_OUT): AgentState.OFFLINE for state in AgentState},
}


class AgentMachine:
    """The state of the agent."""

    def __init__(self) -> None:
        self.state = AgentState.OFFLINE

    def can(self, what: AgentInput) -> bool:
        """Whether this input means anything in the present state."""
        return (self.state, what) in TABLE

    def take(self, what: AgentInput) -> bool:
        """Change state; False, and no change, where the input means nothing in the present state."""
        if not self.can(what):
            return False
        self.state = TABLE[self.state, what]
        return True
