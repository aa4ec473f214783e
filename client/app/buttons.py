"""The headset's buttons and lamps: a press is a command like any other, and the lamps follow what the screen shows."""

from collections.abc import Callable
from typing import Protocol

from client.core import events
from client.core.calls import CallState
from client.core.events import Event
from client.core.snapshot import DeskSnapshot
from client.sip.headset.events import HeadsetEvent, HeadsetPressed, Lamps


class Headsets(Protocol):
    """What drives the headsets; see `client.sip.headset.headsets`."""

    def start(self) -> None: ...
    async def stop(self) -> None: ...
    def lamps(self, lamps: Lamps, /) -> None: ...


MakeHeadsets = Callable[[Callable[[HeadsetEvent], None]], Headsets]


def lamps_of(seen: DeskSnapshot) -> Lamps:
    """Return what a headset should show."""
    current = seen.call
    off_hook = current is not None and current.state is not CallState.RINGING
    return Lamps(
        ringing=any(call.state is CallState.RINGING for call in seen.calls),
        off_hook=off_hook,
        muted=off_hook and current is not None and current.muted,
        held=off_hook and current is not None and current.held,
    )


class Buttons:
    """Between the headsets and the core.

    Args:
        make_headsets: makes what drives them; None for a desk without headset buttons.
        emit: takes events for the core.
    """

    def __init__(self, make_headsets: MakeHeadsets | None, emit: Callable[[Event], None]) -> None:
        self._headsets = make_headsets(self._pressed) if make_headsets is not None else None
        self._emit = emit
        self._shown = Lamps()

    def start(self) -> None:
        """Look for headsets."""
        if self._headsets is not None:
            self._headsets.start()

    async def stop(self) -> None:
        """Turn the lamps off."""
        if self._headsets is not None:
            await self._headsets.stop()

    def show(self, seen: DeskSnapshot) -> None:
        """Let the lamps follow."""
        lamps = lamps_of(seen)
        if self._headsets is not None and lamps != self._shown:
            self._shown = lamps
            self._headsets.lamps(lamps)

    def _pressed(self, event: HeadsetEvent) -> None:
        # The core ignores what can't be done now, as it does with keys.
        if isinstance(event, HeadsetPressed):
            self._emit(events.Invoked(event.command.value))
