"""The organisation's certificate authority, and the certificates it issues (RFC 5280).

One authority signs for devices and for services. What a certificate may do stands in its common name's prefix, which
only the authority writes: `device-`, `edge-`, `admin-`, `trunk-`, or a server's host name. Keys are P-256: every TLS
stack in the system speaks it, and so do TPMs and smart cards.
"""

import ipaddress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

# Clocks at home are a little off; a certificate that starts five minutes ago is valid on them too.
_BACKDATE = timedelta(minutes=5)

UNREADABLE = (ValueError, UnsupportedAlgorithm, x509.InvalidVersion)
"""What reading a certificate request raises, whose every byte somebody else chose."""


class Role(StrEnum):
    """Who may hold a client certificate."""

    DEVICE = "device"
    EDGE = "edge"
    ADMIN = "admin"
    TRUNK = "trunk"


class BadRequest(ValueError):
    """A certificate request that the authority does not sign."""


def generate_key() -> ec.EllipticCurvePrivateKey:
    """Make a P-256 private key."""
    return ec.generate_private_key(ec.SECP256R1())


def key_pem(key: ec.EllipticCurvePrivateKey, passphrase: bytes | None = None) -> bytes:
    """Serialize a private key as PKCS #8, encrypted when a passphrase is given."""
    protection = BestAvailableEncryption(passphrase) if passphrase else NoEncryption()
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, protection)


def load_key(pem: bytes, passphrase: bytes | None = None) -> ec.EllipticCurvePrivateKey:
    """Read a P-256 private key.

    Raises:
        ValueError: it is not a P-256 key, or the passphrase is wrong.
    """
    key = load_pem_private_key(pem, passphrase)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise ValueError("the key is not an elliptic-curve key")
    return key


def make_csr(key: ec.EllipticCurvePrivateKey, name: str) -> bytes:
    """Return a PEM certificate request (RFC 2986). The authority takes only the public key from it."""
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    return x509.CertificateSigningRequestBuilder().subject_name(subject).sign(key, SHA256()).public_bytes(Encoding.PEM)


def csr_der(csr_pem: str) -> bytes:
    """Return the DER form of a PEM request.

    Raises:
        BadRequest: it is not a certificate request.
    """
    try:
        return x509.load_pem_x509_csr(csr_pem.encode()).public_bytes(Encoding.DER)
    except UNREADABLE as error:
        raise BadRequest("this is not a certificate request") from error


def common_name(certificate: x509.Certificate) -> str:
    """Return the common name, or an empty string where there is none."""
    names = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(names[0].value) if names else ""


def client_identity(certificate: x509.Certificate) -> tuple[Role, str] | None:
    """Read role and id from a client certificate's common name; None where it names no role."""
    prefix, dash, identity = common_name(certificate).partition("-")
    role = next((role for role in Role if role == prefix), None)
    if role is None or not dash or not identity:
        return None
    return role, identity


@dataclass(frozen=True)
class Authority:
    """A certificate authority: its certificate, and the key that signs."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey = field(repr=False)

    @classmethod
    def create(cls, organisation: str, *, years: int = 10) -> "Authority":
        """Make a self-signed authority for an organisation."""
        key = generate_key()
        name = x509.Name(
            [
                x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation),
                x509.NameAttribute(NameOID.COMMON_NAME, f"{organisation} Hearthline CA"),
            ]
        )
        now = datetime.now(UTC)
        certificate = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - _BACKDATE)
            .not_valid_after(now + timedelta(days=365 * years))
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(_key_usage(signs_certificates=True), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
            .sign(key, SHA256())
        )
        return cls(certificate, key)

    @property
    def pem(self) -> str:
        """The authority's certificate."""
        return self.certificate.public_bytes(Encoding.PEM).decode()

    def issue_client(self, public_key: ec.EllipticCurvePublicKey, role: Role, identity: str, life: timedelta) -> str:
        """Issue a client certificate (PEM) for a role; the holder's key never comes here."""
        return self._issue(public_key, f"{role}-{identity}", life, ExtendedKeyUsageOID.CLIENT_AUTH, ())

    def issue_server(self, public_key: ec.EllipticCurvePublicKey, hosts: tuple[str, ...], life: timedelta) -> str:
        """Issue a server certificate (PEM) for host names and IP addresses, the first of which is the common name."""
        return self._issue(public_key, hosts[0], life, ExtendedKeyUsageOID.SERVER_AUTH, hosts)

    def sign_csr(self, csr_pem: str, role: Role, identity: str, life: timedelta) -> str:
        """Issue a client certificate to whoever holds the request's key. Nothing but the key is taken from it.

        Raises:
            BadRequest: it is not a request, its signature is wrong, or its key is not P-256.
        """
        try:
            csr = x509.load_pem_x509_csr(csr_pem.encode())
            # Both are read when they are asked for, and whoever made the request chose what is there to read.
            public_key, signed = csr.public_key(), csr.is_signature_valid
        except UNREADABLE as error:
            raise BadRequest("this is not a certificate request") from error
        if not isinstance(public_key, ec.EllipticCurvePublicKey) or not isinstance(public_key.curve, ec.SECP256R1):
            raise BadRequest("the request's key is not a P-256 key")
        if not signed:
            raise BadRequest("the request is not signed by its own key")
        return self.issue_client(public_key, role, identity, life)

    def _issue(
        self,
        public_key: ec.EllipticCurvePublicKey,
        name: str,
        life: timedelta,
        usage: x509.ObjectIdentifier,
        hosts: tuple[str, ...],
    ) -> str:
        now = datetime.now(UTC)
        builder = (
            x509.CertificateBuilder()
            .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]))
            .issuer_name(self.certificate.subject)
            .public_key(public_key)
            .serial_number(x509.random_serial_number())
            # The start is never set after the end, so that a test can issue a certificate that is over.
            .not_valid_before(min(now, now + life) - _BACKDATE)
            .not_valid_after(now + life)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(_key_usage(signs_certificates=False), critical=True)
            .add_extension(x509.ExtendedKeyUsage([usage]), critical=False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key()),
                critical=False,
            )
        )
        if hosts:
            names = [_general_name(host) for host in hosts]
            builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
        return builder.sign(self.key, SHA256()).public_bytes(Encoding.PEM).decode()


def _general_name(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(host))
    except ValueError:
        return x509.DNSName(host)


def _key_usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )
