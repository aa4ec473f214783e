"""The server's side of the exchange that provisioning.enrolment describes."""

import base64
import binascii
from datetime import timedelta

from limits import RateLimitItemPerMinute
from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from provisioning.api import (
    EnrolHello,
    EnrolHelloReply,
    EnrolRedeem,
    EnrolRedeemReply,
    NewEnrolmentCode,
    NewEnrolmentCodeReply,
    ProblemType,
)
from provisioning.base64url import encode
from provisioning.enrolment import EnrolmentCode, EnrolmentLink, device_proof, new_nonce, same_proof, server_proof
from provisioning.organisation import Organisation
from provisioning.pki import BadRequest, csr_der
from server.audit.service import Action, AuditLog
from server.clock import Clock
from server.database import Database
from server.devices.keys import check_statement, read_device_key
from server.devices.service import Devices, KnownDevice
from server.enrolment.models import EnrolmentCodeRow, EnrolmentHello
from server.problems import Refused
from server.sealing import Sealer
from server.throttle import Throttle

_HELLO_LIFE = timedelta(minutes=5)
_PER_ADDRESS = RateLimitItemPerMinute(60)
"""Sixty requests a minute from one address: an enrolment takes two."""
_ASK_IT = "Ask IT for a new one."


def decode(text: str) -> bytes:
    """Read unpadded base64url.

    Raises:
        Refused: it is not.
    """
    try:
        return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except binascii.Error as error:
        raise Refused(ProblemType.INVALID_REQUEST, "A nonce or proof is not base64url.") from error


class Enrolment:
    """Makes codes and redeems them."""

    def __init__(
        self, database: Database, clock: Clock, organisation: Organisation, devices: Devices, audit: AuditLog
    ) -> None:
        self._database = database
        self._clock = clock
        self._organisation = organisation
        self._devices = devices
        self._audit = audit
        self._sealer = Sealer(organisation.data_key, "enrolment code")
        self._pin = organisation.server_pins[0]
        self._by_address = Throttle(_PER_ADDRESS, ProblemType.TOO_MANY_REQUESTS)

    async def make_code(self, request: NewEnrolmentCode, actor: str) -> NewEnrolmentCodeReply:
        """Make a code. It is returned here, once, and never stored."""
        now = self._clock()
        expires_at = now + timedelta(minutes=request.minutes)
        async with self._database.write() as session:
            code = EnrolmentCode.generate()
            # The id has 20 bits, so after some hundred codes one will meet an older one.
            while await session.get(EnrolmentCodeRow, code.id) is not None:
                code = EnrolmentCode.generate()
            session.add(
                EnrolmentCodeRow(
                    code_id=code.id,
                    sealed_key=self._sealer.seal(code.key(), code.id),
                    note=request.note,
                    made_at=now,
                    expires_at=expires_at,
                    used_at=None,
                    device_id=None,
                )
            )
            await self._audit.append(session, actor, Action.CODE_MADE, f"code:{code.id}")
        server = self._organisation.manifest.server
        link = EnrolmentLink(server.host, server.port, code)
        return NewEnrolmentCodeReply(code=str(code), link=str(link), expires_at=expires_at)

    async def hello(self, request: EnrolHello, address: str) -> EnrolHelloReply:
        """Prove to a device that we know its code, over the TLS key that it should be seeing.

        Raises:
            Refused: the code is unknown, used or over; or the address asked too often.
        """
        await self._by_address.attempt(address)
        device_nonce, server_nonce = decode(request.device_nonce), new_nonce()
        async with self._database.write() as session:
            row = await self._usable(session, request.code_id)
            now = self._clock()
            await session.execute(delete(EnrolmentHello).where(EnrolmentHello.expires_at <= now))
            session.add(
                EnrolmentHello(
                    server_nonce=encode(server_nonce),
                    code_id=row.code_id,
                    device_nonce=request.device_nonce,
                    expires_at=now + _HELLO_LIFE,
                )
            )
            key = self._sealer.open(row.sealed_key, row.code_id)
        proof = server_proof(key, self._pin, device_nonce, server_nonce)
        return EnrolHelloReply(server_nonce=encode(server_nonce), proof=encode(proof))

    async def redeem(self, request: EnrolRedeem, address: str) -> EnrolRedeemReply:
        """Check a device's proof, use the code up, and issue its certificate.

        Raises:
            Refused: the code is unknown, used or over; the proof is wrong; the request is not
                signed by its key; or the address asked too often.
        """
        await self._by_address.attempt(address)
        try:
            async with self._database.write() as session:
                return await self._redeem(session, request)
        except Refused as refused:
            await self._audit.record(
                "anonymous",
                Action.ENROLMENT_REFUSED,
                f"code:{request.code_id}",
                reason=refused.problem.problem_type,
            )
            raise

    async def _redeem(self, session: AsyncSession, request: EnrolRedeem) -> EnrolRedeemReply:
        row = await self._usable(session, request.code_id)
        hello = await session.get(EnrolmentHello, request.server_nonce)
        if hello is None or hello.code_id != row.code_id or hello.expires_at <= self._clock():
            raise Refused(ProblemType.ENROLMENT_PROOF_WRONG, "Start the enrolment again.")
        try:
            csr = csr_der(request.csr_pem)
        except BadRequest as error:
            raise Refused(ProblemType.CSR_REFUSED, "Make a new request: this is not one.") from error
        expected = device_proof(
            self._sealer.open(row.sealed_key, row.code_id),
            self._pin,
            decode(hello.device_nonce),
            decode(hello.server_nonce),
            csr,
            device_key_pem=request.device_key_pem,
        )
        if not same_proof(expected, decode(request.proof)):
            raise Refused(
                ProblemType.ENROLMENT_PROOF_WRONG,
                "The code is mistyped, or something between this PC and the server changes what they say.",
            )
        key_pem = None
        if request.device_key_pem:
            key_pem = read_device_key(request.device_key_pem)
            check_statement(KnownDevice("", "", key_pem), request.csr_pem, request.ask, request.server_nonce)
        device_id, certificate_pem = await self._devices.add(session, request.device_name, request.csr_pem, key_pem)
        row.used_at, row.device_id = self._clock(), device_id
        await session.execute(delete(EnrolmentHello).where(EnrolmentHello.code_id == row.code_id))
        await self._audit.append(
            session, f"device:{device_id}", Action.DEVICE_ENROLLED, f"device:{device_id}", code=row.code_id
        )
        return EnrolRedeemReply(
            device_id=device_id,
            certificate_pem=certificate_pem,
            ca_pem=self._organisation.ca_pem,
            manifest=self._organisation.manifest_token,
            signing_keys=self._organisation.signing_keys,
        )

    async def _usable(self, session: AsyncSession, code_id: str) -> EnrolmentCodeRow:
        # Locked, so that of two devices with the same code one waits and then finds it used.
        query = select(EnrolmentCodeRow).where(EnrolmentCodeRow.code_id == code_id).with_for_update()
        row = (await session.execute(query)).scalar_one_or_none()
        if row is None:
            raise Refused(ProblemType.ENROLMENT_CODE_UNKNOWN, f"Check the code. {_ASK_IT}")
        if row.used_at is not None:
            raise Refused(ProblemType.ENROLMENT_CODE_USED, f"A code works once. {_ASK_IT}")
        if row.expires_at <= self._clock():
            raise Refused(ProblemType.ENROLMENT_CODE_EXPIRED, _ASK_IT)
        return row
