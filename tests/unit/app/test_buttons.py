"""Headset buttons are commands, and lamps follow the screen."""

from collections.abc import Callable

import pytest

from client.app.buttons import Buttons, lamps_of
from client.core import events
from client.core.calls import CallState
from client.core.events import Event
from client.core.snapshot import CallSnapshot, DeskSnapshot
from client.sip.headset.events import HeadsetCommand, HeadsetEvent, HeadsetPressed, HeadsetsChanged, Lamps

RINGING = CallSnapshot("c_first", CallState.RINGING, 0.0)
TALKING = CallSnapshot("c_first", CallState.TALKING, 0.0, muted=True)
HOLDING = CallSnapshot("c_first", CallState.HOLDING, 0.0, held=True)
WAITING = CallSnapshot("c_second", CallState.RINGING, 0.0, current=False)


class FakeHeadsets:
    """Remembers its lamps."""

    def __init__(self, on_event: Callable[[HeadsetEvent], None]) -> None:
        self.press = on_event
        self.shown: list[Lamps] = []
        self.running = False

    def start(self) -> None:
        self.running = True

    async def stop(self) -> None:
        self.running = False

    def lamps(self, lamps: Lamps, /) -> None:
        self.shown.append(lamps)


@pytest.mark.parametrize(
    ("calls", "lamps"),
    [
        ((), Lamps()),
        ((RINGING,), Lamps(ringing=True)),
        ((TALKING,), Lamps(off_hook=True, muted=True)),
        ((HOLDING,), Lamps(off_hook=True, held=True)),
        ((TALKING, WAITING), Lamps(ringing=True, off_hook=True, muted=True)),
    ],
)
def test_the_lamps_say_what_the_screen_says(calls: tuple[CallSnapshot, ...], lamps: Lamps) -> None:
    current = next((call for call in calls if call.current), None)
    assert lamps_of(DeskSnapshot(call=current, calls=calls)) == lamps


async def test_presses_are_commands_and_lamps_are_sent_when_they_change() -> None:
    made: list[FakeHeadsets] = []
    seen: list[Event] = []

    def make(on_event: Callable[[HeadsetEvent], None]) -> FakeHeadsets:
        made.append(FakeHeadsets(on_event))
        return made[-1]

    buttons = Buttons(make, seen.append)
    buttons.start()
    (headsets,) = made
    assert headsets.running
    for _ in range(2):
        buttons.show(DeskSnapshot(call=RINGING, calls=(RINGING,)))
    assert headsets.shown == [Lamps(ringing=True)]
    headsets.press(HeadsetPressed(HeadsetCommand.ANSWER))
    headsets.press(HeadsetsChanged(("A headset",)))
    assert seen == [events.Invoked("call.answer")]
    await buttons.stop()
    assert not headsets.running
