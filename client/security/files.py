"""Files that are either whole or not there, and that nobody else may read."""

import errno
import os
import secrets
from pathlib import Path


class DiskFull(Exception):
    """There is no room for the file; the one that was there before is untouched."""


def private_directory(path: Path) -> Path:
    """Make a directory, and its parents, for this user alone."""
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.chmod(0o700)
    return path


def write_whole(path: Path, content: bytes) -> None:
    """Replace a file so that a reader, or a power cut, sees the old content or the new and nothing between.

    Raises:
        DiskFull: there is no room.
        OSError: any other trouble with the disk.
    """
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
        _sync_directory(path.parent)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            raise DiskFull(f"no room for {path.name}") from error
        raise


def _sync_directory(path: Path) -> None:
    # Windows can't open a directory, and its file systems keep the rename without being asked.
    if os.name == "posix":
        descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
