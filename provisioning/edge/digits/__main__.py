"""hearthline-edge-digits: run the digit keeper until it is told to stop."""

import argparse
import asyncio
import contextlib
import random
import resource
import signal
import ssl
import sys
from pathlib import Path

from pydantic import ValidationError
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException

from provisioning.api.edge_control import FromKeeper, to_keeper
from provisioning.edge import ng
from provisioning.edge.digits.config import KeeperConfig
from provisioning.edge.digits.keeper import Keeper
from provisioning.edge.digits.store import CallStore

_FIRST_PAUSE, _LONGEST_PAUSE = 0.2, 10.0
"""Seconds between attempts to reach the server."""
_BACKLOG = 256


class _Tones(asyncio.DatagramProtocol):
    """Where rtpengine's reports arrive."""

    def __init__(self, keeper: Keeper) -> None:
        self._keeper = keeper

    def datagram_received(self, data: bytes, addr: object) -> None:
        """Hand a report on."""
        self._keeper.report(data)


class _ToServer:
    """What waits to be sent, while there is a connection; without one it is forgotten."""

    def __init__(self) -> None:
        self._waiting: asyncio.Queue[FromKeeper] | None = None

    def tell(self, message: FromKeeper) -> None:
        if self._waiting is not None and not self._waiting.full():
            self._waiting.put_nowait(message)

    async def serve(self, socket: ClientConnection, keeper: Keeper) -> None:
        """Send and obey until the connection is gone."""
        waiting = self._waiting = asyncio.Queue(_BACKLOG)

        async def send() -> None:
            while True:
                await socket.send((await waiting.get()).model_dump_json())

        sending = asyncio.create_task(send())
        try:
            async for received in socket:
                with contextlib.suppress(ValidationError):
                    await keeper.obey(to_keeper.validate_json(received))
        finally:
            self._waiting = None
            sending.cancel()
            await asyncio.wait([sending])
            if not sending.cancelled():
                # The reading side hears of a socket that closed.
                sending.exception()


async def run(config: KeeperConfig) -> None:
    """Keep digits until cancelled.

    Raises:
        OSError: the tones' address is taken, or a certificate cannot be read.
    """
    context = ssl.create_default_context(cafile=config.ca)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    context.load_cert_chain(config.client_certificate, config.client_key)
    out = _ToServer()

    def relay(command: str, arguments: dict[str, ng.Value]) -> dict[str, ng.Value]:
        return ng.ask(config.relay_host, config.relay_port, command, **arguments)

    keeper = Keeper(CallStore(config.call_store), relay, out.tell)
    await asyncio.get_running_loop().create_datagram_endpoint(
        lambda: _Tones(keeper), local_addr=(config.tones_host, config.tones_port)
    )
    _say("ready")
    pause, trouble = _FIRST_PAUSE, ""
    while True:
        try:
            async with connect(
                config.server_url, ssl=context, proxy=None, compression=None, open_timeout=5, ping_interval=5,
                ping_timeout=10, close_timeout=2,
            ) as socket:  # fmt: skip
                _say("connected to the server")
                pause, trouble = _FIRST_PAUSE, ""
                await out.serve(socket, keeper)
        except (OSError, TimeoutError, WebSocketException) as fault:
            now = type(fault).__name__
        else:
            now = "it closed the connection"
        if now != trouble:
            _say(f"not connected to the server ({now}); what is sealed stays sealed, and this tries again")
            trouble = now
        await asyncio.sleep(pause * random.uniform(0.5, 1.5))  # noqa: S311 -- not a secret
        pause = min(pause * 2, _LONGEST_PAUSE)


async def _until_told(config: KeeperConfig) -> None:
    running = asyncio.create_task(run(config))
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, running.cancel)
    with contextlib.suppress(asyncio.CancelledError):
        await running


def _say(text: str) -> None:
    sys.stderr.write(f"digits: {text}\n")
    sys.stderr.flush()


def main() -> None:
    """Read the options and run."""
    parser = argparse.ArgumentParser(prog="hearthline-edge-digits", description=__doc__)
    parser.add_argument("--config", type=Path, required=True, help="digits.json, from hearthline-admin edge config")
    path = parser.parse_args().config
    # No digit may end up in a core dump.
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        config = KeeperConfig.model_validate_json(path.read_bytes())
        asyncio.run(_until_told(config))
    except (OSError, ValidationError) as fault:
        reason = fault.strerror if isinstance(fault, OSError) else "it is not what hearthline-admin writes"
        sys.exit(f"digits: cannot run from {path}: {reason}")


if __name__ == "__main__":
    main()
