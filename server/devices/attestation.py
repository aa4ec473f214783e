"""Whether a device's key is in hardware: proven by the TPM, and not claimed by the desk.

Two questions over mTLS. The first carries the EK certificate and the key's public area, and gets a challenge; the
second carries the same again with the answer that only that TPM could find. Nothing is kept in between: the answer is a
digest, under the server's own key, of who asks and what was shown, within these minutes.
"""

import base64
import binascii
import hmac
from collections.abc import Sequence
from datetime import datetime

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.hashes import SHA256
from limits import RateLimitItemPerMinute

from provisioning.api import AttestationReply, AttestationRequest, ProblemType
from provisioning.organisation import Organisation
from server.audit.service import Action, AuditLog
from server.clock import Clock
from server.database import Database
from server.devices.keys import device_key_of
from server.devices.models import Device
from server.devices.service import KnownDevice
from server.devices.tpm import NotProven, key_name, make_challenge
from server.problems import Refused
from server.sealing import Digester
from server.throttle import Throttle

_ATTEMPTS = RateLimitItemPerMinute(10)
_SLOT_SECONDS = 120
_LONGEST_CHAIN = 4
_EK_BITS = 2048


class Attestation:
    """Proofs of hardware.

    Args:
        database: where it is kept that a device has proven itself.
        clock: the server's.
        organisation: whose list of makers counts.
        audit: where each proof is noted.
    """

    def __init__(self, database: Database, clock: Clock, organisation: Organisation, audit: AuditLog) -> None:
        self._database = database
        self._clock = clock
        self._organisation = organisation
        self._audit = audit
        self._digester = Digester(organisation.data_key, "tpm challenge")
        self._attempts = Throttle(_ATTEMPTS, ProblemType.TOO_MANY_REQUESTS)

    async def prove(self, device: KnownDevice, request: AttestationRequest) -> AttestationReply:
        """Challenge a TPM, or check its answer.

        Raises:
            Refused: the certificate is of no maker on the organisation's list, the key could be elsewhere too, or the
                answer is wrong.
        """
        await self._attempts.attempt(device.id)
        try:
            shown = [_certificate(one) for one in (request.ek_certificate, *request.chain)]
            maker = trusted_maker(shown[0], shown[1:], self._organisation.tpm_makers, self._clock())
            name = key_name(_decoded(request.key), device_key_of(device))
            endorsement_key = shown[0].public_key()
            if not isinstance(endorsement_key, rsa.RSAPublicKey) or endorsement_key.key_size != _EK_BITS:
                raise NotProven("the endorsement key is not an RSA key of 2048 bits")
        except NotProven as error:
            raise Refused(ProblemType.HARDWARE_NOT_PROVEN, f"This device's key stays unproven: {error}.") from error
        about = f"{device.id} {shown[0].fingerprint(SHA256()).hex()} {name.hex()}"
        slot = int(self._clock().timestamp()) // _SLOT_SECONDS
        answers = [bytes.fromhex(self._digester.digest(f"{about} {number}")) for number in (slot, slot - 1)]
        if not request.answer:
            challenge = make_challenge(endorsement_key, name, answers[0])
            return AttestationReply(blob=_encoded(challenge.blob), secret=_encoded(challenge.encrypted_secret))
        given = _decoded(request.answer)
        if not any(hmac.compare_digest(given, answer) for answer in answers):
            raise Refused(ProblemType.HARDWARE_NOT_PROVEN, "The TPM gave another answer. Ask for a new challenge.")
        await self._note(device, maker)
        return AttestationReply(proven=True)

    async def _note(self, device: KnownDevice, maker: str) -> None:
        async with self._database.write() as session:
            row = await session.get_one(Device, device.id, with_for_update=True)
            if row.key_hardware == maker:
                return
            row.key_hardware = maker
            await self._audit.append(
                session, f"device:{device.id}", Action.HARDWARE_PROVEN, f"device:{device.id}", maker=maker
            )


def trusted_maker(
    certificate: x509.Certificate,
    between: Sequence[x509.Certificate],
    makers: Sequence[x509.Certificate],
    now: datetime,
) -> str:
    """Return the maker (at most 80 characters) whose authority signed this certificate, itself or through others.

    The path is checked by hand: EK certificates carry critical extensions of TCG's that validators for TLS refuse.

    Raises:
        NotProven: the path ends at nobody on the list, or a link of it is over or is no authority.
    """
    current = certificate
    for _ in range(_LONGEST_CHAIN):
        if not current.not_valid_before_utc <= now <= current.not_valid_after_utc:
            raise NotProven("a certificate of the TPM's maker is over, or not begun")
        if (maker := _issuer(current, makers)) is not None:
            return maker.subject.rfc4514_string()[:80] or "a maker without a name"
        following = _issuer(current, between)
        if following is None:
            break
        current = following
    raise NotProven("the TPM's maker is not on the organisation's list (tpm-makers.pem)")


def _issuer(certificate: x509.Certificate, candidates: Sequence[x509.Certificate]) -> x509.Certificate | None:
    return next((one for one in candidates if _is_authority(one) and _issued(certificate, one)), None)


def _is_authority(certificate: x509.Certificate) -> bool:
    try:
        return certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    except (x509.ExtensionNotFound, ValueError):
        return False


def _issued(certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
    try:
        certificate.verify_directly_issued_by(issuer)
    except (InvalidSignature, ValueError, TypeError):
        return False
    return True


def _certificate(text: str) -> x509.Certificate:
    try:
        return x509.load_der_x509_certificate(_decoded(text))
    except ValueError as error:
        raise NotProven("what should be a certificate is none") from error


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise Refused(ProblemType.INVALID_REQUEST, "Something in it is not base64.") from error


def _encoded(raw: bytes) -> str:
    return base64.b64encode(raw).decode()
