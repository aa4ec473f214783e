"""Calls over HTTP: from the edge, and for the agent."""

from fastapi import APIRouter

from provisioning.api import (
    CallRef,
    CustomerCard,
    EdgeCallEnded,
    EdgeCallReply,
    EdgeCallRequest,
    HistoryReply,
    ProblemType,
    QualityRecord,
    QualityReply,
    WrapUpRequest,
)
from server.identity import PEER_PROBLEMS, SESSION_PROBLEMS, Edge, Parts, Session
from server.problems import declare

router = APIRouter(tags=["calls"])


@router.post("/edge/calls", responses=declare(*PEER_PROBLEMS, ProblemType.NOT_FOUND))
async def offer(request: EdgeCallRequest, who: Edge, parts: Parts) -> EdgeCallReply:
    """Announce a call to an agent; the agent's desk is shown who calls."""
    return EdgeCallReply(ref=await parts.calls.offer(request, who.actor))


@router.post("/edge/calls/{ref}/ended", status_code=204, responses=declare(*PEER_PROBLEMS, ProblemType.NOT_FOUND))
async def ended(ref: CallRef, request: EdgeCallEnded, who: Edge, parts: Parts) -> None:
    """Say that a call is over, and why."""
    await parts.calls.ended(ref, request, who.actor)


@router.get("/calls", responses=declare(*SESSION_PROBLEMS))
async def history(signed_in: Session, parts: Parts) -> HistoryReply:
    """Return the agent's latest calls."""
    return await parts.calls.history(signed_in)


@router.get("/calls/{ref}/customer", responses=declare(*SESSION_PROBLEMS, ProblemType.NOT_FOUND))
async def customer(ref: CallRef, signed_in: Session, parts: Parts) -> CustomerCard:
    """Return the customer of a call, masked by policy, during the call and its wrap-up."""
    return await parts.calls.card(signed_in, ref)


@router.put(
    "/calls/{ref}/wrap-up",
    status_code=204,
    responses=declare(*SESSION_PROBLEMS, ProblemType.NOT_FOUND, ProblemType.CONFLICT, ProblemType.TOO_MANY_REQUESTS),
)
async def wrap_up(ref: CallRef, request: WrapUpRequest, signed_in: Session, parts: Parts) -> None:
    """Save a wrap-up; sending it again is harmless."""
    await parts.calls.wrap_up(signed_in, ref, request)


@router.put(
    "/calls/{ref}/quality",
    status_code=204,
    responses=declare(*SESSION_PROBLEMS, ProblemType.NOT_FOUND, ProblemType.TOO_MANY_REQUESTS),
)
async def put_quality(ref: CallRef, record: QualityRecord, signed_in: Session, parts: Parts) -> None:
    """Keep how a call of one's own sounded; sending it again is harmless."""
    await parts.qualities.put(signed_in, ref, record)


@router.get("/calls/{ref}/quality", responses=declare(*SESSION_PROBLEMS, ProblemType.NOT_FOUND))
async def quality(ref: CallRef, signed_in: Session, parts: Parts) -> QualityReply:
    """Return how a call of one's team sounded, and what was wrong with it; for supervisors."""
    return await parts.qualities.get(signed_in, ref)
