"""What the engine knows of one call beyond what PJSIP knows."""

from dataclasses import dataclass, field

from client.core.telephony import CallEnd, CallIncoming, CallMedia, CallOutgoing, CallRinging
from client.sip.engine.native import NOT_ACCEPTABLE_HERE, OK, REQUEST_TERMINATED, NativeCall


@dataclass
class Counters:
    """What the statistics said when they were last read; they count from the beginning of a stream."""

    received: int = 0
    lost: int = 0
    told: int = 0
    """How many reports of the other side had come by RTCP."""
    sent: int = 0
    sent_lost: int = 0
    sent_loss_percent: float = 0.0
    heard: int = 0
    """Grows with each packet of the other side, RTP or RTCP."""


@dataclass
class Conversation:
    """One call, from its first ring to its end. Times are those of the monotonic clock."""

    number: int
    native: NativeCall
    media: CallMedia
    began: CallIncoming | CallOutgoing
    """The report that it began with."""
    heard_at: float
    """When the last packet came."""
    signalled_at: float
    """When the signalling last moved."""
    ringing: CallRinging | None = None
    taken: bool = False
    """Whether we have answered it; the other side may not know yet."""
    confirmed: bool = False
    muted: bool = False
    hold_wanted: bool = False
    unsent: str = field(default="", repr=False)
    """Real-time text that waits for its turn."""
    text_waits: bool = False
    silent: bool = False
    our_end: CallEnd | None = None
    """Why we ended it, once we have."""
    stream: int = -1
    """The index of the live audio stream among the call's media; -1 when there is none."""
    opus_loss: int = -1
    """The loss that the encoder was last told to expect, in percent; -1 when it was not told."""
    count: Counters = field(default_factory=Counters)

    @property
    def is_ours(self) -> bool:
        """Whether we called."""
        return isinstance(self.began, CallOutgoing)

    @property
    def may_speak(self) -> bool:
        """Whether the other side may hear us. Before it answers our call, it may not."""
        return self.media.active and (self.confirmed or not self.is_ours)

    def how_it_ended(self, status: int) -> tuple[CallEnd, int]:
        """Why the call is over, from the SIP status that it ended with; and the status, where it says more."""
        if self.our_end is not None:
            return self.our_end, 0 if self.our_end in (CallEnd.LOCAL, CallEnd.LOST) else status
        if self.confirmed and status == OK:
            return CallEnd.REMOTE, 0
        if status == REQUEST_TERMINATED and not self.confirmed:
            return CallEnd.CANCELLED, status
        if status == NOT_ACCEPTABLE_HERE:
            return CallEnd.NOT_SECURE, status
        return CallEnd.FAILED, status
