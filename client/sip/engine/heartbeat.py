"""Does the sound still move? A device that dies may do so without a word."""

import time

import pjsua2 as pj

from client.sip.engine import settings

BEAT_MS = 100


class Heartbeat(pj.AudioMediaPort):  # type: ignore[misc]
    """A port in the conference bridge that only notes when the bridge's clock, which is the device's, last turned.

    It must outlive every open device. A device's thread may be on its way into `onFrameReceived` at any time, and would
    bring a Python object that is just being taken apart back to life for a moment, to be taken apart a second time.
    """

    def __init__(self) -> None:
        super().__init__()
        self.last = time.monotonic()
        form = pj.MediaFormatAudio()
        form.init(pj.PJMEDIA_FORMAT_PCM, settings.SAMPLE_RATE, 1, BEAT_MS * 1_000, 16)
        self.createPort("heartbeat", form)

    def onFrameReceived(self, _frame: pj.MediaFrame) -> None:  # noqa: N802
        """Called by PJSIP on the device's thread, ten times a second."""
        self.last = time.monotonic()

    def restart(self) -> None:
        """Count from now on: the device has just been opened."""
        self.last = time.monotonic()

    @property
    def still_for(self) -> float:
        """Seconds since the clock last turned."""
        return time.monotonic() - self.last
