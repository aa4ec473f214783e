"""What the agent meant by a button. No I/O: reports and times go in, commands come out.

A hook switch comes in three kinds, and no descriptor can be trusted to tell which. A relative one says "pressed" once.
A latched one is up or down, and moves by itself when the desk lights its off-hook lamp. A momentary one calls itself
latched but comes back as soon as it is let go. So what seems latched is taken for momentary once it has bounced.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from client.sip.headset.descriptor import ButtonField
from client.sip.headset.events import HeadsetCommand, HeadsetPhase, Lamps
from client.sip.headset.usages import Button

BOUNCE_SECONDS = 0.5
"""What was up and is down again within this time was a push, not a switch."""

ECHO_SECONDS = {Button.HOOK: 1.0, Button.MUTE: 0.3}
"""For so long after the lamp has changed, a headset may move its own switch to match it; that is nobody's press. Mute
is shorter: who has muted too early wants it back at once."""

_ON_PRESS: dict[tuple[Button, HeadsetPhase], HeadsetCommand] = {
    (Button.HOOK, HeadsetPhase.RINGING): HeadsetCommand.ANSWER,
    (Button.HOOK, HeadsetPhase.IN_CALL): HeadsetCommand.HANG_UP,
    (Button.HOOK, HeadsetPhase.WAITING): HeadsetCommand.ANSWER,
    (Button.FLASH, HeadsetPhase.RINGING): HeadsetCommand.REJECT,
    (Button.FLASH, HeadsetPhase.IN_CALL): HeadsetCommand.HOLD,
    (Button.FLASH, HeadsetPhase.WAITING): HeadsetCommand.ANSWER,
    (Button.DROP, HeadsetPhase.RINGING): HeadsetCommand.REJECT,
    (Button.DROP, HeadsetPhase.IN_CALL): HeadsetCommand.HANG_UP,
    (Button.DROP, HeadsetPhase.WAITING): HeadsetCommand.REJECT,
    (Button.REJECT, HeadsetPhase.RINGING): HeadsetCommand.REJECT,
    (Button.REJECT, HeadsetPhase.WAITING): HeadsetCommand.REJECT,
    (Button.MUTE, HeadsetPhase.IN_CALL): HeadsetCommand.MUTE,
    (Button.MUTE, HeadsetPhase.WAITING): HeadsetCommand.MUTE,
}
"""What is not listed means nothing: no call is ever begun by a headset."""


@dataclass
class _Switch:
    momentary: bool
    is_down: bool = False
    went_down: float = float("-inf")


class Presses:
    """The buttons of one headset."""

    def __init__(self, lamps: Lamps) -> None:
        self._lamps = lamps
        self._lamp_changed: dict[Button, float] = {}
        self._switches: dict[ButtonField, _Switch] = {}

    def show(self, lamps: Lamps, now: float) -> None:
        """The lamps are about to be set to these."""
        if lamps.off_hook != self._lamps.off_hook:
            self._lamp_changed = {Button.HOOK: now, Button.MUTE: now}
        elif lamps.muted != self._lamps.muted:
            self._lamp_changed[Button.MUTE] = now
        self._lamps = lamps

    def on_report(self, down: Mapping[ButtonField, bool], now: float) -> list[HeadsetCommand]:
        """Take the buttons of one report, and return what the agent asks for: mostly nothing, never the same twice."""
        commands: list[HeadsetCommand] = []
        for field, is_down in down.items():
            switch = self._switches.setdefault(field, _Switch(_is_momentary(field)))
            if is_down == switch.is_down:
                continue
            switch.is_down = is_down
            command = (
                self._went_down(field.button, switch, now) if is_down else self._came_up(field.button, switch, now)
            )
            if command is not None and command not in commands:
                commands.append(command)
        return commands

    def _went_down(self, button: Button, switch: _Switch, now: float) -> HeadsetCommand | None:
        switch.went_down = now
        if self._is_echo(button, now):
            return None
        if switch.momentary:
            return self._meaning(button)
        if button is Button.HOOK:
            # Off the hook: that answers. In a call, a latched switch that goes off the hook has only caught up with it.
            return self._meaning(button) if self._lamps.phase is HeadsetPhase.RINGING else None
        return None if self._lamps.muted else self._meaning(button)

    def _came_up(self, button: Button, switch: _Switch, now: float) -> HeadsetCommand | None:
        if switch.momentary:
            return None
        if now - switch.went_down < BOUNCE_SECONDS:
            switch.momentary = True
            return None
        if self._is_echo(button, now):
            return None
        if button is Button.HOOK:
            return self._meaning(button) if self._lamps.off_hook else None
        return self._meaning(button) if self._lamps.muted else None

    def _is_echo(self, button: Button, now: float) -> bool:
        return now - self._lamp_changed.get(button, float("-inf")) < ECHO_SECONDS.get(button, 0.0)

    def _meaning(self, button: Button) -> HeadsetCommand | None:
        return _ON_PRESS.get((button, self._lamps.phase))


def _is_momentary(field: ButtonField) -> bool:
    """Whether a press is all that this control can say. Only hook and mute may also be switches."""
    if field.button is Button.HOOK:
        return field.relative
    return field.returns or field.button is not Button.MUTE
