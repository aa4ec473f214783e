"""When nobody can end a call any more, the engine must: a microphone is never left open for nobody.

Speech is kept as long as anybody may still be talking. What is judged here is only whether that can still be so.
"""

from dataclasses import dataclass

from client.sip.patience import Patience


@dataclass(frozen=True)
class Signs:
    """The signs of life of one call, in seconds since each was last seen; 0 where it is there now."""

    desk_gone: float
    edge_gone: float
    unheard: float
    """Since the last packet, RTP or RTCP."""
    unsignalled: float
    """Since the last SIP message of this call."""
    ringing: bool


def is_dead(signs: Signs, patience: Patience) -> bool:
    """Whether a call is to be ended.

    Without a desk, no one can hang up: the call ends when the other side falls silent, or when the edge stays away, so
    that a hang-up of theirs could not reach us. With a desk, the agent hears the silence and decides; only a call that
    has been without sound and signalling for long is over. That is the case when both ends of it have vanished.
    """
    if signs.desk_gone > 0:
        lonely = min(signs.desk_gone, signs.unheard) > patience.silence and not signs.ringing
        unreachable = min(signs.desk_gone, signs.edge_gone) > patience.edge
        unanswerable = signs.ringing and signs.desk_gone > patience.ringing
        return lonely or unreachable or unanswerable
    return min(signs.unheard, signs.unsignalled, signs.edge_gone) > patience.hopeless and not signs.ringing
