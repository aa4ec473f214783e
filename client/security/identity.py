"""The device: what makes this PC one of the organisation's.

Two keys: the device key, which says which device this is and lives as long as the enrolment, in hardware where there is
some and else in the key store; and the TLS key, which lives as long as its certificate, in the key store, because
Python's ssl can't use a key that it can't read. The profile directory has only what is public: certificate, authority,
manifest; and, for a key in a TPM, the blob that only this TPM can open.
"""

import base64
import binascii
import contextlib
import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from pydantic import BaseModel, ConfigDict, ValidationError

from client.security.device_key import SoftwareDeviceKey
from client.security.files import private_directory, write_whole
from client.security.hardware import Hardware, HardwareKey, HardwareUnavailable
from client.security.keystore import KeyStore
from provisioning import pki
from provisioning.api import EnrolRedeemReply
from provisioning.device_proof import DeviceKey
from provisioning.manifest import BadManifest, Manifest, open_manifest
from provisioning.pins import thumbprint
from provisioning.signing import BadSignature

_KEY_NAME = "device-key"
_HARDWARE_SECRET_NAME = "device-key-secret"  # noqa: S105 -- its name
_TLS_KEY_NAMES = ("tls-key-a", "tls-key-b")
"""Taken in turn: the next key is kept before its certificate is, and the last one goes after that, so that a power cut
never leaves a certificate without its key."""
_DEVICE_FILE = "device.json"
_HARDWARE_SECRET_BYTES = 32
_RENEW_WHEN_LEFT = 1 / 3
"""A certificate is renewed when this part of its life is left, so that a week's absence does no harm."""


class NotEnrolled(Exception):
    """This profile has no device yet."""


class CertificateExpired(Exception):
    """The device's certificate has been over for so long that only a new enrolment helps."""


class ProfileDamaged(Exception):
    """The profile's files make no sense, or its key is gone from the key store."""


@dataclass(frozen=True)
class Device:
    """An enrolled device with the manifest that it obeys."""

    id: str
    certificate_pem: str
    ca_pem: str
    manifest: Manifest
    tls_key_pem: bytes = field(repr=False)
    key: DeviceKey = field(repr=False)
    """What the device states, it signs with this. Signing may block for as long as a TPM takes."""
    key_proven: bool = False
    """Whether the server has seen a proof that the device key is in hardware."""

    @property
    def client_cert(self) -> tuple[str, bytes]:
        """What mutual TLS needs: certificate and key."""
        return self.certificate_pem, self.tls_key_pem

    @property
    def thumbprint(self) -> str:
        """The certificate's `x5t#S256`."""
        return thumbprint(self._certificate.public_bytes(Encoding.DER))

    def check_certificate(self, now: datetime | None = None) -> None:
        """Check that the certificate is good, or that the device key can still get another.

        Raises:
            CertificateExpired: it is over, and for too long.
        """
        absence = timedelta(days=self.manifest.policy.absence_days)
        if (now or datetime.now(UTC)) >= self._certificate.not_valid_after_utc + absence:
            raise CertificateExpired("this device's certificate has expired")

    def is_over(self, now: datetime | None = None) -> bool:
        """Whether the certificate is over, and good for nothing but being renewed."""
        return (now or datetime.now(UTC)) >= self._certificate.not_valid_after_utc

    def should_renew(self, now: datetime | None = None) -> bool:
        """Whether it is time for the next certificate."""
        certificate = self._certificate
        life = certificate.not_valid_after_utc - certificate.not_valid_before_utc
        left: timedelta = certificate.not_valid_after_utc - (now or datetime.now(UTC))
        return left < life * _RENEW_WHEN_LEFT

    @property
    def _certificate(self) -> x509.Certificate:
        return _certificate(self.certificate_pem)


class _DeviceFile(BaseModel):
    """The public part on disk."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    certificate_pem: str
    ca_pem: str
    manifest: str
    signing_keys: tuple[str, ...]
    tls_key: str = _KEY_NAME
    """The TLS key's name in the key store. Devices of before had one key for both."""
    hardware_key: str = ""
    """Where the hardware finds the device key; empty when that is in the key store."""
    key_proven: bool = False
    """Whether the server has seen a proof of that."""


@dataclass(frozen=True)
class NewDeviceKey:
    """A device key that was just made, and what must be kept to find it again."""

    key: DeviceKey
    secret: bytes = field(repr=False)
    """The private key (PEM), or the secret of the one in hardware."""
    handle: str = ""


class DeviceProfile:
    """Keeps a device in a directory, a key store, and hardware where there is some.

    Every method raises `KeyStoreUnavailable` where the key store can't be used, and `DiskFull` where it must write and
    there is no room.
    """

    def __init__(self, directory: Path, keys: KeyStore, hardware: Hardware | None = None) -> None:
        self.directory = private_directory(directory)
        self.keys = keys
        self.hardware = hardware

    def new_device_key(self) -> NewDeviceKey:
        """Make a device key: in hardware where that works, else one for the key store. Nothing is kept yet."""
        if self.hardware is not None:
            secret = secrets.token_bytes(_HARDWARE_SECRET_BYTES)
            try:
                made: HardwareKey = self.hardware.create(secret)
            except HardwareUnavailable:
                # Whether that is good enough, the organisation's policy says, and the server holds to it.
                pass
            else:
                return NewDeviceKey(made, secret, made.handle)
        pem = pki.key_pem(pki.generate_key())
        return NewDeviceKey(SoftwareDeviceKey(pem), pem)

    def load(self) -> Device:
        """Return the device.

        Raises:
            NotEnrolled: there is none.
            ProfileDamaged: the files make no sense, the manifest is not signed, or the key is gone.
        """
        kept = self._read()
        tls_key = self.keys.get(kept.tls_key)
        if tls_key is None:
            raise ProfileDamaged("the device's key is not in the key store")
        manifest = _opened(kept)
        return Device(
            kept.id,
            kept.certificate_pem,
            kept.ca_pem,
            manifest,
            tls_key.encode(),
            self._device_key(kept, tls_key),
            key_proven=kept.key_proven,
        )

    def _device_key(self, kept: _DeviceFile, tls_key: str) -> DeviceKey:
        if not kept.hardware_key:
            pem = tls_key if kept.tls_key == _KEY_NAME else self.keys.get(_KEY_NAME)
            if pem is None:
                raise ProfileDamaged("the device's key is not in the key store")
            return SoftwareDeviceKey(pem.encode())
        secret = self.keys.get(_HARDWARE_SECRET_NAME)
        if secret is None or self.hardware is None:
            raise ProfileDamaged("the device's key is in hardware that is not here, or its secret is gone")
        try:
            return self.hardware.find(kept.hardware_key, base64.b64decode(secret, validate=True))
        except (HardwareUnavailable, binascii.Error) as error:
            raise ProfileDamaged("this PC's hardware does not have the device's key") from error

    def is_renewable(self) -> bool:
        """Whether the device can still get its next certificate by itself. Needs no key store."""
        try:
            kept = self._read()
            absence = timedelta(days=_opened(kept).policy.absence_days)
            return datetime.now(UTC) < _certificate(kept.certificate_pem).not_valid_after_utc + absence
        except (NotEnrolled, ProfileDamaged, ValueError):
            return False

    def manifest(self) -> Manifest:
        """Return the manifest alone, which needs no key store.

        Raises:
            NotEnrolled, ProfileDamaged: as in `load`.
        """
        return _opened(self._read())

    def keep(self, made: NewDeviceKey, tls_key_pem: bytes, reply: EnrolRedeemReply) -> Device:
        """Keep a newly enrolled device: the keys first, so that no certificate is ever left without them."""
        if made.handle:
            self.keys.put(_HARDWARE_SECRET_NAME, base64.b64encode(made.secret).decode())
            self.keys.delete(_KEY_NAME)
        else:
            self.keys.put(_KEY_NAME, made.secret.decode())
            self.keys.delete(_HARDWARE_SECRET_NAME)
        tls_key = _TLS_KEY_NAMES[0]
        self.keys.put(tls_key, tls_key_pem.decode())
        self._write(
            _DeviceFile(
                id=reply.device_id,
                certificate_pem=reply.certificate_pem,
                ca_pem=reply.ca_pem,
                manifest=reply.manifest,
                signing_keys=reply.signing_keys,
                tls_key=tls_key,
                hardware_key=made.handle,
            )
        )
        return self.load()

    def renew(self, certificate_pem: str, tls_key_pem: bytes) -> Device:
        """Keep the next certificate and its TLS key."""
        kept = self._read()
        fresh = next(name for name in _TLS_KEY_NAMES if name != kept.tls_key)
        self.keys.put(fresh, tls_key_pem.decode())
        self._write(kept.model_copy(update={"certificate_pem": certificate_pem, "tls_key": fresh}))
        if kept.tls_key != _KEY_NAME:
            self.keys.delete(kept.tls_key)
        return self.load()

    def proven(self) -> None:
        """Keep that the server has seen the proof of hardware."""
        self._write(self._read().model_copy(update={"key_proven": True}))

    def obey(self, manifest: str) -> Device:
        """Take a newer manifest.

        Raises:
            BadSignature: the organisation did not sign it.
            BadManifest: it makes no sense.
            StaleManifest: it is older than the present one.
        """
        kept = self._read()
        present = open_manifest(kept.manifest, kept.signing_keys)
        trusted = present.signing_keys
        newer = open_manifest(manifest, trusted, newest_version=present.version)
        if newer.version > present.version:
            # The keys of the manifest that we obeyed until now stay on disk too: they signed the one that we keep.
            keys = tuple(dict.fromkeys(newer.signing_keys + trusted))
            self._write(kept.model_copy(update={"manifest": manifest, "signing_keys": keys}))
        return self.load()

    def forget(self) -> None:
        """Make this PC a stranger again."""
        with contextlib.suppress(NotEnrolled, ProfileDamaged, HardwareUnavailable):
            if (handle := self._read().hardware_key) and self.hardware is not None:
                self.hardware.forget(handle)
        for name in (_KEY_NAME, _HARDWARE_SECRET_NAME, *_TLS_KEY_NAMES):
            self.keys.delete(name)
        (self.directory / _DEVICE_FILE).unlink(missing_ok=True)

    def _read(self) -> _DeviceFile:
        try:
            return _DeviceFile.model_validate_json((self.directory / _DEVICE_FILE).read_bytes())
        except FileNotFoundError:
            raise NotEnrolled("this PC is not enrolled") from None
        except ValidationError as error:
            raise ProfileDamaged("the device file makes no sense") from error

    def _write(self, content: _DeviceFile) -> None:
        write_whole(self.directory / _DEVICE_FILE, content.model_dump_json().encode())


def _certificate(pem: str) -> x509.Certificate:
    return x509.load_pem_x509_certificate(pem.encode())


def _opened(kept: _DeviceFile) -> Manifest:
    try:
        return open_manifest(kept.manifest, kept.signing_keys)
    except (BadSignature, BadManifest) as error:
        raise ProfileDamaged("the manifest on this PC is not the organisation's") from error
