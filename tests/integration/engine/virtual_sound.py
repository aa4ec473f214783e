"""A sound card made of nothing: a private PulseAudio with a headset to listen at, a microphone to speak into, and a
loudspeaker on the desk.

It needs no sound card, no session and no screen, and works as root in a container. Programs that use ALSA reach it
through the environment that `environment` returns: their default device plays into the headset and records from the
microphone; `loudspeaker` plays, and records nothing. Debian's packages: pulseaudio, pulseaudio-utils,
libasound2-plugins.

    with VirtualSound() as sound:
        start_something(env={**os.environ, **sound.environment})
        with sound.record_headset() as recording:
            sound.play_into_mic(samples)
        print(recording.samples)
"""

import os
import subprocess
import tempfile
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

import numpy as np
from numpy.typing import NDArray

RATE = 48_000
Samples = NDArray[np.int16]

_CONFIGURATION = f"""
load-module module-native-protocol-unix auth-anonymous=1 socket={{socket}}
load-module module-null-sink sink_name=headset rate={RATE} channels=2 format=s16le norewinds=1
load-module module-null-sink sink_name=desk rate={RATE} channels=1 format=s16le norewinds=1
load-module module-null-sink sink_name=mic rate={RATE} channels=1 format=s16le norewinds=1
set-default-sink headset
set-default-source mic.monitor
"""

_ASOUNDRC = """
pcm.hearthline {{
    type pulse
    server "unix:{socket}"
    hint {{ show on description "Hearthline virtual headset" }}
}}
pcm.loudspeaker {{
    type asym
    playback.pcm {{ type pulse server "unix:{socket}" device "desk" }}
    hint {{ show on description "Hearthline virtual loudspeaker" }}
}}
pcm.!default {{
    type pulse
    server "unix:{socket}"
    hint {{ show on description "Default" }}
}}
ctl.!default {{ type pulse server "unix:{socket}" }}
"""

_START_SECONDS = 10
_CHUNK = 960  # bytes: a hundredth of a second of one channel


class Recording:
    """What a recording heard; complete once its `with` block is left."""

    def __init__(self, stream: IO[bytes]) -> None:
        self.samples: Samples = np.zeros(0, dtype=np.int16)
        self._stream = stream
        self._heard = bytearray()
        self._news = threading.Condition()
        self._ended = False
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def length(self) -> int:
        """How many samples were heard so far."""
        return len(self._heard) // 2

    def wait_for(self, samples: int) -> None:
        """Return when so many samples have been heard, or the recording has ended."""
        with self._news:
            self._news.wait_for(lambda: self._ended or self.length() >= samples)

    def finish(self) -> None:
        """Take what was heard; the stream has ended."""
        self._reader.join()
        self._stream.close()
        whole = len(self._heard) // 2 * 2
        self.samples = np.frombuffer(bytes(self._heard[:whole]), dtype="<i2").astype(np.int16)

    def _read(self) -> None:
        while chunk := self._stream.read(_CHUNK):
            with self._news:
                self._heard += chunk
                self._news.notify_all()
        with self._news:
            self._ended = True
            self._news.notify_all()


class VirtualSound:
    """The card. One instance is one machine's sound; any number can run side by side."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="sound-")
        self._path = Path(self._folder.name)
        self._socket = self._path / "card.socket"
        self._server: subprocess.Popen[bytes] | None = None

    @property
    def environment(self) -> Mapping[str, str]:
        """What a program's environment needs so that its sound goes here."""
        return {
            "PULSE_SERVER": f"unix:{self._socket}",
            "PULSE_RUNTIME_PATH": str(self._path),
            "XDG_RUNTIME_DIR": str(self._path),
            "ALSA_CONFIG_PATH": f"/usr/share/alsa/alsa.conf:{self._path / 'asoundrc'}",
        }

    def environment_with_default_of(self, other: "VirtualSound") -> Mapping[str, str]:
        """A program's environment in which this card is named `hearthline`, and the other one is the default."""
        # Debian's configuration makes PULSE_SERVER the default; the name stays with our own file.
        return {**self.environment, "PULSE_SERVER": other.environment["PULSE_SERVER"]}

    def start(self) -> None:
        """Start the card, and return when it is ready.

        Raises:
            RuntimeError: PulseAudio is missing or does not start.
        """
        self._path.chmod(0o700)
        script = self._path / "headset.pa"
        script.write_text(_CONFIGURATION.format(socket=self._socket))
        (self._path / "asoundrc").write_text(_ASOUNDRC.format(socket=self._socket))
        command = ["pulseaudio", "-n", "--daemonize=no", "--exit-idle-time=-1", "--use-pid-file=no", "-F", str(script)]
        # It warns about running as root, each time.
        self._server = subprocess.Popen(
            [*command, "--realtime=no", "--high-priority=no", "--disable-shm=yes", "--log-level=error"],
            env={**os.environ, "HOME": str(self._path), "XDG_RUNTIME_DIR": str(self._path)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self._wait_until_ready(self._server)

    def stop(self) -> None:
        """Stop the card. Programs that still use it see their devices vanish, as when a headset is pulled."""
        if self._server is not None:
            self._server.terminate()
            self._server.wait()
            self._server = None

    def close(self) -> None:
        """Stop the card and remove its files."""
        self.stop()
        self._folder.cleanup()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def play_into_mic(self, samples: Samples) -> None:
        """Speak into the microphone: 16 bit mono samples at 48 kHz. Returns when they have been played."""
        self._run(
            "pacat", "--playback", "--device=mic", "--latency-msec=50", *_FORMAT, input=samples.astype("<i2").tobytes()
        )

    @contextmanager
    def speaking(self, wav: Path) -> Iterator[None]:
        """Speak a WAV file into the microphone, once, while the block runs."""
        with self._running("paplay", "--device=mic", "--latency-msec=50", str(wav)):
            yield

    def wait_for_listeners(self, number: int) -> None:
        """Return when this many programs have the microphone open. Waits for ever when that never comes about."""
        events = ["pactl", "subscribe"]
        environment = {**os.environ, **self.environment}
        with subprocess.Popen(events, env=environment, stdout=subprocess.PIPE) as subscription:
            # Subscribed first and counted then: no change falls between the two.
            while self._listeners() != number and subscription.stdout is not None:
                subscription.stdout.readline()
            subscription.terminate()

    def _listeners(self) -> int:
        return len(self._run("pactl", "list", "short", "source-outputs").stdout.splitlines())

    @contextmanager
    def record_headset(self) -> Iterator[Recording]:
        """Record what the headset plays, while the block runs."""
        yield from self._record("headset.monitor")

    @contextmanager
    def record_ears(self) -> Iterator[Recording]:
        """Record what the headset plays, while the block runs: left and right by turns, as in `samples[0::2]`."""
        yield from self._record("headset.monitor", channels=2)

    @contextmanager
    def record_loudspeaker(self) -> Iterator[Recording]:
        """Record what the loudspeaker plays, while the block runs."""
        yield from self._record("desk.monitor")

    @contextmanager
    def record_mic(self) -> Iterator[Recording]:
        """Record what the microphone hears, while the block runs."""
        yield from self._record("mic.monitor")

    def _record(self, source: str, channels: int = 1) -> Iterator[Recording]:
        form = ("--raw", f"--rate={RATE}", f"--channels={channels}", "--format=s16le")
        with self._running(
            "parec", f"--device={source}", "--latency-msec=20", *form, stdout=subprocess.PIPE
        ) as process:
            if process.stdout is None:
                raise AssertionError
            recording = Recording(process.stdout)
            try:
                yield recording
            finally:
                process.terminate()
                recording.finish()

    @contextmanager
    def _running(self, *command: str, stdout: int | None = None) -> Iterator["subprocess.Popen[bytes]"]:
        process = subprocess.Popen(
            command, env={**os.environ, **self.environment}, stdout=stdout, stderr=subprocess.DEVNULL
        )
        try:
            yield process
        finally:
            process.terminate()
            process.wait()

    def _run(self, *command: str, **options: Any) -> "subprocess.CompletedProcess[bytes]":
        return subprocess.run(
            command, env={**os.environ, **self.environment}, check=True, capture_output=True, **options
        )

    def _wait_until_ready(self, server: subprocess.Popen[bytes]) -> None:
        """Ask the server until it answers; `pactl` waits for the connection by itself, but not for the socket."""
        for _ in range(_START_SECONDS * 20):
            if server.poll() is not None:
                raise RuntimeError(f"pulseaudio ended with status {server.returncode}")
            try:
                self._run("pactl", "get-default-source", timeout=_START_SECONDS)
            except subprocess.CalledProcessError:
                server_is_up = _pause_for(server)
                if server_is_up:
                    continue
            else:
                return
        raise RuntimeError("pulseaudio did not become ready")


_FORMAT = ("--raw", f"--rate={RATE}", "--channels=1", "--format=s16le")


def _pause_for(server: subprocess.Popen[bytes]) -> bool:
    """Give the server 50 ms; whether it still runs."""
    try:
        server.wait(0.05)
    except subprocess.TimeoutExpired:
        return True
    return False


def tone(hertz: float, seconds: float, amplitude: float = 0.4) -> Samples:
    """Return a sine tone in bursts, 150 ms on and 100 ms off, as syllables are.

    Noise suppressors take a lasting tone for noise, and remove it within half a second.
    """
    time = np.arange(int(RATE * seconds)) / RATE
    bursts = np.sqrt(np.clip(np.sin(np.pi * (time % 0.25) / 0.15), 0.0, None)) * (time % 0.25 < 0.15)
    return np.asarray(np.sin(2 * np.pi * hertz * time) * bursts * amplitude * 32_767, dtype=np.int16)


def tone_share(samples: Samples, hertz: float) -> float:
    """Return how much of a signal's energy lies within 20 Hz of a frequency, from 0 to 1."""
    if not samples.size:
        return 0.0
    spectrum = np.abs(np.fft.rfft(samples.astype(np.float64) * np.hanning(samples.size))) ** 2
    frequencies = np.fft.rfftfreq(samples.size, 1 / RATE)
    spectrum[frequencies < 50] = 0.0
    total = float(spectrum.sum())
    return float(spectrum[np.abs(frequencies - hertz) <= 20].sum()) / total if total else 0.0
