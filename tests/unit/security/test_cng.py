"""What of the Windows key can be tried without Windows: how its public key is read, and that nobody else has one."""

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from client.security.cng import PlatformCryptoProvider, public_pem
from client.security.device_key import SoftwareDeviceKey
from client.security.hardware import HardwareUnavailable
from client.security.trouble import problem_code
from provisioning import pki


def blob(key: ec.EllipticCurvePrivateKey) -> bytes:
    """A BCRYPT_ECCKEY_BLOB, as bcrypt.h has it."""
    numbers = key.public_key().public_numbers()
    return b"ECS1" + (32).to_bytes(4, "little") + numbers.x.to_bytes(32) + numbers.y.to_bytes(32)


def test_a_public_key_is_read_as_windows_writes_it() -> None:
    key = pki.generate_key()
    assert public_pem(blob(key)) == SoftwareDeviceKey(pki.key_pem(key)).public_pem


@pytest.mark.parametrize("length", [0, 8, 71])
def test_a_blob_that_is_cut_off_is_refused(length: int) -> None:
    with pytest.raises(HardwareUnavailable):
        public_pem(blob(pki.generate_key())[:length])


def test_a_blob_of_another_curve_is_refused() -> None:
    with pytest.raises(HardwareUnavailable):
        public_pem(b"ECS3" + blob(pki.generate_key())[4:])


def test_elsewhere_there_is_no_such_provider() -> None:
    with pytest.raises(HardwareUnavailable) as raised:
        PlatformCryptoProvider().create(bytes(32))
    assert problem_code(raised.value) == "hardware-key-gone"
