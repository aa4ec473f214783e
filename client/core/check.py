"""The check before the shift: does the microphone hear, does the edge answer, does the network bear it.

The desk calls the edge's echo. For some seconds the agent hears their own voice, and the call's own figures are taken.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum

from client.core.quality_watch import Advice, QualityWatch
from client.core.snapshot import CheckSnapshot, CheckStage
from client.core.telephony import CallEnd, CallQuality, SoundFault

SECONDS = 10
"""How long the echo is listened to."""
ECHO_TARGET = "echo"
_QUIET = 0.02
"""A microphone that never got above this level has heard nobody."""


class Finding(StrEnum):
    """What the check found wrong; `client.ui` says what to do about it."""

    NO_MICROPHONE = "no-microphone"
    NO_SPEAKER = "no-speaker"
    QUIET = "quiet"
    """The microphone is there and heard nothing."""
    NO_ECHO = "no-echo"
    """The edge did not answer, or nothing came back."""
    NO_LINE = "no-line"
    LOSS = "loss"
    SENT_LOSS = "sent-loss"
    JITTER = "jitter"
    DELAY = "delay"


_FAULTS = {SoundFault.NO_MICROPHONE: Finding.NO_MICROPHONE, SoundFault.NO_SPEAKER: Finding.NO_SPEAKER}
_ADVICE = {
    Advice.SILENT: Finding.NO_ECHO,
    Advice.LOSS: Finding.LOSS,
    Advice.SENT_LOSS: Finding.SENT_LOSS,
    Advice.JITTER: Finding.JITTER,
    Advice.DELAY: Finding.DELAY,
}


@dataclass
class Check:
    """One check, from the opening of its sheet to its closing. `faults` tells what is wrong with the devices now."""

    faults: Callable[[], tuple[SoundFault, ...]]
    stage: CheckStage = CheckStage.LISTENING
    request: int = 0
    call: int | None = None
    _left: int = 0
    _loudest: float = 0.0
    _levels: tuple[float, float] = (0.0, 0.0)
    _watch: QualityWatch = field(default_factory=QualityWatch)
    _failures: tuple[Finding, ...] = ()

    @property
    def running(self) -> bool:
        """Whether the echo is being called or listened to."""
        return self.stage in {CheckStage.CALLING, CheckStage.MEASURING}

    def begin(self, request: int) -> None:
        """Call the echo."""
        self.stage, self.request, self.call = CheckStage.CALLING, request, None
        self._left, self._loudest, self._failures, self._watch = SECONDS, 0.0, (), QualityWatch()

    def listen(self, capture: float, playback: float) -> None:
        """Take the levels of a moment."""
        self._levels = (capture, playback)
        if self.stage is CheckStage.MEASURING:
            self._loudest = max(self._loudest, capture)

    def measure(self, report: CallQuality) -> None:
        """Take the figures of a second."""
        self._watch.take(report)

    def hear(self, *, silent: bool) -> None:
        """Whether anything comes back."""
        self._watch.hear(silent=silent)

    def confirmed(self) -> None:
        """The echo has answered."""
        if self.stage is CheckStage.CALLING:
            self.stage = CheckStage.MEASURING
            self._left = SECONDS

    def tick(self) -> bool:
        """A second is over; True when it was the last one."""
        self._left = max(0, self._left - 1)
        return self._left == 0

    def finish(self) -> None:
        """Come to a verdict. An echo that has not answered by now will not."""
        if self.stage is CheckStage.CALLING:
            self.fail(CallEnd.FAILED)
        else:
            self.stage = CheckStage.DONE

    def fail(self, end: CallEnd | None) -> None:
        """The echo call came to nothing, or broke off; `end` is None where there is no line to call over."""
        self.stage = CheckStage.FAILED
        self._failures = (Finding.NO_LINE,) if end is None else (Finding.NO_ECHO,)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What is wrong, the worst first."""
        if self.stage not in {CheckStage.DONE, CheckStage.FAILED}:
            return ()
        found = [_FAULTS[fault] for fault in self.faults()] + list(self._failures)
        if self.stage is CheckStage.DONE:
            if Finding.NO_MICROPHONE not in found and self._loudest < _QUIET:
                found.append(Finding.QUIET)
            now = self._watch.now
            if now is None:
                found.append(Finding.NO_ECHO)
            elif now.advice:
                found.append(_ADVICE[Advice(now.advice)])
        return tuple(found)

    @property
    def snapshot(self) -> CheckSnapshot:
        """The check as the screen shows it."""
        capture, playback = self._levels
        return CheckSnapshot(
            self.stage, capture, playback, self._left if self.running else 0, self._watch.now, self.findings
        )
