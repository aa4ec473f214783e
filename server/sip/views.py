"""Ephemeral SIP credentials over HTTP."""

from fastapi import APIRouter

from provisioning.api import SipCredentialsReply
from provisioning.edge.credentials import ephemeral_credentials
from server.audit.service import Action
from server.identity import SESSION_PROBLEMS, Parts, Session
from server.problems import declare

router = APIRouter(tags=["sip"])


@router.post("/sip/credentials", responses=declare(*SESSION_PROBLEMS))
async def credentials(signed_in: Session, parts: Parts) -> SipCredentialsReply:
    """Return credentials for the edge that end when the session does, with no database at the edge."""
    made = ephemeral_credentials(signed_in.person, parts.organisation.sip_secret, signed_in.expires_at)
    domain = parts.organisation.manifest.sip.domain
    await parts.audit.record(f"person:{signed_in.person}", Action.SIP_CREDENTIALS, f"device:{signed_in.device_id}")
    return SipCredentialsReply(
        username=made.username,
        password=made.password,
        realm=domain,
        address_of_record=f"sip:{signed_in.person}@{domain}",
        expires_at=signed_in.expires_at,
    )
