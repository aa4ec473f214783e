"""Programs that the stage starts: output kept in a file, readiness waited for, stopped by their own id."""

import contextlib
import os
import signal
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import IO, Self


class StageError(Exception):
    """A part of the stage did not come up; the text says which, and where its output is."""


class Program:
    """A child process.

    Args:
        arguments: program and arguments; no shell.
        log: where its standard error goes, and its standard output unless `pipe_output`.
        environment: the whole environment.
        feed: bytes for its standard input, which is then closed; None leaves a pipe open where `pipe_input`.
    """

    def __init__(
        self,
        arguments: Sequence[str],
        log: Path,
        environment: Mapping[str, str] | None = None,
        *,
        feed: bytes | None = None,
        pipe_input: bool = False,
        pipe_output: bool = False,
        pass_fds: Sequence[int] = (),
        cwd: Path | None = None,
    ) -> None:
        self.name = Path(arguments[0]).name
        self.log = log
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("ab") as sink:
            try:
                self.process: subprocess.Popen[bytes] = subprocess.Popen(
                    list(arguments),
                    stdin=subprocess.PIPE if feed is not None or pipe_input else subprocess.DEVNULL,
                    stdout=subprocess.PIPE if pipe_output else sink,
                    stderr=sink,
                    env=dict(environment) if environment is not None else None,
                    pass_fds=tuple(pass_fds),
                    cwd=cwd,
                    start_new_session=True,
                )
            except FileNotFoundError:
                raise StageError(f"{arguments[0]} is not installed; run 'make setup'") from None
        if feed is not None:
            self.stdin.write(feed)
            self.stdin.close()

    @property
    def pid(self) -> int:
        """The process's id."""
        return self.process.pid

    @property
    def stdin(self) -> IO[bytes]:
        """The pipe to its standard input."""
        assert self.process.stdin is not None
        return self.process.stdin

    @property
    def stdout(self) -> IO[bytes]:
        """The pipe from its standard output."""
        assert self.process.stdout is not None
        return self.process.stdout

    @property
    def alive(self) -> bool:
        """Whether it runs."""
        return self.process.poll() is None

    def read_line(self, what: str) -> str:
        """Wait for one line of its output.

        Raises:
            StageError: it ended instead.
        """
        line = self.stdout.readline()
        if not line:
            raise StageError(f"{self.name} ended before it told {what}; its output is in {self.log}")
        return line.decode().strip()

    def finish(self, seconds: float = 10) -> None:
        """Close its standard input and give it time to end by itself."""
        with contextlib.suppress(BrokenPipeError, subprocess.TimeoutExpired):
            self.stdin.close()
            self.process.wait(seconds)

    def kill(self) -> None:
        """End it at once, as a crash would."""
        if self.alive:
            self.process.kill()
        self.process.wait()

    def stop(self, seconds: float = 10) -> None:
        """Ask it and its children to end, and insist if they don't."""
        if self.alive:
            self.process.terminate()
            try:
                self.process.wait(seconds)
            except subprocess.TimeoutExpired:
                # The group has only what this program started.
                os.killpg(self.pid, signal.SIGKILL)
        self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                pipe.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
