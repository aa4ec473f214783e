"""At most one field in clear: asked for, waited for, shown, and covered again.

What ends it is looked at after every event, whatever the event was: no order of events can leave a value on the screen
that may not be there. Each lease is ended once, and an answer that nobody waits for any more is ended as it comes.
"""

from dataclasses import dataclass
from functools import singledispatchmethod

from client.core import events, intents
from client.core.calls import CallState
from client.core.conversation import Conversation
from client.core.events import Event
from client.core.intents import Intent
from client.core.snapshot import (
    REVEALING_TRUST,
    CardSnapshot,
    RevealSnapshot,
    RevealStage,
    Screen,
    Sheet,
    SoundSnapshot,
)
from client.core.state import DeskState

_LONGEST_SHOWN = 600.0
"""Seconds; what the clock of this PC says beyond that is its own mistake."""

_ENDS = {"not-approved": "reveal-not-approved", "not-shown": "reveal-not-shown"}
"""Ends that the agent is told of in words; the others can be seen."""
_SPOKEN_PROBLEMS = ("reveal-not-spoken", "reveal-not-private")
_PROBLEMS = (
    "trust-too-low",
    "reveal-refused",
    "reveal-too-often",
    "reveal-running",
    "reveal-not-approved",
    "reveal-not-shown",
    "device-proof-wrong",
    *_SPOKEN_PROBLEMS,
)
_OTHER_EAR = {"left": "right", "right": "left"}


@dataclass
class _Reveal:
    """The one under way."""

    request: int
    ref: str
    name: str
    card: CardSnapshot
    """As it was when the field was asked for: another card may be another customer's."""
    stage: RevealStage = RevealStage.ASKING
    lease: str = ""
    ends_at: float = 0.0
    shown_at: float = 0.0


class Reveal:
    """The room of the field in clear."""

    def __init__(self, state: DeskState) -> None:
        self._state = state
        self._requests = 0
        self._now: _Reveal | None = None
        self._given_up: dict[int, tuple[str, str]] = {}
        """Requests whose answers nobody waits for: the call that it was for, and why it is over."""
        # Until the window says that it has the focus, nothing is shown.
        self._focused = False
        self._locked = False
        self._has_voice = False

    # --- What the screen shows ----------------------------------------------------------------------------------------

    @property
    def snapshot(self) -> RevealSnapshot | None:
        """The field in clear, or on its way there."""
        now = self._now
        return RevealSnapshot(now.name, now.stage, now.lease, now.ends_at) if now is not None else None

    # --- What the person can do ---------------------------------------------------------------------------------------

    @property
    def can_ask(self) -> bool:
        """Whether there is a field to ask for, and nothing stands against it."""
        state = self._state
        talk = state.board.subject
        if self._now is not None or talk is None or talk.card is None:
            return False
        if not state.reveal_reasons and not state.may_type_reason:
            return False
        return any(entry.revealable for entry in talk.card.fields) and not self._against(talk, talk.card)

    @property
    def can_hide(self) -> bool:
        """Whether a field is in clear, or on its way there."""
        return self._now is not None

    def hide(self) -> list[Intent]:
        """Cover it again, or stop asking."""
        return self._end("hidden")

    @property
    def can_speak(self) -> bool:
        """Whether there is something to read aloud, and a voice."""
        return self._has_voice and self._is_shown

    def speak(self) -> list[Intent]:
        """Read it to the agent, in the ear in which they do not hear the customer."""
        if self._now is None or not self.can_speak:
            return []
        sound = self._state.sound
        if not is_private(sound):
            self._state.problems.show("reveal-not-private")
            return []
        self._state.problems.mend(*_SPOKEN_PROBLEMS)
        return [intents.SpeakReveal(self._now.lease, sound.used_playback, _OTHER_EAR.get(sound.ear, "both"))]

    @property
    def _is_shown(self) -> bool:
        return self._now is not None and self._now.stage is RevealStage.SHOWN

    # --- Events -------------------------------------------------------------------------------------------------------

    @singledispatchmethod
    def on(self, _event: Event) -> list[Intent] | None:
        """Take an event; None where it is another room's."""
        return None

    @on.register
    def _(self, event: events.RevealSubmitted) -> list[Intent]:
        talk = self._state.board.subject
        typed = event.typed_reason.strip()
        listed = any(reason.id == event.reason for reason in self._state.reveal_reasons)
        good = listed and not typed if event.reason else bool(typed) and self._state.may_type_reason
        if not good or not self.can_ask or talk is None or talk.card is None:
            return []
        if not any(entry.name == event.name and entry.revealable for entry in talk.card.fields):
            return []
        self._requests += 1
        self._now = _Reveal(self._requests, talk.ref, event.name, talk.card)
        self._state.sheet = None
        self._state.problems.mend(*_PROBLEMS)
        return [intents.AskReveal(talk.ref, event.name, event.reason, typed, self._requests)]

    @on.register
    def _(self, event: events.RevealAnswered) -> list[Intent]:
        now = self._now
        if now is None or event.request != now.request:
            given_up = self._given_up.pop(event.request, None)
            return [intents.EndReveal(given_up[0], event.lease, given_up[1])] if given_up is not None else []
        if now.stage is RevealStage.SHOWN or (now.lease and now.lease != event.lease):
            return []
        now.lease = event.lease
        now.stage, now.ends_at = RevealStage.WAITING, event.expires_at
        if not event.shown:
            return []
        now.shown_at = self._state.clock()
        now.stage, now.ends_at = RevealStage.SHOWN, now.shown_at + event.seconds
        if self._why_not(now):
            # Told by `settle`, which comes after every event; it must not be told first that the value is shown.
            return []
        return [
            intents.TellShown(now.lease, now.shown_at),
            intents.Later(event.seconds, events.RevealDue(now.lease)),
        ]

    @on.register
    def _(self, event: events.RevealRefused) -> list[Intent]:
        self._given_up.pop(event.request, None)
        if self._now is not None and self._now.request == event.request:
            self._now = None
            self._state.problems.show(event.code)
        return []

    @on.register
    def _(self, event: events.RevealEnded) -> list[Intent]:
        if self._now is None or self._now.lease != event.lease:
            return []
        if event.reason in _ENDS:
            self._state.problems.show(_ENDS[event.reason])
        return self._end(event.reason)

    @on.register
    def _(self, event: events.RevealDue) -> list[Intent]:
        due = self._now is not None and self._now.lease == event.lease and self._is_shown
        return self._end("expired") if due else []

    @on.register
    def _(self, _event: events.PrivateVoiceFound) -> list[Intent]:
        self._has_voice = True
        return []

    @on.register
    def _(self, event: events.WindowFocus) -> list[Intent]:
        self._focused, self._locked = event.focused, event.locked
        return []

    # --- What ends it -------------------------------------------------------------------------------------------------

    def settle(self) -> list[Intent]:
        """End what may not go on; asked after every event."""
        state = self._state
        if state.sheet is Sheet.REVEAL and not self.can_ask:
            state.sheet = None
        why = self._why_not(self._now) if self._now is not None else ""
        return self._end(why) if why else []

    def _end(self, why: str) -> list[Intent]:
        now, self._now = self._now, None
        if now is None:
            return []
        if not now.lease:
            self._given_up[now.request] = (now.ref, why)
            return []
        shown = self._state.clock() - now.shown_at if now.stage is RevealStage.SHOWN and now.shown_at else 0.0
        return [intents.EndReveal(now.ref, now.lease, why, min(max(shown, 0.0), _LONGEST_SHOWN))]

    def _why_not(self, now: _Reveal) -> str:
        """Why it may not go on, as `provisioning.api.LeaseEnd` names it; empty where it may."""
        why = self._against(self._state.board.by_ref(now.ref), now.card)
        if why or now.stage is not RevealStage.SHOWN:
            # Who waits for an answer may look elsewhere meanwhile. Nothing is shown to who still does when it comes.
            return why
        return "locked" if self._locked else "" if self._focused else "focus-lost"

    def _against(self, talk: Conversation | None, card: CardSnapshot) -> str:
        """What stands against a field of this call's card in clear, apart from the window; empty where nothing does."""
        state = self._state
        if state.person is None or state.screen is not Screen.AGENT or state.sign_in_after_call:
            return "session-ended"
        if not state.line.status.server_connected:
            return "connection-lost"
        if (state.line.status.trust or 0) < REVEALING_TRUST:
            return "trust-lost"
        # In the call is who hears the customer now, with the customer's card on the screen.
        if talk is None or talk is not state.board.subject or talk.state is not CallState.TALKING or talk.hold_wanted:
            return "call-left"
        return "" if talk.card == card else "not-shown"


def is_private(sound: SoundSnapshot) -> bool:
    """Whether nobody but the agent hears the device in use for speech, as far as the agent's own choices tell.

    The agent chose it, so that it is no substitute for a headset that was pulled out, and did not choose the same one
    to ring at, which is for the room. The names that can be chosen are whole ones; what was written into the file by
    hand may be the beginning of one.
    """
    used = sound.used_playback
    rings_there = bool(sound.ring) and used.startswith(sound.ring)
    return bool(used) and used == sound.playback and not rings_there
