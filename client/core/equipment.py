"""Line, sound devices, and the check before the shift."""

from dataclasses import replace
from functools import singledispatchmethod

from client.core import events, intents
from client.core import telephony as tel
from client.core.check import ECHO_TARGET, Check
from client.core.events import Event
from client.core.handset import Handset
from client.core.intents import Intent
from client.core.snapshot import Sheet
from client.core.state import DeskState

_EARS = frozenset({"both", "left", "right"})
_METERED = frozenset({Sheet.CHECK, Sheet.SOUND})
"""Sheets on which the meter moves."""


class Equipment:
    """The room of what a telephone is made of."""

    def __init__(self, state: DeskState, handset: Handset) -> None:
        self._state = state
        self._handset = handset
        self._measuring = False

    @singledispatchmethod
    def on(self, _event: Event) -> list[Intent] | None:
        """Take an event; None where it is another room's."""
        return None

    # --- The line -----------------------------------------------------------------------------------------------------

    @on.register
    def _(self, event: tel.EngineUnfit) -> list[Intent]:
        self._state.problems.reflect(*self._state.line.take(event))
        return []

    @on.register
    def _(self, event: tel.RegistrationChanged) -> list[Intent]:
        state = self._state
        wrong, well = state.line.take(event)
        if wrong and any(talk.answered_at is not None for talk in state.board.live):
            wrong = ("edge-lost",)
        state.problems.reflect(wrong, (*well, "edge-lost") if state.registered else well)
        refused = event.fault is tel.LineFault.CREDENTIALS and state.person is not None
        return [intents.RenewLine()] if refused else []

    @on.register
    def _(self, event: tel.MessagesWaiting) -> list[Intent]:
        self._state.messages = event.new
        return []

    # --- Sound --------------------------------------------------------------------------------------------------------

    @on.register
    def _(self, event: tel.SoundChanged) -> list[Intent]:
        state = self._state
        state.problems.reflect(*state.line.take(event))
        state.sound = replace(
            state.sound, used_capture=event.capture, used_playback=event.playback, used_ring=event.ring
        )
        if event.news is tel.SoundNews.LOST:
            state.problems.show("sound-device-lost")
        elif event.news is tel.SoundNews.RETURNED:
            state.problems.mend("sound-device-lost")
        return []

    @on.register
    def _(self, event: tel.SoundDevices) -> list[Intent]:
        self._state.sound = replace(self._state.sound, captures=event.capture, playbacks=event.playback)
        return []

    @on.register
    def _(self, event: tel.SoundLevel) -> list[Intent]:
        if self._state.check is not None:
            self._state.check.listen(event.capture, event.playback)
        return []

    @on.register
    def _(self, event: events.SoundRemembered) -> list[Intent]:
        self._keep(event.capture, event.playback, event.ring, event.ear)
        return []

    @on.register
    def _(self, event: events.SoundChosen) -> list[Intent]:
        if event.ear not in _EARS:
            return []
        self._keep(event.capture, event.playback, event.ring, event.ear)
        self._state.problems.mend("sound-device-lost")
        return [
            tel.ChooseSound(event.capture, event.playback, event.ring, event.ear),
            intents.KeepSound(event.capture, event.playback, event.ring, event.ear),
        ]

    def _keep(self, capture: str, playback: str, ring: str, ear: str) -> None:
        kept = ear if ear in _EARS else "both"
        self._state.sound = replace(self._state.sound, capture=capture, playback=playback, ring=ring, ear=kept)

    # --- Sheets -------------------------------------------------------------------------------------------------------

    @property
    def can_check(self) -> bool:
        """Whether the check can be opened: it needs the line and the ear for itself."""
        return not self._state.board.live

    def open(self, sheet: Sheet) -> list[Intent]:
        """Lay a sheet over the screen."""
        wanted = self.close()
        self._state.sheet = sheet
        if sheet is Sheet.CHECK:
            self._state.check = Check(lambda: self._state.line.status.sound_faults)
        return wanted

    def close(self) -> list[Intent]:
        """Take it away, and end what it had begun."""
        self._state.sheet = None
        return self._end_check()

    def settle(self) -> list[Intent]:
        """Measure while a sheet with a meter is open, and not longer: the microphone is on for it."""
        sheet = self._state.sheet
        wanted = self._end_check() if sheet is not Sheet.CHECK else []
        if (sheet in _METERED) is not self._measuring:
            self._measuring = not self._measuring
            wanted.append(tel.MeasureSound(self._measuring))
        return wanted

    @on.register
    def _(self, _event: events.SheetClosed) -> list[Intent]:
        return self.close()

    # --- The check ----------------------------------------------------------------------------------------------------

    @on.register
    def _(self, _event: events.CheckStarted) -> list[Intent]:
        check = self._state.check
        if check is None or check.running or self._state.board.live:
            return []
        if not self._state.registered:
            check.fail(None)
            return []
        check.begin(self._handset.next_request())
        return [tel.MakeCall(check.request, ECHO_TARGET), intents.Later(1.0, events.CheckTick(check.request))]

    @on.register
    def _(self, event: events.CheckTick) -> list[Intent]:
        check = self._state.check
        if check is None or not check.running or check.request != event.request:
            return []
        if not check.tick():
            return [intents.Later(1.0, event)]
        call, check.call = check.call, None
        check.finish()
        return [tel.HangUp(call)] if call is not None else []

    def _end_check(self) -> list[Intent]:
        check, self._state.check = self._state.check, None
        return [tel.HangUp(check.call)] if check is not None and check.call is not None else []
