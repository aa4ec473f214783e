"""The operating system's key store: Secret Service on Linux, Credential Manager on Windows, Keychain on macOS."""

import contextlib
from collections.abc import Iterator
from typing import Protocol

import keyring
import keyring.backends.chainer
import keyring.backends.fail
import keyring.backends.null
from keyring.backend import KeyringBackend
from keyring.errors import KeyringError, PasswordDeleteError

_SERVICE = "hearthline"


class KeyStoreUnavailable(Exception):
    """There is no key store that keeps secrets from other users, or it is locked."""


class KeyStore(Protocol):
    """Keeps small secrets under names.

    Every method raises `KeyStoreUnavailable` where the store can't be used.
    """

    def get(self, name: str) -> str | None:
        """Return a secret, or None where there is none of that name."""

    def put(self, name: str, secret: str) -> None:
        """Keep a secret, in place of an earlier one of that name."""

    def delete(self, name: str) -> None:
        """Forget a secret; no error where there is none."""


class SystemKeyStore:
    """The key store of this operating system, through the keyring library.

    Args:
        profile: tells two profiles of one user apart, as for two organisations.
    """

    def __init__(self, profile: str) -> None:
        self._service = f"{_SERVICE}:{profile}"

    def get(self, name: str) -> str | None:
        with _translated():
            return _backend().get_password(self._service, name)

    def put(self, name: str, secret: str) -> None:
        with _translated():
            _backend().set_password(self._service, name, secret)

    def delete(self, name: str) -> None:
        with _translated(), contextlib.suppress(PasswordDeleteError):
            _backend().delete_password(self._service, name)


def _backend() -> KeyringBackend:
    """Return a backend that protects what it keeps.

    The keyring library falls back on backends that keep nothing or fail later; and packages may add one that writes
    plain files. Only the operating systems' own stores are taken.
    """
    backend = keyring.get_keyring()
    candidates = list(backend.backends) if isinstance(backend, keyring.backends.chainer.ChainerBackend) else [backend]
    for candidate in candidates:
        if type(candidate).__module__ in _TRUSTED:
            return candidate
    raise KeyStoreUnavailable("this PC has no key store that the desk trusts")


_TRUSTED = frozenset(
    {
        "keyring.backends.SecretService",
        "keyring.backends.libsecret",
        "keyring.backends.kwallet",
        "keyring.backends.Windows",
        "keyring.backends.macOS",
    }
)


@contextlib.contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except KeyStoreUnavailable:
        raise
    except (KeyringError, RuntimeError, OSError) as error:
        # A backend's own message may quote what it was given, so only its kind is told.
        raise KeyStoreUnavailable(f"the key store answered with {type(error).__name__}") from None
