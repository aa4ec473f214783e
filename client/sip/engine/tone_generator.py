"""Tones, made by PJSIP."""

import pjsua2 as pj

from client.sip.engine import settings

Beep = tuple[int, int, int]
"""Frequency in hertz, then milliseconds on and off."""


def generator(beeps: tuple[Beep, ...], volume: int, *, loop: bool) -> pj.ToneGenerator:
    """Return a generator that plays beeps with a volume of 32767 at the most, once or again and again."""
    made = pj.ToneGenerator()
    made.createToneGenerator(settings.SAMPLE_RATE, 1)
    tones = pj.ToneDescVector()
    for hertz, on, off in beeps:
        tone = pj.ToneDesc()
        tone.freq1 = hertz
        tone.on_msec, tone.off_msec = on, off
        tone.volume = volume
        tones.append(tone)
    made.play(tones, loop)
    return made
