"""The key by which this device signs what it states, where no hardware holds one: the key of the OS key store."""

from typing import Literal

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from provisioning.pki import load_key

_COORDINATE_BYTES = 32


class SoftwareDeviceKey:
    """A `provisioning.device_proof.DeviceKey` in this process's memory, as the key store gave it.

    Args:
        key_pem: the private key, as the key store keeps it.
    """

    def __init__(self, key_pem: bytes) -> None:
        self._key = load_key(key_pem)

    @property
    def public_pem(self) -> str:
        """See DeviceKey."""
        public = self._key.public_key()
        return public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()

    @property
    def storage(self) -> Literal["os-key-store", "hardware"]:
        """See DeviceKey."""
        return "os-key-store"

    def sign(self, message: bytes) -> bytes:
        """See DeviceKey."""
        r, s = decode_dss_signature(self._key.sign(message, ec.ECDSA(SHA256())))
        return r.to_bytes(_COORDINATE_BYTES) + s.to_bytes(_COORDINATE_BYTES)
