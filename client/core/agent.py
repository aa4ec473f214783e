"""What a signed-in person is doing.

The person chooses a duty; the rest follows from the calls and the notes, so that no order of events can leave the two
apart: whoever has a call is on it, whoever has a note to write is writing it, and only who has neither is ready or not.

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


class Duty(StrEnum):
    """What the agent has chosen to do as soon as calls and notes are done."""

    OFFLINE = "offline"
    """Nobody is signed in."""
    BREAK = "break"
    READY = "ready"


_ALONE: dict[Duty, AgentState] = {
    Duty.OFFLINE: AgentState.OFFLINE,
    Duty.BREAK: AgentState.NOT_READY,
    Duty.READY: AgentState.READY,
}


def state_of(duty: Duty, *, on_call: bool, ringing: bool, writing: bool, undisturbed: bool) -> AgentState:
    """Return what the agent is doing.

    Args:
        duty: what they have chosen.
        on_call: a call is answered, being answered, or going out.
        ringing: a call rings.
        writing: a note is not saved yet.
        undisturbed: no calls are wanted, whatever the duty.
    """
    if duty is Duty.OFFLINE:
        return AgentState.OFFLINE
    if on_call:
        return AgentState.ON_CALL
    if ringing:
        return AgentState.RINGING
    if writing:
        return AgentState.WRAP_UP
    return AgentState.NOT_READY if undisturbed else _ALONE[duty]
