"""How long the engine waits for what is missing. One definition for the process that starts it and for itself."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Patience:
    """All in seconds."""

    grace: float = 10.0
    """Without a desk and without a call: until the engine concludes that no desk will come."""
    ringing: float = 30.0
    """Without a desk: until a call that rings is told that nobody is there."""
    silence: float = 30.0
    """Without a desk: until a call of which no packet has come is ended."""
    edge: float = 60.0
    """Without a desk: until a call whose edge is away is ended."""
    hopeless: float = 120.0
    """With a desk: until a call without packets, signalling and edge is ended."""
