"""Who hears whom: the calls' streams, the devices, and each other."""

from collections.abc import Callable, Collection

import pjsua2 as pj

from client.sip.engine.conversation import Conversation
from client.sip.engine.log_lines import warn
from client.sip.engine.sound import Sound


class Mixer:
    """Joins streams in PJSIP's conference bridge.

    A stream's connections vanish with it: when a call's media are negotiated anew, everything is joined again.
    """

    def __init__(self, sound: Sound, calls: Callable[[], Collection[Conversation]]) -> None:
        self.conference: frozenset[int] = frozenset()
        """The numbers of the calls that hear each other."""
        self._sound = sound
        self._calls = calls

    def connect(self, call: Conversation) -> None:
        """Join a call's stream with the devices as far as it is neither held nor muted, and with its conference."""
        if call.stream < 0:
            return
        try:
            stream = call.native.getAudioMedia(call.stream)
            # A call that the other side holds may still bring its music.
            _join(stream, self._sound.speaker, not call.media.held_locally)
            _join(self._sound.microphone, stream, call.may_speak and not call.muted)
            for other in self._calls():
                if other is not call and other.stream >= 0:
                    together = {call.number, other.number} <= self.conference
                    there = other.native.getAudioMedia(other.stream)
                    _join(stream, there, together and other.may_speak and not call.media.held_locally)
                    _join(there, stream, together and call.may_speak and not other.media.held_locally)
        except pj.Error as error:
            warn(f"the call's sound could not be connected: status {error.status}")

    def connect_all(self) -> None:
        """Join everything again: the devices have changed, or the conference has."""
        for call in self._calls():
            self.connect(call)


def _join(source: pj.AudioMedia, sink: pj.AudioMedia, joined: bool) -> None:
    if joined:
        source.startTransmit(sink)
    else:
        source.stopTransmit(sink)
