"""Everything that crosses the loopback interface while the story runs, in a pcap file."""

from pathlib import Path
from types import TracebackType
from typing import Self

from tests.stage.process import Program, StageError


class Capture:
    """A running tcpdump.

    Args:
        path: the pcap file.
        expression: which packets (pcap-filter(7)); everything by default.
    """

    def __init__(self, path: Path, expression: str = "") -> None:
        self.path = path
        self._expression = expression
        self._tcpdump: Program | None = None

    def start(self) -> None:
        """Begin; returns when packets are being taken.

        Raises:
            StageError: this user may not capture, or tcpdump is missing.
        """
        arguments = [
            "tcpdump",
            "-i",
            "lo",
            "-U",
            "--immediate-mode",
            "-B",
            "65536",
            "-s",
            "0",
            "-w",
            str(self.path),
            "-Z",
            "root",
        ]
        self._tcpdump = Program(
            ["sh", "-c", 'exec "$@" 2>&1', "tcpdump", *arguments, self._expression],
            self.path.with_suffix(".log"),
            pipe_output=True,
        )
        line = ""
        while "listening on" not in line:
            try:
                line = self._tcpdump.read_line("that it listens")
            except StageError:
                raise StageError("tcpdump could not capture on the loopback interface; run as root") from None

    def stop(self) -> None:
        """End, with every packet so far in the file."""
        if self._tcpdump is not None:
            self._tcpdump.stop()
            self._tcpdump = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
