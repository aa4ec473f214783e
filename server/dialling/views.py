"""Dialling over HTTP: the directory and the tokens for desks, and the edge's question."""

from fastapi import APIRouter

from provisioning.api import (
    DialReply,
    DialRequest,
    DirectoryReply,
    EdgeDialReply,
    EdgeDialRequest,
    ProblemType,
)
from server.identity import PEER_PROBLEMS, SESSION_PROBLEMS, Edge, Parts, Session
from server.problems import declare

router = APIRouter(tags=["dialling"])


@router.get("/directory", responses=declare(*SESSION_PROBLEMS))
async def directory(signed_in: Session, parts: Parts) -> DirectoryReply:
    """Return whom this person may call, without a number."""
    return await parts.dialling.directory(signed_in)


@router.post(
    "/dial-tokens",
    status_code=201,
    responses=declare(*SESSION_PROBLEMS, ProblemType.NOT_FOUND, ProblemType.TOO_MANY_REQUESTS),
)
async def make(request: DialRequest, signed_in: Session, parts: Parts) -> DialReply:
    """Make what the desk dials instead of a number: it works once, for this person, for a minute."""
    return await parts.dialling.make(signed_in, request)


@router.post("/edge/dial", responses=declare(*PEER_PROBLEMS, ProblemType.NOT_FOUND))
async def spend(request: EdgeDialRequest, who: Edge, parts: Parts) -> EdgeDialReply:
    """Say what a token stands for. It is spent by asking."""
    return await parts.dialling.spend(request, who.actor)
