"""An engine that this desk did not start: what of a process can be had of one that is nobody's child."""

import asyncio
import contextlib
import os
import signal
import socket
import struct
import sys


class AdoptedProcess:
    """Stands for the process as the supervisor's own child would. The exit status cannot be known: it is -1.

    On Linux a process descriptor makes sure that no other process with the same number is ever meant. Elsewhere the
    process cannot be signalled; whether it still runs is what `lost` says.
    """

    stderr = None
    """Its log went to the desk that started it."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self.returncode: int | None = None
        self._lost = asyncio.Event()
        self._descriptor = -1
        if sys.platform == "linux" and pid > 0:
            try:
                self._descriptor = os.pidfd_open(pid)
            except OSError:
                self.lost()

    def lost(self) -> None:
        """It does not answer at its address any more. Where nothing better is known, that is its end."""
        if self._descriptor < 0:
            self.returncode = -1
            self._lost.set()

    async def wait(self) -> int:
        """Wait for its end."""
        if self._descriptor >= 0:
            await _readable(self._descriptor)
            if self._descriptor >= 0:
                os.close(self._descriptor)
                self._descriptor = -1
            self.lost()
        await self._lost.wait()
        return -1

    def terminate(self) -> None:
        """Ask it to end. Raises ProcessLookupError when it has ended."""
        self._signal(signal.SIGTERM)

    def kill(self) -> None:
        """End it. Raises ProcessLookupError when it has ended."""
        if sys.platform != "win32":
            self._signal(signal.SIGKILL)

    def _signal(self, number: int) -> None:
        if sys.platform == "linux" and self._descriptor >= 0:
            signal.pidfd_send_signal(self._descriptor, number)


def pid_behind(connection: socket.socket) -> int:
    """Return the process that listens at the other end, as the operating system tells it; 0 where it does not."""
    if sys.platform == "linux":
        with contextlib.suppress(OSError):
            size = struct.calcsize("3i")
            credentials = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, size)
            pid, _, _ = struct.unpack("3i", credentials)
            return int(pid)
    return 0


async def _readable(descriptor: int) -> None:
    loop = asyncio.get_running_loop()
    # Several may wait for the same end, and a loop has one reader for a descriptor.
    own = os.dup(descriptor)
    ready = asyncio.Event()
    loop.add_reader(own, ready.set)
    try:
        await ready.wait()
    finally:
        loop.remove_reader(own)
        os.close(own)
