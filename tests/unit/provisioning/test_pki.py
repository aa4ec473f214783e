"""What the authority issues, and what it refuses to sign."""

from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from provisioning.pins import certificate_pin, spki_pin, thumbprint
from provisioning.pki import (
    Authority,
    BadRequest,
    Role,
    client_identity,
    common_name,
    csr_der,
    generate_key,
    key_pem,
    load_key,
    make_csr,
)

AUTHORITY = Authority.create("Harbour Bank")
DAY = timedelta(days=1)


def loaded(pem: str) -> x509.Certificate:
    return x509.load_pem_x509_certificate(pem.encode())


def usage(certificate: x509.Certificate) -> list[x509.ObjectIdentifier]:
    return list(certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value)


@pytest.mark.parametrize("role", Role)
def test_a_client_certificate_says_what_its_holder_is(role: Role) -> None:
    certificate = loaded(AUTHORITY.issue_client(generate_key().public_key(), role, "a-1", DAY))
    assert client_identity(certificate) == (role, "a-1")
    assert usage(certificate) == [ExtendedKeyUsageOID.CLIENT_AUTH]
    certificate.verify_directly_issued_by(AUTHORITY.certificate)
    left = certificate.not_valid_after_utc - datetime.now(UTC)
    assert timedelta(hours=23) < left <= DAY


def test_a_server_certificate_names_hosts_and_addresses_and_is_no_clients() -> None:
    certificate = loaded(AUTHORITY.issue_server(generate_key().public_key(), ("desks.example.com", "127.0.0.1"), DAY))
    names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.DNSName) == ["desks.example.com"]
    assert [str(address) for address in names.get_values_for_type(x509.IPAddress)] == ["127.0.0.1"]
    assert usage(certificate) == [ExtendedKeyUsageOID.SERVER_AUTH]
    assert client_identity(certificate) is None


@pytest.mark.parametrize("name", ["", "device", "device-", "root-1", "Device-1"])
def test_another_name_is_no_identity(name: str) -> None:
    certificate = loaded(AUTHORITY.issue_server(generate_key().public_key(), (name or "x",), DAY))
    assert client_identity(certificate) is None


def test_only_the_key_is_taken_from_a_request() -> None:
    key = generate_key()
    request = make_csr(key, "admin-root").decode()
    certificate = loaded(AUTHORITY.sign_csr(request, Role.DEVICE, "d1", DAY))
    assert common_name(certificate) == "device-d1"
    assert certificate.public_key() == key.public_key()
    constraints = certificate.extensions.get_extension_for_class(x509.BasicConstraints).value
    assert not constraints.ca


def test_a_request_that_wants_to_be_an_authority_becomes_none() -> None:
    key = generate_key()
    request = (
        x509.CertificateSigningRequestBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "x")]))
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, SHA256())
    )
    certificate = loaded(AUTHORITY.sign_csr(request.public_bytes(Encoding.PEM).decode(), Role.DEVICE, "d1", DAY))
    assert not certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca


def request_with(key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey) -> str:
    builder = x509.CertificateSigningRequestBuilder().subject_name(x509.Name([]))
    return builder.sign(key, SHA256()).public_bytes(Encoding.PEM).decode()


def test_other_keys_and_broken_requests_are_refused() -> None:
    good = request_with(generate_key())
    der = bytearray(csr_der(good))
    der[-1] ^= 1
    tampered = x509.load_der_x509_csr(bytes(der)).public_bytes(Encoding.PEM).decode()
    for request, reason in (
        (request_with(ec.generate_private_key(ec.SECP384R1())), "not a P-256 key"),
        (request_with(rsa.generate_private_key(65537, 2048)), "not a P-256 key"),
        (tampered, "not signed by its own key"),
        ("", "not a certificate request"),
        (AUTHORITY.pem, "not a certificate request"),
    ):
        with pytest.raises(BadRequest, match=reason):
            AUTHORITY.sign_csr(request, Role.DEVICE, "d1", DAY)


def test_a_key_can_be_kept_under_a_passphrase() -> None:
    key = generate_key()
    pem = key_pem(key, b"passphrase")
    assert b"ENCRYPTED" in pem
    assert load_key(pem, b"passphrase").private_numbers() == key.private_numbers()
    with pytest.raises(ValueError, match=r".*"):
        load_key(pem, b"wrong")


def test_a_pin_is_of_the_key_and_a_thumbprint_of_the_certificate() -> None:
    key = generate_key()
    first, second = (
        loaded(AUTHORITY.issue_client(key.public_key(), Role.DEVICE, "d1", DAY)).public_bytes(Encoding.DER)
        for _ in range(2)
    )
    assert certificate_pin(first) == certificate_pin(second) == spki_pin(key.public_key())
    assert thumbprint(first) != thumbprint(second)
    assert len(thumbprint(first)) == len(certificate_pin(first)) == 43
