"""A sound card for two people, recorded with one clock: both mouths and both ears are channels of one virtual device.

What goes in at one mouth and comes out at the other ear is in one recording, sample by sample, so the delay between
them needs no clock of ours. It is a private PulseAudio with one null sink of four channels, of which each microphone
and each headset is one channel. Debian's packages: pulseaudio, pulseaudio-utils, libasound2-plugins.
"""

import contextlib
import os
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np

from bench.voice.signals import RATE, Signal
from tests.stage.process import Program, StageError

BLOCK_MS = 5
"""What the recorder asks of the card, and so how often the card moves sound for everybody."""

SEATS = ("agent", "caller")
_CHANNELS = {"agent.mouth": "aux0", "agent.ear": "aux1", "caller.mouth": "aux2", "caller.ear": "aux3"}

_CARD = f"""
load-module module-native-protocol-unix auth-anonymous=1 socket={{socket}}
load-module module-null-sink sink_name=wire rate={RATE} channels=4 channel_map={",".join(_CHANNELS.values())} \
format=s16le norewinds=1
set-default-sink wire
set-default-source wire.monitor
"""
_SINK = "load-module module-remap-sink sink_name={name} master=wire channels=1 channel_map=mono \
master_channel_map={channel} remix=no\n"
_SOURCE = "load-module module-remap-source source_name={name}.mic master=wire.monitor channels=1 channel_map=mono \
master_channel_map={channel} remix=no\n"

_ASOUNDRC = """
pcm.!default {{
    type pulse
    server "unix:{socket}"
    hint {{ show on description "Default" }}
}}
ctl.!default {{ type pulse server "unix:{socket}" }}
"""


class WireRecording:
    """A recording of the whole wire; `channel` is complete once its block is left."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._frames = np.zeros((0, len(_CHANNELS)))
        self._begun = 0.0

    def length(self) -> int:
        """How many frames were recorded so far."""
        return self._file.stat().st_size // (2 * len(_CHANNELS)) if self._file.exists() else 0

    def settle(self) -> None:
        """Wait until the recorder runs, and learn at what time (monotonic clock) the recording begins.

        Blocks arrive some milliseconds after they were heard, never before; so the earliest one tells.
        """
        begun: list[float] = []
        end = time.monotonic() + 10
        while len(begun) < 40 and time.monotonic() < end:
            if (length := self.length()) > RATE // 20:
                begun.append(time.monotonic() - length / RATE)
            time.sleep(0.002)
        if not begun:
            raise StageError("the recorder of the virtual sound card did not start")
        self._begun = min(begun)

    def frame_at(self, moment: float) -> int:
        """The frame that was heard at a time of the monotonic clock."""
        return round((moment - self._begun) * RATE)

    def channel(self, name: str) -> Signal:
        """What was on `agent.mouth`, `agent.ear`, `caller.mouth` or `caller.ear`."""
        return self._frames[:, list(_CHANNELS).index(name)]

    def close(self) -> None:
        """Read what was recorded."""
        raw = np.fromfile(self._file, dtype="<i2")
        whole = len(raw) // len(_CHANNELS) * len(_CHANNELS)
        self._frames = raw[:whole].reshape(-1, len(_CHANNELS)) / 32768
        self._file.unlink()


class Wire:
    """The card of both."""

    def __init__(self) -> None:
        self._running = contextlib.ExitStack()
        self._path = Path()

    def __enter__(self) -> Self:
        with contextlib.ExitStack() as starting:
            self._path = Path(starting.enter_context(tempfile.TemporaryDirectory(prefix="wire-")))
            self._path.chmod(0o700)
            script = self._path / "card.pa"
            parts = [_CARD.format(socket=self._socket)]
            for name, channel in _CHANNELS.items():
                parts.append(_SINK.format(name=name, channel=channel))
                if name.endswith("mouth"):
                    parts.append(_SOURCE.format(name=name, channel=channel))
            script.write_text("".join(parts))
            (self._path / "asoundrc").write_text(_ASOUNDRC.format(socket=self._socket))
            daemon = ["pulseaudio", "-n", "--daemonize=no", "--exit-idle-time=-1", "--use-pid-file=no", "-F", script]
            flags = ["--realtime=no", "--high-priority=no", "--disable-shm=yes", "--log-level=error"]
            environment = {**os.environ, "HOME": str(self._path), "XDG_RUNTIME_DIR": str(self._path)}
            server = starting.enter_context(Program([*map(str, daemon), *flags], self._path / "card.log", environment))
            self._wait_until_ready(server)
            self._running = starting.pop_all()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._running.close()

    @property
    def _socket(self) -> Path:
        return self._path / "card.socket"

    def environment(self, seat: str) -> Mapping[str, str]:
        """What a program's environment needs so that its default devices are a seat's mouth and ear."""
        return {
            "PULSE_SERVER": f"unix:{self._socket}",
            "PULSE_SINK": f"{seat}.ear",
            "PULSE_SOURCE": f"{seat}.mouth.mic",
            "ALSA_CONFIG_PATH": f"/usr/share/alsa/alsa.conf:{self._path / 'asoundrc'}",
        }

    @contextlib.contextmanager
    def speaking(self, seat: str, wav: Path) -> Iterator[None]:
        """Speak a WAV file into a seat's microphone, once, while the block runs."""
        with self._program("paplay", f"--device={seat}.mouth", "--latency-msec=50", str(wav)):
            yield

    @contextlib.contextmanager
    def recording(self) -> Iterator[WireRecording]:
        """Record both mouths and both ears, while the block runs."""
        target = self._path / f"{os.urandom(4).hex()}.raw"
        recording = WireRecording(target)
        layout = ["--raw", f"--rate={RATE}", f"--channels={len(_CHANNELS)}", "--format=s16le", "--no-remix"]
        maps = f"--channel-map={','.join(_CHANNELS.values())}"
        with self._program("parec", "--device=wire.monitor", f"--latency-msec={BLOCK_MS}", maps, *layout, str(target)):
            recording.settle()
            yield recording
        recording.close()

    @contextlib.contextmanager
    def _program(self, *command: str) -> Iterator[None]:
        environment = {**os.environ, "PULSE_SERVER": f"unix:{self._socket}"}
        with Program(command, self._path / f"{command[0]}.log", environment):
            yield

    def _wait_until_ready(self, server: Program) -> None:
        environment = {**os.environ, "PULSE_SERVER": f"unix:{self._socket}"}
        end = time.monotonic() + 10
        while time.monotonic() < end and server.alive:
            asked = subprocess.run(
                ["pactl", "list", "short", "sinks"], env=environment, check=False, capture_output=True, text=True
            )
            if asked.stdout.count(".mouth") == len(SEATS):
                return
            time.sleep(0.05)
        raise StageError(f"the virtual sound card did not start: {server.log.read_text()[-300:]}")
