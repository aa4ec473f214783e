"""An organisation on disk: its authority, keys, certificates, shared secrets, and the signed manifest.

The directory is 0700 and its files 0600. Whoever holds it can enrol devices and sign manifests, so it belongs on the
server's own disk and in a safe. Private keys may be encrypted under one passphrase, which the server then needs too.

The server needs neither the manifest's signing key nor the backup keys: those files, and what is needed of them is in
their `.pub`, can be moved to another place, and be brought back to sign a manifest or to replace a lost key.
"""

import base64
import binascii
import contextlib
import os
import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal, Self

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)
from pydantic import ValidationError

from provisioning import default_policy, organisation_dialling, organisation_file, policy_file, signing
from provisioning.data_policy import DataPolicy
from provisioning.manifest import EdgeSection, Manifest, ServerSection, open_manifest, sign_manifest
from provisioning.organisation_dialling import Dialling
from provisioning.organisation_file import EdgeTable, OrganisationFile, ServerTable
from provisioning.pins import spki_pin
from provisioning.pki import Authority, Role, generate_key, key_pem, load_key

_SERVICE_LIFE = timedelta(days=397)
"""As long as browsers would accept from a public authority (CA/Browser Forum, 2020)."""
_SECRET_BYTES = 32
TPM_MAKERS = "tpm-makers.pem"
"""Certificates of TPM makers' authorities, one after the other; put there by IT."""


class OrganisationError(Exception):
    """Something about the directory is wrong; the text says what, and what to do."""


@dataclass(frozen=True)
class Identity:
    """A certificate (PEM) and its private key (PEM, PKCS #8, not encrypted)."""

    certificate_pem: str
    key_pem: bytes = field(repr=False)

    @property
    def certificate(self) -> x509.Certificate:
        """The parsed certificate."""
        return x509.load_pem_x509_certificate(self.certificate_pem.encode())

    @property
    def pair(self) -> tuple[str, bytes]:
        """Certificate and key, as `pinned_tls.pinned_context` takes them."""
        return self.certificate_pem, self.key_pem


@dataclass(frozen=True)
class Organisation:
    """An organisation's directory. Everything is read when it is asked for, so that a change on disk is seen."""

    directory: Path
    passphrase: bytes | None = field(default=None, repr=False)

    @classmethod
    def create(
        cls,
        directory: Path,
        *,
        name: str,
        server: ServerTable,
        edge: EdgeTable,
        sip_domain: str,
        passphrase: bytes | None = None,
    ) -> Self:
        """Make a new organisation with all its keys, and sign version 1 of its manifest.

        Raises:
            OrganisationError: the directory exists and is not empty, or cannot be written.
        """
        with _plain_errors(directory):
            directory.mkdir(mode=0o700, parents=True, exist_ok=True)
            if any(directory.iterdir()):
                raise OrganisationError(f"{directory} is not empty; choose a new directory, nothing was changed")
            directory.chmod(0o700)
        made = cls(directory, passphrase)
        authority = Authority.create(name)
        made._write("ca.crt", authority.pem.encode())
        made._write_key("ca.key", authority.key)
        made._write_signing_key(signing.generate_signing_key())
        for service, host in (("server", server.host), ("edge", edge.host)):
            key = generate_key()
            certificate = authority.issue_server(key.public_key(), (host,), _SERVICE_LIFE)
            made._write_identity(service, certificate, key)
            backup = generate_key()
            made._write_key(f"{service}-backup.key", backup)
            made._write(f"{service}-backup.pub", _public_pem(backup))
        for file, role, identity in (
            ("edge-client", Role.EDGE, "main"),
            ("trunk", Role.TRUNK, "main"),
            ("admin", Role.ADMIN, "main"),
        ):
            key = generate_key()
            made._write_identity(file, authority.issue_client(key.public_key(), role, identity, _SERVICE_LIFE), key)
        made._write("sip.secret", _new_secret())
        made._write("data.secret", _new_secret())
        text = organisation_file.render(name, server, edge, sip_domain)
        made._write(organisation_file.FILE_NAME, text.encode())
        made._write(policy_file.FILE_NAME, default_policy.TEXT.encode())
        made.publish_manifest()
        return made

    @classmethod
    def open(cls, directory: Path, passphrase: bytes | None = None) -> Self:
        """Open an organisation that exists, checking that its keys can be read.

        Raises:
            OrganisationError: there is none, or the passphrase is missing or wrong.
        """
        found = cls(directory, passphrase)
        if not (directory / "ca.crt").exists():
            raise OrganisationError(f"there is no organisation in {directory}; make one with hearthline-admin init")
        _ = found.authority
        return found

    # --- what is in it ------------------------------------------------------------------------------------------------

    @property
    def file(self) -> OrganisationFile:
        """What organisation.toml says now.

        Raises:
            BadOrganisationFile: it cannot be read.
        """
        return organisation_file.read(self.directory / organisation_file.FILE_NAME)

    @property
    def policy(self) -> DataPolicy:
        """What policy.toml says now; the default policy where there is no such file.

        Raises:
            BadPolicyFile: it cannot be used.
        """
        path = self.directory / policy_file.FILE_NAME
        return policy_file.read(path) if path.exists() else default_policy.default_policy()

    @property
    def ca_pem(self) -> str:
        """The authority's certificate."""
        return self._read("ca.crt").decode()

    @property
    def authority(self) -> Authority:
        """The authority, with the key that signs."""
        return Authority(x509.load_pem_x509_certificate(self._read("ca.crt")), self._key("ca.key"))

    @property
    def signing_key(self) -> Ed25519PrivateKey:
        """The key that signs manifests."""
        with self._passphrase_errors("manifest-signing.key"):
            key = load_pem_private_key(self._read("manifest-signing.key"), self.passphrase)
        if not isinstance(key, Ed25519PrivateKey):
            raise OrganisationError(f"{self.directory / 'manifest-signing.key'} is not an Ed25519 key")
        return key

    @property
    def server(self) -> Identity:
        """What the server shows."""
        return self._identity("server")

    @property
    def edge(self) -> Identity:
        """What the edge shows to desks."""
        return self._identity("edge")

    def edge_at(self, host: str) -> Identity:
        """What an edge shows to desks that find it at this host: the edges' one key, certified for the host."""
        if host == self.file.edge.host:
            return self.edge
        key = self._key("edge.key")
        return Identity(self.authority.issue_server(key.public_key(), (host,), _SERVICE_LIFE), key_pem(key))

    @property
    def edge_client(self) -> Identity:
        """What the edge shows to the server."""
        return self._identity("edge-client")

    @property
    def trunk(self) -> Identity:
        """What the contact centre's trunk shows to the edge."""
        return self._identity("trunk")

    @property
    def admin(self) -> Identity:
        """What IT's command line shows to the server."""
        return self._identity("admin")

    @property
    def server_pins(self) -> tuple[str, ...]:
        """Primary and backup pin of the server."""
        return self._pins("server")

    @property
    def edge_pins(self) -> tuple[str, ...]:
        """Primary and backup pin of the edge."""
        return self._pins("edge")

    @property
    def sip_secret(self) -> str:
        """What server and edge share, to make and check ephemeral SIP credentials."""
        return self._read("sip.secret").decode().strip()

    @property
    def data_key(self) -> bytes:
        """32 bytes from which the server derives the keys that protect its own database."""
        try:
            return base64.b64decode(self._read("data.secret"), validate=False)
        except binascii.Error as error:
            raise OrganisationError(
                f"{self.directory / 'data.secret'} is damaged; restore it from your copy"
            ) from error

    @property
    def tpm_makers(self) -> tuple[x509.Certificate, ...]:
        """The authorities of TPM makers that IT trusts (tpm-makers.pem); none where there is no such file."""
        if not (self.directory / TPM_MAKERS).exists():
            return ()
        try:
            return tuple(x509.load_pem_x509_certificates(self._read(TPM_MAKERS)))
        except ValueError as error:
            raise OrganisationError(f"{self.directory / TPM_MAKERS} has something that is no certificate") from error

    @property
    def manifest_token(self) -> str:
        """The newest signed manifest."""
        return self._read("manifest.jws").decode().strip()

    @property
    def signing_keys(self) -> tuple[str, ...]:
        """The public keys by which manifests are checked."""
        return (self._read("manifest-signing.pub").decode(),)

    @property
    def manifest(self) -> Manifest:
        """The newest manifest, verified.

        Raises:
            BadSignature, BadManifest: the file was changed by someone else than `publish_manifest`.
        """
        return open_manifest(self.manifest_token, self.signing_keys)

    @property
    def dialling(self) -> Dialling:
        """Whom agents may call, as it was last published; before that, colleagues only."""
        if not (self.directory / organisation_dialling.FILE_NAME).exists():
            return Dialling()
        try:
            return Dialling.model_validate_json(self._read(organisation_dialling.FILE_NAME))
        except ValidationError as error:
            damaged = self.directory / organisation_dialling.FILE_NAME
            raise OrganisationError(f"{damaged} is damaged; run hearthline-admin manifest publish") from error

    @property
    def is_published(self) -> bool:
        """Whether desks and server were told what organisation.toml, policy.toml and the certificates say now."""
        file, manifest = self.file, self.manifest
        draft = self._draft(file, self.policy, manifest.version, manifest.issued_at)
        return draft == manifest and file.dialling == self.dialling

    # --- what can be done with it -------------------------------------------------------------------------------------

    def publish_manifest(self) -> Manifest:
        """Sign what organisation.toml and policy.toml say now as the next version, and return it.

        Raises:
            BadOrganisationFile: organisation.toml makes no sense; the old manifest stays.
            BadPolicyFile: the same of policy.toml, or it says something new under a version that is published already.
        """
        file, policy, version = self.file, self.policy, 1
        if (self.directory / "manifest.jws").exists():
            published = self.manifest
            policy_file.check_follows(policy, published.data)
            version = published.version + 1
        manifest = self._draft(file, policy, version, datetime.now(UTC))
        signed = sign_manifest(manifest, self.signing_key)
        self._write(organisation_dialling.FILE_NAME, file.dialling.model_dump_json().encode())
        self._write("manifest.jws", signed.encode())
        return manifest

    def rotate_key(self, service: Literal["server", "edge"]) -> None:
        """Put a service's backup key in its place, and make another backup.

        Desks take the backup already, so the service is to be restarted first and the manifest published after that.
        Twice without publishing in between would lock every desk out, and is refused.

        Raises:
            OrganisationError: the present keys are not published yet, or the backup key is not here.
        """
        published = self.manifest
        known = published.server.pins if service == "server" else published.sip.edges[0].pins
        if self._pins(service)[0] != known[0]:
            raise OrganisationError(
                f"the {service}'s key was changed and no desk was told yet; "
                f"restart the {service} with it, then run hearthline-admin manifest publish"
            )
        backup = self._key(f"{service}-backup.key")
        host = self.file.server.host if service == "server" else self.file.edge.host
        fresh = generate_key()
        certificate = self.authority.issue_server(backup.public_key(), (host,), _SERVICE_LIFE)
        # In this order, whatever interrupts it leaves a backup that desks know, or one that they are about to be told.
        self._write_identity(service, certificate, backup)
        self._write_key(f"{service}-backup.key", fresh)
        self._write(f"{service}-backup.pub", _public_pem(fresh))

    def _draft(self, file: OrganisationFile, policy: DataPolicy, version: int, issued_at: datetime) -> Manifest:
        ca_pem = self.ca_pem
        pins = self.edge_pins
        edges = tuple(EdgeSection(name=edge.name, host=edge.host, port=edge.port, pins=pins) for edge in file.edges)
        return Manifest(
            organisation=file.name,
            version=version,
            issued_at=issued_at,
            server=ServerSection(host=file.server.host, port=file.server.port, pins=self.server_pins, ca_pem=ca_pem),
            sip=file.sip.section(edges, ca_pem),
            policy=file.policy.section(),
            accessibility=file.accessibility,
            screen=file.screen,
            posture=file.posture.section(),
            data=policy,
            signing_keys=self.signing_keys,
        )

    # --- files --------------------------------------------------------------------------------------------------------

    def _read(self, name: str) -> bytes:
        try:
            return (self.directory / name).read_bytes()
        except OSError as error:
            raise OrganisationError(f"{self.directory / name} cannot be read: {error.strerror}") from error

    def _write(self, name: str, content: bytes) -> None:
        # Written beside and moved over, so that a reader or a lost power supply never sees half a file.
        path, fresh = self.directory / name, self.directory / f".{name}.new"
        with _plain_errors(path):
            fresh.unlink(missing_ok=True)
            descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            fresh.replace(path)

    def _write_key(self, name: str, key: ec.EllipticCurvePrivateKey) -> None:
        self._write(name, key_pem(key, self.passphrase))

    def _write_signing_key(self, key: Ed25519PrivateKey) -> None:
        protection = BestAvailableEncryption(self.passphrase) if self.passphrase else NoEncryption()
        self._write("manifest-signing.key", key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, protection))
        self._write("manifest-signing.pub", signing.public_pem(key).encode())

    def _write_identity(self, name: str, certificate_pem: str, key: ec.EllipticCurvePrivateKey) -> None:
        self._write(f"{name}.crt", certificate_pem.encode())
        self._write_key(f"{name}.key", key)

    def _key(self, name: str) -> ec.EllipticCurvePrivateKey:
        with self._passphrase_errors(name):
            return load_key(self._read(name), self.passphrase)

    def _identity(self, name: str) -> Identity:
        return Identity(self._read(f"{name}.crt").decode(), key_pem(self._key(f"{name}.key")))

    def _pins(self, service: str) -> tuple[str, ...]:
        primary = x509.load_pem_x509_certificate(self._read(f"{service}.crt")).public_key()
        backup = load_pem_public_key(self._read(f"{service}-backup.pub"))
        if not isinstance(backup, ec.EllipticCurvePublicKey):
            raise OrganisationError(f"{self.directory / f'{service}-backup.pub'} is not an elliptic-curve key")
        return spki_pin(primary), spki_pin(backup)

    @contextlib.contextmanager
    def _passphrase_errors(self, name: str) -> Iterator[None]:
        try:
            yield
        except TypeError as error:
            # What cryptography raises when a passphrase is missing, and when there is one too many.
            need = "not encrypted; leave the passphrase out" if self.passphrase else "encrypted; give its passphrase"
            raise OrganisationError(f"{self.directory / name} is {need}") from error
        except ValueError as error:
            wrong = "the passphrase is wrong, or the file is damaged" if self.passphrase else "the file is damaged"
            raise OrganisationError(f"{self.directory / name} cannot be opened: {wrong}") from error


def _public_pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def _new_secret() -> bytes:
    return base64.b64encode(secrets.token_bytes(_SECRET_BYTES)) + b"\n"


@contextlib.contextmanager
def _plain_errors(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise OrganisationError(f"{path} cannot be written: {error.strerror}") from error
