"""The device key in a Windows PC's TPM, through CNG (ncrypt.h): the Platform Crypto Provider, and no other.

The key is made in the provider, without an export policy, and persists there under a name of its own. Signing needs no
secret of ours: Windows ties a key of this provider to the user who made it (NCRYPT_MACHINE_KEY_FLAG is not set).
"""

import ctypes
import secrets
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Literal

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256, Hash
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from client.security.hardware import HardwareUnavailable

_PREFIX = "cng:"
_PROVIDER = "Microsoft Platform Crypto Provider"
_ALGORITHM = "ECDSA_P256"
_PUBLIC_BLOB = "ECCPUBLICBLOB"
_PUBLIC_MAGIC = b"ECS1"  # BCRYPT_ECDSA_PUBLIC_P256_MAGIC, little endian
_COORDINATE_BYTES = 32
_BLOB_HEADER = 8
_SILENT = 0x40  # NCRYPT_SILENT_FLAG: never a dialog, which nobody could answer from a background thread.
_NTE_BAD_KEYSET = 0x80090016
_SIGNATURE_BYTES = 2 * _COORDINATE_BYTES

_HANDLE, _TEXT, _DWORD, _BYTES = ctypes.c_void_p, ctypes.c_wchar_p, ctypes.c_ulong, ctypes.c_char_p
_NEW_HANDLE, _SIZE = ctypes.POINTER(ctypes.c_void_p), ctypes.POINTER(ctypes.c_ulong)
_SIGNATURES = {
    "NCryptOpenStorageProvider": (_NEW_HANDLE, _TEXT, _DWORD),
    "NCryptCreatePersistedKey": (_HANDLE, _NEW_HANDLE, _TEXT, _TEXT, _DWORD, _DWORD),
    "NCryptFinalizeKey": (_HANDLE, _DWORD),
    "NCryptOpenKey": (_HANDLE, _NEW_HANDLE, _TEXT, _DWORD, _DWORD),
    "NCryptDeleteKey": (_HANDLE, _DWORD),
    "NCryptExportKey": (_HANDLE, _HANDLE, _TEXT, _HANDLE, _BYTES, _DWORD, _SIZE, _DWORD),
    "NCryptSignHash": (_HANDLE, _HANDLE, _BYTES, _DWORD, _BYTES, _DWORD, _SIZE, _DWORD),
    "NCryptFreeObject": (_HANDLE,),
}


class PlatformCryptoProvider:
    """See `Hardware`."""

    def create(self, secret: bytes) -> "CngDeviceKey":
        """See Hardware."""
        name = f"hearthline-{secrets.token_hex(8)}"
        with _provider() as provider:
            key = ctypes.c_void_p()
            _check(_ncrypt().NCryptCreatePersistedKey(provider, ctypes.byref(key), _ALGORITHM, name, 0, 0))
            with _freed(key):
                # The default export policy of this provider is none at all; nothing here opens it.
                _check(_ncrypt().NCryptFinalizeKey(key, _SILENT))
        return CngDeviceKey(_PREFIX + name)

    def find(self, handle: str, secret: bytes) -> "CngDeviceKey":
        """See Hardware."""
        return CngDeviceKey(handle)

    def forget(self, handle: str) -> None:
        """See Hardware."""
        with _provider() as provider:
            key = ctypes.c_void_p()
            status = _ncrypt().NCryptOpenKey(provider, ctypes.byref(key), handle.removeprefix(_PREFIX), 0, _SILENT)
            if status & 0xFFFFFFFF == _NTE_BAD_KEYSET:
                return
            _check(status)
            # Frees the handle as well, unless it fails.
            _check(_ncrypt().NCryptDeleteKey(key, _SILENT))


class CngDeviceKey:
    """A device key in the Platform Crypto Provider; see `HardwareKey`."""

    def __init__(self, handle: str) -> None:
        self._handle = handle

    @property
    def handle(self) -> str:
        """See HardwareKey."""
        return self._handle

    @property
    def storage(self) -> Literal["os-key-store", "hardware"]:
        """See DeviceKey."""
        return "hardware"

    @property
    def public_pem(self) -> str:
        """See DeviceKey."""
        with self._open() as key:
            blob = ctypes.create_string_buffer(_BLOB_HEADER + 2 * _COORDINATE_BYTES)
            size = ctypes.c_ulong()
            _check(
                _ncrypt().NCryptExportKey(key, None, _PUBLIC_BLOB, None, blob, len(blob), ctypes.byref(size), _SILENT)
            )
        return public_pem(blob.raw[: size.value])

    def sign(self, message: bytes) -> bytes:
        """See DeviceKey. CNG's ECDSA signature is r and s as JWS wants them.

        Raises:
            HardwareUnavailable: the TPM was cleared, or is not there.
        """
        digest = Hash(SHA256())
        digest.update(message)
        hashed = digest.finalize()
        with self._open() as key:
            signature = ctypes.create_string_buffer(_SIGNATURE_BYTES)
            size = ctypes.c_ulong()
            _check(
                _ncrypt().NCryptSignHash(
                    key, None, hashed, len(hashed), signature, len(signature), ctypes.byref(size), _SILENT
                )
            )
        if size.value != _SIGNATURE_BYTES:
            raise HardwareUnavailable("the key store made a signature of another length")
        return signature.raw

    @contextmanager
    def _open(self) -> Iterator[ctypes.c_void_p]:
        name = self._handle.removeprefix(_PREFIX)
        with _provider() as provider:
            key = ctypes.c_void_p()
            _check(_ncrypt().NCryptOpenKey(provider, ctypes.byref(key), name, 0, _SILENT))
            with _freed(key):
                yield key


def public_pem(blob: bytes) -> str:
    """Return the public key in a BCRYPT_ECCKEY_BLOB (bcrypt.h): magic, length, X, Y.

    Raises:
        HardwareUnavailable: it is not a P-256 key.
    """
    point = blob[_BLOB_HEADER:]
    if blob[:4] != _PUBLIC_MAGIC or int.from_bytes(blob[4:8], "little") != _COORDINATE_BYTES:
        raise HardwareUnavailable("the key store's key is not on P-256")
    try:
        key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), b"\x04" + point)
    except ValueError as error:
        raise HardwareUnavailable("the key store's key is not on P-256") from error
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


@contextmanager
def _provider() -> Iterator[ctypes.c_void_p]:
    provider = ctypes.c_void_p()
    _check(_ncrypt().NCryptOpenStorageProvider(ctypes.byref(provider), _PROVIDER, 0))
    with _freed(provider):
        yield provider


@contextmanager
def _freed(handle: ctypes.c_void_p) -> Iterator[None]:
    try:
        yield
    finally:
        _ncrypt().NCryptFreeObject(handle)


def _check(status: int) -> None:
    if status != 0:
        raise HardwareUnavailable(f"the Platform Crypto Provider answered 0x{status & 0xFFFFFFFF:08X}")


def _ncrypt() -> Any:
    """Return ncrypt.dll with the types of what is called, so that handles are not cut to 32 bits."""
    if sys.platform == "win32":
        library = ctypes.WinDLL("ncrypt.dll")
        for name, arguments in _SIGNATURES.items():
            function = getattr(library, name)
            function.argtypes = arguments
            function.restype = ctypes.c_long
        return library
    raise HardwareUnavailable("the Platform Crypto Provider is a part of Windows")
