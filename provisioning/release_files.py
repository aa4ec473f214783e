"""The signed list of the files that a desk's package was released with."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from pydantic import BaseModel, ConfigDict, ValidationError

from provisioning import signing

FILE_NAME = "hearthline-files.jws"
"""Beside the packages in the folder that they are installed in."""
_KIND = "hearthline-files+jws"
_PACKAGES = ("client", "provisioning")
_CODE = frozenset({".py", ".qm", ".so", ".pyd", ".dll", ".dylib"})


class BadRelease(Exception):
    """The list was not signed by a release key, or makes no sense."""


class ReleaseFiles(BaseModel):
    """Names, relative to the folder and with slashes, and the SHA-256 of each."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: str
    files: dict[str, str]


def shipped(root: Path) -> Iterator[str]:
    """Yield the names of the files that run. What Python compiles beside them is left out: it is made on the PC."""
    for package in _PACKAGES:
        for path in sorted((root / package).rglob("*")):
            if path.suffix in _CODE and path.is_file():
                yield path.relative_to(root).as_posix()


def digest(path: Path) -> str:
    """Return the SHA-256 of a file.

    Raises:
        OSError: it can't be read.
    """
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def write_list(root: Path, version: str, key: Ed25519PrivateKey) -> None:
    """List and sign what is in a folder that becomes a package.

    Raises:
        OSError: something in it can't be read, or the list can't be written.
    """
    files = {name: digest(root / name) for name in shipped(root)}
    token = signing.sign(ReleaseFiles(version=version, files=files).model_dump_json().encode(), key, _KIND)
    (root / FILE_NAME).write_text(token, encoding="ascii")


def open_list(token: str, release_keys: tuple[str, ...]) -> ReleaseFiles:
    """Verify and read a list.

    Raises:
        BadRelease: none of the keys signed it, or it is no list.
    """
    try:
        return ReleaseFiles.model_validate_json(signing.verify(token, release_keys, _KIND))
    except (signing.BadSignature, ValidationError) as error:
        raise BadRelease("the list of the desk's files is not one of the organisation's releases") from error
