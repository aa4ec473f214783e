"""The key by which a device proves what it states (`provisioning.device_proof`), looked up in one place."""

import hashlib

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from pydantic import ValidationError

from provisioning.api import CertificateAsk, PinReport, ProblemType, RenewRequest
from provisioning.base64url import encode
from provisioning.device_proof import BadProof, Purpose, open_proof
from provisioning.pki import BadRequest, csr_der
from server.devices.service import KnownDevice, public_pem, same_key
from server.problems import Refused


def device_key_of(device: KnownDevice) -> ec.EllipticCurvePublicKey:
    """Return the public key that this device signs its statements with."""
    key = load_pem_public_key(device.key_pem.encode())
    if not isinstance(key, ec.EllipticCurvePublicKey):
        # The authority signs no other kind (`provisioning.pki`), so this is never a device's doing.
        raise TypeError("a device's key is not on an elliptic curve")
    return key


def read_device_key(pem: str) -> str:
    """Return a device key that came from a device in the one form in which it is kept.

    Raises:
        Refused: it is not a public key on P-256 (csr-refused).
    """
    try:
        key = load_pem_public_key(pem.encode())
    except (ValueError, UnsupportedAlgorithm) as error:
        raise Refused(ProblemType.CSR_REFUSED, "The device key is not a public key in PEM.") from error
    if not isinstance(key, ec.EllipticCurvePublicKey) or not isinstance(key.curve, ec.SECP256R1):
        raise Refused(ProblemType.CSR_REFUSED, "The device key is not a P-256 key.")
    return public_pem(key)


def check_ask(device: KnownDevice, request: RenewRequest, *, over: bool) -> None:
    """Make sure that the device asked for this certificate itself.

    Args:
        device: who is at the other end of the TLS connection.
        request: what came.
        over: whether the certificate that the device shows is over, so that it proves nothing any more.

    Raises:
        Refused: the device key did not sign the ask, or not for this request under this certificate.
    """
    if request.ask:
        check_statement(device, request.csr_pem, request.ask, device.thumbprint)
    elif over or not device.one_key or not same_key(request.csr_pem, device.key_pem):
        raise Refused(ProblemType.DEVICE_PROOF_WRONG, "Sign the ask with this device's key.")


def check_statement(device: KnownDevice, csr_pem: str, ask: str, under: str) -> None:
    """Make sure that a device's key signed an ask for this request, good for `under` alone.

    Raises:
        Refused: as `check_ask`.
    """
    try:
        asked = CertificateAsk.model_validate_json(proven(device, ask, "renewal"))
        digest = hashlib.sha256(csr_der(csr_pem)).digest()
    except ValidationError as error:
        raise Refused(ProblemType.DEVICE_PROOF_WRONG, "The signed ask is not one for a certificate.") from error
    except BadRequest as error:
        raise Refused(ProblemType.CSR_REFUSED, "Make a new request: this is not one.") from error
    if asked.csr != encode(digest) or asked.under != under:
        raise Refused(ProblemType.DEVICE_PROOF_WRONG, "The signed ask is for another request or another connection.")


def read_pin_report(device: KnownDevice, statement: str) -> PinReport:
    """Return what a device signed of servers and edges that were not ours.

    Raises:
        Refused: it did not sign this, or it makes no sense.
    """
    try:
        return PinReport.model_validate_json(proven(device, statement, "pin-report"))
    except ValidationError as error:
        raise Refused(ProblemType.INVALID_REQUEST, "The signed report makes no sense.") from error


def proven(device: KnownDevice, statement: str, purpose: Purpose) -> bytes:
    """Return what a device stated.

    Raises:
        Refused: it did not sign this, or not for this purpose (device-proof-wrong).
    """
    try:
        return open_proof(statement, purpose, device_key_of(device))
    except BadProof as error:
        raise Refused(ProblemType.DEVICE_PROOF_WRONG, f"Sign it with this device's key: {error}.") from error
