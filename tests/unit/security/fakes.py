"""A key store in memory, and a device made without a server."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from client.security.hardware import Hardware
from client.security.identity import Device, DeviceProfile
from client.security.keystore import KeyStoreUnavailable
from provisioning import pki, signing
from provisioning.api import EnrolRedeemReply
from provisioning.local_text import LocalText
from provisioning.manifest import (
    EdgeSection,
    Manifest,
    PolicySection,
    ServerSection,
    SipSection,
    WrapUpCode,
    sign_manifest,
)
from provisioning.pins import spki_pin


class MemoryKeys:
    """Keeps secrets until the test ends. `locked` makes it refuse, as a key store does before the log-in."""

    def __init__(self) -> None:
        self.secrets: dict[str, str] = {}
        self.locked = False

    def get(self, name: str) -> str | None:
        """See KeyStore."""
        self._check()
        return self.secrets.get(name)

    def put(self, name: str, secret: str) -> None:
        """See KeyStore."""
        self._check()
        self.secrets[name] = secret

    def delete(self, name: str) -> None:
        """See KeyStore."""
        self._check()
        self.secrets.pop(name, None)

    def _check(self) -> None:
        if self.locked:
            raise KeyStoreUnavailable("locked")


class Organisation:
    """An authority and a signing key in memory."""

    def __init__(self) -> None:
        self.authority = pki.Authority.create("Test Bank")
        self.signing_key = signing.generate_signing_key()
        self.server_key = pki.generate_key()

    def manifest(self, version: int = 1, port: int = 8443, keys: tuple[str, ...] = ()) -> Manifest:
        """A manifest of this organisation."""
        pins = (spki_pin(self.server_key.public_key()), spki_pin(pki.generate_key().public_key()))
        edge = EdgeSection(name=LocalText(en="Edge", zh="边缘"), host="127.0.0.1", port=5061, pins=pins)
        return Manifest(
            organisation="Test Bank",
            version=version,
            issued_at=datetime.now(UTC),
            server=ServerSection(host="127.0.0.1", port=port, pins=pins, ca_pem=self.authority.pem),
            sip=SipSection(domain="bank.example", edges=(edge,), ca_pem=self.authority.pem),
            policy=PolicySection(
                wrap_up_codes=(WrapUpCode(id="answered", label=LocalText(en="Answered", zh="已解答")),)
            ),
            signing_keys=keys or (signing.public_pem(self.signing_key),),
        )

    def token(self, version: int = 1, port: int = 8443, keys: tuple[str, ...] = ()) -> str:
        """The manifest, signed."""
        return sign_manifest(self.manifest(version, port, keys), self.signing_key)

    def enrol(
        self,
        directory: Path,
        keys: MemoryKeys,
        *,
        life: timedelta = timedelta(days=14),
        port: int = 8443,
        hardware: Hardware | None = None,
    ) -> Device:
        """Put a device into a profile, as enrolment would."""
        tls_key = pki.generate_key()
        certificate = self.authority.issue_client(tls_key.public_key(), pki.Role.DEVICE, "d1", life)
        reply = EnrolRedeemReply(
            device_id="d1",
            certificate_pem=certificate,
            ca_pem=self.authority.pem,
            manifest=self.token(port=port),
            signing_keys=(signing.public_pem(self.signing_key),),
        )
        profile = DeviceProfile(directory, keys, hardware)
        return profile.keep(profile.new_device_key(), pki.key_pem(tls_key), reply)
