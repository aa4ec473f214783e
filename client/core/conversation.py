"""One call as the agent lives it: the call itself, who it is, where the script is, what is written, how it sounds."""

from collections.abc import Callable
from dataclasses import replace

from client.core.calls import CallMachine, CallState
from client.core.quality_watch import QualitySummary, QualityWatch
from client.core.snapshot import CallSnapshot, CardSnapshot, Direction, ScriptSnapshot, Words
from client.core.telephony import CallMedia
from client.core.text_log import TextLog

_ANSWERED = frozenset(
    {CallState.TALKING, CallState.HOLDING, CallState.TRANSFERRING, CallState.TRANSFERRING_HELD},
)


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


class Conversation:
    """One call from its first ring, or from the wish to make it, to its end.

    Args:
        ref: the server's reference, or one of our own until the server has given one.
        clock: seconds since the epoch.
        call: the engine's number; None for a call that the engine has not begun yet.
        request: the number of the order that a call of ours began with.
        label: whom we called, from the directory.
        on_record: whether the server knows of the call, so that it has a note and a place in the list.
    """

    def __init__(
        self,
        ref: str,
        clock: Callable[[], float],
        *,
        call: int | None = None,
        request: int = 0,
        label: Words | None = None,
        on_record: bool = True,
    ) -> None:
        self.ref = ref
        self.call = call
        self.request = request
        self.on_record = on_record
        self.direction = Direction.OUTGOING if request else Direction.INCOMING
        self.machine = CallMachine(CallState.DIALLING if request else CallState.RINGING)
        self.card: CardSnapshot | None = None
        self.script: ScriptWalk | None = None
        self.began_at = clock()
        self.answered_at: float | None = None
        self.muted = False
        self.hold_wanted = False
        """What the agent asked for last; the engine gets there by a re-INVITE, which takes its time."""
        self.early_media = False
        self.digits_sent = 0
        self.text = TextLog(clock)
        self.quality = QualityWatch()
        self._label = label
        self._clock = clock
        self._media: CallMedia | None = None
        self._silent = False

    # --- What it is ---------------------------------------------------------------------------------------------------

    @property
    def state(self) -> CallState:
        """The state of the call."""
        return self.machine.state

    @property
    def is_over(self) -> bool:
        """Whether the call has ended."""
        return self.state is CallState.ENDED

    @property
    def rings(self) -> bool:
        """Whether it rings here and waits for the agent."""
        return self.state is CallState.RINGING

    @property
    def is_answered(self) -> bool:
        """Whether both sides are there."""
        return self.state in _ANSWERED

    @property
    def can_text(self) -> bool:
        """Whether the other side takes real-time text now."""
        return self.is_answered and self._media is not None and self._media.text

    @property
    def label(self) -> Words | None:
        """Who it is, as far as the desk may show it."""
        name = self.card.value("name") if self.card else ""
        return Words(name, name) if name else self._label

    # --- What happens to it -------------------------------------------------------------------------------------------

    def identify(self, card: CardSnapshot, script: ScriptSnapshot | None) -> None:
        """Take the customer's card. A script under way is kept: the agent must not lose the place."""
        self.card = card
        if script is not None and self.script is None:
            self.script = ScriptWalk(script)

    def forget_customer(self) -> None:
        """The desk may not show any more who it is; the call goes on."""
        self.card = None
        if self.on_record:
            self._label = None

    def confirm(self) -> None:
        """Both ends have answered."""
        if self.answered_at is None:
            self.answered_at = self._clock()

    def hear(self, media: CallMedia) -> None:
        """Take what the engine says of the sound."""
        self._media = media

    def fall_silent(self, *, silent: bool) -> None:
        """Nothing arrives any more, or something arrives again."""
        self._silent = silent
        self.quality.hear(silent=silent)

    def summary(self, ended: str) -> QualitySummary | None:
        """How the whole call sounded; None where nothing was measured."""
        seconds = self._clock() - self.answered_at if self.answered_at is not None else 0.0
        return self.quality.summary(self._media.srtp if self._media else "", seconds, ended)

    def snapshot(self, *, current: bool, in_conference: bool) -> CallSnapshot:
        """The call as the screen shows it."""
        media = self._media
        flowing = media if media is not None and media.active else None
        return CallSnapshot(
            ref=self.ref,
            state=self.state,
            since=self.answered_at if self.answered_at is not None else self.began_at,
            direction=self.direction,
            label=self.label,
            current=current,
            muted=self.muted,
            held=media is not None and media.held_locally,
            held_there=media is not None and media.held_remotely,
            silent=self._silent,
            in_conference=in_conference,
            early_media=self.early_media and self.answered_at is None,
            secure=flowing.srtp if flowing else "",
            codec=flowing.codec if flowing else "",
            quality=self.quality.now if self.answered_at is not None else None,
            can_text=self.can_text,
            text=self.text.lines,
            digits_sent=self.digits_sent,
        )
