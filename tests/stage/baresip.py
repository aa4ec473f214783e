"""baresip as the customer's telephone: a stranger to our code, worked through its own control socket (ctrl_tcp)."""

import json
import socket
import time
from pathlib import Path
from typing import Any

from tests.stage.callers import CallPlan, trunk_files
from tests.stage.centre import DOMAIN, Centre
from tests.stage.ports import HOST, free_port
from tests.stage.process import Program, StageError
from tests.stage.tones import read_wav, write_wav

_CONFIG = """\
module_path /usr/lib/baresip/modules
module_tmp account.so
module srtp.so
module opus.so
module aufile.so
module sndfile.so
module_app menu.so
module_app ctrl_tcp.so
ctrl_tcp_listen {host}:{control}
sip_listen {host}:0
sip_certificate {identity}
sip_cafile {ca}
sip_verify_server yes
audio_source aufile,{play}
audio_channels 2
snd_path {recordings}
rtp_ports 33000-39999
"""
_EVENTS = {
    "CALL_OUTGOING": "calling",
    "CALL_RINGING": "ringing",
    "CALL_ESTABLISHED": "confirmed",
    "CALL_RTCP": "media",
    "CALL_CLOSED": "ended",
}


class BaresipCaller:
    """A caller; see tests.stage.callers.Caller. 'media' is told when the first RTCP report shows that sound flows."""

    def __init__(self, centre: Centre, plan: CallPlan, log: Path) -> None:
        directory = plan.record.with_suffix("")
        directory.mkdir(parents=True, exist_ok=True)
        self._recordings = directory / "recordings"
        self._recordings.mkdir(exist_ok=True)
        self._buffer = b""
        control = free_port()
        ca, certificate, key = trunk_files(centre)
        identity = directory / "identity.pem"
        identity.write_bytes(certificate.read_bytes() + key.read_bytes())
        (directory / "config").write_text(
            _CONFIG.format(
                host=HOST, control=control, identity=identity, ca=ca, recordings=self._recordings,
                play=_stereo(plan.play, directory / "play.wav"),
            )
        )  # fmt: skip
        proxy = f"sip:{HOST}:{centre.trunk_port};transport=tls"
        (directory / "accounts").write_text(
            f'<sip:{plan.caller}@{DOMAIN};transport=tls>;regint=0;outbound="{proxy}";mediaenc=srtp-mand'
            ";audio_codecs=opus/48000/2\n"
        )
        self._program = Program(["baresip", "-f", str(directory)], log, None, pipe_input=True)
        self._socket = self._connect(control, log)
        self._send("dial", f"sip:{plan.agent}@{DOMAIN}")

    @property
    def recording(self) -> Path:
        """See Caller."""
        for path in sorted(self._recordings.glob("*dec*.wav")):
            return path
        raise StageError(f"baresip recorded nothing; its output is in {self._program.log}")

    def wait(self, event: str, seconds: float = 20) -> float:
        """See Caller."""
        end = time.monotonic() + seconds
        while True:
            message = self._receive(end)
            told = _EVENTS.get(message.get("type", "")) if message.get("event") else None
            if told == event:
                return time.monotonic()
            if told == "ended":
                raise StageError(f"baresip's call ended before '{event}': {message.get('param', '')}")

    def hang_up(self) -> None:
        """See Caller."""
        self._send("hangup", "")

    def stop(self) -> None:
        """See Caller."""
        self._socket.close()
        self._program.stop()

    def _connect(self, port: int, log: Path) -> socket.socket:
        end = time.monotonic() + 20
        while time.monotonic() < end and self._program.alive:
            try:
                return socket.create_connection((HOST, port), timeout=1)
            except OSError:
                # It says nothing when it listens, so it is tried again until it does.
                time.sleep(0.05)
        raise StageError(f"baresip did not start; its output is in {log}")

    def _send(self, command: str, params: str) -> None:
        body = json.dumps({"command": command, "params": params, "token": command}).encode()
        # Netstrings frame the messages in both directions.
        self._socket.sendall(b"%d:%s," % (len(body), body))

    def _receive(self, end: float) -> dict[str, Any]:
        while True:
            length, colon, rest = self._buffer.partition(b":")
            if colon and len(rest) > int(length):
                body, self._buffer = rest[: int(length)], rest[int(length) + 1 :]
                message = json.loads(body)
                assert isinstance(message, dict)
                return message
            left = end - time.monotonic()
            if left <= 0:
                raise StageError("baresip told nothing more in time")
            self._socket.settimeout(left)
            try:
                more = self._socket.recv(65536)
            except TimeoutError:
                continue
            if not more:
                raise StageError("baresip closed its control socket")
            self._buffer += more


def _stereo(source: Path, target: Path) -> Path:
    """baresip plays a file only with the channels of its codec, and its Opus has two."""
    samples, rate = read_wav(source)
    return write_wav(target, samples, rate, channels=2)
