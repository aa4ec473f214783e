"""How loud microphone and speaker are, for the agent's check before the shift."""

from collections.abc import Callable

import pjsua2 as pj

from client.core.telephony import SoundLevel
from client.sip.engine.timers import Timer, Timers

LOOK_SECONDS = 0.02
LOOKS = 5
"""PJSIP's meter knows the last hundredth of a second only; the loudest of some is what the agent sees, ten times a
second."""

_FULL_SCALE = 50.0
"""PJSIP's percent are those of a mu-law byte, which has half of its values for the other sign."""


class LevelMeter:
    """Reports while it is on."""

    def __init__(self, timers: Timers, report: Callable[[SoundLevel], None]) -> None:
        self._timers = timers
        self._report = report
        self._timer: Timer | None = None
        self._capture = self._playback = 0
        self._looks = 0

    def begin(self, microphone: Callable[[], pj.AudioMedia], speaker: Callable[[], pj.AudioMedia]) -> None:
        """Report from now on, of the devices that are open when it is looked."""
        self.end()
        self._look(microphone, speaker)

    def end(self) -> None:
        """Report no more."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        self._capture = self._playback = self._looks = 0

    def _look(self, microphone: Callable[[], pj.AudioMedia], speaker: Callable[[], pj.AudioMedia]) -> None:
        self._timer = self._timers.after(LOOK_SECONDS, lambda: self._look(microphone, speaker))
        # PJSIP speaks from the device's side: the microphone transmits, the speaker receives.
        self._capture = max(self._capture, microphone().getTxLevel())
        self._playback = max(self._playback, speaker().getRxLevel())
        self._looks += 1
        if self._looks == LOOKS:
            capture, playback = (min(1.0, level / _FULL_SCALE) for level in (self._capture, self._playback))
            self._report(SoundLevel(capture, playback))
            self._capture = self._playback = self._looks = 0
