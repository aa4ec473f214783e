"""A real coturn, started with the edge's own configuration, for tests and the demo. Free of pytest."""

import contextlib
import subprocess
from pathlib import Path
from types import TracebackType
from typing import Self

from provisioning.edge.turn import TurnSettings, write
from tests.integration.turn.turn_client import NoAnswer, TurnClient
from tests.stage.process import Program, StageError

_ATTEMPTS = 300
_ASK_AGAIN_SECONDS = 0.1


class TurnProcess:
    """Starts in `start`, which returns when it answers; ends in `stop`.

    Args:
        settings: what turnserver.conf is made from.
        directory: where turnserver.conf goes.
    """

    def __init__(self, settings: TurnSettings, directory: Path) -> None:
        self.settings = settings
        self._directory = directory
        self._program: Program | None = None

    @property
    def address(self) -> tuple[str, int]:
        """Where it takes UDP and TCP."""
        return self.settings.listen.host, self.settings.listen.port

    @property
    def pid(self) -> int:
        """The process's id."""
        assert self._program is not None
        return self._program.pid

    @property
    def log(self) -> str:
        """What it has written."""
        logs = (self.settings.run_directory / "turnserver.log", self._directory / "turnserver.out")
        return "".join(log.read_text(encoding="utf-8", errors="replace") for log in logs if log.exists())

    def start(self) -> None:
        """Start it and wait until it answers.

        Raises:
            StageError: it does not.
        """
        configuration = write(self.settings, self._directory)
        self._program = Program(["turnserver", "-c", str(configuration)], self._directory / "turnserver.out")
        with TurnClient(self.address) as client:
            for _ in range(_ATTEMPTS):
                with contextlib.suppress(NoAnswer):
                    client.binding()
                    return
                with contextlib.suppress(subprocess.TimeoutExpired):
                    # Only its end is worth waiting for here; until then, it is asked again.
                    self._program.process.wait(_ASK_AGAIN_SECONDS)
                    break
        self.stop()
        raise StageError(f"turnserver does not answer; it wrote:\n{self.log}")

    def stop(self) -> None:
        """End it."""
        if self._program is not None:
            self._program.stop()
            self._program = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
