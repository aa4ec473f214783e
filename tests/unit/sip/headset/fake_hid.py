"""Headsets without hardware: they are plugged in, pressed and pulled out by the test."""

import queue
import threading

from client.sip.headset.hid import Found, OpenDevice


class FakeDevice:
    """One headset. `written` has what its lamps were told; a report in `wants` is waited for by `until_written`."""

    def __init__(self, name: str, descriptor: bytes) -> None:
        self.name = name
        self.is_broken = False
        self.may_be_opened = True
        self.openings = 0
        self.closings = 0
        self.written: queue.Queue[str] = queue.Queue()
        self._descriptor = descriptor
        self._reports: queue.Queue[bytes | None] = queue.Queue()

    def press(self, report: str) -> None:
        self._reports.put(bytes.fromhex(report))

    def die(self) -> None:
        """As when it is pulled out: reading and writing fail from now on."""
        self.is_broken = True
        self._reports.put(None)

    def revive(self) -> None:
        self.is_broken = False
        self._reports = queue.Queue()

    # --- What the code under test sees --------------------------------------------------------------------------------

    def descriptor(self) -> bytes:
        return self._descriptor

    def read(self, seconds: float) -> bytes:
        if self.is_broken:
            raise OSError("read error")
        try:
            report = self._reports.get(timeout=seconds)
        except queue.Empty:
            return b""
        if report is None:
            raise OSError("read error")
        return report

    def write(self, report: bytes) -> None:
        if self.is_broken:
            raise OSError("write error")
        self.written.put(report.hex())

    def close(self) -> None:
        self.closings += 1


class FakeHid:
    """The USB sockets of the computer."""

    def __init__(self) -> None:
        self.devices: dict[bytes, FakeDevice] = {}
        self.is_broken = False
        self.looks = threading.Semaphore(0)
        """Released at each look."""

    def find(self) -> list[Found]:
        self.looks.release()
        if self.is_broken:
            raise OSError("no bus")
        return [Found(path, device.name) for path, device in self.devices.items()]

    def open(self, path: bytes) -> OpenDevice:
        device = self.devices[path]
        device.openings += 1
        if not device.may_be_opened:
            raise OSError("permission denied")
        return device
