"""One call as the agent lives it: the call itself, who it is, where the script is, and the note about it."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from client.core.calls import CallMachine, CallState
from client.core.snapshot import CallSnapshot, CardSnapshot, ScriptSnapshot, WrapUpSnapshot
from client.core.telephony import CallMedia, CallQuality


class ScriptWalk:
    """Where the agent is in a script, and the way back."""

    def __init__(self, script: ScriptSnapshot) -> None:
        self._script = script
        self._path = [0]

    @property
    def snapshot(self) -> ScriptSnapshot:
        """The script at its present step."""
        return replace(self._script, step=self._path[-1], can_go_back=len(self._path) > 1)

    def choose(self, answer: int) -> bool:
        """Follow an answer (counted from 0); False where there is no such answer or it leads nowhere."""
        answers = self._script.steps[self._path[-1]].answers
        if not 0 <= answer < len(answers) or answers[answer].goto >= len(self._script.steps):
            return False
        self._path.append(answers[answer].goto)
        return True

    def back(self) -> bool:
        """Go back one step; False at the first."""
        if len(self._path) == 1:
            return False
        self._path.pop()
        return True


@dataclass
class WrapUp:
    """The note being written about a call."""

    ref: str
    notes: str = field(default="", repr=False)
    code: str = ""
    saving: bool = False

    @property
    def snapshot(self) -> WrapUpSnapshot:
        """The note as the screen shows it."""
        return WrapUpSnapshot(self.ref, self.notes, self.code, self.saving)


class Conversation:
    """One call from its first ring to its end."""

    def __init__(self, call: int, ref: str, clock: Callable[[], float]) -> None:
        self.call = call
        self.ref = ref
        self.machine = CallMachine()
        self.card: CardSnapshot | None = None
        self.script: ScriptWalk | None = None
        self.rang_at = clock()
        self.answered_at: float | None = None
        self.muted = False
        self._clock = clock
        self._media: CallMedia | None = None
        self._quality: CallQuality | None = None

    @property
    def is_over(self) -> bool:
        """Whether the call has ended."""
        return self.machine.state is CallState.ENDED

    @property
    def held(self) -> bool:
        """Whether we hold the call."""
        return self._media is not None and self._media.held_locally

    def identify(self, card: CardSnapshot, script: ScriptSnapshot | None) -> None:
        """Take the customer's card. A script under way is kept: the agent must not lose the place."""
        self.card = card
        if script is not None and self.script is None:
            self.script = ScriptWalk(script)

    def confirm(self) -> None:
        """Both ends have answered."""
        if self.answered_at is None:
            self.answered_at = self._clock()

    def hear(self, media: CallMedia) -> None:
        """Take what the engine says of the sound."""
        self._media = media

    def measure(self, quality: CallQuality) -> None:
        """Take the quality of the last second."""
        self._quality = quality

    @property
    def snapshot(self) -> CallSnapshot:
        """The call as the screen shows it."""
        flowing = self._media if self._media is not None and self._media.active else None
        return CallSnapshot(
            ref=self.ref,
            state=self.machine.state,
            since=self.answered_at if self.answered_at is not None else self.rang_at,
            muted=self.muted,
            held=self.held,
            secure=flowing.srtp if flowing else "",
            codec=flowing.codec if flowing else "",
            loss_percent=self._quality.loss_percent if self._quality else None,
            round_trip_ms=self._quality.round_trip_ms if self._quality else None,
        )
