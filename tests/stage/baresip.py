"""baresip, a stranger to our code: as the customer's telephone, and as an agent's to compare ours with.

It is worked through its own control socket (module ctrl_tcp: JSON in netstrings).
"""

import json
import socket
import time
from collections.abc import Mapping
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
module g711.so
module_app menu.so
module_app ctrl_tcp.so
ctrl_tcp_listen {host}:{control}
sip_listen {host}:0
sip_cafile {ca}
sip_verify_server yes
rtp_ports {ports}
{more}
"""
MEDIA_PORTS = "33000-39999"
OWN_PLAIN_PACKETS = f"(udp src portrange {MEDIA_PORTS}) or icmp"
"""baresip 1.0 ends a call's SRTP and then says goodbye in plain RTCP, with its own number as CNAME (RFC 3550, 6.5.1).
It says so to the edge, on the contact centre's side; this filter names those packets, and the answers that quote them.
"""
_EVENTS = {
    "REGISTER_OK": "registered",
    "CALL_INCOMING": "incoming",
    "CALL_OUTGOING": "calling",
    "CALL_RINGING": "ringing",
    "CALL_ESTABLISHED": "confirmed",
    "CALL_RTCP": "media",
    "CALL_CLOSED": "ended",
}


class Baresip:
    """A running baresip with one account.

    Args:
        directory: its configuration.
        centre: whose edge it talks to.
        log: where its output goes.
        account: the line of its accounts file.
        more: further lines of its configuration.
        environment: its environment, such as that of a virtual sound card; this process's own by default.
        control_port: where it is worked; 0 takes a free one.
    """

    def __init__(
        self,
        directory: Path,
        centre: Centre,
        log: Path,
        *,
        account: str,
        more: str,
        environment: Mapping[str, str] | None = None,
        control_port: int = 0,
    ) -> None:
        directory.mkdir(parents=True, exist_ok=True)
        control = control_port or free_port()
        (directory / "config").write_text(
            _CONFIG.format(host=HOST, control=control, ca=trunk_files(centre)[0], ports=MEDIA_PORTS, more=more)
        )
        accounts = directory / "accounts"
        accounts.touch(0o600)
        accounts.write_text(account + "\n")
        self._buffer = b""
        self.started_at = time.monotonic()
        self._program = Program(["baresip", "-f", str(directory)], log, environment, pipe_input=True)
        self._socket = self._connect(control)

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._program.pid

    def order(self, command: str, params: str = "") -> None:
        """Give it one of the commands of its menu."""
        body = json.dumps({"command": command, "params": params, "token": command}).encode()
        self._socket.sendall(b"%d:%s," % (len(body), body))

    def wait(self, event: str, seconds: float = 20) -> float:
        """Wait for an event and return its time on the monotonic clock.

        Raises:
            StageError: the call ended, or the time is over, before it happened.
        """
        end = time.monotonic() + seconds
        while True:
            message = self._receive(end)
            told = _EVENTS.get(message.get("type", "")) if message.get("event") else None
            if told == event:
                return time.monotonic()
            if told == "ended":
                raise StageError(f"baresip's call ended before '{event}': {message.get('param', '')}")

    def stop(self) -> None:
        """End it."""
        self._socket.close()
        self._program.stop()

    def _connect(self, port: int) -> socket.socket:
        end = time.monotonic() + 20
        while time.monotonic() < end and self._program.alive:
            try:
                return socket.create_connection((HOST, port), timeout=1)
            except OSError:
                # It says nothing when it listens, so it is tried again until it does.
                time.sleep(0.01)
        raise StageError(f"baresip did not start; its output is in {self._program.log}")

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
                raise StageError(f"baresip told nothing more in time; its output is in {self._program.log}")
            self._socket.settimeout(left)
            try:
                more = self._socket.recv(65536)
            except TimeoutError:
                continue
            if not more:
                raise StageError("baresip closed its control socket")
            self._buffer += more


class BaresipCaller:
    """A caller; see tests.stage.callers.Caller. 'media' is told when the first RTCP report shows that sound flows."""

    def __init__(self, centre: Centre, plan: CallPlan, log: Path) -> None:
        directory = plan.record.with_suffix("")
        self._recordings = directory / "recordings"
        self._recordings.mkdir(parents=True, exist_ok=True)
        _ca, certificate, key = trunk_files(centre)
        identity = directory / "identity.pem"
        identity.touch(0o600)
        identity.write_bytes(certificate.read_bytes() + key.read_bytes())
        play = _stereo(plan.play, directory / "play.wav")
        proxy = f"sip:{HOST}:{centre.trunk_port};transport=tls"
        self._baresip = Baresip(
            directory,
            centre,
            log,
            account=f'<sip:{plan.caller}@{DOMAIN};transport=tls>;regint=0;outbound="{proxy}";mediaenc=srtp-mand'
            ";audio_codecs=opus/48000/2",
            more="module aufile.so\nmodule sndfile.so\n"
            f"sip_certificate {identity}\naudio_source aufile,{play}\naudio_channels 2\nsnd_path {self._recordings}",
            control_port=plan.control_port,
        )
        self._log = log
        self._baresip.order("dial", f"sip:{plan.agent}@{DOMAIN}")

    @property
    def recording(self) -> Path:
        """See Caller."""
        for path in sorted(self._recordings.glob("*dec*.wav")):
            return path
        raise StageError(f"baresip recorded nothing; its output is in {self._log}")

    def wait(self, event: str, seconds: float = 20) -> float:
        """See Caller."""
        return self._baresip.wait(event, seconds)

    def hang_up(self) -> None:
        """See Caller."""
        self._baresip.order("hangup")

    def stop(self) -> None:
        """See Caller."""
        self._baresip.stop()


def _stereo(source: Path, target: Path) -> Path:
    """baresip plays a file only with the channels of its codec, and its Opus has two."""
    samples, rate = read_wav(source)
    return write_wav(target, samples, rate, channels=2)
