"""Whether the desk's own files are those that were released.

A desk that was changed could leave this out; it is found by what its maker did not expect: a file that was exchanged, a
module that was added. The signature keeps whoever changes files from writing a list that fits.
"""

from pathlib import Path
from typing import Literal

from provisioning.release_files import FILE_NAME, BadRelease, digest, open_list, shipped

Integrity = Literal["whole", "changed", "unknown"]
_Stamp = tuple[int, int, int]


class Installation:
    """The folder that holds the desk's packages, and what is known of its files.

    Args:
        root: the folder with `client` and `provisioning` in it.
    """

    def __init__(self, root: Path | None = None) -> None:
        self._root = root or Path(__file__).parents[3]
        self._digests: dict[str, tuple[_Stamp, str]] = {}

    def check(self, release_keys: tuple[str, ...]) -> Integrity:
        """Compare the files with the signed list. Files that have not been touched since the last time are not read.

        Args:
            release_keys: who may sign the list, from the manifest.
        """
        try:
            token = (self._root / FILE_NAME).read_text(encoding="ascii")
        except (OSError, UnicodeDecodeError):
            # Run from source, or from a package of before there was a list.
            return "unknown"
        if not release_keys:
            return "unknown"
        try:
            released = open_list(token, release_keys)
        except BadRelease:
            return "changed"
        try:
            present = {name: self._digest(name) for name in shipped(self._root)}
        except OSError:
            return "changed"
        return "whole" if present == dict(released.files) else "changed"

    def _digest(self, name: str) -> str:
        path = self._root / name
        status = path.stat()
        stamp = status.st_mtime_ns, status.st_size, status.st_ctime_ns
        known = self._digests.get(name)
        if known is None or known[0] != stamp:
            known = self._digests[name] = stamp, digest(path)
        return known[1]
