"""The way to HID devices: what we need of it, and hidapi, which gives it on every system."""

import contextlib
import importlib
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Protocol

from client.sip.headset.usages import TELEPHONY_PAGE

_LONGEST_INPUT = 256


@dataclass(frozen=True)
class Found:
    """A device that says it is a telephone."""

    path: bytes
    """How the system calls it, as long as it is plugged in."""
    name: str


class OpenDevice(Protocol):
    """One device. All but `close` raise OSError.

    `read` runs in a thread of its own, at the same time as `write`; `close` comes when neither does.
    """

    def descriptor(self) -> bytes:
        """Return its report descriptor."""

    def read(self, seconds: float) -> bytes:
        """Wait for an input report; return it, or nothing when there was none in this time."""

    def write(self, report: bytes) -> None:
        """Send an output report, whose first byte is its number."""

    def close(self) -> None:
        """Let go of it."""


class Hid(Protocol):
    """The devices of this computer. Both raise OSError."""

    def find(self) -> list[Found]:
        """Return the telephones that are plugged in. No device is opened for it."""

    def open(self, path: bytes) -> OpenDevice:
        """Open one. Others can go on using it."""


class HidApi:
    """Hidapi, by its Cython binding.

    On Linux it has two ways. We take hidraw, which leaves the device to the kernel, so that its volume keys go on
    working; the other takes the device away from it.

    Raises:
        OSError: hidapi cannot be loaded here.
    """

    def __init__(self) -> None:
        try:
            self._hid: Any = importlib.import_module("hidraw" if sys.platform == "linux" else "hid")
        except ImportError as error:
            raise OSError(f"hidapi cannot be loaded: {error}") from error

    def find(self) -> list[Found]:
        """See `Hid`."""
        found: dict[bytes, Found] = {}
        for device in self._hid.enumerate():
            if device["usage_page"] == TELEPHONY_PAGE:
                name = str(device["product_string"] or "").strip() or "headset"
                found.setdefault(device["path"], Found(device["path"], name))
        return list(found.values())

    def open(self, path: bytes) -> OpenDevice:
        """See `Hid`."""
        device = self._hid.device()
        device.open_path(path)
        return _HidApiDevice(device)


class _HidApiDevice:
    def __init__(self, device: Any) -> None:
        self._device = device

    def descriptor(self) -> bytes:
        with _as_os_error():
            return bytes(self._device.get_report_descriptor())

    def read(self, seconds: float) -> bytes:
        with _as_os_error():
            return bytes(self._device.read(_LONGEST_INPUT, timeout_ms=max(1, round(1000 * seconds))))

    def write(self, report: bytes) -> None:
        with _as_os_error():
            if self._device.write(report) < 0:
                raise OSError("the headset did not take the report")

    def close(self) -> None:
        self._device.close()


@contextlib.contextmanager
def _as_os_error() -> Iterator[None]:
    # hidapi says ValueError when the device is no longer open.
    try:
        yield
    except ValueError as error:
        raise OSError(str(error)) from error
