"""The audit log over HTTP, for IT alone: what is needed to check it somewhere else, and the server's own check."""

from collections.abc import Awaitable
from typing import Annotated

from fastapi import APIRouter, Query

from provisioning.admin.audit_bodies import CheckpointsReply, EntriesReply, HeadReply, SignedReply
from provisioning.admin.bodies import AuditReply
from provisioning.api import ProblemType
from provisioning.organisation import OrganisationError
from server.audit.checkpoints import CannotSign
from server.identity import PEER_PROBLEMS, Admin, Parts
from server.problems import Refused, declare

router = APIRouter(tags=["audit"])

_After = Annotated[
    int | None, Query(description="The last number that was read; left out to begin.", ge=-(2**63), le=2**63 - 1)
]


@router.get("/admin/audit/verification", responses=declare(*PEER_PROBLEMS, ProblemType.CONFLICT))
async def verification(_who: Admin, parts: Parts) -> AuditReply:
    """Check the whole log, with its checkpoints."""
    try:
        found = await parts.audit.verify()
    except OrganisationError as error:
        raise Refused(ProblemType.CONFLICT, str(error)) from error
    return AuditReply(entries=found.entries, broken_at=found.broken_at, why=found.why)


@router.get("/admin/audit/head", responses=declare(*PEER_PROBLEMS))
async def head(_who: Admin, parts: Parts) -> HeadReply:
    """Say where the log ends now."""
    return HeadReply(head=await parts.audit.head())


@router.get("/admin/audit/entries", responses=declare(*PEER_PROBLEMS, ProblemType.INVALID_REQUEST))
async def entries(_who: Admin, parts: Parts, after: _After = None) -> EntriesReply:
    """Return the next entries."""
    return EntriesReply(entries=tuple(await parts.audit.entries(after)))


@router.get("/admin/audit/checkpoints", responses=declare(*PEER_PROBLEMS, ProblemType.INVALID_REQUEST))
async def checkpoints(_who: Admin, parts: Parts, after: _After = None) -> CheckpointsReply:
    """Return the next checkpoints."""
    return CheckpointsReply(checkpoints=tuple(await parts.audit.checkpoints(after)))


@router.post("/admin/audit/checkpoints", responses=declare(*PEER_PROBLEMS, ProblemType.CONFLICT))
async def sign(_who: Admin, parts: Parts) -> SignedReply:
    """Sign the log as it stands now, if the newest checkpoint does not reach its end."""
    return await _signed(parts.audit.sign_now())


@router.post("/admin/audit/checkpoint-key", responses=declare(*PEER_PROBLEMS, ProblemType.CONFLICT))
async def rotate(who: Admin, parts: Parts) -> SignedReply:
    """Make a new checkpoint key and hand over to it."""
    return await _signed(parts.audit.rotate_key(who.actor))


async def _signed(signing: Awaitable[tuple[int, int]]) -> SignedReply:
    try:
        checkpoint, key = await signing
    except (CannotSign, OrganisationError) as error:
        raise Refused(ProblemType.CONFLICT, f"No checkpoint is signed: {error}.") from error
    return SignedReply(checkpoint=checkpoint, key=key)
