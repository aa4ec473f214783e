"""Run a real edge: rtpengine and Kamailio as child processes, ready when they answer, gone when told to stop."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from provisioning.edge import fork_guard, ng
from provisioning.edge.configuration import DIGITS, KAMAILIO, RTPENGINE, write
from provisioning.edge.settings import EdgeSettings

_READY_SECONDS = 30.0
_STOP_SECONDS = 10.0
_READY_LINE = "edge: ready"
# rtpengine says nothing when it is ready, so it is asked, this often.
_ASK_AGAIN_SECONDS = 0.02


LogMark = dict[int, int]
"""How much each process had written."""


class EdgeProcessError(Exception):
    """Raised when the edge cannot be started; the text says what to do."""


class EdgeProcess:
    """One edge, from its settings. Use `start` and `stop`, or a `with` block."""

    def __init__(self, settings: EdgeSettings, directory: Path) -> None:
        """Prepare an edge whose configuration is written into `directory` at each start."""
        self.settings = settings
        self.directory = directory
        self._children: list[_Child] = []
        self._keeper: _Child | None = None

    def start(self) -> None:
        """Write the configuration, start rtpengine and Kamailio, and return when both answer.

        Raises EdgeProcessError when a program is missing, ends by itself, or does not answer within 30 seconds,
        SettingsError when the settings cannot be used, and ForkGuardError when there is no C compiler.
        """
        for program in ("rtpengine", "kamailio"):
            if shutil.which(program) is None:
                raise EdgeProcessError(
                    f"{program} is not installed. Install the packages listed in provisioning/edge/apt.txt."
                )
        paths = write(self.settings, self.directory)
        try:
            relay = self._spawn("rtpengine", ["--foreground", f"--config-file={paths[RTPENGINE]}"])
            self._wait_for_relay(relay)
            self.start_keeper()
            self._start_proxy(paths[KAMAILIO])
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """End all processes, the proxy first; does nothing when they are not running."""
        while self._children:
            self._children.pop().stop()
        if self._keeper is not None:
            self._keeper.stop()
            self._keeper = None

    def start_keeper(self) -> None:
        """Start the digit keeper on the configuration that is there, and return when it listens."""
        config = self.directory / DIGITS
        self._keeper = _Child(sys.executable, ["-m", "provisioning.edge.digits", "--config", str(config)], {})
        self._keeper.wait_for("digits: ready")

    def kill_keeper(self) -> None:
        """Kill the digit keeper as a fault would."""
        assert self._keeper is not None
        self._keeper.kill()

    @property
    def keeper_log(self) -> str:
        """What the digit keeper has written so far."""
        return self._keeper.text if self._keeper is not None else ""

    def wait_for_keeper(self, words: str) -> None:
        """Return as soon as the digit keeper has written this."""
        assert self._keeper is not None
        self._keeper.wait_for(words)

    def restart_proxy(self) -> None:
        """Kill Kamailio as a fault would, and start it again on the same configuration and call store."""
        self.kill_proxy()
        self._start_proxy(self.directory / KAMAILIO)

    def kill_proxy(self) -> None:
        """Kill Kamailio, all its processes at once."""
        self._children.pop().kill()

    def stop_relay(self) -> None:
        """End rtpengine alone."""
        self._children[0].stop()

    @property
    def log(self) -> str:
        """What both processes have written so far."""
        return "".join(child.text for child in self._children)

    def log_mark(self) -> LogMark:
        """Where both logs stand now."""
        return {id(child): len(child.text) for child in self._children}

    def log_since(self, mark: LogMark) -> str:
        """What both processes have written since; a process that was started since, all of it."""
        return "".join(child.text[mark.get(id(child), 0) :] for child in self._children)

    def wait_for_log(self, wanted: Callable[[], bool], seconds: float) -> None:
        """Return as soon as `wanted` is true; it is asked at every new line of the proxy.

        Raises EdgeProcessError when it is not true within so many seconds.
        """
        if not self._children[-1].wait_until(wanted, seconds):
            raise EdgeProcessError(f"The edge did not write what was waited for. It wrote:\n{self.log}")

    def relayed_calls(self) -> list[str]:
        """The ids of the calls that rtpengine is relaying now."""
        answer = ng.ask(self.settings.media.ng.host, self.settings.media.ng.port, "list", limit="1000")
        calls = answer.get("calls", [])
        return [str(call) for call in calls] if isinstance(calls, list) else []

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _start_proxy(self, configuration: Path) -> None:
        memory = ["-m", str(self.settings.shared_memory_mb), "-M", str(self.settings.private_memory_mb)]
        run = ["-Y", str(self.settings.run_directory), "-w", str(self.settings.run_directory)]
        guard = {"LD_PRELOAD": str(fork_guard.build(self.settings.run_directory))}
        proxy = self._spawn("kamailio", ["-DD", "-E", *memory, *run, "-f", str(configuration)], guard)
        proxy.wait_for(_READY_LINE)
        self._ask_for_options(proxy)

    def _spawn(self, program: str, arguments: list[str], environment: dict[str, str] | None = None) -> _Child:
        child = _Child(program, arguments, environment or {})
        self._children.append(child)
        return child

    def _wait_for_relay(self, relay: _Child) -> None:
        address = self.settings.media.ng
        end = time.monotonic() + _READY_SECONDS
        while time.monotonic() < end:
            relay.check_running()
            try:
                ng.ask(address.host, address.port, "ping")
            except ng.NgError:
                relay.ended.wait(_ASK_AGAIN_SECONDS)
            else:
                return
        raise EdgeProcessError(f"rtpengine does not answer at {address}. It wrote:\n{relay.text}")

    def _ask_for_options(self, proxy: _Child) -> None:
        home = self.settings.home_listen
        # This asks whether the edge is up. Who it is, desks check by the pin; nothing secret is sent here.
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        request = (
            f"OPTIONS sip:{self.settings.domain} SIP/2.0\r\n"
            f"Via: SIP/2.0/TLS {home};branch=z9hG4bKstart;rport\r\n"
            f"From: <sip:start@{self.settings.domain}>;tag=start\r\nTo: <sip:{self.settings.domain}>\r\n"
            "Call-ID: start\r\nCSeq: 1 OPTIONS\r\nMax-Forwards: 10\r\nContent-Length: 0\r\n\r\n"
        )
        try:
            with (
                socket.create_connection((home.host, home.port), _READY_SECONDS) as tcp,
                context.wrap_socket(tcp, server_hostname=self.settings.domain) as tls,
            ):
                tls.sendall(request.encode())
                answer = tls.recv(4096).decode("utf-8", "replace")
        except OSError as error:
            raise EdgeProcessError(f"Kamailio does not answer at {home}: {error}. It wrote:\n{proxy.text}") from error
        if not answer.startswith("SIP/2.0 200"):
            raise EdgeProcessError(
                f"Kamailio answers at {home}, but with {answer.partition(chr(13))[0]!r} in place of 200."
            )


class _Child:
    """A child process and all that it has written."""

    def __init__(self, program: str, arguments: list[str], environment: dict[str, str]) -> None:
        self.program = program
        self.ended = threading.Event()
        self._lines: list[str] = []
        self._changed = threading.Condition(threading.RLock())
        self._process = subprocess.Popen(
            [program, *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env={**os.environ, **environment},
            # Its own group, so that its workers can be ended with it when it does not end them itself.
            start_new_session=True,
        )
        assert self._process.stdout is not None
        self._reader = threading.Thread(target=self._read, args=(self._process.stdout,), daemon=True)
        self._reader.start()

    @property
    def text(self) -> str:
        with self._changed:
            return "".join(self._lines)

    def check_running(self) -> None:
        if self.ended.is_set():
            raise EdgeProcessError(f"{self.program} ended by itself. It wrote:\n{self.text}")

    def wait_until(self, wanted: Callable[[], bool], seconds: float) -> bool:
        with self._changed:
            return self._changed.wait_for(wanted, seconds)

    def wait_for(self, words: str) -> None:
        found = self.wait_until(lambda: self.ended.is_set() or words in self.text, _READY_SECONDS)
        self.check_running()
        if not found:
            raise EdgeProcessError(
                f"{self.program} was not ready after {_READY_SECONDS:.0f} seconds. It wrote:\n{self.text}"
            )

    def kill(self) -> None:
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self._reader.join(_STOP_SECONDS)

    def stop(self) -> None:
        self._process.terminate()
        try:
            self._process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
        self._reader.join(_STOP_SECONDS)

    def _read(self, stream: IO[str]) -> None:
        with stream:
            for line in stream:
                with self._changed:
                    self._lines.append(line)
                    self._changed.notify_all()
        with self._changed:
            self.ended.set()
            self._changed.notify_all()
