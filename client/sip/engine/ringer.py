"""The sound of an incoming call, on the device that was chosen for it, which may be another than that for speech.

A loudspeaker that rings while the headset lies on the table needs no microphone, and opens none.
"""

import pjsua2 as pj

from client.sip.engine.log_lines import warn
from client.sip.engine.timers import Timer, Timers
from client.sip.engine.tone_generator import Beep, generator

RING: tuple[Beep, ...] = (
    (660, 160, 60),
    (880, 160, 60),
    (660, 160, 60),
    (880, 160, 2_200),
)
"""Two notes by turns, which few rooms and few people with a hearing loss miss altogether, and a pause to speak in."""

_VOLUME = 16_000
CLOSE_SECONDS = 0.5
"""An open device is let go only when the call that rang has its sound: closing takes time that answering must not."""


class Ringer:
    """Rings at the speaker that it is given, or at a device of its own."""

    def __init__(self, timers: Timers) -> None:
        self._timers = timers
        self._tone: pj.ToneGenerator | None = None
        self._device: pj.ExtraAudioDevice | None = None
        self.index = -1
        """PJSIP's number of the device; -1 while it is the one that speech uses."""
        self._closing: Timer | None = None

    @property
    def is_ringing(self) -> bool:
        """Whether it rings now."""
        return self._tone is not None

    def ring(self, index: int, speaker: pj.AudioMedia) -> bool:
        """Ring at a device of its own, of which PJSIP's number is given; with -1, at the speaker.

        Returns whether it rings where it should: where the device does not open, it rings at the speaker.
        """
        if self._closing is not None:
            self._closing.cancel()
            self._closing = None
        if index != self.index:
            self.close()
        if index >= 0 and self._device is None:
            self._device = _opened(index)
        self.index = index if self._device is not None else -1
        if self._tone is None:
            self._tone = generator(RING, _VOLUME, loop=True)
        self._tone.startTransmit(self._device or speaker)
        return self.index == index

    def stop(self) -> None:
        """Be silent at once."""
        if self._tone is not None:
            self._tone = None
            if self._device is not None:
                self._closing = self._timers.after(CLOSE_SECONDS, self.close)

    def close(self) -> None:
        """Be silent, and let go of the device."""
        self._tone = None
        self.index = -1
        if self._closing is not None:
            self._closing.cancel()
            self._closing = None
        if self._device is not None:
            self._device.close()
            self._device = None


def _opened(index: int) -> pj.ExtraAudioDevice | None:
    device = pj.ExtraAudioDevice(index, pj.PJSUA_SND_NO_DEV)
    try:
        device.open()
    except pj.Error as error:
        warn(f"the sound device for ringing did not open: status {error.status}")
        return None
    return device
