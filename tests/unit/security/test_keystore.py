"""Only the operating system's own key stores are taken."""

import keyring
import pytest
from keyring.backend import KeyringBackend

from client.security.keystore import KeyStoreUnavailable, SystemKeyStore


class PlainFile(KeyringBackend):
    """As some package could bring along: it would write secrets in clear."""

    def get_password(self, service: str, username: str) -> str | None:
        raise AssertionError("was asked")

    def set_password(self, service: str, username: str, password: str) -> None:
        raise AssertionError("was given a secret")


def test_a_backend_of_some_other_package_is_never_given_a_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keyring, "get_keyring", PlainFile)
    store = SystemKeyStore("default")
    with pytest.raises(KeyStoreUnavailable):
        store.put("device-key", "secret")
    with pytest.raises(KeyStoreUnavailable):
        store.get("device-key")
