"""What a headset says to the desk, and what the desk tells it. Plain values."""

from dataclasses import dataclass
from enum import StrEnum


class HeadsetPhase(StrEnum):
    """How the desk's calls stand, as far as a headset's button needs to know."""

    IDLE = "idle"
    RINGING = "ringing"
    IN_CALL = "in-call"
    """Also while we call somebody, and while the call is held."""
    WAITING = "waiting"
    """In a call, and another one rings."""


@dataclass(frozen=True)
class Lamps:
    """What the headset shows, and what it makes its buttons mean."""

    ringing: bool = False
    off_hook: bool = False
    muted: bool = False
    held: bool = False

    @property
    def phase(self) -> HeadsetPhase:
        """How the calls stand."""
        if self.off_hook:
            return HeadsetPhase.WAITING if self.ringing else HeadsetPhase.IN_CALL
        return HeadsetPhase.RINGING if self.ringing else HeadsetPhase.IDLE


class HeadsetCommand(StrEnum):
    """What a button may ask for: the names are those of `client.core.commands`."""

    ANSWER = "call.answer"
    HANG_UP = "call.hang-up"
    MUTE = "call.mute"
    REJECT = "call.reject"
    HOLD = "call.hold"


@dataclass(frozen=True)
class HeadsetPressed:
    """The agent pressed a button."""

    command: HeadsetCommand


@dataclass(frozen=True)
class HeadsetsChanged:
    """The headsets whose buttons work, by the names that they give themselves."""

    names: tuple[str, ...]


HeadsetEvent = HeadsetPressed | HeadsetsChanged
