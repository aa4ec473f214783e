"""The device: what makes this PC one of the organisation's.

The private key is in the key store. The profile directory has only what is public: certificate, authority, manifest.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from pydantic import BaseModel, ConfigDict, ValidationError

from client.security.files import private_directory, write_whole
from client.security.keystore import KeyStore
from provisioning.api import EnrolRedeemReply
from provisioning.manifest import BadManifest, Manifest, open_manifest
from provisioning.signing import BadSignature

_KEY_NAME = "device-key"
_DEVICE_FILE = "device.json"
_RENEW_WHEN_LEFT = 1 / 3
"""A certificate is renewed when this part of its life is left, so that a week's absence does no harm."""


class NotEnrolled(Exception):
    """This profile has no device yet."""


class CertificateExpired(Exception):
    """The device's certificate is over; only a new enrolment helps."""


class ProfileDamaged(Exception):
    """The profile's files make no sense, or its key is gone from the key store."""


@dataclass(frozen=True)
class Device:
    """An enrolled device with the manifest that it obeys."""

    id: str
    certificate_pem: str
    ca_pem: str
    manifest: Manifest
    key_pem: bytes = field(repr=False)

    @property
    def client_cert(self) -> tuple[str, bytes]:
        """What mutual TLS needs: certificate and key."""
        return self.certificate_pem, self.key_pem

    def check_certificate(self, now: datetime | None = None) -> None:
        """Check that the certificate is still good.

        Raises:
            CertificateExpired: it is not.
        """
        if (now or datetime.now(UTC)) >= self._certificate.not_valid_after_utc:
            raise CertificateExpired("this device's certificate has expired")

    def should_renew(self, now: datetime | None = None) -> bool:
        """Whether it is time for the next certificate."""
        certificate = self._certificate
        life = certificate.not_valid_after_utc - certificate.not_valid_before_utc
        left: timedelta = certificate.not_valid_after_utc - (now or datetime.now(UTC))
        return left < life * _RENEW_WHEN_LEFT

    @property
    def _certificate(self) -> x509.Certificate:
        return x509.load_pem_x509_certificate(self.certificate_pem.encode())


class _DeviceFile(BaseModel):
    """The public part on disk."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    certificate_pem: str
    ca_pem: str
    manifest: str
    signing_keys: tuple[str, ...]


class DeviceProfile:
    """Keeps a device in a directory and a key store.

    Every method raises `KeyStoreUnavailable` where the key store can't be used, and `DiskFull` where it must write and
    there is no room.
    """

    def __init__(self, directory: Path, keys: KeyStore) -> None:
        self.directory = private_directory(directory)
        self.keys = keys

    def load(self) -> Device:
        """Return the device.

        Raises:
            NotEnrolled: there is none.
            ProfileDamaged: the files make no sense, the manifest is not signed, or the key is gone.
        """
        kept = self._read()
        key = self.keys.get(_KEY_NAME)
        if key is None:
            raise ProfileDamaged("the device's key is not in the key store")
        return Device(kept.id, kept.certificate_pem, kept.ca_pem, _opened(kept), key.encode())

    def manifest(self) -> Manifest:
        """Return the manifest alone, which needs no key store.

        Raises:
            NotEnrolled, ProfileDamaged: as in `load`.
        """
        return _opened(self._read())

    def keep(self, key_pem: bytes, reply: EnrolRedeemReply) -> Device:
        """Keep a newly enrolled device: the key first, so that no certificate is ever left without it."""
        self.keys.put(_KEY_NAME, key_pem.decode())
        self._write(
            _DeviceFile(
                id=reply.device_id,
                certificate_pem=reply.certificate_pem,
                ca_pem=reply.ca_pem,
                manifest=reply.manifest,
                signing_keys=reply.signing_keys,
            )
        )
        return self.load()

    def renew(self, certificate_pem: str) -> Device:
        """Keep the next certificate for the same key."""
        self._write(self._read().model_copy(update={"certificate_pem": certificate_pem}))
        return self.load()

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
        self.keys.delete(_KEY_NAME)
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


def _opened(kept: _DeviceFile) -> Manifest:
    try:
        return open_manifest(kept.manifest, kept.signing_keys)
    except (BadSignature, BadManifest) as error:
        raise ProfileDamaged("the manifest on this PC is not the organisation's") from error
