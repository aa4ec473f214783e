"""All headsets of this computer: found when they are plugged in, forgotten when they are pulled out."""

import asyncio
import contextlib
import logging
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from client.sip.headset.descriptor import BadDescriptor, parse
from client.sip.headset.events import HeadsetEvent, HeadsetPressed, HeadsetsChanged, Lamps
from client.sip.headset.headset import Down, Headset
from client.sip.headset.hid import Found, Hid, HidApi
from client.sip.headset.usages import Button

LOOK_SECONDS = 2.0

_log = logging.getLogger("hearthline.headset")


class Headsets:
    """Watches for headsets, and carries presses out and lamps in.

    `on_event` is called in the loop's thread and must not raise. Nothing here raises for what a device does or is: one
    that cannot be used is not used. `hid` is for tests; without it, it is hidapi.
    """

    def __init__(
        self,
        on_event: Callable[[HeadsetEvent], None],
        *,
        hid: Callable[[], Hid] = HidApi,
        look_seconds: float = LOOK_SECONDS,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._on_event = on_event
        self._make_hid = hid
        self._look_seconds = look_seconds
        self._clock = clock
        self._lamps = Lamps()
        self._in_use: dict[bytes, Headset] = {}
        self._useless: set[bytes] = set()
        """Those without a button or lamp that we know. As long as they are plugged in, they are not opened again."""
        self._unopened: set[bytes] = set()
        self._told: tuple[str, ...] = ()
        self._stopping = asyncio.Event()
        self._nothing_open = asyncio.Event()
        self._nothing_open.set()
        self._life: asyncio.Task[None] | None = None
        # hidapi wants its devices found, opened and written to in one thread.
        self._hid_thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="headsets")

    def start(self) -> None:
        """Begin to look for headsets. It is a mistake to call this twice, or outside the loop."""
        if self._life is not None:
            raise RuntimeError("the headsets were started before")
        self._loop = asyncio.get_running_loop()
        self._life = self._loop.create_task(self._watch(), name="headsets")

    async def stop(self) -> None:
        """Turn all lamps off and let go of all headsets."""
        self._stopping.set()
        if self._life is None:
            return
        await self._life
        self.lamps(Lamps())
        for headset in self._in_use.values():
            self._hid_thread.submit(headset.close)
        await self._nothing_open.wait()
        self._hid_thread.shutdown(wait=False)

    def lamps(self, lamps: Lamps) -> None:
        """Show this on every headset, now and when one is plugged in later. The buttons mean what fits to it."""
        self._lamps = lamps
        now = self._clock()
        for headset in self._in_use.values():
            headset.presses.show(lamps, now)
            self._hid_thread.submit(headset.light, lamps)

    # --- Found and lost -----------------------------------------------------------------------------------------------

    async def _watch(self) -> None:
        try:
            hid = await self._loop.run_in_executor(self._hid_thread, self._make_hid)
        except OSError as error:
            _log.info("no headset buttons: %s", error)
            return
        while not self._stopping.is_set():
            await self._look(hid)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), self._look_seconds)

    async def _look(self, hid: Hid) -> None:
        try:
            found = await self._loop.run_in_executor(self._hid_thread, hid.find)
        except OSError as error:
            _log.info("looking for headsets failed: %s", error)
            return
        paths = {device.path for device in found}
        self._useless &= paths
        self._unopened &= paths
        for device in found:
            if device.path not in self._in_use and device.path not in self._useless and not self._stopping.is_set():
                await self._take(hid, device)

    async def _take(self, hid: Hid, found: Found) -> None:
        try:
            headset = await self._loop.run_in_executor(self._hid_thread, self._open, hid, found)
        except BadDescriptor as error:
            _log.info("the headset %s is not used, its descriptor is malformed: %s", found.name, error)
            self._useless.add(found.path)
            return
        except OSError as error:
            # Mostly the system does not let us, until somebody has put that right.
            if found.path not in self._unopened:
                self._unopened.add(found.path)
                _log.info("the headset %s could not be opened: %s", found.name, error)
            return
        if headset is None:
            self._useless.add(found.path)
            return
        self._in_use[found.path] = headset
        self._nothing_open.clear()
        headset.start()
        headset.presses.show(self._lamps, self._clock())
        self._hid_thread.submit(headset.light, self._lamps)
        self._tell()

    def _open(self, hid: Hid, found: Found) -> Headset | None:
        device = hid.open(found.path)
        try:
            layout = parse(device.descriptor())
        except (OSError, BadDescriptor):
            device.close()
            raise
        if not layout.buttons and not layout.lamps:
            device.close()
            return None
        return Headset(found.name, device, layout, self._buttons_moved, self._gone)

    def _buttons_moved(self, headset: Headset, down: Down) -> None:
        self._to_loop(lambda: self._on_buttons(headset, down))

    def _gone(self, headset: Headset) -> None:
        self._to_loop(lambda: self._forget(headset))

    def _to_loop(self, action: Callable[[], None]) -> None:
        # The loop may have been closed under a desk that ends in a hurry.
        with contextlib.suppress(RuntimeError):
            self._loop.call_soon_threadsafe(action)

    # --- In the loop --------------------------------------------------------------------------------------------------

    def _on_buttons(self, headset: Headset, down: Down) -> None:
        if any(field.button is Button.HOOK for field in down):
            headset.lamps_unknown()
        for command in headset.presses.on_report(down, self._clock()):
            self._on_event(HeadsetPressed(command))

    def _forget(self, headset: Headset) -> None:
        self._in_use = {path: other for path, other in self._in_use.items() if other is not headset}
        if not self._in_use:
            self._nothing_open.set()
        self._tell()

    def _tell(self) -> None:
        names = tuple(sorted(headset.name for headset in self._in_use.values()))
        if names != self._told:
            self._told = names
            self._on_event(HeadsetsChanged(names))
