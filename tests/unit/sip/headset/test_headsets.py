"""Headsets come and go, their buttons reach the desk, and their lamps follow the call."""

import asyncio
import logging
import queue
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from client.sip.headset.events import HeadsetCommand, HeadsetEvent, HeadsetPressed, HeadsetsChanged, Lamps
from client.sip.headset.headsets import Headsets
from client.sip.headset.hid import HidApi
from tests.unit.sip.headset import recorded
from tests.unit.sip.headset.fake_hid import FakeDevice, FakeHid

RINGING = Lamps(ringing=True)
IN_CALL = Lamps(off_hook=True)


class Desk:
    def __init__(self) -> None:
        self.hid = FakeHid()
        self.events: asyncio.Queue[HeadsetEvent] = asyncio.Queue()
        self.now = 100.0
        self.headsets = Headsets(
            self.events.put_nowait, hid=lambda: self.hid, look_seconds=0.005, clock=lambda: self.now
        )

    async def next(self) -> HeadsetEvent:
        return await asyncio.wait_for(self.events.get(), 20)

    async def plug_in(self, device: FakeDevice, path: bytes = b"usb-1") -> None:
        self.hid.devices[path] = device
        assert await self.next() == HeadsetsChanged((device.name,))

    async def looks(self, times: int) -> None:
        for _ in range(times):
            await asyncio.to_thread(self.hid.looks.acquire)

    def show(self, lamps: Lamps) -> None:
        self.now += 2.0
        self.headsets.lamps(lamps)
        self.now += 2.0


@pytest_asyncio.fixture
async def desk() -> AsyncIterator[Desk]:
    desk = Desk()
    desk.headsets.start()
    yield desk
    await desk.headsets.stop()


async def written(device: FakeDevice) -> str:
    return await asyncio.to_thread(device.written.get, timeout=20)


def jabra() -> FakeDevice:
    return FakeDevice("Headset with hook", recorded.GN_LAYOUT)


async def test_a_call_answered_muted_and_ended_by_headset(desk: Desk) -> None:
    device = jabra()
    await desk.plug_in(device)
    assert await written(device) == "020000"
    desk.show(RINGING)
    assert await written(device) == "020400"
    device.press("020100")
    assert await desk.next() == HeadsetPressed(HeadsetCommand.ANSWER)
    desk.show(IN_CALL)
    assert await written(device) == "020100"
    device.press("020500")
    assert await desk.next() == HeadsetPressed(HeadsetCommand.MUTE)
    desk.show(Lamps(off_hook=True, muted=True))
    assert await written(device) == "020300"
    device.press("020100")
    desk.show(Lamps(off_hook=True, held=True))
    assert await written(device) == "020900"
    device.press("020000")
    assert await desk.next() == HeadsetPressed(HeadsetCommand.HANG_UP)
    desk.show(Lamps())
    assert await written(device) == "020000"


async def test_lamps_are_set_again_after_the_hook_moved_by_itself(desk: Desk) -> None:
    device = jabra()
    await desk.plug_in(device)
    assert await written(device) == "020000"
    desk.show(IN_CALL)
    assert await written(device) == "020100"
    device.press("020500")
    assert await desk.next() == HeadsetPressed(HeadsetCommand.MUTE)
    desk.now += 2.0
    device.press("020000")
    assert await desk.next() == HeadsetPressed(HeadsetCommand.HANG_UP)
    # The desk did not hang up. Whatever the headset shows by now, it is told again.
    desk.show(IN_CALL)
    assert await written(device) == "020100"


async def test_a_headset_plugged_in_during_a_call_shows_it(desk: Desk) -> None:
    desk.show(IN_CALL)
    device = jabra()
    await desk.plug_in(device)
    assert await written(device) == "020100"


async def test_a_headset_pulled_out_is_forgotten_and_found_again(desk: Desk) -> None:
    device = jabra()
    await desk.plug_in(device)
    del desk.hid.devices[b"usb-1"]
    device.die()
    assert await desk.next() == HeadsetsChanged(())
    assert device.closings == 1
    device.revive()
    await desk.plug_in(device, b"usb-2")
    desk.show(RINGING)
    device.press("020100")
    assert await desk.next() == HeadsetPressed(HeadsetCommand.ANSWER)


async def test_two_headsets_show_and_mean_the_same_call(desk: Desk) -> None:
    one = jabra()
    await desk.plug_in(one)
    other = FakeDevice("Another", recorded.ARRAY_WITHOUT_NUMBERS)
    desk.hid.devices[b"usb-2"] = other
    assert await desk.next() == HeadsetsChanged(("Another", "Headset with hook"))
    desk.show(RINGING)
    other.press("03")
    assert await desk.next() == HeadsetPressed(HeadsetCommand.REJECT)
    desk.show(Lamps())
    desk.show(RINGING)
    one.press("020100")
    assert await desk.next() == HeadsetPressed(HeadsetCommand.ANSWER)


async def test_a_lamp_that_cannot_be_set_gives_the_headset_up(desk: Desk) -> None:
    device = jabra()
    await desk.plug_in(device)
    assert await written(device) == "020000"
    del desk.hid.devices[b"usb-1"]
    device.is_broken = True
    desk.show(RINGING)
    assert await desk.next() == HeadsetsChanged(())


async def test_what_is_no_headset_of_ours_is_opened_once_and_let_go(desk: Desk) -> None:
    for descriptor in (recorded.MICROSOFT_GAME_VOICE, recorded.GN_LAYOUT[:-1], b""):
        device = FakeDevice("Strange", descriptor)
        desk.hid.devices = {b"usb-1": device}
        await desk.looks(30)
        assert (device.openings, device.closings) == (1, 1)
        desk.hid.devices = {}
        await desk.looks(30)
    assert desk.events.empty()


async def test_what_may_not_be_opened_is_tried_again_and_said_once(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, logger="hearthline.headset")
    device = jabra()
    device.may_be_opened = False
    desk.hid.devices[b"usb-1"] = device
    await desk.looks(30)
    assert device.openings > 1
    assert len([line for line in caplog.messages if "could not be opened" in line]) == 1
    device.may_be_opened = True
    assert await desk.next() == HeadsetsChanged((device.name,))


async def test_a_bus_that_fails_is_looked_at_again(desk: Desk) -> None:
    desk.hid.is_broken = True
    await desk.looks(30)
    desk.hid.is_broken = False
    await desk.plug_in(jabra())


async def test_without_hidapi_there_are_no_buttons_and_no_trouble() -> None:
    def missing() -> FakeHid:
        raise OSError("hidapi cannot be loaded")

    headsets = Headsets(lambda event: None, hid=missing)
    headsets.start()
    headsets.lamps(RINGING)
    await headsets.stop()


async def test_stopping_turns_the_lamps_off_and_lets_go() -> None:
    desk = Desk()
    desk.headsets.start()
    device = jabra()
    await desk.plug_in(device)
    assert await written(device) == "020000"
    desk.show(IN_CALL)
    assert await written(device) == "020100"
    await desk.headsets.stop()
    assert device.written.get_nowait() == "020000"
    with pytest.raises(queue.Empty):
        device.written.get_nowait()
    assert device.closings == 1


async def test_starting_twice_is_a_mistake(desk: Desk) -> None:
    with pytest.raises(RuntimeError):
        desk.headsets.start()


def test_hidapi_is_there_and_says_no_as_an_os_error(tmp_path: Path) -> None:
    hid = HidApi()
    assert all(found.path for found in hid.find())
    with pytest.raises(OSError, match="open failed"):
        hid.open(bytes(tmp_path / "no-device"))


def test_without_the_library_hidapi_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> None:
        raise ImportError(name)

    monkeypatch.setattr("client.sip.headset.hid.importlib.import_module", missing)
    with pytest.raises(OSError, match="cannot be loaded"):
        HidApi()
