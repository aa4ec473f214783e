"""Tones for the agent's ear: ringing at the other side, and warnings. The other side hears none of them."""

import pjsua2 as pj

from client.core.telephony import Tone
from client.sip.engine.sound import Sound
from client.sip.engine.tone_generator import Beep, generator

RINGBACK: tuple[Beep, ...] = ((450, 1_000, 4_000),)
"""Ringing tone (China, GB/T 3380; the other countries' differ in pitch, and the pattern is understood everywhere)."""

BEEPS: dict[Tone, tuple[Beep, ...]] = {
    Tone.WARNING: ((880, 120, 80), (1_175, 180, 0)),
    Tone.WAITING: ((450, 200, 600), (450, 200, 0)),
}

_VOLUME = 8_000
"""Of 32767: well below speech."""


class Tones:
    """Two generators: one repeats while it rings, the other plays once. Both exist only while they are needed."""

    def __init__(self, sound: Sound) -> None:
        self._sound = sound
        self._ringback: pj.ToneGenerator | None = None
        self._once: pj.ToneGenerator | None = None

    def ring(self, ringing: bool) -> None:
        """Begin or stop the ringing tone."""
        if ringing and self._ringback is None:
            self._ringback = self._play(RINGBACK, loop=True)
        elif not ringing:
            self._ringback = None

    def play(self, tone: Tone) -> None:
        """Play a tone once; nothing while the devices are closed, for there is nobody to hear it."""
        if self._sound.is_open:
            self._once = self._play(BEEPS[tone], loop=False)

    def stop(self) -> None:
        """Be silent."""
        self._ringback = self._once = None

    def reconnect(self) -> None:
        """Go on after the devices have changed."""
        for tone in (self._ringback, self._once):
            if tone is not None:
                tone.startTransmit(self._sound.speaker)

    def _play(self, beeps: tuple[Beep, ...], *, loop: bool) -> pj.ToneGenerator:
        made = generator(beeps, _VOLUME, loop=loop)
        made.startTransmit(self._sound.speaker)
        return made
