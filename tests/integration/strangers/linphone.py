"""linphonec (Debian's linphone-cli), a stranger as the customer's telephone: it plays a file and records what it hears.

It is worked by lines on its standard input, and watched by what it prints.
"""

import asyncio
import os
from asyncio.subprocess import PIPE, STDOUT, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from tests.integration.edge.world import DOMAIN, HOST, World
from tests.integration.engine.parts import PATIENCE
from tests.integration.engine.virtual_sound import RATE, Samples
from tests.stage.ports import free_media_range, free_port
from tests.stage.tones import read_wav, tone_share, write_wav

from .tls_leg import TlsLeg

_SETTINGS = """\
[sip]
sip_port=-1
sip_tcp_port={tcp}
sip_tls_port=-1
use_ipv6=0
ipv6_migration_done=1
bind_address=127.0.0.1
root_ca={ca}
verify_server_certs=1
verify_server_cn=0
client_cert_chain={certificate}
client_cert_key={key}
media_encryption={encryption}
media_encryption_mandatory={mandatory}
srtp_crypto_suites={suite}
use_info={info}
use_rfc2833={events}
default_proxy=0
register_only_when_network_is_up=0
keepalive_period=0
[proxy_0]
reg_proxy=<sip:{host}:{port};transport=tls>
reg_route=<sip:{host}:{port};transport=tls;lr>
reg_identity=sip:{number}@{domain}
reg_sendregister=0
publish=0
[rtp]
audio_rtp_port={media}
[net]
mtu=1300
stun_server=
[sound]
echocancellation=0
"""
NUMBER = "13812345678"


class Linphone:
    """A running linphonec."""

    def __init__(self, process: Process, folder: Path) -> None:
        self.output = ""
        self._process = process
        self._folder = folder
        self._changed = asyncio.Condition()
        self._reader = asyncio.create_task(self._read())

    def order(self, command: str) -> None:
        """Give it a command, as at its prompt."""
        assert self._process.stdin is not None
        self._process.stdin.write(command.encode() + b"\n")

    async def says(self, words: str, times: int = 1) -> None:
        """Wait until it has printed these words so many times."""
        try:
            async with asyncio.timeout(PATIENCE), self._changed:
                await self._changed.wait_for(lambda: self.output.count(words) >= times)
        except TimeoutError:
            raise AssertionError(f"linphonec did not say {words!r}; it said:\n{self.output[-4000:]}") from None

    def dial(self, agent: str) -> None:
        """Call an agent."""
        self.order(f"call sip:{agent}@{DOMAIN}")

    async def stop(self) -> None:
        """End it properly, so that its recording is whole."""
        if self._process.returncode is None:
            self.order("quit")
            try:
                await asyncio.wait_for(self._process.wait(), PATIENCE)
            except TimeoutError:
                self._process.kill()
                await self._process.wait()
        await self._reader

    def share_of(self, hertz: float) -> float:
        """How much of what it heard is a tone, from 0 to 1; once it was stopped."""
        samples, rate = read_wav(self._folder / "heard.wav")
        return tone_share(samples, rate, hertz, 20.0)

    @property
    def messages(self) -> str:
        """Its own log, which has every SIP message."""
        return (self._folder / "messages.log").read_text(errors="replace")

    async def _read(self) -> None:
        assert self._process.stdout is not None
        while chunk := await self._process.stdout.read(4096):
            async with self._changed:
                self.output += chunk.decode("utf-8", "replace")
                self._changed.notify_all()


@asynccontextmanager
async def linphone(
    world: World,
    folder: Path,
    speech: Samples,
    *,
    suite: str = "",
    events: bool = True,
    called: bool = False,
) -> AsyncIterator[Linphone]:
    """A linphonec that is ready: with an SRTP suite it insists on SRTP, and it has plain RTP without.

    One that can be `called` waits for calls by TCP, which come through a TLS leg; its own requests it sends by TLS.
    """
    port = free_port()
    place = folder / "linphone"
    # Without a place for its database it starts no transport, and says nothing of it.
    (place / ".local/share/linphone").mkdir(parents=True)
    settings = place / "linphonerc"
    trunk = world.edge.settings.trunk_listen
    settings.touch(0o600)
    settings.write_text(
        _SETTINGS.format(
            ca=world.pki.ca,
            certificate=world.pki.trunk.certificate,
            key=world.pki.trunk.key,
            host=HOST,
            port=trunk.port,
            domain=DOMAIN,
            number=NUMBER,
            encryption="srtp" if suite else "none",
            mandatory=int(bool(suite)),
            suite=suite or "AES_CM_128_HMAC_SHA1_80",
            media=free_media_range()[0],
            events=int(events),
            info=int(not events),
            tcp=port if called else -1,
        )
    )
    write_wav(place / "speech.wav", speech / 32_768, RATE)
    process = await asyncio.create_subprocess_exec(
        "linphonec", "-d", "6", "-l", str(place / "messages.log"),
        "-c", str(settings), stdin=PIPE, stdout=PIPE, stderr=STDOUT, cwd=place,
        env={**os.environ, "HOME": str(place), "ALSA_CONFIG_PATH": os.devnull},
    )  # fmt: skip
    stranger = Linphone(process, place)
    leg = TlsLeg(trunk.port, world.pki.context(world.pki.trunk))
    try:
        await stranger.says("linphonec>")
        stranger.order("soundcard use files")
        stranger.order(f"play {place / 'speech.wav'}")
        stranger.order(f"record {place / 'heard.wav'}")
        if called:
            await leg.dial(port)
        yield stranger
    finally:
        await stranger.stop()
        await leg.close()
