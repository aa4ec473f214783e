"""Starting the engine process, and connecting to it."""

import asyncio
import json
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from client.sip.engine.link import same_user
from client.sip.patience import Patience
from client.sip.protocol import MAX_LINE, Hello, encode

COMMAND = (sys.executable, "-m", "client.sip.engine")


class EngineUnreachable(Exception):
    """The engine did not start, or does not let itself be connected to."""


async def launch(
    command: Sequence[str],
    token: str,
    directory: Path,
    patience: Patience = Patience(),  # noqa: B008 - it is frozen.
) -> Process:
    """Start an engine process.

    The token travels through standard input, because others can read a process's arguments and environment. The
    process gets a session of its own, so that what ends the desk does not end a call.

    Raises:
        EngineUnreachable: the program cannot be started.
    """
    try:
        process = await asyncio.create_subprocess_exec(
            *command, stdin=PIPE, stdout=PIPE, stderr=PIPE, start_new_session=sys.platform != "win32"
        )
    except OSError as error:
        raise EngineUnreachable(f"the engine could not be started: {error.strerror}") from error
    stdin = process.stdin
    if stdin is None:
        raise AssertionError
    parameters = {"token": token, "directory": str(directory), "patience": asdict(patience)}
    stdin.write(json.dumps(parameters).encode() + b"\n")
    stdin.close()
    return process


async def address_of(process: Process, seconds: float) -> str:
    """Return the address that an engine announces once it listens.

    Raises:
        EngineUnreachable: it does not within this time, or it ended.
    """
    stdout = process.stdout
    if stdout is None:
        raise AssertionError
    try:
        line = await asyncio.wait_for(stdout.readline(), seconds)
        return str(json.loads(line)["listening"])
    except (TimeoutError, ValueError, KeyError, TypeError) as error:
        raise EngineUnreachable("the engine does not say where it listens") from error


async def connect(address: str, token: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """Connect to an engine and show it the token.

    Raises:
        EngineUnreachable: nobody listens there, or another user's process does.
    """
    kind, _, where = address.partition(":")
    try:
        if kind == "unix":
            reader, writer = await asyncio.open_unix_connection(where, limit=MAX_LINE)
            if not same_user(writer.get_extra_info("socket")):
                writer.close()
                raise EngineUnreachable("the engine's socket belongs to somebody else")
        else:
            host, _, port = where.rpartition(":")
            reader, writer = await asyncio.open_connection(host, int(port), limit=MAX_LINE)
    except (OSError, ValueError) as error:
        raise EngineUnreachable("nobody listens at the engine's address") from error
    writer.write(encode(Hello(token)))
    return reader, writer
