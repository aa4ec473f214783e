"""The telephones that ours is measured beside, each as an agent's: behind the same edge, on the same virtual card.

Every one of them has the settings that it comes with, and of ours only what the edge demands:
TLS, mandatory SRTP, Opus.
"""

import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import psutil

from provisioning.edge.credentials import EphemeralCredentials
from tests.stage.baresip import Baresip
from tests.stage.callers import trunk_files
from tests.stage.centre import DOMAIN, Centre
from tests.stage.ports import HOST
from tests.stage.process import Program, StageError

SOUND = "default"
_BUILD = Path(__file__).parents[2] / "installers/pjsua2/build.py"
_BUILD_SECONDS = 900


class Agent(Protocol):
    """A telephone at the agent's seat."""

    name: str
    user: str
    """The user part of its address."""

    def start(self) -> None:
        """Start it; it registers by itself."""

    @property
    def processes(self) -> Sequence[psutil.Process]:
        """All of its processes."""

    def answer(self) -> None:
        """Answer the call that rings."""

    def stop(self) -> None:
        """End it."""


@dataclass(frozen=True)
class Place:
    """Where a peer runs: whose edge, who it is, its folder and its environment."""

    centre: Centre
    user: str
    credentials: EphemeralCredentials
    directory: Path
    environment: Mapping[str, str]

    @property
    def ca(self) -> Path:
        """The authority's certificate."""
        return trunk_files(self.centre)[0]

    def keep(self, name: str, content: str) -> Path:
        """Write a file that only its owner can read: it holds a password."""
        self.directory.mkdir(parents=True, exist_ok=True)
        path = self.directory / name
        path.touch(mode=0o600)
        path.write_text(content)
        return path


class BaresipAgent:
    """baresip, with its own buffers."""

    name = "baresip"

    def __init__(self, place: Place) -> None:
        self.user = place.user
        self._place = place
        self._baresip: Baresip | None = None

    def start(self) -> None:
        """See Agent."""
        place = self._place
        proxy = f"sip:{HOST}:{place.centre.edge_port};transport=tls"
        account = (
            f"<sip:{place.user}@{DOMAIN};transport=tls>;regint=300;auth_user={place.credentials.username}"
            f';auth_pass={place.credentials.password};outbound="{proxy}";mediaenc=srtp-mand;audio_codecs=opus/48000/2'
        )
        self._baresip = Baresip(
            place.directory,
            place.centre,
            place.directory / "baresip.log",
            account=account,
            more=baresip_sound(),
            environment=place.environment,
        )

    @property
    def processes(self) -> Sequence[psutil.Process]:
        """See Agent."""
        assert self._baresip is not None
        return [psutil.Process(self._baresip.pid)]

    def answer(self) -> None:
        """See Agent."""
        assert self._baresip is not None
        self._baresip.order("accept")

    def stop(self) -> None:
        """See Agent."""
        if self._baresip is not None:
            self._baresip.stop()
            self._baresip = None


def baresip_sound() -> str:
    """The lines of baresip's configuration that give it the virtual card."""
    roles = "\n".join(f"audio_{role} alsa,{SOUND}" for role in ("source", "player", "alert"))
    return f"module alsa.so\n{roles}"


class _Typed:
    """A telephone that is worked by lines on its standard input."""

    def __init__(self, place: Place) -> None:
        self.user = place.user
        self._place = place
        self._program: Program | None = None

    def _run(self, *command: str) -> None:
        place = self._place
        log = place.directory / f"{Path(command[0]).name}.log"
        self._program = Program(command, log, place.environment, pipe_input=True)

    @property
    def processes(self) -> Sequence[psutil.Process]:
        """See Agent."""
        assert self._program is not None
        root = psutil.Process(self._program.pid)
        return [root, *root.children(recursive=True)]

    def _type(self, *lines: str) -> None:
        assert self._program is not None
        self._program.stdin.write("".join(f"{line}\n" for line in lines).encode())
        self._program.stdin.flush()

    def stop(self) -> None:
        """See Agent."""
        if self._program is not None:
            self._program.stop(3)
            self._program = None


class LinphoneAgent(_Typed):
    """linphonec, Linphone's command line."""

    name = "linphonec"

    def start(self) -> None:
        """See Agent."""
        settings = self._place.keep("linphonerc", linphone_settings(self._place))
        # It does not make its own folder, and without it, it never comes up.
        (Path(self._place.environment["HOME"]) / ".local/share/linphone").mkdir(parents=True, exist_ok=True)
        self._run("linphonec", "-c", str(settings))

    def answer(self) -> None:
        """See Agent."""
        self._type("answer")


class LinphoneDesktop(_Typed):
    """linphone-desktop, for its start and its memory. It needs a screen."""

    name = "linphone-desktop"

    def start(self) -> None:
        """See Agent."""
        settings = self._place.keep("linphonerc", linphone_settings(self._place))
        (Path(self._place.environment["HOME"]) / ".local/share/linphone").mkdir(parents=True, exist_ok=True)
        self._run("linphone", f"--config={settings}", "--verbose")

    def answer(self) -> None:
        """See Agent. It can't be told to."""
        raise StageError("linphone-desktop answers to its window only")


def linphone_settings(place: Place) -> str:
    """Linphone's configuration file."""
    sound = "ALSA Unknown: default"
    return f"""\
[sip]
sip_port=-1
sip_tcp_port=-1
sip_tls_port=-1
bind_address={HOST}
use_ipv6=0
root_ca={place.ca}
verify_server_certs=1
verify_server_cn=0
media_encryption=srtp
media_encryption_mandatory=1
default_proxy=0

[rtp]
audio_rtp_port=26000-32000

[sound]
playback_dev_id={sound}
capture_dev_id={sound}
ringer_dev_id={sound}

[auth_info_0]
username={place.user}
userid={place.credentials.username}
passwd={place.credentials.password}
realm={DOMAIN}
domain={DOMAIN}

[proxy_0]
reg_proxy=<sip:{HOST}:{place.centre.edge_port};transport=tls>
reg_identity=sip:{place.user}@{DOMAIN}
reg_expires=300
reg_sendregister=1
publish=0

[audio_codec_0]
mime=opus
rate=48000
channels=2
enabled=1
"""


class PjsuaAgent(_Typed):
    """pjsua, PJSIP's own telephone: the bare core that our engine is built on.

    Args:
        place: where it runs.
        program: the built pjsua.
        tuned: whether it gets our clock, echo canceller and device buffers; it has its own otherwise.
    """

    def __init__(self, place: Place, program: Path, *, tuned: bool = False) -> None:
        super().__init__(place)
        self.name = "pjsua tuned as ours" if tuned else "pjsua"
        self._pjsua = program
        self._tuned = tuned

    def start(self) -> None:
        """See Agent."""
        place = self._place
        lines = [
            f"--id sip:{place.user}@{DOMAIN}",
            f"--registrar sip:{DOMAIN};transport=tls",
            f"--proxy sip:{HOST}:{place.centre.edge_port};transport=tls;lr",
            "--realm *",
            f"--username {place.credentials.username}",
            f"--password {place.credentials.password}",
            *("--use-tls", f"--tls-ca-file {place.ca}", "--tls-verify-server", "--no-udp", "--no-tcp"),
            *("--use-srtp=2", "--srtp-secure=1", f"--bound-addr={HOST}", "--rtp-port=24000"),
            *("--add-codec=opus", "--no-color", "--auto-answer=180"),
        ]
        if self._tuned:
            lines += ["--clock-rate=48000", "--ec-opt=4", "--ec-tail=100", "--capture-lat=40", "--playback-lat=40"]
            lines += ["--no-vad"]
        settings = place.keep("pjsua.conf", "\n".join(lines) + "\n")
        self._run(str(self._pjsua), f"--config-file={settings}")

    def answer(self) -> None:
        """See Agent."""
        self._type("a", "200")


def build_pjsua(say: Callable[[str], None]) -> Path:
    """The pjsua program, built once for each recipe and kept in the media core's cache.

    Raises:
        StageError: it can't be built; the text says why.
    """
    say("voice: looking for pjsua (the first time, it is built: three minutes)")
    # The interpreter that the set-up builds the media core for, so that the two share one entry of the cache.
    done = subprocess.run(
        ["/usr/bin/python3", str(_BUILD), "--print-path", "--with-pjsua"],
        check=False,
        capture_output=True,
        text=True,
        timeout=_BUILD_SECONDS,
    )
    if done.returncode != 0:
        raise StageError(f"pjsua could not be built: {done.stderr.strip().splitlines()[-1]}")
    return Path(done.stdout.strip().splitlines()[-1])
