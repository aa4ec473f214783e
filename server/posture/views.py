"""Posture over HTTP."""

from fastapi import APIRouter

from provisioning.api import PostureReply, PostureUpdate, ProblemType
from server.identity import SESSION_PROBLEMS, Device, Parts, Session
from server.problems import declare

router = APIRouter(tags=["posture"])


@router.put("/session/posture", responses=declare(*SESSION_PROBLEMS, ProblemType.DEVICE_PROOF_WRONG))
async def report(body: PostureUpdate, device: Device, signed_in: Session, parts: Parts) -> PostureReply:
    """Take what a device reports of itself, and say how far it is trusted now and when to report again."""
    return await parts.postures.update(signed_in, device, body.posture)
