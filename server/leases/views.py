"""Leases over HTTP: for the agent's desk, and the decision for supervisors."""

from fastapi import APIRouter

from provisioning.api import (
    CallRef,
    LeaseDecision,
    LeaseEndRequest,
    LeaseId,
    LeaseRequest,
    LeaseView,
    ProblemType,
)
from server.identity import SESSION_PROBLEMS, Device, Parts, Session
from server.problems import declare

router = APIRouter(tags=["leases"])


@router.post(
    "/calls/{ref}/leases",
    status_code=201,
    responses=declare(
        *SESSION_PROBLEMS,
        ProblemType.NOT_FOUND,
        ProblemType.DEVICE_PROOF_WRONG,
        ProblemType.TRUST_TOO_LOW,
        ProblemType.REVEAL_REFUSED,
        ProblemType.REVEAL_RUNNING,
        ProblemType.REVEAL_TOO_OFTEN,
        ProblemType.TOO_MANY_REQUESTS,
    ),
)
async def ask(ref: CallRef, request: LeaseRequest, signed_in: Session, device: Device, parts: Parts) -> LeaseView:
    """Ask to reveal one field: the answer holds the value, sealed to the key in the ask, or says who has to agree."""
    return await parts.leases.ask(signed_in, device, ref, request)


@router.get(
    "/calls/{ref}/leases/{lease}",
    responses=declare(*SESSION_PROBLEMS, ProblemType.NOT_FOUND, ProblemType.TRUST_TOO_LOW, ProblemType.REVEAL_REFUSED),
)
async def get(ref: CallRef, lease: LeaseId, signed_in: Session, parts: Parts) -> LeaseView:
    """Return how far a lease is, for a desk that missed being told."""
    return await parts.leases.get(signed_in, ref, lease)


@router.put(
    "/calls/{ref}/leases/{lease}/end", status_code=204, responses=declare(*SESSION_PROBLEMS, ProblemType.NOT_FOUND)
)
async def end(ref: CallRef, lease: LeaseId, request: LeaseEndRequest, signed_in: Session, parts: Parts) -> None:
    """Say that a lease is over, and why; saying it again is harmless."""
    await parts.leases.end(signed_in, ref, lease, request)


@router.put(
    "/leases/{lease}/decision",
    status_code=204,
    responses=declare(*SESSION_PROBLEMS, ProblemType.NOT_FOUND, ProblemType.CONFLICT),
)
async def decide(lease: LeaseId, decision: LeaseDecision, signed_in: Session, parts: Parts) -> None:
    """Agree to a lease of one's team, or not; the first decision counts."""
    await parts.leases.approvals.decide(signed_in, lease, decision.approved)
