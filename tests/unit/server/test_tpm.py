"""What counts as a key that cannot leave its TPM, and whose word on a TPM counts."""

import struct
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.x509.oid import NameOID

from provisioning.pki import generate_key
from server.devices.attestation import trusted_maker
from server.devices.tpm import NotProven, key_name

NOW = datetime(2026, 12, 1, tzinfo=UTC)
FIXED_TPM, FIXED_PARENT, ORIGIN, RESTRICTED, DECRYPT, SIGN = (1 << bit for bit in (1, 4, 5, 16, 17, 18))
USUAL = FIXED_TPM | FIXED_PARENT | ORIGIN | SIGN | 1 << 6


def public_area(
    key: ec.EllipticCurvePrivateKey, attributes: int = USUAL, *, curve: int = 3, policy: bytes = b""
) -> bytes:
    """A TPMT_PUBLIC (part 2, 12.2.4) of an ECDSA key."""
    numbers = key.public_key().public_numbers()
    begin = struct.pack(">HHIH", 0x0023, 0x000B, attributes, len(policy)) + policy
    middle = struct.pack(">HHHHH", 0x0010, 0x0018, 0x000B, curve, 0x0010)
    return begin + middle + b"".join(struct.pack(">H", 32) + n.to_bytes(32) for n in (numbers.x, numbers.y))


def test_a_key_that_was_made_in_the_tpm_and_stays_there_has_a_name() -> None:
    key = generate_key()
    name = key_name(public_area(key), key.public_key())
    assert len(name) == 34
    assert name[:2] == b"\x00\x0b"


@pytest.mark.parametrize(
    "attributes",
    [
        *(USUAL & ~bit for bit in (FIXED_TPM, FIXED_PARENT, ORIGIN, SIGN)),
        USUAL | RESTRICTED,
        USUAL | DECRYPT,
        0,
    ],
)
def test_a_key_that_may_leave_or_came_from_elsewhere_is_refused(attributes: int) -> None:
    key = generate_key()
    with pytest.raises(NotProven, match="not made in the TPM"):
        key_name(public_area(key, attributes), key.public_key())


def test_another_key_another_curve_and_nonsense_are_refused() -> None:
    key = generate_key()
    good = public_area(key)
    for area in (public_area(generate_key()), public_area(key, curve=4), public_area(key, policy=b"p"), good + b"\x00"):
        with pytest.raises(NotProven):
            key_name(area, key.public_key())
    for length in range(len(good)):
        with pytest.raises(NotProven):
            key_name(good[:length], key.public_key())


class Signer:
    """Somebody with a certificate, who may sign others'."""

    def __init__(self, name: str, by: "Signer | None" = None, *, ca: bool = True, years: int = 10) -> None:
        self.key = generate_key()
        self.name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)] if name else [])
        issuer = by or self
        end = NOW + timedelta(days=365 * years)
        self.certificate = (
            x509.CertificateBuilder()
            .subject_name(self.name)
            .issuer_name(issuer.name)
            .public_key(self.key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(min(NOW, end) - timedelta(days=30))
            .not_valid_after(end)
            .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
            .sign(issuer.key, SHA256())
        )


@pytest.fixture(scope="module")
def maker() -> Signer:
    return Signer("A Maker of Chips")


def test_a_maker_may_sign_itself_or_through_others(maker: Signer) -> None:
    works = Signer("Works 1", maker)
    line = Signer("Line 1", works)
    for chip, between in ((Signer("", maker, ca=False), ()), (Signer("", line, ca=False), (works, line))):
        shown = [one.certificate for one in between]
        assert trusted_maker(chip.certificate, shown, [maker.certificate], NOW) == "CN=A Maker of Chips"


def test_who_is_not_on_the_list_or_is_no_authority_counts_for_nothing(maker: Signer) -> None:
    stranger = Signer("A Maker of Chips")
    customer = Signer("", maker, ca=False)
    for chip, between in (
        (Signer("", stranger, ca=False), (stranger,)),
        (Signer("", customer, ca=False), (customer,)),
        (Signer("self-signed", ca=False), ()),
        (Signer("", Signer("Works 2", maker), ca=False), ()),
        (Signer("", maker, ca=False, years=-1), ()),
        (Signer("", works := Signer("Works 3", maker, years=-1), ca=False), (works,)),
    ):
        shown = [one.certificate for one in between]
        with pytest.raises(NotProven):
            trusted_maker(chip.certificate, shown, [maker.certificate], NOW)


def test_a_path_that_goes_round_in_a_circle_ends(maker: Signer) -> None:
    circle = Signer("Circle")
    with pytest.raises(NotProven):
        trusted_maker(Signer("", circle, ca=False).certificate, [circle.certificate], [maker.certificate], NOW)
