"""A value that is read to the agent: how it is spelt, in which language, and when it begins and ends."""

import asyncio
import itertools
import sys
import threading
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from client.app.private_voice import NotSpoken, find_private_voice, language_of, spell
from client.app.runtime import Runtime
from client.core import events
from client.core import telephony as tel
from client.core.events import Event
from client.core.intents import Intent
from client.core.snapshot import DeskSnapshot
from client.security.clear_value import ClearValue, Safe
from tests.unit.core.playbook import CALL, CODES, REF, Playbook
from tests.unit.core.test_reveal import CARD, HEADSET_CHOSEN, LEASE, REASONS
from tests.unit.security.fakes import MemoryKeys

MOBILE = "13800138000"


def _spelt(text: str, room: int = 4096) -> str:
    into = bytearray(room)
    return into[: spell(iter(text), into)].decode()


@pytest.mark.parametrize(
    ("value", "read"),
    [
        (MOBILE, "1 3 8 0 0 1 3 8 0 0 0"),
        ("1990-01-02", "1 9 9 0 - 0 1 - 0 2"),
        ("E12", "E 1 2"),
        ("京A12B", "京A 1 2 B"),
        ("南京路12号", "南京路 1 2 号"),
        ("１２", "1 2"),
        ("Ann Lee", "Ann Lee"),
        ("", ""),
    ],
)
def test_digits_stand_alone(value: str, read: str) -> None:
    assert _spelt(value) == read


@given(st.text(st.sampled_from("0123456789-京aX ١"), max_size=40))
def test_no_two_digits_touch_and_nothing_is_lost(value: str) -> None:
    read = _spelt(value)
    assert not any(one.isdigit() and next_one.isdigit() for one, next_one in itertools.pairwise(read))
    assert read.replace(" ", "") == value.replace(" ", "").replace("١", "1")


def test_what_is_too_long_is_refused_whole() -> None:
    assert _spelt("12", 3) == "1 2"
    with pytest.raises(ValueError, match="too long"):
        _spelt("12", 2)


@pytest.mark.parametrize(
    ("value", "language"),
    [
        ("张伟", "zh"),
        ("京A12345", "zh"),
        ("𠮷田", "zh"),
        ("Ann", "en"),
        (MOBILE, "?"),
        ("12X", "?"),
        ("E12345678", "?"),
    ],
)
def test_the_language_is_the_values_own_where_it_has_one(value: str, language: str) -> None:
    assert language_of(iter(value), "?") == language


def test_a_pc_without_the_programs_or_without_linux_has_no_voice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(sys, "platform", "linux")
    for name in ("espeak-ng", "aplay"):
        assert find_private_voice(lambda: "en") is None
        (tmp_path / name).touch(0o700)
    assert find_private_voice(lambda: "en") is not None
    monkeypatch.setattr(sys, "platform", "win32")
    assert find_private_voice(lambda: "en") is None


# --- The desk ---------------------------------------------------------------------------------------------------------


class FakeVoice:
    """Reads until it is stopped, or fails."""

    def __init__(self) -> None:
        self.fails = False
        self.read: list[tuple[str, str, str]] = []
        self.began = threading.Event()
        self.stopped = threading.Event()

    def speak(self, value: ClearValue, device: str, ear: str) -> None:
        self.read.append(("".join(value.characters()), device, ear))
        self.began.set()
        if self.fails:
            raise NotSpoken
        self.stopped.wait()

    def stop(self) -> None:
        self.stopped.set()


class Running(Playbook):
    """A desk within a runtime that does what the core wants, apart from what needs a server; its value is shown."""

    def __init__(self, directory: Path, voice: FakeVoice | None) -> None:
        super().__init__()
        self.safe = Safe()
        self.runtime = Runtime(directory, MemoryKeys(), "offscreen", self._show, safe=self.safe, voice=voice)
        self.snapshot = DeskSnapshot()
        self.news = asyncio.Event()

    def happens(self, *happenings: Event) -> list[Intent]:
        """Feed events."""
        for event in happenings:
            self.runtime.emit(event)
        return []

    @property
    def sees(self) -> DeskSnapshot:
        """What is on the screen."""
        return self.snapshot

    def shown(self) -> None:
        """A value is on the screen."""
        self.talking().happens(
            events.DeviceReady("Bank", CODES, (), reveal_reasons=REASONS),
            events.WindowFocus(focused=True),
            events.CardArrived(REF, CARD, None, 2, ()),
            *HEADSET_CHOSEN,
            events.RevealSubmitted("mobile", "call-back"),
        )
        self.safe.put(LEASE, ClearValue(MOBILE.encode()))
        self.happens(events.RevealAnswered(LEASE, "mobile", True, 20, time.time() + 60, 1))

    async def until_problem(self, code: str) -> None:
        """Wait for a problem."""
        while self.problem != code:
            self.news.clear()
            await self.news.wait()

    def _show(self, snapshot: DeskSnapshot) -> None:
        self.snapshot = snapshot
        self.news.set()


@pytest.fixture
def voice() -> FakeVoice:
    return FakeVoice()


@pytest.fixture
async def desk(tmp_path: Path, voice: FakeVoice) -> AsyncIterator[Running]:
    running = Running(tmp_path, voice)
    await running.runtime.start()
    yield running
    await running.runtime.close()


async def _reading(desk: Running, voice: FakeVoice) -> None:
    desk.shown()
    # What happened before it was read has stopped nothing that counts.
    voice.stopped.clear()
    desk.presses("customer.speak")
    await asyncio.to_thread(voice.began.wait)


async def test_the_value_of_the_lease_is_read(desk: Running, voice: FakeVoice) -> None:
    await _reading(desk, voice)
    assert voice.read == [(MOBILE, "headset", "right")]
    assert not voice.stopped.is_set()
    assert desk.problem == ""


@pytest.mark.parametrize(
    "end",
    [
        events.Invoked("customer.hide"),
        events.RevealDue(LEASE),
        events.RevealEnded(LEASE, "trust-lost"),
        events.WindowFocus(focused=False),
        events.LinkChanged(connected=False),
        events.TrustChanged(1, ()),
        tel.CallEnded(CALL, tel.CallEnd.REMOTE),
        tel.SoundChanged("microphone", "loudspeaker"),
        events.SignedOut("device-revoked"),
    ],
    ids=lambda event: type(event).__name__,
)
async def test_it_ends_at_once(desk: Running, voice: FakeVoice, end: Event) -> None:
    await _reading(desk, voice)
    desk.happens(end)
    assert voice.stopped.is_set()


async def test_ringing_elsewhere_does_not_end_it(desk: Running, voice: FakeVoice) -> None:
    await _reading(desk, voice)
    desk.happens(tel.SoundChanged("microphone", "headset", ring="headset"))
    assert not voice.stopped.is_set()


async def test_closing_the_desk_ends_it(desk: Running, voice: FakeVoice) -> None:
    await _reading(desk, voice)
    await desk.runtime.close()
    assert voice.stopped.is_set()


async def test_what_was_not_read_is_told(desk: Running, voice: FakeVoice) -> None:
    voice.fails = True
    await _reading(desk, voice)
    async with asyncio.timeout(60):
        await desk.until_problem("reveal-not-spoken")


async def test_a_pc_without_a_voice_offers_none(tmp_path: Path) -> None:
    desk = Running(tmp_path, None)
    await desk.runtime.start()
    desk.shown()
    assert "customer.hide" in desk.sees.enabled
    assert "customer.speak" not in desk.sees.enabled
    await desk.runtime.close()
