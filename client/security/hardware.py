"""What can hold a device's key so that it cannot leave: a TPM 2.0 on Linux, the Platform Crypto Provider on Windows."""

import sys
from typing import Protocol, runtime_checkable

from provisioning.device_proof import DeviceKey


class HardwareUnavailable(Exception):
    """There is no such hardware, this person may not use it, or it does not have the key any more."""


class HardwareKey(DeviceKey, Protocol):
    """A device key in hardware."""

    @property
    def handle(self) -> str:
        """What finds the key again, with the secret that it was made with, in this hardware and no other."""


class Hardware(Protocol):
    """Makes and finds keys. Every method blocks, for up to a second, and raises `HardwareUnavailable`."""

    def create(self, secret: bytes) -> HardwareKey:
        """Make a key on P-256 that signs and never leaves.

        Args:
            secret: 32 bytes, without which the key does not sign; they are for the OS key store.
        """

    def find(self, handle: str, secret: bytes) -> HardwareKey:
        """Return a key that was made earlier. Whether it still signs is found out by signing."""

    def forget(self, handle: str) -> None:
        """Make sure that a key never signs again; no error where it is gone."""


@runtime_checkable
class ProvableKey(Protocol):
    """A key whose hardware can prove to somebody else that it holds it (TPM 2.0: credential activation)."""

    @property
    def public_area(self) -> bytes:
        """The key as the hardware describes it (TPMT_PUBLIC)."""

    def endorsement_certificate(self) -> bytes | None:
        """The certificate (DER) that the hardware's maker gave it, or None."""

    def activate(self, blob: bytes, encrypted_secret: bytes) -> bytes:
        """Return what is inside a challenge. Blocks, and raises `HardwareUnavailable` where it is not for this key."""


def hardware_of_this_pc() -> Hardware | None:
    """Return what this PC has, or None; whether it works is found out by making a key."""
    found: Hardware | None = None
    if sys.platform == "linux":
        from client.security.tpm import resource_manager  # noqa: PLC0415 -- a Linux library

        found = resource_manager()
    if sys.platform == "win32":
        from client.security.cng import PlatformCryptoProvider  # noqa: PLC0415 -- a Windows library

        found = PlatformCryptoProvider()
    return found
