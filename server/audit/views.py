"""The audit log over HTTP."""

from fastapi import APIRouter

from provisioning.admin.bodies import AuditReply
from server.identity import PEER_PROBLEMS, Admin, Parts
from server.problems import declare

router = APIRouter(tags=["audit"])


@router.get("/admin/audit/verification", responses=declare(*PEER_PROBLEMS))
async def verification(_who: Admin, parts: Parts) -> AuditReply:
    """Check the whole chain."""
    found = await parts.audit.verify()
    return AuditReply(entries=found.entries, broken_at=found.broken_at, why=found.why)
