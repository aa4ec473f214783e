"""baresip as a peer that shares no code with Hearthline: one process, driven and watched over its control port."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import threading
import wave
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

_MODULES = "/usr/lib/baresip/modules"
_RATE = 8000
_WAIT_SECONDS = 15.0
_READY_LINE = "baresip is ready"


def write_tone(path: Path, hertz: float, seconds: float = 60.0) -> Path:
    """Write a sine tone as a mono WAV file at 8 kHz."""
    samples = 12000 * np.sin(2 * np.pi * hertz * np.arange(int(_RATE * seconds)) / _RATE)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(_RATE)
        file.writeframes(samples.astype("<i2").tobytes())
    return path


def loudest_tone(path: Path) -> tuple[float, float]:
    """Return frequency (Hz) and share of the whole energy of the strongest tone in the last second of a WAV file."""
    with wave.open(str(path), "rb") as file:
        rate = file.getframerate()
        samples = np.frombuffer(file.readframes(file.getnframes()), "<i2").astype(float)
    assert len(samples) >= rate, f"{path.name} holds {len(samples) / rate:.2f} seconds only"
    last = samples[-rate:]
    power = np.abs(np.fft.rfft(last * np.hanning(rate))) ** 2
    peak = int(power.argmax())
    return peak * rate / len(last), float(power[max(0, peak - 2) : peak + 3].sum() / power.sum())


class Baresip:
    """A running baresip with one account."""

    def __init__(self, directory: Path, account: str, control_port: int, settings: str = "") -> None:
        """Start it; `account` is a line of its accounts file, `settings` are more lines of its config file."""
        directory.mkdir()
        self._directory = directory
        modules = ("stdio", "g711", "aufile", "aubridge", "sndfile", "srtp", "uuid", "account", "menu", "ctrl_tcp")
        apps = {"uuid", "account", "menu", "ctrl_tcp"}
        lines = [f"module_path {_MODULES}"]
        lines += [f"module{'_app' if name in apps else ''} {name}.so" for name in modules]
        lines += [
            f"ctrl_tcp_listen 127.0.0.1:{control_port}",
            "sip_listen 127.0.0.1:0",
            "net_interface 127.0.0.1",
            "rtp_stats yes",
            # Every sound that is heard goes through a bridge, which needs no sound card, and into a file of its own.
            f"audio_player aubridge,{directory.name}",
            f"snd_path {directory}",
            "call_local_timeout 30",
            f"ausrc_srate {_RATE}",
            f"auplay_srate {_RATE}",
            settings,
        ]
        (directory / "config").write_text("\n".join(lines) + "\n")
        accounts = directory / "accounts"
        accounts.touch(mode=0o600)
        accounts.write_text(account + "\n")
        self.events: list[dict[str, Any]] = []
        self.output = ""
        self._changed = threading.Condition()
        self._process = subprocess.Popen(
            ["baresip", "-4", "-f", str(directory)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            cwd=directory,
            start_new_session=True,
        )
        threading.Thread(target=self._read_output, daemon=True).start()
        self._wait(lambda: _READY_LINE in self.output, "ready")
        self._control = socket.create_connection(("127.0.0.1", control_port), _WAIT_SECONDS)
        self._control.settimeout(None)
        threading.Thread(target=self._read_events, daemon=True).start()

    def command(self, command: str, parameters: str = "") -> None:
        """Give it a command, as a key press in its own menu would."""
        text = json.dumps({"command": command, "params": parameters}).encode()
        self._control.sendall(b"%d:%s," % (len(text), text))

    def wait_event(self, kind: str, count: int = 1) -> None:
        """Return as soon as it has told of so many events of a kind."""
        self._wait(lambda: sum(1 for event in self.events if event.get("type") == kind) >= count, kind)

    def wait_output(self, words: str) -> None:
        """Return as soon as it has printed these words."""
        self._wait(lambda: words in self.output, words)

    def heard(self) -> Path:
        """The WAV file of what it heard in its only call; complete once the call was closed."""
        files = list(self._directory.glob("dump-*-dec.wav"))
        assert len(files) == 1, f"baresip recorded {len(files)} files"
        return files[0]

    def stop(self) -> None:
        """End it at once; what it recorded is complete once its call was closed."""
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self._control.close()

    def _wait(self, wanted: Callable[[], bool], what: str) -> None:
        with self._changed:
            found = self._changed.wait_for(wanted, _WAIT_SECONDS)
        kinds = [event.get("type") for event in self.events]
        assert found, f"baresip: no {what!r}; events: {kinds}; it wrote:\n{self.output[-3000:]}"

    def _read_output(self) -> None:
        assert self._process.stdout is not None
        while chunk := os.read(self._process.stdout.fileno(), 4096):
            with self._changed:
                self.output += chunk.decode("utf-8", "replace")
                self._changed.notify_all()
        self._process.stdout.close()

    def _read_events(self) -> None:
        data = b""
        while True:
            try:
                chunk = self._control.recv(65536)
            except OSError:
                return
            if not chunk:
                return
            data += chunk
            while b":" in data:
                length, _, rest = data.partition(b":")
                size = int(length)
                if len(rest) < size + 1:
                    break
                with self._changed:
                    self.events.append(json.loads(rest[:size]))
                    self._changed.notify_all()
                data = rest[size + 1 :]
