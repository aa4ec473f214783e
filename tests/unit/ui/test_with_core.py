"""The screen on top of the real core: whatever keys are pressed and whatever the network does, all of it is shown."""

import random
from collections import deque
from dataclasses import dataclass, field

import pytest
from PySide6.QtCore import Qt

from client.core import events, intents
from client.core import telephony as tel
from client.core.calls import CallState
from client.core.events import Event
from client.core.keys import PROFILES, KeyProfile
from client.core.snapshot import DirectoryEntrySnapshot, Sheet, Words
from tests.unit.core.fake_exchange import FakeExchange
from tests.unit.core.playbook import Playbook
from tests.unit.ui.conftest import Desk, MakeDesk

K = Qt.Key
_DIRECTORY = (
    DirectoryEntrySnapshot("chen", "colleague", Words("Chen", "陈")),
    DirectoryEntrySnapshot("voicemail", "service", Words("Messages", "语音留言")),
)
_LEAVES = ("call.hang-up", "call.reject")
_ON_ITS_WAY = {CallState.ENDING}


@dataclass
class Stage:
    """A desk's window, its core, and an exchange behind it."""

    desk: Desk
    play: Playbook = field(default_factory=Playbook)
    exchange: FakeExchange = field(default_factory=FakeExchange)

    def begin(self) -> "Stage":
        """Sign in and be ready."""
        self.play.ready()
        self.happens(events.DirectoryArrived(_DIRECTORY, numbers=True))
        return self

    def press(self, command: str) -> None:
        """Press the keys of a command, and let everything follow from it that follows."""
        for name in PROFILES[KeyProfile.STANDARD][command].split(", "):
            self.strike(getattr(K, f"Key_{name}"))

    def strike(self, key: Qt.Key) -> None:
        """Press one key."""
        self.desk.press(key)
        self.happens()

    def happens(self, *happenings: Event) -> None:
        """Let this happen, and show what came of it."""
        waiting: deque[Event] = deque(happenings)
        while self.desk.sent or waiting:
            event = self.desk.sent.pop(0) if self.desk.sent else waiting.popleft()
            for wanted in self.play.happens(event):
                if isinstance(wanted, intents.FetchDialToken):
                    waiting.append(events.DialGranted(wanted.request, "t_token"))
                if isinstance(wanted, intents.SaveWrapUp):
                    waiting.append(events.WrapUpKept(wanted.ref))
                waiting += self.exchange.obey(wanted)
        self.desk.window.show_snapshot(self.play.sees)

    def check(self) -> None:
        """All calls are on the screen, and the agent can leave each of them."""
        sees, desk = self.play.sees, self.desk
        assert desk.text("state")
        live = [call for call in sees.calls if call.state is not CallState.ENDED]
        chips = [chip for chip in desk.window.call_bar.strip.chips if not chip.isHidden()]
        assert len(chips) == max(0, len(live) - 1)
        if any(call.state not in _ON_ITS_WAY for call in live):
            assert any(not desk.find(name).isHidden() and desk.find(name).isEnabled() for name in _LEAVES), live
        assert (desk.window.sheets.top is not None) is (sees.sheet is not None)


@pytest.fixture
def stage(make_desk: MakeDesk) -> Stage:
    return Stage(make_desk()).begin()


def test_a_colleague_is_asked_and_the_two_are_connected_by_keys_alone(stage: Stage) -> None:
    call = stage.exchange.new_call()
    stage.happens(call)
    stage.press("call.answer")
    stage.press("call.consult")
    assert stage.play.sees.sheet is Sheet.CONSULT
    stage.strike(K.Key_Return)
    assert stage.play.sees.sheet is None
    assert [item.state for item in stage.play.sees.calls] == [CallState.HOLDING, CallState.DIALLING]
    line = stage.exchange.lines[stage.exchange.last]
    stage.happens(*stage.exchange.confirm(line))
    assert stage.desk.text("caller") == "Chen"
    stage.check()
    stage.press("call.connect")
    assert [wanted for wanted in stage.play.wanted if isinstance(wanted, tel.TransferToCall)]


def test_digits_and_text_reach_the_other_side(stage: Stage) -> None:
    stage.happens(stage.exchange.new_call())
    stage.press("call.answer")
    stage.press("call.keypad")
    stage.strike(K.Key_1)
    stage.strike(K.Key_NumberSign)
    assert stage.desk.text("keypad.count") == "Digits sent: 2"
    stage.strike(K.Key_Escape)
    number = stage.exchange.last
    stage.happens(tel.CallMedia(number, active=True, held_locally=False, held_remotely=False, text=True))
    stage.press("focus.text")
    for letter in "hi":
        stage.desk.type(letter)
        stage.happens()
    stage.strike(K.Key_Return)
    call = stage.play.sees.call
    assert call is not None
    assert [(line.ours, line.text) for line in call.text if line.text] == [(True, "hi")]
    assert stage.desk.find("text.box").property("plainText") == ""


@pytest.mark.parametrize("seed", range(6))
def test_no_order_of_keys_and_happenings_leads_off_the_screen(stage: Stage, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - a walk, not a secret
    # Answering is what agents mostly do; without it the walk would hardly ever come to a second call.
    commands = [command for command in PROFILES[KeyProfile.STANDARD] if command.startswith("call.")]
    commands += ["call.answer"] * 8 + ["call.consult", "call.conference", "call.swap"] * 2 + ["work.ready"]
    keys = [K.Key_Escape, K.Key_Return, K.Key_Down, K.Key_1, K.Key_Tab]
    for _ in range(250):
        lines = list(stage.exchange.lines.values())
        match chance.randrange(8):
            case 0:
                stage.happens(stage.exchange.new_call())
            case 1 if lines:
                stage.happens(*stage.exchange.confirm(chance.choice([line for line in lines if line.ours] or lines)))
            case 2 if lines:
                stage.happens(*stage.exchange.end(chance.choice(lines).number))
            case 3:
                stage.strike(chance.choice(keys))
            case _:
                stage.press(chance.choice(commands))
                if stage.play.sees.sheet is None and stage.play.sees.call is None:
                    stage.press("choose.1")
                    stage.press("work.save")
        stage.check()
