"""Enrolment over HTTP."""

from fastapi import APIRouter

from provisioning.api import (
    EnrolHello,
    EnrolHelloReply,
    EnrolRedeem,
    EnrolRedeemReply,
    NewEnrolmentCode,
    NewEnrolmentCodeReply,
    ProblemType,
)
from server.identity import PEER_PROBLEMS, Address, Admin, Parts
from server.problems import declare

router = APIRouter(tags=["enrolment"])
_CODE_PROBLEMS = (
    ProblemType.ENROLMENT_CODE_UNKNOWN,
    ProblemType.ENROLMENT_CODE_USED,
    ProblemType.ENROLMENT_CODE_EXPIRED,
)


@router.post("/enrolment/hello", responses=declare(*_CODE_PROBLEMS, ProblemType.TOO_MANY_REQUESTS))
async def hello(request: EnrolHello, parts: Parts, address: Address) -> EnrolHelloReply:
    """Begin an enrolment; the server proves itself first."""
    return await parts.enrolment.hello(request, address)


@router.post(
    "/enrolment/redeem",
    responses=declare(
        *_CODE_PROBLEMS,
        ProblemType.ENROLMENT_PROOF_WRONG,
        ProblemType.DEVICE_PROOF_WRONG,
        ProblemType.CSR_REFUSED,
        ProblemType.TOO_MANY_REQUESTS,
    ),
)
async def redeem(request: EnrolRedeem, parts: Parts, address: Address) -> EnrolRedeemReply:
    """Finish an enrolment; the device proves itself and gets its certificate and manifest."""
    return await parts.enrolment.redeem(request, address)


@router.post("/admin/enrolment-codes", status_code=201, responses=declare(*PEER_PROBLEMS))
async def make_code(request: NewEnrolmentCode, who: Admin, parts: Parts) -> NewEnrolmentCodeReply:
    """Make an enrolment code."""
    return await parts.enrolment.make_code(request, who.actor)
