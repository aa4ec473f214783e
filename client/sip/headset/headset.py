"""One headset that is plugged in: a thread that reads its buttons, and a way to set its lamps."""

import logging
import threading
from collections.abc import Callable

from client.sip.headset import reports
from client.sip.headset.descriptor import ButtonField, Layout
from client.sip.headset.events import Lamps
from client.sip.headset.hid import OpenDevice
from client.sip.headset.presses import Presses
from client.sip.headset.usages import Lamp

READING_SECONDS = 0.5
"""How long one look at the buttons may take, and so how long it takes to let go of a device."""

_log = logging.getLogger("hearthline.headset")

Down = dict[ButtonField, bool]


class Headset:
    """A device in use.

    `on_buttons` gets the buttons of each report that brings something new, `on_lost` is called once when the device
    does not answer any more or was closed; both in the reading thread.
    """

    def __init__(
        self,
        name: str,
        device: OpenDevice,
        layout: Layout,
        on_buttons: Callable[["Headset", Down], None],
        on_lost: Callable[["Headset"], None],
    ) -> None:
        self.name = name
        self.presses = Presses(Lamps())
        self._device = device
        self._layout = layout
        self._on_buttons = on_buttons
        self._on_lost = on_lost
        self._closing = threading.Event()
        self._handle = threading.Lock()
        """Held while the device is written to or closed: hidapi would not survive both at once."""
        self._is_closed = False
        self._written: dict[int, bytes] = {}
        self._down: Down = {}

    def start(self) -> None:
        """Begin to read."""
        threading.Thread(target=self._read, name="headset", daemon=True).start()

    def close(self) -> None:
        """Let go of the device soon; `on_lost` tells when."""
        self._closing.set()

    def light(self, lamps: Lamps) -> None:
        """Set the lamps. This may block for some seconds. A device that does not take them is given up."""
        lit = {
            Lamp.OFF_HOOK: lamps.off_hook,
            Lamp.RING: lamps.ringing,
            Lamp.MUTE: lamps.muted,
            Lamp.HOLD: lamps.held,
        }
        try:
            for report in reports.write(self._layout, lit):
                with self._handle:
                    if self._written.get(report[0]) != report and not self._is_closed:
                        self._device.write(report)
                        self._written[report[0]] = report
        except OSError as error:
            _log.info("the headset %s does not take its lamps: %s", self.name, error)
            self.close()

    def lamps_unknown(self) -> None:
        """The device has moved its hook by itself, and may show anything: the next `light` sets every lamp again."""
        self._written = {}

    def _read(self) -> None:
        try:
            while not self._closing.is_set():
                report = self._device.read(READING_SECONDS)
                down = reports.read(self._layout, report)
                if any(self._down.get(field, False) != is_down for field, is_down in down.items()):
                    self._down.update(down)
                    self._on_buttons(self, down)
        except OSError as error:
            _log.info("the headset %s is gone: %s", self.name, error)
        finally:
            self._closing.set()
            with self._handle:
                self._is_closed = True
                self._device.close()
            self._on_lost(self)
