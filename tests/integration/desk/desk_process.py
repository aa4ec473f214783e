"""A desk in a process of its own: pickled events come in by standard input, pickled snapshots go out, one a line."""

import asyncio
import base64
import json
import pickle
import sys
from pathlib import Path

from client.app.runtime import Runtime
from client.core.snapshot import DeskSnapshot
from client.security.posture import DeskSeen, Sensor
from tests.integration.desk.willing_line import WillingLine
from tests.stage.home_machine import HomeMachine


class FileKeys:
    """A key store that outlives its process; not a safe one."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def get(self, name: str) -> str | None:
        """See KeyStore."""
        return self._all().get(name)

    def put(self, name: str, secret: str) -> None:
        """See KeyStore."""
        self._path.write_text(json.dumps({**self._all(), name: secret}))

    def delete(self, name: str) -> None:
        """See KeyStore."""
        self._path.write_text(json.dumps({key: value for key, value in self._all().items() if key != name}))

    def _all(self) -> dict[str, str]:
        kept: dict[str, str] = json.loads(self._path.read_text()) if self._path.exists() else {}
        return kept


def show(snapshot: DeskSnapshot) -> None:
    """Write a snapshot."""
    sys.stdout.buffer.write(base64.b64encode(pickle.dumps(snapshot)) + b"\n")
    sys.stdout.buffer.flush()


async def main(directory: Path, keys_file: Path) -> None:
    """Run until standard input ends."""
    sensor = Sensor(lambda: DeskSeen("offscreen"), HomeMachine())
    runtime = Runtime(directory, FileKeys(keys_file), "offscreen", show, WillingLine, sensor=sensor)
    await runtime.start()
    reader = asyncio.StreamReader(limit=1 << 24)
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    while line := await reader.readline():
        runtime.emit(pickle.loads(base64.b64decode(line)))  # noqa: S301 -- from the test that started us
    await runtime.close()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), Path(sys.argv[2])))
