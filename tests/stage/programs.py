"""Programs that a home should not run beside the desk, in name only: each of them sleeps."""

import contextlib
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path


@contextlib.contextmanager
def running_as(name: str, directory: Path, *arguments: str) -> Iterator[subprocess.Popen[bytes]]:
    """Run a program of this name until the block ends.

    Args:
        name: what the process is called.
        directory: where its file is put.
        arguments: what it seems to have been told, beside how long to sleep.
    """
    file = directory / name
    directory.mkdir(parents=True, exist_ok=True)
    shell = shutil.which("sh")
    sleep = shutil.which("sleep")
    assert shell is not None
    assert sleep is not None
    if arguments:
        # A shell takes arguments that it does not understand, and waits for what never comes.
        shutil.copy(shell, file)
        command = [str(file), "-c", "read line", *arguments]
    else:
        shutil.copy(sleep, file)
        command = [str(file), "600"]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.kill()
        process.communicate()
